"""Where workbooks come from: files, folders, wildcards, zip archives, lists of names, and addresses (``s3://…``) of any
file system that fsspec has a driver for. Nothing is passed over without being counted.

A source is called as it was named; a member of an archive ``a.zip!b/c.xlsx``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any, Final, NamedTuple

from checker.audit.intake.archives import MARK, Archive
from checker.engine.statements import SIDECAR, WAIVERS
from checker.errors import ReadError, UsageError
from checker.messages import tr
from checker.readers import limits
from checker.readers.discovery import Found, find_workbooks
from checker.readers.refusals import refuse

__all__ = [
    "BESIDE",
    "Listing",
    "Source",
    "content",
    "exists",
    "find_sources",
    "is_file",
    "refuse_archive",
    "statements",
]

#: What the names of files beside a source end in that say something about it.
BESIDE: Final = (SIDECAR, WAIVERS)
_ZIP: Final = ".zip"


class Source(NamedTuple):
    """One workbook to read. ``near`` is what a shard is chosen by: its folder below what was named, or its own name."""

    name: str
    size: int = 0
    modified: str = ""
    near: str = ""


class Listing(NamedTuple):
    """``sources`` in order of name, each once, and what was passed over on the way."""

    sources: tuple[Source, ...]
    passed_over: Found


def find_sources(words: Iterable[str], names: Callable[[], Iterable[str]] = tuple) -> Listing:
    """All workbooks at ``words``; ``-`` stands for ``names()``. Raises ``UsageError``."""
    found = Found()
    sources: dict[str, Source] = {}
    for word in words:
        for named in [*names()] if word == "-" else [word]:
            for source in _at(named, found):
                sources.setdefault(source.name, source)
    if not sources:
        raise UsageError(
            "NO_WORKBOOKS", tr("There is no workbook among the sources."), tr("Name files, folders or archives.")
        )
    return Listing(tuple(sorted(sources.values())), found)


def is_file(name: str) -> bool:
    """Whether a source is a file of its own on this machine."""
    return not _is_address(name) and (MARK not in name or os.path.lexists(name))


def content(name: str) -> bytes:
    """The bytes of a source. Raises ``ReadError``."""
    archive, member = _in_archive(name)
    if archive:
        return _archive(archive).read(member)
    try:
        with _opened(name) as file:
            data = file.read(limits.MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise refuse("FILE_MISSING", name) from error
    except Exception as error:  # a driver may fail in any way
        raise refuse("FILE_UNREADABLE", name, reason=getattr(error, "strerror", None) or error) from error
    if len(data) > limits.MAX_FILE_BYTES:
        raise refuse("FILE_TOO_LARGE", name, limit=limits.MAX_FILE_BYTES // limits.MIB)
    return data


def refuse_archive(name: str) -> None:
    """Raise ``ReadError`` if a source is an archive that cannot be opened, rather than a workbook called like one."""
    if name.lower().endswith(_ZIP) and not _in_archive(name)[0]:
        _archive(name)


def exists(name: str) -> bool:
    """Whether there is something of this name beside a source."""
    archive, member = _in_archive(name)
    if archive:
        return member in _archive(archive)
    if _is_address(name):
        system, path = _system(name)
        return bool(system.exists(path))
    return os.path.exists(name)  # noqa: PTH110


def statements(name: str) -> bytes:
    """What stands in the file of explanations beside a source, and whether there is one of waivers, which is told and
    does not count. Raises ``ReadError``."""
    said = content(name + SIDECAR) if exists(name + SIDECAR) else b""
    return said + WAIVERS.encode() if exists(name + WAIVERS) else said


def _at(word: str, found: Found) -> Iterator[Source]:
    if _is_address(word):
        yield from _far(word, found)
        return
    listed = find_workbooks([word], archives=True)
    found.others += listed.others
    found.leftovers += listed.leftovers
    folder = os.path.isdir(word)  # noqa: PTH112
    for path in listed.files:
        try:
            status = os.stat(path)  # noqa: PTH116
            size, modified = status.st_size, _moment(status.st_mtime)
        except (OSError, ValueError):
            size, modified = 0, ""
        relative = os.path.relpath(path, word).replace(os.sep, "/") if folder else ""
        yield from _unpacked(Source(path, size, modified, relative), found)


def _far(address: str, found: Found) -> Iterator[Source]:
    """What stands at an address: a file, all files below a folder, or those that wildcards fit."""
    from fsspec.core import has_magic

    system, path = _system(address)
    try:
        if has_magic(path):
            entries, root = system.glob(path, detail=True), ""
        elif system.isdir(path):
            entries, root = system.find(path, detail=True), path
        else:
            entries, root = {path: system.info(path)}, ""
    except Exception as error:  # a driver may fail in any way
        raise UsageError(
            "SOURCE_UNREADABLE",
            tr("The place cannot be listed: {reason}.", reason=str(error) or type(error).__name__),
            tr("Check the address and your rights to it."),
            address,
        ) from error
    for name, about in sorted(entries.items()):
        if about.get("type") == "directory":
            continue
        if not root or found.takes(name, archives=True):
            relative = name.removeprefix(root).lstrip("/") if root else ""
            modified = about.get("LastModified") or about.get("mtime") or about.get("created") or ""
            source = Source(system.unstrip_protocol(name), about.get("size") or 0, _moment(modified), relative)
            yield from _unpacked(source, found)


def _unpacked(source: Source, found: Found) -> Iterator[Source]:
    """The workbooks in a zip archive; any other file itself. ``near`` comes as the path below what was named."""
    if source.name.lower().endswith(_ZIP):
        try:
            archive = _archive(source.name)
            members = None if archive.is_workbook else [*archive.workbooks(found)]
        except ReadError:  # told when it is read
            members = None
        if members is not None:
            for member, info in members:
                modified = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*info.date_time)
                near = _near(f"{source.near}{MARK}{member}" if source.near else member)
                yield Source(f"{source.name}{MARK}{member}", info.file_size, modified, near)
            return
    yield source._replace(near=_near(source.near or source.name))


def _near(relative: str) -> str:
    """The folder of a workbook below what was named, or its name if it lies there itself."""
    return relative.replace(MARK, "/").rpartition("/")[0] or relative


def _in_archive(name: str) -> tuple[str, str]:
    """The archive and the name in it; two empty texts if the source is a file of its own."""
    if is_file(name):
        return "", ""
    at = name.find(MARK)
    while at >= 0:
        archive = name[:at]
        if archive.lower().endswith(_ZIP) and (_is_address(archive) or os.path.isfile(archive)):  # noqa: PTH113
            return archive, name[at + 1 :]
        at = name.find(MARK, at + 1)
    return "", ""


def _archive(name: str) -> Archive:
    state = 0
    if not _is_address(name):
        try:
            state = os.stat(name).st_mtime_ns  # noqa: PTH116
        except OSError as error:
            raise refuse("FILE_MISSING", name) from error
    return _kept(name, state)


@lru_cache(maxsize=2)
def _kept(name: str, state: int) -> Archive:
    """The last archives stay open: their members come one after the other."""
    try:
        file = _opened(name)
    except Exception as error:
        raise refuse("FILE_UNREADABLE", name, reason=getattr(error, "strerror", None) or error) from error
    return Archive(file, name)


def _opened(name: str) -> IO[bytes]:
    if _is_address(name):
        system, path = _system(name)
        file: IO[bytes] = system.open(path, "rb")
        return file
    return open(name, "rb")  # noqa: PTH123


def _is_address(name: str) -> bool:
    return "://" in name


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address and the path in it. Raises ``UsageError`` if there is no driver for it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UsageError(
            "EXTRA_MISSING",
            tr("Addresses need fsspec, which is not installed."),
            tr("Install it with: {command}", command='pip install "jixiao-checker[audit]"'),
            address,
        ) from error
    try:
        system, path = url_to_fs(address)
    except ImportError as error:  # its text names the package
        raise UsageError(
            "DRIVER_MISSING",
            tr("The driver for this address is not installed."),
            tr("Install it with pip: {detail}", detail=error),
            address,
        ) from error
    except ValueError as error:
        raise UsageError(
            "DRIVER_UNKNOWN", tr("There is no driver for this kind of address: {detail}.", detail=error), None, address
        ) from error
    return system, path


def _moment(value: Any) -> str:
    """A time of change, in UTC."""
    if isinstance(value, int | float):
        value = datetime.fromtimestamp(value, UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return str(value)
