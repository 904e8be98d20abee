"""From outcomes to findings: one cause said once, its consequences under it, the gravest first.

A finding follows from another when it looked at the cell that the other blames, and its rule says so (``follows``) or
both are out by the same amount: where a row and a column do not add up, the cell they share is wrong. Where a finding
knows what a cell should say (``suppose``), the rules that follow it are run again as if it did: what fails then is
what the officer will meet next, and is told now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.checks.subject import Compiled, Subject, fill_message
from checker.engine.plan import applies
from checker.engine.run import Results, run_rule
from checker.engine.suppose import supposing
from checker.locate.located import LocatedForm
from checker.messages import Text, listed, tr
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.rule import Rule, Severity

if TYPE_CHECKING:
    from checker.engine.grounds import Keeper

__all__ = ["counted", "diagnose", "finding_id", "finding_of", "gravity"]

Cell = tuple[str, str]
#: Rules ready to run, by form and id.
ByForm = Mapping[tuple[str, str], Compiled]
#: A message names so many cells; the places of the finding name them all.
MOST_CELLS = 8
#: Of so many failures a cause is looked for; a workbook with more has other troubles.
MOST_EXPLAINED: Final = 300


def finding_id(rule: Rule, unit: str, year: str, path: Sequence[str]) -> str:
    """Stable over re-runs, moved rows and corrected amounts: rule, unit, year and label path make it."""
    return hashlib.sha256("\x1f".join((rule.id, unit, year, *path)).encode()).hexdigest()[:12]


class _Group(NamedTuple):
    """Failures of one rule on one form that are told as one."""

    outcomes: Sequence[Outcome]
    subject: Subject
    unit: str
    year: str
    #: The same failures on copies of the form; their outcomes stand at the end of ``outcomes``.
    twins: Sequence[_Group] = ()

    @property
    def first(self) -> Outcome:
        return self.outcomes[0]

    @property
    def rule(self) -> tuple[str, str]:
        """The form and the id of the rule."""
        return self.subject.form.form.name, self.first.rule


def diagnose(
    results: Results,
    rules: Mapping[str, Rule],
    compiled: ByForm,
    unit: str,
    year: str,
    keeper: Keeper | None = None,
) -> tuple[Finding, ...]:
    """All findings of one workbook, in order; with a ``keeper`` each has what it rests on."""
    by_form: dict[int, list[Outcome]] = {}
    forms: dict[int, LocatedForm] = {}
    for form, outcome in results.told:
        if outcome.status == Status.FAIL:
            by_form.setdefault(id(form), []).append(outcome)
            forms[id(form)] = form
    groups = [
        _Group(group, results.subjects[key], forms[key].role("unit") or unit, year or forms[key].year)
        for key, failures in by_form.items()
        for group in _fold(failures)
    ]
    findings = _merge_notes(_findings(_once(groups), rules, compiled, keeper))
    return tuple(counted(finding) for finding in sorted(findings, key=gravity))


def _once(groups: Sequence[_Group]) -> list[_Group]:
    """A table that is printed twice fails twice with the same figures: that is told once. Forms about projects of
    their own are never copies of each other."""
    told: dict[tuple[object, ...], int] = {}
    result: list[_Group] = []
    for number, group in enumerate(groups):
        form, first = group.subject.form, group.first
        key: tuple[object, ...] = (number,)
        if form.qualifier and not form.role("project") and first.path[1:2] == (form.qualifier,):
            sides = (first.left.value if first.left else None, first.right.value if first.right else None)
            key = (first.rule, form.form.name, first.path[2:], *sides, first.difference, len(group.outcomes))
        if key in told:
            twin = result[told[key]]
            result[told[key]] = twin._replace(outcomes=(*twin.outcomes, *group.outcomes), twins=(*twin.twins, group))
        else:
            told[key] = len(result)
            result.append(group)
    return result


def _findings(
    groups: Sequence[_Group], rules: Mapping[str, Rule], compiled: ByForm, keeper: Keeper | None
) -> list[Finding]:
    supposed = [_supposed(group, rules, compiled) for group in groups]
    parents = _parents(groups, rules, supposed)
    causes = _causes(groups, compiled, parents)
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)

    def build(index: int) -> Finding:
        group = groups[index]
        finding = _of_group(group.outcomes, rules, group)._replace(cause=causes.get(index) or group.first.cause)
        if keeper is not None:
            finding = _grounded(finding, group, group.subject, compiled, keeper)
        below = [build(child) for child in children.get(index, ())]
        told = {(finding.rule.id, finding.outcome.cell) for finding in below}
        foreseen = (outcome for outcome in supposed[index] if (outcome.rule, outcome.cell) not in told)
        below.extend(_foreseen(list(foreseen), rules, group, compiled, keeper))
        return finding._replace(consequences=tuple(sorted(below, key=gravity)))

    return [build(index) for index in range(len(groups)) if index not in parents]


def _parents(
    groups: Sequence[_Group], rules: Mapping[str, Rule], supposed: Sequence[Sequence[Outcome]]
) -> dict[int, int]:
    """Which group another one follows from."""
    by_name = {rule.name: rule.id for rule in rules.values()}
    blamed = [{cell for outcome in group.outcomes for cell in _blamed(outcome)} for group in groups]
    anyhow = [{(outcome.rule, outcome.cell) for outcome in outcomes} for outcomes in supposed]
    near: dict[Cell, list[int]] = {}  # by sheet and cell blamed; by sheet alone where something is supposed
    for index, cells in enumerate(blamed):
        for cell in cells | {(outcome.sheet, "") for outcome in supposed[index]}:
            near.setdefault(cell, []).append(index)
    parents: dict[int, int] = {}
    for index, group in enumerate(groups):
        causes = {by_name.get(name, name) for name in rules[group.first.rule].follows}
        looked_at = {cell for outcome in group.outcomes for cell in (*_cells(outcome), (outcome.sheet, ""))}
        for other in sorted({other for cell in looked_at for other in near.get(cell, ())}):
            candidate = groups[other].first
            after_this = (
                rules[group.first.rule].name in rules[candidate.rule].follows and blamed[other] == blamed[index]
            )
            if candidate.rule not in causes and (after_this or not _same_slip(candidate, group.first)):
                continue
            if _milder(candidate, group.first) or _above(index, other, parents):
                continue
            if all(blamed[other] & _cells(o) or (o.rule, o.cell) in anyhow[other] for o in group.outcomes):
                parents[index] = other
                break
    return parents


def _causes(groups: Sequence[_Group], compiled: ByForm, parents: dict[int, int]) -> dict[int, Text]:
    """The likely causes; a misplaced amount, or one wrong cell, takes what it explains under its head."""
    asked = [index for index, group in enumerate(groups) if group.first.difference and group.rule in compiled][
        :MOST_EXPLAINED
    ]
    if not asked:
        return {}
    from checker.engine.causes import likely_cause
    from checker.engine.evidence import Failure, Figures, Trials
    from checker.engine.one_cell import wrong_cells
    from checker.engine.swaps import swaps

    failures = [Failure(groups[i].first, compiled[groups[i].rule], groups[i].subject) for i in asked]
    forms = {id(form): form for index in asked for forms in groups[index].subject.forms.values() for form in forms}
    figures = Figures(list(forms.values()))
    causes: dict[int, Text] = {}
    for swap in swaps(failures, figures):
        head = asked[swap.head]
        causes[head] = swap.cause
        parents.pop(head, None)
        for member in swap.members - {swap.head}:
            parents[asked[member]] = head
    numbers = {index: number for number, index in enumerate(asked)}
    free = [numbers[index] for index in asked if index not in causes and index not in parents]
    below = {
        numbers[child]: numbers[parent] for child, parent in parents.items() if child in numbers and parent in numbers
    }
    for wrong in wrong_cells(failures, figures, free, below):
        head = asked[wrong.head]
        causes[head] = wrong.cause
        for member in wrong.members - {wrong.head}:
            parents[asked[member]] = head
    trials = Trials()
    for index, failure in zip(asked, failures, strict=True):
        if index not in causes and index not in parents:
            cause = likely_cause(failure, figures, trials)
            if cause is not None:
                causes[index] = cause
    return causes


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


def _supposed(group: _Group, rules: Mapping[str, Rule], compiled: ByForm) -> list[Outcome]:
    """What the rules that follow would say once the cells said what this finding supposes."""
    suppositions = [item for outcome in group.outcomes for item in outcome.suppose]
    if not suppositions:
        return []
    subject, mended = group.subject, _mended(group)
    form, name = subject.form.form.name, rules[group.first.rule].name
    return [
        item._replace(reason=tr("once the cells above are corrected"))
        for rule in rules.values()
        if name in rule.follows and (form, rule.id) in compiled and applies(rule, group.year)
        for item in run_rule(compiled[form, rule.id], mended)
        if isinstance(item, Outcome) and item.status == Status.FAIL
    ]


def _of_group(outcomes: Sequence[Outcome], rules: Mapping[str, Rule], group: _Group) -> Finding:
    return finding_of(outcomes, rules[outcomes[0].rule], group.unit, group.year)


def finding_of(outcomes: Sequence[Outcome], rule: Rule, unit: str, year: str) -> Finding:
    """Failures of one rule as one finding; ``counted`` completes its message."""
    first = outcomes[0]
    return Finding(
        id=finding_id(rule, unit, year, first.path),
        rule=rule,
        outcome=first,
        title=rule.title,
        message=first.message or rule.title,
        cause=first.cause,
        remedy=fill_message(rule.remedy, {"cell": first.cell}) if rule.remedy else None,
        places=tuple(outcomes[1:]),
    )


def _foreseen(
    outcomes: Sequence[Outcome], rules: Mapping[str, Rule], group: _Group, compiled: ByForm, keeper: Keeper | None
) -> Iterator[Finding]:
    mended = _mended(group) if keeper is not None and outcomes else group.subject
    for outcome in outcomes:
        finding, alone = _of_group([outcome], rules, group), group._replace(outcomes=[outcome], twins=())
        yield finding if keeper is None else _grounded(finding, alone, mended, compiled, keeper)


def _mended(group: _Group) -> Subject:
    """The form as if its cells said what the failures of ``group`` suppose."""
    return supposing(group.subject, [item for outcome in group.outcomes for item in outcome.suppose])


def _grounded(finding: Finding, group: _Group, subject: Subject, compiled: ByForm, keeper: Keeper) -> Finding:
    """With what it rests on: a slice for each copy of the form that it was found on."""
    own = len(group.outcomes) - sum(len(twin.outcomes) for twin in group.twins)
    several = [(subject, group.outcomes[:own]), *((twin.subject, twin.outcomes) for twin in group.twins)]
    rule = compiled.get((subject.form.form.name, finding.rule.id))
    if rule is None:
        return finding
    slices = [item for on, outcomes in several for item in keeper.slices(on, rule, outcomes, group.year)]
    return finding._replace(grounds=keeper.grounds(finding.rule, group.unit, group.year, slices))


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
            merged[key] = kept._replace(
                places=(*kept.places, finding.outcome, *finding.places), grounds=_joined(kept, finding)
            )
        else:
            merged[key] = finding
    return [*result, *merged.values()]


def _joined(one: Finding, other: Finding) -> Mapping[str, Any] | None:
    """What both rest on."""
    if one.grounds is None or other.grounds is None:
        return None
    return {**one.grounds, "slices": [*one.grounds["slices"], *other.grounds["slices"]]}


def counted(finding: Finding) -> Finding:
    """With the number of its places, and the first of their cells, in its message."""
    places = (finding.outcome, *finding.places)
    cells = list(dict.fromkeys(outcome.cell for outcome in places if outcome.cell))
    shown = listed(cells[:MOST_CELLS], len(cells) > MOST_CELLS)
    return finding._replace(
        message=fill_message(finding.message, {"count": len(places), "cells": shown}),
        consequences=tuple(counted(child) for child in finding.consequences),
    )


def gravity(finding: Finding) -> tuple[int, bool, int, Decimal, str, str, str]:
    """What findings are sorted by, the gravest first."""
    outcome = finding.outcome
    amount = abs(outcome.difference) if outcome.difference is not None else Decimal(0)
    return (
        Severity.ORDER.index(outcome.severity),
        not outcome.headline,
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
