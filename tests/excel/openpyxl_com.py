"""A workbook kept by openpyxl: formulas in one book, what they came to in another."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import escape

import openpyxl
from com_model import NONE, SOLID, Application, Area, Look
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import COLOR_INDEX, Color
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.merge import MergedCellRange

from checker.readers.grid import column_number

_STATES = {"visible": -1, "hidden": 0, "veryHidden": 2}
_PATTERNS = {None: NONE, "solid": SOLID, "gray125": 17, "gray0625": 18, "darkGray": -4126, "mediumGray": -4125}
_PATTERNS |= {"lightGray": -4124, "lightUp": 14, "lightDown": 13, "lightGrid": 15, "darkUp": -4162, "darkDown": -4121}
_PATTERN_NAMES = {number: name for name, number in _PATTERNS.items()}
_ERRORS = {"#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265}
_ERRORS |= {"#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246}
_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)|="((?:[^"]|"")*)"')
_HORIZONTAL = {-4108: "center", -4152: "right"}
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[ >].*?</f>|<f[^>]*/>)<v ?/?>(?:</v>)?</c>', re.DOTALL)


def excel(*paths: Path, **settings: Any) -> Application:
    """A running program that has opened the workbooks."""
    return Application(*(OpenpyxlStore(path) for path in paths), new=OpenpyxlStore, **settings)


class OpenpyxlStore:
    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.name = path.name if path else "工作簿1"
        self.full_name = str(path) if path else self.name
        self.touched = path is None
        self._content = path.read_bytes() if path else b""

    @cached_property
    def book(self) -> Any:
        return self._opened(data_only=False)

    @cached_property
    def cached(self) -> Any:
        return self._opened(data_only=True)

    def _opened(self, data_only: bool) -> Any:
        """Read when first looked at, and without the borders at the edges of merged cells, which nobody looks at here
        and which openpyxl works out cell by cell: that takes longer than all the rest."""
        if self.path is None:
            return openpyxl.Workbook()
        with patch.object(MergedCellRange, "format", lambda _: None):
            return openpyxl.load_workbook(io.BytesIO(self._content), data_only=data_only)

    @property
    def date1904(self) -> bool:
        return bool(self.book.epoch.year == 1904)

    @property
    def structure_protected(self) -> bool:
        return bool(self.book.security and self.book.security.lockStructure)

    def _both(self) -> tuple[Any, Any]:
        self.touched = True
        return self.book, self.cached

    def names(self) -> list[str]:
        return [sheet.title for sheet in self.book.worksheets]

    def add(self, index: int) -> None:
        for book in self._both():
            book.create_sheet(f"Sheet{len(book.sheetnames) + 100}", index)

    def move(self, index: int, to: int) -> None:
        for book in self._both():
            sheet = book.worksheets[index]
            book.move_sheet(sheet, (to if to < index else to - 1) - index)

    def delete(self, index: int) -> None:
        for book in self._both():
            book.remove(book.worksheets[index])

    def rename(self, index: int, name: str) -> None:
        for book in self._both():
            book.worksheets[index].title = name

    def save_copy(self, path: str) -> None:
        """The very file while nothing was changed; else what openpyxl writes, with the values of formulas put in."""
        if not self.touched:
            Path(path).write_bytes(self._content)
            return
        self.book.save(path)
        _put_values(Path(path), self.cached)

    def state(self, sheet: str) -> int:
        return _STATES[self.book[sheet].sheet_state]

    def set_state(self, sheet: str, state: int) -> None:
        for book in self._both():
            book[sheet].sheet_state = {number: name for name, number in _STATES.items()}[state]

    def protected(self, sheet: str) -> bool:
        return bool(self.book[sheet].protection.sheet)

    def used(self, sheet: str) -> Area:
        of = self.book[sheet]
        return Area(of.min_row, of.min_column, of.max_row, of.max_column)

    def _cell(self, book: Any, sheet: str, row: int, column: int) -> Any:
        """A cell that is there; None without making one."""
        return book[sheet]._cells.get((row, column))

    def _grid(self, book: Any, sheet: str, area: Area, what: Any) -> list[list[Any]]:
        cells = book[sheet]._cells
        bottom = min(area.bottom, max(book[sheet].max_row, area.top))
        return [
            [what(cells.get((row, column))) for column in range(area.left, area.right + 1)]
            for row in range(area.top, bottom + 1)
        ] + [[what(None)] * (area.right - area.left + 1)] * (area.bottom - bottom)

    def values(self, sheet: str, area: Area) -> list[list[Any]]:
        rows = self._grid(self.cached, sheet, area, self._value)
        # openpyxl takes the empty text that a formula came to for nothing; a formula never comes to nothing.
        for values, cells in zip(rows, self._grid(self.book, sheet, area, lambda cell: cell), strict=True):
            for column, cell in enumerate(cells):
                if cell is not None and cell.data_type == "f" and values[column] is None:
                    values[column] = ""
        return rows

    def _value(self, cell: Any) -> Any:
        value = None if cell is None else cell.value
        if isinstance(value, bool) or value is None:
            return value
        if cell.data_type == "e":
            return _ERRORS.get(value, -2146826246)
        if isinstance(value, datetime | date | time | timedelta):
            return float(to_excel(value, self.book.epoch))
        return float(value) if isinstance(value, int | float) else str(value)

    def formulas(self, sheet: str, area: Area) -> list[list[Any]]:
        return self._grid(self.book, sheet, area, _formula)

    def write(self, sheet: str, area: Area, rows: list[list[Any]]) -> None:
        for row_number, row in enumerate(rows, area.top):
            for column, value in enumerate(row, area.left):
                cell, shown = (book[sheet].cell(row_number, column) for book in self._both())
                cell.value = shown.value = None
                if value in ("", None):
                    continue
                if cell.number_format == "@":
                    for one in (cell, shown):
                        one.value = str(value)
                        one.data_type = "s"
                elif isinstance(value, str) and value.startswith("="):
                    match = _LINK.fullmatch(value)
                    assert match, f"no such formula is written: {value}"
                    cell.value = value
                    shown.value = next(group for group in match.groups() if group is not None).replace('""', '"')
                    shown.data_type = "s"
                else:
                    cell.value = shown.value = value

    def clear(self, sheet: str) -> None:
        for book in self._both():
            of = book[sheet]
            of._cells.clear()
            of.merged_cells.ranges.clear()

    def _each(self, sheet: str, area: Area) -> Any:
        assert (area.bottom - area.top + 1) * (area.right - area.left + 1) < 1_000_000
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                yield self.book[sheet].cell(row, column)

    def number_format(self, sheet: str, area: Area) -> str | None:
        of = self.book[sheet]
        codes = {
            cell.number_format if (cell := of._cells.get((row, column))) is not None else "General"
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        return codes.pop() if len(codes) == 1 else None

    def set_number_format(self, sheet: str, area: Area, code: str) -> None:
        self.touched = True
        for cell in self._each(sheet, area):
            cell.number_format = code

    def merges(self, sheet: str) -> list[Area]:
        return [
            Area(one.min_row, one.min_col, one.max_row, one.max_col) for one in self.book[sheet].merged_cells.ranges
        ]

    def look(self, sheet: str, row: int, column: int) -> Look:
        cell = self._cell(self.book, sheet, row, column)
        if cell is None:
            return Look()
        fill = cell.fill
        if fill.tagname != "patternFill":  # it is a proxy, so its class says nothing
            return Look(4000)
        if fill.fill_type is None:
            return Look()
        main, under = (fill.fgColor, fill.bgColor) if fill.fill_type == "solid" else (fill.bgColor, fill.fgColor)
        colour, theme, tint = _colour(main)
        return Look(_PATTERNS[fill.fill_type], colour, theme, tint, _colour(under)[0])

    def set_look(self, sheet: str, area: Area, look: Look) -> None:
        self.touched = True
        main = Color(theme=look.theme - 1, tint=look.tint) if look.theme else Color(rgb=_argb(look.colour))
        if look.pattern == NONE:
            fill = PatternFill()
        elif look.pattern == SOLID:
            fill = PatternFill("solid", fgColor=main)
        else:
            fill = PatternFill(_PATTERN_NAMES[look.pattern], bgColor=main, fgColor=_argb(look.under))
        for cell in self._each(sheet, area):
            cell.fill = fill

    def notes(self, sheet: str) -> dict[tuple[int, int], str]:
        return {
            place: cell.comment.text
            for place, cell in sorted(self.book[sheet]._cells.items())
            if not isinstance(cell, MergedCell) and cell.comment is not None
        }

    def note(self, sheet: str, row: int, column: int) -> str | None:
        cell = self._cell(self.book, sheet, row, column)
        comment = None if cell is None or isinstance(cell, MergedCell) else cell.comment
        return None if comment is None else str(comment.text)

    def set_note(self, sheet: str, row: int, column: int, text: str | None) -> None:
        self.touched = True
        cell = self.book[sheet].cell(row, column)
        kept = cell.comment
        if text is None:
            cell.comment = None
        else:
            cell.comment = Comment(text, kept.author, kept.height, kept.width) if kept else Comment(text, "")

    def splice_note(self, sheet: str, row: int, column: int, start: int, length: int, text: str) -> None:
        units = (self.note(sheet, row, column) or "").encode("utf-16-le", "surrogatepass")
        new = units[: 2 * start] + text.encode("utf-16-le", "surrogatepass") + units[2 * (start + length) :]
        self.set_note(sheet, row, column, new.decode("utf-16-le", "surrogatepass"))

    def size_note(self, sheet: str, row: int, column: int, width: int | None, height: int | None) -> None:
        note = self.book[sheet].cell(row, column).comment
        note.width, note.height = width or note.width, height or note.height

    def hidden(self, sheet: str, rows: bool) -> set[int]:
        of = self.book[sheet]
        if rows:
            return {number for number, one in of.row_dimensions.items() if one.hidden}
        return {
            number
            for letters, one in of.column_dimensions.items()
            if one.hidden
            for number in range(one.min or column_number(letters), (one.max or column_number(letters)) + 1)
        }

    def hide(self, sheet: str, rows: bool, first: int, last: int, hidden: bool) -> None:
        of, found = self.book[sheet], self.hidden(sheet, rows)
        for number in range(first, last + 1):
            if (number in found) != hidden:
                key = number if rows else openpyxl.utils.get_column_letter(number)
                (of.row_dimensions if rows else of.column_dimensions)[key].hidden = hidden

    def set_width(self, sheet: str, first: int, last: int, width: float) -> None:
        for column in range(first, last + 1):
            self.book[sheet].column_dimensions[openpyxl.utils.get_column_letter(column)].width = width

    def set_style(self, sheet: str, area: Area, name: str, value: Any) -> None:
        self.touched = True
        line = Side("thin", color="BFBFBF")
        for cell in self._each(sheet, area):
            alignment: Alignment = copy(cell.alignment)
            if name == "WrapText":
                alignment.wrap_text = value
            elif name == "HorizontalAlignment":
                alignment.horizontal = _HORIZONTAL[value]
            elif name == "VerticalAlignment":
                alignment.vertical = "top"
            elif name == "IndentLevel":
                alignment.indent = value
            elif name == "Font.Bold":
                cell.font = _font(cell, bold=value)
            elif name == "Font.Size":
                cell.font = _font(cell, size=value)
            elif name == "Font.Color":
                cell.font = _font(cell, color=_argb(value))
            elif name == "Font.Underline":
                cell.font = _font(cell, underline="single")
            elif name == "Borders.LineStyle":
                cell.border = Border(line, line, line, line)
            cell.alignment = alignment

    def fit_rows(self, sheet: str, first: int, last: int) -> None:
        pass


def _colour(colour: Color) -> tuple[int, int, float]:
    """Number (red lowest), theme and tint. Of a theme colour the number is made up, but always the same."""
    if colour.type == "theme":
        return 0x102030 + colour.theme, colour.theme + 1, colour.tint
    text = COLOR_INDEX[min(colour.indexed, len(COLOR_INDEX) - 1)] if colour.type == "indexed" else colour.rgb
    return int.from_bytes(bytes.fromhex(str(text)[-6:]), "little"), 0, 0.0


def _font(cell: Any, **changed: Any) -> Font:
    given = {name: getattr(cell.font, name) for name in ("name", "size", "bold", "color", "underline")}
    return Font(**(given | changed))


def _argb(colour: int) -> str:
    return "FF" + colour.to_bytes(3, "little").hex().upper()


def _formula(cell: Any) -> Any:
    value = None if cell is None else cell.value
    if cell is not None and cell.data_type == "f" and not isinstance(value, str):
        return f"={value.text.removeprefix('=')}" if hasattr(value, "text") else "=TABLE()"
    return "" if value is None else value


def _put_values(path: Path, cached: Any) -> None:
    """openpyxl writes formulas without what they came to: put it in, as the program would."""
    draft = path.with_suffix(".draft")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            match = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", item.filename)
            if match:
                sheet = cached.worksheets[int(match[1]) - 1]
                data = _FORMULA.sub(lambda found, of=sheet: _with_value(found, of), data.decode()).encode()
            new.writestr(item, data)
    draft.replace(path)


def _with_value(found: re.Match[str], sheet: Any) -> str:
    cell = sheet[found[1]]
    value = cell.value
    rest = re.sub(r' t="[a-z]+"', "", found[2])
    value = "" if value is None else value  # an empty text; see ``values``
    if isinstance(value, bool):
        kind, text = "b", str(int(value))
    elif cell.data_type == "e":
        kind, text = "e", value
    elif isinstance(value, str):
        kind, text = "str", escape(value)
    else:
        number = to_excel(value) if isinstance(value, datetime | date | time | timedelta) else value
        kind, text = "n", repr(number)
    return f'<c r="{found[1]}"{rest} t="{kind}">{found[3]}<v>{text}</v></c>'
