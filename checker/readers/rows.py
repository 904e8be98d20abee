"""The rows of a sheet while it is read: which row is next, what a cell means, which formulas are shared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final

from checker.model.workbook import Cell, CellKind, PlainRow, address
from checker.readers import limits
from checker.readers.escapes import unescape
from checker.readers.formulas import SharedFormula
from checker.readers.grid import parse_cell, parse_range
from checker.readers.refusals import refuse

__all__ = ["SHORT", "RowKeeper", "Styles"]

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: Longer numbers, which might not be finite, are looked at more closely.
SHORT: Final = 40
_BOOLEANS: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


class RowKeeper:
    """Takes the rows of one sheet as they are read.

    ``emit`` gets each row with cells; ``known`` finds a row that was emitted before, where rows are kept.
    ``place`` is ``file!sheet``; ``remark`` takes codes of oddities.
    """

    def __init__(
        self,
        place: str,
        texts: list[str],
        emit: Callable[[int, Mapping[int, Cell]], None],
        known: Callable[[int], Mapping[int, Cell] | None] | None,
        max_cells: int,
        remark: Callable[[str], None],
    ) -> None:
        self.place = place
        self.texts = texts
        self.styles = Styles(place)
        self.hidden: set[int] = set()
        #: False once a row came after a later one.
        self.ordered = True
        #: Cells emitted.
        self.total = 0
        self._emit = emit
        self._known = known
        self._max_cells = max_cells
        self._remark = remark
        self._number = 0
        self._shared: dict[str, SharedFormula] = {}
        self._shared_characters = 0
        self._shared_references = 0
        #: Column → last row and text of an array formula that reaches over several cells.
        self._arrays: dict[int, tuple[int, str]] = {}
        self._array_columns = 0

    def next_row(self, text: str | None, reference: str | None = None) -> int:
        """The number of the row that begins; without one, that of its first cell, else the next."""
        if text is None:
            place = parse_cell(reference) if reference else None
            number = place[0] if place else self._number + 1
        else:
            number = int(text) if len(text) < SHORT and text.isdecimal() else 0
        if not 1 <= number <= limits.MAX_ROW:
            raise refuse("OUTSIDE_GRID", self.place, reference=f"R{(text or str(number))[:SHORT]}")
        if number <= self._number:
            if self._known is None:
                raise refuse("ROWS_OUT_OF_ORDER", self.place, row=number)
            self.ordered = False
        self._number = number
        return number

    def cells(self, number: int) -> dict[int, Cell]:
        """The cells of row ``number`` so far: nearly always none."""
        return {**((self._known and self._known(number)) or {})}

    def column(self, reference: str, row: int) -> int:
        place = parse_cell(reference)
        if place is None:
            code = "OUTSIDE_GRID" if reference.isalnum() else "BAD_REFERENCE"
            raise refuse(code, self.place, reference=reference[:SHORT])
        if place[0] != row:
            raise refuse("CELL_IN_WRONG_ROW", self.place, reference=reference, row=row)
        return place[1]

    def content(self, kind: str, value: str, has_formula: bool, row: int, column: int) -> tuple[str, str] | None:
        """Kind and raw text of a cell of type ``kind``; None if it is blank."""
        if len(value) > limits.MAX_TEXT_LENGTH:
            raise refuse("TEXT_TOO_LONG", self._at(row, column), limit=limits.MAX_TEXT_LENGTH)
        if kind in ("str", "inlineStr"):
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
            if len(stripped) < SHORT and stripped.isdecimal() and int(stripped) < len(self.texts):
                return CellKind.TEXT, self.texts[int(stripped)]
            raise refuse("TEXT_MISSING", self._at(row, column), number=stripped[:20])
        else:
            self._remark("UNKNOWN_CELL_TYPE")
        return CellKind.TEXT, value

    def finish(self, number: int, row: dict[int, Cell]) -> None:
        """Hand over row ``number``, which has ``row`` for its cells."""
        self.total += len(row)
        if self.total > self._max_cells:
            raise refuse("TOO_MANY_CELLS", self.place)
        if self._arrays:
            for column, cell in row.items():
                bottom, formula = self._arrays.get(column, (0, ""))
                if number <= bottom and cell.formula is None:
                    row[column] = cell._replace(formula=formula)
        self._emit(number, row)

    def finish_plain(self, number: int, row: PlainRow) -> None:
        """As ``finish``; a row without cells is none."""
        if not row:
            return
        if self._arrays or (self._known and self._known(number)):
            cells = self.cells(number)
            if not cells.keys().isdisjoint(row):
                raise refuse("CELL_TWICE", self.place, row=number)
            self.finish(number, dict(sorted([*cells.items(), *row.items()])))
        else:
            self.total += len(row)
            if self.total > self._max_cells:
                raise refuse("TOO_MANY_CELLS", self.place)
            self._emit(number, row)

    def special_formula(self, attributes: dict[str, str], text: str, row: int, column: int) -> str | None:
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
            raise refuse("TOO_MANY_ARRAYS", self.place, limit=limits.MAX_ARRAY_COLUMNS)
        self._arrays.update(dict.fromkeys(range(area.left, area.right + 1), (area.bottom, text)))

    def _shared_formula(self, attributes: dict[str, str], text: str, row: int, column: int) -> str:
        index = attributes.get("si", "")
        if text:
            if len(text) > limits.MAX_SHARED_FORMULA:
                raise refuse("FORMULA_TOO_LONG", self.place, limit=limits.MAX_SHARED_FORMULA)
            if "ref" in attributes or index not in self._shared:
                self._shared[index] = SharedFormula(text, row, column)
            return text
        shared = self._shared.get(index)
        if shared is None:
            return ""
        text = shared.at(row, column)
        self._shared_characters += len(text)
        self._shared_references += shared.references
        if (
            self._shared_characters > limits.MAX_SHARED_CHARACTERS
            or self._shared_references > limits.MAX_SHARED_REFERENCES
        ):
            raise refuse("TOO_MANY_FORMULAS", self.place)
        return text

    def _at(self, row: int, column: int) -> str:
        return f"{self.place}!{address(row, column)}"


class Styles(dict[str | None, int]):
    """Style numbers by their text; no text is style 0."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, text: str | None) -> int:
        if text is not None and not (text.isdecimal() and len(text) < SHORT):
            raise refuse("STYLE_DAMAGED", self._place)
        number = int(text or 0)
        if len(self) < limits.MAX_STYLES:
            self[text] = number
        return number
