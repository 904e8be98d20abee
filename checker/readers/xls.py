"""Workbooks of the BIFF kind: ``.xls``, and ``.et`` of WPS. Read by xlrd, under guard.

xlrd gives no formula text, and raises whatever its code happens to meet in a damaged file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite
from typing import Any, Final, TypeVar

import xlrd

from checker.errors import ReadError
from checker.model.workbook import Cell, CellKind, Range, Sheet, SheetContent, Workbook
from checker.readers import limits
from checker.readers.biff import walk
from checker.readers.compound import CompoundFile, DamagedError
from checker.readers.refusals import refuse

__all__ = ["open_xls"]

_STATES: Final = ("visible", "hidden", "very_hidden")
_DOCUMENTS: Final = ("WordDocument", "PowerPoint Document", "VisioDocument")
_ENCRYPTED: Final = ("EncryptedPackage", "EncryptionInfo", "\x09DRMContent")

_Result = TypeVar("_Result")


def open_xls(path: str, data: bytes, sha256: str) -> Workbook:
    """The workbook in the compound file ``data``, its sheets unread. Raises ``ReadError``."""
    remarks: list[str] = []
    stream = _workbook_stream(path, data, remarks)
    found = walk(stream)
    if found.encrypted:
        raise refuse("ENCRYPTED", path)
    if found.too_large:
        raise refuse("XLS_TOO_LARGE", path)
    if found.other_sheets:
        remarks.append("SHEET_WITHOUT_CELLS")
    reading = _Reading(path, stream, remarks)
    names = reading.attempt(lambda book: book.sheet_names())
    if not names:
        raise refuse("NO_SHEETS", path)
    states = found.states + [0] * len(names)
    return Workbook(
        path=path,
        sha256=sha256,
        source="xls",
        sheets=tuple(
            Sheet(
                name,
                partial(reading.content, number),
                state=_STATES[states[number] % len(_STATES)],
                load_comments=partial(reading.comments, number),
            )
            for number, name in enumerate(names)
        ),
        date1904=reading.attempt(lambda book: bool(book.datemode)),
        formulas=False,
        defined_names=reading.attempt(_defined_names),
        remarks=remarks,
        load_number_formats=partial(reading.attempt, _number_formats),
    )


def _workbook_stream(path: str, data: bytes, remarks: list[str]) -> bytes:
    try:
        compound = CompoundFile(data)
    except DamagedError as error:
        raise refuse("XLS_DAMAGED", path, reason=str(error)) from error
    if any(name in compound for name in _ENCRYPTED):
        raise refuse("ENCRYPTED", path)
    for name in ("Workbook", "Book"):
        if name in compound:
            if len(data) > limits.MAX_XLS_BYTES:
                raise refuse("XLS_TOO_LARGE", path)
            stream = compound.read(name)
            if compound.repaired:
                remarks.append("XLS_REPAIRED")
            return stream
    raise refuse("FORMAT_OFFICE" if any(n in compound for n in _DOCUMENTS) else "FORMAT_UNKNOWN", path)


class _Reading:
    """xlrd's view of one workbook: with its layout, or, where that is damaged, without."""

    def __init__(self, path: str, stream: bytes, remarks: list[str]) -> None:
        self._path = path
        self._stream = stream
        self._remarks = remarks
        self._layout = True
        self._book: Any = None
        self._read: dict[int, tuple[SheetContent, Mapping[tuple[int, int], str]]] = {}
        self._cells = 0

    def attempt(self, action: Callable[[Any], _Result]) -> _Result:
        """What ``action(book)`` gives; if xlrd stumbles, once more without the layout. Raises ``ReadError``."""
        try:
            if self._book is None:
                self._book = xlrd.open_workbook(
                    file_contents=self._stream,
                    formatting_info=self._layout,
                    logfile=_Silent(),
                    on_demand=True,
                    ragged_rows=True,
                )
            return action(self._book)
        except ReadError:
            raise
        except Exception as error:
            if not self._layout:
                raise refuse("XLS_DAMAGED", self._path, reason=type(error).__name__) from error
        self._book = None
        self._layout = False
        self._remarks.append("XLS_NO_LAYOUT")
        return self.attempt(action)

    def content(self, number: int) -> SheetContent:
        return self._sheet(number)[0]

    def comments(self, number: int) -> Mapping[tuple[int, int], str]:
        return self._sheet(number)[1]

    def _sheet(self, number: int) -> tuple[SheetContent, Mapping[tuple[int, int], str]]:
        if number not in self._read:
            self._read[number] = self.attempt(lambda book: self._convert(book, number))
        return self._read[number]

    def _convert(self, book: Any, number: int) -> tuple[SheetContent, Mapping[tuple[int, int], str]]:
        sheet = book.sheet_by_index(number)
        rows = {}
        for row in range(sheet.nrows):
            cells = self._row(sheet, row)
            if cells:
                rows[row + 1] = cells
                self._cells += len(cells)
                if self._cells > limits.MAX_XLS_CELLS:
                    raise refuse("XLS_TOO_LARGE", self._path)
        if len(sheet.merged_cells) > limits.MAX_MERGES:
            raise refuse("TOO_MANY_MERGES", f"{self._path}!{sheet.name}", limit=limits.MAX_MERGES)
        content = SheetContent(
            rows,
            tuple(
                Range(top + 1, left + 1, bottom, right)
                for top, bottom, left, right in sheet.merged_cells
                if top < bottom and left < right
            ),
            frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
            frozenset(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden),
        )
        notes = {(row + 1, column + 1): note.text for (row, column), note in sheet.cell_note_map.items()}
        book.unload_sheet(number)
        return content, notes

    def _row(self, sheet: Any, row: int) -> dict[int, Cell]:
        cells = {}
        values = sheet.row_values(row)
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            style = sheet.cell_xf_index(row, column) if self._layout else 0
            cells[column + 1] = Cell(*self._value(kind, values[column]), None, style)
        return cells

    def _value(self, kind: int, value: Any) -> tuple[str, str]:
        if kind == xlrd.XL_CELL_TEXT:
            return CellKind.TEXT, value
        if kind == xlrd.XL_CELL_BOOLEAN:
            return CellKind.BOOLEAN, "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_ERROR:
            return CellKind.ERROR, xlrd.error_text_from_code.get(value, f"#{value}")
        if not isfinite(value):
            self._remarks.append("TEXT_IN_NUMBER_CELL")
            return CellKind.TEXT, str(value)
        return CellKind.NUMBER, repr(float(value)).removesuffix(".0")


def _defined_names(book: Any) -> dict[str, str]:
    sheets = book.sheet_names()
    names = {}
    for name in book.name_obj_list:
        local = 0 <= name.scope < len(sheets)
        text = getattr(getattr(name, "result", None), "text", None)
        names[f"{sheets[name.scope]}!{name.name}" if local else name.name] = text or ""
    return names


def _number_formats(book: Any) -> tuple[str, ...]:
    formats = (book.format_map.get(style.format_key) for style in book.xf_list)
    return tuple(form.format_str if form is not None else "General" for form in formats)


class _Silent:
    """Takes what xlrd prints."""

    def write(self, text: str) -> None:
        pass
