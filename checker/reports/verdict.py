"""The last line of every report for people."""

from __future__ import annotations

from checker.messages import tr
from checker.model.report import Verdict
from checker.reports.layout import BOLD, GREEN, RED
from checker.reports.page import Page

__all__ = ["verdict_line"]


def verdict_line(verdict: Verdict, page: Page) -> str:
    """The whole report in one line."""
    if verdict.exit == 3:
        sentence, colour = tr("Something could not be checked: this is not a clean bill."), RED
    elif verdict.exit == 0:
        colour = GREEN
        if verdict.warnings:
            sentence = tr("No errors; correct or explain the warnings.")
        elif verdict.notes:
            sentence = tr("Nothing that must be corrected.")
        elif verdict.waived:
            sentence = tr("What was found is explained or waived.")
        elif verdict.undecided or verdict.insufficient:
            sentence = tr("Nothing wrong was found in what could be decided.")
        else:
            sentence = tr("Nothing wrong was found.")
    else:
        sentence, colour = tr("There is something to correct or explain."), RED
    counts = tr(
        "Errors {errors}, warnings {warnings}, notes {notes}; "
        "undecided {undecided}, data missing {insufficient}, not run {broken} (exit code {exit})",
        errors=verdict.errors,
        warnings=verdict.warnings,
        notes=verdict.notes,
        undecided=verdict.undecided,
        insufficient=verdict.insufficient,
        broken=verdict.broken,
        exit=verdict.exit,
    )
    if verdict.waived:
        counts = tr("{one}; {other}", one=counts, other=tr("explained or waived {count}", count=verdict.waived))
    return page.paint(page.say(tr("Verdict: {sentence} {counts}", sentence=sentence, counts=counts)), BOLD, colour)
