"""Sheets of a large workbook, written row by row: typed cells, a few styles, another sheet where one is full."""

from __future__ import annotations

from decimal import Decimal
from typing import IO, Any, Final, NamedTuple

from checker.model.workbook import address, column_letters
from checker.reports.layout import clean, width
from checker.reports.streams import valid

__all__ = ["Formula", "Kind", "Paper", "Table"]

#: Rows of a sheet of Excel, and characters of a cell.
_MOST_ROWS: Final = 1_048_576
_MOST_CHARACTERS: Final = 32_000
#: Points of a line; a row shows so many.
_LINE, _MOST_LINES = 13.5, 12
_A3: Final = "8"


class Formula(NamedTuple):
    """A formula of our own making, without its ``=``."""

    text: str


class Kind:
    """How a cell looks."""

    TEXT: Final = "text"
    CENTRE: Final = "centre"
    AMOUNT: Final = "amount"
    PERCENT: Final = "percent"
    COUNT: Final = "count"
    LINK: Final = "link"
    INPUT: Final = "input"
    HEAD: Final = "head"
    HEAD_LINK: Final = "head link"
    #: A figure that a reader may change.
    FIGURE: Final = "figure"
    FIGURE_PERCENT: Final = "figure percent"
    VERDICT: Final = "verdict"
    GRAVE: Final = {"error": "error", "warning": "warning", "note": "note"}


Cell = tuple[Formula | Decimal | str | None, str]


class Paper:
    """A workbook of such sheets."""

    def __init__(self) -> None:
        from openpyxl import Workbook

        self.book = Workbook(write_only=True)
        self.styles = _Styles()
        self._tables: list[Table] = []

    def table(self, name: str, columns: tuple[tuple[str, int], ...], most: int = _MOST_ROWS) -> Table:
        table = Table(self, name, columns, most)
        self._tables.append(table)
        return table

    def save(self, stream: IO[bytes]) -> None:
        order = [sheet for table in self._tables for sheet in table.sheets]
        self.book._sheets.sort(key=order.index)
        self.book.save(stream)


class Table:
    """A table that goes on in another sheet where one is full. ``columns`` are titles and widths; ``most`` is how
    many rows a sheet has."""

    def __init__(self, paper: Paper, name: str, columns: tuple[tuple[str, int], ...], most: int) -> None:
        self._paper = paper
        self._name = name
        self._columns = columns
        self._most = most
        self.sheets: list[Any] = []
        self._begin()

    def _begin(self) -> None:
        name = self._name if not self.sheets else f"{self._name}{len(self.sheets) + 1}"
        sheet = self._paper.book.create_sheet(name)
        for at, (_, room) in enumerate(self._columns, 1):
            sheet.column_dimensions[column_letters(at)].width = room
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        self.sheets.append(sheet)
        self._row = 1
        self.add(*((title, "title") for title, _ in self._columns))

    def room(self, rows: int) -> None:
        """Make sure that so many rows come on one sheet."""
        if self._row + rows > self._most:
            self._begin()

    def add(self, *cells: Cell) -> None:
        """A row. A text is a text, whatever it begins with."""
        if self._row > self._most:
            self._begin()
        sheet, lines = self.sheets[-1], self._lines(cells)
        if lines > 1:
            sheet.row_dimensions[self._row].height = _LINE * min(lines, _MOST_LINES)
        sheet.append([self._made(*cell) for cell in cells])
        sheet.row_dimensions.pop(self._row, None)  # it is written
        self._row += 1

    def _lines(self, cells: tuple[Cell, ...]) -> int:
        """How many lines the texts of a row take."""
        texts = ((value, kind, room) for (value, kind), (_, room) in zip(cells, self._columns, strict=False))
        return max(
            (
                -(-width(value) * 21 // (room * 20))
                for value, kind, room in texts
                if isinstance(value, str) and kind not in (Kind.HEAD, Kind.HEAD_LINK)
            ),
            default=1,
        )

    def cell(self, column: int) -> str:
        """The address of a cell of the next row."""
        return address(self._row, column)

    @property
    def next(self) -> str:
        """Where the next row begins, with its sheet."""
        if self._row > self._most:
            self._begin()
        return f"'{self.sheets[-1].title}'!A{self._row}"

    def _made(self, value: Formula | Decimal | str | None, kind: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self.sheets[-1])
        if isinstance(value, Formula):
            cell.value = "=" + "".join(filter(_stands_in_xml, value.text))
        elif isinstance(value, Decimal):
            cell.value = value
        elif value:
            cell.value = _text(value)
            cell.data_type = "s"
        cell._style = self._paper.styles.of(self.sheets[-1], kind)
        return cell


def _text(text: str) -> str:
    return "\n".join(map(clean, valid(text).split("\n")))[:_MOST_CHARACTERS]


def _stands_in_xml(character: str) -> bool:
    return character.isprintable()


class _Styles:
    """Looks by kind, made once: a style is registered with the workbook when a cell first has it."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def of(self, sheet: Any, kind: str) -> Any:
        from copy import copy

        if kind not in self._made:
            self._made[kind] = self._style(sheet, kind)
        return copy(self._made[kind])

    @staticmethod
    def _style(sheet: Any, kind: str) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = WriteOnlyCell(sheet)
        thin = Side(style="thin", color="BFBFBF")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        fill = _FILLS.get(kind)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        bold = kind in ("title", Kind.HEAD, Kind.HEAD_LINK, Kind.VERDICT)
        colour = "0563C1" if kind in (Kind.LINK, Kind.HEAD_LINK) else None
        cell.font = Font(size=10, bold=bold, color=colour, underline="single" if colour else None)
        centred = kind in ("title", Kind.CENTRE, Kind.VERDICT, *Kind.GRAVE.values())
        cell.alignment = Alignment(
            horizontal="center" if centred else None,
            vertical="center",
            wrap_text=kind not in (Kind.HEAD, Kind.HEAD_LINK),
        )
        cell.number_format = _FORMATS.get(kind, "General")
        return cell._style


_FILLS: Final = {
    "title": "D9E1F2",
    Kind.HEAD: "EDEDED",
    Kind.HEAD_LINK: "EDEDED",
    Kind.FIGURE: "FFF9DB",
    Kind.FIGURE_PERCENT: "FFF9DB",
    Kind.INPUT: "FFF9DB",
    Kind.VERDICT: "E2EFDA",
    "error": "FF9B9B",
    "warning": "FFD24D",
    "note": "9CC7F0",
}
_FORMATS: Final = {
    Kind.AMOUNT: "#,##0.00####;[Red]-#,##0.00####",
    Kind.FIGURE: "#,##0.00####",
    Kind.PERCENT: "0.00##%",
    Kind.FIGURE_PERCENT: "0.00##%",
    Kind.COUNT: "#,##0",
}
