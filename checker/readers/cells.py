"""The cells of a sheet, from the names of the elements that end.

This is the hot path of the whole program. expat calls back four times per cell, so as much of that as possible
stays in C: start tags go straight into a dictionary (the last attributes by element name), texts into a list,
and end tags are sent to a coroutine, which keeps its state in local variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from math import isfinite
from typing import Final

from checker.model.workbook import Cell, CellKind, Row, RowCallback
from checker.readers import limits
from checker.readers.formulas import SharedFormula
from checker.readers.grid import LETTERS, parse_cell, parse_range
from checker.readers.refusals import refuse
from checker.readers.texts import unescape

__all__ = ["CellReader"]

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: Longer numbers, which might not be finite, are looked at more closely.
_SHORT: Final = 40
#: Stands for the row number where no cell of the row has been met yet: no reference ends like that.
_NO_ROW: Final = "!"
_BOOLEANS: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


class CellReader:
    """Reads the content of one ``sheetData`` element.

    ``last`` holds the last attributes by element name, ``pieces`` the texts since the last end tag. ``emit``
    gets each row with cells; ``known`` finds a row that was emitted before, where rows are kept. ``place`` is
    ``file!sheet``; ``remark`` takes codes of oddities.
    """

    def __init__(
        self,
        place: str,
        texts: list[str],
        emit: RowCallback,
        known: Callable[[int], Row | None] | None,
        max_cells: int,
        remark: Callable[[str], None],
    ) -> None:
        self.last: dict[str, dict[str, str]] = {"c": {}, "f": {}, "row": {}}
        self.pieces: list[str] = []
        self.hidden_rows: set[int] = set()
        #: False once a row came after a later one.
        self.ordered = True
        #: Cells emitted.
        self.total = 0
        self._place = place
        self._texts = texts
        self._emit = emit
        self._known = known
        self._max_cells = max_cells
        self._remark = remark
        self._highest_row = 0
        self._shared: dict[str, SharedFormula] = {}
        self._shared_length = 0
        #: Column → last row and text of an array formula that reaches over several cells.
        self._arrays: dict[int, tuple[int, str]] = {}
        self._array_columns = 0

    def read(self) -> Generator[int, str, None]:
        """To be sent the name of each element that ends; yields how many have ended. Raises ``ReadError``.

        An empty name asks for the count alone.
        """
        last, pieces, texts = self.last, self.pieces, self._texts
        pop, new = pieces.pop, tuple.__new__
        number_kind, text_kind = CellKind.NUMBER, CellKind.TEXT
        text_count = len(texts)
        styles = _Styles(self._place)
        row: dict[int, Cell] = {}
        runs: list[str] = []
        value: str | None
        formula: str | None = None
        special: dict[str, str] | None = None
        suffix = _NO_ROW
        ascending = True
        number = filled = ends = 0
        #: Columns left of the cell that is being read.
        column = 0
        while True:
            name = yield ends
            ends += 1
            if name == "v":
                value = pop() if pieces else ""
                if pieces:
                    self._drop_stray()
            elif name == "c":
                if formula is None and special is None:
                    column += 1
                    if pieces:
                        pieces.clear()
                    continue
                value = None
            elif name == "row":
                attributes = last["row"]
                if suffix is _NO_ROW:
                    number = self._row_number(attributes, number, None)
                elif row:
                    if filled != len(row):
                        raise refuse("CELL_TWICE", self._place, row=number)
                    self._finish_row(number, row if ascending else dict(sorted(row.items())))
                if "hidden" in attributes and attributes["hidden"] in ("1", "true"):
                    self.hidden_rows.add(number)
                suffix = _NO_ROW
                column = 0
                continue
            elif name == "f":
                formula = pop() if pieces else None
                special = last["f"] or None
                if pieces:
                    self._drop_stray()
                continue
            elif name == "t":
                runs.append(pop() if pieces else "")
                if pieces:
                    self._drop_stray()
                continue
            elif name == "is":
                value = "".join(runs)
                runs.clear()
                last["c"]["t"] = "inlineStr"
            else:
                if name == "rPh" and runs:
                    runs.pop()
                elif name.endswith((":Choice", "}Choice")):
                    raise refuse("ALTERNATE_CELLS", self._place)
                if name:
                    pieces.clear()
                continue

            cell = last["c"]
            try:
                expected = cell["r"] == LETTERS[column] + suffix
            except (KeyError, IndexError):
                expected = False
            if not expected:
                reference = cell.get("r")
                if suffix is _NO_ROW:
                    number = self._row_number(last["row"], number, reference)
                    suffix = str(number)
                    row = dict((self._known and self._known(number)) or ())
                    filled = len(row)
                    ascending = True
                if reference is not None:
                    found = self._column(reference, number) - 1
                    ascending = ascending and found >= column
                    column = found
                elif column >= limits.MAX_COLUMN:
                    raise refuse("OUTSIDE_GRID", self._place, reference=f"R{number}C{column + 1}")
            if special is not None:
                formula = self._special_formula(special, formula, number, column + 1)
                special = None

            kind = cell.get("t")
            if (
                kind is None
                and value
                and len(value) < _SHORT
                and value.replace(".", "", 1).isdigit()
                and value.isascii()
            ):
                row[column + 1] = new(Cell, (number_kind, value, formula, styles[cell.get("s")]))
                filled += 1
            elif kind == "s" and value and value.isdigit() and (index := int(value)) < text_count:
                row[column + 1] = new(Cell, (text_kind, texts[index], formula, styles[cell.get("s")]))
                filled += 1
            elif value is None and column + 1 in row:
                # The formula of a cell that was written after its value.
                row[column + 1] = row[column + 1]._replace(formula=formula)
            else:
                content = self._content(kind, value, formula, f"{self._place}!{LETTERS[column % 702]}{number}")
                if content is not None:
                    row[column + 1] = Cell(*content, formula, styles[cell.get("s")])
                    filled += 1
            formula = None
            if name == "c":
                column += 1
