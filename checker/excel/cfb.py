"""Compound files ([MS-CFB]): read whole, and written anew.

Strict both ways: what is read comes from a package we know, so anything unusual in it is a reason to stop, and the
same streams always give the same bytes (version 3, no dates, no class ids beyond those that were read).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import pack, unpack, unpack_from
from typing import Final, NamedTuple, TypeAlias

__all__ = ["DamagedError", "Storage", "read_compound", "write_compound"]

_SIGNATURE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_SECTOR: Final = 512
_MINI_SECTOR: Final = 64
#: Streams below this size share the mini stream.
_MINI_LIMIT: Final = 4096
_ENTRY: Final = 128
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NOTHING: Final = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
#: The allocation table's sectors that the header has room for; files above 6.8 MB would need more.
_HEADER_FATS: Final = 109
_NAME_LIMIT: Final = 31

#: A folder of a compound file: its streams and folders by name.
Storage: TypeAlias = Mapping[str, "bytes | Storage"]


class DamagedError(Exception):
    """These bytes are no compound file as [MS-CFB] has them."""


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def read_compound(data: bytes) -> Storage:
    """All streams of the compound file in ``data``. Raises ``DamagedError``."""
    if len(data) < _SECTOR or data[:8] != _SIGNATURE:
        raise DamagedError("signature")
    major, order, shift, mini_shift = unpack_from("<4H", data, 26)
    if (major, order, shift, mini_shift) != (3, 0xFFFE, 9, 6):
        raise DamagedError("version")
    fats, directory, _, limit, mini_fat, _, difat, _ = unpack_from("<I I I I I I I I", data, 44)
    if limit != _MINI_LIMIT or fats > _HEADER_FATS or difat < _FAT:
        raise DamagedError("header")
    table = b"".join(_sector(data, number) for number in unpack_from(f"<{fats}I", data, 76))
    fat = unpack(f"<{len(table) // 4}I", table)
    entries = list(_entries(_chain(data, fat, directory)))
    if not entries or entries[0].kind != _ROOT:
        raise DamagedError("directory")
    root = entries[0]
    mini_stream = _chain(data, fat, root.start)[: root.size] if root.size else b""
    mini_table = _chain(data, fat, mini_fat) if mini_fat != _END else b""
    mini = unpack(f"<{len(mini_table) // 4}I", mini_table)

    def stream(entry: _Entry) -> bytes:
        if not entry.size:
            return b""
        small = entry.size < _MINI_LIMIT
        content = _mini_chain(mini_stream, mini, entry.start) if small else _chain(data, fat, entry.start)
        if len(content) < entry.size:
            raise DamagedError(entry.name)
        return content[: entry.size]

    seen: set[int] = set()

    def folder(number: int) -> Iterator[tuple[str, bytes | Storage]]:
        if number == _NOTHING:
            return
        if number in seen or number >= len(entries):
            raise DamagedError("directory")
        seen.add(number)
        entry = entries[number]
        yield from folder(entry.left)
        yield entry.name, dict(folder(entry.child)) if entry.kind == _STORAGE else stream(entry)
        yield from folder(entry.right)

    return dict(folder(root.child))


def _sector(data: bytes, number: int) -> bytes:
    start = (number + 1) * _SECTOR
    if start + _SECTOR > len(data):
        raise DamagedError("sector")
    return data[start : start + _SECTOR]


def _chain(data: bytes, table: tuple[int, ...], first: int) -> bytes:
    return b"".join(_sector(data, number) for number in _follow(table, first))


def _mini_chain(stream: bytes, table: tuple[int, ...], first: int) -> bytes:
    return b"".join(stream[number * _MINI_SECTOR :][:_MINI_SECTOR] for number in _follow(table, first))


def _follow(table: tuple[int, ...], number: int) -> Iterator[int]:
    for _ in range(len(table)):
        if number == _END:
            return
        if number >= len(table):
            break
        yield number
        number = table[number]
    if number != _END:
        raise DamagedError("chain")


def _entries(directory: bytes) -> Iterator[_Entry]:
    for offset in range(0, len(directory), _ENTRY):
        length, kind, _, left, right, child = unpack_from("<H B B I I I", directory, offset + 64)
        start, size = unpack_from("<I I", directory, offset + 116)
        name = directory[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
        yield _Entry(name, kind, left, right, child, start, size)


class _Node:
    """One entry of the directory that is being written."""

    def __init__(self, name: str, kind: int, content: bytes = b"") -> None:
        self.name, self.kind, self.content = name, kind, content
        self.left = self.right = self.child = _NOTHING
        self.colour = _BLACK
        self.start, self.size = 0, len(content)

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        return name.ljust(64, b"\0") + pack(
            "<H B B I I I 16x I 8x 8x I Q",
            len(name),
            self.kind,
            self.colour,
            self.left,
            self.right,
            self.child,
            0,
            self.start,
            self.size,
        )


def write_compound(root: Storage) -> bytes:
    """A compound file that holds ``root``: the same bytes for the same streams, whatever their order.

    Raises ``ValueError`` for a name that does not fit and for more than 6.8 MB.
    """
    nodes = [_Node("Root Entry", _ROOT)]
    _plant(nodes, nodes[0], root)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(content: bytes) -> int:
        """The number of the first of the sectors that now hold ``content``."""
        pieces = _pieces(content, _SECTOR)
        first = len(sectors)
        fat.extend(range(first + 1, first + len(pieces)))
        fat.append(_END)
        sectors.extend(pieces)
        return first

    mini_stream, mini_fat = b"", list[int]()
    for node in nodes:
        if node.kind != _STREAM:
            continue
        if node.size >= _MINI_LIMIT:
            node.start = store(node.content)
        elif node.size:
            pieces = _pieces(node.content, _MINI_SECTOR)
            node.start = len(mini_fat)
            mini_fat += [*range(node.start + 1, node.start + len(pieces)), _END]
            mini_stream += b"".join(pieces)
        else:
            node.start = _END
    nodes[0].start, nodes[0].size = (store(mini_stream) if mini_stream else _END), len(mini_stream)
    mini_table = _integers(mini_fat)
    mini_first = store(mini_table) if mini_fat else _END
    unused = bytes(64) + pack("<H B B I I I 16x I 8x 8x I Q", 0, 0, 0, _NOTHING, _NOTHING, _NOTHING, 0, 0, 0)
    listed = b"".join(node.pack() for node in nodes)
    directory = store(listed + unused * (-len(nodes) % (_SECTOR // _ENTRY)))
    fats = _fats_needed(len(fat))
    if fats > _HEADER_FATS:
        raise ValueError("more than a compound file's header has room for")
    at = range(len(sectors), len(sectors) + fats)
    fat += [_FAT] * fats
    sectors += _pieces(_integers(fat), _SECTOR)
    header = _SIGNATURE + pack(
        "<16x 5H 6x 9I",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, fats, directory, 0, _MINI_LIMIT, mini_first, -(-len(mini_table) // _SECTOR), _END, 0),
    )
    header += _integers([*at])[: 4 * fats] + pack("<I", _FREE) * (_HEADER_FATS - fats)
    return header + b"".join(sectors)


def _plant(nodes: list[_Node], parent: _Node, storage: Storage) -> None:
    """Append the entries of ``storage``, and of what is in it, to ``nodes``."""
    names = sorted(storage, key=_order)
    if len({_order(name) for name in names}) < len(names):
        raise ValueError("two names that differ in case only")
    numbers = {}
    for name in names:
        if not 0 < len(name.encode("utf-16-le")) // 2 <= _NAME_LIMIT or set(name) & set("/\\:!"):
            raise ValueError(f"no name of a stream: {name!r}")
        content = storage[name]
        numbers[name] = len(nodes)
        nodes.append(_Node(name, _STREAM, content) if isinstance(content, bytes) else _Node(name, _STORAGE))
    parent.child = _tree(nodes, [numbers[name] for name in names], _depth(len(names)))
    for name, number in numbers.items():
        below = storage[name]
        if not isinstance(below, bytes):
            _plant(nodes, nodes[number], below)


def _tree(nodes: list[_Node], numbers: list[int], depth: int) -> int:
    """A balanced tree of siblings, its last row red, so that every way down passes as many black ones."""
    if not numbers:
        return _NOTHING
    middle = len(numbers) // 2
    node = nodes[numbers[middle]]
    node.colour = _RED if depth == 0 else _BLACK
    node.left = _tree(nodes, numbers[:middle], depth - 1)
    node.right = _tree(nodes, numbers[middle + 1 :], depth - 1)
    return numbers[middle]


def _depth(count: int) -> int:
    """How many full rows a balanced tree of ``count`` has: the row after them is red."""
    return (count + 1).bit_length() - 1


def _order(name: str) -> tuple[int, str]:
    """Shorter names come first, then by capital letters ([MS-CFB] 2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()


def _fats_needed(used: int) -> int:
    """Sectors for a table of ``used`` sectors and of itself."""
    per = _SECTOR // 4
    needed = 0
    while needed * per < used + needed:
        needed += 1
    return needed


def _pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]


def _integers(numbers: list[int]) -> bytes:
    """A table of sectors, filled up with free ones."""
    per = _SECTOR // 4
    return pack(f"<{len(numbers)}I", *numbers) + pack("<I", _FREE) * (-len(numbers) % per)
