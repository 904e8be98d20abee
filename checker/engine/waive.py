"""Explanations and waivers applied to the findings of a workbook.

A warning whose explanation counts, or a finding that is waived, is told but no longer stands against the workbook: its
outcomes become ``waived`` and are counted as that. What followed from it and is not explained itself stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from checker.engine.binding import bound_to, reopened
from checker.engine.diagnose import finding_id, gravity
from checker.engine.run import Results
from checker.engine.wording import Wording
from checker.messages import Text, listed, tr
from checker.model.explanation import Bound, Explained, Explanation, Statements, Waiver
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.rule import Rule, Severity

__all__ = ["UNMATCHED", "every", "finding_of", "idle", "refusal", "unmatched", "waive"]

#: The code of the remark about what is said of no finding.
UNMATCHED: Final = "SAID_OF_NOTHING"

#: Of what is about no finding so many are named, each with so much of its text.
_MOST_NAMED, _MOST_TEXT = 5, 20


def waive(findings: Sequence[Finding], results: Results, said: Statements, wording: Wording) -> list[Finding]:
    """``findings`` with what was said about them, those that still stand first. ``results`` are changed to match."""
    work = _Waiving([*every(findings)], results, said, wording)
    settled = [one for finding in findings for one in work.settled(finding)]
    work.count()
    return sorted(settled, key=lambda finding: (finding.outcome.status == Status.WAIVED, *gravity(finding)))


def every(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings and all that follows from them."""
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def unmatched(findings: Iterable[Finding], said: Iterable[Explanation | Waiver]) -> list[tuple[str, Text]]:
    """The remark (code and words) on what was said about findings that there are not; empty if all have theirs."""
    there = [*every(findings)]
    rules = {finding.rule.id: finding.rule for finding in there}
    named = [
        _quoted(one.text)
        if isinstance(one, Explanation)
        else tr("waiver of {rule} by {approver}", rule=one.rule, approver=one.approver)
        for one in idle({(finding.rule.id, finding.id) for finding in there}, rules, said)
    ]
    if not named:
        return []
    if len(named) > _MOST_NAMED:
        named[_MOST_NAMED:] = [tr("and {count} more", count=len(named) - _MOST_NAMED)]
    which = named[0]
    for one in named[1:]:
        which = tr("{one}; {other}", one=which, other=one)
    told = tr(
        "no finding fits (corrected meanwhile, beside a row that is no warning, or meant for something else): {which}",
        which=which,
    )
    return [(UNMATCHED, told)]


def idle(
    found: Set[tuple[str, str]],
    rules: Mapping[str, Rule],
    said: Iterable[Explanation | Waiver],
) -> list[Explanation | Waiver]:
    """What was said about none of the findings in ``found``, which are pairs of rule and id. ``rules`` are by id."""
    ids = {finding for _, finding in found}

    def speaks(one: Explanation | Waiver) -> bool:
        if isinstance(one, Explanation):
            return one.finding in ids
        return one.rule in rules and (one.rule, finding_of(one, rules[one.rule])) in found

    return [one for one in said if not speaks(one)]


def finding_of(waiver: Waiver, rule: Rule) -> str:
    """The id of the finding that a waiver of this rule is about: named by it, or by what the id is made of."""
    return waiver.finding or finding_id(rule, waiver.unit, waiver.year, waiver.path)


def _quoted(text: str) -> Text:
    line = " ".join(text.split())
    return tr("explanation “{text}”", text=line if len(line) <= _MOST_TEXT else f"{line[:_MOST_TEXT]}…")


def refusal(said: Explanation, finding: Finding, now: Bound, wording: Wording) -> Text | None:
    """Why an explanation of ``finding``, of which ``now`` is made, does not count; None if it does."""
    severity = finding.outcome.severity
    if severity == Severity.ERROR:
        return tr("an error cannot be explained away: correct it, or have it waived")
    if severity != Severity.WARNING:
        return tr("a note needs no explanation")
    if said.reason and said.reason not in wording.reasons:
        known = listed(wording.reasons)
        return tr("there is no reason {reason}; choose from {reasons}", reason=said.reason, reasons=known)
    told = (finding.message, finding.title, *([finding.remedy] if finding.remedy else ()))
    lacking = wording.lacking(said.text, finding.rule.explain, told)
    if lacking is not None:
        return lacking
    if said.bound is None:
        return tr(
            "it is not known for which figures it was written: look at them and reword it, or confirm it with "
            "checker explanations accept"
        )
    return reopened(said.bound, now)


class _Waiving:
    """The findings of one workbook while it is decided which of them stand."""

    def __init__(self, findings: Sequence[Finding], results: Results, said: Statements, wording: Wording) -> None:
        self._results, self._said, self._wording = results, said, wording
        #: Outcomes that came of the workbook; others only follow once it is corrected.
        self._real = {id(outcome) for _, outcome in results.told}
        self._waived: dict[int, Outcome] = {}
        #: Explanations that no finding has taken, by the id of theirs.
        self._left: dict[str, list[Explanation]] = {}
        self._explained = self._matched([finding for finding in findings if id(finding.outcome) in self._real])

    def settled(self, finding: Finding) -> list[Finding]:
        """The finding, and those below it that stand on their own now."""
        below = [one for child in finding.consequences for one in self.settled(child)]
        explained = self._about(finding)
        finding = finding._replace(explained=explained)
        if explained is None or explained.refused is not None:
            return [finding._replace(consequences=tuple(below))]
        waived = finding._replace(
            outcome=self._with_waived(finding.outcome),
            places=tuple(map(self._with_waived, finding.places)),
            consequences=(),
        )
        return [waived, *(one for one in below if one.outcome.status == Status.WAIVED or self._is_real(one))]

    def count(self) -> None:
        """Move what was waived in the results, so that counts go on adding up."""
        results = self._results
        results.told = [(form, self._waived.get(id(outcome), outcome)) for form, outcome in results.told]
        results.counts[Status.FAIL] -= len(self._waived)
        results.counts[Status.WAIVED] += len(self._waived)

    def _is_real(self, finding: Finding) -> bool:
        return id(finding.outcome) in self._real

    def _with_waived(self, outcome: Outcome) -> Outcome:
        return self._waived.setdefault(id(outcome), outcome._replace(status=Status.WAIVED))

    def _about(self, finding: Finding) -> Explained | None:
        """What was said about a finding. A waiver in force comes first, then an explanation; a waiver that has expired
        is told where nothing lets the finding pass."""
        if not self._is_real(finding):
            said = next(iter(self._left.get(finding.id, ())), None)
            early = tr("this would only follow once what stands above is corrected; explain it then")
            return Explained(said, early) if said is not None else None
        waiver = self._waiver(finding)
        explained = self._explained.get(id(finding))
        if waiver is None or (waiver.refused is not None and explained is not None and explained.refused is None):
            return explained
        if waiver.refused is None or explained is None:
            return waiver._replace(behind=explained.explanation if explained else None)
        return explained._replace(refused=tr("{one}; {other}", one=explained.refused, other=waiver.refused))

    def _waiver(self, finding: Finding) -> Explained | None:
        mine = [waiver for waiver in self._said.waivers if _names(waiver, finding)]
        if not mine:
            return None
        last = max(mine, key=lambda waiver: waiver.until)
        if finding.outcome.severity not in (Severity.ERROR, Severity.WARNING):
            return Explained(last, tr("a note needs no waiver"))
        expired = tr("the waiver expired on {day}", day=last.until) if last.until < self._said.today else None
        return Explained(last, expired)

    def _matched(self, findings: Sequence[Finding]) -> Mapping[int, Explained]:
        """Each explanation speaks for one finding: of several with one id, for the one it was written for."""
        left = self._left
        for said in self._said.explanations:
            of_finding = left.setdefault(said.finding, [])
            if not any((said.text, said.bound) == (other.text, other.bound) for other in of_finding):
                of_finding.append(said if said.reason else said._replace(reason=self._wording.reason_in(said.text)))
        asked = [(finding, bound_to(finding)) for finding in findings if finding.id in left]
        matched: dict[int, Explained] = {}
        for exactly in (True, False):
            for finding, now in asked:
                if id(finding) not in matched:
                    found = self._best(finding, now, left[finding.id], exactly)
                    if found is not None:
                        matched[id(finding)] = found
        return matched

    def _best(self, finding: Finding, now: Bound, left: list[Explanation], exactly: bool) -> Explained | None:
        """The first explanation that counts, or else the first there is; it is taken out of ``left``."""
        judged = [
            Explained(said, refusal(said, finding, now, self._wording))
            for said in left
            if not exactly or said.bound == now
        ]
        best = next((one for one in judged if one.refused is None), judged[0] if judged and not exactly else None)
        if best is not None and isinstance(best.said, Explanation):
            left.remove(best.said)
        return best


def _names(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver is about a finding."""
    return waiver.rule == finding.rule.id and finding.id == finding_of(waiver, finding.rule)
