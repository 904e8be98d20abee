"""Results to stdout or a file, everything else to stderr."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from checker.errors import UsageError
from checker.messages import tr
from checker.reports.layout import clean
from checker.reports.page import Page

if TYPE_CHECKING:
    from checker.model.report import Report

__all__ = ["deliver", "page_of", "protect", "put", "tell", "tell_defects", "tell_traceback", "use_utf8", "write_file"]

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


def tell_defects(report: Report) -> None:
    """The tracebacks of defects that kept workbooks from being checked."""
    for workbook in report.workbooks:
        if workbook.error is not None and workbook.error.__cause__ is not None:
            tell_traceback(workbook.error.__cause__)


def protect(output: str | None, files: Iterable[str]) -> None:
    """A report never takes the place of a workbook that it reports on. Raises ``UsageError``."""
    if output is None:
        return
    taken = os.path.realpath(output)
    if any(os.path.realpath(file) == taken for file in files):
        raise UsageError(
            "OUTPUT_IS_INPUT",
            tr("The report would overwrite the workbook it reports on."),
            tr("Name another file with --output."),
            output,
        )


def deliver(rendered: str, output: str | None, language: str) -> None:
    """A report, to stdout or into the file asked for. Raises ``UsageError``."""
    if output is None:
        put(rendered)
        return
    write_file(output, rendered)
    tell(tr("The report is in {file}.", file=output).render(language))


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
