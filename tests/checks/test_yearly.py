"""``carryover``, ``change`` and every other rule that looks at last year's workbook, or at one of another pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

CARRYOVER = {"kind": "carryover", "opening": "资金[结转, 预算数]", "closing": "上年!资金[结转, 执行数]"}
LEFT_OVER = {
    "kind": "carryover",
    "opening": "资金[结转, 预算数]",
    "closing": "上年!资金[合计, 预算数] - 上年!资金[合计, 执行数]",
}
CHANGE = {"kind": "change", "current": "资金[合计, 执行数]", "prior": "上年!资金[合计, 执行数]", "limit": "20%"}


ROWS = ("合计", "拨款", "中央", "地方", "结转", "其他")


def funds(**rows: tuple[Any, Any]) -> dict[str, Any]:
    """Budget and spending by row; other rows are not printed."""
    printed = {name: {"预算数": budget, "执行数": spent} for name, (budget, spent) in rows.items()}
    return {"资金": dict.fromkeys(ROWS) | printed}


class TestNoLastYear:
    """Without last year's workbook there is no answer, and never a pass."""

    @pytest.mark.parametrize("check", [CARRYOVER, LEFT_OVER, CHANGE])
    def test_it_was_not_given(self, only: Only, check: dict[str, Any]) -> None:
        told = only(check, funds(合计=(1, 1), 结转=(1, 1)))
        assert (told.status, told.awaits) == ("insufficient", "prior!自评表")
        assert told.reason is not None and told.reason.zh == "没有提供上年工作簿"

    @pytest.mark.parametrize("given", [funds(合计=(1, 1)), funds(合计=(1, 1), 结转=("", 1))])
    def test_nothing_is_carried_over(self, apply: Apply, given: dict[str, Any]) -> None:
        assert [told.status for told in apply(CARRYOVER, given)] == ["not_applicable"]

    def test_it_is_said_once_for_all_rows(self, apply: Apply) -> None:
        check = {"kind": "carryover", "table": "资金", "opening": "[@预算数]", "closing": "上年![@执行数]"}
        (told,) = apply(check, funds(合计=(3, 1), 拨款=(2, 1), 结转=(1, 1)))
        assert told.status == "insufficient"

    def test_it_says_so_in_other_kinds_too(self, only: Only) -> None:
        check = {"kind": "identity", "formula": "资金[合计, 预算数] = 上年!资金[合计, 预算数]"}
        assert only(check, funds(合计=(1, 1))).awaits == "prior!自评表"


class TestLastYear:
    @pytest.mark.parametrize(
        ("opening", "status", "severity"),
        [("12.34", "pass", "error"), ("12.35", "fail", "note"), ("12.36", "fail", "error"), (0, "fail", "error")],
    )
    def test_one_figure_in_two_years(self, only: Only, opening: Any, status: str, severity: str) -> None:
        told = only(CARRYOVER, funds(合计=(20, 1), 结转=(opening, 1)), prior=[funds(合计=(1, 1), 结转=(1, "12.34"))])
        assert (told.status, told.severity) == (status, severity)
        assert [operand.sheet for operand in told.operands] == ["自评表", "[prior.xlsx]自评表"]

    @pytest.mark.parametrize(("opening", "status"), [("12.50", "pass"), ("12.51", "tail"), ("12.53", "fail")])
    def test_what_was_left_over(self, only: Only, opening: str, status: str) -> None:
        told = only(LEFT_OVER, funds(合计=(20, 1), 结转=(opening, 1)), prior=[funds(合计=("100.00", "87.50"))])
        assert told.status == status

    @pytest.mark.parametrize(("now", "status"), [("120.00", "pass"), ("80.00", "pass"), ("121", "fail"), (79, "fail")])
    def test_a_change_beyond_the_limit(self, only: Only, now: Any, status: str) -> None:
        assert only(CHANGE, funds(合计=(200, now)), prior=[funds(合计=(1, "100.00"))]).status == status

    def test_no_change_can_be_told_from_nothing(self, only: Only) -> None:
        """A printed zero may be anything that rounds to it."""
        assert only(CHANGE, funds(合计=(200, 5)), prior=[funds(合计=(1, 0))]).status == "undecided"

    def test_rows_meet_by_their_names(self, apply: Apply) -> None:
        check = {"kind": "carryover", "table": "资金", "opening": "[@预算数]", "closing": "上年![@执行数]"}
        given = funds(合计=(10, 1), 拨款=(4, 1), 结转=(5, 1), 其他=(1, 1))
        told = apply(check, given, prior=[funds(合计=(9, 10), 结转=(9, 5), 拨款=(9, 3))])
        assert [(o.path[-2], o.status) for o in told] == [
            ("合计", "pass"),
            ("拨款", "fail"),
            ("结转", "pass"),
            ("其他", "not_applicable"),
        ]

    def test_a_row_is_never_held_against_itself(self, apply: Apply) -> None:
        """The fast path of equations looks at columns of this table: last year's is another one."""
        check = {"kind": "identity", "table": "资金", "rows": "all", "formula": "[@预算数] = 上年![@预算数]"}
        told = apply(check, funds(合计=(7, 1)), prior=[funds(合计=(8, 1))])
        assert [outcome.status for outcome in told] == ["fail"]
        told = apply(
            {**check, "formula": "SUM(资金[预算数]) = SUM(上年!资金[预算数])"},
            funds(合计=(7, 1)),
            prior=[funds(合计=(8, 1))],
        )
        assert [outcome.status for outcome in told] == ["fail"]

    def test_a_blank_last_year_is_no_zero(self, only: Only) -> None:
        assert only(LEFT_OVER, funds(合计=(9, 1), 结转=(9, 1)), prior=[funds(合计=(9, ""))]).status == "insufficient"

    def test_each_project_has_its_own(self, only: Only) -> None:
        given = funds(合计=(9, 1), 结转=(9, 1)) | {"项目": "甲"}
        others = [funds(合计=(9, 1), 结转=(1, n)) | {"项目": name} for name, n in (("甲", 9), ("乙", 5))]
        assert only(CARRYOVER, given, prior=others).status == "pass"
        told = only(CARRYOVER, given, prior=others[1:])
        assert told.status == "not_applicable"  # the project is new

    def test_the_fields_of_last_year(self, only: Only) -> None:
        check = {"kind": "identity", "formula": "自评表[等级] = 上年!自评表[等级]"}
        given = {**funds(合计=(1, 1)), "等级": "优"}
        assert only(check, given, prior=[{**funds(合计=(1, 1)), "等级": "良"}]).status == "fail"


class TestAbsentWorkbook:
    """A form of another pack whose workbook was not given is neither blank nor zero, wherever it is asked for."""

    @pytest.mark.parametrize(
        "check",
        [
            {"kind": "identity", "formula": "资金[合计, 预算数] = 总表!支出[合计, 决算数]"},
            {"kind": "identity", "formula": "资金[合计, 预算数] = IF(ISBLANK(总表!支出[合计, 决算数]), 0, 1)"},
            {"kind": "identity", "formula": "资金[合计, 预算数] = 1", "when": "ISBLANK(总表!支出[合计, 决算数])"},
            {"kind": "inequality", "formula": "资金[合计, 预算数] <= 1", "when": "总表!支出[合计, 决算数] > 0"},
            {"kind": "same", "facts": ["总表!支出[合计, 决算数]", "资金[合计, 预算数]"]},
            {"kind": "identity", "formula": "资金[合计, 预算数] = SUM(总表!支出[合计, 决算数], 0)"},
            {"kind": "identity", "table": "资金", "rows": ["合计"], "formula": "[@预算数] = 总表!支出[合计, 决算数]"},
        ],
    )
    def test_it_is_awaited(self, only: Only, check: dict[str, Any]) -> None:
        told = only(check, funds(合计=(7, 1)), beside=["总表"])
        assert (told.status, told.awaits) == ("insufficient", "总表")
        assert told.reason is not None and told.reason.zh == "本次没有《总表》所在的工作簿"

    def test_where_this_side_is_blank_there_is_nothing_to_compare(self, only: Only) -> None:
        check = {"kind": "identity", "formula": "资金[合计, 预算数] = 总表!支出[合计, 决算数]"}
        assert only(check, funds(合计=("", 1)), beside=["总表"]).status == "not_applicable"

    def test_rows_of_another_table(self, only: Only) -> None:
        check = {"kind": "matched", "table": "指标", "key": "三级指标", "with": "总表!支出"}
        told = only(check, {"指标": [{"三级指标": "数量"}]}, beside=["总表"])
        assert (told.status, told.awaits) == ("insufficient", "总表")
