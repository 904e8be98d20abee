"""All that is wrong with one workbook on one page: a line for each finding, the worst on top, causes in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.messages import tr
from checker.model.report import Finding
from checker.model.rule import Severity
from checker.reports.layout import BOLD
from checker.reports.page import Page
from checker.reports.words import severity_word

__all__ = ["summary"]

#: So many notes are told one by one.
MOST_NOTES = 3


def summary(findings: Sequence[Finding], page: Page) -> Iterator[str]:
    """One line for each error and warning, with the number it has in the report; many notes are counted."""
    yield page.paint(page.say(tr("In short:")), BOLD)
    notes = [finding for finding in findings if finding.outcome.severity == Severity.NOTE]
    for number, finding in enumerate(findings, 1):
        if finding.outcome.severity != Severity.NOTE or len(notes) <= MOST_NOTES:
            yield from page.lines(
                _line(finding, page), f"{number}. {page.say(severity_word(finding.outcome.severity))}  ", 1
            )
    if len(notes) > MOST_NOTES:
        yield from page.lines(page.say(tr("and {count} notes", count=len(notes))), "", 1)


def _line(finding: Finding, page: Page) -> str:
    outcome = finding.outcome
    line = page.say(tr("{where}: {what}", where=page.quote(outcome.sheet), what=page.quote(page.say(finding.message))))
    if finding.cause and finding.consequences:
        line = page.say(tr("{one}; {other}", one=line, other=page.quote(page.say(finding.cause))))
    follows = _all_below(finding)
    return line + page.brackets(page.say(tr("{count} more follow", count=follows))) if follows else line


def _all_below(finding: Finding) -> int:
    return sum(1 + _all_below(child) for child in finding.consequences)
