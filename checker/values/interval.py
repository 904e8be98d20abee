"""Exact interval arithmetic: all that a figure can be, given that it was rounded.

Ends that cannot be written in 34 digits are rounded outwards, so an interval never leaves out a possible
value.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from checker.values.numbers import CEILING, FLOOR, ZERO

__all__ = ["Interval", "ZeroDivision", "ZeroInside"]


class ZeroInside(ArithmeticError):  # noqa: N818
    """Division by an interval that contains zero and more: nothing can be said (design §6.4: undecided)."""


class ZeroDivision(ZeroDivisionError):  # noqa: N818
    """Division by exactly zero: there is no quotient."""


class Interval(NamedTuple):
    """All numbers from ``low`` to ``high``, ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def point(cls, number: Decimal) -> Interval:
        return cls(number, number)

    @classmethod
    def around(cls, number: Decimal, grain: Decimal, rounding: str = "half_up") -> Interval:
        """What a figure printed as ``number`` stands for, ``grain`` being one unit in its last place (0:
        exact).

        ``half_up``: half a unit either way. ``truncate``: up to one unit further from zero. ``balanced``: up
        to one unit either way, because figures are moved to make totals agree.
        """
        if not grain:
            return cls(number, number)
        if rounding == "half_up":
            half = grain / 2
            return cls(number - half, number + half)
        if rounding == "truncate":
            return cls(number - grain if number <= 0 else number, number + grain if number >= 0 else number)
        if rounding == "balanced":
            return cls(number - grain, number + grain)
        raise ValueError(f"unknown rounding: {rounding}")

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2

    def __contains__(self, number: object) -> bool:
        return isinstance(number, Decimal) and self.low <= number <= self.high

    def __add__(self, other: Interval) -> Interval:  # type: ignore[override]
        return Interval(FLOOR.add(self.low, other.low), CEILING.add(self.high, other.high))

    def __sub__(self, other: Interval) -> Interval:
        return Interval(FLOOR.subtract(self.low, other.high), CEILING.subtract(self.high, other.low))

    def __mul__(self, other: Interval) -> Interval:  # type: ignore[override]
        pairs = [(a, b) for a in self for b in other]
        return Interval(min(FLOOR.multiply(*p) for p in pairs), max(CEILING.multiply(*p) for p in pairs))

    def __truediv__(self, other: Interval) -> Interval:
        """Raises :class:`ZeroDivision` for exactly zero, :class:`ZeroInside` if zero is among the
        divisors."""
        if other.low <= 0 <= other.high:
            if other.low == other.high:
                raise ZeroDivision
            raise ZeroInside
        pairs = [(a, b) for a in self for b in other]
        return Interval(min(FLOOR.divide(*p) for p in pairs), max(CEILING.divide(*p) for p in pairs))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __abs__(self) -> Interval:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Interval(ZERO, max(-self.low, self.high))

    def minimum(self, other: Interval) -> Interval:
        """Of ``min(a, b)`` for all ``a`` and ``b``."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def maximum(self, other: Interval) -> Interval:
        return Interval(max(self.low, other.low), max(self.high, other.high))
