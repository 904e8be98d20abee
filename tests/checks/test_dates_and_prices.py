"""``after_year``, ``date_order`` and ``quantity_price``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

AFTER = {"kind": "after_year", "field": "日期"}
PRICE = {"kind": "quantity_price", "table": "明细", "amount": "金额", "quantity": "数量", "price": "单价"}
DETAIL: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "明细表",
    "titles": ["明细表"],
    "unit": "万元",
    "fields": {},
    "tables": {
        "明细": {
            "columns": {
                "名称": {"kind": "text", "key": True},
                "数量": {"kind": "target", "exact": True},
                "单价": {"kind": "target", "exact": True},
                "金额": {"kind": "amount", "decimals": 2},
            },
            "rows": "open",
        }
    },
}


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("2025年3月10日", "pass"),
        ("2025-01-01", "pass"),
        ("2024年12月31日", "fail"),
        ("2024年12月", "fail"),
        ("2025年", "pass"),
        ("近日", "not_applicable"),
        ("", "not_applicable"),
    ],
)
def test_a_date_after_the_year(only: Only, date: str, status: str) -> None:
    assert only(AFTER, {"资金": {"合计": {"预算数": 1, "执行数": 1}}, "日期": date}).status == status


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "status"),
    [
        ("25人天", "100元/人天", "0.25", "pass"),
        ("25人天", "100元/人天", "0.26", "fail"),
        ("3台", "0.5万元/台", "1.5", "pass"),
        (3, "0.5", "1.5", "pass"),  # a bare price in the unit of the column
        (3, 5000, "1.5", "pass"),  # or in plain money
        (3, 5000, "1.6", "fail"),
        ("3台", "5000元", "1.5", "pass"),
        ("50人次", "400元/人", 2, "pass"),
        ("2年", "500元/月", "1.2", "not_applicable"),  # a price for something else
        ("50人", "400元/人、天", 6, "not_applicable"),
        ("约3台", "0.5万元", "1.5", "not_applicable"),
        ("一批", "0.5万元", "1.5", "not_applicable"),
        ("3台", "5吨", "1.5", "insufficient"),
        ("3台", "0.5万元", None, "not_applicable"),
        ("3台", "0.5万元", {"error": "#REF!"}, "not_applicable"),
    ],
)
def test_quantity_times_price(only: Only, quantity: Any, price: Any, amount: Any, status: str) -> None:
    row = {"名称": "甲", "数量": quantity, "单价": price, "金额": amount}
    assert only(PRICE, {"明细": [row]}, form=DETAIL).status == status


ORDER: dict[str, Any] = {"kind": "date_order", "earlier": "批复日期", "later": "日期"}


@pytest.mark.parametrize(
    ("earlier", "later", "within", "status"),
    [
        ("2025年3月10日", "2025年3月10日", None, "pass"),
        ("2025年3月11日", "2025年3月10日", None, "fail"),
        ("2025年3月", "2025年3月10日", None, "pass"),  # it may be the first of March
        ("2025年4月", "2025年3月10日", None, "fail"),
        ("2025年3月10日", "2025年3月30日", 20, "pass"),
        ("2025年3月10日", "2025年3月31日", 20, "fail"),
        ("2025年3月10日", "2025年4月", 21, "fail"),
        ("2025年3月10日", "2025年4月", 22, "pass"),
        ("2025年3月10日", "2025年3月31日", "期限", "fail"),
        ("近日", "2025年3月31日", None, "not_applicable"),
        ("2025年3月10日", "", None, "not_applicable"),
    ],
)
def test_two_dates(only: Only, form: dict[str, Any], earlier: str, later: str, within: Any, status: str) -> None:
    form["fields"]["批复日期"] = {"kind": "date", "optional": True}
    check = ORDER | ({} if within is None else {"within": within})
    given = {"资金": {"合计": {"预算数": 1, "执行数": 1}}, "批复日期": earlier, "日期": later}
    assert only(check, given, form=form, parameters={"期限": "20"}).status == status


def test_without_the_dates_there_is_nothing_to_order(only: Only) -> None:
    outcome = only(ORDER, {"资金": {"合计": {"预算数": 1, "执行数": 1}}})
    assert (outcome.status, outcome.path[-1]) == ("not_applicable", "日期")
