"""What people type into number cells, example by example."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.values.lexicon import Lexicon
from checker.values.numbers import format_amount, format_percent, round_to
from checker.values.quantity import Kind, Note

T = Note.TEXT_NUMBER
FW, SEP, SP, SUF = Note.FULL_WIDTH, Note.SEPARATORS, Note.SPACES, Note.UNIT_SUFFIX
CON, FRAC, PTS, NEG = Note.CONVERTED, Note.PERCENT_FRACTION, Note.PERCENT_POINTS, Note.BRACKETS_NEGATIVE

# column, its unit, what is typed, number, decimals, notes beside TEXT_NUMBER
TYPED = [
    # text numbers, widths, separators, white space
    ("amount", "万元", "125.25", "125.25", 2, ()),
    ("amount", "万元", "0.0", "0.0", 1, ()),
    ("amount", "万元", "190.00", "190.00", 2, ()),
    ("amount", "万元", "0", "0", 0, ()),
    ("amount", "万元", ".5", "0.5", 1, ()),
    ("amount", "万元", "'190.00", "190.00", 2, ()),
    ("amount", "万元", "１２３．４５", "123.45", 2, (FW,)),
    ("amount", "万元", "－１２．５", "-12.5", 1, (FW,)),
    ("amount", "元", "1,293,286.88", "1293286.88", 2, (SEP,)),
    ("amount", "元", "1，293，286.88", "1293286.88", 2, (FW, SEP)),
    ("amount", "元", "1 293 286.88", "1293286.88", 2, (SP, SEP)),
    ("amount", "元", "1\xa0293\xa0286.88", "1293286.88", 2, (SP, SEP)),
    ("amount", "元", "1\u2009293", "1293", 0, (SP, SEP)),
    ("amount", "元", "1, 293", "1293", 0, (SP, SEP)),
    ("amount", "万元", "\u300012.5 ", "12.5", 1, (SP,)),
    ("amount", "万元", "\xa012.5\xa0", "12.5", 1, (SP,)),
    ("amount", "万元", "12.5\n", "12.5", 1, (SP,)),
    ("amount", "万元", "\u200b12.5\ufeff", "12.5", 1, ()),
    ("amount", "万元", "1.5E3", "1500", -2, ()),
    ("amount", "万元", "2.5e-2", "0.025", 3, ()),
    ("amount", "万元", "007", "7", 0, ()),
    # signs
    ("amount", "万元", "+5", "5", 0, ()),
    ("amount", "万元", "＋5", "5", 0, (FW,)),
    ("amount", "万元", "-5.20", "-5.20", 2, ()),
    ("amount", "万元", "- 5", "-5", 0, (SP,)),
    ("amount", "万元", "−5", "-5", 0, ()),
    ("amount", "万元", "▲3.2", "-3.2", 1, ()),
    ("amount", "万元", "△3.2", "-3.2", 1, ()),
    ("amount", "万元", "负3.2", "-3.2", 1, ()),
    ("amount", "万元", "(12.5)", "-12.5", 1, (NEG,)),
    ("amount", "万元", "（12.5）", "-12.5", 1, (FW, NEG)),
    ("amount", "万元", "(1,234.50)", "-1234.50", 2, (SEP, NEG)),
    ("amount", "万元", "（12.5）万元", "-12.5", 1, (FW, NEG, SUF)),
    ("number", "", "(3)", "-3", 0, (NEG,)),
    # units: the column's own, others of money, multipliers
    ("amount", "万元", "125.25万元", "125.25", 2, (SUF,)),
    ("amount", "万元", "620.82万元", "620.82", 2, (SUF,)),
    ("amount", "万元", "5.8万", "5.8", 1, (SUF,)),
    ("amount", "万元", "5.8万元", "5.8", 1, (SUF,)),
    ("amount", "万元", "5.8 万元", "5.8", 1, (SP, SUF)),
    ("amount", "万元", "5.8　万　元", "5.8", 1, (SP, SUF)),
    ("amount", "万元", "5.8（万元）", "5.8", 1, (FW, SUF)),
    ("amount", "万元", "58000元", "5.8000", 4, (CON,)),
    ("amount", "万元", "58,000.00元", "5.800000", 6, (SEP, CON)),
    ("amount", "万元", "1.2亿元", "12000", -3, (CON,)),
    ("amount", "万元", "1.2亿", "12000", -3, (CON,)),
    ("amount", "万元", "3千元", "0.3", 1, (CON,)),
    ("amount", "万元", "3百万元", "300", -2, (CON,)),
    ("amount", "万元", "3千万元", "3000", -3, (CON,)),
    ("amount", "万元", "¥58000", "5.8000", 4, (CON,)),
    ("amount", "万元", "￥5.8万", "5.8", 1, (SUF,)),
    ("amount", "万元", "人民币5.8万元", "5.8", 1, (SUF,)),
    ("amount", "元", "150万", "1500000", -4, (CON,)),
    ("amount", "元", "5.8万", "58000", -3, (CON,)),
    ("amount", "元", "5.8万元", "58000", -3, (CON,)),
    ("amount", "元", "1293286.88元", "1293286.88", 2, (SUF,)),
    ("amount", "元", "¥58000", "58000", 0, (SUF,)),
    ("amount", "亿元", "9101.68万元", "0.910168", 6, (CON,)),
    ("amount", "", "5.8万元", "5.8", 1, (SUF,)),
    ("amount", "", "5.8万", "58000", -3, (SUF,)),
    # percentages
    ("percent", "", "95%", "0.95", 0, ()),
    ("percent", "", "97.80%", "0.9780", 2, ()),
    ("percent", "", "97.80％", "0.9780", 2, (FW,)),
    ("percent", "", "97.80 %", "0.9780", 2, (SP,)),
    ("percent", "", "100%", "1.00", 0, ()),
    ("percent", "", "121%", "1.21", 0, ()),
    ("percent", "", "0.00%", "0.0000", 2, ()),
    ("percent", "", "-1.5%", "-0.015", 1, ()),
    ("percent", "", "(5%)", "-0.05", 0, (NEG,)),
    ("percent", "", "978‰", "0.978", 1, ()),
    ("percent", "", "95百分比", "0.95", 0, ()),
    ("percent", "", "5个百分点", "0.05", 0, ()),
    ("percent", "", "0.95", "0.95", 0, (FRAC,)),
    ("percent", "", "0.978", "0.978", 1, (FRAC,)),
    ("percent", "", "95", "0.95", 0, (PTS,)),
    ("percent", "", "97.80", "0.9780", 2, (PTS,)),
    ("percent", "", "100", "1.00", 0, (PTS,)),
    ("percent", "", "0", "0", 0, ()),
    ("percent", "%", "95", "0.95", 0, (PTS,)),
    # counts, scores, weights, other numbers
    ("count", "人", "14", "14", 0, ()),
    ("count", "人", "14人", "14", 0, (SUF,)),
    ("count", "人", "14名", "14", 0, (SUF,)),
    ("count", "", "14个", "14", 0, (SUF,)),
    ("count", "个", "14人", "14", 0, (SUF,)),
    ("count", "集", "20集", "20", 0, (SUF,)),
    ("count", "人", "2.6万", "26000", -3, (CON,)),
    ("count", "人", "2.6万人次", "26000", -3, (CON,)),
    ("count", "万人", "2.6万", "2.6", 1, (SUF,)),
    ("score", "", "9.5分", "9.5", 1, (SUF,)),
    ("score", "分", "9.5", "9.5", 1, ()),
    ("weight", "", "10", "10", 0, ()),
    ("weight", "", "10分", "10", 0, (SUF,)),
    ("weight", "", "10%", "10", 0, (PTS,)),
    ("number", "㎡", "204.46平方米", "204.46", 2, (SUF,)),
    ("number", "㎡", "204.46㎡", "204.46", 2, (SUF,)),
    ("number", "米", "1.2公里", "1200", -2, (CON,)),
    ("number", "万平方米", "3000㎡", "0.3000", 4, (CON,)),
    ("number", "", "5米", "5", 0, (SUF,)),
    ("number", "", "3万", "30000", -4, (SUF,)),
    ("number", "万元", "3万", "3", 0, (SUF,)),
]


@pytest.mark.parametrize(("measure", "unit", "raw", "number", "decimals", "notes"), TYPED)
def test_a_text_that_is_a_number(
    lexicon: Lexicon, measure: str, unit: str, raw: str, number: str, decimals: int, notes: tuple[str, ...]
) -> None:
    quantity = lexicon.read("text", raw, measure=measure, unit=unit)
    assert (quantity.kind, quantity.number) == (Kind.NUMBER, Decimal(number))
    assert quantity.decimals == decimals
    assert quantity.notes == (T, *notes)
    assert quantity.raw == raw
    assert not quantity.approximate and not quantity.comparator


# column, what is typed, number, comparator
BOUNDED = [
    ("count", "≥50个", "50", "≥"),
    ("count", ">=50", "50", "≥"),
    ("count", "＞＝50", "50", "≥"),
    ("count", "不少于50人", "50", "≥"),
    ("count", "50人以上", "50", "≥"),
    ("count", "50（含）以上", "50", "≥"),
    ("count", "≤50", "50", "≤"),
    ("count", "50人以内", "50", "≤"),
    ("count", "超过50人", "50", ">"),
    ("count", "不足50人", "50", "<"),
    ("count", "近2万", "20000", ""),
    ("count", "近2万人次", "20000", ""),
    ("count", "100多", "100", ""),
    ("count", "20余", "20", ""),
    ("count", "20余个", "20", ""),
    ("count", "6万余人次", "60000", ""),
    ("count", "80余场", "80", ""),
    ("count", "约10", "10", ""),
    ("count", "10左右", "10", ""),
    ("count", "10人左右", "10", ""),
    ("amount", "约6万余元", "6", ""),
    ("amount", "≤202.6万元", "202.6", "≤"),
    ("percent", "≥95%", "0.95", "≥"),
    ("percent", "95%以上", "0.95", "≥"),
]


@pytest.mark.parametrize(("measure", "raw", "number", "comparator"), BOUNDED)
def test_no_equality_may_rest_on_about_or_at_least(
    lexicon: Lexicon, measure: str, raw: str, number: str, comparator: str
) -> None:
    quantity = lexicon.read("text", raw, measure=measure, unit="万元" if measure == "amount" else "")
    assert (quantity.kind, quantity.number) == (Kind.NUMBER, Decimal(number))
    assert quantity.comparator == comparator
    assert quantity.approximate


def test_an_equals_sign_keeps_a_number_exact(lexicon: Lexicon) -> None:
    quantity = lexicon.read("text", "=100%", measure="percent")
    assert (quantity.number, quantity.comparator, quantity.approximate) == (1, "=", False)


# column, its unit, what is typed, why it cannot be read
UNREADABLE = [
    ("amount", "万元", "5人", Note.OTHER_UNIT),
    ("amount", "万元", "95%", Note.OTHER_UNIT),
    ("amount", "万元", "400元/人、天", Note.OTHER_UNIT),
    ("amount", "万元", "10分", Note.OTHER_UNIT),
    ("amount", "万元", "3盒", Note.OTHER_UNIT),
    ("amount", "万元", "3万元（其中：财政拨款）", Note.WORDS),
    ("amount", "万元", "3万元（其中财政2万元）", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "10-20", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "10~20万元", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "24/28", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "12,34.5", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "12 34", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "1.2.3", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "1. 5", Note.SEVERAL_NUMBERS),
    ("amount", "万元", "见附件", Note.WORDS),
    ("amount", "万元", "①", Note.WORDS),
    ("amount", "万元", "5²", Note.OTHER_UNIT),
    ("amount", "万元", "½", Note.WORDS),
    ("amount", "万元", "合计12", Note.WORDS),
    ("amount", "万元", "--5", Note.WORDS),
    ("amount", "万元", "1" * 31, Note.WORDS),
    ("amount", "万元", "一百", Note.WORDS),
    ("amount", "某种单位", "5万元", Note.OTHER_UNIT),
    ("percent", "", "95人", Note.OTHER_UNIT),
    ("percent", "", "1万", Note.OTHER_UNIT),
    ("percent", "", "95%-100%", Note.SEVERAL_NUMBERS),
    ("percent", "", "完成", Note.WORDS),
    ("count", "人", "5万元", Note.OTHER_UNIT),
    ("count", "人", "95%", Note.OTHER_UNIT),
    ("count", "人", "(5)", Note.WORDS),
    ("score", "", "95%", Note.OTHER_UNIT),
    ("score", "", "(10)", Note.WORDS),
    ("score", "", "1万", Note.OTHER_UNIT),
    ("weight", "", "10人", Note.OTHER_UNIT),
    ("number", "㎡", "5人", Note.OTHER_UNIT),
    ("date", "", "尽快", Note.WORDS),
    ("date", "", "2023-02-30", Note.WORDS),
    ("date", "", "12月31日", Note.WORDS),
    ("date", "", "12", Note.WORDS),
]


@pytest.mark.parametrize(("measure", "unit", "raw", "why"), UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_so_and_never_zero(
    lexicon: Lexicon, measure: str, unit: str, raw: str, why: str
) -> None:
    quantity = lexicon.read("text", raw, measure=measure, unit=unit)
    assert (quantity.kind, quantity.number) == (Kind.UNREADABLE, None)
    assert quantity.notes == (why,)
    assert quantity.raw == raw


@pytest.mark.parametrize(
    "raw", ["—", "——", "－", "-", "---", "–", "/", "／", "\\", "无", " 无 ", "一", "×", "*", "N/A", "不适用", "//"]
)
@pytest.mark.parametrize("measure", ["amount", "percent", "count", "score"])
def test_marks_for_none_are_neither_zero_nor_blank(lexicon: Lexicon, measure: str, raw: str) -> None:
    quantity = lexicon.read("text", raw, measure=measure)
    assert (quantity.kind, quantity.number, quantity.raw) == (Kind.NIL, None, raw)


@pytest.mark.parametrize(
    ("measure", "raw", "kind"),
    [
        ("text", "一", Kind.TEXT),
        ("text", "×", Kind.TEXT),
        ("text", "无", Kind.NIL),
        ("text", "—", Kind.NIL),
        ("label", "—", Kind.TEXT),
        ("label", "无", Kind.TEXT),
        ("code", "2080505", Kind.TEXT),
        ("code", "/", Kind.NIL),
        ("text", "一般公共预算", Kind.TEXT),
        ("target", "一", Kind.TEXT),
        ("actual", "/", Kind.NIL),
        ("text", " \u3000\xa0", Kind.BLANK),
        ("amount", "", Kind.BLANK),
        ("amount", "\u200b", Kind.BLANK),
    ],
)
def test_words_in_columns_of_words(lexicon: Lexicon, measure: str, raw: str, kind: str) -> None:
    quantity = lexicon.read("text", raw, measure=measure)
    assert (quantity.kind, quantity.number, quantity.raw) == (kind, None, raw)


@pytest.mark.parametrize("measure", ["amount", "percent", "text", "date", "target"])
def test_what_is_stored_as_something_else(lexicon: Lexicon, measure: str) -> None:
    assert lexicon.read(None, "", measure=measure).kind == Kind.BLANK
    assert lexicon.read("", "", measure=measure).kind == Kind.BLANK
    assert lexicon.read("boolean", "TRUE", measure=measure).kind == Kind.BOOLEAN
    assert lexicon.read("error", "#REF!", measure=measure).kind == Kind.ERROR
    assert lexicon.read("no_cache", "", measure=measure).kind == Kind.NO_CACHE


@pytest.mark.parametrize("raw", ["#REF!", "#DIV/0!", "#N/A", "#NAME?"])
def test_error_values_written_as_text_are_errors(lexicon: Lexicon, raw: str) -> None:
    assert lexicon.read("text", raw, measure="amount").kind == Kind.ERROR


# column, stored, number format, number, decimals, notes
STORED = [
    ("amount", "1234.56", "General", "1234.56", 2, ()),
    ("amount", "0", "General", "0", 0, ()),
    ("amount", "100.0", "General", "100", 0, ()),
    ("amount", "-5.2", "General", "-5.2", 1, ()),
    ("amount", "326.70999999999998", "General", "326.71", 2, ()),
    ("amount", "89.974", "General", "89.974", 3, ()),
    ("amount", "120.5", "#,##0.00", "120.5", 2, ()),
    ("amount", "89.974", "0.00", "89.974", 3, ()),
    ("amount", "2.2737367544323206E-13", "General", "2.27373675443232E-13", 0, ()),
    ("amount", "440102199003074011", "General", "440102199003074000", 0, (Note.DIGITS_LOST,)),
    ("percent", "0.978", "0.00%", "0.978", 2, ()),
    ("percent", "0.9785", "0%", "0.9785", 2, ()),
    ("percent", "1", "0%", "1", 0, ()),
    ("percent", "1.21", "0.00%", "1.21", 2, ()),
    ("percent", "97.8", '0.00"%"', "0.978", 2, ()),
    ("percent", "0.95", "General", "0.95", 0, (FRAC,)),
    ("percent", "0.978", "0.000", "0.978", 1, (FRAC,)),
    ("percent", "95", "General", "0.95", 0, (PTS,)),
    ("percent", "97.8", "0.00", "0.978", 2, (PTS,)),
    ("percent", "0", "General", "0", 0, ()),
    ("weight", "0.1", "0%", "10", 0, (PTS,)),
    ("weight", "10", "General", "10", 0, ()),
    ("score", "9.5", "0.00_ ", "9.5", 2, ()),
]


@pytest.mark.parametrize(("measure", "raw", "number_format", "number", "decimals", "notes"), STORED)
def test_stored_numbers(
    lexicon: Lexicon,
    measure: str,
    raw: str,
    number_format: str,
    number: str,
    decimals: int,
    notes: tuple[str, ...],
) -> None:
    quantity = lexicon.read("number", raw, measure=measure, number_format=number_format)
    assert (quantity.kind, quantity.number) == (Kind.NUMBER, Decimal(number))
    assert (quantity.decimals, quantity.notes, quantity.raw) == (decimals, notes, raw)


@pytest.mark.parametrize(
    ("kind", "raw", "unit", "number", "alternative"),
    [
        ("number", "1", "", "1", "0.01"),
        ("text", "1", "", "1", "0.01"),
        ("number", "1.5", "", "0.015", "1.5"),
        ("number", "2", "", "0.02", "2"),
        ("number", "2.01", "", "0.0201", None),
        ("number", "0.95", "", "0.95", None),
        ("number", "0.95", "%", "0.95", "0.0095"),
        ("number", "95", "%", "0.95", None),
        ("number", "0", "%", "0", None),
    ],
)
def test_a_bare_rate_that_may_mean_two_things_says_so(
    lexicon: Lexicon, kind: str, raw: str, unit: str, number: str, alternative: str | None
) -> None:
    quantity = lexicon.read(kind, raw, measure="percent", unit=unit)
    assert quantity.number == Decimal(number)
    assert quantity.alternative == (None if alternative is None else Decimal(alternative))


def test_a_percent_sign_settles_it(lexicon: Lexicon) -> None:
    assert lexicon.read("text", "1%", measure="percent").alternative is None
    assert lexicon.read("number", "1", measure="percent", number_format="0%").alternative is None


def test_a_number_that_excel_made_a_date_of_is_not_an_amount(lexicon: Lexicon) -> None:
    quantity = lexicon.read("number", "44928", measure="amount", number_format='m"月"d"日"')
    assert (quantity.kind, quantity.notes) == (Kind.UNREADABLE, (Note.DATE_SHOWN,))
    assert lexicon.read("date", "2023-01-02", measure="count").kind == Kind.UNREADABLE


@pytest.mark.parametrize("raw", ["nan", "1e999", "", "abc"])
def test_a_damaged_number_cell_is_unreadable(lexicon: Lexicon, raw: str) -> None:
    assert lexicon.read("number", raw, measure="amount").kind == Kind.UNREADABLE
    assert lexicon.number("number", raw) is None


@pytest.mark.parametrize(("raw", "code"), [("2080505", "2080505"), ("2080505.0", "2080505"), ("3.0217E4", "30217")])
def test_a_code_stored_as_a_number_is_its_digits(lexicon: Lexicon, raw: str, code: str) -> None:
    quantity = lexicon.read("number", raw, measure="code")
    assert (quantity.kind, quantity.raw, quantity.notes) == (Kind.TEXT, code, ())


def test_an_identity_number_that_lost_digits_is_noted(lexicon: Lexicon) -> None:
    assert lexicon.read("number", "4.40102199003074E+17", measure="code").notes == (Note.DIGITS_LOST,)


SERIAL = Decimal(45052)  # 2023-05-06


@pytest.mark.parametrize(
    ("kind", "raw", "number_format", "first", "last", "comparator"),
    [
        ("text", "2023-05-06", "", "45052", None, ""),
        ("text", "2023.5.6", "", "45052", None, ""),
        ("text", "2023/5/6", "", "45052", None, ""),
        ("text", "2023年5月6日", "", "45052", None, ""),
        ("text", "2023 年 5 月 6 日", "", "45052", None, ""),
        ("text", "２０２３年５月６日", "", "45052", None, ""),
        ("text", "20230506", "", "45052", None, ""),
        ("text", "2023-05-06 12:30:00", "", "45052", None, ""),
        ("date", "2023-05-06T00:00:00", "", "45052", None, ""),
        ("text", "2023年5月", "", "45047", "45077", ""),
        ("text", "2023.05", "", "45047", "45077", ""),
        ("text", "2023年", "", "44927", "45291", ""),
        ("text", "2022年12月前", "", "44896", "44926", "≤"),
        ("text", "2022年12月底前", "", "44926", None, "≤"),
        ("text", "2022年底", "", "44926", None, ""),
        ("text", "45052", "", "45052", None, ""),
        ("number", "45052", "yyyy-mm-dd", "45052", None, ""),
        ("number", "45052.5", "yyyy-mm-dd hh:mm", "45052", None, ""),
        ("number", "45052", "General", "45052", None, ""),
        ("number", "45052", 'yyyy"年"m"月"', "45047", "45077", ""),
        ("number", "20230506", "General", "45052", None, ""),
        ("number", "202305", "General", "45047", "45077", ""),
        ("number", "2023", "General", "44927", "45291", ""),
    ],
)
def test_dates(
    lexicon: Lexicon, kind: str, raw: str, number_format: str, first: str, last: str | None, comparator: str
) -> None:
    quantity = lexicon.read(kind, raw, measure="date", number_format=number_format or "General")
    assert (quantity.kind, quantity.number) == (Kind.DATE, Decimal(first))
    assert quantity.alternative == (None if last is None else Decimal(last))
    assert quantity.comparator == comparator


def test_the_1904_system_gives_the_same_days(lexicon: Lexicon) -> None:
    quantity = lexicon.read("number", "43590", measure="date", number_format="yyyy-mm-dd", date1904=True)
    assert quantity.number == SERIAL


def test_an_unknown_kind_of_column_is_a_mistake_of_the_caller(lexicon: Lexicon) -> None:
    with pytest.raises(ValueError):
        lexicon.read("text", "5", measure="sum")


@pytest.mark.parametrize(
    ("unit", "to", "factor"),
    [("万元", "元", "10000"), ("元", "万元", "0.0001"), ("万人次", "人", "10000"), ("㎡", "㎡", "1")],
)
def test_factors(lexicon: Lexicon, unit: str, to: str, factor: str) -> None:
    assert lexicon.factor(unit, to) == Decimal(factor)


def test_units_of_different_dimensions_have_no_factor(lexicon: Lexicon) -> None:
    assert lexicon.factor("万元", "人") is None
    assert lexicon.factor("万元", "某") is None


def test_a_reading_converts_with_its_grain(lexicon: Lexicon) -> None:
    quantity = lexicon.read("number", "3267149.00", measure="amount", unit="元")
    converted, grain = lexicon.convert(quantity, Decimal("0.01"), "元", "万元")
    assert (converted.number, converted.unit, grain) == (Decimal("326.7149"), "万元", Decimal("0.000001"))
    assert converted.raw == "3267149.00"
    with pytest.raises(ValueError):
        lexicon.convert(quantity, Decimal(0), "元", "人")


def test_yuan_is_exact_and_wan_is_not(lexicon: Lexicon) -> None:
    assert lexicon.is_exact_unit("元") and not lexicon.is_exact_unit("万元")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额单位：万元", "万元"),
        ("单位:元", "元"),
        ("（单位：万元）", "万元"),
        ("编制单位：某某科协　　　　金额单位：万元", "万元"),
        ("单位：万", "万元"),
        ("单位名称：某某局", ""),
        ("项目实施单位", ""),
    ],
)
def test_the_unit_that_a_sheet_states(lexicon: Lexicon, text: str, unit: str) -> None:
    assert lexicon.stated_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("全年预算数（万元）", "万元"),
        ("预算数(A)(元)", "元"),
        ("面积（㎡）", "㎡"),
        ("项目资金（单位：万元）", "万元"),
        ("全年预算数（A）", ""),
        ("全年预算数", ""),
    ],
)
def test_the_unit_in_a_heading(lexicon: Lexicon, text: str, unit: str) -> None:
    assert lexicon.unit_in_brackets(text) == unit


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("（2022年度）", "2022"),
        ("2022 年度项目支出绩效自评表", "2022"),
        ("财预〔2020〕10号 2022年度", "2022"),
        ("财预〔2020〕10号", "2020"),
        ("2021-2022", ""),
        ("编号20221234", ""),
        ("自评表", ""),
    ],
)
def test_the_year_in_a_title(lexicon: Lexicon, text: str, year: str) -> None:
    assert lexicon.year_in(text) == year


TYPICAL = st.sampled_from("0123456789０１２.,，-+()（）%％万元人个约余≥≤至/年月日 \u3000\xa0一无E'#")
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=6)


@given(
    number=amounts, decimals=st.integers(0, 6), grouping=st.booleans(), suffix=st.sampled_from(["", "万元", " 万元"])
)
def test_an_amount_as_shown_is_read_as_itself(
    lexicon: Lexicon, number: Decimal, decimals: int, grouping: bool, suffix: str
) -> None:
    shown = format_amount(number, decimals, grouping) + suffix
    quantity = lexicon.read("text", shown, measure="amount", unit="万元")
    assert (quantity.number, quantity.decimals) == (round_to(number, decimals), decimals)


@pytest.mark.parametrize(
    ("text", "number", "decimals"),
    [("75.15000000000001", "75.15", 2), (" 9.960000000000001 ", "9.96", 2), ("-0.30000000000000004", "-0.3", 1)],
)
def test_a_double_that_a_program_wrote_as_text_is_the_number_meant(
    lexicon: Lexicon, text: str, number: str, decimals: int
) -> None:
    quantity = lexicon.read("text", text, measure="amount", unit="万元")
    assert (quantity.number, quantity.decimals) == (Decimal(number), decimals)


@given(ratio=st.decimals(min_value=-5, max_value=5, places=6), decimals=st.integers(0, 4))
def test_a_percentage_as_shown_is_read_as_itself(lexicon: Lexicon, ratio: Decimal, decimals: int) -> None:
    quantity = lexicon.read("text", format_percent(ratio, decimals), measure="percent")
    assert (quantity.number, quantity.decimals) == (round_to(ratio, decimals + 2), decimals)


@given(
    raw=st.text(
        st.sampled_from("0123456789０１２.,，-+()（）%％万元人个约余≥≤至/年月日 \u3000\xa0一无E'#"), max_size=14
    ),
    measure=st.sampled_from(
        ["amount", "percent", "score", "weight", "count", "number", "code", "date", "text", "target", "actual"]
    ),
)
def test_whatever_is_typed_gets_an_answer_and_keeps_its_text(lexicon: Lexicon, raw: str, measure: str) -> None:
    quantity = lexicon.read("text", raw, measure=measure, unit="万元" if measure == "amount" else "")
    assert quantity.raw == raw
    assert (quantity.number is not None) == (quantity.kind in (Kind.NUMBER, Kind.DATE))


@given(raw=st.text(max_size=30), measure=st.sampled_from(["amount", "percent", "date", "target"]))
def test_any_text_at_all_gets_an_answer(lexicon: Lexicon, raw: str, measure: str) -> None:
    assert lexicon.read("text", raw, measure=measure).raw == raw


@given(raw=st.decimals(min_value=0, max_value=10**10, places=3).map(str))
def test_the_plain_path_is_a_shortcut_not_another_reading(lexicon: Lexicon, raw: str) -> None:
    quantity = lexicon.read("number", raw, measure="amount")
    assert quantity == lexicon._stored(raw, "amount", "", "General", False)
    assert quantity.number == lexicon.number("number", raw)
