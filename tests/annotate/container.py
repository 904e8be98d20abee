"""A package read entry by entry, header against list: what makes a program call it damaged before it reads any XML."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from itertools import pairwise

__all__ = ["Complain", "unpacked"]

Complain = Callable[[str], None]


def unpacked(data: bytes, complain: Complain) -> dict[str, bytes]:
    """The parts of a package by name; ``complain`` hears of all that APPNOTE or OPC do not allow."""
    end = data.rfind(b"PK\5\6")
    _, disk, first_disk, here, count, size, start, comment = struct.unpack_from("<4s4H2LH", data, end)
    if (disk, first_disk, here) != (0, 0, count) or start + size != end or end + 22 + comment != len(data):
        complain("zip: the end record does not fit the list")
    parts: dict[str, bytes] = {}
    spans: list[tuple[int, int]] = []
    place = start
    for _ in range(count):
        line = struct.unpack_from("<4s6H3L5H2L", data, place)
        assert line[0] == b"PK\1\2"
        flags, method, crc, packed, full = line[3], line[4], *line[7:10]
        raw = data[place + 46 : place + 46 + line[10]]
        extra, offset = data[place + 46 + line[10] : place + 46 + line[10] + line[11]], line[16]
        place += 46 + line[10] + line[11] + line[12]
        name = raw.decode("utf-8" if flags & 0x800 else "cp437")
        local = struct.unpack_from("<4s5H3L2H", data, offset)
        body = offset + 30 + local[9] + local[10]
        if local[0] != b"PK\3\4" or data[offset + 30 : offset + 30 + local[9]] != raw:
            complain(f"zip: {name} has another local header")
        if (local[2], local[3], local[4:6]) != (flags, method, line[5:7]):
            complain(f"zip: flags, method or date of {name} differ between header and list")
        if not flags & 8 and local[6:9] != (crc, packed, full):
            complain(f"zip: checksum or sizes of {name} differ between header and list")
        if flags & ~0x80E or method not in (0, 8) or max(line[2] & 0xFF, local[1] & 0xFF) > 20:
            complain(f"zip: {name} is packed in a way that the standard does not allow")
        if _has_zip64(extra) or _has_zip64(data[body - local[10] : body]):
            complain(f"zip: {name} has sizes of 64 bits")
        if not raw.isascii() and not flags & 0x800:
            complain(f"zip: the name {name} is not said to be UTF-8")
        if "\\" in name or name.startswith("/"):
            complain(f"zip: {name} is no name of a part")
        content = data[body : body + packed]
        content = zlib.decompress(content, -15) if method else content
        if zlib.crc32(content) != crc or len(content) != full:
            complain(f"zip: {name} is damaged")
        if name.casefold() in {other.casefold() for other in parts}:
            complain(f"zip: {name} is there twice")
        parts[name] = content
        spans.append((offset, body + packed + _descriptor(data, body + packed, crc) * bool(flags & 8)))
    spans = [(0, 0), *sorted(spans), (start, start)]
    if any(one[1] != other[0] for one, other in pairwise(spans)):
        complain("zip: there is something between the entries")
    return {name: content for name, content in parts.items() if not name.endswith("/")}


def _has_zip64(extra: bytes) -> bool:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1:
            return True
        extra = extra[4 + length :]
    return False


def _descriptor(data: bytes, place: int, crc: int) -> int:
    """How long the data descriptor is; its signature may be there or not."""
    return (
        16
        if data[place : place + 4] == b"PK\7\x08" and crc.to_bytes(4, "little") == data[place + 4 : place + 8]
        else 12
    )
