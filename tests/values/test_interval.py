from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.values.interval import Interval, ZeroDivision, ZeroInside

D = Decimal
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=3)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    return Interval(low, high)


@st.composite
def members(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    interval = draw(intervals())
    share = draw(st.fractions(min_value=0, max_value=1, max_denominator=1000))
    return interval, Fraction(interval.low) + share * (Fraction(interval.high) - Fraction(interval.low))


def holds(interval: Interval, value: Fraction) -> bool:
    return Fraction(interval.low) <= value <= Fraction(interval.high)


@given(members(), members())
def test_no_possible_value_is_left_out(a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]) -> None:
    (i, x), (j, y) = a, b
    assert holds(i + j, x + y)
    assert holds(i - j, x - y)
    assert holds(i * j, x * y)
    assert holds(-i, -x)
    assert holds(abs(i), abs(x))
    assert holds(i.minimum(j), min(x, y))
    assert holds(i.maximum(j), max(x, y))


@given(members(), members())
def test_quotients(a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]) -> None:
    (i, x), (j, y) = a, b
    assume(j.low > 0 or j.high < 0)
    assert holds(i / j, x / y)


def test_ends_that_can_be_written_are_exact() -> None:
    a, b = Interval(D("89.965"), D("89.975")), Interval(D(2), D(4))
    assert a + b == (D("91.965"), D("93.975"))
    assert a - b == (D("85.965"), D("87.975"))
    assert a * b == (D("179.930"), D("359.900"))
    assert a / b == (D("22.49125"), D("44.9875"))
    assert abs(Interval(D(-3), D(2))) == (0, 3)
    assert Interval(D(1), D(5)).minimum(Interval(D(2), D(3))) == (1, 3)
    assert Interval(D(1), D(5)).maximum(Interval(D(2), D(3))) == (2, 5)


def test_division_by_zero_and_by_what_may_be_zero_are_different_things() -> None:
    one = Interval.point(D(1))
    with pytest.raises(ZeroDivision):
        one / Interval.point(D(0))
    for divisor in (Interval(D(-1), D(1)), Interval(D(0), D(1)), Interval(D(-1), D(0))):
        with pytest.raises(ZeroInside):
            one / divisor


@pytest.mark.parametrize(
    ("number", "grain", "rounding", "low", "high"),
    [
        ("2.35", "0.01", "half_up", "2.345", "2.355"),
        ("2.35", "0.01", "truncate", "2.35", "2.36"),
        ("-2.35", "0.01", "truncate", "-2.36", "-2.35"),
        ("0.00", "0.01", "truncate", "-0.01", "0.01"),
        ("2.35", "0.01", "balanced", "2.34", "2.36"),
        ("2.35", "0", "half_up", "2.35", "2.35"),
    ],
)
def test_what_a_printed_figure_stands_for(number: str, grain: str, rounding: str, low: str, high: str) -> None:
    assert Interval.around(D(number), D(grain), rounding) == (D(low), D(high))


def test_an_unknown_rounding_is_refused() -> None:
    with pytest.raises(ValueError):
        Interval.around(D(1), D(1), "up")


def test_membership_and_middle() -> None:
    interval = Interval(D(1), D(2))
    assert D(1) in interval and D(2) in interval and D("2.1") not in interval
    assert interval.middle == D("1.5")
