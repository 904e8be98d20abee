"""The cells of a sheet as expat tells of them: everything that is not ``plain``."""

from __future__ import annotations

from checker.model.workbook import Cell, CellKind
from checker.readers import limits
from checker.readers.grid import parse_cell
from checker.readers.refusals import refuse
from checker.readers.rows import RowKeeper

__all__ = ["CellReader"]


class CellReader:
    """Takes the elements within one ``sheetData`` element and gives rows to ``rows``.

    ``pieces`` takes the texts in between. Raises ``ReadError``.
    """

    def __init__(self, rows: RowKeeper) -> None:
        self.pieces: list[str] = []
        self._rows = rows
        self._header: dict[str, str] = {}
        #: 0 before the first cell of a row has been met.
        self._number = 0
        self._row: dict[int, Cell] = {}
        self._column = 0
        self._ascending = True
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._formula_attributes: dict[str, str] = {}
        self._runs: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.pieces.clear()
        if name == "c":
            self._cell = attributes
            self._value = self._formula = None
        elif name == "row":
            self._header = attributes
            self._number = self._column = 0
            self._row = {}
            self._ascending = True
        elif name == "f":
            self._formula_attributes = attributes
        elif name.endswith((":Choice", "}Choice")):
            raise refuse("ALTERNATE_CELLS", self._rows.place)

    def end(self, name: str) -> None:
        if name == "v":
            if self._value is not None:
                raise refuse("CELL_TWICE", self._rows.place, row=self._number)
            self._value = "".join(self.pieces)
        elif name == "f":
            self._formula = "".join(self.pieces).strip()
        elif name == "t":
            self._runs.append("".join(self.pieces))
        elif name == "rPh" and self._runs:
            self._runs.pop()
        elif name == "is":
            self._value = "".join(self._runs)
            self._runs.clear()
            self._cell["t"] = "inlineStr"
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        self.pieces.clear()

    def _end_cell(self) -> None:
        rows, reference = self._rows, self._cell.get("r")
        if not self._number:
            self._begin_row(reference)
        if self._value is None and self._formula is None:
            place = parse_cell(reference) if reference else None
            self._column = place[1] if place else self._column + 1
            return
        number = self._number
        column = self._column + 1 if reference is None else rows.column(reference, number)
        if column > limits.MAX_COLUMN:
            raise refuse("OUTSIDE_GRID", rows.place, reference=f"R{number}C{column}")
        if column in self._row:
            raise refuse("CELL_TWICE", rows.place, row=number)
        self._ascending = self._ascending and column > self._column
        self._column = column
        formula = self._formula
        if formula is not None and (self._formula_attributes or not formula):
            formula = rows.special_formula(self._formula_attributes, formula, number, column)
        style = rows.styles[self._cell.get("s")]
        if self._value is not None:
            content = rows.content(self._cell.get("t", "n"), self._value, formula is not None, number, column)
            if content is not None:
                self._row[column] = Cell(*content, formula, style)
        elif formula is not None:
            self._row[column] = Cell(CellKind.NO_CACHE, "", formula, style)

    def _begin_row(self, reference: str | None = None) -> None:
        self._number = self._rows.next_row(self._header.get("r"), reference)
        self._row = self._rows.cells(self._number)

    def _end_row(self) -> None:
        if not self._number:
            self._begin_row()
        if self._row:
            self._rows.finish(self._number, self._row if self._ascending else dict(sorted(self._row.items())))
        if self._header.get("hidden") in ("1", "true"):
            self._rows.hidden.add(self._number)
