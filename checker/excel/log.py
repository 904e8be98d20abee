"""What the user of Excel sees of a failure is one sentence; all else goes to a file that the sentence names."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import datetime
from pathlib import Path

from checker.errors import CheckerError
from checker.excel.failures import named
from checker.excel.places import places
from checker.messages import tr

__all__ = ["logged", "write_log"]


def logged(error: Exception) -> CheckerError:
    """Write ``error`` to the log; gives what to show: what is wrong, what to do, and where the log is."""
    shown = named(error)
    path = write_log("".join([shown.render("en"), "\n", *traceback.format_exception(error)]))
    if path is None:
        return shown
    log = tr("Log file: {path}.", path=path)
    hint = log if shown.hint is None else tr("{advice} {log}", advice=shown.hint, log=log)
    return type(shown)(shown.code, shown.message, hint, shown.where)


def write_log(text: str, folder: Path | None = None) -> Path | None:
    """Append ``text`` to the log of today; None where no log can be written, which is no second failure."""
    now = datetime.now()
    head = f"{now:%H:%M:%S} {platform.platform()} Python {platform.python_version()} {sys.executable}"
    try:
        path = (folder or places().logs) / f"{now:%Y-%m-%d}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{head}\n{text.rstrip()}\n\n")
    except (OSError, RuntimeError):  # the latter where nothing says whose machine this is
        return None
    return path
