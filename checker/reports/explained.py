"""What was said about a finding, and whether it counts, in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.messages import tr
from checker.model.explanation import Explained, Explanation, Waiver
from checker.model.outcome import Status
from checker.model.report import Finding
from checker.reports.layout import BOLD
from checker.reports.page import Page
from checker.reports.words import severity_word

__all__ = ["explained_line", "settled_lines"]


def settled_lines(findings: Iterable[Finding], page: Page) -> Iterator[str]:
    """What was found and is explained or waived, below a title, with the words that do it."""
    yield page.paint(page.say(tr("Explained or waived:")), BOLD)
    for finding in _settled(findings):
        outcome = finding.outcome
        where = page.place(outcome.sheet, outcome.cell)
        if finding.places:
            where += page.brackets(page.say(tr("and {count} more", count=len(finding.places))))
        line = f"{where}  {page.quote(page.say(finding.message))}  {finding.rule.id}"
        if finding.explained:
            line = page.say(tr("{one}; {other}", one=line, other=page.quote(explained_line(finding.explained, page))))
        yield from page.lines(line, f"- {page.say(severity_word(outcome.severity))}  ", indent=2)


def _settled(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        if finding.outcome.status == Status.WAIVED:
            yield finding
        yield from _settled(finding.consequences)


def explained_line(explained: Explained, page: Page, *, told: bool = True) -> str:
    """Who let a finding pass, until when and why, or who explained it, when and how; and why that does not count, if it
    does not. Not ``told``: without the words of an explanation, which stand beside it."""
    said = explained.said
    if isinstance(said, Waiver):
        line = page.say(
            tr("waived by {approver} until {day}: {reason}", approver=said.approver, day=said.until, reason=said.reason)
        )
        if said.document:
            line += page.brackets(said.document)
    else:
        counts = explained.refused is None
        holds = [said.reason, *_limit(said, page)] if counts else []
        by = " ".join(word for word in (said.by, said.on) if word)
        signed = page.joined(word for word in (*holds, by) if word)
        what = tr("explained") if counts else tr("explanation not accepted")
        line = page.say(what) + (page.brackets(signed) if signed else "")
        if told:
            line = page.say(tr("{where}: {what}", where=line, what=" ".join(said.text.split())))
    if explained.refused is not None:
        line = page.say(tr("{one}; {other}", one=line, other=explained.refused))
    return line


def _limit(said: Explanation, page: Page) -> Iterator[str]:
    """Up to which difference an explanation holds, where something was subtracted."""
    if said.bound is not None and said.bound.limit:
        yield page.say(tr("up to {amount}", amount=said.bound.limit))
