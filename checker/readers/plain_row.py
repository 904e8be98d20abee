"""The plainest of rows, read a column of marks at a time: usual numbers and shared texts, in the order of their
columns, some with a formula. Rows of a table look alike, so what their marks mean is looked up, not read again."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress, pairwise
from typing import Any, Final

from checker.model.workbook import CellKind, PlainRow, RowShape
from checker.readers.grid import column_number
from checker.readers.limits import MAX_COLUMN

__all__ = ["plain_row"]

#: Splits a row into what stands between the cells, which must be nothing, and of each cell its reference, its other
#: attributes, its value, or its formula and value.
_CELL: Final = re.compile(r'<c r="([^"]*)"([^>]*)>(?:<v>([^<]*)</v></c>|<f>([^<]*)</f><v>([^<]*)</v></c>|)')
_STEP: Final = _CELL.groups + 1
_ATTRIBUTES: Final = re.compile(r'(?: s="([0-9]{1,6})")?(?: t="([ns])")?')
_NUMBERS: Final = re.compile(r"(?:-?[0-9]{1,15}(?:\.[0-9]{1,17})? )*")
#: Longer rows are not remembered.
_MOST: Final = 256


def plain_row(content: str, number: str, texts: list[str]) -> PlainRow | None:
    """The row ``number`` with these cells, or None if any is of another kind, damaged, or in the wrong place."""
    parts: list[Any] = _CELL.split(content)
    references, attributes, values, formulas = parts[1::_STEP], parts[2::_STEP], parts[3::_STEP], parts[4::_STEP]
    if any(parts[::_STEP]) or len(values) > _MOST:
        return None
    written = "".join(filter(None, formulas))
    if written:
        if not written.isprintable() or "&" in written or "" in formulas:
            return None
        if " " in written:
            formulas = [formula and formula.strip() for formula in formulas]
        values = [other if value is None else value for value, other in zip(values, parts[5::_STEP], strict=True)]
    if None in values:
        filled = [value is not None for value in values]
        if not all(a[-1:] == "/" for a, full in zip(attributes, filled, strict=True) if not full):
            return None
        references, attributes, formulas, values = (
            [*compress(group, filled)] for group in (references, attributes, formulas, values)
        )
    said = " ".join([*values, ""])
    if said.count(" ") != len(values) or _NUMBERS.fullmatch(said) is None:
        return None
    shape = _shape(".".join(references).replace(number, "#"), tuple(attributes)) if values else _EMPTY
    if shape is None:
        return None
    try:
        for _, at in shape.texts:
            values[at] = texts[int(f"0{values[at]}")]  # no sign, no point
    except (ValueError, IndexError):
        return None  # there is no such text
    return PlainRow(shape, values, formulas if written else ())


_EMPTY: Final = RowShape({}, (), (), ())


@lru_cache(maxsize=2000)
def _shape(places: str, attributes: tuple[str, ...]) -> RowShape | None:
    """That of a row with cells at ``A#.B#.D#``; None if these are no places, or do not ascend, or if a cell is of a
    kind of its own. An attribute of a cell without content ends in ``/``, which no other may."""
    marks = [mark for mark in map(_ATTRIBUTES.fullmatch, attributes) if mark is not None]
    columns = [column_number(p[:-1]) for p in places.split(".") if p[-1:] == "#" and p[:-1].isalpha() and len(p) < 5]
    ascending = all(left < right for left, right in pairwise(columns))
    if not len(columns) == len(marks) == len(attributes) or not ascending or columns[-1] > MAX_COLUMN:
        return None
    return RowShape(
        {column: at for at, column in enumerate(columns)},
        tuple(CellKind.TEXT if mark[2] == "s" else CellKind.NUMBER for mark in marks),
        tuple(int(mark[1] or 0) for mark in marks),
        tuple((column, at) for at, (column, mark) in enumerate(zip(columns, marks, strict=True)) if mark[2] == "s"),
    )
