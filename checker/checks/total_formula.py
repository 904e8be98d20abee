"""``total_formula``: a total that is typed by hand, or whose SUM leaves out a row.

Needs formula text; where the reader cannot give it (.xls) the answer is "insufficient". A sheet without any formula
in the total row was filled in by hand throughout or exported by a program: nothing to say. Nor is there of a formula
that is more than a sum of cells above or below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, absent_row, answer, is_blank, names
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import listed, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.model.workbook import column_letters

__all__ = ["KIND"]

#: Cells and ranges of cells, added up with ``SUM`` or ``+``.
_SPAN = re.compile(r"([A-Z]{1,3})([0-9]+)(?::([A-Z]{1,3})([0-9]+))?")
_ROUNDED = re.compile(r"ROUND\((.*),[0-9]\)")
_NO_MATTER = str.maketrans("", "", "$()")

Spans = list[tuple[int, int]]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, total_name = str(rule.check["table"]), str(rule.check["total"])
    columns = names(rule.check["columns"])

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        total = table.row(total_name) if table is not None else None
        if table is None:
            return
        if total is None:
            yield absent_row(rule, subject, table, total_name)
            return
        facts = [f for f in (table.fact(total, name) for name in columns) if f is not None and not is_blank(f)]
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
            spans = _spans(fact)
            missed = _missed(table, fact, total_name, spans) if spans is not None else []
            if fact.formula is None:
                status = Status.FAIL if with_formula else Status.NOT_APPLICABLE
            else:
                status = Status.NOT_APPLICABLE if spans is None else Status.FAIL if missed else Status.PASS
            yield answer(
                rule,
                subject,
                status,
                (fact,),
                left=Side("", "", f"={fact.formula}" if fact.formula is not None else fact.quantity.raw.strip()),
                operator="",
                right=Side("", "", ", ".join(missed)) if missed else None,
                value=f"={fact.formula}" if fact.formula is not None else fact.quantity.raw.strip(),
                missed=listed(missed),
            )

    return Compiled(rule, run, (table_name,))


def _spans(fact: Fact) -> Spans | None:
    """The rows that a total adds up, from first to last; None where it is reckoned otherwise or from other columns."""
    formula = _ROUNDED.sub(r"\1", "".join((fact.formula or "").upper().split()))
    formula = formula.replace("SUM(", "").translate(_NO_MATTER).lstrip("+")
    spans: Spans = []
    for term in formula.replace("+", ",").split(","):
        found = _SPAN.fullmatch(term)
        if found is None or {found[1], found[3] or found[1]} != {column_letters(fact.column)}:
            return None
        spans.append((int(found[2]), int(found[4] or found[2])))
    return spans


def _missed(table: LocatedTable, fact: Fact, total_name: str, spans: Spans) -> list[str]:
    """Filled cells of the total's parts that it leaves out, with all that they are made of."""
    column = fact.path[-1]

    def counted(row: LocatedRow) -> bool:
        cell = table.fact(row, column)
        if cell is None or cell.quantity.number is None or any(top <= cell.row <= bottom for top, bottom in spans):
            return True
        below = [part for part in table.parts(row.name) if row.known]
        return bool(below) and all(map(counted, below))

    parts = table.parts(total_name) if table.table.layout == "closed" else list(table.rows)
    left_out = (table.fact(row, column) for row in parts if not counted(row))
    return [cell.address for cell in left_out if cell is not None]


KIND = CheckKind(
    "total_formula",
    schema("table", "total", "columns", table=NAME, total=NAME, columns=NAMES),
    _compile,
    references,
    tr("A total is reckoned, and over all of its rows"),
    ("missed",),
)
