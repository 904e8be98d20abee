"""``same``: one fact in two places (design §6.6)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

CHECK = {"kind": "same", "facts": ["资金[合计, 预算数]", "资金[合计, 执行数]"]}
BARE = {"number": "1", "format": "General"}
RATES = {"kind": "same", "facts": ["资金[合计, 执行率]", "资金[拨款, 执行率]"]}


def pair(one: Any, other: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": one, "执行数": other}}}


@pytest.mark.parametrize(
    ("one", "other", "status", "severity"),
    [
        ("9101.68", "9101.68", "pass", "error"),
        ("9101.68", "9101.67", "fail", "note"),
        ("9101.68", "9101.66", "fail", "error"),
        ("326.71", "326.72", "fail", "note"),
        (100, "100.00", "pass", "error"),
        ("1.234", "1.23", "pass", "error"),  # the finer rounded to the coarser
        ("1.235", "1.23", "fail", "note"),
        ("1.246", "1.23", "fail", "error"),
        (None, None, "not_applicable", "error"),
        (100, None, "insufficient", "error"),
        (None, 100, "insufficient", "error"),
        (100, "约100", "insufficient", "error"),
        (100, {"error": "#N/A"}, "insufficient", "error"),
    ],
)
def test_amounts(only: Only, one: Any, other: Any, status: str, severity: str) -> None:
    told = only(CHECK, pair(one, other))
    assert (told.status, told.severity) == (status, severity)


def test_the_message_is_filled_whatever_a_plain_comparison_would_say(only: Only) -> None:
    told = only(CHECK, pair("326.71", "326.72"), message="{cell} {left} 与 {right} 相差{difference}")
    assert told.message is not None and told.cause is not None
    assert told.message.zh.endswith("326.72 与 326.71 相差0.01")
    assert told.cause.en == "two tables rounded separately"


def test_exact_columns_differ_or_not(only: Only, form: dict[str, Any]) -> None:
    for column in ("预算数", "执行数"):
        form["tables"]["资金"]["columns"][column] = {"kind": "amount", "exact": True}
    told = only(CHECK, pair("326.71", "326.72"), form=form)
    assert (told.status, told.severity, told.difference) == ("fail", "error", Decimal("0.01"))
    assert only(CHECK, pair("326.71", "326.71"), form=form).status == "pass"


def test_a_bare_one_beside_a_full_rate_is_the_same(only: Only) -> None:
    given = {"资金": {"合计": {"预算数": 1, "执行数": 1, "执行率": BARE}, "拨款": {"执行率": "1%"}}}
    assert only(RATES, given).status == "pass"
    given["资金"]["拨款"]["执行率"] = "100%"
    assert only(RATES, given).status == "pass"
    given["资金"]["拨款"]["执行率"] = "50%"
    assert only(RATES, given).status == "fail"


def test_words_are_the_same_or_not(only: Only) -> None:
    check = {"kind": "same", "facts": ["自评表[填报单位]", "自评表[项目]"]}
    filled = {"资金": {"合计": {"预算数": 1, "执行数": 1}}}
    assert only(check, filled | {"填报单位": "甲局", "项目": "甲局 "}).status == "pass"
    told = only(check, filled | {"填报单位": "甲局", "项目": "乙局"})
    assert (told.status, told.severity, told.difference) == ("fail", "error", None)


def test_every_fact_is_held_against_the_first(apply: Apply) -> None:
    check = {"kind": "same", "facts": ["资金[合计, 预算数]", "资金[合计, 执行数]", "资金[拨款, 预算数]"]}
    given = {"资金": {"合计": {"预算数": 100, "执行数": 100}, "拨款": {"预算数": 90}}}
    assert [(o.status, o.path[2]) for o in apply(check, given)] == [("pass", "合计"), ("fail", "拨款")]


OTHER: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "计划表",
    "titles": ["计划表"],
    "unit": "元",
    "fields": {"项目": {"kind": "text", "role": "project", "optional": True}},
    "tables": {
        "计划": {
            "columns": {"来源": {"kind": "label"}, "金额": {"kind": "amount", "unit": "元"}, "备注": {"kind": "text"}},
            "rows": {"总计": {"total": True}},
        }
    },
}
ACROSS_FORMS = {"kind": "same", "facts": ["资金[合计, 预算数]", "计划表!计划[总计, 金额]"]}


class TestAcrossForms:
    def both(self, only: Only, mine: Any, theirs: Any, *projects: str) -> str:
        one, other = projects or ("", "")
        given = {"资金": {"合计": {"预算数": mine, "执行数": 1}}, "项目": one}
        plan = {"计划": {"总计": {"金额": theirs}}, "项目": other}
        return only(ACROSS_FORMS, given, others=[(OTHER, plan)]).status

    def test_in_the_units_of_each(self, only: Only) -> None:
        assert self.both(only, "12.35", "123456.78") == "pass"
        assert self.both(only, "12.34", "123456.78") == "fail"

    def test_forms_about_another_project_are_not_compared(self, only: Only) -> None:
        assert self.both(only, 100, "1000000", "甲项目", "甲 项目") == "pass"
        assert self.both(only, 100, "2000000", "甲项目", "乙项目") == "not_applicable"
        assert self.both(only, 100, "2000000", "甲项目", "甲项目") == "fail"

    def test_without_the_other_form_there_is_nothing_to_compare(self, only: Only, first_sheet: Any) -> None:
        given = {"资金": {"合计": {"预算数": 1, "执行数": 1}}}
        plan = {"计划": {"总计": {"金额": 1}}}
        assert only(ACROSS_FORMS, given, others=[(OTHER, plan)], change=first_sheet).status == "not_applicable"
