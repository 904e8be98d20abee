"""``percent_style``: one column writes rates in different ways (``0.95``, ``95``, ``95%``)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Note

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, column = str(rule.check["table"]), str(rule.check["column"])

    def style(notes: tuple[str, ...]) -> str:
        if Note.PERCENT_FRACTION in notes:
            return Note.PERCENT_FRACTION
        return Note.PERCENT_POINTS if Note.PERCENT_POINTS in notes else "%"

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not table.has(column):
            return
        # 0 and 1 are the same in more than one way of writing.
        facts = [f for f in table.facts(column) if f.quantity.number is not None and f.quantity.number not in (0, 1)]
        if not facts:
            return
        styles = {style(fact.quantity.notes) for fact in facts}
        yield answer(
            rule,
            subject,
            Status.FAIL if len(styles) > 1 else Status.PASS,
            facts,
            left=Side("", "", ", ".join(f.quantity.raw.strip() for f in facts)),
            operator="",
            values=listed(f"{f.address}={f.quantity.raw.strip()}" for f in facts),
        )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "percent_style",
    schema("table", "column", table=NAME, column=NAME),
    _compile,
    references,
    tr("One way of writing rates in a column"),
    ("values",),
)
