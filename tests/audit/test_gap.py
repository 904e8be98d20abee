"""Why a summary is not the sum of its units: planted slips are found, nothing is told that leaves the gap open."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.audit.bureau.gap import Slip, changes_of, explain

WAN = Decimal(10_000)
FACTORS = (Decimal(10), 1 / Decimal(10), WAN, 1 / WAN)
cents = st.integers(-(10**9), 10**9).map(lambda number: Decimal(number).scaleb(-2))
#: Figures of which no small sum is another by chance: each has a digit of its own.
APART = [(f"u{n:02}", Decimal(7**n % 10**9).scaleb(-2) + Decimal(10) ** (n // 2)) for n in range(2, 18)]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_units_left_out_are_found(size: int) -> None:
    left_out = APART[1 : 1 + 3 * size : 3]
    gap = -sum(figure for _, figure in left_out)
    search = explain(gap, APART, Decimal("0"), FACTORS)
    assert search.searched == size
    wanted = tuple((unit, Slip.OMITTED) for unit, _ in left_out)
    assert wanted in [tuple((change.unit, change.slip) for change in each.changes) for each in search.explanations]
    assert all(each.rest == 0 for each in search.explanations)


@pytest.mark.parametrize(
    ("slip", "factor", "amount"),
    [
        (Slip.DOUBLED, 1, Decimal("321.45")),
        (Slip.SIGN, 1, Decimal("-642.90")),
        (Slip.SCALED, 10, Decimal("2893.05")),
        (Slip.SCALED, WAN, Decimal("3214178.55")),
    ],
)
def test_every_kind_of_slip_is_found_by_its_amount(slip: str, factor: int, amount: Decimal) -> None:
    figures = [("甲局", Decimal("1250.31")), ("乙局", Decimal("321.45")), ("丙局", Decimal("87.02"))]
    search = explain(amount, figures, Decimal("0.02"), FACTORS)
    assert [(c.unit, c.slip, c.factor) for c in search.explanations[0].changes] == [("乙局", slip, factor)]
    assert search.found == 1


def test_all_equally_small_explanations_are_told_and_none_is_made_up() -> None:
    figures = [("甲局", Decimal("10.00")), ("乙局", Decimal("10.00")), ("丙局", Decimal("31.00"))]
    search = explain(Decimal("-10.00"), figures, Decimal("0"))
    assert {each.changes[0].unit for each in search.explanations} == {"甲局", "乙局"}
    assert explain(Decimal("3.21"), figures, Decimal("0"), FACTORS).explanations == ()


def test_chance_grows_with_the_number_of_units() -> None:
    many = [(str(n), Decimal(1000 + (n * 7919) % 100_000).scaleb(-2)) for n in range(80)]
    few = explain(-many[3][1] - many[5][1] - many[9][1], many[:12], Decimal("0.06"))
    lots = explain(-many[3][1] - many[5][1] - many[9][1] - Decimal("0.31"), many, Decimal("0.4"))
    assert lots.chance > few.chance
    assert lots.chance >= 1, "with 80 units and this tolerance something always fits, and it is said"


@settings(max_examples=150, deadline=None)
@given(figures=st.lists(cents, min_size=1, max_size=9), gap=cents, tolerance=st.integers(0, 500))
def test_no_explanation_fails_to_close_the_gap(figures: list[Decimal], gap: Decimal, tolerance: int) -> None:
    named = [(f"u{n}", figure) for n, figure in enumerate(figures)]
    slack = Decimal(tolerance).scaleb(-2)
    search = explain(gap, named, slack, FACTORS)
    for each in search.explanations:
        rest = gap - sum(change.amount for change in each.changes)
        assert rest == each.rest and abs(rest) <= slack
        assert len({change.unit for change in each.changes}) == len(each.changes) <= 4
        for change in each.changes:
            assert change in list(changes_of(change.unit, dict(named)[change.unit], FACTORS))


@settings(max_examples=60, deadline=None)
@given(
    figures=st.lists(cents.filter(lambda number: abs(number) > 1), min_size=4, max_size=6, unique=True),
    size=st.integers(1, 3),
)
def test_the_smallest_sets_are_all_there(figures: list[Decimal], size: int) -> None:
    """Compared with every set, one by one."""
    named = [(f"u{n}", figure) for n, figure in enumerate(figures)]
    gap = -sum((figure for _, figure in named[:size]), Decimal(0))
    search = explain(gap, named, Decimal(0))
    every = [list(changes_of(unit, figure, ())) for unit, figure in named]
    for smallest in range(1, 4):
        sets = {
            frozenset((c.unit, c.slip) for c in chosen)
            for units in itertools.combinations(every, smallest)
            for chosen in itertools.product(*units)
            if sum(change.amount for change in chosen) == gap
        }
        if sets:
            break
    assert smallest == search.searched <= size
    assert {frozenset((c.unit, c.slip) for c in each.changes) for each in search.explanations} == sets


def test_many_units_are_gone_through_in_bounds() -> None:
    many = [(str(n), Decimal(10**6 + n * n * 7919 % 10**7).scaleb(-2)) for n in range(5000)]
    search = explain(-many[17][1] - many[4000][1], many, Decimal("0.00"), FACTORS)
    assert search.searched <= 2 and search.found
    none = explain(Decimal("0.001"), many, Decimal("0"))
    assert none.explanations == () and none.searched == 2, "three of 5,000 are too many to go through, and that is said"
