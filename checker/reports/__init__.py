"""The faces of a report: one file per output format. They read the report and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checker.errors import UsageError
from checker.messages import tr

if TYPE_CHECKING:
    from checker.model.report import Report

__all__ = ["FORMATS", "render"]

#: The formats beside text that a report is written in: each is the module of its name, which has ``render``.
FORMATS: Final = ("json", "sarif", "junit", "csv")


def render(report: Report, format: str = "text", language: str = "zh") -> str:
    """The report as ``checker check --format`` writes it: ``text`` or one of ``FORMATS``, in ``zh`` or ``en``.

    Raises ``UsageError`` for another format.
    """
    if format not in ("text", *FORMATS):
        raise UsageError(
            "FORMAT_UNKNOWN",
            tr("There is no report format {format}.", format=format),
            tr("Known formats: {formats}.", formats=", ".join(("text", *FORMATS))),
        )
    from importlib import import_module

    written: str = import_module(f"{__name__}.{format}").render(report, language)
    return written
