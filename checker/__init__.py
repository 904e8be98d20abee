"""Rules as code for the official workbooks of Chinese public bodies.

    >>> import checker
    >>> report = checker.check("workbooks/cn-project/clean/standard.xlsx")
    >>> report.verdict.errors
    0

``__all__`` is the public API: its names and their arguments stay. ``docs/api.md`` shows each of them at work.
Everything is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from checker.errors import CheckerError
    from checker.inquiry import Candidate, Recognition, explain, forms, lint, load_packs, run_cases
    from checker.messages import Text
    from checker.model.plugin import CheckKind, Command, Function, PackSource, Reference, ReportFormat, ScoreKind
    from checker.model.report import Finding, Report
    from checker.packs.load import LoadedPacks
    from checker.plugins import hookimpl
    from checker.reports import render
    from checker.reports.json import report_document as to_dict
    from checker.scores import score
    from checker.session import check

__all__ = [
    "Candidate",
    "CheckKind",
    "CheckerError",
    "Command",
    "Finding",
    "Function",
    "LoadedPacks",
    "PackSource",
    "Recognition",
    "Reference",
    "Report",
    "ReportFormat",
    "ScoreKind",
    "Text",
    "check",
    "explain",
    "forms",
    "hookimpl",
    "lint",
    "load_packs",
    "render",
    "run_cases",
    "score",
    "to_dict",
]

#: The module of each name.
_HOMES: Final = {
    "Candidate": "checker.inquiry",
    "CheckKind": "checker.model.plugin",
    "CheckerError": "checker.errors",
    "Command": "checker.model.plugin",
    "Finding": "checker.model.report",
    "Function": "checker.model.plugin",
    "LoadedPacks": "checker.packs.load",
    "PackSource": "checker.model.plugin",
    "Recognition": "checker.inquiry",
    "Reference": "checker.model.plugin",
    "Report": "checker.model.report",
    "ReportFormat": "checker.model.plugin",
    "ScoreKind": "checker.model.plugin",
    "Text": "checker.messages",
    "check": "checker.session",
    "explain": "checker.inquiry",
    "forms": "checker.inquiry",
    "hookimpl": "checker.plugins",
    "lint": "checker.inquiry",
    "load_packs": "checker.inquiry",
    "render": "checker.reports",
    "run_cases": "checker.inquiry",
    "score": "checker.scores",
    "to_dict": "checker.reports.json",
}
#: What is called otherwise at home.
_AT_HOME: Final = {"to_dict": "report_document"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'checker' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), _AT_HOME.get(name, name))
