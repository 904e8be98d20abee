"""``recomputed``: each claim against what the standard gives for the unit's own figures.

Only marks outside everything that is possible fail. Judgement has no right value, only bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checker.checks.score import coarse_marks
from checker.checks.subject import Answer, Compiled, Subject, answer, form_path, names
from checker.messages import Text, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.rule import Pack, Rule
from checker.model.score import Standing
from checker.scoring.award import Award, marks_text, options_parts, options_text, trimmed
from checker.scoring.checks.standard import compiled
from checker.scoring.recompute import Entry, Recomputed
from checker.values.interval import Interval

__all__ = ["compile_rule", "why_of"]

_STATUS = {
    Standing.MISSING: Status.INSUFFICIENT,
    Standing.ABSENT: Status.INSUFFICIENT,
    Standing.UNDECIDED: Status.UNDECIDED,
    Standing.BROKEN: Status.BROKEN,
}


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    wanted = frozenset(names(rule.check.get("kinds")))

    def judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
        for entry in result.entries:
            if entry.criterion is not None and (not wanted or entry.kind in wanted):
                yield _outcome(rule, subject, entry)

    return compiled(rule, pack, judge, Status.INSUFFICIENT)


def _outcome(rule: Rule, subject: Subject, entry: Entry) -> Outcome:
    if entry.standing in _STATUS:
        return _told(rule, subject, entry, _STATUS[entry.standing], entry.reason)
    if entry.agrees is None:
        return _told(rule, subject, entry, Status.INSUFFICIENT, tr("The score is blank or not a number"))
    if entry.standing == Standing.NOT_APPLICABLE:
        status = Status.NOT_APPLICABLE if entry.agrees else Status.FAIL
        return _told(rule, subject, entry, status, entry.reason)
    if entry.agrees:
        return _told(rule, subject, entry, Status.PASS, None)
    outcome = _told(rule, subject, entry, Status.FAIL, None)
    award, claimed = entry.award, entry.claimed
    assert award is not None and claimed is not None
    outcome = outcome._replace(
        difference=None if award.judgement else claimed - award.central, at_least=award.beyond(claimed)
    )
    if award.coarse and not award.judgement:
        refined = coarse_marks(claimed, award.central, Interval(award.low, award.high), rule.severity)
        if refined is not None:
            outcome = outcome._replace(severity=refined.severity or outcome.severity, cause=refined.cause)
    return outcome


def _told(rule: Rule, subject: Subject, entry: Entry, status: str, reason: Text | None) -> Outcome:
    award = entry.award
    facts = [fact for fact in (entry.claim, *entry.facts) if fact is not None]
    left = Side("", marks_text(entry.claimed), trimmed(entry.claimed)) if entry.claimed is not None else None
    expected = options_text(award.options) if award is not None else Text("", "")
    return answer(
        rule,
        subject,
        status,
        list(dict.fromkeys(facts)),
        path=None if entry.claim is not None else form_path(subject, *entry.path),
        left=left,
        right=_side(entry, award),
        reason=reason,
        awaits=entry.awaits,
        name=entry.name,
        measure=entry.measured,
        why=why_of(entry) or "",
        full=marks_text(entry.full) if entry.full is not None else "",
        expected=expected,
        filled=award.filled if award is not None else "",
    )


def _side(entry: Entry, award: Award | None) -> Side | None:
    if award is None:
        return None
    formula = entry.measure.formula if entry.measure is not None else ""
    value: Decimal | str = trimmed(award.central)
    if award.judgement or len(award.options) > 1 or award.low != award.high:
        value = " / ".join(options_parts(award.options))
    return Side(formula, award.filled, value, award.low, award.high)


def why_of(entry: Entry) -> Text | None:
    """Why marks are lost, or what bounds a person's judgement; the measure in front."""
    if entry.award is None:
        return entry.reason
    possible = tr("Possible are {values}", values=options_text(entry.award.options))
    return entry.award.why or entry.award.remark or possible
