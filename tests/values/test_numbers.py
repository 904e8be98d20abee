from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.values.numbers import (
    CONTEXT,
    date_to_serial,
    format_amount,
    format_percent,
    grain,
    number_format_facts,
    places_of,
    round_to,
    serial_to_date,
    significant_digits_lost,
    to_decimal,
)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("0", "0"),
        ("1234.56", "1234.56"),
        ("100.0", "100"),
        ("1234.50", "1234.5"),
        ("0.97799999999999998", "0.978"),
        ("1234.5600000000002", "1234.56"),
        ("326.70999999999998", "326.71"),
        ("-0", "0"),
        ("-12.5", "-12.5"),
        ("1E3", "1000"),
        ("1.23E-2", "0.0123"),
        ("123456789012345678", "123456789012346000"),
        ("0.30000000000000004", "0.3"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_a_stored_number_is_what_excel_shows(stored: str, expected: str) -> None:
    assert str(to_decimal(stored)) == expected


@pytest.mark.parametrize("stored", ["nan", "inf", "-Infinity", "1e400", "", "abc", "1,2"])
def test_what_is_not_a_finite_number_is_refused(stored: str) -> None:
    with pytest.raises(ValueError):
        to_decimal(stored)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_up_to_fifteen_digits_survive_the_double(number: Decimal) -> None:
    assert to_decimal(repr(float(number))) == number
    assert to_decimal(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_every_double_is_read_within_half_of_its_fifteenth_digit(x: float) -> None:
    number, exact = to_decimal(repr(x)), Decimal(repr(x))
    assert abs(number - exact) <= Decimal(1).scaleb(exact.adjusted() - 14) / 2


def test_forty_exact_column_sums_in_doubles_give_no_false_alarm() -> None:
    """Doubles written by a spreadsheet, summed there in doubles, compared here: 30 of 40 differ as doubles."""
    source = random.Random(20220506)
    differ_as_doubles = 0
    for _ in range(40):
        cents = [source.randrange(1, 50_000_000) for _ in range(source.randrange(5, 60))]
        cells = [c / 100 for c in cents]
        total = sum(cells[1:], cells[0])
        differ_as_doubles += total != sum(cents) / 100
        stored = [repr(cell) for cell in cells]
        assert to_decimal(repr(total)) == sum(map(to_decimal, stored)) == Decimal(sum(cents)) / 100
    assert differ_as_doubles > 10  # the test would be worth nothing otherwise


def test_the_context_divides_to_34_digits_and_rounds_silently() -> None:
    assert str(CONTEXT.divide(Decimal(1), Decimal(3))) == "0." + "3" * 34


@pytest.mark.parametrize(
    ("stored", "places"),
    [("120", 0), ("120.5", 1), ("0.97799999999999998", 3), ("2.2737367544323206E-13", 0), ("0.199999999953434", 1)],
)
def test_residue_of_binary_arithmetic_is_not_counted_as_places(stored: str, places: int) -> None:
    assert places_of(to_decimal(stored)) == places


@pytest.mark.parametrize(
    ("raw", "lost"),
    [
        ("440102199003074011", True),
        ("4.4010219900307405E+17", True),
        ("123456789012345", False),
        ("0.1234567890123456789", False),
        ("1234.5600000000002", False),
        ("abcdefghijklmnopqrst", False),
    ],
)
def test_integers_of_more_than_fifteen_digits_have_lost_some(raw: str, lost: bool) -> None:
    assert significant_digits_lost(raw) is lost


def test_grain_is_one_unit_in_the_last_place() -> None:
    assert (grain(2), grain(0), grain(-3)) == (Decimal("0.01"), 1, 1000)


@pytest.mark.parametrize(
    ("number", "decimals", "rounding", "expected"),
    [
        ("2.345", 2, "half_up", "2.35"),
        ("-2.345", 2, "half_up", "-2.35"),
        ("2.349", 2, "truncate", "2.34"),
        ("-2.349", 2, "truncate", "-2.34"),
        ("2.345", 2, "balanced", "2.35"),
        ("-0.001", 2, "half_up", "0.00"),
        ("1234", -2, "half_up", "1.2E+3"),
    ],
)
def test_rounding(number: str, decimals: int, rounding: str, expected: str) -> None:
    assert str(round_to(Decimal(number), decimals, rounding)) == expected


@pytest.mark.parametrize(
    ("number", "decimals", "grouping", "expected"),
    [
        ("1234.5", 2, True, "1,234.50"),
        ("1234.5", 2, False, "1234.50"),
        ("-1234567.891", 2, True, "-1,234,567.89"),
        ("-0.001", 2, True, "0.00"),
        ("100", None, True, "100"),
        ("1E+3", None, True, "1,000"),
        ("0.10", None, True, "0.1"),
        ("12345", -3, True, "12,000"),
    ],
)
def test_amounts_as_shown(number: str, decimals: int | None, grouping: bool, expected: str) -> None:
    assert format_amount(Decimal(number), decimals, grouping) == expected


@pytest.mark.parametrize(
    ("ratio", "decimals", "expected"),
    [("0.978", 2, "97.80%"), ("0.99885", 0, "100%"), ("1.21", None, "121%"), ("0.99966", None, "99.966%")],
)
def test_percentages_as_shown(ratio: str, decimals: int | None, expected: str) -> None:
    assert format_percent(Decimal(ratio), decimals) == expected


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (44687, date(2022, 5, 6)),
        (2_958_465, date(9999, 12, 31)),
    ],
)
def test_serial_days_of_the_1900_system(serial: int, expected: date) -> None:
    assert serial_to_date(Decimal(serial)) == expected
    assert date_to_serial(expected) == serial


@pytest.mark.parametrize("serial", ["0", "-1", "60", "2958466"])
def test_serials_that_are_no_day(serial: str) -> None:
    with pytest.raises(ValueError):
        serial_to_date(Decimal(serial))


def test_serials_of_the_1904_system_and_times_of_day() -> None:
    assert serial_to_date(Decimal(0), date1904=True) == date(1904, 1, 1)
    assert serial_to_date(Decimal(43225), date1904=True) == date(2022, 5, 6)
    assert serial_to_date(Decimal("44687.75")) == date(2022, 5, 6)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", (False, False, False, False, 0)),
        ("G/通用格式", (False, False, False, False, 0)),
        ("@", (False, False, False, False, 0)),
        ("0.00%", (True, False, False, False, 2)),
        ("0%", (True, False, False, False, 0)),
        ('0.00"%"', (False, True, False, False, 2)),
        ("0.0\\%", (False, True, False, False, 1)),
        ("#,##0.00_ ;[Red]\\-#,##0.00\\ ", (False, False, False, False, 2)),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', (False, False, False, False, 2)),
        ("yyyy-mm-dd", (False, False, True, True, 0)),
        ('yyyy"年"m"月"d"日"', (False, False, True, True, 0)),
        ('yyyy"年"m"月"', (False, False, True, False, 0)),
        ("[$-804]yyyy/m/d h:mm", (False, False, True, True, 0)),
        ('0.00,"万元"', (False, False, False, False, 0)),
    ],
)
def test_number_formats(code: str, expected: tuple[bool, bool, bool, bool, int]) -> None:
    assert tuple(number_format_facts(code)) == expected
