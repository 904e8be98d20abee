"""OLE2 compound files: just enough to find one stream in them, safely.

xlrd can do this too, but follows some damaged files for seconds and refuses others that can be read.
Structure after [MS-CFB].
"""

from __future__ import annotations

from array import array
from struct import unpack_from
from sys import byteorder
from typing import Final, NamedTuple

__all__ = ["CompoundFile", "DamagedError"]

_HEADER: Final = 512
_ENTRY: Final = 128
_DIFAT_IN_HEADER: Final = 109
#: Sector numbers from here on are marks (free, end of chain, table), not sectors.
_MARKS: Final = 0xFFFFFFFA
_NONE: Final = 0xFFFFFFFF
_STREAM: Final = 2
_ROOT: Final = 5


class DamagedError(Exception):
    """The compound file cannot be followed."""


class _Entry(NamedTuple):
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams at the top of the file in ``data``, by name without case. Raises ``DamagedError``."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise DamagedError("header")
        self._data = data
        shift, mini_shift = unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise DamagedError("sector size")
        self._sector = 1 << shift
        self._mini_sector = 1 << mini_shift
        fat_count, directory = unpack_from("<2I", data, 44)
        self._mini_cutoff, mini_fat, _, difat, _ = unpack_from("<5I", data, 56)
        self._fat = self._table(self._fat_sectors(fat_count, difat))
        self._mini_fat = _integers(self._chain(mini_fat))
        entries = self._entries(self._chain(directory))
        root = entries.get(0)
        if root is None or root[1].kind != _ROOT:
            raise DamagedError("directory")
        self._mini_stream = self._chain(root[1].start, root[1].size)
        self._streams = _children(entries, root[1].child)
        #: True once a stream turned out shorter than the directory has it.
        self.repaired = False

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._streams

    def read(self, name: str) -> bytes:
        """The bytes of the stream ``name``, as many as can be followed."""
        entry = self._streams[name.casefold()]
        if entry.size < self._mini_cutoff:
            content = self._mini_chain(entry.start, entry.size)
        else:
            content = self._chain(entry.start, entry.size)
        self.repaired |= len(content) < entry.size
        return content

    def _fat_sectors(self, count: int, difat: int) -> list[int]:
        """The sectors that hold the allocation table: the first in the header, more in a chain of their own."""
        in_header = min(count, _DIFAT_IN_HEADER)
        sectors = list(unpack_from(f"<{in_header}I", self._data, 76))
        seen = set()
        while difat < _MARKS and len(sectors) < count:
            block = _integers(self._at(difat))
            if difat in seen or not block:
                raise DamagedError("allocation table")
            seen.add(difat)
            sectors += block[:-1]
            difat = block[-1]
        return [sector for sector in sectors[:count] if sector < _MARKS]

    def _table(self, sectors: list[int]) -> array[int]:
        if len(sectors) * self._sector > len(self._data) + self._sector:
            raise DamagedError("allocation table")
        return _integers(b"".join(self._at(sector) for sector in sectors))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _chain(self, sector: int, size: int | None = None) -> bytes:
        """The sectors from ``sector`` on, until ``size`` bytes, the end of the chain or a turn back."""
        return _follow(self._fat, sector, self._sector, size, self._data, self._sector)

    def _mini_chain(self, sector: int, size: int) -> bytes:
        return _follow(self._mini_fat, sector, self._mini_sector, size, self._mini_stream, 0)

    def _entries(self, directory: bytes) -> dict[int, tuple[str, _Entry]]:
        entries = {}
        for number in range(len(directory) // _ENTRY):
            offset = number * _ENTRY
            length, kind, _, left, right, child = unpack_from("<HBB3I", directory, offset + 64)
            start, size = unpack_from("<2I", directory, offset + 116)
            name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries[number] = (name, _Entry(kind, left, right, child, start, size))
        return entries


def _follow(table: array[int], sector: int, step: int, size: int | None, data: bytes, offset: int) -> bytes:
    found: list[bytes] = []
    seen = bytearray(len(table))
    wanted = len(table) if size is None else -(-size // step)
    while sector < len(table) and len(found) < wanted and not seen[sector]:
        seen[sector] = 1
        start = sector * step + offset
        if start >= len(data):
            break
        found.append(data[start : start + step])
        sector = table[sector]
    content = b"".join(found)
    return content if size is None else content[:size]


def _children(entries: dict[int, tuple[str, _Entry]], first: int) -> dict[str, _Entry]:
    """The streams in the tree of siblings from ``first`` on."""
    streams: dict[str, _Entry] = {}
    waiting, seen = [first], set()
    while waiting:
        number = waiting.pop()
        if number in seen or number not in entries:
            continue
        seen.add(number)
        name, entry = entries[number]
        if entry.kind == _STREAM:
            streams[name.casefold()] = entry
        waiting += (entry.left, entry.right)
    return streams


def _integers(content: bytes) -> array[int]:
    integers = array("I")
    integers.frombytes(content[: len(content) // 4 * 4])
    if byteorder == "big":
        integers.byteswap()
    return integers
