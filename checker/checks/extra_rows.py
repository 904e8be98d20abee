"""``extra_rows``: rows inside a closed table whose labels the form does not know."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name = str(rule.check["table"])

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        for row in table.rows:
            facts = [f for name in table.header.blocks[row.block] if (f := table.fact(row, name)) is not None]
            filled = [f for f in facts if f.quantity.raw.strip()] or facts
            yield answer(
                rule,
                subject,
                Status.PASS if row.known or row in table.listed else Status.FAIL,
                filled[:1],
                path=filled[0].path[:-1],
                left=Side("", "", row.label),
                operator="",
                row=row.number,
                value=row.label,
            )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "extra_rows", schema("table", table=NAME), _compile, references, tr("Rows that the form does not know")
)
