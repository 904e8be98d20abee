"""Kinds about how figures are written: ``reading``, ``precision``, ``percent_style``, ``stated_unit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": 1, "执行数": 1} | cells}}


class TestReading:
    @pytest.mark.parametrize(
        ("kinds", "notes", "value", "status"),
        [
            (["unreadable"], [], "八十", "fail"),
            (["unreadable"], [], "10-20", "fail"),
            (["unreadable"], [], "80", "pass"),
            (["unreadable"], [], "—", "pass"),
            (["error"], [], {"error": "#REF!"}, "fail"),
            (["error"], [], {"text": "#DIV/0!"}, "fail"),
            (["no_cache"], [], {"formula": "=A1+1"}, "fail"),
            (["no_cache"], [], {"formula": "=A1+1", "value": 5}, "pass"),
            ([], ["text_number"], {"text": "80"}, "fail"),
            ([], ["text_number"], 80, "pass"),
            ([], ["full_width"], {"text": "８０"}, "fail"),
            ([], ["unit_suffix"], {"text": "80万元"}, "fail"),
            ([], ["converted"], {"text": "80元"}, "fail"),
            ([], ["separators"], {"text": "1,000"}, "fail"),
        ],
    )
    def test_each_way_of_writing(
        self, apply: Apply, kinds: list[str], notes: list[str], value: Any, status: str
    ) -> None:
        check: dict[str, Any] = {"kind": "reading", "table": "资金", "columns": ["预算数"]}
        check |= {"kinds": kinds} if kinds else {"notes": notes}
        assert [o.status for o in apply(check, total(预算数=value))] == [status]

    def test_all_figures_of_the_form_totals_included(self, apply: Apply) -> None:
        rows = [{"三级指标": "甲", "指标值": 1, "完成值": 1, "分值": "十", "得分": 1}, {"total": "总分", "得分": "满"}]
        check = {"kind": "reading", "kinds": ["unreadable"]}
        outcomes = apply(check, total(原因="八十") | {"指标": rows}, message="{value}不是数")
        wrong = [o.message.zh for o in outcomes if o.status == "fail" and o.message is not None]
        assert wrong == ["十不是数", "满不是数"]
        # Every figure that is filled has an answer.
        assert len(outcomes) == 2 + 2 + 1

    def test_the_number_it_was_read_as_is_shown(self, apply: Apply) -> None:
        check = {"kind": "reading", "notes": ["converted"], "table": "资金", "columns": ["预算数"]}
        (told,) = apply(check, total(预算数={"text": "80000元"}), message="{value}按{number}计")
        assert told.message is not None and told.message.zh == "80000元按8计"


class TestPrecision:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "precision", "kinds": ["amount", "score"]}

    @pytest.mark.parametrize(
        ("value", "status"),
        [
            ("1.23", "pass"),
            ("1.234", "fail"),
            ("1.200", "pass"),
            (1, "pass"),
            ({"text": "1.230"}, "pass"),
            ({"text": "1.234"}, "fail"),
            ({"formula": "=B1/3", "value": "0.3333333333"}, "none"),
            ({"number": "0.30000000000000004"}, "pass"),
            ({"text": "12345元"}, "none"),  # 1.2345 of the column's unit, but nobody wrote four decimals
            ("约1.234", "fail"),
            ("—", "none"),
            (None, "none"),
        ],
    )
    def test_amounts(self, apply: Apply, value: Any, status: str) -> None:
        found = [o.status for o in apply(self.CHECK, total(预算数=value, 执行数=None)) if o.path[-1] == "预算数"]
        assert found == ([] if status == "none" else [status])

    def test_a_sheet_in_another_unit_is_not_held_to_these_decimals(self, only: Only) -> None:
        def in_yuan(workbook: Any) -> Any:
            for row in workbook.sheets[0].rows.values():
                for column, cell in row.items():
                    if "万元" in cell.raw:
                        row[column] = cell._replace(raw=cell.raw.replace("万元", "元"))
            return workbook

        assert only(self.CHECK, total(预算数="12345.67", 执行数="1.23"), change=in_yuan).status == "not_applicable"

    def test_decimals_are_told(self, apply: Apply) -> None:
        outcomes = apply(self.CHECK, total(得分="9.567"), message="{decimals}位，应为{declared}位")
        (wrong,) = (o for o in outcomes if o.status == "fail")
        assert wrong.message is not None and wrong.message.zh == "3位，应为2位"


class TestPercentStyle:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "percent_style", "table": "资金", "column": "执行率"}

    @pytest.mark.parametrize(
        ("rates", "status"),
        [
            (("95%", "80%"), "pass"),
            (({"number": "0.95", "format": "General"}, {"number": "0.8", "format": "General"}), "pass"),
            (({"number": "0.95", "format": "General"}, "80%"), "fail"),
            (({"number": "95", "format": "General"}, "80%"), "fail"),
            (({"number": "0.95", "format": "0.00%"}, "80%"), "pass"),
            (({"number": "0.95", "format": "General"}, {"number": "95", "format": "General"}), "fail"),
            ((0, "80%"), "pass"),
            (({"number": "1", "format": "General"}, "80%"), "pass"),
            ((None, None), "not_applicable"),
            (("很高", "80%"), "pass"),
        ],
    )
    def test_one_way_in_a_column(self, only: Only, rates: tuple[Any, Any], status: str) -> None:
        given = {"资金": {"合计": {"预算数": 1, "执行数": 1, "执行率": rates[0]}, "拨款": {"执行率": rates[1]}}}
        assert only(self.CHECK, given).status == status


class TestStatedUnit:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "stated_unit"}

    @pytest.mark.parametrize(
        ("text", "status"), [("单位：万元", "pass"), ("", "fail"), ("制表：张三", "fail"), ("项目资金（万元）", "pass")]
    )
    def test_anywhere_on_the_form(self, only: Only, text: str, status: str) -> None:
        def say(workbook: Any) -> Any:
            for row in workbook.sheets[0].rows.values():
                for column, cell in list(row.items()):
                    if "万元" in cell.raw:
                        row[column] = cell._replace(raw=text)
                        if not text:
                            del row[column]
            return workbook

        assert only(self.CHECK, total(), change=say).status == status
