"""From the paths a user names to the workbooks to check: folders walked, nothing left out without a word."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator

from checker.errors import UsageError
from checker.messages import Text, tr

__all__ = ["Found", "find_workbooks", "kind_of"]

#: Beginnings of the endings that workbooks go by (.xls .xlsx .xlsm .xlsb .xlt .xltx .et .ett). In a folder
#: the name only says what is worth opening; what a file is, its content says.
_ENDINGS = (".xls", ".xlt", ".et")
#: Those of archives: what of them can be opened, and what can only be told of.
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
#: Lock files of Office, and what macOS leaves beside files on foreign disks.
_LEFTOVERS = ("~$", "._")


class Found:
    """``files`` in order, each once; what was passed over in folders, by number."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.others = 0
        self.leftovers = 0

    def takes(self, path: str, *, archives: bool = False) -> bool:
        """Whether a file found in a folder is worth opening, by its name; one that is not is counted."""
        kind = kind_of(path)
        if kind == "workbook" or (archives and kind == "archive"):
            return True
        if kind == "leftover":
            self.leftovers += 1
        else:
            self.others += 1
        return False

    def remark(self) -> Text | None:
        """What was passed over, in words."""
        if not (self.others or self.leftovers):
            return None
        return tr(
            "Passed over in folders: {others} files that are not workbooks by name, {leftovers} lock files "
            "and leftovers (~$, ._).",
            others=self.others,
            leftovers=self.leftovers,
        )


def kind_of(path: str) -> str:
    """``workbook``, ``archive``, ``leftover`` or ``other``, by the name alone. Folders in ``path`` end in ``/``."""
    name = path.replace("\\", "/").rpartition("/")[2]
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122
    if name.startswith(_LEFTOVERS):
        return "leftover"
    return "workbook" if ending.startswith(_ENDINGS) else "archive" if ending in _ARCHIVES else "other"


def find_workbooks(paths: Iterable[str], *, archives: bool = False) -> Found:
    """Files as named, folders walked in order of name, wildcards resolved where the shell did not.

    A file that does not exist is kept: to say so is the reader's business, and the others are checked. So is
    a folder inside that may not be entered. With ``archives`` those in folders are found, too. Raises ``UsageError``
    for a folder with nothing to check in it.
    """
    found = Found()
    seen: set[str] = set()
    for path in _resolved(paths):
        if os.path.isdir(path):  # noqa: PTH112
            candidates = list(_walk(path, found, archives))
            if not candidates:
                raise UsageError(
                    "NO_WORKBOOKS",
                    tr("There is no workbook in this folder."),
                    tr("Name a folder with .xlsx, .xlsm, .xls or .et files."),
                    path,
                )
        else:
            candidates = [path]
        for candidate in candidates:
            real = os.path.realpath(candidate)
            if real not in seen:
                seen.add(real)
                found.files.append(candidate)
    return found


def _resolved(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        matches = [] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True))  # noqa: PTH207
        yield from matches or [path]


def _walk(folder: str, found: Found, archives: bool) -> Iterator[str]:
    closed: list[str] = []
    for root, folders, files in os.walk(folder, onerror=lambda error: closed.append(str(error.filename))):
        folders.sort()
        for name in sorted(files):
            if found.takes(name, archives=archives):
                yield os.path.join(root, name)  # noqa: PTH118
    yield from closed
