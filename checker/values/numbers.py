"""Stored numbers, exactly as Excel sees them, and how amounts are shown.

Sources: ECMA-376 Part 1 §18.3.1.96 (a number is stored as the text of a double); Microsoft, "Excel
specifications and limits" (15 significant digits).
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "CONTEXT",
    "Format",
    "date_to_serial",
    "format_amount",
    "format_percent",
    "grain",
    "number_format_facts",
    "places_of",
    "round_to",
    "serial_to_date",
    "significant_digits_lost",
    "to_decimal",
]

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
#: All reckoning that may be inexact (division, roots) is done here: 34 digits, half-even, no trap on
#: rounding.
CONTEXT: Final = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
#: The same, rounding towards one side: for the ends of intervals, which must never shrink.
FLOOR: Final = Context(prec=34, rounding=ROUND_FLOOR, traps=_TRAPS)
CEILING: Final = Context(prec=34, rounding=ROUND_CEILING, traps=_TRAPS)

_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP, traps=_TRAPS)
#: Wide enough for anything that a cell can show.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP, traps=_TRAPS)
ZERO: Final = Decimal(0)
#: Places after the ninth in a stored double are the residue of binary arithmetic (``0.3 - 0.1 - 0.2``).
PLACES_KEPT: Final = 9
_MODES = {"half_up": ROUND_HALF_UP, "balanced": ROUND_HALF_UP, "truncate": ROUND_DOWN}


def to_decimal(text: str) -> Decimal:
    """Excel's view of a stored number: the double that ``text`` denotes, at 15 significant digits.

    Raises ``ValueError`` if ``text`` is not a finite number.
    """
    # Fifteen characters hold at most fifteen digits, which survive the way through a double unchanged.
    if len(text) < 16 and text.replace(".", "", 1).isdecimal():
        return Decimal(text) if text[-1] != "0" or "." not in text else _through_double(text)
    return _through_double(text)


def _through_double(text: str) -> Decimal:
    shortest = repr(float(text))
    if shortest.endswith(".0"):
        shortest = shortest[:-2]
    number = Decimal(shortest)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {text[:40]!r}")
    number = _FIFTEEN.plus(number)
    if not number:
        return ZERO
    return _plain(number) if len(shortest) > 15 or "e" in shortest else number


def _plain(number: Decimal) -> Decimal:
    """Without trailing zeros after the point, and without an exponent where the digits are readable."""
    number = number.normalize(_WIDE)
    return number.quantize(Decimal(1), context=_WIDE) if 0 < _exponent(number) < 30 else number


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def places_of(number: Decimal) -> int:
    """How many places after the point a stored number has; the residue of binary arithmetic does not
    count."""
    places = -_exponent(number)
    if places > PLACES_KEPT:
        places = -_exponent(_WIDE.quantize(number, grain(PLACES_KEPT)).normalize(_WIDE))
    return max(places, 0)


def significant_digits_lost(raw: str) -> bool:
    """Whether ``raw`` is an integer of more than 15 digits: Excel keeps no more, an identity number is
    damaged."""
    if len(raw) < 16 and "e" not in raw and "E" not in raw:
        return False
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return False
    return number.is_finite() and number.adjusted() >= 15 and number == number.to_integral_value()


@cache
def grain(decimals: int) -> Decimal:
    """One unit in the last place: ``grain(2)`` is ``0.01``, ``grain(-3)`` is ``1000``."""
    return Decimal(1).scaleb(-decimals)


def round_to(number: Decimal, decimals: int, rounding: str = "half_up") -> Decimal:
    """``number`` at ``decimals`` places, by the rounding mode of a form (half away from zero, or cut off)."""
    rounded = number.quantize(grain(decimals), rounding=_MODES[rounding], context=_WIDE)
    return rounded if rounded else abs(rounded)


def format_amount(number: Decimal, decimals: int | None = None, grouping: bool = True) -> str:
    """``1234.5`` → ``1,234.50``; with no ``decimals`` as many as there are."""
    shown = round_to(number, decimals) if decimals is not None else _plain(number)
    return format(shown, ",f" if grouping else "f")


def format_percent(ratio: Decimal, decimals: int | None = None) -> str:
    """``0.978`` → ``97.80%``."""
    return format_amount(_WIDE.scaleb(ratio, 2), decimals, grouping=False) + "%"


class Format(NamedTuple):
    """What a number format shows. ``points`` is a percent sign that is mere text (``0.00"%"``): the stored
    number is in percentage points. ``places`` are the places shown."""

    percent: bool = False
    points: bool = False
    date: bool = False
    day: bool = False
    places: int = 0


@cache
def number_format_facts(code: str) -> Format:
    """Read a number format code (ECMA-376 Part 1 §18.8.31), first section only."""
    text, literal, index = "", "", 0
    while index < len(code):
        character = code[index]
        if character in '"[':
            end = code.find('"' if character == '"' else "]", index + 1)
            end = len(code) if end < 0 else end
            if character == '"':
                literal += code[index + 1 : end]
            index = end
        elif character in "\\!_*":
            index += 1
            literal += code[index : index + 1] if character in "\\!" else ""
        elif character == ";":
            break
        else:
            text += character
        index += 1
    text = text.lower()
    if text.startswith("g") or text == "@":  # General, also under its localised names
        return Format()
    digits = text.partition(".")[2]
    places = next((i for i, c in enumerate(digits) if c not in "0#?"), len(digits))
    percent = "%" in text
    is_date = not percent and any(c in text for c in "ymdhs")
    if is_date or text.rstrip().endswith(","):  # a comma at the end divides what is shown by a thousand
        places = 0
    return Format(percent, "%" in literal and not percent, is_date, is_date and "d" in text, places)


def serial_to_date(number: Decimal, date1904: bool = False) -> date:
    """The day of an Excel serial number (any time of day is dropped).

    Serial 60 of the 1900 system is 29 February 1900, a day that never was (kept by Excel for Lotus 1-2-3); it
    and anything outside 1900-9999 raise ``ValueError``.
    """
    from datetime import date

    day = int(number)
    if date1904:
        day += 1462
    if not 1 <= day <= 2_958_465 or day == 60:
        raise ValueError(f"not a date: {number}")
    return date.fromordinal(day + 693_594 + (day < 60))


def date_to_serial(day: date) -> Decimal:
    """The serial number of ``day`` in the 1900 system."""
    serial = day.toordinal() - 693_594
    return Decimal(serial if serial > 60 else serial - 1)
