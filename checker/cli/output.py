"""Results to stdout or a file, everything else to stderr."""

from __future__ import annotations

import io
import os
import shutil
import sys

from checker.errors import UsageError
from checker.messages import tr
from checker.reports.layout import clean
from checker.reports.page import Page

__all__ = ["page_of", "put", "tell", "tell_traceback", "use_utf8", "write_file"]

_NARROWEST = 40


def use_utf8() -> None:
    """Write UTF-8 whatever the machine's code page is; a file name that is no text is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def put(text: str) -> None:
    """A result."""
    sys.stdout.write(text)


def tell(text: str) -> None:
    """Something about the run, on stderr. No control characters: it may hold a file name."""
    sys.stderr.write("\n".join(clean(line) for line in text.split("\n")) + "\n")


def page_of(language: str, *, to_file: bool = False) -> Page:
    """The page that text goes on: as wide as the terminal, in colour if it shows colours."""
    if to_file or not sys.stdout.isatty():
        return Page(language)
    columns = shutil.get_terminal_size((Page(language).columns, 24)).columns
    return Page(language, max(columns, _NARROWEST), _colour_wanted())


def _colour_wanted() -> bool:
    """Whether the terminal shows colours and nobody asked for none (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ or "TERM" in os.environ


def tell_traceback(error: BaseException) -> None:
    """The traceback of a defect, for those who asked for it with ``CHECKER_DEBUG``."""
    if os.environ.get("CHECKER_DEBUG"):
        import traceback

        tell("".join(traceback.format_exception(error)).rstrip())


def write_file(path: str, text: str) -> None:
    """Write ``text`` to ``path`` whole or not at all. Raises ``UsageError``."""
    draft = f"{path}.{os.getpid()}.part"
    try:
        with open(draft, "x", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - start-up time
            file.write(text)
        os.replace(draft, path)  # noqa: PTH105
    except OSError as error:
        if os.path.exists(draft):  # noqa: PTH110
            os.unlink(draft)  # noqa: PTH108
        raise UsageError(
            "OUTPUT_UNWRITABLE",
            tr("The report cannot be written: {reason}.", reason=error.strerror or error),
            tr("Name another file with --output."),
            path,
        ) from error
