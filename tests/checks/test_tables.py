"""Kinds about rows of tables: ``matched`` and ``hierarchy``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

TARGETS: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "申报表",
    "titles": ["申报表"],
    "unit": "万元",
    "fields": {"项目": {"kind": "text", "role": "project", "optional": True}},
    "tables": {
        "指标": {
            "columns": {
                "三级指标": {"kind": "text", "key": True},
                "目标值": {"kind": "target", "exact": True},
                "备注": {"kind": "text", "optional": True},
            },
            "rows": "open",
        }
    },
}


class TestMatched:
    CHECK: ClassVar[dict[str, Any]] = {
        "kind": "matched",
        "table": "指标",
        "key": "三级指标",
        "columns": ["指标值"],
        "renamed": {"指标值": "目标值"},
        "with": "申报表!指标",
    }

    def given(self, *rows: tuple[str, Any], project: str = "") -> dict[str, Any]:
        listed = [{"三级指标": name, "指标值": value, "完成值": 1, "分值": 1, "得分": 1} for name, value in rows]
        return {"资金": {"合计": {"预算数": 1, "执行数": 1}}, "指标": listed, "项目": project}

    def approved(self, *rows: tuple[str, Any], project: str = "") -> tuple[Any, Any]:
        return TARGETS, {"指标": [{"三级指标": name, "目标值": value} for name, value in rows], "项目": project}

    @pytest.mark.parametrize(
        ("reported", "approved", "status"),
        [
            ("≥50个", "≥50个", "pass"),
            ("≥50个", "≥ 50 个", "pass"),
            ("≥50个", "＞＝50个", "pass"),
            ("≥50个", "不少于50个", "pass"),
            ("≥50个", "≥60个", "fail"),
            ("≥50个", "≤50个", "fail"),
            ("≥50个", "≥50场次", "fail"),
            ("≥95%", {"text": "≥95.0%"}, "pass"),
            ("95%", {"number": "0.95", "format": "0%"}, "pass"),
            (50, {"text": "50.0"}, "pass"),
            ("有所提高", "明显提高", "fail"),
            (None, "≥50个", "fail"),
            (None, None, "pass"),
        ],
    )
    def test_the_same_target(self, apply: Apply, reported: Any, approved: Any, status: str) -> None:
        given, other = self.given(("甲", reported)), self.approved(("甲", approved))
        assert [o.status for o in apply(self.CHECK, given, others=[other])] == [status]

    def test_a_row_without_a_partner(self, apply: Apply) -> None:
        outcomes = apply(self.CHECK, self.given(("甲", 1), ("乙", 1)), others=[self.approved(("甲", 1))])
        assert [(o.path[2], o.status) for o in outcomes] == [("甲", "pass"), ("乙", "fail")]

    def test_names_that_stand_twice_are_not_guessed(self, apply: Apply) -> None:
        other = self.approved(("甲", 1), ("甲", 2))
        assert [o.status for o in apply(self.CHECK, self.given(("甲", 1)), others=[other])] == ["insufficient"]
        mine = self.given(("甲", 1), ("甲", 2))
        found = [o.status for o in apply(self.CHECK, mine, others=[self.approved(("甲", 1))])]
        assert found == ["insufficient", "insufficient"]

    def test_forms_of_other_projects_are_not_compared(self, apply: Apply) -> None:
        given = self.given(("甲", 1), project="一号项目")
        assert [o.status for o in apply(self.CHECK, given, others=[self.approved(("甲", 2), project="二号项目")])] == [
            "not_applicable"
        ]
        assert [o.status for o in apply(self.CHECK, given, others=[self.approved(("甲", 2), project="一号 项目")])] == [
            "fail"
        ]

    def test_without_the_other_table(self, apply: Apply, first_sheet: Any) -> None:
        other = self.approved(("甲", 1))
        outcomes = apply(self.CHECK, self.given(("甲", 1)), others=[other], change=first_sheet)
        assert [o.status for o in outcomes] == ["not_applicable"]


ACCOUNTS: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "决算表",
    "titles": ["决算表"],
    "unit": "万元",
    "fields": {},
    "tables": {
        "支出": {
            "columns": {
                "编码": {"kind": "code"},
                "科目": {"kind": "text", "key": True},
                "金额": {"kind": "amount", "decimals": 2},
            },
            "rows": "open",
            "totals": {"合计": {"optional": True}},
            "levels": {
                "类": {"column": "编码", "length": 3},
                "款": {"column": "编码", "length": 5},
                "项": {"column": "编码", "length": 7},
            },
        }
    },
}


class TestHierarchy:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "hierarchy", "table": "支出", "columns": ["金额"], "total": "合计"}

    def found(self, apply: Apply, *rows: tuple[Any, Any], total: Any = 100) -> dict[str, str]:
        listed: list[dict[str, Any]] = [{"编码": code, "科目": f"科目{code}", "金额": amount} for code, amount in rows]
        given = {"支出": [*listed, {"total": "合计", "金额": total}]}
        return {o.path[-2].removeprefix("科目"): o.status for o in apply(self.CHECK, given, form=ACCOUNTS)}

    def test_each_level_is_the_sum_of_the_next(self, apply: Apply) -> None:
        rows = (("201", 100), ("20101", 60), ("2010101", 60), ("20102", 40), ("2010201", 10), ("2010202", 30))
        assert self.found(apply, *rows) == {"合计": "pass", "201": "pass", "20101": "pass", "20102": "pass"}

    def test_what_does_not_add_up(self, apply: Apply) -> None:
        rows = (("201", 100), ("20101", 60), ("2010101", 59), ("20102", "39.98"))
        assert self.found(apply, *rows, total=90) == {"合计": "fail", "201": "fail", "20101": "fail"}

    def test_rounding(self, apply: Apply) -> None:
        rows = (("201", "0.34"), ("20101", "0.11"), ("20102", "0.11"), ("20103", "0.11"))
        assert self.found(apply, *rows, total="0.34") == {"合计": "pass", "201": "tail"}

    def test_a_row_that_belongs_nowhere_leaves_the_total_open(self, apply: Apply) -> None:
        rows = (("201", 90), (None, 10))
        assert self.found(apply, *rows)["合计"] == "insufficient"
        assert self.found(apply, *rows, total=90)["合计"] == "pass"

    def test_a_total_row_that_is_missing(self, apply: Apply) -> None:
        given = {"支出": [{"编码": "201", "科目": "甲", "金额": 100}]}
        assert [o.status for o in apply(self.CHECK, given, form=ACCOUNTS)] == ["not_applicable"]


class TestLevels:
    """A class of rows, named by the length of its codes, in a formula."""

    CHECK: ClassVar[dict[str, Any]] = {"kind": "identity", "formula": "支出[合计, 金额] = SUM(支出[类, 金额])"}

    @pytest.mark.parametrize(("second", "status"), [(40, "pass"), ("39.98", "fail"), ("39.99", "tail")])
    def test_a_level_is_its_rows_and_no_others(self, second: Any, status: str, only: Only) -> None:
        rows = [("201", 60), ("20101", 60), ("202", second), ("20201", 7)]
        listed: list[dict[str, Any]] = [{"编码": code, "科目": code, "金额": amount} for code, amount in rows]
        given = {"支出": [*listed, {"total": "合计", "金额": "100.00"}]}
        assert only(self.CHECK, given, form=ACCOUNTS).status == status
