"""``conditional``: where one thing holds, another must, about figures and about words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

FIGURES = {"kind": "conditional", "table": "资金", "rows": ["合计"], "if": "[@执行数] > 0", "then": "[@预算数] <> 0"}
WORDS = {
    "kind": "conditional",
    "table": "资金",
    "rows": ["合计"],
    "if": "[@执行率] < 90%",
    "then": "NOT(ISBLANK([@原因]))",
}
GRADE = {"kind": "conditional", "if": "资金[合计, 得分] >= 9", "then": '自评表[等级] = "优"'}


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": 1, "执行数": 1} | cells}}


@pytest.mark.parametrize(
    ("budget", "spent", "status"),
    [
        (100, 90, "pass"),
        (0, 90, "fail"),
        ("0.01", 90, "pass"),
        (-5, 90, "pass"),
        (0, 0, "not_applicable"),
        (0, None, "not_applicable"),
        (None, 90, "not_applicable"),  # nothing to compare; that it is blank is for presence
        (None, None, "not_applicable"),
        ({"error": "#REF!"}, 90, "insufficient"),
        (100, {"error": "#REF!"}, "insufficient"),
        (100, "九十", "insufficient"),
    ],
)
def test_figures(only: Only, budget: Any, spent: Any, status: str) -> None:
    assert only(FIGURES, total(预算数=budget, 执行数=spent)).status == status


@pytest.mark.parametrize(
    ("rate", "reason", "status"),
    [
        ("85%", "跨年实施", "pass"),
        ("85%", None, "fail"),
        ("85%", "无", "fail"),
        ("90%", None, "not_applicable"),
        ("89.99%", None, "fail"),
        (None, None, "not_applicable"),
        ("较低", None, "insufficient"),
        ({"error": "#DIV/0!"}, None, "insufficient"),
    ],
)
def test_words(only: Only, rate: Any, reason: str | None, status: str) -> None:
    assert only(WORDS, total(执行率=rate, 原因=reason)).status == status


@pytest.mark.parametrize(
    ("score", "grade", "status"),
    [
        ("9.5", "优", "pass"),
        ("9.5", "良", "fail"),
        ("8.5", "良", "not_applicable"),
        (9, "优", "pass"),
        (None, "优", "not_applicable"),
    ],
)
def test_words_against_words(only: Only, score: Any, grade: str, status: str) -> None:
    assert only(GRADE, total(得分=score) | {"等级": grade}).status == status


def test_a_threshold_that_rounding_blurs_is_undecided(only: Only) -> None:
    check = FIGURES | {"if": "[@执行数] / [@预算数] < 50%", "then": "[@得分] = 0"}
    given = total(预算数="0.13", 执行数="0.06", 得分=5)
    assert only(check, given).status == "undecided"


def test_when_counts_besides_if(only: Only) -> None:
    check = FIGURES | {"when": "NOT(ISBLANK([@原因]))"}
    assert only(check, total(预算数=0, 执行数=90)).status == "not_applicable"
    assert only(check, total(预算数=0, 执行数=90, 原因="追加")).status == "fail"


def test_what_is_asked_for_and_blank_is_insufficient_not_passed_over(only: Only) -> None:
    check = FIGURES | {"then": "OR([@预算数] > 0, [@到位数] > 0)"}
    assert only(check, total(预算数=None, 到位数=None, 执行数=90)).status == "insufficient"


def test_a_figure_has_a_difference_and_words_have_both_parts(only: Only) -> None:
    figures = only(FIGURES | {"then": "[@预算数] >= 10"}, total(预算数=5, 执行数=90))
    assert figures.difference == Decimal(-5) and figures.operator == ">="
    words = only(WORDS, total(执行率="85%"), message="{filled}")
    assert words.difference is None and words.operator == "=>"
    assert words.message is not None and words.message.zh.startswith("85% < 90% => ")
    assert {operand.label for operand in words.operands} == {"资金 / 合计 / 原因", "资金 / 合计 / 执行率"}


def test_an_optional_column_that_is_not_printed_asks_for_nothing(only: Only) -> None:
    def strip(workbook: Any) -> Any:
        for row in workbook.sheets[0].rows.values():
            for column, cell in list(row.items()):
                if cell.raw == "原因":
                    del row[column]
        return workbook

    assert only(WORDS, total(执行率="85%"), change=strip).status == "not_applicable"


def test_a_row_that_is_not_there_is_said(only: Only) -> None:
    given = {"资金": {"合计": None, "拨款": {"预算数": 0, "执行数": 90}}}
    assert only(FIGURES, given).status == "insufficient"
    assert only(
        FIGURES | {"rows": ["结转"]}, total() | {"资金": {"合计": {"预算数": 1, "执行数": 1}, "结转": None}}
    ).status == ("not_applicable")
