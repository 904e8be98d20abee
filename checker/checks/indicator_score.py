"""``indicator_score``: the marks of a quantitative indicator, recomputed from target and achievement (see
``indicator_marks`` for the arithmetic)."""

from __future__ import annotations

from decimal import Decimal

from checker.checks.indicator_marks import Reach, earned
from checker.checks.indicators import Indicator, compiled_rows
from checker.checks.schema import FORMULA, NAME, references, schema
from checker.checks.score import coarse_marks
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, answer
from checker.locate.located import LocatedTable
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.interval import Interval
from checker.values.quantity import Kind
from checker.values.tolerance import Verdict, judge_printed

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check

    def each(subject: Subject, table: LocatedTable, this: Indicator) -> Outcome | None:
        weight, score = table.fact(this.row, str(check["weight"])), table.fact(this.row, str(check["score"]))
        if weight is None or score is None:
            return None
        facts = (score, this.target_fact, this.actual_fact, weight)
        if this.blank or not this.quantitative or weight.quantity.kind != Kind.NUMBER:
            return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=tr("The indicator is not quantitative"))
        if score.quantity.kind != Kind.NUMBER:
            return answer(rule, subject, Status.INSUFFICIENT, facts, reason=tr("The score is blank or not a number"))
        if this.comparison.problem or this.actual.approximate or this.target.approximate:
            return answer(
                rule,
                subject,
                Status.NOT_APPLICABLE,
                facts,
                reason=tr("Target and actual cannot be compared in one measure"),
            )
        return _judge(rule, subject, this, weight, score, facts)

    return compiled_rows(rule, each)


def _judge(
    rule: Rule, subject: Subject, this: Indicator, weight: Fact, score: Fact, facts: tuple[Fact, ...]
) -> Outcome:
    full, claimed = weight.quantity.number, score.quantity.number
    assert full is not None and claimed is not None
    variants = str(rule.check.get("reverse", "either"))
    result = earned(this, full, str(subject.parameters.get(variants, variants)))
    if result.reach == Reach.MET:
        if claimed == full:
            return _told(rule, subject, Status.PASS, facts, claimed, Interval.point(full), this, full)
        reason = tr("The target is met; a deduction needs a reason, not a formula")
        return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=reason)
    if result.reach == Reach.OPEN:
        reason = tr("The target does not say which way is better")
        return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=reason)
    if result.reach == Reach.MISSED or claimed > full or (result.exceeded and claimed != full):  # no published formula
        status = Status.FAIL if claimed == full else Status.NOT_APPLICABLE
        return _told(rule, subject, status, facts, claimed, Interval(Decimal(0), full), this, full)
    outcomes = []
    for marks, interval in result.variants:
        judgement = judge_printed(claimed, score.grain, interval, central=marks)
        if judgement.verdict != Verdict.BEYOND:
            status = Status.PASS if judgement.verdict == Verdict.EQUAL else Status.TAIL
            return _told(rule, subject, status, facts, claimed, interval, this, full)
        outcome = _told(rule, subject, Status.FAIL, facts, claimed, interval, this, full, marks)
        refined = coarse_marks(claimed, marks, interval, rule.severity)
        if refined is not None:
            outcome = outcome._replace(severity=refined.severity or outcome.severity, cause=refined.cause)
        outcomes.append(outcome)
    return min(outcomes, key=lambda o: (o.severity != "note", abs(o.difference or 0)))


def _told(
    rule: Rule,
    subject: Subject,
    status: str,
    facts: tuple[Fact, ...],
    claimed: Decimal,
    interval: Interval,
    this: Indicator,
    full: Decimal,
    marks: Decimal | None = None,
) -> Outcome:
    central = marks if marks is not None else (interval.low if interval.low == interval.high else None)
    expected: str | Text = (
        number_text(central, decimals=2) if central is not None else tr("less than {full}", full=full)
    )
    filled = _filled(this, full)
    outcome = answer(
        rule,
        subject,
        status,
        facts,
        left=Side("", number_text(claimed), claimed),
        right=Side("", filled, central if central is not None else None, interval.low, interval.high, decimals=2),
        expected=expected,
        target=this.target_fact.quantity.raw.strip(),
        actual=this.actual_fact.quantity.raw.strip(),
        name=this.row.label or this.row.name,
        difference=number_text(abs(claimed - central), decimals=2) if central is not None else "",
        filled=filled,
        full=number_text(full),
    )
    if central is None:
        return outcome
    difference = claimed - central
    beyond = max(interval.low - claimed, claimed - interval.high, Decimal(0))
    return outcome._replace(difference=difference, at_least=beyond, tolerance=abs(difference) - beyond)


def _filled(this: Indicator, full: Decimal) -> str:
    target, actual = this.target_fact.quantity.raw.strip(), this.actual_fact.quantity.raw.strip()
    return f"{number_text(full)} × [{actual} ÷ {target}]"


KIND = CheckKind(
    "indicator_score",
    schema(
        "table",
        "target",
        "actual",
        "weight",
        "score",
        table=NAME,
        when=FORMULA,
        target=NAME,
        actual=NAME,
        weight=NAME,
        score=NAME,
        direction=NAME,
        unit=NAME,
        reverse=NAME,
    ),
    _compile,
    references,
    tr("The score of a quantitative indicator follows from target and actual"),
    ("target", "actual", "name", "expected", "full"),
)
