"""Writes drawings to an .xlsx file that looks like the official form and prints on A4."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from checker.errors import UsageError
from checker.messages import tr
from checker.model.form import ColumnKind
from checker.model.workbook import CellKind, Range, address, column_letters
from checker.templates.drawing import Drawing, Placed, Position, Style
from checker.templates.package import finish

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_xlsx"]

_FONT: Final = "SimSun"
_BAD_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LIST_LIMIT: Final = 255  # characters that Excel takes in a list written into the validation itself


def write_xlsx(drawings: Mapping[str, Drawing], path: str | Path, *, overwrite: bool = False) -> None:
    """Write one sheet per drawing, in their order. The same drawings give the same bytes.

    The file appears whole or not at all. Raises UsageError when it exists already and ``overwrite`` is not
    said, when it cannot be written, or when a sheet name is not one that Excel takes."""
    target = Path(path)
    for name in drawings:
        if not 0 < len(name) <= 31 or _BAD_NAME.search(name):
            raise UsageError(
                "sheet-name",
                tr("{name} cannot be the name of a sheet.", name=repr(name)),
                hint=tr("A name has 1 to 31 characters, none of them []:*?/\\."),
            )
    if target.exists() and not overwrite:
        raise UsageError(
            "output-exists",
            tr("{path} exists already and was left as it is.", path=str(target)),
            hint=tr("Choose another name, or say that it may be overwritten."),
        )
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".xlsx")
        os.close(handle)
        try:
            _save(drawings, temporary)
            Path(temporary).chmod(0o644)
            os.replace(temporary, target)  # noqa: PTH105 - atomic on every system
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            "output-not-written",
            tr("{path} cannot be written: {reason}.", path=str(target), reason=error.strerror or str(error)),
        ) from error


def _save(drawings: Mapping[str, Drawing], path: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    look = _Look()
    for name, drawing in drawings.items():
        look.draw(book.create_sheet(name), drawing)
    book.properties.creator = ""
    book.save(path)
    finish(path, list(drawings.values()))


class _Look:
    """Fonts, frames and protection, made once for a workbook."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, Protection, Side

        thin = Side(style="thin")
        self._frame = Border(left=thin, right=thin, top=thin, bottom=thin)
        self._font = Font(name=_FONT, size=10)
        self._title = Font(name=_FONT, size=16, bold=True)
        self._open = Protection(locked=False)
        self._styled: dict[tuple[str, bool, str], Any] = {}
        self._alignment = {
            style: Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
            for style, horizontal in (
                (Style.TITLE, "center"),
                (Style.YEAR, "center"),
                (Style.UNIT, "right"),
                (Style.NOTE, "left"),
                (Style.PLAIN, "left"),
                (Style.HEADING, "center"),
                (Style.ROW_LABEL, "left"),
                (Style.TEXT, "left"),
                (Style.CENTRE, "center"),
                (Style.NUMBER, "right"),
            )
        }

    def draw(self, sheet: Worksheet, drawing: Drawing) -> None:
        areas = {(m.top, m.left): m for m in drawing.merges}
        for (row, column), placed in sorted(drawing.cells.items()):
            for position in _positions(areas.get((row, column), Range(row, column, row, column))):
                self._style(sheet.cell(*position), placed)
            _put(sheet.cell(row, column), placed)
        for merge in drawing.merges:
            sheet.merged_cells.add(str(merge))
        for column, width in enumerate(drawing.widths, start=1):
            sheet.column_dimensions[column_letters(column)].width = width + 0.71  # what Excel adds for padding
        for row, height in drawing.heights.items():
            sheet.row_dimensions[row].height = height
        _validate(sheet, drawing)
        _set_up_page(sheet, drawing)

    def _style(self, cell: Any, placed: Placed) -> None:
        """Cells that look alike get the numbers of the first: openpyxl would look up each part of each again."""
        alike = (placed.style, placed.formula is None, placed.format)
        if alike in self._styled:
            cell._style = copy(self._styled[alike])
            return
        cell.font = self._title if placed.style == Style.TITLE else self._font
        cell.alignment = self._alignment[placed.style]
        if placed.style not in Style.UNFRAMED:
            cell.border = self._frame
        if placed.style in Style.INPUT and placed.formula is None:
            cell.protection = self._open
        if placed.format:
            cell.number_format = placed.format
        self._styled[alike] = copy(cell._style)


def _positions(area: Range) -> Iterator[Position]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column


def _put(cell: Any, placed: Placed) -> None:
    if placed.formula is not None:
        cell.value, cell.data_type = f"={placed.formula}", "f"
    elif placed.kind == CellKind.NUMBER:
        from decimal import Decimal

        cell.value = Decimal(placed.raw)
    elif placed.kind == CellKind.BOOLEAN:
        cell.value = placed.raw == "TRUE"
    elif placed.kind == CellKind.ERROR:
        cell.value, cell.data_type = placed.raw, "e"
    elif placed.kind:
        cell.value = _CONTROL.sub("", placed.raw)
        cell.data_type = "s"  # text that begins with = stays text


def _validate(sheet: Worksheet, drawing: Drawing) -> None:
    """Warn at a number that cannot be and offer the words to choose from; nil marks may still be typed."""
    from openpyxl.worksheet.cell_range import MultiCellRange

    wanted: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for position, placed in sorted(drawing.cells.items()):
        if placed.formula is None and (placed.choices or placed.holds in _LIMITED):
            holds = "" if placed.choices else placed.holds
            wanted.setdefault((holds, placed.choices), []).append(address(*position))
    for (holds, choices), cells in wanted.items():
        rule = _choice(choices) if choices else _limits(holds)
        if rule is not None:
            rule.errorStyle = "warning"
            rule.allow_blank = True
            rule.showErrorMessage = True
            rule.sqref = MultiCellRange(" ".join(cells))
            sheet.add_data_validation(rule)


_LIMITED: Final = frozenset({ColumnKind.AMOUNT, ColumnKind.SCORE, ColumnKind.COUNT, ColumnKind.WEIGHT})


def _limits(holds: str) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    if holds == ColumnKind.WEIGHT:
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
        rule.error = tr("Please enter full marks between 0 and 100.").zh
        return rule
    rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    rule.error = tr("Please enter a number that is not negative.").zh
    return rule


def _choice(choices: tuple[str, ...]) -> DataValidation | None:
    """None where the words are longer than Excel takes in a rule, or hold the comma that parts them."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = ",".join(choices)
    if len(words) > _LIST_LIMIT or any("," in word for word in choices):
        return None
    rule = DataValidation(type="list", formula1=f'"{words}"')
    rule.error = tr("Please choose one of: {words}.", words=words).zh
    return rule


def _set_up_page(sheet: Worksheet, drawing: Drawing) -> None:
    from openpyxl.worksheet.pagebreak import Break
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if drawing.landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.6
    sheet.sheet_view.showGridLines = False
    for row in drawing.breaks:
        sheet.row_breaks.append(Break(id=row))
