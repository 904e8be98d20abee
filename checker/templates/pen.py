"""Draws a form line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from checker.errors import PackError
from checker.messages import tr
from checker.model.form import Column, ColumnKind, Field, Form
from checker.model.workbook import CellKind, Range
from checker.templates.calculate import calculate
from checker.templates.content import Value, number_format, read_value
from checker.templates.drawing import Book, Drawing, Placed, Position, Style
from checker.templates.formulas import resolve
from checker.templates.heights import fit_heights
from checker.templates.layout import (
    Beside,
    BlankLine,
    FieldsLine,
    GroupLine,
    Layout,
    Line,
    Span,
    TableLine,
    TextLine,
    read_layout,
)
from checker.templates.tables import draw_table

__all__ = ["Pen", "draw"]

#: Characters; words in a narrower cell are a tick or a number and stand in the middle.
_NARROW: Final = 9.0


def draw(
    form: Form,
    content: Mapping[str, object] | None = None,
    *,
    year: str = "2024",
    rows: int | None = None,
    printed: bool | None = None,
) -> Drawing:
    """Draw ``form``, blank or filled with ``content`` (a mapping like a case's ``given:``).

    ``rows`` is the number of rows of an open table that ``content`` does not fill, instead of the layout's.
    ``printed`` tells whether cells that ``content`` leaves out get the formula or the mark that stands in the
    blank form; by default only a blank one has them, so that what is not given is blank. Raises PackError
    when the layout is wrong or ``content`` names what the form does not have.
    """
    pen = Pen(form, read_layout(form), content, year, rows, content is None if printed is None else printed)
    return pen.drawing()


class Pen:
    """One form being drawn; lines are drawn from the top down."""

    def __init__(
        self,
        form: Form,
        layout: Layout,
        content: Mapping[str, object] | None,
        year: str,
        rows: int | None,
        printed: bool,
    ) -> None:
        self.form = form
        self.content = content
        self.rows = rows
        self.printed = printed
        self.cells: dict[Position, Placed] = {}
        self.merges: list[Range] = []
        self.places: dict[tuple[str, str | int, str], Position] = {}
        self.formulas: dict[Position, tuple[str, str, str | int]] = {}
        self.heights: dict[int, float] = {}
        self.width = len(layout.widths)
        self._layout = layout
        self._year = year
        self._fields: dict[str, Position] = {}
        for name in content or {}:
            if name not in form.fields and name not in form.tables:
                raise self.unknown(name, [*form.fields, *form.tables])

    def drawing(self) -> Drawing:
        lines = self._layout.lines + self._left_out()
        bottom = self._below(lines, 1) - 1
        drawn = {table for table, _, _ in self.places}
        for name in self.content or {}:
            if name in self.form.tables and self.given(name) is not None and name not in drawn:
                raise self.unknown(name, sorted(drawn))
        calculate(
            self.cells,
            {
                position: resolve(text, table, row, self.places)
                for position, (text, table, row) in self.formulas.items()
            },
        )
        return Drawing(
            cells=self.cells,
            merges=tuple(self.merges),
            widths=self._layout.widths,
            heights=fit_heights(self.cells, self.merges, self._layout.widths, self.heights),
            books=(Book(self.places, self._fields),),
            bottom=bottom,
            landscape=self._layout.landscape,
        )

    def given(self, table: str) -> object:
        return None if self.content is None else self.content.get(table)

    def left_away(self, table: str) -> bool:
        """Whether the content says outright that the table is not there (given as null)."""
        return self.content is not None and table in self.content and self.content[table] is None

    def unknown(self, name: object, known: Sequence[object]) -> PackError:
        return PackError(
            "content-name",
            tr("The drawing of {form} has no {name}.", form=self.form.name, name=str(name)),
            hint=tr("It has: {names}.", names=", ".join(str(item) for item in known)),
            where=self.form.origin,
        )

    def print(self, row: int, span: Span, text: str, style: str, bottom: int | None = None) -> None:
        """Printed words over a span, down to ``bottom``."""
        text = text.replace("{year}", self._year).replace("{unit}", self.form.unit)
        text = text.replace("{last_year}", str(int(self._year) - 1)) if "{last_year}" in text else text
        self._put(row, span, Placed(style, CellKind.TEXT if text else "", text), bottom)

    def fill(
        self, row: int, span: Span, of: Column | Field, value: Value, *, choices: tuple[str, ...] = ()
    ) -> Position:
        """A cell to be filled in, over a span."""
        level = isinstance(of, Column) and of.fill
        words = of.kind == ColumnKind.TEXT and not level and self._room(span) >= _NARROW
        style = Style.NUMBER if of.kind == ColumnKind.AMOUNT else Style.TEXT if words else Style.CENTRE
        format_ = value.format or number_format(of.kind, of.decimals)
        cell = Placed(style, value.kind, value.raw, value.formula, format_, of.kind, choices)
        return self._put(row, span, cell, None)

    def _room(self, span: Span) -> float:
        return sum(self._layout.widths[span.left - 1 : span.right])

    def beside(self, label: Beside | None, top: int, bottom: int) -> None:
        if label is not None and bottom >= top:
            self.print(top, label.span, label.text, Style.HEADING, bottom)

    def _put(self, row: int, span: Span, cell: Placed, bottom: int | None) -> Position:
        position = (row, span.left)
        if position in self.cells:
            raise PackError(
                "layout",
                tr(
                    "The layout of {form} draws a cell twice: {cell}.",
                    form=self.form.name,
                    cell=str(position),
                ),
                where=self.form.origin,
            )
        self.cells[position] = cell
        last = row if bottom is None else bottom
        if last > row or span.right > span.left:
            self.merges.append(Range(row, span.left, last, span.right))
        return position

    def _below(self, lines: Sequence[Line], row: int) -> int:
        for line in lines:
            row = self._line(line, row)
        return row

    def _line(self, line: Line, row: int) -> int:
        """Draw one line from ``row`` on; the row below it."""
        match line:
            case BlankLine():
                return row + line.count
            case TextLine():
                for span, text in line.texts:
                    self.print(row, span, self._usual(line.style) if text is None else text, line.style)
                self._height(row, line.height)
                return row + 1
            case FieldsLine():
                end = self._fields_line(line, row)
            case GroupLine(abreast=True):
                end = max(self._line(inner, row) for inner in line.lines)
            case GroupLine():
                end = self._below(line.lines, row)
            case TableLine():
                if line.table not in self.form.tables:
                    raise self.unknown(line.table, list(self.form.tables))
                return row if self.left_away(line.table) else draw_table(self, line, row)
        self.beside(line.beside, row, end - 1)
        return end

    def _usual(self, style: str) -> str:
        if style == Style.TITLE:
            return self.form.title.zh or self.form.name
        if style == Style.YEAR:
            return tr("(fiscal year {year})", year=self._year).zh
        return tr("Unit: {unit}", unit=self.form.unit).zh if style == Style.UNIT else ""

    def _fields_line(self, line: FieldsLine, row: int) -> int:
        for name, spans in line.fields.items():
            label = line.labels.get(name, name)
            field = self.form.fields.get(name)
            value = self._value(field)
            if field is None:
                if len(spans) > 1:
                    raise self.unknown(name, list(self.form.fields))
                self.print(row, spans[0], _with_colon(label), Style.PLAIN if line.plain else Style.HEADING)
            elif line.below:
                self.print(row, spans[0], label, Style.HEADING)
                self._fields[name] = self.fill(row + 1, spans[0], field, value, choices=field.values)
            elif len(spans) == 1:
                text = _with_colon(label) + value.raw
                self.print(row, spans[0], text, Style.PLAIN if line.plain else Style.TEXT)
                self._fields[name] = (row, spans[0].left)
            else:
                self.print(row, spans[0], label, Style.for_label(label))
                self._fields[name] = self.fill(row, spans[1], field, value, choices=field.values)
        end = row + 2 if line.below else row + 1
        self._height(end - 1, line.height)
        return end

    def _value(self, field: Field | None) -> Value:
        if field is None or self.content is None:
            return Value("", "")
        return read_value(self.content.get(field.name), field.kind)

    def _height(self, row: int, height: float | None) -> None:
        if height is not None:
            self.heights[row] = height

    def _left_out(self) -> tuple[Line, ...]:
        """Lines for fields and tables that ``content`` gives and the layout does not print: officers add
        such a line too, and variants of a form have such tables."""
        laid_out = {*_field_names(self._layout.lines), *_table_names(self._layout.lines)}
        names = [name for name in self.content or {} if name not in laid_out and self.given(name) is not None]
        return tuple(
            FieldsLine({name: (Span(1, 1), Span(2, self.width))}, {})
            if name in self.form.fields
            else TableLine(name, ({c: Span(at, at) for at, c in enumerate(self.form.tables[name].columns, 2)},))
            for name in names
        )


def _field_names(lines: Sequence[Line]) -> list[str]:
    names: list[str] = []
    for line in lines:
        if isinstance(line, FieldsLine):
            names += line.fields
        elif isinstance(line, GroupLine):
            names += _field_names(line.lines)
    return names


def _table_names(lines: Sequence[Line]) -> list[str]:
    names: list[str] = []
    for line in lines:
        if isinstance(line, TableLine):
            names.append(line.table)
        elif isinstance(line, GroupLine):
            names += _table_names(line.lines)
    return names


def _with_colon(label: str) -> str:
    return label if not label or label[-1] in ":\N{FULLWIDTH COLON}" else label + "\N{FULLWIDTH COLON}"
