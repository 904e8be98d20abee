"""``range``: figures between bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]

CHECK = {"kind": "range", "table": "资金", "columns": ["执行率"], "rows": ["合计"], "at_least": 0, "at_most": "100%"}


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": 1, "执行数": 1} | cells}}


@pytest.mark.parametrize(
    ("rate", "statuses"),
    [
        ("95%", ["pass", "pass"]),
        ("100%", ["pass", "pass"]),
        ("0%", ["pass", "pass"]),
        ("100.004%", ["pass", "fail"]),
        ("1000%", ["pass", "fail"]),
        ("-5%", ["fail", "pass"]),
        (None, ["not_applicable", "not_applicable"]),
        ("—", ["not_applicable", "not_applicable"]),
        ("很高", ["insufficient", "insufficient"]),
        ({"error": "#DIV/0!"}, ["insufficient", "insufficient"]),
    ],
)
def test_both_bounds(apply: Apply, rate: Any, statuses: list[str]) -> None:
    assert [o.status for o in apply(CHECK, total(执行率=rate))] == statuses


def test_bounds_from_parameters(apply: Apply) -> None:
    check = {"kind": "range", "table": "资金", "columns": ["预算数"], "rows": ["合计"], "at_most": "上限"}
    limit = {"上限": "1000"}
    assert [o.status for o in apply(check, total(预算数=1000), parameters=limit)] == ["pass"]
    assert [o.status for o in apply(check, total(预算数=1001), parameters=limit)] == ["fail"]
    assert [o.status for o in apply(check, total(预算数=1001))] == ["insufficient"]


def test_every_row_and_only_printed_columns(apply: Apply) -> None:
    check = {"kind": "range", "table": "资金", "columns": ["预算数", "执行数"], "at_least": 0}
    given = {"资金": {"合计": {"预算数": 100, "执行数": -1}, "拨款": {"预算数": -100}}}
    wrong = [o.path[2:] for o in apply(check, given) if o.status == "fail"]
    assert wrong == [("拨款", "预算数"), ("合计", "执行数")]


def test_rows_that_are_not_there_are_said(apply: Apply) -> None:
    given = {"资金": {"合计": None, "拨款": {"预算数": 1, "执行数": 1, "执行率": "200%"}}}
    assert [o.status for o in apply(CHECK, given)] == ["insufficient"]


def test_a_condition(apply: Apply) -> None:
    check = CHECK | {"when": "ISBLANK([@原因])"}
    assert {o.status for o in apply(check, total(执行率="200%", 原因="追加"))} == {"not_applicable"}
    assert "fail" in {o.status for o in apply(check, total(执行率="200%"))}
