"""A number, and how far from it the truth may be.

Linear expressions are kept in coefficient form, so that ``x − x`` is exactly 0 however ``x`` was rounded.
Products and quotients of rounded figures are not linear; of them only an interval is kept."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from checker.values.interval import Interval
from checker.values.numbers import ZERO

__all__ = ["Estimate", "Key", "absolute", "greatest", "least", "product", "quotient", "rounded"]

#: What makes two facts the same: the book named before ``!``, sheet, row, column.
Key = tuple[str, str, int, int]

ONE: Final = Decimal(1)


class Estimate:
    """``number`` as the figures stand; ``terms`` gives coefficient and grain of each rounded figure it
    depends on linearly; ``down`` and ``up`` (≥ 0) are how far all that is not linear may lie below and
    above. Exact figures leave no term."""

    __slots__ = ("down", "number", "terms", "up")

    def __init__(self, number: Decimal, down: Decimal = ZERO, up: Decimal = ZERO) -> None:
        self.number = number
        self.terms: dict[Key, tuple[Decimal, Decimal]] = {}
        self.down = down
        self.up = up

    @classmethod
    def within(cls, number: Decimal, interval: Interval) -> Estimate:
        """Somewhere in ``interval``, on what is written ``number``."""
        return cls(number, max(number - interval.low, ZERO), max(interval.high - number, ZERO))

    @property
    def linear(self) -> bool:
        return not self.down and not self.up

    @property
    def exact(self) -> bool:
        return not self.terms and not self.down and not self.up

    def add_term(self, key: Key, coefficient: Decimal, grain: Decimal) -> None:
        """Count the figure ``key`` in, ``coefficient`` times more; ``number`` is the caller's business."""
        known = self.terms.get(key)
        if known is not None:
            coefficient += known[0]
        self.terms[key] = (coefficient, grain)

    def add(self, other: Estimate, factor: Decimal) -> None:
        """Add ``factor × other`` to this one."""
        self.number += factor * other.number
        for key, (coefficient, grain) in other.terms.items():
            self.add_term(key, factor * coefficient, grain)
        if other.down or other.up:
            below, above = (other.down, other.up) if factor >= 0 else (other.up, other.down)
            self.down += abs(factor) * below
            self.up += abs(factor) * above

    def times(self, factor: Decimal) -> Estimate:
        scaled = Estimate(ZERO)
        scaled.add(self, factor)
        return scaled

    def interval(self, rounding: str = "half_up") -> Interval:
        """All it can be. Figures cut off or balanced may be a whole unit away, rounded ones half a unit."""
        width = sum([abs(coefficient) * grain for coefficient, grain in self.terms.values()], ZERO)
        if rounding == "half_up":
            width /= 2
        return Interval(self.number - self.down - width, self.number + self.up + width)


def product(left: Estimate, right: Estimate, rounding: str) -> Estimate:
    if right.exact:
        return left.times(right.number)
    if left.exact:
        return right.times(left.number)
    return Estimate.within(left.number * right.number, left.interval(rounding) * right.interval(rounding))


def quotient(left: Estimate, right: Estimate, rounding: str) -> Estimate:
    """Raises ``ZeroInside`` or ``ZeroDivision`` (see ``values.interval``)."""
    if right.exact and right.number:
        scaled = Estimate(left.number / right.number, left.down, left.up)
        if left.down or left.up:
            low, high = sorted((-left.down / right.number, left.up / right.number))
            scaled.down, scaled.up = -low, high
        scaled.terms = {key: (coefficient / right.number, grain) for key, (coefficient, grain) in left.terms.items()}
        return scaled
    interval = left.interval(rounding) / right.interval(rounding)
    return Estimate.within(left.number / right.number, interval)


def absolute(value: Estimate, rounding: str) -> Estimate:
    interval = value.interval(rounding)
    if interval.low >= 0:
        return value
    if interval.high <= 0:
        return value.times(-ONE)
    return Estimate.within(abs(value.number), abs(interval))


def least(values: Iterable[Estimate], rounding: str) -> Estimate:
    """The least of ``values``: its terms if no rounding can make another one less, else all that it may
    be."""
    return _extreme([(value, value.interval(rounding)) for value in values], least=True)


def greatest(values: Iterable[Estimate], rounding: str) -> Estimate:
    return _extreme([(value, value.interval(rounding)) for value in values], least=False)


def _extreme(values: list[tuple[Estimate, Interval]], *, least: bool) -> Estimate:
    chosen, bounds = (min if least else max)(values, key=lambda pair: pair[0].number)
    clear = all(
        other is chosen or (bounds.high <= interval.low if least else bounds.low >= interval.high)
        for other, interval in values
    )
    if clear:
        return chosen
    for _, interval in values:
        bounds = bounds.minimum(interval) if least else bounds.maximum(interval)
    return Estimate.within(chosen.number, bounds)


def rounded(value: Estimate, decimals: int, rounding: str) -> Estimate:
    """Excel's ROUND: half away from zero. A rounded interval holds steps only, but its ends suffice."""
    interval = value.interval(rounding)
    return Estimate.within(
        _round(value.number, decimals),
        Interval(_round(interval.low, decimals), _round(interval.high, decimals)),
    )


def _round(number: Decimal, decimals: int) -> Decimal:
    if number.adjusted() + decimals > 32:  # finer than 34 digits can tell: nothing to round
        return number
    return number.quantize(ONE.scaleb(-decimals), ROUND_HALF_UP)
