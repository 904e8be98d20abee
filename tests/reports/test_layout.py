from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.reports.figures import plain, shown
from checker.reports.layout import clean, cut, pad, width, wrap


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("0", "万元", 2, "0.00 万元"),
        ("-0.00", "万元", 2, "0.00 万元"),
        ("1234567.8", "元", 2, "1,234,567.80 元"),
        ("40.126", "万元", 2, "40.126 万元"),
        ("0.978", "%", 2, "97.80%"),
        ("1", "%", None, "100%"),
        ("1E+3", "", None, "1,000"),
        ("0.46153846153846153846", "%", 2, "≈46.1538%"),
        ("1234.56789", "万元", 2, "1,234.56789 万元"),
        ("NaN", "", None, "NaN"),
    ],
)
def test_shown(value: str, unit: str, decimals: int | None, expected: str) -> None:
    assert shown(Decimal(value), unit, decimals) == expected


def test_a_signed_difference_shows_its_direction() -> None:
    assert shown(Decimal("2"), "分", signed=True) == "+2 分"
    assert shown(Decimal("-2"), "分", signed=True) == "-2 分"
    assert shown(Decimal("0.00"), "分", signed=True) == "0.00 分"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_plain_and_shown_lose_nothing(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert Decimal(shown(value).replace(",", "")) == value
    assert "E" not in plain(value)


@given(st.text(max_size=80))
def test_clean_text_is_one_harmless_line(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.splitlines()) <= 1
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    cleaned.encode("utf-8")


@given(st.text(st.sampled_from("合计ab1 ，。（）,.%"), max_size=120), st.integers(10, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns for line in lines)


def test_wrapping_does_not_begin_a_line_with_a_closing_mark() -> None:
    assert wrap("一二三四五，六七", 10) == ["一二三四", "五，六七"]


def test_wrapping_keeps_words_and_numbers_whole() -> None:
    assert wrap("合计 1,234.56 万元", 10) == ["合计", "1,234.56", "万元"]


def test_columns_line_up_over_wide_and_narrow_text() -> None:
    assert width("表!E7") == 5
    assert width(pad("合计", 10)) == width(pad("total", 10)) == 10


def test_cut_says_that_it_cut() -> None:
    assert cut("合计金额", 8) == "合计金额"
    assert cut("合计金额", 7) == "合计金…"
    assert width(cut("合计金额", 6)) <= 6
