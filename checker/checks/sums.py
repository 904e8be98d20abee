"""``sum``: a total equals the sum of its parts, down a column or across a row.

Where a sheet prints rows inside a closed table that the form does not know, each may or may not be a part of the
total; the rule then fails only if no reading adds up. A part that is left blank stands for the parts of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from itertools import combinations, repeat

from checker.checks.assertion import Assertion, assertion, judge_quietly
from checker.checks.environment import Scope
from checker.checks.places import compiled
from checker.checks.schema import NAME, NAMES, ROWS, comparison_schema, either, references
from checker.checks.show import number_text
from checker.checks.subject import Answer, Batch, Compiled, Subject, absent_row, answer, form_path, is_blank, names
from checker.formula.tree import Binary, Call, Negate, Node, Number, Reference, Select
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule, Severity
from checker.values.numbers import CONTEXT
from checker.values.quantity import Kind
from checker.values.tolerance import Verdict, judge_linear

__all__ = ["KIND", "NumberedRows", "filled_parts", "sum_of"]

#: Of more rows without a known label not every reading is tried.
MOST_UNKNOWN = 10


def _compile(rule: Rule, pack: Pack) -> Compiled:
    rounding = pack.forms[rule.form].rounding
    return _across(rule, rounding) if "total_column" in rule.check else _down(rule, pack, rounding)


def _across(rule: Rule, rounding: str) -> Compiled:
    total = Reference(0, 0, "", "", Select.THIS, "", "", str(rule.check["total_column"]))
    parts, less = names(rule.check["part_columns"]), names(rule.check.get("less_columns"))

    def assertion_on(table: LocatedTable) -> Assertion:
        here = [Reference(0, 0, "", "", Select.THIS, "", "", name) for name in parts if table.has(name)]
        off = [Reference(0, 0, "", "", Select.THIS, "", "", name) for name in less if table.has(name)]
        return assertion(rule, total, "=", _difference(here, off), rounding, "zero")

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(str(rule.check["table"]))
        if table is None or not table.has(total.column or ""):
            return
        if doubled := [name for name in (*parts, *less) if name in table.header.doubled]:
            reason = tr("Column {columns} stands in more than one place", columns=listed(doubled))
            yield answer(rule, subject, Status.INSUFFICIENT, (), path=form_path(subject, table.name), reason=reason)
            return
        if lost := [name for name in (*parts, *less) if name in table.header.missing]:
            reason = tr("Table {table} has no column {column} here", table=table.name, column=listed(lost))
            yield answer(rule, subject, Status.INSUFFICIENT, (), path=form_path(subject, table.name), reason=reason)
            return
        if any(map(table.has, parts)):
            yield from compiled(rule, assertion_on(table)).run(subject)

    return Compiled(rule, run, (str(rule.check["table"]),), per_row=True)


def _down(rule: Rule, pack: Pack, rounding: str) -> Compiled:
    check = rule.check
    table_name, total_name = str(check["table"]), str(check["total"])
    spec = pack.forms[rule.form].tables[table_name]
    columns, parts, less = names(check["columns"]), names(check.get("parts")), names(check.get("less"))
    whole = spec.layout != "closed" and not parts

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        if table is None:
            return
        total = table.row(total_name)
        if total is None:
            yield absent_row(rule, subject, table, total_name)
            return
        known = list(table.rows) if whole else _rows(table, parts) if parts else table.parts(total_name)
        unknown = [] if whole or parts or not spec.extra_rows else table.extra_rows()
        off = _rows(table, less)
        if not known and table.added is None:
            return  # a total without a breakdown that the form knows adds up to nothing in particular
        for column in columns:
            if not table.has(column):
                continue
            if table.added is not None:
                yield _of_long_table(rule, table, total, column, subject, rounding)
                continue
            quick = _quick(rule, table, total, column, subject, known, rounding) if whole and not off else None
            yield (
                quick
                if quick is not None
                else _careful(rule, table, total, column, subject, known, unknown, off, rounding)
            )

    return Compiled(rule, run, (table_name,))


def _rows(table: LocatedTable, wanted: Sequence[str]) -> list[LocatedRow]:
    return [row for name in wanted if (row := table.row(name)) is not None]


def _careful(
    rule: Rule,
    table: LocatedTable,
    total: LocatedRow,
    column: str,
    subject: Subject,
    known: Sequence[LocatedRow],
    unknown: Sequence[LocatedRow],
    off: Sequence[LocatedRow],
    rounding: str,
) -> Answer:
    scope = NumberedRows(subject, table, None, column, str(rule.check.get("blank", "zero")))
    left = NumberedRows.reference(total)
    known = list(filled_parts(table, known, column))
    first = judge_quietly(assertion(rule, left, "=", sum_of(known, off), rounding, "zero"), scope)
    if isinstance(first, Batch) or first.status != Status.FAIL or first.difference is None or not unknown:
        return first
    counted = _nearest(table, unknown, column, first.difference)
    return judge_quietly(assertion(rule, left, "=", sum_of([*known, *counted], off), rounding, "zero"), scope)


def filled_parts(table: LocatedTable, rows: Sequence[LocatedRow], column: str) -> Iterator[LocatedRow]:
    """``rows``, but the parts of a row in place of one that is blank while they are not."""
    for row in rows:
        fact = table.fact(row, column)
        below = table.parts(row.name) if row.known and fact is not None and is_blank(fact) else []
        if any(not is_blank(part) for part in table.facts(column, below)):
            yield from filled_parts(table, below, column)
        else:
            yield row


def _nearest(table: LocatedTable, unknown: Sequence[LocatedRow], column: str, wanted: Decimal) -> list[LocatedRow]:
    """Those of the unknown rows that come nearest to ``wanted``: no reading adds up unless this one does. A row that
    cannot be read is among them."""
    figures = [(row, fact.quantity) for row in unknown if (fact := table.fact(row, column)) is not None]
    unread = [row for row, quantity in figures if quantity.kind not in (Kind.NUMBER, Kind.BLANK, Kind.NIL)]
    amounts = [(row, quantity.number) for row, quantity in figures if quantity.number is not None]
    sizes = range(len(amounts) + 1) if len(amounts) <= MOST_UNKNOWN else (0, 1, len(amounts))
    readings = (reading for size in sizes for reading in combinations(amounts, size))
    best = min(readings, key=lambda reading: abs(wanted - sum((amount for _, amount in reading), Decimal(0))))
    return [*unread, *(row for row, _ in best)]


class NumberedRows(Scope):
    """A scope whose named references are rows of the table by number, so that rows without known names count."""

    __slots__ = ()

    @staticmethod
    def reference(row: LocatedRow) -> Reference:
        """This very row, whatever its name."""
        return Reference(0, 0, "", "", Select.NAMED, row.name or row.label, _place(row), None)

    def _rows(self, table: LocatedTable, reference: Reference) -> Sequence[LocatedRow]:
        if reference.text:
            number, _, block = reference.text.partition(".")
            return (table.by_place[int(number), int(block)],)
        return super()._rows(table, reference)


def _place(row: LocatedRow) -> str:
    """Tells a row from every other, also from its neighbour in a table of blocks side by side."""
    return f"{row.number}.{row.block}"


def sum_of(rows: Sequence[LocatedRow], less: Sequence[LocatedRow] = ()) -> Node:
    """The sum of rows in the current column, less others."""
    return _difference([NumberedRows.reference(row) for row in rows], [NumberedRows.reference(row) for row in less])


def _difference(parts: Sequence[Node], less: Sequence[Node]) -> Node:
    if not parts and not less:
        return Number(0, 0, Decimal(0))
    if not parts:
        return Negate(0, 0, Call(0, 0, "SUM", tuple(less)))
    total = Call(0, 0, "SUM", tuple(parts))
    return Binary(0, 0, "-", total, Call(0, 0, "SUM", tuple(less))) if less else total


def _quick(
    rule: Rule,
    table: LocatedTable,
    total: LocatedRow,
    column: str,
    subject: Subject,
    rows: Sequence[LocatedRow],
    rounding: str,
) -> Batch | None:
    """A pass by exact equality of plain numbers, told in full only when asked; None if that proves nothing."""
    fact = table.fact(total, column)
    if fact is None or fact.quantity.number is None or fact.quantity.approximate:
        return None
    with localcontext(CONTEXT):
        added = sum(table.vector(column), Decimal(0))
        if added != fact.quantity.number:  # also where a NaN says that some cell is no plain number
            return None

    def tell(_: int) -> Answer:
        return _careful(rule, table, total, column, subject, rows, (), (), rounding)

    return Batch(rule, (0,), (fact.quantity.number,), (added,), tell)


def _of_long_table(
    rule: Rule, table: LocatedTable, total: LocatedRow, column: str, subject: Subject, rounding: str
) -> Outcome:
    """The sum of a table whose rows were added up as they went by; no single row is told."""
    fact = table.fact(total, column)
    added = table.added.get(column) if table.added is not None else None
    if fact is None or added is None or fact.quantity.number is None or added.unusable:
        reason = tr("{count} cells of the column are not numbers", count=added.unusable if added is not None else 0)
        return answer(rule, subject, Status.INSUFFICIENT, (fact,) if fact is not None else (), reason=reason)
    difference = fact.quantity.number - added.number
    judgement = judge_linear(difference, repeat((Decimal(1), fact.grain), added.figures + 1), rounding)
    status = {Verdict.EQUAL: Status.PASS, Verdict.TAIL: Status.TAIL}.get(judgement.verdict, Status.FAIL)
    outcome = answer(
        rule,
        subject,
        status,
        (fact,),
        left=Side(total.label, "", fact.quantity.number, unit=fact.unit),
        right=Side(f"SUM([{column}])", f"Σ {added.figures}", added.number, unit=fact.unit),
        severity=Severity.NOTE if judgement.verdict == Verdict.LARGE_TAIL else "",
        difference=number_text(abs(difference), fact.unit),
        at_least=number_text(judgement.at_least, fact.unit),
    )
    return outcome._replace(difference=difference, at_least=judgement.at_least, tolerance=judgement.tolerance)


KIND = CheckKind(
    "sum",
    either(
        comparison_schema(
            "table",
            table=NAME,
            total=NAME,
            columns=NAMES,
            parts=NAMES,
            less=NAMES,
            total_column=NAME,
            part_columns=NAMES,
            less_columns=NAMES,
            rows=ROWS,
        ),
        (("total", "columns"), ("parts", "less")),
        (("total_column", "part_columns"), ("less_columns", "rows")),
    ),
    _compile,
    references,
    tr("A total equals the sum of its parts"),
)
