"""``matched_sum``: rows of several tables joined by name, and a row whose columns are another table's rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome, Status

Apply = Callable[..., list[Outcome]]


def form(name: str, unit: str = "元", *columns: str) -> dict[str, Any]:
    return {
        "schema": "checker/form@1",
        "form": name,
        "titles": [name],
        "unit": unit,
        "tables": {
            "科目": {
                "columns": {
                    "科目编码": {"kind": "code", "key": True},
                    **{column: {"kind": "amount", "decimals": 2} for column in (columns or ("合计", "项目"))},
                },
                "rows": "open",
                "totals": {"总额": {}},
            }
        },
    }


WHOLE, ONE, OTHER = form("总表"), form("甲表"), form("乙表")
CHECK = {
    "kind": "matched_sum",
    "table": "科目",
    "columns": ["合计"],
    "total": "总额",
    "with": ["甲表!科目", "乙表!科目"],
    "missing": {"zh": "{cell} {where}没有{key}", "en": "{cell} {where} lacks {key}"},
}


def rows(total: str | None = None, **amounts: str | None) -> dict[str, Any]:
    listed: list[dict[str, Any]] = [{"科目编码": code[1:], "合计": amount} for code, amount in amounts.items()]
    return {"科目": [*listed, {"total": "总额", "合计": total}]}


@pytest.fixture
def parts(apply: Apply) -> Callable[..., dict[str, list[str]]]:
    """Statuses by the row's name, of a whole beside two parts."""

    def run(whole: dict[str, Any], one: dict[str, Any], other: dict[str, Any], **more: Any) -> dict[str, list[str]]:
        told = apply({**CHECK, **more}, whole, form=WHOLE, others=[(ONE, one), (OTHER, other)])
        found: dict[str, list[str]] = {}
        for outcome in told:
            found.setdefault(outcome.path[-2] if outcome.path[1:] else "", []).append(outcome.status)
        return found

    return run


def test_each_row_is_the_sum_of_its_namesakes(parts: Callable[..., Any]) -> None:
    whole = rows("150.00", _201="100.00", _205="50.00")
    assert parts(whole, rows("120", _201="90", _205="30"), rows("30", _201="10", _205="20")) == {
        "201": ["pass"],
        "205": ["pass"],
        "总额": ["pass"],
    }
    found = parts(whole, rows("120", _201="90", _205="30"), rows("30", _201="10", _205="19.99"))
    assert found == {"201": ["pass"], "205": ["fail"], "总额": ["pass"]}


def test_a_row_on_one_side_only_is_told_apart(apply: Apply) -> None:
    told = apply(
        CHECK,
        rows(_201="100", _208="5", _210="0"),
        form=WHOLE,
        others=[(ONE, rows(_201="100", _205="7", _211="0")), (OTHER, rows())],
    )
    failed = {outcome.path[-2]: outcome for outcome in told if outcome.status == Status.FAIL}
    assert sorted(failed) == ["205", "208"]
    assert failed["205"].sheet == "甲表1" or failed["205"].sheet == "甲表"
    assert failed["205"].message is not None and failed["205"].message.en.endswith("总表 lacks 205")
    assert failed["208"].message is not None and failed["208"].message.en.endswith("甲表, 乙表 lacks 208")


def test_a_part_may_be_less_than_its_whole(parts: Callable[..., Any]) -> None:
    more = {"operator": "<=", "with": ["甲表!科目"]}
    assert parts(rows(_201="60"), rows(_201="100", _205="1"), rows(), **more) == {"201": ["pass"]}
    assert parts(rows(_201="100.01", _206="1"), rows(_201="100"), rows(), **more) == {"201": ["fail"], "206": ["fail"]}


def test_only_some_rows_count(parts: Callable[..., Any]) -> None:
    one = rows("9", _201="100", _205="7")
    assert parts(rows("5", _201="100"), one, rows(), only=["201"]) == {"201": ["pass"]}
    assert parts(rows("9", _201="100"), one, rows(), only="ours") == {"201": ["pass"], "总额": ["pass"]}


def test_a_figure_that_cannot_be_read_accuses_nobody(parts: Callable[..., Any]) -> None:
    assert parts(rows(_201="100"), rows(_201="见附表"), rows(_201="100")) == {"201": ["insufficient"]}


def test_another_unit_is_converted_and_its_rounding_counts(apply: Apply) -> None:
    rounded = form("甲表", "万元")
    check = {"kind": "matched_sum", "table": "科目", "columns": ["合计"], "with": ["甲表!科目"], "missing": "{key}"}

    def status(exact: str, published: str) -> tuple[str, str]:
        (told,) = apply(check, rows(_201=exact), form=WHOLE, others=[(rounded, rows(_201=published))])
        return told.status, told.severity

    assert status("1234567.89", "123.46") == ("pass", "error")
    assert status("1234567.89", "123.45") == ("fail", "note")
    assert status("1234567.89", "123.64") == ("fail", "error")


def test_columns_of_a_row_are_the_rows_of_another_table(apply: Apply) -> None:
    wide = form("总表", "元", "30201办公费", "30202印刷费")
    given = {"科目": [{"total": "总额", "30201办公费": "12.50", "30202印刷费": "3"}]}
    check = {
        "kind": "matched_sum",
        "table": "科目",
        "row": "总额",
        "column": "合计",
        "with": ["甲表!科目"],
        "missing": "{key}",
    }
    told = apply(check, given, form=wide, others=[(ONE, rows(_30201="12.50", _30202="4"))])
    assert {outcome.path[-1]: (outcome.status, outcome.difference) for outcome in told} == {
        "30201办公费": ("pass", Decimal(0)),
        "30202印刷费": ("fail", Decimal(-1)),
    }
    by_name = apply({**check, "by": "name"}, given, form=wide, others=[(ONE, rows(_办公费="12.50", _印刷费="3"))])
    assert [outcome.status for outcome in by_name] == ["pass", "pass"]


def test_without_the_other_form_nothing_is_said(apply: Apply) -> None:
    (told,) = apply({**CHECK, "with": ["乙表!科目"]}, rows(_201="1"), form=WHOLE, beside=["乙表"])
    assert (told.status, told.awaits) == ("insufficient", "乙表")
