"""``hierarchy``: in a table of coded rows each level is the sum of the rows one level below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from checker.checks.assertion import assertion, judge
from checker.checks.schema import NAME, NAMES, comparison_schema, references
from checker.checks.subject import Compiled, Subject, names
from checker.checks.sums import NumberedRows, sum_of
from checker.locate.located import LocatedTable
from checker.locate.tables import LocatedRow
from checker.messages import tr
from checker.model.outcome import Outcome
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, columns = str(rule.check["table"]), names(rule.check["columns"])
    total_name = str(rule.check.get("total", ""))
    spec = pack.forms[rule.form].tables[table_name]
    levels = sorted(spec.levels.values(), key=lambda level: level.length)
    rounding = pack.forms[rule.form].rounding

    def families(table: LocatedTable) -> Iterator[tuple[LocatedRow, Sequence[LocatedRow]]]:
        codes = {row.number: _code(table, row, levels[0].column) for row in table.rows}
        total = table.row(total_name) if total_name else None
        tops = [row for row in table.rows if len(codes[row.number]) == levels[0].length]
        if total is not None and tops:
            yield total, tops
        for upper, lower in pairwise(levels):
            for row in table.rows:
                code = codes[row.number]
                if len(code) != upper.length:
                    continue
                below = [
                    other
                    for other in table.rows
                    if len(codes[other.number]) == lower.length and codes[other.number].startswith(code)
                ]
                if below:
                    yield row, below

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        for row, below in families(table):
            for column in columns:
                if table.has(column):
                    left, right = NumberedRows.reference(row), sum_of(below)
                    yield judge(
                        assertion(rule, left, "=", right, rounding, "zero"),
                        NumberedRows(subject, table, None, column, "zero"),
                    )

    return Compiled(rule, run, (table_name,))


def _code(table: LocatedTable, row: LocatedRow, column: str) -> str:
    fact = table.fact(row, column)
    return "".join(fact.quantity.raw.split()) if fact is not None else ""


KIND = CheckKind(
    "hierarchy",
    comparison_schema("table", "columns", table=NAME, columns=NAMES, total=NAME),
    _compile,
    references,
    tr("Each level is the sum of the next"),
)
