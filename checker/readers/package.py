"""The zip package of an OOXML workbook, guarded: sizes, ratios, names and checksums before any content.

Nothing is written to disk and nothing is inflated but the parts that are asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import error as StructError  # noqa: N812 - the exception of struct has a lower-case name
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from checker.readers import limits
from checker.readers.refusals import refuse

__all__ = ["Package"]

#: What ``zipfile`` raises on damaged packages, as observed on mutated files.
_DAMAGE = (BadZipFile, zlib.error, StructError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)

_CHUNK = 65_536
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"


class Package:
    """The parts of the package in ``data`` by name. ``where`` names the file in errors.

    Part names are compared without case, as the standard has it. Raises ``ReadError``.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self.where, self.data = where, data
        if _END not in data:
            raise refuse("FILE_TRUNCATED", where)
        # zipfile makes an object per entry before anybody can count them.
        if data.count(_ENTRY) > limits.MAX_ENTRIES:
            raise refuse("ZIP_TOO_MANY_ENTRIES", where, limit=limits.MAX_ENTRIES)
        try:
            self._zip = ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise refuse("ZIP_DAMAGED", where, part=_short(error)) from error
        self._parts: dict[str, ZipInfo] = {}
        total = end = 0
        for info in sorted(self._zip.infolist(), key=lambda info: info.header_offset):
            name = self._checked_name(info)
            total += info.file_size
            if info.header_offset < end:
                raise refuse("ZIP_DAMAGED", where, part=name)
            end = info.header_offset + info.compress_size
            if total > limits.MAX_INFLATED_BYTES:
                raise refuse("ZIP_TOO_LARGE", where, limit=limits.MAX_INFLATED_BYTES // limits.MIB)
            if info.file_size > max(limits.RATIO_FREE_BYTES, limits.MAX_RATIO * info.compress_size):
                raise refuse("ZIP_RATIO", where, part=name, limit=limits.MAX_RATIO)
            if name.casefold() in self._parts:
                raise refuse("ZIP_DUPLICATE", where, part=name)
            self._parts[name.casefold()] = info

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self._parts

    @property
    def entries(self) -> tuple[ZipInfo, ...]:
        """The entries of the archive in the order in which they lie there."""
        return tuple(self._parts.values())

    def size(self, part: str) -> int:
        """Inflated bytes of ``part``; reading it never gives more."""
        return self._info(part).file_size

    def chunks(self, part: str) -> Iterator[bytes]:
        """The inflated bytes of ``part``, piece by piece; a bad checksum shows at the end."""
        info = self._info(part)
        if info.flag_bits & _ENCRYPTED:
            raise refuse("ENCRYPTED", self.where)
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise refuse("ZIP_METHOD", self.where, part=part)
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            raise refuse("ZIP_DAMAGED", self.where, part=part) from error

    def _info(self, part: str) -> ZipInfo:
        info = self._parts.get(part.casefold())
        if info is None:
            raise refuse("PART_MISSING", self.where, part=_short(part))
        return info

    def _checked_name(self, info: ZipInfo) -> str:
        name = info.filename.replace("\\", "/").removeprefix("/")
        if "\0" in info.orig_filename or ".." in name.split("/") or name[1:2] == ":":
            raise refuse("ZIP_UNSAFE_NAME", self.where, part=_short(name))
        return name


def _short(value: object) -> str:
    return str(value)[:200]
