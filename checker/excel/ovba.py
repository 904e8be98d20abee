"""VBA source as it lies in a project ([MS-OVBA]): compression, and the records of the ``dir`` stream."""

from __future__ import annotations

from collections.abc import Iterable
from struct import pack, unpack_from
from typing import Final, NamedTuple

__all__ = ["BrokenSourceError", "Record", "compress", "decompress", "read_dir", "write_dir"]

_SIGNATURE: Final = 1
_CHUNK: Final = 4096
_SHORTEST_COPY: Final = 3
#: Bits 12 to 14 of a chunk's header are always these; bit 15 says that the chunk is compressed.
_CHUNK_MARK, _COMPRESSED = 0b011 << 12, 1 << 15
#: A record whose size field leaves out its last two bytes ([MS-OVBA] 2.3.4.2.1.11).
_PROJECT_VERSION: Final = 0x0009
_VERSION_SIZE: Final = 6
#: So many earlier places are compared for the longest copy; more makes a shorter stream, not another text.
_CANDIDATES: Final = 64


class BrokenSourceError(Exception):
    """These bytes do not follow [MS-OVBA]."""


class Record(NamedTuple):
    """One record of a ``dir`` stream."""

    id: int
    content: bytes


def decompress(data: bytes) -> bytes:
    """The text in a compressed container. Raises ``BrokenSourceError``."""
    if not data or data[0] != _SIGNATURE:
        raise BrokenSourceError("signature")
    text = bytearray()
    position = 1
    while position < len(data):
        if position + 2 > len(data):
            raise BrokenSourceError("chunk")
        (header,) = unpack_from("<H", data, position)
        end = position + (header & 0x0FFF) + 3
        if header & 0x7000 != _CHUNK_MARK or end > len(data):
            raise BrokenSourceError("chunk")
        chunk = data[position + 2 : end]
        text += _decompress_chunk(chunk) if header & _COMPRESSED else chunk
        position = end
    return bytes(text)


def _decompress_chunk(chunk: bytes) -> bytearray:
    text = bytearray()
    position = 0
    while position < len(chunk):
        flags = chunk[position]
        position += 1
        for bit in range(8):
            if position >= len(chunk):
                break
            if not flags >> bit & 1:
                text.append(chunk[position])
                position += 1
                continue
            if position + 2 > len(chunk):
                raise BrokenSourceError("token")
            (token,) = unpack_from("<H", chunk, position)
            position += 2
            length_bits = 16 - _offset_bits(len(text))
            offset = (token >> length_bits) + 1
            if offset > len(text):
                raise BrokenSourceError("token")
            for _ in range((token & ((1 << length_bits) - 1)) + _SHORTEST_COPY):
                text.append(text[-offset])
    if len(text) > _CHUNK:
        raise BrokenSourceError("chunk")
    return text


def compress(text: bytes) -> bytes:
    """A compressed container of ``text``: the same bytes on any machine.

    Raises ``ValueError`` for a last chunk that cannot be made smaller (no source text is like that): the format
    can only store such a chunk filled up with zeros.
    """
    container = bytearray([_SIGNATURE])
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        packed = _compress_chunk(chunk)
        compressed = len(packed) <= _CHUNK
        if not compressed and len(chunk) < _CHUNK:
            raise ValueError("a chunk that compression makes longer")
        body = packed if compressed else chunk
        container += pack("<H", len(body) - 1 | _CHUNK_MARK | (_COMPRESSED if compressed else 0)) + body
    return bytes(container)


def _compress_chunk(chunk: bytes) -> bytes:
    packed = bytearray()
    places: dict[bytes, list[int]] = {}
    position = 0
    while position < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if position >= len(chunk):
                break
            length_bits = 16 - _offset_bits(position)
            offset, length = _longest(chunk, position, places, (1 << length_bits) - 1 + _SHORTEST_COPY)
            if length:
                flags |= 1 << bit
                tokens += pack("<H", offset - 1 << length_bits | length - _SHORTEST_COPY)
            else:
                tokens.append(chunk[position])
            for passed in range(position, position + (length or 1)):
                places.setdefault(chunk[passed : passed + _SHORTEST_COPY], []).append(passed)
            position += length or 1
        packed.append(flags)
        packed += tokens
    return bytes(packed)


def _longest(chunk: bytes, position: int, places: dict[bytes, list[int]], limit: int) -> tuple[int, int]:
    """How far back the longest earlier copy of what comes next begins, and its length; (0, 0) if there is none."""
    best = (0, 0)
    ahead = chunk[position : position + limit]
    if len(ahead) < _SHORTEST_COPY:
        return best
    for place in reversed(places.get(ahead[:_SHORTEST_COPY], [])[-_CANDIDATES:]):
        length = _SHORTEST_COPY
        while length < len(ahead) and chunk[place + length] == ahead[length]:
            length += 1
        if length > best[1]:
            best = (position - place, length)
    return best


def _offset_bits(position: int) -> int:
    """The bits of a token that say how far back, when ``position`` bytes of the chunk are known."""
    return max((position - 1).bit_length(), 4) if position else 4


def read_dir(content: bytes) -> list[Record]:
    """The records of a decompressed ``dir`` stream. Raises ``BrokenSourceError``."""
    records = []
    position = 0
    while position < len(content):
        if position + 6 > len(content):
            raise BrokenSourceError("record")
        number, size = unpack_from("<H I", content, position)
        size = _VERSION_SIZE if number == _PROJECT_VERSION else size
        position += 6
        if position + size > len(content):
            raise BrokenSourceError("record")
        records.append(Record(number, content[position : position + size]))
        position += size
    return records


def write_dir(records: Iterable[Record]) -> bytes:
    """What ``read_dir`` read."""
    return b"".join(
        pack("<H I", record.id, 4 if record.id == _PROJECT_VERSION else len(record.content)) + record.content
        for record in records
    )
