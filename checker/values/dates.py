"""Dates as people type them: ``2023-05-06``, ``2023.5.6``, a month, a year, "before the end of"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from checker.values.numbers import Format, serial_to_date
from checker.values.typed import NUMBER

__all__ = ["Span", "date_in", "date_of_number", "read_date"]


class Span(NamedTuple):
    """The days that a date may mean: one, or those of a month or year. ``comparator`` is ``≤`` for a deadline
    ("before", "within")."""

    first: date
    last: date
    comparator: str = ""


#: Serials of 1954 to 2119: outside of these a number that is not shown as a date is just a number.
_PLAUSIBLE: Final = (20_000, 80_000)
_TIME: Final = r"(?:[T\s]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"


@lru_cache(maxsize=8)
def _pattern(words: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    part = {
        name: "(?:" + "|".join(re.escape(w) for w in sorted(among, key=len, reverse=True)) + ")"
        for name, among in words
    }
    return re.compile(
        rf"(?<![0-9.,])(?P<year>(?:19|20)[0-9]{{2}})(?:"
        rf"(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12][0-9]|3[01])(?![0-9.,])"
        rf"|(?:{part['year']}|[-./])(?P<month>1[0-2]|0?[1-9])(?![0-9])"
        rf"(?:(?:{part['month']}|[-./])(?:(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9]){part['day']}?{_TIME})?)?"
        rf"|{part['year']})"
        rf"(?P<end>{part['end']})?(?P<within>{part['within']})?(?P<before>{part['before']})?"
    )


def read_date(text: str, words: Mapping[str, tuple[str, ...]]) -> Span | None:
    """The date that folded ``text`` is, or None. ``words`` are the date words of the lexicon."""
    found = _pattern(tuple(words.items())).fullmatch(text)
    return _span(found) if found else None


def date_in(text: str, words: Mapping[str, tuple[str, ...]]) -> Span | None:
    """The one date in a sentence that holds no other number, or None. A year alone is no date in a
    sentence."""
    matches = list(_pattern(tuple(words.items())).finditer(text))
    if len(matches) != 1:
        return None
    found = matches[0]
    precise = found["month"] or found["m8"] or found["end"] or found["within"] or found["before"]
    if not precise or NUMBER.search(text[: found.start()]) or NUMBER.search(text[found.end() :]):
        return None
    return _span(found)


def date_of_number(number: Decimal, shown: Format, date1904: bool = False) -> Span | None:
    """The date that a number cell in a date column means: a serial, or ``20230506``, ``202305``, ``2023``."""
    if not shown.date and number == number.to_integral_value():
        digits = f"{number:f}"
        try:
            if len(digits) == 8:
                day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
                return Span(day, day)
            if len(digits) == 6 and digits[:2] in ("19", "20"):
                return _month(int(digits[:4]), int(digits[4:]))
        except ValueError:
            return None
        if 1950 <= number <= 2100:
            return Span(date(int(number), 1, 1), date(int(number), 12, 31))
    if not shown.date and not _PLAUSIBLE[0] <= number <= _PLAUSIBLE[1]:
        return None
    try:
        day = serial_to_date(number, date1904)
    except ValueError:
        return None
    return Span(day, day) if shown.day or not shown.date else _month(day.year, day.month)


def _month(year: int, month: int) -> Span:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Span(date(year, month, 1), following - timedelta(days=1))


def _span(found: re.Match[str]) -> Span | None:
    year, month, day = int(found["year"]), found["month"] or found["m8"], found["day"] or found["d8"]
    try:
        if day:
            first = last = date(year, int(month), int(day))
        elif month:
            first, last, _ = _month(year, int(month))
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None
    if found["end"]:
        first = last
    return Span(first, last, "≤" if found["before"] or found["within"] else "")
