"""What can go wrong around an officer's Excel, each as one sentence with what to do about it."""

from __future__ import annotations

from typing import Final

from checker.errors import CheckerError, UsageError
from checker.messages import tr

__all__ = ["named"]

#: HRESULTs of COM and of Excel (Microsoft, winerror.h; VBA_E_IGNORE).
_BUSY: Final = frozenset((-2147418111, -2147417846, -2146777998))
_FORBIDDEN: Final = -2147024891
_GONE: Final = frozenset((-2147023174, -2147417848, -2147417842))


def named(error: Exception) -> CheckerError:
    """``error`` as something an officer can act upon; a ``CheckerError`` is that already."""
    if isinstance(error, CheckerError):
        return error
    found = _package(error) or _program(error)
    if found is None and isinstance(error, OSError):
        found = UsageError(
            "EXCEL_FILES",
            tr("A file of this computer cannot be used: {reason}.", reason=error.strerror or error),
            tr("See that the disk is not full and that security software lets Python write its temporary files."),
            str(error.filename or ""),
        )
    if found is None:
        found = UsageError(
            "EXCEL_FAILED",
            tr("This did not work: {reason}.", reason=str(error) or type(error).__name__),
            tr("Send the log file to whoever looks after this program."),
        )
    found.__cause__ = error
    return found


def _package(error: Exception) -> CheckerError | None:
    if isinstance(error, ImportError):
        return UsageError(
            "EXCEL_PACKAGE_MISSING",
            tr("The Python that the add-in starts lacks the package {name}.", name=error.name or error),
            tr("Unpack the program folder anew, or ask IT to install the package from the folder of wheels."),
        )
    if isinstance(error, AttributeError) and "gen_py" in str(error):
        return UsageError(
            "EXCEL_GEN_PY",
            tr("The files that Python keeps about Excel are damaged."),
            tr("Delete the folder gen_py in %TEMP% and try again."),
        )
    return None


def _program(error: Exception) -> CheckerError | None:
    """An error of COM: its number, and where Excel said something itself, that."""
    code = getattr(error, "hresult", None)
    if type(error).__name__ == "ExcelBusyError" or code in _BUSY:
        return UsageError(
            "EXCEL_BUSY",
            tr("Excel is busy: a cell is being edited, or a dialog is open."),
            tr("Press Esc or close the dialog, then try again."),
        )
    if code == _FORBIDDEN:
        return UsageError(
            "EXCEL_FORBIDDEN",
            tr("Windows or security software does not let this program talk to Excel."),
            tr("Do not start Excel as administrator; ask IT to allow this Python to control Excel."),
        )
    if code in _GONE:
        return UsageError(
            "EXCEL_GONE",
            tr("Excel was closed meanwhile, or the workbook was."),
            tr("Open it and try again."),
        )
    if code is None:
        return None
    details = getattr(error, "excepinfo", None)
    told = details[2] if details and len(details) > 2 else None
    said = str(told or getattr(error, "strerror", None) or error).strip()
    return UsageError(
        "EXCEL_REFUSED",
        tr("Excel refuses: {reason}.", reason=said.rstrip(".。")),
        tr("If the workbook is protected, shared or read-only, save it under another name and try there."),
    )
