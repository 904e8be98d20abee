"""Kinds about words: ``enumeration``, ``distinct``, ``copied``, ``residue``, ``contradicted``, ``coverage``,
``constant``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

FUNDS = {"资金": {"合计": {"预算数": 1, "执行数": 1}}}


def indicator(name: str | None, **cells: Any) -> dict[str, Any]:
    return {"三级指标": name, "指标值": "1个", "完成值": "1个", "分值": 10, "得分": 10} | cells


class TestEnumeration:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "enumeration", "field": "等级"}

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("优", "pass"),
            (" 优 ", "pass"),
            ("良", "pass"),
            ("优秀", "fail"),
            ("中", "fail"),
            ("", "not_applicable"),
            ("/", "not_applicable"),
        ],
    )
    def test_a_field(self, only: Only, text: str, status: str) -> None:
        assert only(self.CHECK, FUNDS | {"等级": text}).status == status

    def test_width_is_no_difference(self, only: Only) -> None:
        check = self.CHECK | {"values": ["A级", "B级(含)"]}
        assert only(check, FUNDS | {"等级": "Ｂ级（含）"}).status == "pass"

    def test_a_column(self, apply: Apply) -> None:
        check = {"kind": "enumeration", "table": "指标", "column": "一级指标", "values": ["产出", "效益"]}
        rows = [indicator("甲", 一级指标="产出"), indicator("乙", 一级指标="成果"), indicator("丙")]
        # A level that is not repeated is that of the row above.
        assert [o.status for o in apply(check, FUNDS | {"指标": rows})] == ["pass", "fail", "fail"]

    def test_a_missing_table(self, only: Only) -> None:
        check = {"kind": "enumeration", "table": "指标", "column": "一级指标", "values": ["产出"]}
        assert only(check, FUNDS | {"指标": None}).status == "insufficient"


class TestDistinct:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "distinct", "table": "指标", "columns": ["二级指标", "三级指标"]}

    def test_a_name_may_stand_once_in_each_group(self, apply: Apply) -> None:
        rows = [indicator("数量", 二级指标="甲"), indicator("数量", 二级指标="乙"), indicator("数 量")]
        outcomes = apply(self.CHECK, FUNDS | {"指标": rows}, message="{value}：{count}处，{cells}")
        assert sorted(o.status for o in outcomes) == ["fail", "pass"]
        (wrong,) = (o for o in outcomes if o.status == "fail")
        assert wrong.message is not None
        first, second = (operand.cell for operand in reversed(wrong.operands))
        assert wrong.message.zh == f"数 量：2处，{first}、{second}"

    def test_nothing_written_twice_is_no_repetition(self, apply: Apply) -> None:
        rows = [indicator("—", 二级指标="甲"), indicator("—", 二级指标="甲"), indicator("乙", 二级指标="甲")]
        assert [o.status for o in apply(self.CHECK, FUNDS | {"指标": rows})] == ["pass"]

    def test_width_is_no_difference(self, only: Only) -> None:
        rows = [indicator("培训（场）", 二级指标="甲"), indicator("培训(场)", 二级指标="甲")]
        assert only(self.CHECK, FUNDS | {"指标": rows}).status == "fail"


class TestCopied:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "copied", "pairs": [["目标", "完成情况"]]}
    LONG = "开展科普活动六十场次，培训辅导员一百二十人。"

    @pytest.mark.parametrize(
        ("goal", "done", "status"),
        [
            (LONG, LONG, "fail"),
            (LONG, " " + LONG.replace("，", "， "), "fail"),
            (LONG, LONG.replace("六十", "六十二"), "pass"),
            ("已完成", "已完成", "pass"),  # short texts coincide
            (LONG, "", "not_applicable"),
            ("", LONG, "not_applicable"),
        ],
    )
    def test_two_texts(self, only: Only, goal: str, done: str, status: str) -> None:
        assert only(self.CHECK, FUNDS | {"目标": goal, "完成情况": done}).status == status


class TestResidue:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "residue", "patterns": ["请填写", "^X+$", "XX"]}

    def test_prompts_left_in_text_cells(self, apply: Apply) -> None:
        rows = [indicator("请填写指标名称"), indicator("参会人数", 偏差原因="XXX")]
        outcomes = apply(self.CHECK, FUNDS | {"填报单位": "XX局", "指标": rows}, message="残留“{value}”")
        wrong = {o.path[-1]: o.message.zh for o in outcomes if o.status == "fail" and o.message is not None}
        assert wrong == {"填报单位": "残留“XX”", "三级指标": "残留“请填写”", "偏差原因": "残留“XXX”"}

    def test_blank_cells_have_no_answer_and_others_pass(self, apply: Apply) -> None:
        outcomes = apply(self.CHECK, FUNDS | {"填报单位": "示例局"})
        assert {o.status for o in outcomes} == {"pass"} and any(o.path[-1] == "填报单位" for o in outcomes)


class TestContradicted:
    CHECK: ClassVar[dict[str, Any]] = {
        "kind": "contradicted",
        "fields": ["完成情况"],
        "table": "资金",
        "columns": ["原因"],
        "patterns": ["全部到位"],
        "unless": ["未全部到位"],
        "then": "资金[合计, 到位数] >= 资金[合计, 预算数]",
    }

    @staticmethod
    def funds(received: object, **more: object) -> dict[str, Any]:
        return {"资金": {"合计": {"预算数": 100, "到位数": received, "执行数": 60, **more}}}

    @pytest.mark.parametrize(
        ("received", "text", "status"),
        [
            (100, "资金全部到位。", "pass"),
            (60, "资金全部 到位。", "fail"),
            (60, "资金未全部到位。", "not_applicable"),
            (60, "资金陆续到位。", "not_applicable"),
            ("", "资金全部到位。", "not_applicable"),
            ("#REF!", "资金全部到位。", "insufficient"),
        ],
    )
    def test_words_beside_figures(self, only: Only, received: object, text: str, status: str) -> None:
        assert only(self.CHECK, self.funds(received) | {"完成情况": text}).status == status

    def test_it_stands_at_the_words_and_shows_the_figures(self, only: Only) -> None:
        outcome = only(self.CHECK, self.funds(60, 原因="已全部到位"), message="{said}：{figures}")
        assert outcome.status == "fail" and outcome.path[-1] == "原因"
        assert outcome.message is not None
        assert outcome.message.zh.startswith("全部到位：") and "=60" in outcome.message.zh


class TestConstant:
    CHECK: ClassVar[dict[str, Any]] = {
        "kind": "constant",
        "table": "指标",
        "label": "三级指标",
        "pattern": "完成率",
        "column": "完成值",
        "value": "100%",
    }

    @pytest.mark.parametrize(
        ("values", "status"),
        [
            (("100%", "100%", "100%"), "fail"),
            (("100%", "100%", "99%"), "pass"),
            (("100%", "100%"), "not_applicable"),
            (("100%", "100%", ""), "not_applicable"),
            (("100%", "100%", "100.00%", "已完成"), "fail"),
        ],
    )
    def test_rates_of_a_table(self, only: Only, values: tuple[str, ...], status: str) -> None:
        rows = [indicator(f"{name}完成率", 完成值=value) for name, value in zip("甲乙丙丁", values, strict=False)]
        rows.append(indicator("满意度", 完成值="96%"))
        assert only(self.CHECK, FUNDS | {"指标": rows}).status == status


class TestCoverage:
    CHECK: ClassVar[dict[str, Any]] = {
        "kind": "coverage",
        "table": "指标",
        "column": "一级指标",
        "key": "二级指标",
        "required": {"产出": ["数量", "质量"], "效益": ["社会"]},
    }

    def test_each_level_has_its_sub_levels(self, apply: Apply) -> None:
        rows = [
            indicator("甲", 一级指标="产出指标", 二级指标="数量指标"),
            indicator("乙", 二级指标="时效指标"),
        ]
        outcomes = apply(self.CHECK, FUNDS | {"指标": rows}, message="{value}缺少{missing}")
        assert [(o.path[-1], o.status) for o in outcomes] == [
            ("数量", "pass"),
            ("质量", "fail"),
            ("效益", "not_applicable"),
        ]
        assert outcomes[1].message is not None and outcomes[1].message.zh == "产出缺少质量"

    def test_without_the_level_column_there_is_nothing_to_say(self, only: Only) -> None:
        def strip(workbook: Any) -> Any:
            for row in workbook.sheets[0].rows.values():
                for column, cell in list(row.items()):
                    if cell.raw == "二级指标":
                        del row[column]
            return workbook

        rows = [indicator("甲", 一级指标="产出指标")]
        assert only(self.CHECK, FUNDS | {"指标": rows}, change=strip).status == "not_applicable"
