"""What is open now, unsaved edits included, read as the command reads a file.

The program saves a copy into a private folder, the copy is read and deleted; the open workbook is not touched. Where no
copy can be read (encrypted by a password or by an agent of the office, a format without a reader), the program itself
is asked for the cells, and the report says so.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.errors import CheckerError, ReadError
from checker.excel.own import without_own
from checker.messages import tr
from checker.model.workbook import Workbook
from checker.readers import open_workbook

__all__ = ["Snapshot", "name_of", "read_book", "read_by_asking"]


#: See ``CheckerRibbon.bas``.
_MACRO: Final = "checker.xlam!CheckerRibbon.CheckerSaveCopy"


class Snapshot(NamedTuple):
    """``workbook`` is without our sheets, ``whole`` with them. ``limited`` is why the copy could not be read; None if
    it was."""

    workbook: Workbook
    whole: Workbook
    limited: CheckerError | None = None


def read_book(book: Any) -> Snapshot:
    """The open workbook as a reader hands it over. Raises ``ReadError``."""
    try:
        whole = _read_copy(book)
        return Snapshot(without_own(whole, name_of(book)), whole)
    except ReadError as error:
        return read_by_asking(book, error)


def read_by_asking(book: Any, why: CheckerError) -> Snapshot:
    """The open workbook cell by cell, because of ``why`` its copy could not be read. Raises ``ReadError``."""
    if sys.platform == "darwin":  # errors in cells are lost or end Excel there (xlwings issues 1924 and 1028)
        raise why
    from checker.excel.live import read_live

    whole = read_live(book, name_of(book))
    return Snapshot(without_own(whole, name_of(book)), whole, why)


def name_of(book: Any) -> str:
    """The full name of the workbook: an address for one in a cloud folder, only a name for one never saved."""
    if sys.platform == "darwin":
        return str(book.fullname)
    return str(book.api.FullName)


def _read_copy(book: Any) -> Workbook:
    """Whatever goes wrong in saving is a ``ReadError``, so that there is another way to read."""
    ending = os.path.splitext(book.name)[1] or ".xlsx"  # noqa: PTH122 - the name may be an address
    with tempfile.TemporaryDirectory(prefix="checker-", dir=_reachable(), ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"copy{ending}"
        try:
            _save_copy(book, str(copy))
        except Exception as error:  # of the program, of pywin32, of an agent that forbids it
            if sys.platform == "darwin" and _is_saved(book):
                return open_workbook(book.fullname)
            raise ReadError(
                "EXCEL_NO_COPY",
                tr("The program saves no copy of the workbook: {reason}.", reason=error),
                tr("Save the workbook to a folder of this computer and check again."),
                name_of(book),
            ) from error
        return open_workbook(copy)


def _save_copy(book: Any, path: str) -> None:
    if sys.platform != "darwin":
        book.api.SaveCopyAs(path)
    else:  # its dictionary has no word for it, so the add-in has a macro
        book.app.macro(_MACRO)(book.name, path)


def _is_saved(book: Any) -> bool:
    """Whether the file says what the open workbook does (macOS)."""
    try:
        return book.api.saved.get() is True
    except Exception:  # of appscript, which need not be there
        return False


def _reachable() -> str | None:
    """The folder in which the program may write; on macOS only its own. None: that of the system."""
    folder = Path.home() / "Library" / "Containers" / "com.microsoft.Excel" / "Data"
    return str(folder) if sys.platform == "darwin" and folder.is_dir() else None
