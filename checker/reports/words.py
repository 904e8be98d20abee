"""The words for severities, statuses and the standing of sources, the same in every report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.model.rule import Patch, Severity

__all__ = ["patch_words", "severity_word", "source_remark", "status_word"]


def severity_word(severity: str) -> Text:
    """``error`` → "Error"; an unknown severity is shown as it is."""
    return _severities().get(severity, Text(severity, severity))


def status_word(status: str) -> Text:
    """``tail`` → "rounding tail"; an unknown status is shown as it is."""
    return _statuses().get(status, Text(status, status))


def patch_words(patches: Iterable[Patch]) -> Iterator[Text]:
    """What was done to rules after they were written, a sentence for each rule: by whom, on what grounds, and why."""
    for patch in patches:
        for change in patch.changes:
            yield tr(
                "Patch {patch} ({date}, {document}, approved by {approver}) {change}",
                patch=patch.id, date=patch.published, document=patch.document, approver=patch.approver, change=change,
            )  # fmt: skip


def source_remark(status: str) -> Text | None:
    """What a reader must know about the standing of a source; None where it was checked against its text."""
    if status == "sourced":
        return None
    return tr("inferred") if status == "inferred" else tr("unverified")


@cache
def _severities() -> dict[str, Text]:
    return {Severity.ERROR: tr("Error"), Severity.WARNING: tr("Warning"), Severity.NOTE: tr("Note")}


@cache
def _statuses() -> dict[str, Text]:
    return {
        Status.PASS: tr("passed"),
        Status.TAIL: tr("rounding tail"),
        Status.FAIL: tr("failed"),
        Status.UNDECIDED: tr("undecided"),
        Status.INSUFFICIENT: tr("data missing"),
        Status.NOT_APPLICABLE: tr("not applicable"),
        Status.WAIVED: tr("waived"),
        Status.BROKEN: tr("not run"),
    }
