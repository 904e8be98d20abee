"""``hierarchy``: in a table of coded rows each level is the sum of the rows one level below it.

Where a sheet leaves a level out, its rows count for the level above. Where codes do not tell which rows belong together
(one stands twice, or some upper rows are missing and others not), a sum that does not hold accuses nobody. Without
``columns`` it is about every column of money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from checker.checks.assertion import assertion, judge
from checker.checks.schema import NAME, NAMES, comparison_schema, references
from checker.checks.subject import Answer, Batch, Compiled, Subject, absent_row, answer, is_blank, names
from checker.checks.sums import NumberedRows, sum_of
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.numbers import CONTEXT

__all__ = ["KIND"]


class _Family(NamedTuple):
    """A row and the rows that add up to it: those one level below it, and those further below whose own upper rows the
    sheet does not print (``strays``; where there are no others, they are the parts)."""

    row: LocatedRow
    parts: Sequence[LocatedRow]
    strays: Sequence[LocatedRow] = ()


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name = str(rule.check["table"])
    total_name = str(rule.check.get("total", ""))
    spec = pack.forms[rule.form].tables[table_name]
    amounts = [name for name, column in spec.columns.items() if column.kind == ColumnKind.AMOUNT]
    columns = names(rule.check.get("columns")) or amounts
    levels = sorted(spec.levels.values(), key=lambda level: level.length)
    rounding, blank = pack.forms[rule.form].rounding, str(rule.check.get("blank", "zero"))
    code_column, lengths = levels[0].column, [level.length for level in levels]

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        if table is None:
            return
        total = table.row(total_name) if total_name else None
        if total_name and total is None:
            yield absent_row(rule, subject, table, total_name)
        codes = {row: _code(table, row, code_column) for row in table.rows}
        twice = {code for code, count in Counter(codes.values()).items() if code and count > 1}
        numbers = {column: _numbers(table, column, blank) for column in columns if table.has(column)}
        for family in _families(total, codes, lengths):
            doubt: Text | None = None
            if family.row is total and (unread := _unread(table, code_column, lengths)) is not None:
                doubt = tr("{cell} is not a code of any level, so the total cannot be told", cell=unread.address)
            elif codes.get(family.row, "") in twice:
                doubt = tr("Code {code} stands more than once", code=codes[family.row])
            elif found := next((codes[row] for row in family.parts if codes[row] in twice), ""):
                doubt = tr("Code {code} stands more than once", code=found)
            elif family.strays:
                doubt = tr("The row above {code} is not printed", code=codes[family.strays[0]])
            for column in columns:
                fact = table.fact(family.row, column)
                if fact is not None:
                    yield judged(subject, table, family, column, fact, numbers[column], doubt)

    def judged(
        subject: Subject,
        table: LocatedTable,
        family: _Family,
        column: str,
        total: Fact,
        numbers: Mapping[LocatedRow, Decimal],
        doubt: Text | None,
    ) -> Answer:
        def careful(parts: Sequence[LocatedRow]) -> Outcome:
            this = assertion(rule, NumberedRows.reference(family.row), "=", sum_of(parts), rounding, "zero")
            return judge(this, NumberedRows(subject, table, None, column, this.blank))

        printed = total.quantity.number
        if printed is not None and not total.quantity.approximate:
            with localcontext(CONTEXT):
                added = sum((numbers[row] for row in family.parts), Decimal(0))
            if added == printed:  # never where a cell holds no plain number: that is a NaN
                return Batch(rule, (0,), (printed,), (added,), lambda _: careful(family.parts))
        outcome = careful(family.parts)
        if family.strays and outcome.status == Status.FAIL:
            outcome = careful((*family.parts, *family.strays))
        if doubt is not None and outcome.status == Status.FAIL:
            return answer(rule, subject, Status.INSUFFICIENT, (total,), reason=doubt)
        return outcome

    return Compiled(rule, run, (table_name,))


def _numbers(table: LocatedTable, column: str, blank: str) -> dict[LocatedRow, Decimal]:
    """The plain numbers of a column by row; NaN where there is none."""
    numbers = dict(zip(table.rows, table.vector(column), strict=True))
    if blank == "zero":
        for row, number in numbers.items():
            if number.is_nan() and (fact := table.fact(row, column)) is not None and is_blank(fact):
                numbers[row] = Decimal(0)
    return numbers


def _families(total: LocatedRow | None, codes: Mapping[LocatedRow, str], lengths: Sequence[int]) -> Iterator[_Family]:
    """Every row that has rows below it. A level that a sheet does not print is passed over."""
    coded = [(code, row) for row, code in codes.items() if len(code) in lengths]
    printed = {code for code, _ in coded}
    below: dict[str, list[tuple[int, LocatedRow]]] = {}
    for code, row in coded:
        above = (code[:length] for length in reversed(lengths) if length < len(code))
        below.setdefault(next((upper for upper in above if upper in printed), ""), []).append((len(code), row))
    if total is not None and "" in below:
        yield _family(total, below[""], lengths[0])
    for code, row in coded:
        if code in below:
            yield _family(row, below[code], lengths[lengths.index(len(code)) + 1])


def _family(row: LocatedRow, below: Sequence[tuple[int, LocatedRow]], nearest: int) -> _Family:
    parts = [part for length, part in below if length == nearest]
    others = [part for length, part in below if length != nearest]
    return _Family(row, parts, others) if parts else _Family(row, others)


def _unread(table: LocatedTable, column: str, lengths: Sequence[int]) -> Fact | None:
    """The first cell that should hold a code and holds none of any level: its row may or may not count."""
    facts = table.facts(column)
    return next((fact for fact in facts if len("".join(fact.quantity.raw.split())) not in lengths), None)


def _code(table: LocatedTable, row: LocatedRow, column: str) -> str:
    fact = table.fact(row, column)
    return "".join(fact.quantity.raw.split()) if fact is not None else ""


KIND = CheckKind(
    "hierarchy",
    comparison_schema("table", table=NAME, columns=NAMES, total=NAME),
    _compile,
    references,
    tr("Each level is the sum of the next"),
)
