"""A drawing as the workbook a reader would hand over, without any file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from checker.model.workbook import Cell, Sheet, SheetContent, Workbook, column_letters
from checker.templates.drawing import Drawing

__all__ = ["to_workbook"]


def to_workbook(
    drawings: Mapping[str, Drawing], *, path: str = "", hidden: Mapping[str, Collection[str]] | None = None
) -> Workbook:
    """The neutral workbook with one sheet per drawing, in their order. ``hidden`` are, by sheet, rows by number and
    columns by letter, or ``sheet`` for all of it."""
    formats: dict[str, int] = {"General": 0}
    unseen = hidden or {}
    sheets = tuple(_sheet(name, drawing, formats, unseen.get(name, ())) for name, drawing in drawings.items())
    codes = tuple(formats)
    return Workbook(path=path, sha256="", source="xlsx", sheets=sheets, load_number_formats=lambda: codes)


def _sheet(name: str, drawing: Drawing, formats: dict[str, int], hidden: Collection[str]) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(drawing.cells.items()):
        if cell.kind:
            style = formats.setdefault(cell.format or "General", len(formats))
            rows.setdefault(row, {})[column] = Cell(cell.kind, cell.raw, cell.formula, style)
    columns = {column_letters(column): column for row in rows.values() for column in row}
    content = SheetContent(
        rows,
        drawing.merges,
        hidden_rows=frozenset(int(part) for part in hidden if part.isdecimal()),
        hidden_columns=frozenset(columns[part] for part in hidden if part in columns),
    )
    return Sheet(name, lambda: content, state="hidden" if "sheet" in hidden else "visible")
