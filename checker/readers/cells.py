"""The cells of a sheet, from the names of the elements that end.

This is the hot path of the whole program. expat calls back four times per cell, so as much of that as possible
stays in C: start tags go straight into a dictionary (the last attributes by element name), texts into a list,
and end tags are sent to a coroutine, which keeps its state in local variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from itertools import count
from math import isfinite
from typing import Final

from checker.model.workbook import Cell, CellKind, RowCallback, address
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
        known: Callable[[int], dict[int, Cell] | None] | None,
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
        self._shared: dict[str, SharedFormula] = {}
        self._shared_length = 0
        #: Column → last row and text of an array formula that reaches over several cells.
        self._arrays: dict[int, tuple[int, str]] = {}
        self._array_columns = 0

    def read(self, finished: Callable[[], None]) -> Generator[int, str, None]:
        """To be sent the name of each element that ends; yields how many have ended. Raises ``ReadError``.

        ``finished`` is called when the cells end. An empty name asks for the count alone.
        """
        last, pieces, texts, letters, cell_type = self.last, self.pieces, self._texts, LETTERS, Cell
        pop, new = pieces.pop, tuple.__new__
        number_kind, text_kind = CellKind.NUMBER, CellKind.TEXT
        text_count = len(texts)
        styles = _Styles(self._place)
        row: dict[int, Cell] = {}
        runs: list[str] = []
        formula: str | None = None
        suffix = _NO_ROW
        ascending = True
        number = filled = 0
        #: Columns left of the cell that is being read.
        column = 0
        for ends in count():
            name = yield ends
            if name == "v":
                value = pop() if pieces else ""
                if pieces:
                    self._drop_stray()
            elif name == "c":
                if formula is None:
                    column += 1
                    continue
                value = ""
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
                formula = pop().strip() if pieces else ""
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
                self._end_other(name, runs, finished)
                continue

            cell = last["c"]
            try:
                expected = cell["r"] == letters[column] + suffix
            except (KeyError, IndexError):
                expected = False
            if not expected:
                reference = cell.get("r")
                if suffix is _NO_ROW:
                    number = self._row_number(last["row"], number, reference)
                    suffix = str(number)
                    row = (self._known and self._known(number)) or {}
                    filled = len(row)
                    ascending = True
                if reference is not None:
                    found = self._column(reference, number) - 1
                    ascending = ascending and found >= column
                    column = found
                elif column >= limits.MAX_COLUMN:
                    raise refuse("OUTSIDE_GRID", self._place, reference=f"R{number}C{column + 1}")
            if formula is not None and (last["f"] or not formula):
                formula = self._special_formula(last["f"], formula, number, column + 1)

            kind = cell.get("t")
            if kind is None and len(value) < _SHORT and value.replace(".", "", 1).isdigit() and value.isascii():
                row[column + 1] = new(cell_type, (number_kind, value, formula, styles[cell.get("s")]))
                filled += 1
            elif kind == "s" and len(value) < _SHORT and value.isdecimal() and (index := int(value)) < text_count:
                row[column + 1] = new(cell_type, (text_kind, texts[index], formula, styles[cell.get("s")]))
                filled += 1
            elif name == "c":
                # A formula without a value, or with the value before it.
                valued = row.get(column + 1)
                if valued is not None:
                    row[column + 1] = valued._replace(formula=formula)
                elif formula is not None:
                    row[column + 1] = Cell(CellKind.NO_CACHE, "", formula, styles[cell.get("s")])
                    filled += 1
                column += 1
            else:
                content = self._content(kind or "n", value, formula is not None, number, column + 1)
                if content is not None:
                    row[column + 1] = Cell(*content, formula, styles[cell.get("s")])
                    filled += 1
            formula = None

    def _end_other(self, name: str, runs: list[str], finished: Callable[[], None]) -> None:
        """An element that holds no content of a cell; nothing, where only the count is asked for."""
        if name == "rPh" and runs:
            runs.pop()
        elif name == "sheetData":
            finished()
        elif name.endswith((":Choice", "}Choice")):
            raise refuse("ALTERNATE_CELLS", self._place)
        if name:
            self.pieces.clear()

    def _content(self, kind: str, value: str, has_formula: bool, row: int, column: int) -> tuple[str, str] | None:
        """Kind and raw text of a cell that is not a plain number or a shared text; None if it is blank."""
        if kind in ("str", "inlineStr"):
            if len(value) > limits.MAX_TEXT_LENGTH:
                raise refuse("TEXT_TOO_LONG", self._at(row, column), limit=limits.MAX_TEXT_LENGTH)
            return CellKind.TEXT, unescape(value)
        stripped = value.strip()
        if not stripped:
            return (CellKind.NO_CACHE, "") if has_formula else None
        if kind == "n":
            if _NUMBER.fullmatch(stripped) and isfinite(float(stripped)):
                return CellKind.NUMBER, stripped
            self._remark("TEXT_IN_NUMBER_CELL")
        elif kind == "e":
            return CellKind.ERROR, stripped
        elif kind == "b" and stripped in _BOOLEANS:
            return CellKind.BOOLEAN, _BOOLEANS[stripped]
        elif kind == "d":
            return CellKind.DATE, stripped
        elif kind == "s":
            raise refuse("TEXT_MISSING", self._at(row, column), number=stripped[:20])
        else:
            self._remark("UNKNOWN_CELL_TYPE")
        return CellKind.TEXT, value

    def _drop_stray(self) -> None:
        """Forget texts between elements, left where the text of the last element has been taken."""
        if any(len(piece) > limits.MAX_TEXT_LENGTH for piece in self.pieces):
            raise refuse("TEXT_TOO_LONG", self._place, limit=limits.MAX_TEXT_LENGTH)
        self.pieces.clear()

    def _row_number(self, attributes: dict[str, str], previous: int, reference: str | None) -> int:
        """The number of the row that begins; where it has none, that of its first cell, else the next."""
        text = attributes.get("r")
        if text is None:
            place = parse_cell(reference) if reference else None
            number = place[0] if place else previous + 1
        else:
            number = int(text) if len(text) < _SHORT and text.isdecimal() else 0
        if not 1 <= number <= limits.MAX_ROW:
            raise refuse("OUTSIDE_GRID", self._place, reference=f"R{(text or str(number))[:_SHORT]}")
        if number <= previous:
            if self._known is None:
                raise refuse("ROWS_OUT_OF_ORDER", self._place, row=number)
            self.ordered = False
        return number

    def _column(self, reference: str, row: int) -> int:
        place = parse_cell(reference)
        if place is None:
            code = "OUTSIDE_GRID" if reference.isalnum() else "BAD_REFERENCE"
            raise refuse(code, self._place, reference=reference[:_SHORT])
        if place[0] != row:
            raise refuse("CELL_IN_WRONG_ROW", self._place, reference=reference, row=row)
        return place[1]

    def _finish_row(self, number: int, row: dict[int, Cell]) -> None:
        self.total += len(row)
        if self.total > self._max_cells:
            raise refuse("TOO_MANY_CELLS", self._place, limit=self._max_cells)
        if self._arrays:
            for column, cell in row.items():
                bottom, formula = self._arrays.get(column, (0, ""))
                if number <= bottom and cell.formula is None:
                    row[column] = cell._replace(formula=formula)
        self._emit(number, row)

    def _special_formula(self, attributes: dict[str, str], text: str, row: int, column: int) -> str | None:
        """The formula from an ``f`` element that has attributes or no text; None if there is none."""
        kind = attributes.get("t")
        if kind == "shared":
            return self._shared_formula(attributes, text, row, column)
        if kind == "dataTable":
            inputs = (attributes.get("r1"), attributes.get("r2"))
            text = f"TABLE({','.join(filter(None, inputs))})"
        if kind in ("array", "dataTable") and text:
            self._add_array(attributes.get("ref", ""), text)
        return text or None

    def _add_array(self, reference: str, text: str) -> None:
        area = parse_range(reference)
        if area is None or (area.top, area.left) == (area.bottom, area.right):
            return
        self._array_columns += area.right - area.left + 1
        if self._array_columns > limits.MAX_ARRAY_COLUMNS:
            raise refuse("TOO_MANY_ARRAYS", self._place, limit=limits.MAX_ARRAY_COLUMNS)
        self._arrays.update(dict.fromkeys(range(area.left, area.right + 1), (area.bottom, text)))

    def _shared_formula(self, attributes: dict[str, str], text: str, row: int, column: int) -> str:
        index = attributes.get("si", "")
        if text:
            if len(text) > limits.MAX_SHARED_FORMULA:
                raise refuse("FORMULAS_TOO_LONG", self._place, limit=limits.MAX_SHARED_FORMULA)
            if "ref" in attributes or index not in self._shared:
                self._shared[index] = SharedFormula(text, row, column)
            return text
        shared = self._shared.get(index)
        text = shared.at(row, column) if shared is not None else ""
        self._shared_length += len(text)
        if self._shared_length > limits.MAX_SHARED_FORMULAS:
            raise refuse("FORMULAS_TOO_LONG", self._place, limit=limits.MAX_SHARED_FORMULAS)
        return text

    def _at(self, row: int, column: int) -> str:
        return f"{self._place}!{address(row, column)}"


class _Styles(dict[str | None, int]):
    """Style numbers by their text; no text is style 0."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, text: str | None) -> int:
        if text is not None and not (text.isdecimal() and len(text) < _SHORT):
            raise refuse("STYLE_DAMAGED", self._place)
        number = int(text or 0)
        if len(self) < limits.MAX_STYLES:
            self[text] = number
        return number
