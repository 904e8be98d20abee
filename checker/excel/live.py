"""Cells asked of the running program, for a workbook whose copy cannot be read.

Values and formulas come in blocks; what a block has only in part (number formats, merged cells, hidden rows) is found
by halving it. Measured on a sheet of 60 × 12 cells: about a thousand calls, where a copy costs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from checker.model.workbook import Cell, CellKind, Range, Sheet, SheetContent, Workbook
from checker.readers.refusals import refuse

__all__ = ["LIMITED", "cells_of", "hidden_rows", "read_live"]

#: The remark that a report on such a reading carries.
LIMITED: Final = "LIVE_READING"
#: Cells of one sheet that are asked for, and those of one block.
_MOST_CELLS: Final = 200_000
_BLOCK: Final = 20_000

#: Errors in cells as COM gives them (2000 and more, as HRESULT; Microsoft, XlCVError).
_ERRORS: Final = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826238: "#CALC!",
}
_STATES: Final = {-1: "visible", 0: "hidden", 2: "very_hidden"}


def read_live(book: Any, path: str) -> Workbook:
    """The open workbook ``book``, its sheets asked for on first use. Formulas that a protected sheet hides make
    ``formulas`` False. Sheets may raise ``ReadError``."""
    formats: dict[str, int] = {"General": 0}
    sheets = list(book.sheets)
    remarks = [LIMITED]
    if book.api.Sheets.Count != len(sheets):
        remarks.append("SHEET_WITHOUT_CELLS")

    def every_format() -> tuple[str, ...]:
        """Known when all sheets were asked."""
        for sheet in asked:
            sheet.content  # noqa: B018 - it is read on first use
        return tuple(formats)

    asked = tuple(
        Sheet(
            sheet.name,
            partial(_content, sheet.api, formats, f"{path}!{sheet.name}"),
            state=_STATES.get(int(sheet.api.Visible), "visible"),
        )
        for sheet in sheets
    )
    return Workbook(
        path=path,
        sha256="",
        source="xlsx",
        sheets=asked,
        date1904=bool(book.api.Date1904),
        formulas=not any(
            sheet.api.ProtectContents and sheet.api.UsedRange.FormulaHidden is not False for sheet in sheets
        ),
        remarks=remarks,
        load_number_formats=every_format,
    )


def cells_of(sheet: Any, area: Range) -> dict[int, dict[int, Cell]]:
    """Values and formulas of an area of a COM worksheet, without number formats."""
    rows: dict[int, dict[int, Cell]] = {}
    width = area.right - area.left + 1
    step = max(1, _BLOCK // width)
    for top in range(area.top, area.bottom + 1, step):
        block = _range(sheet, Range(top, area.left, min(area.bottom, top + step - 1), area.right))
        for number, (values, formulas) in enumerate(zip(_grid(block.Value2), _grid(block.Formula), strict=True), top):
            cells = {
                column: cell
                for column, (value, formula) in enumerate(zip(values, formulas, strict=True), area.left)
                if (cell := _cell(value, formula)) is not None
            }
            if cells:
                rows[number] = cells
    return rows


def _content(sheet: Any, formats: dict[str, int], where: str) -> SheetContent:
    used = sheet.UsedRange
    top, left = int(used.Row), int(used.Column)
    area = Range(top, left, top + int(used.Rows.Count) - 1, left + int(used.Columns.Count) - 1)
    if (area.bottom - top + 1) * (area.right - left + 1) > _MOST_CELLS:
        raise refuse("TOO_MANY_CELLS", where)
    rows = cells_of(sheet, area)
    for part, code in _formats(sheet, area, rows):
        style = formats.setdefault(code, len(formats))
        for number in range(part.top, part.bottom + 1):
            cells = rows.get(number, {})
            for column in range(part.left, part.right + 1):
                if style and column in cells:
                    cells[column] = cells[column]._replace(style=style)
    return SheetContent(
        rows,
        tuple(_merges(sheet, area)),
        frozenset(hidden_rows(sheet, area)),
        frozenset(_hidden(area.left, area.right, partial(_columns_hidden, sheet))),
    )


def hidden_rows(sheet: Any, area: Range) -> Iterator[int]:
    """The rows of an area of a COM worksheet that are hidden, by a filter or by hand."""
    return _hidden(area.top, area.bottom, lambda first, last: sheet.Range(f"{first}:{last}").EntireRow.Hidden)


def _columns_hidden(sheet: Any, first: int, last: int) -> object:
    return sheet.Range(sheet.Cells(1, first), sheet.Cells(1, last)).EntireColumn.Hidden


def _cell(value: object, formula: object) -> Cell | None:
    """A cell from what ``Value2`` and ``Formula`` say; None if it is blank."""
    text = formula[1:] if isinstance(formula, str) and formula.startswith("=") and formula != value else None
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, "TRUE" if value else "FALSE", text)
    if isinstance(value, int) and value in _ERRORS:
        return Cell(CellKind.ERROR, _ERRORS[value], text)
    if isinstance(value, int | float):
        return Cell(CellKind.NUMBER, repr(value).removesuffix(".0"), text)
    if isinstance(value, str) and (value or text):
        return Cell(CellKind.TEXT, value, text)
    return Cell(CellKind.NO_CACHE, "", text) if text else None


def _formats(sheet: Any, area: Range, rows: dict[int, dict[int, Cell]]) -> Iterator[tuple[Range, str]]:
    """Number formats of the filled cells: column by column, since a column is usually of one format, then by halves."""
    for column in range(area.left, area.right + 1):
        filled = [number for number, cells in rows.items() if column in cells]
        ahead = [filled] if filled else []
        while ahead:
            part = ahead.pop()
            where = Range(part[0], column, part[-1], column)
            code = _range(sheet, where).NumberFormat
            if isinstance(code, str):
                yield where, code
            else:
                half = len(part) // 2
                ahead += [part[half:], part[:half]] if half else []


def _merges(sheet: Any, area: Range) -> Iterator[Range]:
    found: list[Range] = []
    ahead = [area]
    while ahead:
        part = ahead.pop()
        if any(_within(part, merge) for merge in found):
            continue
        merged = _range(sheet, part).MergeCells
        if merged is False:
            continue
        if merged or (part.top == part.bottom and part.left == part.right):
            whole = sheet.Cells(part.top, part.left).MergeArea
            top, left = int(whole.Row), int(whole.Column)
            merge = Range(top, left, top + int(whole.Rows.Count) - 1, left + int(whole.Columns.Count) - 1)
            if merge not in found:
                found.append(merge)
                yield merge
            if _within(part, merge):
                continue
        ahead += _halves(part)


def _within(part: Range, whole: Range) -> bool:
    return (
        whole.top <= part.top and part.bottom <= whole.bottom and whole.left <= part.left and part.right <= whole.right
    )


def _halves(part: Range) -> tuple[Range, ...]:
    """The two halves, the first one last: it is taken next."""
    if part.top < part.bottom:
        middle = (part.top + part.bottom) // 2
        return part._replace(top=middle + 1), part._replace(bottom=middle)
    if part.left < part.right:
        middle = (part.left + part.right) // 2
        return part._replace(left=middle + 1), part._replace(right=middle)
    return ()


def _hidden(first: int, last: int, ask: Callable[[int, int], object]) -> Iterator[int]:
    """The numbers from ``first`` to ``last`` that are hidden; ``ask`` gives None for a mixture."""
    ahead = [(first, last)]
    while ahead:
        low, high = ahead.pop()
        hidden = ask(low, high)
        if hidden is None and low < high:
            middle = (low + high) // 2
            ahead += [(middle + 1, high), (low, middle)]
        elif hidden:
            yield from range(low, high + 1)


def _range(sheet: Any, part: Range) -> Any:
    return sheet.Range(sheet.Cells(part.top, part.left), sheet.Cells(part.bottom, part.right))


def _grid(block: Any) -> tuple[tuple[Any, ...], ...]:
    """What COM gives for an area: rows of cells, but one value for one cell."""
    return block if isinstance(block, tuple) else ((block,),)
