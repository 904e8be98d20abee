"""``indicator``: scored from the target and the achievement in its row, as performance indicators are.

The arithmetic is that of the check ``indicator_score``. A qualitative target is judgement, within the band of the words
chosen where bands are given; a target that no formula scores is judgement too, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from checker.checks.indicator_marks import Earned, Reach, earned
from checker.checks.indicators import Indicator, indicator
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.plugin import ScoreKind
from checker.model.score import NextStep, Standing
from checker.scoring.award import Award, between, marks_text
from checker.scoring.ground import Ground, Unscored
from checker.scoring.kinds.bands import bands_of, chosen, said
from checker.values.interval import Interval
from checker.values.numbers import ZERO, grain
from checker.values.quantity import Kind
from checker.values.target import TargetKind

__all__ = ["KIND"]


def _award(ground: Ground) -> Award:
    this = _indicator(ground)
    facts = (this.target_fact, this.actual_fact)
    if this.blank:
        blank = this.target_fact if this.target.kind == TargetKind.BLANK else this.actual_fact
        raise Unscored(Standing.MISSING, tr("Blank: {cells}.", cells=f"{blank.sheet}!{blank.address}"), facts)
    if not this.quantitative:
        return _words(ground, this)
    if this.comparison.problem or this.actual.approximate or this.target.approximate:
        return _judged(ground, tr("Target and actual cannot be compared in one measure"), facts)
    return _scored(ground, this, earned(this, ground.full, ground.choice("reverse", "either")))


def _scored(ground: Ground, this: Indicator, result: Earned) -> Award:
    full, wanted = ground.full, this.comparison.target
    facts = (this.target_fact, this.actual_fact)
    target, actual = (fact.quantity.raw.strip() for fact in facts)
    missed = tr("The target is {target}, what was achieved {actual}", target=target, actual=actual)
    if result.reach == Reach.MET:
        return Award((Interval.point(full),), full, f"{actual} / {target}", ceiling=True, facts=facts)
    if result.reach == Reach.OPEN:
        return _judged(ground, tr("The target does not say which way is better"), facts)
    if result.reach == Reach.MISSED:
        most = full - grain(ground.decimals)
        return _judged(ground, tr("The target is missed, and no formula says what that costs"), facts, most, missed)
    options = tuple(sorted({interval for _, interval in result.variants}))
    central = result.variants[-1][0]
    if result.exceeded:
        return Award(options, central, ceiling=True, facts=facts)
    return Award(
        options,
        central,
        f"{marks_text(full)} × [{actual} ÷ {target}]",
        missed if central < full else None,
        NextStep(wanted.low, target, full) if central < full and wanted is not None else None,
        coarse=True,
        facts=facts,
        measured=actual,
    )


def _words(ground: Ground, this: Indicator) -> Award:
    facts = (this.target_fact, this.actual_fact)
    band = chosen(bands_of(ground), this.actual_fact.quantity.raw)
    if band is None:
        return _judged(ground, tr("The indicator is not quantitative"), facts)
    why = None
    if band.marks.high < ground.full:
        why = tr("Achieved: “{words}”", words=band.word)
    most = band.marks.high
    return Award((band.marks,), most, why=why, judgement=True, facts=facts, remark=said((band.marks,), band.word))


def _judged(
    ground: Ground, remark: Text, facts: tuple[Fact, ...], most: Decimal | None = None, why: Text | None = None
) -> Award:
    high = ground.full if most is None else most
    return Award(between(ZERO, high), high, why=why, judgement=True, facts=facts, remark=remark)


def _indicator(ground: Ground) -> Indicator:
    scope, terms = ground.scope, ground.terms
    if scope is None or scope.table is None or scope.row is None:
        raise Unscored(Standing.BROKEN, tr("This kind scores rows of the score table only"))
    written = terms["target"]
    columns = [str(name) for name in written] if isinstance(written, list) else [str(written)]
    filled = [name for name in columns if _is_filled(scope.table.fact(scope.row, name))]
    check: Mapping[str, object] = {**terms, "target": filled[0] if filled else columns[-1]}
    found = indicator(scope.table, scope.row, scope.subject, check)
    if found is None:
        missing = listed(name for name in (*columns, str(terms["actual"])) if not scope.table.has(name))
        raise Unscored(
            Standing.MISSING, tr("Table {table} has no column {column} here", table=scope.table.name, column=missing)
        )
    return found


def _is_filled(fact: Fact | None) -> bool:
    return fact is not None and fact.quantity.kind not in (Kind.BLANK, Kind.NIL)


KIND = ScoreKind("indicator", _award, doc=tr("Scored from target and achievement in its row"))
