"""``rate``: a printed rate is a rounding of numerator over denominator; cut off or rounded twice is told as such."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Only = Callable[..., Outcome]

CHECK = {
    "kind": "rate",
    "table": "资金",
    "rows": ["合计"],
    "rate": "[@执行率]",
    "numerator": "[@执行数]",
    "denominator": "[@预算数]",
}


def total(budget: Any, spent: Any, rate: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": budget, "执行数": spent, "执行率": rate}}}


def bare(number: str) -> dict[str, str]:
    """A number in a cell that nobody formatted as a percentage."""
    return {"number": number, "format": "General"}


@pytest.mark.parametrize(
    ("budget", "spent", "rate", "status"),
    [
        (90, "89.97", "99.97%", "pass"),
        (90, "89.97", "100.0%", "pass"),
        (90, "89.97", "100%", "pass"),
        (90, "89.97", "99.9%", "fail"),
        (90, "89.97", {"number": "0.9997", "format": "0.00%"}, "pass"),
        (90, "89.97", {"number": "0.9996666666666667", "format": "0.00%"}, "pass"),
        ("0.13", "0.06", "46.15%", "pass"),
        ("0.13", "0.06", "49.00%", "tail"),
        (100, 95, bare("0.95"), "pass"),
        (100, 95, bare("95"), "pass"),
        (100, 95, {"text": "95"}, "pass"),
        (100, 100, bare("1"), "pass"),
        (100, 1, bare("1"), "pass"),
        (100, 50, bare("1"), "fail"),
        (100, 120, "120%", "pass"),
        (100, 95, "96%", "fail"),
        (100, 95, None, "not_applicable"),
        (100, 95, "—", "not_applicable"),
        (0, 95, "95%", "not_applicable"),
        (0, 0, "0%", "not_applicable"),
        (None, 95, "95%", "insufficient"),
        (100, None, "95%", "insufficient"),
        (100, 95, "很高", "insufficient"),
        (100, {"error": "#REF!"}, "95%", "insufficient"),
        (100, 95, {"error": "#DIV/0!"}, "insufficient"),
        (100, 95, "约95%", "insufficient"),
        ("0.00", "0.01", "100%", "not_applicable"),
    ],
)
def test_verdicts(only: Only, budget: Any, spent: Any, rate: Any, status: str) -> None:
    assert only(CHECK, total(budget, spent, rate)).status == status


@pytest.mark.parametrize(
    ("budget", "spent", "rate", "cause"),
    [
        (90, "89.974", "99.97%", None),
        ("90000", "87360", "97.06%", "the rate was cut off after 2 decimals instead of rounded"),
        (90, "89.97", "99%", "the rate was cut off after 0 decimals instead of rounded"),
        (90000, "87200", "97.00%", "the rate was rounded to 0 decimals first and then printed with more"),
        (90000, "87380", "97.10%", "the rate was rounded to 1 decimals first and then printed with more"),
        (90000, "87380", "97.50%", None),
    ],
)
def test_harmless_slips_are_warnings_with_their_cause(
    only: Only, budget: Any, spent: Any, rate: str, cause: str | None
) -> None:
    told = only(CHECK, total(budget, spent, rate))
    if cause is None:
        assert told.cause is None and told.severity == "error"
        return
    assert told.status == "fail" and told.severity == "warning"
    assert told.cause is not None and told.cause.en == cause
    assert "{" not in told.cause.zh


def test_a_milder_rule_stays_as_mild(only: Only) -> None:
    told = only(CHECK, total(90, "89.97", "99%"), severity="note")
    assert (told.status, told.severity) == ("fail", "note")


def test_a_cap(only: Only) -> None:
    check = CHECK | {"cap": "100%"}
    assert only(check, total(100, 120, "100%")).status == "pass"
    assert only(check, total(100, 120, "120%")).status == "fail"
    assert only(check, total(100, 90, "90%")).status == "pass"


def test_a_missing_row_is_said(only: Only) -> None:
    given = {"资金": {"合计": None, "拨款": {"预算数": 100, "执行数": 95, "执行率": "95%"}}}
    assert only(CHECK, given).status == "insufficient"


def test_all_rows_by_default_and_blank_rows_say_nothing(at: Callable[..., Any]) -> None:
    check = {key: value for key, value in CHECK.items() if key != "rows"}
    given = {
        "资金": {
            "合计": {"预算数": 100, "执行数": 95, "执行率": "95%"},
            "拨款": {"预算数": 100, "执行数": 95, "执行率": "59%"},
        }
    }
    found = {outcome.path[2]: outcome.status for outcome in at(check, given).outcomes()}
    assert found == {"合计": "pass", "拨款": "fail", "中央": "not_applicable", "地方": "not_applicable"} | {
        "结转": "not_applicable",
        "其他": "not_applicable",
    }


def test_a_condition(only: Only) -> None:
    assert only(CHECK | {"when": "[@执行数] > 0"}, total(100, 0, "9%")).status == "not_applicable"


def test_absurd_figures_break_nothing(only: Only) -> None:
    assert only(CHECK, total(1, "1" + "0" * 300, "95%")).status == "fail"
