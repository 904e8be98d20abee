"""From a command line or a running program to the open workbook, as an object of xlwings.

``RunPython`` says which workbook of which window; without it, the workbook in front of a running Excel or WPS is taken.
Objects of xlwings are ``Any`` here: every release from 0.31 to the newest must do, and they differ in types.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from checker.errors import UsageError
from checker.messages import tr

__all__ = ["PROGRAMS", "Caller", "Opened", "attach", "caller", "connect", "disarm_cleanup"]

#: What running programs are called by. After the first come those of WPS, tried by nobody here yet.
PROGRAMS: Final = ("Excel.Application", "Ket.Application", "ET.Application")
#: How often a call is repeated that the program refuses because it is busy (stock xlwings: for ever). A refusal takes
#: well under a millisecond.
_ATTEMPTS: Final = 20_000


class Caller(NamedTuple):
    """What ``RunPython`` says on the command line: name of the workbook, handle of its window (0: not said)."""

    book: str
    window: int


class Opened(NamedTuple):
    """An open workbook. ``experimental``: the program that holds it is not Excel."""

    book: Any
    experimental: bool = False


def caller(argv: Sequence[str]) -> Caller:
    """The words of ``RunPython`` in ``argv``. A name may hold ``=`` itself, on which stock xlwings stumbles."""
    said: dict[str, str] = {}
    for word in argv:
        name, equals, value = word.partition("=")
        if equals:
            said.setdefault(name, value.strip())
    window = said.get("--hwnd", "")
    return Caller(said.get("--wb", ""), int(window) if window.isdecimal() else 0)


def connect(argv: Sequence[str]) -> Opened:
    """The workbook that ``argv`` names; without a name, the one in front. Raises ``UsageError``."""
    said = caller(argv)
    if not said.book:
        return attach()
    if sys.platform == "darwin":
        return Opened(_named(_mac_app(), said.book))
    if not said.window:
        return attach(book=said.book)
    windows = _windows()
    return Opened(_named(_xlwings().App(impl=windows.App(xl=said.window)), said.book))


def attach(programs: Sequence[str] = PROGRAMS, book: str = "") -> Opened:
    """The workbook in front (or the one named ``book``) of the first running program that has one. Raises
    ``UsageError``."""
    if sys.platform == "darwin":
        app = _mac_app()
        return Opened(_named(app, book) if book else _in_front(app))
    windows = _windows()
    failure: UsageError | None = None
    for program in programs:
        try:
            running = windows.win32com.client.GetActiveObject(program)
        except windows.pywintypes.com_error:
            continue
        app = _xlwings().App(impl=windows.App(xl=windows.COMRetryObjectWrapper(running)))
        try:
            return Opened(_named(app, book) if book else _in_front(app), experimental=program != PROGRAMS[0])
        except UsageError as error:
            failure = failure or error
    raise failure or UsageError(
        "EXCEL_NOT_RUNNING",
        tr("No running Excel or WPS can be reached."),
        tr("Open the workbook in Excel first, and start neither of the two programs as administrator."),
    )


def disarm_cleanup() -> None:
    """Keep xlwings from ending every Excel that has no window when this process ends."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        atexit.unregister(windows.cleanup)


def _xlwings() -> Any:
    import xlwings

    disarm_cleanup()
    return xlwings


def _windows() -> Any:
    """The part of xlwings that drives Excel for Windows. Raises ``ImportError`` where a package is missing."""
    if sys.platform != "win32" and "pythoncom" not in sys.modules:
        raise UsageError(
            "EXCEL_NOT_HERE",
            tr("Excel can only be driven where it runs: under Windows or macOS."),
            tr("Check the file with: checker check FILE, or mark a copy with: checker annotate FILE."),
        )
    from xlwings import _xlwindows

    disarm_cleanup()
    _xlwindows.N_COM_ATTEMPTS = _xlwindows.N_COM_ATTEMPTS or _ATTEMPTS
    return _xlwindows


def _mac_app() -> Any:
    app = _xlwings().apps.active
    if app is None:
        raise UsageError("EXCEL_NOT_RUNNING", tr("Excel is not running."), tr("Open the workbook in Excel first."))
    return app


def _named(app: Any, name: str) -> Any:
    for book in app.books:
        if book.name.casefold() == name.casefold():
            return book
    raise _nothing_open(app, name)


def _in_front(app: Any) -> Any:
    book = app.books.active if len(app.books) else None
    if book is None or getattr(book.impl, "xl", book) is None:
        raise _nothing_open(app, "")
    return book


def _nothing_open(app: Any, name: str) -> UsageError:
    """Why there is no such workbook: it may be shown in protected view, where no program may look into it."""
    shown = None if sys.platform == "darwin" else getattr(app.api, "ProtectedViewWindows", None)
    if shown is not None and shown.Count:
        return UsageError(
            "EXCEL_PROTECTED_VIEW",
            tr("The workbook is open in protected view, where it may only be looked at."),
            tr("Press “Enable Editing” in the yellow bar and check again."),
            name,
        )
    if name:
        return UsageError(
            "EXCEL_WORKBOOK_GONE",
            tr("The workbook is no longer open in this window."),
            tr("Open it, click into it and check again."),
            name,
        )
    return UsageError("EXCEL_NO_WORKBOOK", tr("No workbook is open."), tr("Open the workbook and check again."))
