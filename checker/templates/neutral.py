"""A drawing as the workbook a reader would hand over, without any file."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model.workbook import Cell, Sheet, SheetContent, Workbook
from checker.templates.drawing import Drawing

__all__ = ["to_workbook"]


def to_workbook(drawings: Mapping[str, Drawing], *, path: str = "") -> Workbook:
    """The neutral workbook with one sheet per drawing, in their order."""
    formats: dict[str, int] = {"General": 0}
    sheets = tuple(_sheet(name, drawing, formats) for name, drawing in drawings.items())
    codes = tuple(formats)
    return Workbook(path=path, sha256="", source="xlsx", sheets=sheets, load_number_formats=lambda: codes)


def _sheet(name: str, drawing: Drawing, formats: dict[str, int]) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(drawing.cells.items()):
        if cell.kind:
            style = formats.setdefault(cell.format or "General", len(formats))
            rows.setdefault(row, {})[column] = Cell(cell.kind, cell.raw, cell.formula, style)
    content = SheetContent(rows, drawing.merges)
    return Sheet(name, lambda: content)
