"""From outcomes to findings: one cause said once, its consequences under it, the gravest first.

A finding follows from another when it looked at the cell that the other blames, and its rule says so (``follows``) or
both are out by the same amount: where a row and a column do not add up, the cell they share is wrong. Where a finding
knows what a cell should say (``suppose``), the rules that follow it are run again as if it did: what fails then is
what the officer will meet next, and is told now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from checker.checks.subject import Compiled, Subject, fill_message
from checker.engine.plan import applies
from checker.engine.run import Results, run_rule
from checker.engine.suppose import supposing
from checker.locate.located import LocatedForm
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.rule import Rule, Severity

__all__ = ["diagnose", "finding_id"]

Cell = tuple[str, str]
#: A message names so many cells; the places of the finding name them all.
MOST_CELLS = 8


def finding_id(rule: Rule, unit: str, year: str, path: Sequence[str]) -> str:
    """Stable over re-runs, moved rows and corrected amounts: rule, unit, year and label path make it."""
    return hashlib.sha256("\x1f".join((rule.id, unit, year, *path)).encode()).hexdigest()[:12]


def diagnose(
    results: Results, rules: Mapping[str, Rule], compiled: Mapping[str, Compiled], unit: str, year: str
) -> tuple[Finding, ...]:
    """All findings of one workbook, in order."""
    by_form: dict[int, list[Outcome]] = {}
    forms: dict[int, LocatedForm] = {}
    for form, outcome in results.told:
        if outcome.status == Status.FAIL:
            by_form.setdefault(id(form), []).append(outcome)
            forms[id(form)] = form
    findings: list[Finding] = []
    for key, failures in by_form.items():
        subject = results.subjects[key]
        unit_here = forms[key].role("unit") or unit
        findings.extend(_of_form(failures, subject, rules, compiled, unit_here, year or forms[key].year))
    findings = _merge_notes(findings)
    return tuple(_counted(finding) for finding in sorted(findings, key=_gravity))


def _of_form(
    failures: Sequence[Outcome],
    subject: Subject,
    rules: Mapping[str, Rule],
    compiled: Mapping[str, Compiled],
    unit: str,
    year: str,
) -> list[Finding]:
    by_name = {rule.name: rule.id for rule in rules.values()}
    groups = _fold(failures)
    supposed = {index: _supposed(group, subject, rules, compiled, year) for index, group in enumerate(groups)}
    parents: dict[int, int] = {}
    for index, group in enumerate(groups):
        causes = {by_name.get(name, name) for name in rules[group[0].rule].follows}
        for other, candidate in enumerate(groups):
            if candidate[0].rule not in causes and not _same_slip(candidate[0], group[0]):
                continue
            if _milder(candidate[0], group[0]) or _above(index, other, parents):
                continue
            blamed = {cell for outcome in candidate for cell in _blamed(outcome)}
            anyhow = {(outcome.rule, outcome.cell) for outcome in supposed[other]}
            if all(blamed & _cells(outcome) or (outcome.rule, outcome.cell) in anyhow for outcome in group):
                parents[index] = other
                break
    make = _maker(rules, unit, year)
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)

    def build(index: int) -> Finding:
        finding = make(groups[index])
        below = [build(child) for child in children.get(index, ())]
        told = {(finding.rule.id, finding.outcome.cell) for finding in below}
        below.extend(make([outcome]) for outcome in supposed[index] if (outcome.rule, outcome.cell) not in told)
        return finding._replace(consequences=tuple(sorted(below, key=_gravity)))

    return [build(index) for index in range(len(groups)) if index not in parents]


def _fold(failures: Sequence[Outcome]) -> list[list[Outcome]]:
    """Failures of one rule that say the same in many cells become one; amounts that differ are told one by one."""
    groups: dict[tuple[object, ...], list[Outcome]] = {}
    for number, outcome in enumerate(failures):
        same: object = number if outcome.difference is not None or outcome.suppose else ""
        groups.setdefault((outcome.rule, outcome.severity, same), []).append(outcome)
    return list(groups.values())


def _same_slip(one: Outcome, other: Outcome) -> bool:
    """Two equations out by the same amount."""
    if one.difference is None or other.difference is None or not one.operator == other.operator == "=":
        return False
    return bool(one.difference) and one.severity == other.severity and abs(one.difference) == abs(other.difference)


def _milder(cause: Outcome, other: Outcome) -> bool:
    """A note explains no error: under it the error would not count."""
    return Severity.ORDER.index(cause.severity) > Severity.ORDER.index(other.severity)


def _above(index: int, other: int, parents: Mapping[int, int]) -> bool:
    """Whether ``other`` is ``index`` or already hangs under it: rules may follow each other."""
    while other != index and other in parents:
        other = parents[other]
    return other == index


def _cells(outcome: Outcome) -> set[Cell]:
    return {(operand.sheet, operand.cell) for operand in outcome.operands}


def _blamed(outcome: Outcome) -> set[Cell]:
    """The cells that a finding calls wrong: what it supposes otherwise, or else the cell it points at."""
    if outcome.suppose:
        from checker.model.workbook import address

        return {(sheet, address(row, column)) for sheet, row, column, _ in outcome.suppose}
    return {(outcome.sheet, outcome.cell)}


def _supposed(
    group: Sequence[Outcome], subject: Subject, rules: Mapping[str, Rule], compiled: Mapping[str, Compiled], year: str
) -> list[Outcome]:
    """What the rules that follow would say once the cells said what this finding supposes."""
    suppositions = [item for outcome in group for item in outcome.suppose]
    if not suppositions:
        return []
    mended = supposing(subject, suppositions)
    name = rules[group[0].rule].name
    return [
        item._replace(reason=tr("once the cells above are corrected"))
        for rule in rules.values()
        if name in rule.follows and rule.id in compiled and rule.form == subject.form.form.name and applies(rule, year)
        for item in run_rule(compiled[rule.id], mended)
        if isinstance(item, Outcome) and item.status == Status.FAIL
    ]


def _maker(rules: Mapping[str, Rule], unit: str, year: str) -> Callable[[Sequence[Outcome]], Finding]:
    def make(group: Sequence[Outcome]) -> Finding:
        first = group[0]
        rule = rules[first.rule]
        message = first.message or rule.title
        cause = first.cause
        return Finding(
            id=finding_id(rule, unit, year, first.path),
            rule=rule,
            outcome=first,
            title=rule.title,
            message=message,
            cause=cause,
            remedy=fill_message(rule.remedy, {"cell": first.cell}) if rule.remedy else None,
            places=tuple(group[1:]),
        )

    return make


def _merge_notes(findings: Sequence[Finding]) -> list[Finding]:
    """The same note on many forms of a workbook is one note."""
    merged: dict[tuple[str, str], Finding] = {}
    result: list[Finding] = []
    for finding in findings:
        if finding.outcome.severity != Severity.NOTE or finding.consequences or finding.outcome.difference is not None:
            result.append(finding)
            continue
        key = (finding.rule.id, "")
        if key in merged:
            kept = merged[key]
            merged[key] = kept._replace(places=(*kept.places, finding.outcome, *finding.places))
        else:
            merged[key] = finding
    return [*result, *merged.values()]


def _counted(finding: Finding) -> Finding:
    """With the number of its places, and the first of their cells, in its message."""
    places = (finding.outcome, *finding.places)
    cells = list(dict.fromkeys(outcome.cell for outcome in places if outcome.cell))
    shown = ", ".join(cells[:MOST_CELLS]) + (" …" if len(cells) > MOST_CELLS else "")
    return finding._replace(
        message=fill_message(finding.message, {"count": len(places), "cells": shown}),
        consequences=tuple(_counted(child) for child in finding.consequences),
    )


def _gravity(finding: Finding) -> tuple[int, int, Decimal, str, str, str]:
    outcome = finding.outcome
    amount = abs(outcome.difference) if outcome.difference is not None else Decimal(0)
    return (
        Severity.ORDER.index(outcome.severity),
        -_size(finding),
        -amount,
        outcome.sheet,
        finding.rule.id,
        outcome.cell,
    )


def _size(finding: Finding) -> int:
    """How much a finding explains: a cause stands before a slip that explains nothing else."""
    return sum(1 + _size(child) for child in finding.consequences)


def unit_of(forms: Sequence[LocatedForm]) -> str:
    """The body that files: the first form that names it."""
    return next((unit for form in forms if (unit := form.role("unit"))), "")
