"""Which cells are marked, in which colour, with which note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checker.marks.notes import block, filled, tag
from checker.marks.sides import reference, sides, stands_here, walk
from checker.marks.table import colour_of
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Severity
from checker.reports.explained import explained_line
from checker.reports.page import Page
from checker.reports.words import severity_word

__all__ = ["Mark", "marks_of"]

#: Of so many findings in one cell the note speaks; a note is read, not studied.
_MOST_FINDINGS = 6


class Mark(NamedTuple):
    """One cell. ``colour`` is a name in ``COLOURS``, ``note`` our block; no other mark of the report has its ``key``.
    ``findings`` are the ids of all that is said of the cell, the gravest first."""

    sheet: str
    cell: str
    severity: str
    colour: str
    key: str
    note: str
    findings: tuple[str, ...]


class _Said(NamedTuple):
    """One thing said of a cell."""

    rank: tuple[int, bool]
    key: str
    finding: str
    severity: str
    text: str


def marks_of(report: WorkbookReport, language: str = "zh") -> tuple[Mark, ...]:
    """A mark for every cell that a finding, one of its further places or a consequence points at, in the order of the
    report. Cells of other workbooks and findings without a cell have none."""
    page = Page(language)
    said: dict[tuple[str, str], list[_Said]] = {}
    keys: set[str] = set()
    for number, finding in walk(report.findings):
        for place, outcome in enumerate((finding.outcome, *finding.places), 1):
            if outcome.cell and stands_here(outcome.sheet):
                key = _key(finding.id, place, keys)
                light = place > 1 or "." in number or outcome.status == Status.WAIVED
                text = "\n".join((tag(key, language), *_lines(finding, outcome, number, place, page)))
                rank = (_rank(outcome.severity), light)
                of_cell = said.setdefault((outcome.sheet, outcome.cell), [])
                of_cell.append(_Said(rank, key, finding.id, outcome.severity, text))
    return tuple(_mark(*place, of_cell, page) for place, of_cell in said.items())


def _key(finding: str, place: int, taken: set[str]) -> str:
    """The id, numbered where a finding has several places; two findings of one id are told apart as well."""
    key = finding if place == 1 else f"{finding}#{place}"
    while key in taken:
        place += 1
        key = f"{finding}#{place}"
    taken.add(key)
    return key


def _rank(severity: str) -> int:
    return Severity.ORDER.index(severity) if severity in Severity.ORDER else len(Severity.ORDER)


def _mark(sheet: str, cell: str, said: list[_Said], page: Page) -> Mark:
    said = sorted(said, key=lambda one: one.rank)  # the order of the report among equals
    worst = said[0]
    parts = [one.text for one in said[:_MOST_FINDINGS]]
    left_out = len(said) - len(parts)
    if left_out:
        parts.append(page.say(tr("and {count} more", count=left_out)))
    return Mark(
        sheet,
        cell,
        worst.severity,
        colour_of(worst.severity, worst.rank[1]),
        worst.key,
        block(parts, page.language),
        tuple(dict.fromkeys(one.finding for one in said)),
    )


def _lines(finding: Finding, outcome: Outcome, number: str, place: int, page: Page) -> Iterator[str]:
    language = page.language
    severity, own = severity_word(outcome.severity).render(language), reference(number, language)
    what = page.quote((finding.message if place == 1 else outcome.message or finding.title).render(language))
    yield filled(tr("{severity} ({number}): {what}"), language, severity=severity, number=own, what=what)
    if finding.explained:
        yield page.quote(explained_line(finding.explained, page))
    found = sides(outcome, page)
    if found.actual:
        yield filled(tr("Actual: {value}"), language, value=found.actual)
    if found.expected:
        yield filled(tr("Expected: {value}"), language, value=found.expected)
    if found.difference:
        yield filled(tr("Difference: {value}"), language, value=found.difference)
    parent = number.rpartition(".")[0]
    if parent:
        yield filled(tr("Follows from {number}; correct that first."), language, number=reference(parent, language))
    elif place > 1:
        yield filled(tr("The same as at {place}."), language, place=page.address(finding.outcome, outcome.sheet))
    else:
        if finding.cause:
            yield filled(tr("Likely cause: {cause}"), language, cause=page.say(finding.cause))
        if finding.remedy:
            yield filled(tr("What to do: {remedy}"), language, remedy=page.say(finding.remedy))
