"""``hierarchy``: in a table of coded rows each level is the sum of the rows one level below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from checker.checks.assertion import assertion, judge
from checker.checks.schema import NAME, NAMES, comparison_schema, references
from checker.checks.subject import Compiled, Subject, absent_row, answer, names
from checker.checks.sums import NumberedRows, sum_of
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, columns = str(rule.check["table"]), names(rule.check["columns"])
    total_name = str(rule.check.get("total", ""))
    spec = pack.forms[rule.form].tables[table_name]
    levels = sorted(spec.levels.values(), key=lambda level: level.length)
    rounding = pack.forms[rule.form].rounding

    lengths = [level.length for level in levels]

    def families(table: LocatedTable) -> Iterator[tuple[LocatedRow, Sequence[LocatedRow]]]:
        coded = [(_code(table, row, levels[0].column), row) for row in table.rows]
        total = table.row(total_name) if total_name else None
        tops = [row for code, row in coded if len(code) == lengths[0]]
        if total is not None and tops:
            yield total, tops
        below: dict[tuple[str, int], list[LocatedRow]] = {}
        for upper, lower in pairwise(lengths):
            for code, row in coded:
                if len(code) == lower:
                    below.setdefault((code[:upper], upper), []).append(row)
        for code, row in coded:
            if children := below.get((code, len(code))):
                yield row, children

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        if total_name and table.row(total_name) is None:
            yield absent_row(rule, subject, table, total_name)
        for row, below in families(table):
            strays = _strays(table, levels[0].column, lengths) if row.name == total_name else []
            for column in columns:
                total = table.fact(row, column)
                if total is None:
                    continue
                left, right = NumberedRows.reference(row), sum_of(below)
                this = assertion(rule, left, "=", right, rounding, "zero")
                outcome = judge(this, NumberedRows(subject, table, None, column, this.blank))
                if strays and outcome.status == Status.FAIL:
                    reason = tr(
                        "{cell} is not a code of any level, so the total cannot be told", cell=strays[0].address
                    )
                    outcome = answer(rule, subject, Status.INSUFFICIENT, (total, *strays), reason=reason)
                yield outcome

    return Compiled(rule, run, (table_name,))


def _strays(table: LocatedTable, column: str, lengths: Sequence[int]) -> list[Fact]:
    """Cells that should hold a code and hold none of any level: their rows may or may not count."""
    return [fact for fact in table.facts(column) if len("".join(fact.quantity.raw.split())) not in lengths]


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
