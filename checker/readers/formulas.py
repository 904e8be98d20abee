"""Shared formulas: one text stored for many cells, moved to each cell by its distance from the first."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from checker.model.workbook import column_letters
from checker.readers.grid import LETTERS, column_number
from checker.readers.limits import MAX_COLUMN, MAX_ROW

__all__ = ["SharedFormula"]

#: What a reference may stand beside or inside, longest first: texts, quoted sheet names, brackets (other books,
#: table columns), ranges of whole columns and whole rows, and words (names, functions, numbers, cells).
_TOKEN: Final = re.compile(
    r""" "(?:[^"]|"")*"
      | '(?:[^']|'')*'
      | \[[^][]*(?:\[[^][]*\][^][]*)*\]
      | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(!\[:$])
      | (?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.(!\[:$])
      | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w.(!\[$\\?])
      | [\w$.\\?]+
    """,
    re.VERBOSE,
)
_PART: Final = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")


class _Reference(NamedTuple):
    """Column and row, 0 where there is none; ``fixed`` ones (``$``) do not move."""

    column: int
    row: int
    column_fixed: bool
    row_fixed: bool

    def moved(self, rows: int, columns: int) -> str:
        text = "$" if self.column_fixed else ""
        if self.column:
            moved = self.column if self.column_fixed else (self.column - 1 + columns) % MAX_COLUMN + 1
            text += LETTERS[moved] if moved < len(LETTERS) else column_letters(moved)
        if self.row:
            moved = self.row if self.row_fixed else (self.row - 1 + rows) % MAX_ROW + 1
            text += f"${moved}" if self.row_fixed else str(moved)
        return text


class SharedFormula:
    """The formula ``text`` of the cell at (``row``, ``column``), to be moved to others.

    Excel wraps a reference around that leaves the grid, and so does this.
    """

    def __init__(self, text: str, row: int, column: int) -> None:
        self._row = row
        self._column = column
        self._parts: list[str | _Reference] = []
        end = 0
        for match in _TOKEN.finditer(text):
            if match.lastgroup is None:
                continue
            references = [_reference(part) for part in match[0].split(":")]
            if any(part.column > MAX_COLUMN or part.row > MAX_ROW for part in references):
                continue
            self._parts += [text[end : match.start()], references[0]]
            for part in references[1:]:
                self._parts += [":", part]
            end = match.end()
        self._parts.append(text[end:])
        #: How many references the formula has: what it costs to move it.
        self.references = sum(not isinstance(part, str) for part in self._parts)

    def at(self, row: int, column: int) -> str:
        """The text of the formula in the cell at (``row``, ``column``)."""
        rows, columns = row - self._row, column - self._column
        return "".join(part if isinstance(part, str) else part.moved(rows, columns) for part in self._parts)


def _reference(text: str) -> _Reference:
    match = _PART.fullmatch(text)
    assert match is not None, "a part of a token is a reference"
    dollar, letters, row_dollar, digits = match.groups()
    row_fixed = bool(row_dollar or (dollar and not letters))
    return _Reference(column_number(letters) if letters else 0, int(digits or 0), bool(dollar and letters), row_fixed)
