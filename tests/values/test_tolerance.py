"""Design §6, vector by vector, and its law: a rounded true identity is never an error."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.values.interval import Interval
from checker.values.numbers import grain
from checker.values.tolerance import (
    Verdict,
    judge_inequality,
    judge_linear,
    judge_printed,
    judge_same,
    judge_threshold,
)

D = Decimal
CENT = D("0.01")
FOUR = [(D(1), CENT)] * 3 + [(D(-1), CENT)]


def around(number: str, unit: str = "0.01") -> Interval:
    return Interval.around(D(number), D(unit))


def test_three_parts_a_cent_off_their_total_is_a_tail() -> None:
    judgement = judge_linear(D("40.12") * 3 - D("120.35"), FOUR)
    assert judgement.verdict == Verdict.TAIL
    assert (judgement.difference, judgement.at_least, judgement.tolerance) == (D("0.01"), 0, D("0.02"))


def test_three_cents_off_is_wrong_by_at_least_one() -> None:
    judgement = judge_linear(D("40.12") * 3 - D("120.33"), FOUR)
    assert judgement.verdict == Verdict.BEYOND
    assert (judgement.at_least, judgement.tolerance) == (CENT, D("0.02"))


def test_equal_is_equal_and_asks_for_no_terms() -> None:
    assert judge_linear(D(0), iter(())).verdict == Verdict.EQUAL


@pytest.mark.parametrize(
    ("terms", "cents", "verdict"),
    [
        (30, 5, Verdict.TAIL),  # 3σ = 4.74 cents, up to the next cent
        (30, 6, Verdict.LARGE_TAIL),
        (30, 15, Verdict.LARGE_TAIL),
        (30, 16, Verdict.BEYOND),
        (2, 1, Verdict.TAIL),
        (2, 2, Verdict.BEYOND),
    ],
)
def test_a_tail_is_what_rounding_usually_makes(terms: int, cents: int, verdict: str) -> None:
    assert judge_linear(D(cents) / 100, [(D(1), CENT)] * terms).verdict == verdict


def test_the_grid_is_that_of_the_finest_term() -> None:
    terms = [(D(1), D("0.1"))] * 20 + [(D(1), CENT)]  # 3σ = 0.3874
    assert judge_linear(D("0.39"), terms).verdict == Verdict.TAIL
    assert judge_linear(D("0.40"), terms).verdict == Verdict.LARGE_TAIL


def test_weights_that_do_not_make_a_hundred_fail() -> None:
    judgement = judge_linear(D(10 + 50 + 30 + 20 - 100), [(D(1), D(0))] * 5)
    assert (judgement.verdict, judgement.at_least) == (Verdict.BEYOND, 10)


def test_exact_terms_have_no_interval_and_finer_terms_narrow_it() -> None:
    assert judge_linear(CENT, [(D(1), D(0)), (D(-1), D(0))]).verdict == Verdict.BEYOND
    assert judge_linear(CENT, [(D(1), D("0.001"))] * 4).verdict == Verdict.BEYOND


def test_coefficients_scale_the_rounding_of_their_terms() -> None:
    yuan_against_wan = [(D("0.0001"), D(0)), (D(-1), CENT)]
    assert judge_linear(D("0.005"), yuan_against_wan).verdict == Verdict.TAIL
    assert judge_linear(D("0.006"), yuan_against_wan).at_least == D("0.001")


def test_the_residue_of_doubles_is_no_difference_but_a_cent_in_wan_is() -> None:
    exact = [(D(1), D(0))] * 3
    assert judge_linear(D("0.0000001"), exact).verdict == Verdict.EQUAL
    assert judge_linear(D("0.000001"), exact).verdict == Verdict.BEYOND


def test_in_a_balanced_table_equalities_are_exact() -> None:
    judgement = judge_linear(CENT, FOUR, rounding="balanced")
    assert (judgement.verdict, judgement.at_least, judgement.tolerance) == (Verdict.BEYOND, CENT, 0)
    assert judge_linear(D(0), FOUR, rounding="balanced").verdict == Verdict.EQUAL


def test_an_unknown_rounding_is_refused() -> None:
    with pytest.raises(ValueError):
        judge_linear(CENT, FOUR, rounding="up")


RATE = around("89.97") / around("90.00")
SCORE = Interval.point(D(10)) * RATE


@pytest.mark.parametrize(
    ("printed", "unit", "interval", "right"),
    [
        ("0.9997", "0.0001", RATE, True),
        ("1.000", "0.001", RATE, True),
        ("0.999", "0.001", RATE, False),
        ("10.00", "0.01", SCORE, True),
        ("9.90", "0.01", SCORE, False),
        ("0.4615", "0.0001", around("0.06") / around("0.13"), True),
        ("0.5384", "0.0001", around("0.06") / around("0.13"), False),
    ],
)
def test_a_printed_rate_is_right_if_it_is_the_rounding_of_a_possible_value(
    printed: str, unit: str, interval: Interval, right: bool
) -> None:
    assert (judge_printed(D(printed), D(unit), interval).verdict != Verdict.BEYOND) is right


def test_a_wrong_rate_is_wrong_by_at_least_its_distance() -> None:
    judgement = judge_printed(D("0.90"), D("0.01"), Interval.point(D("0.95")))
    assert judgement.verdict == Verdict.BEYOND
    assert (judgement.difference, judgement.at_least) == (D("-0.05"), D("0.045"))
    assert judge_printed(D("1.00"), D("0.01"), Interval.point(D("0.95"))).at_least == D("0.045")


def test_intervals_are_closed() -> None:
    half = Interval.point(D("0.95"))
    assert judge_printed(D("0.9"), D("0.1"), half).verdict == Verdict.EQUAL
    assert judge_printed(D("1.0"), D("0.1"), half).verdict == Verdict.EQUAL


def test_the_rounding_of_the_figures_as_they_stand_is_equal_any_other_a_tail() -> None:
    central = D("89.97") / D("90.00")
    assert judge_printed(D("0.9997"), D("0.0001"), RATE, central=central).verdict == Verdict.EQUAL
    assert judge_printed(D("0.9996"), D("0.0001"), RATE, central=central).verdict == Verdict.TAIL


def test_a_truncated_rate() -> None:
    interval = Interval.point(D("0.9979"))
    assert judge_printed(D("0.99"), D("0.01"), interval, "truncate").verdict == Verdict.EQUAL
    assert judge_printed(D("1.00"), D("0.01"), interval, "truncate").verdict == Verdict.BEYOND
    assert judge_printed(D("0.99"), D("0.01"), interval, "half_up").verdict == Verdict.BEYOND


def test_a_threshold_inside_the_interval_is_undecided() -> None:
    rate = around("0.06") / around("0.13")
    assert judge_threshold(rate, "≥", D("0.5")).verdict == Verdict.UNDECIDED
    assert judge_threshold(rate, "≥", D("0.4")).verdict == Verdict.EQUAL
    judgement = judge_threshold(rate, ">=", D("0.6"))
    assert judgement.verdict == Verdict.BEYOND and judgement.at_least == D("0.6") - rate.high


@pytest.mark.parametrize(
    ("operator", "at_low", "at_high"),
    [
        ("≥", Verdict.EQUAL, Verdict.UNDECIDED),
        (">", Verdict.UNDECIDED, Verdict.BEYOND),
        ("≤", Verdict.UNDECIDED, Verdict.EQUAL),
        ("<", Verdict.BEYOND, Verdict.UNDECIDED),
    ],
)
def test_thresholds_at_the_ends(operator: str, at_low: str, at_high: str) -> None:
    interval = Interval(D(1), D(2))
    assert judge_threshold(interval, operator, D(1)).verdict == at_low
    assert judge_threshold(interval, operator, D(2)).verdict == at_high


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError):
        judge_threshold(Interval(D(1), D(2)), "~", D(1))


@pytest.mark.parametrize(
    ("left", "left_grain", "right", "right_grain", "verdict", "at_least"),
    [
        ("9101.68", "0.01", "9101.68", "0.01", Verdict.EQUAL, "0"),
        ("9101.68", "0.01", "9101.67", "0.01", Verdict.NOTE, "0"),
        ("9101.68", "0.01", "9101.66", "0.01", Verdict.BEYOND, "0.01"),
        ("326.71", "0.01", "326.72", "0.01", Verdict.NOTE, "0"),
        ("100", "0", "101", "0", Verdict.BEYOND, "1"),
        ("3267149.00", "0", "3267149.01", "0", Verdict.BEYOND, "0.01"),
        ("326.7149", "0", "326.71", "0.01", Verdict.EQUAL, "0"),
        ("326.715", "0.001", "326.72", "0.01", Verdict.EQUAL, "0"),
        ("326.72", "0.01", "326.715", "0.001", Verdict.EQUAL, "0"),
        ("326.714", "0.001", "326.72", "0.01", Verdict.NOTE, "0"),
        ("326.704", "0.001", "326.72", "0.01", Verdict.BEYOND, "0.01"),
        ("0.99885", "0.00001", "1.00", "0.01", Verdict.EQUAL, "0"),
        ("-326.715", "0.001", "-326.72", "0.01", Verdict.EQUAL, "0"),
    ],
)
def test_the_same_fact_in_two_places(
    left: str, left_grain: str, right: str, right_grain: str, verdict: str, at_least: str
) -> None:
    judgement = judge_same(D(left), D(left_grain), D(right), D(right_grain))
    assert (judgement.verdict, judgement.at_least) == (verdict, D(at_least))


def test_the_finer_is_cut_off_where_the_form_truncates() -> None:
    assert judge_same(D("326.719"), D("0.001"), D("326.71"), CENT, "truncate").verdict == Verdict.EQUAL


@pytest.mark.parametrize(
    ("left", "operator", "right", "verdict"),
    [
        ("10.00", "≤", "10.01", Verdict.EQUAL),
        ("10.00", "<=", "10.00", Verdict.EQUAL),
        ("10.01", "≤", "10.00", Verdict.TAIL),
        ("10.02", "≤", "10.00", Verdict.BEYOND),
        ("10.00", "≥", "10.02", Verdict.BEYOND),
        ("10.00", "≥", "10.01", Verdict.TAIL),
        ("10.00", "<", "10.00", Verdict.TAIL),
        ("10.01", "<", "10.00", Verdict.BEYOND),
        ("9.98", ">", "10.00", Verdict.BEYOND),
    ],
)
def test_an_inequality_fails_only_when_no_rounding_saves_it(left: str, operator: str, right: str, verdict: str) -> None:
    assert judge_inequality(around(left), around(right), operator).verdict == verdict


def test_inequalities_of_exact_figures() -> None:
    point = Interval.point
    judgement = judge_inequality(point(D(11)), point(D(10)), "≤")
    assert (judgement.verdict, judgement.at_least, judgement.difference) == (Verdict.BEYOND, 1, 1)
    assert judge_inequality(point(D(10)), point(D(10)), "≤").verdict == Verdict.EQUAL
    assert judge_inequality(point(D(10)), point(D(10)), "<").verdict == Verdict.BEYOND


# The law.

fine = st.decimals(min_value=-(10**7), max_value=10**7, places=6)
MODES = {"half_up": (ROUND_HALF_UP, ROUND_HALF_EVEN), "truncate": (ROUND_DOWN,)}


@given(
    st.lists(st.tuples(fine, st.integers(0, 6), st.sampled_from([1, -1, 2])), min_size=1, max_size=12),
    st.integers(0, 6),
    st.sampled_from(sorted(MODES)),
    st.data(),
)
def test_a_rounded_true_identity_is_never_an_error(
    parts: list[tuple[Decimal, int, int]], total_places: int, rounding: str, data: st.DataObject
) -> None:
    true_total = sum((number * a for number, _, a in parts), D(0))
    mode = data.draw(st.sampled_from(MODES[rounding]))
    printed = [(number.quantize(grain(p), mode), p, a) for number, p, a in parts]
    total = true_total.quantize(grain(total_places), mode)
    terms = [(D(a), grain(p)) for _, p, a in printed] + [(D(-1), grain(total_places))]
    difference = sum((number * a for number, _, a in printed), D(0)) - total
    judgement = judge_linear(difference, terms, rounding)
    assert judgement.verdict != Verdict.BEYOND
    assert judgement.at_least == 0


@given(
    st.decimals(min_value=-(10**5), max_value=10**5, places=5),
    st.decimals(min_value=D("0.1"), max_value=10**5, places=5),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(sorted(MODES)),
)
def test_a_rounded_true_rate_is_never_an_error(
    a: Decimal, b: Decimal, places: int, rate_places: int, rounding: str
) -> None:
    mode = MODES[rounding][0]
    true_rate = Fraction(a) / Fraction(b)
    unit = grain(rate_places)
    scaled = abs(true_rate) / Fraction(unit)
    steps = int(scaled + Fraction(1, 2)) if rounding == "half_up" else int(scaled)
    printed = D(steps if true_rate >= 0 else -steps) * unit
    above = Interval.around(a.quantize(grain(places), mode), grain(places), rounding)
    below = Interval.around(b.quantize(grain(places), mode), grain(places), rounding)
    if below.low <= 0:
        return
    assert judge_printed(printed, unit, above / below, rounding).verdict != Verdict.BEYOND


@given(fine, st.integers(0, 4), st.integers(0, 4))
def test_one_fact_rounded_twice_is_never_an_error(number: Decimal, p: int, q: int) -> None:
    left, right = number.quantize(grain(p), ROUND_HALF_UP), number.quantize(grain(q), ROUND_HALF_UP)
    assert judge_same(left, grain(p), right, grain(q)).verdict != Verdict.BEYOND


@given(st.integers(-500, 500), st.integers(1, 12))
def test_what_no_rounding_explains_is_always_an_error(cents: int, count: int) -> None:
    width = (count + 1) * CENT / 2
    judgement = judge_linear(D(cents) / 100, [(D(1), CENT)] * (count + 1))
    assert (judgement.verdict == Verdict.BEYOND) == (abs(D(cents)) / 100 > width)
