"""Rules as code for the official workbooks of Chinese public bodies.

    >>> import checker
    >>> report = checker.check("workbooks/cn-project/clean/standard.xlsx")
    >>> report.verdict.errors
    0

``check`` gives a ``Report`` of ``Finding`` s; ``score`` the marks that workbooks claim, recomputed; ``forms`` says what
a workbook is recognised as; ``explain`` gives one rule and both sides of it in a workbook; ``hookimpl`` marks what a
plugin implements (see ``checker.plugins.specs``). Everything is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.model.report import Finding, Report
    from checker.plugins import hookimpl
    from checker.scores import score
    from checker.session import Candidate, Recognition, check, explain, forms, lint, list_rules, run_cases

__all__ = [
    "Candidate",
    "Finding",
    "Recognition",
    "Report",
    "check",
    "explain",
    "forms",
    "hookimpl",
    "lint",
    "list_rules",
    "run_cases",
    "score",
]

_HOMES = {
    "Finding": "checker.model.report",
    "Report": "checker.model.report",
    "hookimpl": "checker.plugins",
    "score": "checker.scores",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'checker' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "checker.session")), name)
