"""``within``: a part is not greater than its whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

DOWN = {"kind": "within", "table": "资金", "columns": ["预算数"], "whole": "合计", "parts": ["拨款"]}
ACROSS = {"kind": "within", "table": "资金", "whole_column": "预算数", "part_columns": ["执行数"], "rows": ["合计"]}


@pytest.mark.parametrize(
    ("whole", "part", "status"),
    [
        (100, 80, "pass"),
        (100, 100, "pass"),
        (100, "100.01", "tail"),
        (100, "100.02", "fail"),
        (100, 180, "fail"),
        (100, None, "insufficient"),
        (None, 80, "insufficient"),
        (None, None, "not_applicable"),
        (100, {"error": "#REF!"}, "insufficient"),
        (-5, -6, "pass"),
    ],
)
def test_down_and_across(only: Only, whole: Any, part: Any, status: str) -> None:
    assert only(DOWN, {"资金": {"合计": {"预算数": whole}, "拨款": {"预算数": part}}}).status == status
    assert only(ACROSS, {"资金": {"合计": {"预算数": whole, "执行数": part}}}).status == status


def test_the_parts_of_the_form_where_none_are_named(apply: Apply) -> None:
    check = {key: value for key, value in DOWN.items() if key != "parts"}
    given = {"资金": {"合计": {"预算数": 100}, "拨款": {"预算数": 180}, "中央": {"预算数": 180}, "结转": {"预算数": 1}}}
    found = {outcome.operands[0].label: outcome.status for outcome in apply(check, given)}
    assert found == {
        "资金 / 拨款 / 预算数": "fail",
        "资金 / 结转 / 预算数": "pass",
        "资金 / 其他 / 预算数": "insufficient",
    }


def test_a_part_that_stands_twice_is_looked_at_twice(apply: Apply) -> None:
    def twice(workbook: Any) -> Any:
        for row in workbook.sheets[0].rows.values():
            for column, cell in row.items():
                if cell.raw == "结转":
                    row[column] = cell._replace(raw="拨款")
        return workbook

    check = {key: value for key, value in DOWN.items() if key != "parts"}
    given = {"资金": {"合计": {"预算数": 100}, "拨款": {"预算数": 80}, "结转": {"预算数": 180}, "其他": {"预算数": 1}}}
    assert sorted(outcome.status for outcome in apply(check, given, change=twice)) == ["fail", "pass", "pass"]


def test_rows_that_are_not_there_are_said(apply: Apply) -> None:
    missing = {"资金": {"合计": None, "拨款": {"预算数": 80}}}
    assert [o.status for o in apply(DOWN, missing)] == ["insufficient"]
    no_part = {"资金": {"合计": {"预算数": 80, "执行数": 1}, "拨款": None}}
    assert [o.status for o in apply(DOWN, no_part)] == ["not_applicable"]
    assert [o.status for o in apply(ACROSS, missing)] == ["insufficient"]


def test_a_condition_and_blank_as_zero(only: Only) -> None:
    check = DOWN | {"blank": "zero", "when": "资金[合计, @] > 0"}
    assert only(check, {"资金": {"合计": {"预算数": 100}, "拨款": {"预算数": None}}}).status == "pass"
    assert only(check, {"资金": {"合计": {"预算数": 0}, "拨款": {"预算数": 80}}}).status == "not_applicable"
