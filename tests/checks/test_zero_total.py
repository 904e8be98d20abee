"""``zero_total``: a total left at 0 over parts that are not, said once, with what the total should be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

CHECK = {"kind": "zero_total", "table": "资金", "total": "合计", "columns": ["预算数", "执行数"]}
ONE = CHECK | {"columns": ["预算数"]}
SAYS = "{total}为{left}，来源合计{sums}"


@pytest.mark.parametrize(
    ("total", "part", "status"),
    [
        (0, 80, "fail"),
        ("0.00", "0.02", "fail"),
        (0, "0.01", "pass"),  # rounding makes that much of one true amount
        (0, 0, "pass"),
        (0, None, "pass"),
        (80, 80, "pass"),
        (90, 80, "pass"),  # wrong, but another rule's business
        (None, 80, "not_applicable"),
        ("—", 80, "not_applicable"),
        (0, -80, "fail"),
        (0, "八十", "insufficient"),
        (0, {"error": "#REF!"}, "insufficient"),
        ({"error": "#REF!"}, 80, "insufficient"),
        ({"text": "0"}, 80, "fail"),
    ],
)
def test_verdicts(only: Only, total: Any, part: Any, status: str) -> None:
    assert only(ONE, {"资金": {"合计": {"预算数": total}, "拨款": {"预算数": part}}}).status == status


def test_one_slip_in_several_columns_is_told_once_with_what_it_supposes(only: Only) -> None:
    given = {
        "资金": {
            "合计": {"预算数": 0, "执行数": 0},
            "拨款": {"预算数": 80, "执行数": "70.5"},
            "结转": {"预算数": 20, "执行数": 20},
        }
    }
    told = only(CHECK, given, message=SAYS)
    assert told.status == "fail" and told.message is not None
    assert told.message.zh == "合计为0.00，来源合计100.00、90.50" or told.message.zh == "合计为0，来源合计100、90.5"
    assert [item[3] for item in told.suppose] == [Decimal(100), Decimal("90.5")]
    assert told.path == ("自评表", "资金", "合计")


def test_columns_in_order_still_pass(apply: Apply) -> None:
    given = {"资金": {"合计": {"预算数": 0, "执行数": 70}, "拨款": {"预算数": 80, "执行数": 70}}}
    assert sorted(o.status for o in apply(CHECK, given)) == ["fail", "pass"]


def test_parts_of_parts_are_not_added_twice(only: Only) -> None:
    given = {"资金": {"合计": {"预算数": 0}, "拨款": {"预算数": 80}, "中央": {"预算数": 50}, "地方": {"预算数": 30}}}
    assert only(ONE, given).suppose[0][3] == 80
    given["资金"]["拨款"]["预算数"] = None
    assert only(ONE, given).suppose[0][3] == 80


def test_rows_of_unknown_standing_leave_the_total_open(only: Only) -> None:
    given = {"资金": {"合计": {"预算数": 0}, "拨款": {"预算数": 80}, "事业收入": {"预算数": 20}}}
    told = only(ONE, given)
    assert told.status == "fail" and told.suppose == ()
    given["资金"]["拨款"]["预算数"] = None
    assert only(ONE, given).status == "fail"


def test_a_total_row_that_is_missing_is_said(only: Only) -> None:
    assert only(ONE, {"资金": {"合计": None, "拨款": {"预算数": 80}}}).status == "insufficient"


def test_named_parts(only: Only) -> None:
    check = ONE | {"parts": ["结转"]}
    given = {"资金": {"合计": {"预算数": 0}, "拨款": {"预算数": 80}, "结转": {"预算数": 0}}}
    assert only(check, given).status == "pass"
