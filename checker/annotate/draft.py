"""A package and what is to become of its parts. What is not changed is copied as it lies there, byte for byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from checker.annotate.edits import Edit, applied
from checker.annotate.refusals import cannot_mark
from checker.readers import limits
from checker.readers.package import Package
from checker.readers.relationships import read_relationships

__all__ = ["Draft", "fingerprint"]

_LOCAL: Final = "<4s5H3L2H"
_CENTRAL: Final = "<4s6H3L5H2L"
_END: Final = "<4s4H2LH"
_UTF8_NAME: Final = 0x800
_DATA_DESCRIPTOR: Final = 0x8
_ZIP64: Final = 1
#: Parts that did not exist bear the first date that a zip can tell.
_FIRST_DATE: Final = (1980, 1, 1, 0, 0, 0)
#: A copy for reading need not be as small as can be.
_LEVEL: Final = 1
#: Bits of the window of a packer: no more than the content needs, or to set up the packer costs more than to pack.
_NARROWEST, _WIDEST = 9, zlib.MAX_WBITS
#: What a packer of the widest window remembers; each bit less of window is one less of this.
_MEMORY: Final = 8


class Draft:
    """The package in ``data``. Places of edits are those of the original text. Raises ``ReadError`` for a package that
    is none and ``CannotMarkError`` for a part that cannot be patched."""

    def __init__(self, data: bytes | Package, where: str) -> None:
        self.where = where
        self.package = data if isinstance(data, Package) else Package(data, where)
        #: Those that a part had before any edit.
        self.relationships = partial(read_relationships, self.package)
        self._data = self.package.data
        self._known = {_key(entry): entry for entry in self.package.entries}
        self._originals: dict[str, str] = {}
        self.edits: dict[str, list[Edit]] = {}
        self.added: dict[str, bytes] = {}
        self.removed: set[str] = set()
        self._changed: dict[str, bytes] | None = None

    def __contains__(self, part: str) -> bool:
        key = part.casefold()
        return (key in self._known and key not in self.removed) or any(key == name.casefold() for name in self.added)

    @property
    def parts(self) -> Iterable[str]:
        """The names of the parts before any edit, in small letters."""
        return self._known.keys()

    def text(self, part: str) -> str:
        """The text of ``part`` before any edit."""
        key = part.casefold()
        if key not in self._originals:
            if self.package.size(part) > limits.MAX_LOADED_BYTES:
                raise cannot_mark("MARK_TOO_LARGE", self.where, part=part, limit=limits.MAX_LOADED_BYTES // limits.MIB)
            try:
                self._originals[key] = b"".join(self.package.chunks(part)).decode()
            except UnicodeDecodeError as error:
                raise cannot_mark("MARK_ENCODING", self.where, part=part) from error
        return self._originals[key]

    def fingerprint(self, part: str) -> str:
        """That of ``part`` before any edit, as the package lists it."""
        entry = self._known[part.casefold()]
        return f"{entry.CRC:08x} {entry.file_size}"

    def edit(self, part: str, *edits: Edit) -> None:
        self.edits.setdefault(part.casefold(), []).extend(edits)
        self._changed = None

    def add(self, part: str, text: str) -> None:
        self.added[part] = text.encode()

    def remove(self, part: str) -> None:
        self.removed.add(part.casefold())

    def free_name(self, pattern: str) -> str:
        """``pattern`` (``xl/comments{}.xml``) with the first number for which there is no part."""
        number = 1
        while pattern.format(number) in self or pattern.format(number).casefold() in self.removed:
            number += 1
        return pattern.format(number)

    def changed(self) -> dict[str, bytes]:
        """The new content of every part that is edited."""
        if self._changed is None:
            edited = ((part, edits) for part, edits in self.edits.items() if edits)
            self._changed = {part: applied(self.text(part), edits).encode() for part, edits in edited}
        return self._changed

    def kept(self) -> Iterator[tuple[ZipInfo, bytes]]:
        """The entries that stay as they lie there, header and all."""
        for entry, piece in self._entries():
            if piece is not None:
                yield entry, piece

    def write(self) -> bytes:
        """The whole package."""
        changed = self.changed()
        made = [
            (entry, piece) if piece is not None else _packed(entry, changed[_key(entry)])
            for entry, piece in self._entries()
        ]
        made += [_packed(ZipInfo(name, _FIRST_DATE), content) for name, content in self.added.items()]
        lines: list[bytes] = []
        position = 0
        for entry, piece in made:
            lines.append(_listed(entry, position))
            position += len(piece)
        directory = b"".join(lines)
        end_record = struct.pack(_END, b"PK\5\6", 0, 0, len(made), len(made), len(directory), position, 0)
        return b"".join((*(piece for _, piece in made), directory, end_record))

    def _entries(self) -> Iterator[tuple[ZipInfo, bytes | None]]:
        """The entries that are not removed, with their bytes unless they are changed."""
        changed, entries = self.changed(), self.package.entries
        ends = [entry.header_offset for entry in entries[1:]] + [self._directory()]
        for entry, end in zip(entries, ends, strict=True):
            key = _key(entry)
            if key not in self.removed:
                yield entry, None if key in changed else self._data[entry.header_offset : end]

    def _directory(self) -> int:
        """Where the list of entries begins: behind the last of them."""
        last = self.package.entries[-1]
        header = struct.unpack_from(_LOCAL, self._data, last.header_offset)
        end = last.header_offset + struct.calcsize(_LOCAL) + header[-2] + header[-1] + last.compress_size
        found = self._data.find(b"PK\1\2", end)
        return found if found >= 0 else end


def fingerprint(content: bytes) -> str:
    """Checksum and length of a part: enough to see that a program has written it anew."""
    return f"{zlib.crc32(content):08x} {len(content)}"


def _key(entry: ZipInfo) -> str:
    """The name of a part as it is compared."""
    return entry.filename.replace("\\", "/").removeprefix("/").casefold()


def _packed(entry: ZipInfo, content: bytes) -> tuple[ZipInfo, bytes]:
    """An entry with new content, its name, date and rights kept, and its bytes with the header in front."""
    window = min(max(len(content).bit_length(), _NARROWEST), _WIDEST)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -window, _MEMORY - _WIDEST + window)
    body = packer.compress(content) + packer.flush()
    new = ZipInfo(entry.orig_filename, entry.date_time)
    for name in ("create_system", "create_version", "internal_attr", "external_attr", "comment"):
        setattr(new, name, getattr(entry, name))
    new.flag_bits = entry.flag_bits & _UTF8_NAME if entry.flag_bits else 0
    new.compress_type, new.CRC = ZIP_DEFLATED, zlib.crc32(content)
    new.compress_size, new.file_size = len(body), len(content)
    name_bytes = _name(new)
    header = struct.pack(
        _LOCAL, b"PK\3\4", 20, new.flag_bits, new.compress_type, *_stamp(new), new.CRC, len(body), len(content),
        len(name_bytes), 0,
    )  # fmt: skip
    return new, header + name_bytes + body


def _listed(entry: ZipInfo, offset: int) -> bytes:
    """The line of an entry in the list at the end of the package."""
    name, extra = _name(entry), _without_zip64(entry.extra)
    version = max(entry.extract_version, 20) if entry.compress_type != ZIP_STORED else entry.extract_version
    head = struct.pack(
        _CENTRAL, b"PK\1\2", entry.create_version | entry.create_system << 8, version, entry.flag_bits,
        entry.compress_type, *_stamp(entry), entry.CRC, entry.compress_size, entry.file_size, len(name), len(extra),
        len(entry.comment), 0, entry.internal_attr, entry.external_attr, offset,
    )  # fmt: skip
    return head + name + extra + entry.comment


def _name(entry: ZipInfo) -> bytes:
    if entry.flag_bits & _UTF8_NAME:
        return entry.orig_filename.encode()
    try:
        return entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        entry.flag_bits |= _UTF8_NAME
        return entry.orig_filename.encode()


def _stamp(entry: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = entry.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Sizes fit into the line itself: no package here is that large."""
    kept, position = b"", 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind != _ZIP64:
            kept += extra[position : position + 4 + length]
        position += 4 + length
    return kept
