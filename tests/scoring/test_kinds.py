"""Each way to give marks: on a figure, at its boundary, on a rounded figure, and what always holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model.plugin import ScoreKind
from checker.model.score import Standing
from checker.scoring.award import Award
from checker.scoring.ground import Ground, Measure, Unscored, figure
from checker.scoring.kinds import KINDS
from checker.values.interval import Interval

BY_NAME = {kind.name: kind for kind in KINDS}
D = Decimal


def award(kind: str, full: Any, measure: Any = None, half: Any = 0, **terms: Any) -> Award:
    """Marks of one criterion; ``half`` is how far the measure may be off."""
    number = None if measure is None else D(str(measure))
    measured = None
    if number is not None:
        measured = Measure(number, Interval(number - D(str(half)), number + D(str(half))), "%")
    parameters = {"界限": D("0.9"), "方式": "ratio"}
    given_award: Award = BY_NAME[kind].award(Ground(D(str(full)), terms, measured, parameters))
    return given_award.rounded(2)


def possible(found: Award) -> list[tuple[str, str]]:
    return [(format(o.low.normalize(), "f"), format(o.high.normalize(), "f")) for o in found.options]


LADDER = [
    {"when": "= 0%", "marks": 5},
    {"when": "<= 10%", "marks": 4},
    {"when": "<= 20%", "marks": "60%"},
    {"otherwise": 0},
]


@pytest.mark.parametrize(
    ("kind", "full", "measure", "terms", "marks"),
    [
        # Published: Chongqing 2021 (76% of 10), Beijing 2016 (50% of 10), Hubei 2020 (20 × rate).
        ("proportional", 10, "0.76", {"target": "100%"}, "7.6"),
        ("proportional", 10, "0.5", {"target": "100%"}, "5"),
        ("proportional", 20, "0.9137", {"target": "100%"}, "18.27"),
        ("proportional", 20, "1.2", {"target": "100%"}, "20"),
        ("proportional", 10, "1", {"target": "100%"}, "10"),
        ("proportional", 10, "-0.1", {"target": "100%"}, "0"),
        ("proportional", 10, "0.45", {"target": "界限"}, "5"),
        # 100 was asked for and 120 was used: 83.33% by the one published formula, 80% by the other.
        ("reverse", 100, "120", {"target": 100, "way": "ratio"}, "83.33"),
        ("reverse", 100, "120", {"target": 100, "way": "方式"}, "83.33"),
        ("reverse", 100, "120", {"target": 100, "way": "linear"}, "80"),
        ("reverse", 100, "250", {"target": 100, "way": "linear"}, "0"),
        ("reverse", 100, "100", {"target": 100}, "100"),
        ("equal", 5, "1", {"target": "100%"}, "5"),
        ("equal", 5, "0.99", {"target": "100%"}, "0"),
        ("equal", 5, "0.99", {"target": "100%", "otherwise": 2}, "2"),
        ("equal", 5, "1.25", {"target": "100%", "otherwise": "proportional"}, "4"),
        ("ladder", 5, "0", {"steps": LADDER}, "5"),
        ("ladder", 5, "0.1", {"steps": LADDER}, "4"),
        ("ladder", 5, "0.1001", {"steps": LADDER}, "3"),
        ("ladder", 5, "0.3", {"steps": LADDER}, "0"),
        # Hunan: staff beyond 100%, 0.5 for each point.
        ("linear", 5, "1", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "started"}, "5"),
        ("linear", 5, "1.021", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "started"}, "3.5"),
        ("linear", 5, "1.021", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "completed"}, "4"),
        ("linear", 5, "1.021", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "pro_rata"}, "3.95"),
        ("linear", 5, "2", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "started"}, "0"),
        ("linear", 5, "2", {"best": "<= 100%", "per": "1%", "step": "0.5", "points": "started", "lowest": 1}, "1"),
        ("linear", 5, "0.9", {"best": ">= 100%", "per": "5%", "step": 2, "points": "started"}, "1"),
        ("linear", 6, "0.95", {"best": "= 100%", "per": "5%", "step": 1, "points": "completed"}, "5"),
        ("linear", 6, "1.05", {"best": "= 100%", "per": "5%", "step": 1, "points": "completed"}, "5"),
    ],
)
def test_marks_for_a_figure(kind: str, full: int, measure: str, terms: dict[str, Any], marks: str) -> None:
    found = award(kind, full, measure, **terms)
    assert possible(found) == [(marks, marks)]
    assert found.central == D(marks)
    assert (found.why is None) == (D(marks) == full), "full marks need no reason, fewer do"


def test_a_reverse_target_by_either_formula_allows_both_and_nothing_between() -> None:
    found = award("reverse", 100, "120", target=100)
    assert possible(found) == [("80", "80"), ("83.33", "83.33")]
    assert found.allows(D(80)) and found.allows(D("83.33")) and not found.allows(D(82))


def test_a_threshold_inside_the_rounding_gives_both_steps() -> None:
    found = award("ladder", 5, "0.1", "0.0004", steps=LADDER)
    assert possible(found) == [("3", "3"), ("4", "4")]
    assert found.allows(D(3)) and found.allows(D(4)) and not found.allows(D("3.5"))
    assert found.central == 4


def test_an_exact_step_is_missed_by_a_rounded_figure_only_perhaps() -> None:
    assert possible(award("ladder", 5, "0", "0.00005", steps=LADDER)) == [("4", "4"), ("5", "5")]


def test_a_measure_that_no_step_covers_is_the_standards_fault() -> None:
    with pytest.raises(Unscored) as told:
        award("ladder", 5, "0.3", steps=LADDER[:2])
    assert told.value.standing == Standing.BROKEN


def test_linear_points_that_the_standard_does_not_settle_are_a_range() -> None:
    found = award("linear", 5, "1.021", best="<= 100%", per="1%", step="0.5")
    assert possible(found) == [("3.5", "4")]
    assert all(found.allows(D(marks)) for marks in ("3.5", "3.95", "4")) and not found.allows(D("4.5"))


def test_a_rounded_figure_at_the_best_value_may_have_begun_a_point() -> None:
    found = award("linear", 5, "1", "0.0005", best="<= 100%", per="1%", step=1, points="started")
    assert possible(found) == [("4", "4"), ("5", "5")]


def test_a_rate_of_rounded_figures_is_a_range_and_full_marks_may_be_in_it() -> None:
    assert possible(award("proportional", 10, "0.99967", "0.0001", target="100%")) == [("10", "10")]
    assert not award("proportional", 10, "0.99967", "0.0001", target="100%").allows(D("9.90"))


@pytest.mark.parametrize(
    ("terms", "values", "not_possible"),
    [
        ({"items": 3, "each": 1}, ["0", "1", "2", "3"], "1.5"),
        ({"items": 4}, ["0", "0.75", "1.5", "2.25", "3"], "1"),
        ({"each": 1}, ["0", "1", "2", "3"], "2.5"),
        ({"items": [{"title": "甲", "marks": 2}, {"title": "乙", "marks": 1}]}, ["0", "1", "2", "3"], "2.5"),
        ({"items": [{"title": "甲"}, {"title": "乙"}], "each": "50%"}, ["0", "1.5", "3"], "1"),
    ],
)
def test_a_checklist_allows_what_some_number_of_items_leaves(
    terms: dict[str, Any], values: list[str], not_possible: str
) -> None:
    found = award("checklist", 3, **terms)
    assert found.judgement
    assert [low for low, _ in possible(found)] == values
    assert not found.allows(D(not_possible))


def test_bands_allow_any_value_in_any_of_them() -> None:
    bands = [{"word": "达成", "from": "80%", "to": "100%"}, {"word": "未达成", "from": "0%", "to": "60%"}]
    found = award("bands", 10, bands=bands)
    assert possible(found) == [("0", "6"), ("8", "10")]
    assert found.allows(D(8)) and found.allows(D(6)) and not found.allows(D(7))


def test_judgement_is_bounded_by_full_marks_and_a_cap_by_its_measure() -> None:
    assert possible(award("manual", 8)) == [("0", "8")]
    assert possible(award("cap", 8, "0.5")) == [("0", "4")]
    assert possible(award("cap", 8, "1.3")) == [("0", "8")]


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("proportional", {"target": 0}),
        ("proportional", {"target": "没有"}),
        ("linear", {"best": "<= 1", "per": 0, "step": 1}),
        ("checklist", {"items": 3, "each": 0}),
        ("checklist", {}),
    ],
)
def test_a_standard_that_cannot_be_applied_says_so(kind: str, terms: dict[str, Any]) -> None:
    with pytest.raises(Unscored) as told:
        award(kind, 5, "0.5", **terms)
    assert told.value.standing == Standing.BROKEN
    assert told.value.reason.zh


@pytest.mark.parametrize(
    ("kind", "measure", "terms", "target", "marks"),
    [
        ("ladder", "0.796", {"steps": [{"when": ">= 80%", "marks": 10}, {"otherwise": 8}]}, "80%", "10"),
        ("ladder", "0.15", {"steps": [{"when": "< 10%", "marks": 4}, {"otherwise": 3}]}, "<10%", "4"),
        ("proportional", "0.796", {"target": "100%"}, "100%", "10"),
        ("linear", "1.05", {"best": "<= 100%", "per": "1%", "step": 1}, "100%", "10"),
    ],
)
def test_the_next_threshold_and_what_it_earns(
    kind: str, measure: str, terms: dict[str, Any], target: str, marks: str
) -> None:
    step = award(kind, 10, measure, **terms).next
    assert step is not None
    assert (step.shown, step.marks) == (target, D(marks))


def test_a_distance_without_end_is_not_shown_without_end() -> None:
    found = award("linear", 5, D(1326) / D(1348), best=">= 100%", per="5%", step=2)
    assert found.why is not None and "1.63%" in found.why.zh and len(found.filled) < 40


def test_nothing_is_next_after_full_marks() -> None:
    assert award("ladder", 5, "0", steps=LADDER).next is None
    assert award("proportional", 5, "1", target="100%").next is None


@pytest.mark.parametrize(
    ("ratio", "shown"), [("0.796", "79.60%"), ("0.99999", "99.999%"), ("1", "100.00%"), ("0.653571", "65.36%")]
)
def test_a_rate_that_is_not_whole_is_not_shown_as_whole(ratio: str, shown: str) -> None:
    assert figure(D(ratio), "%") == shown


# What always holds

RATES = st.decimals(min_value="-0.5", max_value="3", places=5)
TERMS: list[tuple[str, dict[str, Any], int]] = [
    ("proportional", {"target": "90%"}, 1),
    ("reverse", {"target": "90%", "way": "ratio"}, -1),
    ("reverse", {"target": "90%", "way": "linear"}, -1),
    ("ladder", {"steps": [{"when": ">= 90%", "marks": 7}, {"when": "> 60%", "marks": "50%"}, {"otherwise": 0}]}, 1),
    ("linear", {"best": "<= 100%", "per": "3%", "step": "0.7", "points": "started"}, -1),
    ("linear", {"best": "<= 100%", "per": "3%", "step": "0.7", "points": "completed"}, -1),
    ("linear", {"best": ">= 80%", "per": "3%", "step": "0.7", "points": "pro_rata"}, 1),
]


@given(st.sampled_from(TERMS), RATES, RATES)
def test_marks_lie_between_nothing_and_full_and_never_turn_back(
    case: tuple[str, dict[str, Any], int], one: Decimal, other: Decimal
) -> None:
    kind, terms, direction = case
    low, high = sorted((one, other))
    first, second = award(kind, 7, low, **terms), award(kind, 7, high, **terms)
    assert 0 <= first.low <= first.high <= 7 and 0 <= second.low <= second.high <= 7
    assert (second.central - first.central) * direction >= 0


ALL = [
    *((kind, terms) for kind, terms, _ in TERMS),
    ("reverse", {"target": "90%"}),
    ("equal", {"target": "90%", "otherwise": "proportional"}),
    ("equal", {"target": "90%", "otherwise": 3}),
    ("ladder", {"steps": LADDER}),
    ("linear", {"best": "= 90%", "per": "3%", "step": "0.7"}),
    ("cap", {}),
]


@given(
    st.sampled_from(ALL),
    RATES,
    st.decimals(min_value="0", max_value="0.2", places=5),
    st.decimals(min_value="-1", max_value="1", places=4),
)
def test_marks_of_a_range_hold_the_marks_of_every_value_in_it(
    case: tuple[str, dict[str, Any]], number: Decimal, half: Decimal, where: Decimal
) -> None:
    kind, terms = case
    whole = award(kind, 7, number, half, **terms)
    inside = award(kind, 7, number + half * where, **terms)
    assert whole.allows(inside.central), (possible(whole), possible(inside))
    assert whole.allows(whole.central)


def test_every_kind_says_what_it_does() -> None:
    assert len(BY_NAME) == len(KINDS) == 10
    assert all(isinstance(kind, ScoreKind) and kind.doc.zh and kind.doc.zh != kind.doc.en for kind in KINDS)
