"""A walk over the records of a BIFF stream, before xlrd builds anything from them ([MS-XLS] 2.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from checker.readers import limits

__all__ = ["Walk", "walk"]

_BOF: Final = 0x0809
_FILEPASS: Final = 0x002F
_BOUNDSHEET: Final = 0x0085
#: Blank, number, label, boolean or error, RK, shared label, rich label, formula (of BIFF 5 and 8).
_CELLS: Final = frozenset((0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x0006, 0x0206, 0x0406))
#: Rows of blanks and of RK numbers: the last column stands at the end.
_CELL_ROWS: Final = frozenset((0x00BE, 0x00BD))
_WORKSHEET: Final = 0


@dataclass(slots=True)
class Walk:
    """What the walk met. ``states`` has the visibility of each worksheet; ``too_large`` ends the walk early."""

    encrypted: bool = False
    too_large: bool = False
    other_sheets: bool = False
    states: list[int] = field(default_factory=list)


def walk(stream: bytes) -> Walk:
    """Look at every record of ``stream`` once."""
    result = Walk()
    position = records = cells = slots = substream = 0
    end = len(stream) - 4
    widths: dict[tuple[int, int], int] = {}
    while position <= end:
        code, length = unpack_from("<2H", stream, position)
        records += 1
        if code in _CELLS or code in _CELL_ROWS:
            if length >= 6 and position + 4 + length <= len(stream):
                row, column = unpack_from("<2H", stream, position + 4)
                if code in _CELL_ROWS:
                    last = unpack_from("<H", stream, position + 2 + length)[0]
                    cells += max(0, last - column)
                    column = max(column, last)
                cells += 1
                width = widths.get((substream, row), 0)
                if column >= width:
                    widths[substream, row] = column + 1
                    slots += column + 1 - width
        elif code == _BOF:
            substream += 1
        elif code == _FILEPASS:
            result.encrypted = True
            return result
        elif code == _BOUNDSHEET and length >= 6 and position + 10 <= len(stream):
            state, kind = unpack_from("<2B", stream, position + 8)
            if kind == _WORKSHEET:
                result.states.append(state & 3)
            else:
                result.other_sheets = True
        if (
            records > limits.MAX_XLS_RECORDS
            or cells > limits.MAX_XLS_CELLS
            or slots > limits.MAX_XLS_SLOTS
            or len(result.states) > limits.MAX_SHEETS
        ):
            result.too_large = True
            return result
        position += 4 + length
    return result
