"""Workbooks in zip archives, guarded: sizes, ratios and overlaps before any content; nothing is unpacked to disk but an
archive within an archive, one level deep.

A member is called ``a.zip!folder/b.xlsx``. Names in archives made by Chinese Windows are GBK without saying so.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from checker.errors import ReadError
from checker.messages import tr
from checker.readers import limits
from checker.readers.discovery import Found, kind_of
from checker.readers.refusals import refuse

__all__ = ["MARK", "Archive"]

#: Between an archive and what is in it.
MARK: Final = "!"
#: Bytes of the table of contents: some 300,000 members.
_MOST_CONTENTS: Final = 32 * limits.MIB
#: Bytes of an archive within an archive, unpacked.
_MOST_INNER: Final = 1024 * limits.MIB
_DAMAGE: Final = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_ENCRYPTED, _UTF8 = 0x1, 0x800
_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")


class Archive:
    """The members of the zip archive in ``file`` by name; ``where`` names it in errors. Raises ``ReadError``. The file
    is closed with the archive, when nobody has it any more."""

    def __init__(self, file: IO[bytes], where: str, *, inner: bool = False) -> None:
        self.where = where
        self._file = file
        self._inner = inner
        self._open: dict[str, Archive] = {}
        try:
            if _contents(file) > _MOST_CONTENTS:
                raise self._refused("ARCHIVE_TOO_LARGE")
            self._zip = ZipFile(file)
            self.members: Mapping[str, ZipInfo] = self._members()
        except ReadError:
            file.close()
            raise
        except _DAMAGE as error:
            file.close()
            raise self._refused("ARCHIVE_DAMAGED") from error

    @property
    def is_workbook(self) -> bool:
        """Whether this is the package of a workbook, whatever its file is called."""
        return "[Content_Types].xml" in self.members

    def workbooks(self, found: Found) -> Iterator[tuple[str, ZipInfo]]:
        """Name and entry of every member worth opening, those of archives within included. ``found`` counts the rest.

        What cannot be opened (an archive that is damaged or nested too deep) is itself such a member."""
        for name, info in self.members.items():
            if not found.takes(name, archives=True):
                continue
            inside = None
            if kind_of(name) == "archive" and not self._inner:
                try:
                    inside = self.inside(name)
                except ReadError:  # told by whoever tries to read it
                    inside = None
            if inside is None or inside.is_workbook:
                yield name, info
            else:
                for member, entry in inside.workbooks(found):
                    yield f"{name}{MARK}{member}", entry

    def read(self, name: str) -> bytes:
        """The content of a member."""
        archive, info = self._found(name)
        if info.file_size > limits.MAX_FILE_BYTES:
            limit = limits.MAX_FILE_BYTES // limits.MIB
            raise refuse("FILE_TOO_LARGE", f"{self.where}{MARK}{name}", limit=limit)
        try:
            with archive._zip.open(info) as stream:
                return stream.read(limits.MAX_FILE_BYTES + 1)
        except _DAMAGE as error:
            raise self._refused(_reason(info), name) from error

    def __contains__(self, name: str) -> bool:
        try:
            return self._found(name) is not None
        except ReadError:
            return False

    def __del__(self) -> None:
        self._file.close()

    def inside(self, name: str) -> Archive:
        """An archive within this one."""
        if self._inner:
            raise self._refused("ARCHIVE_NESTED", name)
        if name not in self._open:
            info = self.members[name]
            if info.file_size > _MOST_INNER:
                raise self._refused("ARCHIVE_TOO_LARGE", name)
            unpacked = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the archive
            try:
                with self._zip.open(info) as stream:
                    shutil.copyfileobj(stream, unpacked, limits.MIB)
            except _DAMAGE as error:
                unpacked.close()
                raise self._refused(_reason(info), name) from error
            self._open[name] = Archive(unpacked, f"{self.where}{MARK}{name}", inner=True)
        return self._open[name]

    def _found(self, name: str) -> tuple[Archive, ZipInfo]:
        """A member by name, in this archive or in one within it."""
        if name in self.members:
            return self, self.members[name]
        at = name.find(MARK)
        while at >= 0:
            if name[:at] in self.members:
                return self.inside(name[:at])._found(name[at + 1 :])
            at = name.find(MARK, at + 1)
        raise refuse("FILE_MISSING", f"{self.where}{MARK}{name}")

    def _members(self) -> dict[str, ZipInfo]:
        members: dict[str, ZipInfo] = {}
        end = 0
        for info in sorted(self._zip.infolist(), key=lambda info: info.header_offset):
            if info.header_offset < end or info.file_size > max(
                limits.RATIO_FREE_BYTES, limits.MAX_RATIO * info.compress_size
            ):
                raise self._refused("ARCHIVE_SUSPECT")
            end = info.header_offset + info.compress_size
            if info.is_dir():
                continue
            name = _name(info)
            if name in members:
                raise self._refused("ARCHIVE_SUSPECT")
            members[name] = info
        return dict(sorted(members.items()))

    def _refused(self, code: str, member: str = "") -> ReadError:
        unpack = tr("Unpack it, and name the folder instead.")
        message, hint = {
            "ARCHIVE_TOO_LARGE": (tr("The archive holds too much to be opened safely."), unpack),
            "ARCHIVE_DAMAGED": (tr("The archive is damaged."), tr("Get it again from where it came from.")),
            "ARCHIVE_ENCRYPTED": (tr("The archive is protected by a password."), unpack),
            "ARCHIVE_METHOD": (tr("The archive is compressed by a method that is not known here."), unpack),
            "ARCHIVE_NESTED": (tr("The archive is nested in two others."), unpack),
            "ARCHIVE_SUSPECT": (
                tr("Members of the archive overlap, share a name or grow beyond measure when unpacked."),
                tr("No program writes such an archive by itself. Ask the sender for a new one."),
            ),
        }[code]
        return ReadError(code, message, hint, f"{self.where}{MARK}{member}" if member else self.where)


def _reason(info: ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "ARCHIVE_ENCRYPTED"
    return "ARCHIVE_DAMAGED" if info.compress_type in (0, 8, 12, 14) else "ARCHIVE_METHOD"


def _name(info: ZipInfo) -> str:
    """The name as its writer meant it: UTF-8 said so or not, else GBK, else as it is."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _contents(file: IO[bytes]) -> int:
    """How many bytes the table of contents takes, as the end of the archive says; 0 if there is no such end."""
    size = file.seek(0, 2)
    start = max(0, size - 65_535 - _END.size - _LOCATOR.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return 0
    contents: int = _END.unpack_from(tail, at)[5]
    before = at - _LOCATOR.size
    if before >= 0 and tail[before : before + 4] == b"PK\x06\x07":
        file.seek(_LOCATOR.unpack_from(tail, before)[2])
        contents = _END64.unpack(file.read(_END64.size))[8]
    return contents
