"""``reading``: cells that had to be smoothed over to be read, or could not be read at all."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Answer, Compiled, Subject, answer, batch, names
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND", "figures"]


def figures(subject: Subject, table_name: str = "", columns: list[str] | None = None) -> Iterator[Fact]:
    """Every fact of the form that should be a figure; of one table or some columns if named."""
    for table in subject.form.tables.values():
        if table_name and table.name != table_name:
            continue
        for name, column in table.table.columns.items():
            if table.has(name) and (name in columns if columns else column.kind in ColumnKind.NUMERIC):
                yield from table.facts(name)
                yield from table.facts(name, list(table.totals.values()))


def _compile(rule: Rule, pack: Pack) -> Compiled:
    notes, kinds = frozenset(names(rule.check.get("notes"))), frozenset(names(rule.check.get("kinds")))
    table_name, columns = str(rule.check.get("table", "")), names(rule.check.get("columns"))

    def told(subject: Subject, fact: Fact, status: str) -> Outcome:
        number = "" if fact.quantity.number is None else f"{fact.quantity.number.normalize():f}"
        return answer(
            rule,
            subject,
            status,
            (fact,),
            left=Side("", "", fact.quantity.raw.strip()),
            operator="",
            right=Side("", "", number) if number else None,
            number=number,
        )

    def run(subject: Subject) -> Iterator[Answer]:
        passed: list[Fact] = []
        for fact in figures(subject, table_name, columns):
            if fact.quantity.kind == "blank":
                continue
            if fact.quantity.kind in kinds or not notes.isdisjoint(fact.quantity.notes):
                yield told(subject, fact, Status.FAIL)
            else:
                passed.append(fact)
        if passed:
            yield batch(rule, passed, lambda fact: told(subject, fact, Status.PASS))

    return Compiled(rule, run, (table_name,) if table_name else (), per_row=True)


KIND = CheckKind(
    "reading",
    schema(notes=NAMES, kinds=NAMES, table=NAME, columns=NAMES),
    _compile,
    references,
    tr("How a number was written, or why it could not be read"),
    ("number",),
)
