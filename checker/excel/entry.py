"""From a button to what it does: whatever happens ends in one sentence in Chinese, its details in the log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from checker.errors import CheckerError, UsageError
from checker.messages import Text, tr

__all__ = ["main", "run_attached"]

#: ``_UNSEEN``: it failed, and there was no window to say so.
_DONE, _FAILED, _UNSEEN = 0, 1, 2
_LANGUAGE: Final = "zh"
#: A window of Windows itself, in front of all others: with the sign of an error, or that of a remark.
_CRITICAL, _REMARK, _IN_FRONT = 0x10, 0x40, 0x50000


def main(action: str, argv: Sequence[str] | None = None) -> int:
    """Do what a button stands for, for the workbook that ``argv`` (the command line of ``RunPython``) names, and tell
    the officer. 0 if it was done.

    Raises ``SystemExit`` where no window can tell of a failure: then the ribbon shows what is on stderr.
    """
    from checker.excel.connect import connect

    code = _run(action, lambda: connect(sys.argv if argv is None else argv))
    if code == _UNSEEN:
        raise SystemExit(code)
    return code


def run_attached(action: str) -> int:
    """The same for the workbook in front of the running Excel or WPS: a way that needs no macros. Raises nothing."""
    from checker.excel.connect import attach

    return _run(action, attach)


def _run(action: str, connected: Callable[[], Any]) -> int:
    app: Any = None
    try:
        opened = connected()
        app = opened.book.app
        app.status_bar = False  # what an earlier button said there
        told = _action(action)(opened.book)
        if opened.experimental:
            told = _experimental(told)
    except Exception as error:  # everything: nobody sees a traceback here
        failure = _failure(error)
        text = (
            failure.message
            if failure.hint is None
            else tr("{what} {advice}", what=failure.message, advice=failure.hint)
        )
        return _FAILED if _tell(app, text, critical=True) else _UNSEEN
    if told is not None:
        _tell(app, told)
    return _DONE


def _action(name: str) -> Callable[[Any], Text | None]:
    from checker.excel.actions import ACTIONS

    if name not in ACTIONS:
        raise UsageError(
            "EXCEL_ACTION_UNKNOWN",
            tr("The add-in asks for {action}, which this program does not know.", action=name),
            tr("Install the add-in again: checker excel install."),
        )
    return ACTIONS[name]


def _experimental(told: Text | None) -> Text:
    remark = tr("(WPS: experimental; compare the result with the command's.)")
    return remark if told is None else tr("{told} {remark}", told=told, remark=remark)


def _failure(error: Exception) -> CheckerError:
    from checker.excel.failures import named
    from checker.excel.log import logged

    return logged(named(error))


def _tell(app: Any, text: Text, critical: bool = False) -> bool:
    """Show ``text`` in a window of the program, of Windows, or else on stderr. Gives whether there was a window.

    A console closes with its words unread, and VBA reads what a program writes in one code page only.
    """
    words = text.render(_LANGUAGE)
    title = tr("Performance check").render(_LANGUAGE)
    try:
        if app is not None:
            app.alert(words, title=title, mode="critical" if critical else "info")
            return True
    except Exception:  # the program was closed meanwhile; what was to be said is said all the same
        app = None
    if sys.platform == "win32":
        import ctypes

        style = _IN_FRONT | (_CRITICAL if critical else _REMARK)
        if ctypes.windll.user32.MessageBoxW(None, words, title, style):
            return True
    if sys.stderr is not None:  # as it is without a console (pythonw.exe)
        sys.stderr.write(words + "\n")
    return False
