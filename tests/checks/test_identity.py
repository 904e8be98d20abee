"""``identity`` and ``inequality``: formulas that must hold, row by row or once on the form."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

ROW = {"kind": "identity", "table": "资金", "rows": ["合计"], "formula": "[@预算数] = [@到位数] + [@执行数]"}
LESS = {"kind": "inequality", "table": "资金", "rows": ["合计"], "formula": "[@执行数] <= [@预算数]"}


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": None, "执行数": None} | cells}}


@pytest.mark.parametrize(
    ("cells", "status", "severity"),
    [
        ({"预算数": 100, "到位数": 60, "执行数": 40}, "pass", "error"),
        ({"预算数": "100.01", "到位数": 60, "执行数": 40}, "tail", "error"),
        ({"预算数": "100.02", "到位数": 60, "执行数": 40}, "fail", "error"),
        ({"预算数": 100, "到位数": None, "执行数": 40}, "insufficient", "error"),
        ({"预算数": 100, "到位数": None, "执行数": None}, "insufficient", "error"),
        ({}, "not_applicable", "error"),
        ({"预算数": 100, "到位数": "六十", "执行数": 40}, "insufficient", "error"),
        ({"预算数": 100, "到位数": "≤60", "执行数": 40}, "insufficient", "error"),
    ],
)
def test_an_identity_in_a_row(only: Only, cells: dict[str, Any], status: str, severity: str) -> None:
    told = only(ROW, total(**cells))
    assert (told.status, told.severity) == (status, severity)


def test_blank_as_zero(only: Only) -> None:
    assert only(ROW | {"blank": "zero"}, total(预算数=40, 执行数=40)).status == "pass"
    assert only(ROW | {"blank": "zero"}, total(预算数=100, 执行数=40)).status == "fail"


def test_large_tails_are_notes(only: Only) -> None:
    # Twelve figures can be off by 0.06 together, and hardly ever are by more than three sigma.
    check = ROW | {
        "formula": "[@预算数] = "
        + " + ".join(
            ["[@执行数]"]
            + [
                f"资金[{name}, {column}]"
                for name in ("拨款", "中央", "地方", "结转", "其他")
                for column in ("预算数", "执行数")
            ]
        )
    }
    rows = {name: {"预算数": 1, "执行数": 1} for name in ("拨款", "中央", "地方", "结转", "其他")}
    told = only(check, {"资金": {"合计": {"预算数": "11.06", "执行数": 1}} | rows})
    assert (told.status, told.severity) == ("fail", "note")
    assert told.at_least == 0
    assert only(check, {"资金": {"合计": {"预算数": "11.03", "执行数": 1}} | rows}).status == "tail"


@pytest.mark.parametrize(
    ("spent", "status"),
    [
        (90, "pass"),
        (100, "pass"),
        ("100.01", "tail"),
        ("100.02", "fail"),
        (None, "insufficient"),
        ({"error": "#N/A"}, "insufficient"),
    ],
)
def test_an_inequality_in_a_row(only: Only, spent: Any, status: str) -> None:
    assert only(LESS, total(预算数=100, 执行数=spent)).status == status


def test_a_failed_inequality_says_how_much_at_least(only: Only) -> None:
    told = only(LESS, total(预算数=100, 执行数=120), message="至少超出{at_least}")
    assert told.difference == 20 and told.at_least == Decimal("19.99")
    assert told.message is not None and told.message.zh == "至少超出19.99"


def test_once_on_the_form(only: Only) -> None:
    check = {"kind": "identity", "formula": "指标[总分, 得分] = SUM(指标[得分]) + 资金[合计, 得分]"}
    rows = [{"三级指标": name, "指标值": 1, "完成值": 1, "分值": 45, "得分": 45} for name in "甲乙"]
    given = {"资金": {"合计": {"预算数": 1, "执行数": 1, "得分": 10}}, "指标": [*rows, {"total": "总分", "得分": 100}]}
    assert only(check, given).status == "pass"
    given["指标"][-1]["得分"] = 90
    assert only(check, given).status == "fail"


def test_parameters_and_percentages(only: Only) -> None:
    check = {"kind": "inequality", "table": "资金", "rows": ["合计"], "formula": "[@执行数] <= 上限 * [@预算数]"}
    limit = {"上限": "120%"}
    assert only(check, total(预算数=100, 执行数=120), parameters=limit).status == "pass"
    assert only(check, total(预算数=100, 执行数=121), parameters=limit).status == "fail"


def test_a_parameter_without_a_value_is_insufficient(only: Only) -> None:
    check = {"kind": "inequality", "table": "资金", "rows": ["合计"], "formula": "[@执行数] <= 上限"}
    told = only(check, total(预算数=100, 执行数=120))
    assert told.status == "insufficient" and told.reason is not None and "上限" in told.reason.zh


def test_each_of_some_columns(apply: Apply) -> None:
    check = {
        "kind": "identity",
        "table": "资金",
        "columns": ["预算数", "执行数"],
        "formula": "资金[合计, @] = 资金[拨款, @]",
    }
    given = {"资金": {"合计": {"预算数": 100, "执行数": 90}, "拨款": {"预算数": 100, "执行数": 80}}}
    assert [(o.path[-1], o.status) for o in apply(check, given)] == [("预算数", "pass"), ("执行数", "fail")]


def test_words(only: Only) -> None:
    check = {"kind": "identity", "formula": '自评表[等级] = IF(资金[合计, 得分] >= 9, "优", "良")'}
    given = total(预算数=1, 执行数=1, 得分="9.5") | {"等级": "优"}
    assert only(check, given).status == "pass"
    told = only(check, given | {"等级": "良"}, message="应为{right}")
    assert told.status == "fail" and told.message is not None and told.message.zh == "应为优"
