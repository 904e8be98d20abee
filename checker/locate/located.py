"""Forms that were found, and the facts in them, read when a rule asks.

A workbook holds thousands of cells and a pack looks at some of them, so tables keep where things are and read a
cell on first use; columns of plain numbers are read as vectors, in which whatever is not a number is a quiet NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

from checker.locate.grid import Grid
from checker.locate.headers import Header, Span
from checker.locate.reader import Reader
from checker.locate.rows import LocatedRow, joined_code
from checker.model.fact import Fact, Problem
from checker.model.form import Column, ColumnKind, Field, Form, Table
from checker.model.workbook import Cell, CellKind, PlainRow, Range, RowShape
from checker.values.numbers import to_decimal

__all__ = ["LocatedForm", "LocatedTable", "Reader"]

NAN: Final = Decimal("NaN")


class Added:
    """A column of a long table, added up as its rows went by. ``unusable`` counts cells that hold no number."""

    def __init__(self) -> None:
        self.number = Decimal(0)
        self.figures = 0
        self.unusable = 0


class LocatedTable:
    """One table where it was found. ``rows`` are its data rows in reading order, ``totals`` its named closing rows,
    save those that stand twice.

    ``units`` is the unit in which the sheet states each column; facts come in the unit that the form declares.
    """

    def __init__(
        self,
        table: Table,
        grid: Grid,
        header: Header,
        rows: Sequence[LocatedRow],
        totals: Sequence[LocatedRow],
        units: Mapping[str, str],
        reader: Reader,
        qualifier: tuple[str, ...],
        bottom: int,
    ) -> None:
        self.table = table
        self.grid = grid
        self.header = header
        self.rows = tuple(rows)
        self._totals = tuple(totals)
        self.units = units
        #: The unit of money that facts come in where it is not that of their column.
        self.money = ""
        self.reader = reader
        self.qualifier = qualifier
        self.bottom = bottom
        #: Sums by column where the table is too long to be kept; its ``rows`` are then empty.
        self.added: Mapping[str, Added] | None = None
        self._columns = frozenset(name for block in header.blocks for name in block)
        self._facts: dict[tuple[int, int, str], Fact] = {}
        self._vectors: dict[str, list[Decimal]] = {}

    @cached_property
    def named(self) -> dict[str, list[LocatedRow]]:
        """Rows and totals by name; more than one row of a name is nobody's to choose from."""
        named: dict[str, list[LocatedRow]] = {}
        for row in (*self.rows, *self._totals):
            named.setdefault(row.name, []).append(row)
        return named

    @cached_property
    def totals(self) -> dict[str, LocatedRow]:
        return {row.name: row for row in self._totals if len(self.named[row.name]) == 1}

    @cached_property
    def by_place(self) -> dict[tuple[int, int], LocatedRow]:
        """Rows and totals by their number and block."""
        return {(row.number, row.block): row for row in (*self.totals.values(), *self.rows)}

    @property
    def doubled(self) -> dict[str, list[LocatedRow]]:
        """Rows that the form names and that stand more than once: nobody can say which is meant."""
        spec = self.table
        return {name: rows for name, rows in self.named.items() if len(rows) > 1 and name in {*spec.rows, *spec.totals}}

    @cached_property
    def _nameless(self) -> dict[int, int]:
        """The rows without a name, counted, by their numbers."""
        numbers = dict.fromkeys(row.number for row in self.rows if not (row.name or row.label))
        return {number: count for count, number in enumerate(numbers, 1)}

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def range(self) -> Range:
        return Range(self.header.top, self.header.left, self.bottom, self.header.right)

    def has(self, column: str) -> bool:
        """True if the sheet prints this column."""
        return column in self._columns

    def row(self, name: str) -> LocatedRow | None:
        """The row of this name, or None if it is not there, or there twice (then nobody may guess)."""
        rows = self.named.get(name, ())
        return rows[0] if len(rows) == 1 else None

    def label(self, row: LocatedRow) -> str:
        """The row's own name in reports: told apart from its namesakes by their order."""
        name = row.name or row.label
        namesakes = self.named.get(row.name, ())
        if not name:
            return f"#{self._nameless[row.number]}"
        return name if len(namesakes) < 2 else f"{name}#{namesakes.index(row) + 1}"

    def parts(self, total: str) -> list[LocatedRow]:
        """The rows that add up to ``total``: those whose nearest printed parent it is, and those that it lists below
        itself. A parent other than the table's total stands above its parts: below them it is their neighbour."""
        parts = [row for row, head in self.listed.items() if head == total]
        for row in self.rows:
            spec = self.table.rows.get(row.name)
            if spec is not None and spec.part_of:
                parents = (name for name in spec.part_of if self._stands_over(name, row))
                if next(parents, spec.part_of[-1]) == total:
                    parts.append(row)
        return parts

    def _stands_over(self, name: str, row: LocatedRow) -> bool:
        found = self.named.get(name)
        return found is not None and (self.table.rows[name].total or found[0].number < row.number)

    def extra_rows(self) -> list[LocatedRow]:
        """Rows inside a closed table whose labels the form does not know."""
        if self.table.layout != "closed":
            return []
        return [row for row in self.rows if not row.known and row not in self.listed]

    @cached_property
    def listed(self) -> dict[LocatedRow, str]:
        """Rows of names of their own, with the row that they stand below and are parts of."""
        listed: dict[LocatedRow, str] = {}
        head = ""
        for row in self.rows:
            spec = self.table.rows.get(row.name) if row.known else None
            if spec is not None:
                head = spec.name if spec.lists else ""
            elif head and not row.known:
                listed[row] = head
        return listed

    def fact(self, row: LocatedRow, column: str) -> Fact | None:
        """The fact in ``column`` of ``row``, or None if the sheet does not print the column."""
        key = (row.number, row.block, column)
        fact = self._facts.get(key)
        if fact is None:
            span = self.header.blocks[row.block].get(column)
            if span is None:
                return None
            fact = self._facts[key] = self._read(row, self.table.columns[column], span)
        return fact

    def facts(self, column: str, rows: Sequence[LocatedRow] | None = None) -> list[Fact]:
        found = (self.fact(row, column) for row in (self.rows if rows is None else rows))
        return [fact for fact in found if fact is not None]

    def copy(self) -> LocatedTable:
        table = LocatedTable.__new__(LocatedTable)
        table.__dict__.update(self.__dict__, _facts={}, _vectors={})
        return table

    def forget(self) -> None:
        """Drop what was read, keeping where it is."""
        self._facts.clear()
        self._vectors.clear()

    def vector(self, column: str) -> list[Decimal]:
        """The numbers of ``column`` over the data rows; NaN wherever there is no plain number."""
        vector = self._vectors.get(column)
        if vector is None:
            vector = self._vectors[column] = self._read_vector(column)
        return vector

    @cached_property
    def _lines(self) -> list[Mapping[int, Cell]]:
        """The lines of the sheet that the data rows stand on."""
        return [self.grid.rows[row.number] for row in self.rows]

    @cached_property
    def _shape(self) -> RowShape | None:
        """That of all those lines, if they have one."""
        shapes = {id(line.shape) if type(line) is PlainRow else 0: line for line in self._lines}
        only = next(iter(shapes.values())) if len(shapes) == 1 else None
        return only.shape if type(only) is PlainRow else None

    def _merged_down(self, at: int) -> bool:
        """Whether cells below the header are merged over rows: what is stored below the first does not show."""
        top = self.header.bottom
        return any(m.left <= at <= m.right and m.top < m.bottom > top for m in self.grid.sheet.merges)

    def _read_vector(self, column: str) -> list[Decimal]:
        spec = self.table.columns[column]
        unit = self.units.get(column, spec.unit)
        span = self.header.blocks[0].get(column)
        converted = unit != self._comes_in(spec)
        if span is None:
            return [NAN] * len(self.rows)
        plain_column = span[0] == span[1] and len(self.header.blocks) == 1 and not self._merged_down(span[0])
        if spec.kind == ColumnKind.PERCENT or converted or not plain_column:
            return [_plain(self.fact(row, column)) for row in self.rows]
        plain, lines, at = self.reader.plain_styles, self._lines, span[0]
        number = CellKind.NUMBER
        if self._shape is not None and at in self._shape.at:
            position = self._shape.at[at]
            if self._shape.kinds[position] != number or not plain[self._shape.styles[position]]:
                return [NAN] * len(lines)
            raws = [line.raws[position] for line in lines]  # type: ignore[attr-defined]
            return [*map(Decimal if max(map(len, raws)) < 16 else to_decimal, raws)]
        cells = [line.get(at) for line in lines]
        # A text of fifteen characters holds no more digits than a double keeps: it is its number as it stands.
        return [
            NAN
            if cell is None or cell.kind != number or not plain[cell.style]
            else Decimal(cell.raw)
            if len(cell.raw) < 16
            else to_decimal(cell.raw)
            for cell in cells
        ]

    def _read(self, row: LocatedRow, column: Column, span: Span) -> Fact:
        cell, number, at = self._cell(row, column, span)
        unit = self.units.get(column.name, column.unit)
        quantity = self.reader.quantity(cell, column.kind, unit)
        grain = self.reader.grain(column, unit, quantity)
        shown = self._comes_in(column)
        if unit != shown and quantity.number is not None:
            quantity, grain = self.reader.lexicon.convert(quantity, grain, unit, shown)
        return Fact(
            quantity=quantity,
            sheet=self.grid.sheet.name,
            row=number,
            column=at,
            path=(*self.qualifier, self.table.name, self.label(row), column.name),
            unit=shown,
            kind=column.kind,
            grain=grain,
            formula=cell.formula if cell is not None else None,
        )

    def _comes_in(self, column: Column) -> str:
        """The unit that facts of a column come in."""
        return self.money if self.money and column.kind == ColumnKind.AMOUNT else column.unit

    def _cell(self, row: LocatedRow, column: Column, span: Span) -> tuple[Cell | None, int, int]:
        """The cell of a row under a header: the first that is filled, seen through merges.

        A merge from an earlier row lends its words (a reason, a level, a target for two rows); a figure merged over
        three rows is one figure, and belongs to the first.
        """
        if column.kind == ColumnKind.CODE and span[1] > span[0]:
            code = joined_code(self.grid, row.number, span, self.table.code_steps)
            if code is not None:
                return code, row.number, span[0]
        lends = column.kind not in ColumnKind.NUMERIC
        cells = self.grid.rows.get(row.number, {})
        for at in range(span[0], span[1] + 1):
            merge = self.grid.merge_at(row.number, at)
            if merge is not None and (merge.top, merge.left) != (row.number, at):
                if merge.top == row.number or lends:
                    anchor = self.grid.cell(merge.top, merge.left)
                    if anchor is not None and anchor.raw.strip():
                        return anchor, merge.top, merge.left
                    continue
                anchor = self.grid.cell(merge.top, merge.left)
                cell = cells.get(at)
                if cell is not None and anchor is not None and cell.raw == anchor.raw:
                    continue  # an exporter repeated the value in every merged cell
            cell = cells.get(at)
            if cell is not None and (cell.raw.strip() or cell.formula is not None):
                return cell, row.number, at
        if column.fill:
            return self._filled_from_above(row, column)
        return None, row.number, span[0]

    def _filled_from_above(self, row: LocatedRow, column: Column) -> tuple[Cell | None, int, int]:
        span = self.header.blocks[row.block][column.name]
        for number in range(row.number - 1, self.header.bottom, -1):
            cell = self.grid.cell(number, span[0])
            if cell is not None and cell.raw.strip():
                return cell, number, span[0]
        return None, row.number, span[0]


def _plain(fact: Fact | None) -> Decimal:
    if fact is None:
        return NAN
    quantity = fact.quantity
    if quantity.number is None or quantity.approximate or quantity.comparator or quantity.alternative is not None:
        return NAN
    return quantity.number


class LocatedForm:
    """One form where it was found: its fields, its tables, what was missed.

    ``qualifier`` tells instances apart when a form occurs many times (the name of the project). ``range`` is the
    part of the sheet that belongs to it.
    """

    def __init__(
        self,
        form: Form,
        grid: Grid,
        range_: Range,
        fields: Mapping[str, Fact],
        tables: Mapping[str, LocatedTable],
        qualifier: str,
        year: str,
        evidence: Sequence[Problem],
        problems: Sequence[Problem],
        score: int,
        stated_unit: Fact | None,
    ) -> None:
        self.form = form
        self.grid = grid
        self.range = range_
        self.fields = dict(fields)
        self.tables = dict(tables)
        self.qualifier = qualifier
        self.year = year
        self.evidence = tuple(evidence)
        self.problems = tuple(problems)
        self.score = score
        self.stated_unit = stated_unit

    @property
    def sheet(self) -> str:
        return self.grid.sheet.name

    def copy(self) -> LocatedForm:
        """The same, to be named on its own."""
        form = LocatedForm.__new__(LocatedForm)
        form.__dict__.update(self.__dict__, tables={name: table.copy() for name, table in self.tables.items()})
        return form

    def rename(self, qualifier: str) -> None:
        """Tell this instance apart from others of its form; only before any fact of its tables was read."""
        self.qualifier = qualifier
        path = (self.form.name, qualifier)
        self.fields = {name: fact._replace(path=(*path, name)) for name, fact in self.fields.items()}
        for table in self.tables.values():
            table.qualifier = path

    @property
    def unit(self) -> str:
        """The unit that its amounts come in."""
        return next((table.money for table in self.tables.values() if table.money), self.form.unit)

    def may_lack(self, table: str) -> bool:
        """Whether nothing is amiss if this table is not there: it is optional, another stands for it, or only a form
        that this one is a kind of has it."""
        spec = self.form.tables.get(table)
        stood_for = any(found.table.stands_for == table for found in self.tables.values())
        return stood_for or (bool(self.form.kinds_of) if spec is None else spec.optional)

    def role(self, role: str) -> str:
        """The text of the first filled field with this role (``unit``, ``project``), or nothing."""
        for name, spec in self.form.fields.items():
            fact = self.fields.get(name)
            if spec.role == role and fact is not None and fact.quantity.raw.strip():
                return fact.quantity.raw.strip()
        return ""


def field_column(field: Field) -> Column:
    """A field seen as a column of one cell."""
    return Column(
        name=field.name,
        kind=field.kind,
        labels=field.labels,
        unit=field.unit,
        decimals=field.decimals,
        values=field.values,
    )
