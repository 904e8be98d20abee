"""Targets and actuals as they stand in published workbooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from checker.values.interval import Interval
from checker.values.lexicon import Lexicon
from checker.values.quantity import Kind
from checker.values.target import Target, TargetKind, comparable, parse_target, target_of

D = Decimal


@pytest.mark.parametrize(
    ("text", "comparator", "number", "unit", "dimension"),
    [
        ("8", "", "8", "", ""),
        ("132.9", "", "132.9", "", ""),
        ("≥3", "≥", "3", "", ""),
        ("≥50个", "≥", "50", "个", "pieces"),
        ("≥ 50 个", "≥", "50", "个", "pieces"),
        (">=50个", "≥", "50", "个", "pieces"),
        ("≤202.6万元", "≤", "202.6", "万元", "money"),
        ("≤90万元", "≤", "90", "万元", "money"),
        ("≥8400元", "≥", "8400", "元", "money"),
        ("=100%", "=", "1", "%", "rate"),
        ("100%", "", "1", "%", "rate"),
        ("99%", "", "0.99", "%", "rate"),
        ("≥100百分比", "≥", "1", "%", "rate"),
        ("≥1场", "≥", "1", "场", "pieces"),
        ("≥2400份", "≥", "2400", "份", "pieces"),
        ("≥200平方米", "≥", "200", "平方米", "area"),
        ("204.46平方米", "", "204.46", "平方米", "area"),
        ("121.5米", "", "121.5", "米", "length"),
        ("≥15年", "≥", "15", "年", "months"),
        ("12个月", "", "12", "个月", "months"),
        ("400元/人、天", "", "400", "元/人、天", ""),
        ("≤5万元/年", "≤", "5", "万元/年", ""),
        ("25人天", "", "25", "人天", ""),
        ("20集", "", "20", "集", "pieces"),
        ("3盒", "", "3", "盒", ""),
        ("2.6万", "", "26000", "", ""),
        ("2.6万人次", "", "26000", "人次", "people"),
        ("不低于95%", "≥", "0.95", "%", "rate"),
        ("95%以上", "≥", "0.95", "%", "rate"),
        ("50人以上", "≥", "50", "人", "people"),
        ("10天内", "≤", "10", "天", "days"),
        ("完成培训3期", "", "3", "期", "pieces"),
        ("培训人数≥50人", "≥", "50", "人", "people"),
        ("培训人数不少于50人", "≥", "50", "人", "people"),
        ("不合格率≤5%", "≤", "0.05", "%", "rate"),
        ("满意度达到95%", "", "0.95", "%", "rate"),
        ("及时率100%", "", "1", "%", "rate"),
        ("提高10%以上", "≥", "0.1", "%", "rate"),
        ("降低5个百分点", "", "0.05", "%", "rate"),
        ("3个项目全部完成", "", "3", "个", "pieces"),
    ],
)
def test_numbers(lexicon: Lexicon, text: str, comparator: str, number: str, unit: str, dimension: str) -> None:
    target = parse_target(text, lexicon)
    assert (target.kind, target.comparator, target.number) == (TargetKind.NUMBER, comparator, D(number))
    assert (target.unit, target.dimension, target.text) == (unit, dimension, text)
    assert not target.approximate


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("近2万人次", "20000", "人次"), ("200余视频", "200", "视频"), ("约50人", "50", "人"), ("培训约50人", "50", "人")],
)
def test_about(lexicon: Lexicon, text: str, number: str, unit: str) -> None:
    target = parse_target(text, lexicon)
    assert (target.number, target.unit, target.approximate) == (D(number), unit, True)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("90%-95%", "0.9", "0.95", "%"),
        ("90-95%", "0.9", "0.95", "%"),
        ("10~20个", "10", "20", "个"),
        ("10至20个", "10", "20", "个"),
        ("10万-20万元", "10", "20", "万元"),
        ("1-2万人", "10000", "20000", "人"),
        ("5—10", "5", "10", ""),
    ],
)
def test_ranges(lexicon: Lexicon, text: str, low: str, high: str, unit: str) -> None:
    target = parse_target(text, lexicon)
    assert (target.number, target.upper, target.unit) == (D(low), D(high), unit)


@pytest.mark.parametrize(
    ("text", "comparator", "first", "last"),
    [
        ("2023年12月", "", date(2023, 12, 1), date(2023, 12, 31)),
        ("2022年12月前", "≤", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022年12月底前", "≤", date(2022, 12, 31), date(2022, 12, 31)),
        ("2022年12月前完成", "≤", date(2022, 12, 1), date(2022, 12, 31)),
        ("不晚于2023年12月31日", "≤", date(2023, 12, 31), date(2023, 12, 31)),
        ("≤2023年12月", "≤", date(2023, 12, 1), date(2023, 12, 31)),
        ("2023-05-06", "", date(2023, 5, 6), date(2023, 5, 6)),
        ("2022年内", "≤", date(2022, 1, 1), date(2022, 12, 31)),
        ("于2023年10月完成", "", date(2023, 10, 1), date(2023, 10, 31)),
        ("2024年2月", "", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_dates(lexicon: Lexicon, text: str, comparator: str, first: date, last: date) -> None:
    target = parse_target(text, lexicon)
    assert (target.kind, target.comparator) == (TargetKind.DATE, comparator)
    assert (target.first, target.last, target.number) == (first, last, None)


@pytest.mark.parametrize(
    "text",
    [
        "达成预期指标",
        "定性",
        "合规",
        "效果明显",
        "第3季度",
        "未达到95%",
        "未超过50人",
        "24/28",
        "12月底前",
        "3月",
        "按照2022年计划完成",
        "符合GB3095标准",
        "2022年完成培训3期",
        "减少3-5天",
        "95%-90%",
        "(3)",
        "长" * 201,
    ],
)
def test_words_stay_words(lexicon: Lexicon, text: str) -> None:
    target = parse_target(text, lexicon)
    assert (target.kind, target.number, target.text) == (TargetKind.TEXT, None, text)


@pytest.mark.parametrize("text", ["", " \u3000", "—", "/", "无"])
def test_nothing_there(lexicon: Lexicon, text: str) -> None:
    assert parse_target(text, lexicon).kind == TargetKind.BLANK


def test_direction_and_unit_may_stand_in_columns_of_their_own(lexicon: Lexicon) -> None:
    target = parse_target("90", lexicon, unit="万元", comparator="小于等于")
    assert (target.comparator, target.number, target.unit, target.dimension) == ("≤", 90, "万元", "money")
    rate = parse_target("95", lexicon, unit="%", comparator="≥")
    assert (rate.number, rate.unit) == (D("0.95"), "%")
    assert parse_target("≥90元", lexicon, unit="万元", comparator="≤").unit == "元"


# Comparing


def compare(lexicon: Lexicon, target: str, actual: str) -> tuple[object, object, str, str]:
    comparison = comparable(parse_target(target, lexicon), parse_target(actual, lexicon))
    values = [None if side is None else side.middle for side in (comparison.target, comparison.actual)]
    return values[0], values[1], comparison.unit, comparison.problem


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("≥50个", "55个", (50, 55, "个", "")),
        ("≥50个", "55", (50, 55, "个", "")),
        ("≥50", "55个", (50, 55, "个", "")),
        ("≥3", "4", (3, 4, "", "")),
        ("≤202.6万元", "132.9", (D("202.6"), D("132.9"), "万元", "")),
        ("≤90万元", "850000元", (90, 85, "万元", "")),
        ("≥95%", "96%", (D("0.95"), D("0.96"), "%", "")),
        ("≥95%", "96", (D("0.95"), D("0.96"), "%", "")),
        ("≥95%", "0.96", (D("0.95"), D("0.96"), "%", "")),
        ("≥95", "96%", (D("0.95"), D("0.96"), "%", "")),
        ("≥100百分比", "100", (1, 1, "%", "")),
        ("≥2万人次", "2.6万人次", (20000, 26000, "人次", "")),
        ("400元/人、天", "180元/人、天", (400, 180, "元/人、天", "")),
        ("400元/人、天", "180", (400, 180, "元/人、天", "")),
        ("1年", "12个月", (1, 1, "年", "")),
        ("≤90万元", "85人", (None, None, "万元", "unit")),
        ("3盒", "3瓶", (None, None, "盒", "unit")),
        ("≤90万元", "850000", (None, None, "万元", "scale")),
        ("≥50个", "完成", (None, None, "", "kind")),
        ("达成预期指标", "5", (None, None, "", "kind")),
        ("2023年12月", "5", (None, None, "", "kind")),
    ],
)
def test_what_can_be_compared_and_what_not(
    lexicon: Lexicon, target: str, actual: str, expected: tuple[object, object, str, str]
) -> None:
    assert compare(lexicon, target, actual) == expected


def test_a_bare_one_against_a_rate_may_mean_two_things(lexicon: Lexicon) -> None:
    comparison = comparable(parse_target("≥95%", lexicon), parse_target("1", lexicon))
    assert comparison.actual == Interval.point(D(1))
    assert comparison.alternative == Interval.point(D("0.01"))


def test_dates_compare_as_spans_of_days(lexicon: Lexicon) -> None:
    comparison = comparable(parse_target("2023年12月", lexicon), parse_target("2023年10月", lexicon))
    assert comparison.target is not None and comparison.actual is not None
    assert comparison.actual.high < comparison.target.low
    assert comparison.problem == ""


# Cells stored as numbers


def stored(lexicon: Lexicon, raw: str, number_format: str) -> Target:
    return target_of(lexicon.read("number", raw, measure="actual", number_format=number_format), lexicon)


def test_number_formats_count(lexicon: Lexicon) -> None:
    rate = stored(lexicon, "1", "0%")
    assert (rate.kind, rate.number, rate.unit) == (TargetKind.NUMBER, 1, "%")
    plain = stored(lexicon, "1", "General")
    assert (plain.kind, plain.number, plain.unit) == (TargetKind.NUMBER, 1, "")
    points = stored(lexicon, "97.8", '0.00"%"')
    assert (points.number, points.unit) == (D("0.978"), "%")
    day = stored(lexicon, "45052", "yyyy-mm-dd")
    assert (day.kind, day.first, day.last) == (TargetKind.DATE, date(2023, 5, 6), date(2023, 5, 6))
    month = stored(lexicon, "45052", 'yyyy"年"m"月"')
    assert (month.first, month.last) == (date(2023, 5, 1), date(2023, 5, 31))


def test_a_target_cell_reads_as_quantity(lexicon: Lexicon) -> None:
    quantity = lexicon.read("text", "≥50个", measure="target")
    assert (quantity.kind, quantity.number, quantity.unit, quantity.comparator) == (Kind.NUMBER, 50, "个", "≥")
    assert lexicon.read("text", "达成预期指标", measure="target").kind == Kind.TEXT
    assert lexicon.read("text", "90%-95%", measure="target").kind == Kind.TEXT
    assert lexicon.read("text", "2023年12月", measure="actual").kind == Kind.DATE


def test_a_text_target_survives_the_way_through_its_quantity(lexicon: Lexicon) -> None:
    for text in ("≥50个", "90%-95%", "2022年12月前", "达成预期指标", "—"):
        quantity = lexicon.read("text", text, measure="target")
        assert target_of(quantity, lexicon) == parse_target(text, lexicon)
