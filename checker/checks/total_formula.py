"""``total_formula``: a total that is typed by hand, or whose SUM leaves out a row.

Needs formula text; where the reader cannot give it (.xls) the answer is "insufficient". A sheet without any formula
in the total row was filled in by hand throughout or exported by a program: nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, names
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.model.workbook import address, column_letters

__all__ = ["KIND"]

_SPAN = re.compile(r"^\+?SUM\(\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\)$")


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, total_name = str(rule.check["table"]), str(rule.check["total"])
    columns = names(rule.check["columns"])

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        total = table.row(total_name) if table is not None else None
        if table is None or total is None:
            return
        facts = [f for name in columns if (f := table.fact(total, name)) is not None and f.quantity.raw.strip()]
        if not facts:
            return
        if not subject.workbook.formulas:
            yield answer(
                rule,
                subject,
                Status.INSUFFICIENT,
                facts[:1],
                reason=tr("Formulas cannot be read from this kind of file"),
            )
            return
        with_formula = [fact for fact in facts if fact.formula is not None]
        for fact in facts:
            missed = _missed(table, fact, total_name)
            if fact.formula is None:
                status = Status.FAIL if with_formula else Status.NOT_APPLICABLE
            else:
                status = Status.FAIL if missed else Status.PASS
            yield answer(
                rule,
                subject,
                status,
                (fact,),
                left=Side("", "", f"={fact.formula}" if fact.formula is not None else fact.quantity.raw.strip()),
                operator="",
                right=Side("", "", ", ".join(missed)) if missed else None,
                value=f"={fact.formula}" if fact.formula is not None else fact.quantity.raw.strip(),
                missed=", ".join(missed),
            )

    return Compiled(rule, run, (table_name,))


def _missed(table: LocatedTable, fact: Fact, total_name: str) -> list[str]:
    """Filled cells of the total's parts that its SUM over one range leaves out."""
    span = _SPAN.match("".join((fact.formula or "").upper().split()))
    if span is None or span.group(1) != span.group(3) or span.group(1) != column_letters(fact.column):
        return []
    top, bottom = int(span.group(2)), int(span.group(4))
    parts = table.parts(total_name) if table.table.layout == "closed" else list(table.rows)
    column = fact.path[-1]
    found = (table.fact(row, column) for row in parts)
    return [
        address(part.row, part.column)
        for part in found
        if part is not None and part.quantity.number is not None and not top <= part.row <= bottom
    ]


KIND = CheckKind(
    "total_formula",
    schema("table", "total", "columns", table=NAME, total=NAME, columns=NAMES),
    _compile,
    references,
    tr("A total is reckoned, and over all of its rows"),
    ("missed",),
)
