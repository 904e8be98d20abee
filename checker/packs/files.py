"""The files of rule packs: found, read as bytes, and summed up. Nothing is parsed here.

A pack folder holds ``pack.yaml``, ``parameters.yaml``, ``forms/``, ``checks/``, ``scoring/``, ``dictionaries/`` and
``cases/``. A YAML or CSV file anywhere else is an error: a rule that nobody reads is a check that nobody makes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from stat import S_ISREG
from typing import Final, NamedTuple

from checker.errors import CheckerError, PackError
from checker.messages import tr
from checker.model.plugin import PackSource
from checker.packs.patches import FOLDER as PATCHES
from checker.packs.patches import patch_files

__all__ = ["MAX_BYTES", "PackFiles", "PackFolder", "State", "digest", "find_packs", "read_file", "read_packs",
           "state_of"]  # fmt: skip

#: A file larger than this is refused, not read.
MAX_BYTES: Final = 2_000_000

#: Folders of a pack, with what their files end in.
_FOLDERS: Final = {"cases": ".yaml", "checks": ".yaml", "dictionaries": ".csv", "forms": ".yaml", "scoring": ".yaml"}
_TOP: Final = ("pack.yaml", "parameters.yaml")


class State(NamedTuple):
    """A file as the file system knows it: path, size, and when it and its entry last changed (in nanoseconds)."""

    path: str
    size: int
    changed: tuple[int, int]


class PackFolder(NamedTuple):
    """One pack folder. ``paths`` are those of its files from ``root`` (with ``/``), sorted; cases are only listed."""

    root: str
    source: PackSource
    paths: tuple[str, ...]
    cases: tuple[str, ...]

    def states(self) -> Iterator[State]:
        """The files as they are now. May raise ``OSError``."""
        for path in self.paths:
            yield state_of(f"{self.root}/{path}")


class PackFiles(NamedTuple):
    """A pack folder that was read. ``files`` are bytes by path from ``root``."""

    root: str
    source: PackSource
    files: Mapping[str, bytes]
    cases: tuple[str, ...]

    def name(self, path: str) -> str:
        """A file as the user knows it."""
        return os.path.join(self.root, *path.split("/"))  # noqa: PTH118 (pathlib is slow here)

    def below(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files of one folder, by name and content."""
        for path, content in self.files.items():
            if path.startswith(folder + "/"):
                yield self.name(path), content


def read_file(path: str) -> bytes:
    """The content of a file of a pack, or its beginning where it is too large. Raises ``PackError``."""
    try:
        if not S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - a pipe would be waited for, a device never ends
            message = tr("This is not a file.")
            raise PackError("PACK_UNREADABLE", message, tr("Put a file of this name here, or take it away."), path)
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(error.filename or path, error) from error


def state_of(path: str) -> State:
    status = os.stat(path)  # noqa: PTH116
    return State(path, status.st_size, (status.st_mtime_ns, status.st_ctime_ns))


def find_packs(sources: Iterable[PackSource]) -> tuple[list[PackFolder], list[CheckerError]]:
    """Every pack folder of ``sources``, in their order, and what is wrong with others."""
    found: list[PackFolder] = []
    failures: list[CheckerError] = []
    for source in sources:
        try:
            folders, strays = _pack_folders(str(source.root))
        except OSError as error:
            failures.append(_unreadable(str(source.root), error))
            continue
        empty = [] if patch_files([source]) else [str(source.root)]
        for folder in strays if folders or strays else empty:
            failures.append(
                PackError(
                    "PACK_NONE",
                    tr("There is no rule pack in this folder."),
                    tr("A pack is a folder that holds pack.yaml."),
                    folder,
                )
            )
        for folder in folders:
            try:
                found.append(_listed(folder, source))
            except CheckerError as error:
                failures.append(error)
            except OSError as error:
                failures.append(_unreadable(error.filename or folder, error))
    return found, failures


def read_packs(folders: Iterable[PackFolder]) -> tuple[list[PackFiles], list[CheckerError]]:
    """The files of pack folders, and what could not be read."""
    found: list[PackFiles] = []
    failures: list[CheckerError] = []
    for folder in folders:
        files: dict[str, bytes] = {}
        try:
            for path in folder.paths:
                files[path] = read_file(f"{folder.root}/{path}")
        except CheckerError as error:
            failures.append(error)
        else:
            found.append(PackFiles(folder.root, folder.source, files, folder.cases))
    return found, failures


def digest(packs: Iterable[tuple[str, Mapping[str, bytes]]], *more: bytes) -> str:
    """sha256 over paths and contents of ``(prefix, files)``, and ``more``; line ends do not count."""
    total = sha256()
    for prefix, files in packs:
        for path, content in sorted(files.items()):
            text = content.replace(b"\r\n", b"\n")
            total.update(f"{prefix}/{path}\0{len(text)}\0".encode())
            total.update(text)
    for content in more:
        total.update(content.replace(b"\r\n", b"\n"))
    return total.hexdigest()


def _pack_folders(root: str) -> tuple[list[str], list[str]]:
    """The pack folders at or below ``root``, and folders that look like packs without being one."""
    if os.path.isfile(root + "/pack.yaml"):  # noqa: PTH113
        return [root], []
    packs: list[str] = []
    strays: list[str] = []
    with os.scandir(root) as entries:
        folders = sorted(entry.path for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    for folder in folders:
        if os.path.isfile(folder + "/pack.yaml"):  # noqa: PTH113
            packs.append(folder)
        elif os.path.basename(folder) != PATCHES and any(  # noqa: PTH119
            path.endswith((".yaml", ".yml")) for path in _files(folder)
        ):
            strays.append(folder)
    return packs, strays


def _listed(root: str, source: PackSource) -> PackFolder:
    paths: list[str] = []
    cases: list[str] = []
    for path in sorted(_files(root)):
        folder, _, rest = path.partition("/")
        if path.endswith("/"):
            message = tr("This folder is a link, and links to folders are not followed.")
            hint = tr("Put a copy of the folder in its place.")
            raise PackError("PACK_LINK", message, hint, os.path.join(root, *path.split("/")))  # noqa: PTH118
        if not (path in _TOP or (rest and folder in _FOLDERS and path.endswith(_FOLDERS[folder]))):
            raise PackError(
                "PACK_FILE_UNKNOWN",
                tr("Nothing reads this file."),
                tr(
                    "Use pack.yaml, parameters.yaml, {folders}.",
                    folders=", ".join(f"{name}/*{suffix}" for name, suffix in _FOLDERS.items()),
                ),
                os.path.join(root, *path.split("/")),  # noqa: PTH118
            )
        (cases if folder == "cases" else paths).append(path)
    return PackFolder(root, source, tuple(paths), tuple(cases))


def _files(root: str, below: str = "") -> Iterator[str]:
    """What bears the name of a YAML or CSV file; and links to folders, ending in ``/``."""
    with os.scandir(f"{root}/{below}") as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.name.endswith((".yaml", ".yml", ".csv")):
                yield below + entry.name
            elif entry.is_dir(follow_symlinks=False):
                yield from _files(root, f"{below}{entry.name}/")
            elif entry.is_dir():
                yield f"{below}{entry.name}/"


def _unreadable(path: str, error: OSError) -> PackError:
    if isinstance(error, FileNotFoundError):
        message, hint = tr("There is nothing here, or a link that leads nowhere."), tr("Look at the path.")
    elif isinstance(error, PermissionError):
        message, hint = tr("You are not allowed to read this."), tr("Ask whoever gave you the pack.")
    else:
        message = tr("This cannot be read: {problem}.", problem=error.strerror or str(error))
        hint = tr("Put a file that can be read in its place.")
    return PackError("PACK_UNREADABLE", message, hint, str(path))
