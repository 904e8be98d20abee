"""A true identity, rounded any way the form allows, is never an error: a million times (design §6)."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from checker.values.interval import Interval
from checker.values.tolerance import Verdict, judge_linear, judge_printed, judge_same

ONE, MINUS = Decimal(1), Decimal(-1)
UNITS = [Decimal(1).scaleb(-places) for places in range(7)]
#: Amounts are drawn in units of 10⁻⁶ (cents, in 万元), so everything here but quotients is exact in integers.
STEP = [10 ** (6 - places) for places in range(7)]


def rounded(number: int, places: int, rounding: str) -> int:
    """``number`` (in 10⁻⁶) at ``places``, in 10⁻⁶."""
    step, size = STEP[places], abs(number)
    size = (size + step // 2) // step * step if rounding == "half_up" else size // step * step
    return size if number >= 0 else -size


@pytest.mark.slow
@pytest.mark.parametrize(("rounding", "cases"), [("half_up", 400_000), ("truncate", 150_000)])
def test_sums(rounding: str, cases: int) -> None:
    source = random.Random(f"sums {rounding}")
    tails = 0
    for _ in range(cases):
        places = [source.choice((0, 1, 2, 2, 2, 2, 4)) for _ in range(source.randrange(1, 9))]
        true = [source.randrange(-(10**9), 10**12) for _ in places]
        total = source.choice((2, 2, 1, 0))
        difference = sum(rounded(x, p, rounding) for x, p in zip(true, places, strict=True))
        difference -= rounded(sum(true), total, rounding)
        terms = [(ONE, UNITS[p]) for p in places]
        terms.append((MINUS, UNITS[total]))
        judgement = judge_linear(Decimal(difference).scaleb(-6), terms, rounding)
        assert judgement.verdict != Verdict.BEYOND, (true, places, total)
        tails += judgement.verdict != Verdict.EQUAL
    assert tails > cases / 10


@pytest.mark.slow
@pytest.mark.parametrize(("rounding", "cases"), [("half_up", 200_000), ("truncate", 100_000)])
def test_rates(rounding: str, cases: int) -> None:
    source = random.Random(f"rates {rounding}")
    for _ in range(cases):
        below = source.randrange(10**5, 10**10)
        above = source.randrange(0, 2 * below)
        places, rate_places = source.choice((1, 2, 2, 2)), source.choice((2, 3, 4))
        unit = 10**rate_places
        printed = (2 * above * unit + below) // (2 * below) if rounding == "half_up" else above * unit // below
        denominator = Interval.around(Decimal(rounded(below, places, rounding)).scaleb(-6), UNITS[places], rounding)
        numerator = Interval.around(Decimal(rounded(above, places, rounding)).scaleb(-6), UNITS[places], rounding)
        if denominator.low <= 0:
            continue
        judgement = judge_printed(
            Decimal(printed).scaleb(-rate_places), UNITS[rate_places], numerator / denominator, rounding
        )
        assert judgement.verdict != Verdict.BEYOND, (above, below, places, rate_places)


@pytest.mark.slow
def test_the_same_fact() -> None:
    source = random.Random("same")
    for _ in range(200_000):
        true = source.randrange(-(10**9), 10**12)
        p, q = source.choice((1, 2, 4, 6)), source.choice((1, 2, 4, 6))
        judgement = judge_same(
            Decimal(rounded(true, p, "half_up")).scaleb(-6),
            UNITS[p],
            Decimal(rounded(true, q, "half_up")).scaleb(-6),
            UNITS[q],
        )
        assert judgement.verdict in (Verdict.EQUAL, Verdict.NOTE), (true, p, q)
