"""Kinds about the sheet itself: ``extra_rows``, ``hidden``, ``total_formula``, ``uniform``, ``agreement``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from checker.model.outcome import Outcome
from checker.model.workbook import Sheet, SheetContent

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]


def total(**cells: Any) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": 1, "执行数": 1} | cells}}


class TestExtraRows:
    def test_unknown_rows_are_named(self, apply: Apply) -> None:
        given = {"资金": {"合计": {"预算数": 100}, "拨款": {"预算数": 80}, "事业收入": {"预算数": 20}}}
        outcomes = apply({"kind": "extra_rows", "table": "资金"}, given, message="表样中没有“{value}”")
        wrong = [o for o in outcomes if o.status == "fail"]
        assert [o.path[-1] for o in wrong] == ["事业收入"] and wrong[0].message is not None
        assert wrong[0].message.zh == "表样中没有“事业收入”"
        assert sum(o.status == "pass" for o in outcomes) == 6


class TestHidden:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "hidden"}

    @pytest.mark.parametrize(
        ("rows", "columns", "state", "status"),
        [
            ((), (), "visible", "pass"),
            ((13,), (), "visible", "fail"),
            ((), (3,), "visible", "fail"),
            ((), (), "hidden", "fail"),
            ((), (), "very_hidden", "fail"),
            ((40,), (), "visible", "pass"),  # below the form
            ((), (30,), "visible", "pass"),  # beside the form
        ],
    )
    def test_what_nobody_sees(
        self, only: Only, rows: tuple[int, ...], columns: tuple[int, ...], state: str, status: str
    ) -> None:
        def hide(workbook: Any) -> Any:
            content = workbook.sheets[0].content
            changed = SheetContent(content.rows, content.merges, frozenset(rows), frozenset(columns))
            sheet = Sheet(workbook.sheets[0].name, lambda: changed, state=state)
            return type(workbook)("", "", "xlsx", (sheet,), load_number_formats=lambda: workbook.number_formats)

        assert only(self.CHECK, total(), change=hide).status == status


class TestTotalFormula:
    CHECK: ClassVar[dict[str, Any]] = {
        "kind": "total_formula",
        "table": "资金",
        "total": "合计",
        "columns": ["预算数", "执行数"],
    }
    #: Rows of the drawn form by name.
    ROWS: ClassVar[tuple[str, ...]] = ("合计", "拨款", "中央", "地方", "结转", "其他")

    def at_rows(self, formula: str, at: Any, **more: Any) -> list[str]:
        """``{拨款}`` in a formula is the row of that name."""
        blank = {"资金": {"合计": {"预算数": 1, "执行数": 1}}}
        table = at(self.CHECK, blank).subject.form.tables["资金"]
        numbers = {name: table.row(name).number for name in self.ROWS}
        column = table.fact(table.row("合计"), "预算数").address.rstrip("0123456789")
        rows = {
            "拨款": {"预算数": 80, "执行数": 1},
            "中央": {"预算数": 50},
            "地方": {"预算数": 30},
            "结转": {"预算数": 20},
        }
        filled = formula.replace("#", column).format_map(numbers)
        given = {"资金": {"合计": {"预算数": {"formula": filled, "value": 100}, "执行数": 1}} | rows}
        return [o.status for o in at(self.CHECK, given, **more).outcomes()][:1]

    @pytest.mark.parametrize(
        ("formula", "status"),
        [
            ("=SUM(#{拨款}:#{其他})", "pass"),
            ("=SUM(#{拨款}:#{地方})", "fail"),
            ("=#{拨款}+#{结转}", "pass"),
            ("=+$#${拨款}+$#${结转}", "pass"),
            ("=#{拨款}", "fail"),
            ("=SUM(#{拨款},#{结转},#{其他})", "pass"),
            ("=ROUND(SUM(#{拨款},#{结转}),2)", "pass"),
            ("=#{中央}+#{地方}+#{结转}", "pass"),  # the parts of a part
            ("=#{中央}+#{结转}", "fail"),
            ("=SUM(A1:A20)", "not_applicable"),
            ("=#{拨款}+#{结转}-0", "not_applicable"),
            ("=Sheet2!B5", "not_applicable"),
            ("=#{拨款}*1.25", "not_applicable"),
        ],
    )
    def test_what_a_total_adds_up(self, at: Any, formula: str, status: str) -> None:
        assert self.at_rows(formula, at) == [status]

    def test_without_formula_text_nobody_can_say(self, at: Any, as_xls: Any) -> None:
        assert self.at_rows("=SUM(#{拨款}:#{地方})", at, change=as_xls) == ["insufficient"]

    def test_a_total_typed_beside_reckoned_ones(self, apply: Apply) -> None:
        given = {"资金": {"合计": {"预算数": {"formula": "=1+1", "value": 100}, "执行数": 90}}}
        assert [o.status for o in apply(self.CHECK, given)] == ["not_applicable", "fail"]
        given = {"资金": {"合计": {"预算数": 100, "执行数": 90}}}
        assert [o.status for o in apply(self.CHECK, given)] == ["not_applicable", "not_applicable"]

    def test_a_total_row_that_is_missing_is_said(self, only: Only) -> None:
        assert only(self.CHECK, {"资金": {"合计": None, "拨款": {"预算数": 1}}}).status == "insufficient"


class TestUniform:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "uniform", "table": "指标", "score": "得分", "weight": "分值"}

    @pytest.mark.parametrize(
        ("scores", "status"),
        [
            ((10, 10, 10), "fail"),
            ((10, 10, "9.9"), "pass"),
            ((10, 10), "pass"),
            ((None, None), "not_applicable"),
            ((10, 10, 10, None), "fail"),
        ],
    )
    def test_all_marks(self, only: Only, scores: tuple[Any, ...], status: str) -> None:
        rows = [{"三级指标": f"第{n}项", "指标值": 1, "完成值": 1, "分值": 10, "得分": s} for n, s in enumerate(scores)]
        assert only(self.CHECK, total() | {"指标": rows}).status == status


OTHER: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "申报表",
    "titles": ["申报表"],
    "unit": "万元",
    "fields": {
        "填报单位": {"kind": "text", "role": "unit"},
        "项目": {"kind": "text", "role": "project", "optional": True},
    },
    "tables": {
        "计划": {
            "columns": {"来源": {"kind": "label"}, "金额": {"kind": "amount"}, "备注": {"kind": "text"}},
            "rows": {"总计": {"total": True}},
        }
    },
}


class TestAgreement:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "agreement", "fields": ["填报单位"]}

    def told(self, only: Only, mine: str, theirs: str) -> Outcome:
        plan = {"计划": {"总计": {"金额": 1}}, "填报单位": theirs}
        return only(self.CHECK, total() | {"填报单位": mine}, others=[(OTHER, plan)], message="{values}")

    @pytest.mark.parametrize(
        ("mine", "theirs", "status"),
        [
            ("示例局", "示例局", "pass"),
            ("示例局", "示例 局", "pass"),
            ("示例局（本级）", "示例局(本级)", "pass"),
            ("示例局", "样板局", "fail"),
            ("示例局", "", "not_applicable"),
        ],
    )
    def test_fields(self, only: Only, mine: str, theirs: str, status: str) -> None:
        assert self.told(only, mine, theirs).status == status

    def test_what_each_says_is_told(self, only: Only) -> None:
        told = self.told(only, "示例局", "样板局")
        assert told.message is not None and "示例局" in told.message.zh and "样板局" in told.message.zh

    def test_a_blank_field_has_nothing_to_agree(self, only: Only) -> None:
        assert self.told(only, "", "示例局").status == "not_applicable"

    def test_years(self, apply: Apply) -> None:
        def other_year(workbook: Any) -> Any:
            for row in workbook.sheets[1].rows.values():
                for column, cell in row.items():
                    row[column] = cell._replace(raw=cell.raw.replace("2024", "2023"))
            return workbook

        check = {"kind": "agreement", "year": True}
        others = [(OTHER, {"计划": {"总计": {"金额": 1}}})]
        assert [o.status for o in apply(check, total(), others=others)] == ["pass"]
        assert [o.status for o in apply(check, total(), others=others, change=other_year)] == ["fail"]
        assert [o.status for o in apply(check, total())] == ["not_applicable"]
