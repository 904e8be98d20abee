"""The judge: is a difference rounding, or wrong? (design §6; pure, knows neither cells nor rules)

Every verdict that accuses is a proof: no way of rounding true figures leads to it. Signs are of left − right.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, ZERO

__all__ = [
    "Judgement",
    "Verdict",
    "judge_inequality",
    "judge_linear",
    "judge_printed",
    "judge_same",
    "judge_threshold",
]

#: Excel's doubles keep 15 digits, so reckoning with amounts below 10⁹ leaves a residue of up to some 10⁻⁷
#: that nobody wrote. One cent in 万元 is 10⁻⁶: no figure that anyone writes is lost below half of it.
RESIDUE: Final = Decimal("0.0000005")


class Verdict:
    """What the figures say."""

    #: Equal; for an inequality or a threshold: it holds.
    EQUAL: Final = "equal"
    #: Rounding explains the difference.
    TAIL: Final = "tail"
    #: Rounding can make the difference, but hardly ever does.
    LARGE_TAIL: Final = "large_tail"
    #: The same fact in two tables, one unit in the last place apart.
    NOTE: Final = "note"
    #: No rounding explains it.
    BEYOND: Final = "beyond"
    #: The figures are too coarse to say.
    UNDECIDED: Final = "undecided"


class Judgement(NamedTuple):
    """``difference`` is left − right, ``tolerance`` the most that rounding explains, and ``at_least`` (≥ 0)
    how much is wrong however the figures were rounded."""

    verdict: str
    difference: Decimal
    at_least: Decimal = ZERO
    tolerance: Decimal = ZERO


_EQUAL = Judgement(Verdict.EQUAL, ZERO)


def judge_linear(difference: Decimal, terms: Iterable[tuple[Decimal, Decimal]], rounding: str = "half_up") -> Judgement:
    """Judge Σ aᵢ·xᵢ = ``difference`` where 0 is right, given (aᵢ, grain of xᵢ) of each term; exact terms have
    grain 0.

    With W = Σ|aᵢ|uᵢ/2 and σ = √(Σaᵢ²uᵢ²/12): up to min(W, 3σ up to the next grid step) a ``tail``, up to W a
    ``large_tail``, further ``beyond``. The grid is the finest step that a term makes.

    ``truncate`` doubles W, and as cutting off leans to one side 3σ says nothing. ``balanced`` is for
    equalities inside a table of such a form: they are exact. Across its tables pass ``truncate``: there too
    each figure is within one unit of the truth.
    """
    if -RESIDUE <= difference <= RESIDUE:
        return _EQUAL
    size = abs(difference)
    if rounding == "balanced":
        return Judgement(Verdict.BEYOND, difference, size)
    steps = [abs(coefficient) * grain for coefficient, grain in terms if grain and coefficient]
    width = sum(steps, ZERO)
    if rounding == "half_up":
        width /= 2
    elif rounding != "truncate":
        raise ValueError(f"unknown rounding: {rounding}")
    if size > width:
        return Judgement(Verdict.BEYOND, difference, size - width, width)
    if rounding == "half_up":
        grid = min(steps)
        three_sigma = CONTEXT.sqrt(sum((step * step for step in steps), ZERO) * 3 / 4)
        limit = CONTEXT.divide(three_sigma, grid).to_integral_value(ROUND_CEILING) * grid
        if size > limit:
            return Judgement(Verdict.LARGE_TAIL, difference, ZERO, width)
    return Judgement(Verdict.TAIL, difference, ZERO, width)


def judge_printed(
    printed: Decimal,
    grain: Decimal,
    interval: Interval,
    rounding: str = "half_up",
    central: Decimal | None = None,
) -> Judgement:
    """Judge a printed rate, product or score against the ``interval`` that was recomputed for it.

    Right if it is the rounding of some value in the interval. ``central`` is the value recomputed from the
    figures as they stand (default: the middle): its own rounding is ``equal``, any other that is possible a
    ``tail``.
    """
    if central is None:
        central = interval.middle
    difference = printed - central
    # Balancing moves the items of a sum; a rate is rounded.
    stands_for = Interval.around(printed, grain, "half_up" if rounding == "balanced" else rounding)
    beyond = max(interval.low - stands_for.high, stands_for.low - interval.high)
    tolerance = abs(difference) - max(beyond, ZERO)
    if beyond > RESIDUE:
        return Judgement(Verdict.BEYOND, difference, beyond, tolerance)
    if central in stands_for:
        return Judgement(Verdict.EQUAL, difference, ZERO, tolerance)
    return Judgement(Verdict.TAIL, difference, ZERO, tolerance)


def judge_same(
    left: Decimal, left_grain: Decimal, right: Decimal, right_grain: Decimal, rounding: str = "half_up"
) -> Judgement:
    """Judge one fact that stands in two places, in the same unit (design §6.6).

    Intervals would hide real errors here, because the same figure is rounded the same way. The finer is
    rounded to the coarser first; then one unit in the last place is a ``note``, more is ``beyond``; exact
    figures differ or not.
    """
    grain = max(left_grain, right_grain)
    if left_grain < grain:
        left = _to_grain(left, grain, rounding)
    elif right_grain < grain:
        right = _to_grain(right, grain, rounding)
    difference = left - right
    size = abs(difference)
    if size <= RESIDUE:
        return _EQUAL
    if size <= grain:
        return Judgement(Verdict.NOTE, difference, ZERO, grain)
    return Judgement(Verdict.BEYOND, difference, size - grain, grain)


def _to_grain(number: Decimal, grain: Decimal, rounding: str) -> Decimal:
    mode = ROUND_DOWN if rounding == "truncate" else ROUND_HALF_UP
    return CONTEXT.divide(number, grain).to_integral_value(mode) * grain


def judge_inequality(left: Interval, right: Interval, operator: str) -> Judgement:
    """Judge ``left ≤ right`` (also ``<``, ``≥``, ``>``): ``beyond`` only if no values in the intervals
    satisfy it.

    ``equal`` if it holds for the figures as they stand (the middles), ``tail`` if it can hold thanks to
    rounding.
    """
    difference = left.middle - right.middle
    a, b, sign = (left, right, 1) if operator in _LESS else (right, left, -1)
    excess = a.low - b.high
    strict = operator in _STRICT
    tolerance = (a.high - a.low + b.high - b.low) / 2
    if excess > RESIDUE or (strict and excess >= 0):
        return Judgement(Verdict.BEYOND, difference, excess, tolerance)
    over = difference * sign
    holds = over < 0 if strict else over <= RESIDUE
    return Judgement(Verdict.EQUAL if holds else Verdict.TAIL, difference, ZERO, tolerance)


def judge_threshold(value: Interval, operator: str, threshold: Decimal) -> Judgement:
    """Decide ``value ≥ threshold`` (also ``>``, ``≤``, ``<``): ``equal`` if it holds for all of the interval,
    ``beyond`` if for none of it, ``undecided`` if the interval has values of both kinds."""
    difference = value.middle - threshold
    for_low = _compare(value.low, operator, threshold)
    for_high = _compare(value.high, operator, threshold)
    if for_low != for_high:
        return Judgement(Verdict.UNDECIDED, difference, ZERO, (value.high - value.low) / 2)
    verdict = Verdict.EQUAL if for_low else Verdict.BEYOND
    at_least = ZERO if for_low else min(abs(value.low - threshold), abs(value.high - threshold))
    return Judgement(verdict, difference, at_least, (value.high - value.low) / 2)


_LESS: Final = frozenset({"≤", "<=", "<"})
_STRICT: Final = frozenset({"<", ">"})


def _compare(number: Decimal, operator: str, threshold: Decimal) -> bool:
    if operator in ("≥", ">="):
        return number >= threshold
    if operator == ">":
        return number > threshold
    if operator in ("≤", "<="):
        return number <= threshold
    if operator == "<":
        return number < threshold
    raise ValueError(f"unknown operator: {operator}")
