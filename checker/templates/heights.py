"""Row heights for wrapped text: Excel fits no row that holds merged cells."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from checker.model.workbook import CellKind, Range
from checker.templates.drawing import Placed, Position, Style

__all__ = ["fit_heights"]

#: Points. A line of 10-point text, the margin of a cell, and a row with one line.
_LINE: Final = 13.5
_MARGIN: Final = 7.0
_LEAST: Final = 21.0
_TITLE: Final = 32.0
#: Characters, as Excel has it.
_DEFAULT_WIDTH: Final = 8.43


def fit_heights(
    cells: Mapping[Position, Placed],
    merges: Sequence[Range],
    widths: Sequence[float],
    declared: Mapping[int, float],
) -> dict[int, float]:
    """The height of each row that holds a cell, so that every text shows; never less than declared."""
    spans = {(merge.top, merge.left): merge for merge in merges}
    heights: dict[int, float] = {}
    tall: list[tuple[Range, float]] = []
    for (row, column), cell in cells.items():
        span = spans.get((row, column), Range(row, column, row, column))
        need = _TITLE if cell.style == Style.TITLE else max(_LEAST, _need(cell, span, widths))
        if span.bottom > span.top:
            tall.append((span, need))
            need = _LEAST
        heights[row] = max(heights.get(row, 0.0), need, declared.get(row, 0.0))
    for span, need in tall:
        rows = range(span.top, span.bottom + 1)
        missing = need - sum(heights.get(row, _LEAST) for row in rows)
        if missing > 0:
            heights[span.bottom] = heights.get(span.bottom, _LEAST) + missing
    return dict(sorted(heights.items()))


def _need(cell: Placed, span: Range, widths: Sequence[float]) -> float:
    """The height for the text of one cell, wrapped in its span."""
    if cell.kind == CellKind.NUMBER:
        return _LINE + _MARGIN
    room = sum(
        widths[column - 1] if column <= len(widths) else _DEFAULT_WIDTH for column in range(span.left, span.right + 1)
    )
    per_line = max(2.0, room)
    lines = sum(max(1, math.ceil(_width(part) / per_line)) for part in cell.raw.split("\n"))
    return lines * _LINE + _MARGIN


def _width(text: str) -> float:
    """In characters of the default font; a Chinese character takes two, a space half of one."""
    wide = sum(2.0 if unicodedata.east_asian_width(character) in "WFA" else 1.0 for character in text)
    return wide - 0.5 * text.count(" ")
