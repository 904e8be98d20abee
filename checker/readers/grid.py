"""Places in the grid of a sheet, between ``B7`` and (7, 2)."""

from __future__ import annotations

import re
from typing import Final

from checker.model.workbook import Range, column_letters
from checker.readers.limits import MAX_COLUMN, MAX_ROW

__all__ = ["LETTERS", "column_number", "parse_cell", "parse_range"]

#: Letters of the first 702 columns by number; wider sheets take a slower way.
LETTERS: Final = tuple(column_letters(number) for number in range(703))

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def column_number(letters: str) -> int:
    """``AB`` → 28. The letters are ASCII."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_cell(reference: str) -> tuple[int, int] | None:
    """``B7`` → (7, 2); None for what is not a place in the grid."""
    match = _CELL.fullmatch(reference)
    if match is None:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None


def parse_range(reference: str) -> Range | None:
    """``A1:C3`` or ``A1``, corners in any order; None for what is not a range in the grid."""
    first, _, second = reference.partition(":")
    start, end = parse_cell(first), parse_cell(second or first)
    if start is None or end is None:
        return None
    return Range(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))
