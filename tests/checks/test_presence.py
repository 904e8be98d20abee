"""``presence``: cells and fields that must be filled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

CELL = {"kind": "presence", "table": "资金", "columns": ["原因"], "rows": ["合计"]}
AMOUNT = {"kind": "presence", "table": "资金", "columns": ["预算数"], "rows": ["合计"]}
FIELD = {"kind": "presence", "fields": ["填报单位"]}


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": 1, "执行数": 1} | cells}}


@pytest.mark.parametrize(
    ("text", "status"),
    [("追加预算", "pass"), ("无", "pass"), ("—", "pass"), (None, "fail"), ("  ", "fail"), ("　", "fail"), (0, "pass")],
)
def test_words(only: Only, text: Any, status: str) -> None:
    assert only(CELL, total(原因=text)).status == status


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        (0, "pass"),
        (5, "pass"),
        ("五", "pass"),
        ({"error": "#REF!"}, "pass"),
        ({"formula": "=A1+1"}, "pass"),
        (None, "fail"),
        ("—", "fail"),
    ],
)
def test_figures(only: Only, amount: Any, status: str) -> None:
    """What cannot be read is filled; that it cannot be read is another rule's business."""
    assert only(AMOUNT, total(预算数=amount)).status == status


def test_a_message_says_what_stands_there(only: Only) -> None:
    told = only(CELL, total(), message="{cell} {label}{left}")
    assert told.message is not None
    assert told.message.zh == f"{told.cell} 资金 / 合计 / 原因（未填）" and told.message.en.endswith("(blank)")


def test_fields(only: Only) -> None:
    assert only(FIELD, total() | {"填报单位": "示例局"}).status == "pass"
    assert only(FIELD, total() | {"填报单位": ""}).status == "fail"


def test_a_label_that_is_not_there(only: Only, form: dict[str, Any]) -> None:
    def rename(workbook: Any) -> Any:
        for row in workbook.sheets[0].rows.values():
            for column, cell in row.items():
                if cell.raw == "填报单位":
                    row[column] = cell._replace(raw="某处")
        return workbook

    assert only(FIELD, total(), change=rename).status == "insufficient"
    form["fields"]["填报单位"]["optional"] = True
    assert only(FIELD, total(), form=form, change=rename).status == "not_applicable"


def test_a_condition(only: Only) -> None:
    check = CELL | {"when": "[@执行率] < 90%"}
    assert only(check, total(执行率="85%")).status == "fail"
    assert only(check, total(执行率="95%")).status == "not_applicable"
    assert only(check, total(执行率=None)).status == "not_applicable"
    assert only(check, total(执行率={"error": "#DIV/0!"})).status == "not_applicable"


def test_rows_that_are_not_there_are_said(only: Only) -> None:
    assert only(AMOUNT, {"资金": {"合计": None, "拨款": {"预算数": 1}}}).status == "insufficient"
    assert only(AMOUNT | {"rows": ["结转"]}, total() | {"资金": {"合计": {"预算数": 1}, "结转": None}}).status == (
        "not_applicable"
    )


def test_rows_that_are_there_twice_are_not_guessed(only: Only) -> None:
    def twice(workbook: Any) -> Any:
        for row in workbook.sheets[0].rows.values():
            for column, cell in row.items():
                if cell.raw == "拨款":
                    row[column] = cell._replace(raw="合计")
        return workbook

    told = only(AMOUNT, {"资金": {"合计": {"预算数": 1}, "拨款": {"预算数": 2}}}, change=twice)
    assert told.status == "insufficient" and told.reason is not None and told.reason.zh == "“合计”行重复出现"


def test_a_missing_table(only: Only) -> None:
    rows = [{"三级指标": "甲", "指标值": 1, "完成值": 1, "分值": 1, "得分": 1}]
    assert only(AMOUNT, {"资金": None, "指标": rows}).status == "insufficient"
