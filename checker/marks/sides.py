"""Both sides of a comparison as short texts for the cells of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from checker.marks.notes import filled
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.reports.figures import shown
from checker.reports.page import Page

__all__ = ["Sides", "cell_link", "sides", "stands_here", "walk"]

#: Signs between two sides that say something: ``≤ 100.00``. Words say nothing that the rule's title does not.
_SIGNS: Final = {"<=": "≤", ">=": "≥", "<>": "≠", "<": "<", ">": ">", "≤": "≤", "≥": "≥"}


#: What a comparison of conditions comes to: the message says what they are, these words do not.
_LOGICAL: Final = frozenset(("TRUE", "FALSE"))


class Sides(NamedTuple):
    actual: str = ""
    expected: str = ""
    difference: str = ""
    tolerance: str = ""


def sides(outcome: Outcome, page: Page) -> Sides:
    """What stands there, what should, how far they are apart, and how far they may be."""
    left, right = outcome.left, outcome.right
    if left is None:
        return Sides()
    bounds = outcome.status == Status.UNDECIDED
    actual = page.value(left, bounds)
    if right is None:
        return Sides(actual)
    if outcome.status == Status.FAIL and left.value == right.value and outcome.difference is None:
        return Sides()
    if {left.value, right.value} <= _LOGICAL:
        return Sides()
    unit = left.unit or right.unit
    decimals = left.decimals if left.decimals is not None else right.decimals
    expected = f"{_SIGNS.get(outcome.operator, '')} {page.value(right, bounds)}".strip()
    difference = "" if outcome.difference is None else shown(outcome.difference, unit, decimals, signed=True)
    tolerance = "" if not outcome.tolerance else "±" + shown(outcome.tolerance, unit)
    tolerance = tolerance.replace("±≈", "≈±")
    return Sides(actual, expected, difference, tolerance)


def stands_here(sheet: str) -> bool:
    """False for ``[book.xlsx]sheet``, a place in another workbook."""
    return bool(sheet) and "]" not in sheet


def cell_link(sheet: str, cell: str) -> str:
    """Where a link leads: ``'sheet'!A1``; empty where that is not in this workbook."""
    if not stands_here(sheet):
        return ""
    return "'{}'!{}".format(sheet.replace("'", "''"), cell or "A1")


def walk(findings: tuple[Finding, ...], number: str = "") -> Iterator[tuple[str, Finding]]:
    """Every finding with its number in the report: 1, 1.1, 1.2, 2; consequences stand below their cause."""
    for index, finding in enumerate(findings, 1):
        own = f"{number}.{index}" if number else str(index)
        yield own, finding
        yield from walk(finding.consequences, own)


def reference(number: str, language: str) -> str:
    """How a finding is referred to."""
    return filled(tr("No. {number}"), language, number=number)
