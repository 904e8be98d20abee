"""Kinds about tables of codes and sets of tables: ``codes``, ``statement``, ``once``, ``complete``, ``rows_printed``,
``not_negative``; and several facts or formulas in one rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import yaml

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

ACCOUNTS: dict[str, Any] = yaml.safe_load("""
schema: checker/form@1
form: 支出决算表
title: {zh: 支出决算表, en: Expenditure}
titles: [支出决算表]
unit: 万元
fields:
  部门: {kind: text, role: unit, optional: true}
tables:
  支出:
    columns:
      科目编码: {kind: code, key: true}
      科目名称: {kind: text, optional: true}
      本年支出: {kind: amount, decimals: 2}
      年末结转: {kind: amount, decimals: 2, optional: true}
    rows: open
    levels:
      类: {column: 科目编码, length: 3}
      款: {column: 科目编码, length: 5}
    totals: {合计: {}}
    ends: [注]
""")


def titled(name: str) -> dict[str, Any]:
    return {**ACCOUNTS, "form": name, "title": {"zh": name, "en": name}, "titles": [name]}


OTHER = titled("收入决算表")


def rows(*codes: str, amount: Any = 1) -> dict[str, Any]:
    return {"支出": [{"科目编码": code, "科目名称": f"科目{code}", "本年支出": amount} for code in codes]}


class TestCodes:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "codes", "table": "支出", "column": "科目编码"}

    @pytest.mark.parametrize(
        ("codes", "wrong"),
        [
            (("208", "20805"), []),
            (("208", "2080"), ["2080"]),
            (("208", "21005"), ["21005"]),
            (("20805", "21005"), []),
            (("208", "2O805"), ["2O805"]),
        ],
    )
    def test_lengths_and_upper_levels(self, apply: Apply, codes: tuple[str, ...], wrong: list[str]) -> None:
        told = apply(self.CHECK, rows(*codes), form=ACCOUNTS, message="{value}: {problem}")
        assert [o.operands[0].text for o in told if o.status == "fail"] == wrong
        assert len(told) == len(codes)


class TestStatement:
    WORDS: ClassVar[dict[str, Any]] = {
        "kind": "statement",
        "table": "支出",
        "expects": "words",
        "patterns": ["没有.{0,20}支出"],
        "unless": ["如"],
    }
    FIGURES: ClassVar[dict[str, Any]] = WORDS | {"expects": "figures"}

    @pytest.mark.parametrize(
        ("said", "amount", "words", "figures"),
        [
            ("本单位没有此项支出", None, "pass", "pass"),
            ("示例局", None, "fail", "pass"),
            ("本单位没有此项支出", 5, "pass", "fail"),
            ("示例局", 5, "pass", "pass"),
            ("如没有此项支出应说明", 0, "fail", "pass"),
        ],
    )
    def test_words_and_figures(self, only: Only, said: str, amount: Any, words: str, figures: str) -> None:
        given = {"部门": said, "支出": [{"total": "合计", "本年支出": amount}]}
        assert only(self.WORDS, given, form=ACCOUNTS).status == words
        assert only(self.FIGURES, given, form=ACCOUNTS).status == figures


class TestOnce:
    def test_the_second_is_told_once(self, apply: Apply) -> None:
        check = {"kind": "once"}
        assert [o.status for o in apply(check, rows("208"), form=ACCOUNTS)] == ["pass"]
        (told,) = apply(
            check,
            rows("208"),
            form=ACCOUNTS,
            others=[(OTHER, {}), (ACCOUNTS, rows("209"))],
            message="{sheets}，{contents}",
        )
        assert told.status == "fail"
        assert told.message is not None and told.message.en == "支出决算表, 支出决算表1，with different figures"

    def test_two_alike_are_two(self, only: Only) -> None:
        told = only(
            {"kind": "once"},
            rows("208"),
            form=ACCOUNTS,
            others=[(OTHER, {}), (ACCOUNTS, rows("208"))],
            message="{contents}",
        )
        assert told.message is not None and told.message.en == "with the same figures"


class TestRepeated:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "repeated", "table": "支出"}

    def copies(self, apply: Apply, *others: dict[str, Any]) -> list[Outcome]:
        found = apply(
            self.CHECK, rows("208"), form=ACCOUNTS, others=[(OTHER, {}), *((ACCOUNTS, other) for other in others)]
        )
        return [outcome for outcome in found if outcome.status in ("pass", "fail")]

    def test_copies_that_agree_pass_cell_by_cell(self, apply: Apply) -> None:
        found = self.copies(apply, rows("208"))
        assert {outcome.status for outcome in found} == {"pass"} and len(found) >= 3

    def test_a_difference_points_at_the_later_copy(self, apply: Apply) -> None:
        (told,) = [outcome for outcome in self.copies(apply, rows("208", amount=2)) if outcome.status == "fail"]
        assert told.sheet == "支出决算表1" and told.path[-1] == "本年支出"

    def test_a_table_that_stands_once_has_nothing_to_agree_with(self, apply: Apply) -> None:
        assert self.copies(apply) == []


class TestComplete:
    def test_what_is_missing_is_named(self, only: Only) -> None:
        check = {"kind": "complete", "forms": ["支出决算表", "收入决算表"], "of_at_least": 1}
        with_income = only(check, rows("208"), form=ACCOUNTS, others=[(OTHER, rows("208"))])
        assert with_income.status == "pass"

    def test_a_file_of_single_tables_is_no_set(self, only: Only, first_sheet: Callable[[Any], Any]) -> None:
        check: dict[str, Any] = {"kind": "complete", "forms": ["支出决算表", "收入决算表"], "of_at_least": 2}
        given: dict[str, Any] = {"form": ACCOUNTS, "others": [(OTHER, rows("208"))], "change": first_sheet}
        assert only(check, rows("208"), **given).status == "not_applicable"
        told = only(check | {"of_at_least": 1}, rows("208"), **given, message="{missing}")
        assert told.status == "fail"
        assert told.message is not None and told.message.zh == "收入决算表"


class TestRowsPrinted:
    def test_a_row_taken_out(self, only: Only) -> None:
        check = {"kind": "rows_printed", "table": "资金", "rows": ["合计", "拨款"]}
        assert only(check, {"资金": {"合计": {"预算数": 1}}}).status == "pass"
        told = only(check, {"资金": {"合计": {"预算数": 1}, "拨款": None}}, message="{missing}")
        assert told.status == "fail"
        assert told.message is not None and told.message.zh == "拨款"


class TestNotNegative:
    def test_where_it_may_be(self, apply: Apply) -> None:
        check = {"kind": "not_negative", "except": ["年末结转"]}
        given = {"支出": [{"科目编码": "208", "本年支出": -1, "年末结转": -2}, {"total": "合计", "本年支出": 0}]}
        told = [o for o in apply(check, given, form=ACCOUNTS) if o.status == "fail"]
        assert [o.path[-1] for o in told] == ["本年支出"]


class TestSeveralInOne:
    def test_each_pair_is_judged(self, apply: Apply) -> None:
        check = {
            "kind": "same",
            "pairs": [["资金[合计, 预算数]", "资金[拨款, 预算数]"], ["资金[合计, 执行数]", "资金[拨款, 执行数]"]],
        }
        given = {"资金": {"合计": {"预算数": 1, "执行数": 2}, "拨款": {"预算数": 1, "执行数": 3}}}
        assert [o.status for o in apply(check, given)] == ["pass", "fail"]

    @pytest.mark.parametrize(("one", "other"), [("", 5), (5, "")])
    def test_a_blank_that_counts_as_nothing_is_not_five(self, only: Only, one: Any, other: Any) -> None:
        check = {"kind": "same", "facts": ["资金[合计, 预算数]", "资金[拨款, 预算数]"], "blank": "zero"}
        given = {"资金": {"合计": {"预算数": one}, "拨款": {"预算数": other}}}
        assert only(check, given).status == "fail"

    def test_each_formula_is_judged(self, apply: Apply) -> None:
        check = {
            "kind": "inequality",
            "formulas": ["资金[拨款, 预算数] <= 资金[合计, 预算数]", "资金[拨款, 执行数] <= 资金[合计, 执行数]"],
        }
        given = {"资金": {"合计": {"预算数": 9, "执行数": 2}, "拨款": {"预算数": 1, "执行数": 3}}}
        assert [o.status for o in apply(check, given)] == ["pass", "fail"]

    def test_totals_are_among_every_row(self, apply: Apply) -> None:
        check = {
            "kind": "identity",
            "table": "支出",
            "rows": "every",
            "formula": "[@本年支出] = [@年末结转]",
        }
        given = {
            "支出": [{"科目编码": "208", "本年支出": 1, "年末结转": 1}, {"total": "合计", "本年支出": 2, "年末结转": 1}]
        }
        assert [o.status for o in apply(check, given, form=ACCOUNTS)] == ["pass", "fail"]


def test_a_total_of_nothing_over_blanks_is_right(only: Only) -> None:
    check = {"kind": "sum", "table": "资金", "columns": ["预算数"], "total": "合计"}
    assert only(check, {"资金": {"合计": {"预算数": 0}, "拨款": {"预算数": ""}}}).status == "pass"
    assert only(check, {"资金": {"合计": {"预算数": 5}, "拨款": {"预算数": ""}}}).status == "insufficient"


def test_of_many_sheets_the_one_that_deviates_is_told(only: Only) -> None:
    check = {"kind": "agreement", "fields": ["部门"]}
    others = [
        (OTHER, {"部门": "甲局", **rows("208")}),
        (titled("项目汇总表"), {"部门": "甲局", **rows("208")}),
    ]
    given = {"form": ACCOUNTS, "others": others}
    assert only(check, {"部门": "甲局", **rows("208")}, **given).status == "pass"
    assert only(check, {"部门": "乙局", **rows("208")}, **given).status == "fail"
