"""What a quantitative indicator earns, from target and achievement: the arithmetic of published forms.

Met: full marks. Not met, more is better: full × actual ÷ target. Not met, less is better: by the published variant that
the standard names, ``linear`` (full × (1 − (actual − target) ÷ target), at least 0) or ``ratio`` (full × target ÷
actual); ``either`` accepts both where the standard is not known. A target that does not say which way is better decides
nothing unless it was met exactly. Sources: 财预〔2020〕10号 as quoted in published forms; the arithmetic of provincial
systems.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from checker.checks.indicators import Indicator, met
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, grain
from checker.values.target import Target, TargetKind

__all__ = ["Earned", "Reach", "earned"]

_LESS: Final = {"≤", "<"}
_ZERO: Final = Decimal(0)


class Reach:
    """How target and achievement stand to each other."""

    MET: Final = "met"
    #: The target does not say which way is better.
    OPEN: Final = "open"
    #: Missed, and no published formula says what it costs.
    MISSED: Final = "missed"
    #: A formula gives the marks.
    SCORED: Final = "scored"


class Earned(NamedTuple):
    """``variants`` are the marks by each published formula, and the range that the decimals of the achievement leave.

    ``exceeded``: more was done than an exact target asks; systems give full marks, and may give fewer.
    """

    reach: str
    variants: tuple[tuple[Decimal, Interval], ...] = ()
    exceeded: bool = False


def earned(this: Indicator, full: Decimal, reverse: str) -> Earned:
    """The marks of ``this``, whose target and achievement are comparable. ``reverse`` names the variant."""
    wanted, reached = this.comparison.target, this.comparison.actual
    assert wanted is not None and reached is not None
    results = [met(this.target, wanted, reading) for reading in (reached, this.comparison.alternative) if reading]
    if True in results:
        return Earned(Reach.MET)
    if None in results:
        return Earned(Reach.OPEN)
    exceeded = this.target.comparator == "=" and reached.low > wanted.low
    if this.target.kind == TargetKind.DATE or this.target.upper is not None or wanted.low <= 0:
        return Earned(Reach.MISSED, exceeded=exceeded)
    ways = ("linear", "ratio") if reverse == "either" else (reverse,)
    with localcontext(CONTEXT):
        possible = [_marks(full, this.target, wanted.low, reached.low, way) for way in ways]
        spread = _spread(this.actual, full, wanted.low)
        variants = tuple((marks, Interval(max(marks - spread, _ZERO), min(marks + spread, full))) for marks in possible)
    return Earned(Reach.SCORED, variants, exceeded)


def _marks(full: Decimal, target: Target, wanted: Decimal, reached: Decimal, variant: str) -> Decimal:
    if reached <= 0 and target.comparator not in _LESS:
        return _ZERO
    if target.comparator in _LESS:
        marks = full * wanted / reached if variant == "ratio" else full * (1 - (reached - wanted) / wanted)
        return max(marks, _ZERO)
    if reached > wanted:  # "= target", and more was done: some systems give full marks, none gives more
        return full
    return full * reached / wanted


def _spread(actual: Target, full: Decimal, wanted: Decimal) -> Decimal:
    """How far the marks may be off because the achievement was printed with few decimals; counts are exact."""
    rate = actual.unit == "%"
    if actual.decimals <= 0 and not rate:
        return _ZERO
    return abs(full * grain(actual.decimals + (2 if rate else 0)) / 2 / wanted)
