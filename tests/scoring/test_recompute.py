"""A standard on a score table and the unit's figures: the tree, what it adds up to, and what cannot be computed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.score import IndicatorScore, LevelScore, Standing

D = Decimal


def test_every_claim_of_the_usual_table_agrees(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    score = house().score(table(*rows, total=89, grade="良"), figures())
    assert [(one.name, one.standing, one.agrees) for one in score.indicators()] == [
        ("支出率", "computed", True),
        ("三公控制率", "computed", True),
        ("采购执行率", "computed", True),
        ("制度健全性", "judgement", True),
    ]
    assert (score.total.full, score.total.claimed, score.total.added) == (100, 89, 89)
    assert (score.total.low, score.total.high, score.total.taken) == (89, 89, 1)
    assert score.grade is not None and (score.grade.by_claim, score.grade.allowed) == ("良", ("良",))
    assert score.counts == (("一级指标", 2), ("二级指标", 2), ("三级指标", 4))
    assert score.headline is None
    assert score.source.status == "unverified"


def test_levels_hold_their_sub_totals(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    process, management = house().score(table(*rows), figures()).tree
    assert isinstance(process, LevelScore) and isinstance(management, LevelScore)
    assert (process.name, process.full, process.claimed, process.low, process.high) == ("过程", 60, 49, 49, 49)
    (execution,) = process.children
    assert isinstance(execution, LevelScore)
    assert [child.name for child in execution.children] == ["支出率", "三公控制率", "采购执行率"]


def test_an_indicator_shows_its_formula_its_figures_and_why_marks_are_lost(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    one: IndicatorScore = house().indicator("支出率", table(*rows), figures())
    assert one.measure == "75.00%"
    assert one.formula == "数据表!数据[支出, 决算] / 数据表!数据[支出, 预算]"
    assert one.filled.startswith("7500.00 ÷ 10000.00")
    assert one.why is not None and "≥70%" in one.why.en and "75.00%" in one.why.zh
    assert [(cell.sheet, cell.text) for cell in one.cells] == [("数据表", "7500"), ("数据表", "10000")]
    assert one.cell and one.sheet == "评分表"
    assert one.next is not None and (one.next.shown, one.next.marks) == ("80%", 40)


def test_a_claim_that_is_not_possible_does_not_agree(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[0] = (*rows[0][:4], 40)
    rows[3] = (*rows[3][:4], 35)
    score = house().score(table(*rows), figures())
    assert [one.agrees for one in score.indicators()] == [False, True, True, False]


def test_rounding_at_a_threshold_leaves_both_steps_open(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    one = house().indicator("支出率", table(*rows), figures(支出=("0.10", "0.07")))
    assert one.options == ((0, 0), (30, 30))
    assert one.at_stake == 30 and one.agrees
    assert one.why is not None and "30" in one.why.zh


def test_full_marks_claimed_for_all_and_contradicted_make_a_headline(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    full = [(*row[:4], row[3]) for row in rows]
    score = house().score(table(*full, total=100, grade="优"), figures())
    assert score.headline is not None
    assert "支出率75.00%" in score.headline.zh and "采购执行率90.00%" in score.headline.zh
    assert "三公" not in score.headline.zh
    assert house().score(table(*full, total=99), figures()).headline is None


def test_a_missing_form_is_told_with_each_indicator_that_needs_it(house: Any, table: Any, rows: list[Any]) -> None:
    score = house().score(table(*rows, total=89))
    missing = [one for one in score.indicators() if one.standing == Standing.MISSING]
    assert [one.name for one in missing] == ["支出率", "三公控制率", "采购执行率"]
    assert all(one.agrees is None and one.reason is not None and "数据表" in one.reason.zh for one in missing)
    assert score.total.unknown == ("支出率", "三公控制率", "采购执行率")


def test_a_blank_figure_is_not_zero(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    one = house().indicator("支出率", table(*rows), figures(支出=("100.00", None)))
    assert one.standing == Standing.MISSING and one.low is None
    assert one.reason is not None and "数据表!" in one.reason.zh


def test_a_divisor_of_zero_is_told(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    one = house().indicator("支出率", table(*rows), figures(支出=("0.00", "5.00")))
    assert one.standing in (Standing.MISSING, Standing.UNDECIDED)
    assert one.agrees is None


def test_a_blank_claim_is_not_nothing(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[0] = (*rows[0][:4], None)
    score = house().score(table(*rows, total=59), figures())
    first = score.indicators()[0]
    assert first.standing == Standing.COMPUTED and first.claimed is None and first.agrees is None
    assert score.total.added is None


@pytest.mark.parametrize(("written", "high"), [("rescale", "88.89"), ("full", "90"), ("zero", "80")])
def test_what_does_not_apply_rescales_or_counts_as_the_standard_says(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any], written: str, high: str
) -> None:
    scheme["criteria"][2]["not_applicable"] = written
    rows[2] = (*rows[2][:4], "不适用")
    score = house(scheme=scheme).score(table(*rows), figures(购置=("0.00", "0.00")))
    assert score.indicators()[2].standing == Standing.NOT_APPLICABLE
    assert score.indicators()[2].agrees
    assert score.total.high == D(high)
    assert score.total.left_out == (10 if written == "rescale" else 0)


def test_marks_claimed_for_what_does_not_apply_do_not_agree(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    one = house().indicator("采购执行率", table(*rows), figures(购置=("0.00", "0.00")))
    assert (one.standing, one.claimed, one.agrees) == (Standing.NOT_APPLICABLE, 9, False)


def test_a_unit_may_say_that_an_indicator_does_not_apply(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[1] = (*rows[1][:4], "不适用")
    one = house().indicator("三公控制率", table(*rows), figures())
    assert one.standing == Standing.NOT_APPLICABLE and one.reason is not None


def test_a_cap_bounds_the_marks(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:  # fmt: skip
    scheme["criteria"][3]["cap"] = "数据表!数据[支出, 决算] / 数据表!数据[支出, 预算]"
    one = house(scheme=scheme).indicator("制度健全性", table(*rows), figures())
    assert (one.high, one.agrees) == (30, False)


def test_rows_and_criteria_without_each_other_are_told(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[1] = ("过程", "执行", "会议费控制率", 10, 8)
    score = house().score(table(*rows), figures())
    told = {one.name: one for one in score.indicators()}
    assert told["会议费控制率"].standing == Standing.UNNAMED and told["会议费控制率"].reason is not None
    assert told["三公控制率"].standing == Standing.ABSENT and told["三公控制率"].full == 10
    assert score.total.unknown == ("三公控制率",)


def test_a_label_that_stands_twice_needs_the_one_above_it(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    rows[1] = ("管理", "制度", "支出率", 10, 10)
    found = {one.name: one.standing for one in house().score(table(*rows), figures()).indicators()}
    assert found["支出率"] != Standing.COMPUTED
    scheme["criteria"][0]["under"] = "过程"
    assert house(scheme=scheme).score(table(*rows), figures()).indicators()[0].standing == Standing.COMPUTED


def test_labels_are_found_by_alias_and_with_their_marks_in_brackets(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    rows[0] = ("过程（60分）", "执行（60分）", "1.支出率（40分）", None, 30)
    rows[1] = ("过程（60分）", "执行（60分）", "“三公”经费控制率", 10, 10)
    rows[2] = ("过程（60分）", "执行（60分）", "采购执行率", 10, 9)
    score = house().score(table(*rows), figures())
    assert [one.standing for one in score.indicators()[:3]] == ["computed"] * 3
    level = score.tree[0]
    assert isinstance(level, LevelScore) and level.stated == 60


def test_the_sheets_own_marks_count_where_the_standard_has_none(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    del scheme["criteria"][2]["full"]
    rows[2] = ("过程", "执行", "采购执行率", 20, 18)
    one = house(scheme=scheme).indicator("采购执行率", table(*rows), figures())
    assert (one.full, one.full_own, one.high, one.agrees) == (20, True, 18, True)
    rows[2] = ("过程", "执行", "采购执行率（20分）", None, 18)
    assert house(scheme=scheme).indicator("采购执行率", table(*rows), figures()).full == 20
    rows[2] = ("过程", "执行", "采购执行率", None, 18)
    one = house(scheme=scheme).indicator("采购执行率", table(*rows), figures())
    assert one.standing == Standing.MISSING and one.reason is not None


def test_the_head_of_a_group_is_no_indicator(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows.insert(0, ("过程", None, None, 60, 49))
    score = house().score(table(*rows, total=89), figures())
    assert len(score.indicators()) == 4
    assert score.total.added == 89


def test_a_claim_may_stand_outside_the_table(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    elsewhere = {"claimed": "数据表!数据[支出, 决算]", "full": "数据表!数据[支出, 预算]"}
    scheme["criteria"][0] |= {**elsewhere, "kind": "proportional", "target": "100%"}
    del scheme["criteria"][0]["steps"]
    one = house(scheme=scheme).indicator("支出率", table(*rows[1:]), figures())
    assert (one.full, one.claimed, one.agrees, one.sheet) == (10000, 7500, True, "数据表")
    assert one.low is not None and one.high is not None and one.low <= 7500 <= one.high < 7501


def test_a_kind_that_nobody_knows_breaks_its_criterion_only(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    scheme["criteria"][0] = {"name": "支出率", "full": 40, "kind": "astrology"}
    standings = [one.standing for one in house(scheme=scheme).score(table(*rows), figures()).indicators()]
    assert standings == [Standing.BROKEN, Standing.COMPUTED, Standing.COMPUTED, Standing.JUDGEMENT]


def test_totals_of_published_scores_add_up(
    house: Any, scheme: dict[str, Any], table: Callable[..., Any], figures: Any
) -> None:
    """Pudong 2018: 9 + 23 + 59.80 = 91.80, grade 优; a rate of 90.61% of 66 is 59.80."""
    scheme["criteria"] = [
        {"name": "决策", "full": 10, "kind": "manual"},
        {"name": "管理", "full": 24, "kind": "manual"},
        {"name": "绩效", "full": 66, "kind": "proportional", "measure": "90.61%", "unit": "%", "target": "100%"},
    ]
    rows = [("甲", "乙", "决策", 10, 9), ("甲", "乙", "管理", 24, 23), ("甲", "乙", "绩效", 66, "59.80")]
    given = table(*rows, total="91.80", grade="优")
    score = house(scheme=scheme).score(given, figures())
    assert [one.agrees for one in score.indicators()] == [True] * 3
    assert (score.total.low, score.total.high, score.total.added) == (D("91.80"), D("91.80"), D("91.80"))
    assert score.grade is not None and score.grade.allowed == ("优",)


def test_of_several_standards_the_one_that_fits_is_applied(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    other = {**scheme, "scheme": "别的", "criteria": [{"name": "别的指标", "full": 100, "kind": "manual"}]}
    weights = {**scheme, "scheme": "另一权重", "criteria": [{**one, "full": 25} for one in scheme["criteria"]]}
    score = house(scheme=other, more=[weights, scheme]).score(table(*rows), figures())
    assert score.scheme == "试评"


def test_where_full_marks_are_not_known_a_measure_can_still_deny_them(
    house: Any, table: Any, figures: Any, scheme: dict[str, Any]
) -> None:
    """A published table that prints its total only, and a standard whose weights were never published."""
    for criterion in scheme["criteria"]:
        del criterion["full"]
    blank = [("过程", "执行", name, None, None) for name in ("支出率", "三公控制率", "采购执行率")]
    score = house(scheme=scheme).score(table(*blank, total=100, grade="优"), figures())
    assert {one.standing for one in score.indicators()} == {Standing.MISSING, Standing.ABSENT}
    assert score.headline is not None
    assert "支出率75.00%" in score.headline.zh and "三公" not in score.headline.zh
    assert score.total.low is None and not score.total.disagrees
    assert score.grade is not None and score.grade.allowed == ()
