"""A report cut down to one sheet: what was found there, and where rules compare it with others."""

from __future__ import annotations

from checker.model.outcome import Outcome, Status
from checker.model.report import Finding, WorkbookReport

__all__ = ["about_sheet"]

_OPEN = (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN)


def about_sheet(report: WorkbookReport, sheet: str) -> WorkbookReport:
    """``report`` without what does not concern ``sheet``. What is about no sheet at all stays."""
    outcomes = tuple(outcome for outcome in report.outcomes if _touches(outcome, sheet))
    open_ones = {status: sum(outcome.status == status for outcome in outcomes) for status in _OPEN}
    problems = tuple(problem for problem in report.problems if problem.sheet in ("", sheet))
    whole = report.status == "unread" or problems or open_ones[Status.BROKEN]
    return report._replace(
        status=report.status if whole else "checked",
        forms=tuple(form for form in report.forms if form.sheet == sheet),
        findings=tuple(finding for finding in report.findings if _concerns(finding, sheet)),
        problems=problems,
        outcomes=outcomes,
        counts={**report.counts, **open_ones},
    )


def _concerns(finding: Finding, sheet: str) -> bool:
    """A cause on another sheet is told with what follows from it here."""
    places = (finding.outcome, *finding.places)
    return any(_touches(place, sheet) for place in places) or any(_concerns(one, sheet) for one in finding.consequences)


def _touches(outcome: Outcome, sheet: str) -> bool:
    return outcome.sheet in ("", sheet) or any(operand.sheet == sheet for operand in outcome.operands)
