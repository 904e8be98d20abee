"""Kinds about indicators: what was achieved against its target, and the marks that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

COLUMNS = {"table": "指标", "target": "指标值", "actual": "完成值", "direction": "性质", "unit": "计量单位"}
SCORE = {"kind": "indicator_score", **COLUMNS, "weight": "分值", "score": "得分"}
DEDUCTION = {"kind": "indicator_deduction", **COLUMNS, "weight": "分值", "score": "得分", "reason": "偏差原因"}
OVERSHOOT = {"kind": "indicator_overshoot", **COLUMNS, "reason": "偏差原因", "limit": "120%"}
MEASURE = {"kind": "indicator_measure", **COLUMNS}
BAND = {
    "kind": "qualitative_band",
    "table": "指标",
    "actual": "完成值",
    "weight": "分值",
    "score": "得分",
    "bands": {"达成": ["80%", "100%"], "部分达成": ["60%", "80%"], "未达成": ["0%", "60%"]},
}


def row(target: Any, actual: Any, score: Any = None, weight: Any = 10, **more: Any) -> dict[str, Any]:
    cells = {"三级指标": "甲", "指标值": target, "完成值": actual, "分值": weight, "得分": score} | more
    return {"资金": {"合计": {"预算数": 1, "执行数": 1}}, "指标": [cells]}


class TestScore:
    @pytest.mark.parametrize(
        ("target", "actual", "score", "status"),
        [
            # met: full marks; less is another rule's business
            ("≥50个", "50个", 10, "pass"),
            ("≥50个", "62个", 10, "pass"),
            ("≥50个", "62个", 9, "not_applicable"),
            ("≤90万元", "88.6万元", 10, "pass"),
            ("=100%", "100%", 10, "pass"),
            # missed, more is better: in proportion
            ("≥50个", "40个", 8, "pass"),
            ("≥50个", "40个", 10, "fail"),
            ("≥50个", "40个", 5, "fail"),
            ("≥95%", "92.15%", "9.70", "pass"),
            ("≥95%", "92.15%", "9.7", "pass"),
            ("≥3个", "2个", "6.67", "pass"),
            ("≥3个", "2个", "6.66", "fail"),
            ("≥50个", "0个", 0, "pass"),
            ("≥50个", "0个", 1, "fail"),
            # missed, less is better: either published formula
            ("≤90万元", "99万元", 9, "pass"),
            ("≤90万元", "99万元", "9.09", "pass"),
            ("≤90万元", "99万元", 10, "fail"),
            ("≤90万元", "200万元", 0, "pass"),
            ("≤90万元", "200万元", "4.5", "pass"),
            # nothing is a share of nothing
            ("≤0起", "1起", 10, "fail"),
            ("≤0起", "1起", 5, "not_applicable"),
            ("=0起", "2起", 0, "not_applicable"),
            # an exact target: less in proportion, more not marked by any formula
            ("=100份", "90份", 9, "pass"),
            ("=100份", "90份", 10, "fail"),
            ("=100份", "110份", 10, "pass"),
            ("=100份", "110份", 9, "not_applicable"),
            # no direction: only an exact hit decides
            ("100份", "100份", 10, "pass"),
            ("100份", "120份", 10, "not_applicable"),
            ("100份", "80份", 10, "not_applicable"),
            # dates and ranges: no formula, but not full marks
            ("2024年12月底前", "2024年11月", 10, "pass"),
            ("2024年12月底前", "2025年3月", 10, "fail"),
            ("2024年12月底前", "2025年3月", 6, "not_applicable"),
            ("90%-95%", "92%", 10, "pass"),
            ("90%-95%", "80%", 10, "fail"),
            ("90%-95%", "80%", 8, "not_applicable"),
            # what cannot be compared
            ("≥50个", "效果良好", 10, "not_applicable"),
            ("有所提高", "有所提高", 10, "not_applicable"),
            ("≥50个", "40人次", 10, "not_applicable"),
            ("≥50个", "约40个", 10, "not_applicable"),
            ("≥约50个", "40个", 10, "not_applicable"),
            ("≥50个", None, 10, "not_applicable"),
            (None, "40个", 10, "not_applicable"),
            ("≥50个", "40个", None, "insufficient"),
            ("≥50个", "40个", "满分", "insufficient"),
            ("≥50个", "40个", {"error": "#REF!"}, "insufficient"),
            # units of one dimension
            ("≥2万人次", "1.5万人次", "7.5", "pass"),
            ("≥2万人次", "15000人次", "7.5", "pass"),
            # marks beyond full marks are another rule's business
            ("≥50个", "40个", 12, "not_applicable"),
        ],
    )
    def test_verdicts(self, only: Only, target: Any, actual: Any, score: Any, status: str) -> None:
        assert only(SCORE, row(target, actual, score)).status == status

    @pytest.mark.parametrize(
        ("variant", "score", "status"),
        [
            ("linear", 9, "pass"),
            ("linear", "9.09", "fail"),
            ("ratio", "9.09", "pass"),
            ("ratio", 9, "fail"),
            ("方式", 9, "pass"),
        ],
    )
    def test_the_variant_that_applies(self, only: Only, variant: str, score: Any, status: str) -> None:
        check = SCORE | {"reverse": variant}
        given = row("≤90万元", "99万元", score)
        assert only(check, given, parameters={"方式": "linear"}).status == status

    def test_marks_cut_or_rounded_are_told_as_such(self, only: Only) -> None:
        cut = only(SCORE, row("≥3个", "2个", 6))
        assert (cut.severity, cut.cause is not None and "whole number" in cut.cause.en) == ("error", True)
        rounded = only(SCORE, row("≥3个", "2个", 7))
        assert (rounded.status, rounded.severity) == ("fail", "note")
        of_two_formulas = only(SCORE, row("≤90万元", "99万元", "9.1"))
        assert of_two_formulas.severity == "note"

    def test_the_message_says_what_it_should_be(self, only: Only) -> None:
        says = "{name}：{target}，{actual}，满分{full}，应为{expected}，填{left}"
        told = only(SCORE, row("≥50个", "40个", 10), message=says)
        assert told.message is not None and told.message.zh == "甲：≥50个，40个，满分10，应为8.00，填10"
        late = only(SCORE, row("2024年12月底前", "2025年3月", 10), message=says)
        assert late.message is not None and late.message.zh.endswith("应为低于10，填10")

    def test_direction_and_unit_in_columns_of_their_own(self, only: Only) -> None:
        assert only(SCORE, row(50, 40, 10, 性质="≥", 计量单位="个")).status == "fail"
        assert only(SCORE, row(50, 40, 10, 性质="≤", 计量单位="个")).status == "pass"
        assert only(SCORE, row(95, 90, 10, 性质="≥", 计量单位="%")).status == "fail"

    def test_a_condition(self, only: Only) -> None:
        check = SCORE | {"when": "ISBLANK([@偏差原因])"}
        assert only(check, row("≥50个", "40个", 10, 偏差原因="调整")).status == "not_applicable"
        assert only(check, row("≥50个", "40个", 10)).status == "fail"

    def test_a_missing_table(self, only: Only) -> None:
        assert only(SCORE, {"资金": {"合计": {"预算数": 1, "执行数": 1}}, "指标": None}).status == "insufficient"


class TestDeduction:
    @pytest.mark.parametrize(
        ("target", "actual", "score", "reason", "status"),
        [
            ("≥50个", "50个", 9, None, "fail"),
            ("≥50个", "50个", 9, "资料不全", "pass"),
            ("≥50个", "50个", 10, None, "pass"),
            ("≥50个", "50个", 9, "无", "fail"),
            ("≥50个", "40个", 8, None, "not_applicable"),
            ("≥50个", "约50个", 8, None, "not_applicable"),
            ("有所提高", "有所提高", 8, None, "not_applicable"),
            ("≥50个", "50个", None, None, "not_applicable"),
            ("100份", "120份", 9, None, "not_applicable"),
        ],
    )
    def test_verdicts(self, only: Only, target: Any, actual: Any, score: Any, reason: str | None, status: str) -> None:
        assert only(DEDUCTION, row(target, actual, score, 偏差原因=reason)).status == status


class TestOvershoot:
    @pytest.mark.parametrize(
        ("target", "actual", "reason", "status"),
        [
            ("≥50个", "59个", None, "pass"),
            ("≥50个", "60个", None, "fail"),
            ("≥50个", "60个", "追加任务", "not_applicable"),
            ("50个", "90个", None, "fail"),
            ("≤50个", "90个", None, "not_applicable"),
            ("≥50个", "约90个", None, "not_applicable"),
            ("≥0个", "5个", None, "not_applicable"),
            ("≥50个", "90人次", None, "not_applicable"),
            ("有所提高", "明显提高", None, "not_applicable"),
            ("≥50个", None, None, "not_applicable"),
        ],
    )
    def test_verdicts(self, only: Only, target: Any, actual: Any, reason: str | None, status: str) -> None:
        assert only(OVERSHOOT, row(target, actual, 10, 偏差原因=reason)).status == status

    def test_the_limit_is_a_number_or_a_parameter(self, only: Only) -> None:
        given = row("≥50个", "60个", 10)
        assert only(OVERSHOOT | {"limit": 2}, given).status == "pass"
        named = OVERSHOOT | {"limit": "界限"}
        assert only(named, given, parameters={"界限": "120%"}).status == "fail"
        assert only(named, given, parameters={"界限": "130%"}).status == "pass"
        assert only(named, given).status == "insufficient"

    def test_the_message(self, only: Only) -> None:
        told = only(OVERSHOOT, row("≥50个", "60个", 10), message="{ratio}，界限{limit}")
        assert told.message is not None and told.message.zh == "120.0%，界限120%"


class TestMeasure:
    @pytest.mark.parametrize(
        ("aspect", "target", "actual", "status"),
        [
            ("kind", "≥50个", "已完成", "fail"),
            ("kind", "≥50个", "48个", "pass"),
            ("kind", "≥50个", "已完成48个", "pass"),
            ("kind", "有所提高", "已完成", "not_applicable"),
            ("kind", "≥50个", None, "not_applicable"),
            ("unit", "≥50人", "3场", "fail"),
            ("unit", "≥50人", "50人次", "pass"),
            ("unit", "≥0.9万元", "8999元", "pass"),
            ("unit", "≥95%", "95", "pass"),
            ("unit", "≥50人", "50", "pass"),
            ("unit", "≥50人", "已完成", "not_applicable"),
            ("sign", "≥50个", "≥50个", "fail"),
            ("sign", "≥50个", "50个", "pass"),
            ("sign", "有所提高", "≥50个", "not_applicable"),
        ],
    )
    def test_verdicts(self, only: Only, aspect: str, target: Any, actual: Any, status: str) -> None:
        assert only(MEASURE | {"aspect": aspect}, row(target, actual, 10)).status == status


class TestQualitativeBand:
    @pytest.mark.parametrize(
        ("actual", "score", "status"),
        [
            ("达成预期指标", 10, "pass"),
            ("达成预期指标", 8, "pass"),
            ("达成预期指标", "7.99", "fail"),
            ("部分达成", 8, "pass"),
            ("部分达成", "8.01", "fail"),
            ("部分达成", 6, "pass"),
            ("未达成", 0, "pass"),
            ("未达成", 9, "fail"),
            ("效果良好", 3, "not_applicable"),
            ("已达成", 3, "not_applicable"),  # other words may mean anything
            (None, 9, "not_applicable"),
            ("95%", 9, "not_applicable"),
            ("达成", None, "insufficient"),
            ("达成", "优秀", "insufficient"),
        ],
    )
    def test_verdicts(self, only: Only, actual: Any, score: Any, status: str) -> None:
        assert only(BAND, row("有所提高", actual, score)).status == status

    def test_the_band_is_told_in_marks(self, only: Only) -> None:
        told = only(BAND, row("有所提高", "部分达成", 10, weight=5), message="应在{low}至{high}之间")
        assert told.message is not None and told.message.zh == "应在3至4之间"

    def test_without_full_marks_there_is_no_band(self, only: Only) -> None:
        assert only(BAND, row("有所提高", "达成", 10, weight=None)).status == "not_applicable"
