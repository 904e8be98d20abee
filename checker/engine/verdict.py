"""All findings of a run in a few numbers, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence

from checker.errors import CheckerError, UsageError
from checker.model.outcome import Status
from checker.model.report import Verdict, WorkbookReport
from checker.model.rule import Severity

__all__ = ["verdict"]


def verdict(workbooks: Sequence[WorkbookReport], failures: Sequence[CheckerError], fail_on: str) -> Verdict:
    """Counts over everything, and the exit code: 3 if anything was not checked, 1 for findings at or above
    ``fail_on``, else 0. What is explained or waived does not count as a finding."""
    findings = [finding.outcome for workbook in workbooks for finding in workbook.findings]
    graded = [outcome.severity for outcome in findings if outcome.status != Status.WAIVED]
    counts = {status: sum(workbook.counts.get(status, 0) for workbook in workbooks) for status in Status.ORDER}
    grave = Severity.ORDER[: Severity.ORDER.index(fail_on) + 1]
    unfinished = failures or any(workbook.status != "checked" for workbook in workbooks) or not workbooks
    if any(failure.exit_code == UsageError.exit_code for failure in failures) and not workbooks:
        exit_code = UsageError.exit_code
    else:
        exit_code = 3 if unfinished else 1 if any(severity in grave for severity in graded) else 0
    return Verdict(
        errors=graded.count(Severity.ERROR),
        warnings=graded.count(Severity.WARNING),
        notes=graded.count(Severity.NOTE),
        undecided=counts[Status.UNDECIDED],
        insufficient=counts[Status.INSUFFICIENT],
        broken=counts[Status.BROKEN],
        exit=exit_code,
        waived=len(findings) - len(graded),
    )
