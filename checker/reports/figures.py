"""Amounts as people and programs read them. Values are exact; a percentage is held as a ratio."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

__all__ = ["PERCENT", "in_unit", "plain", "shown"]

#: The unit whose values are held as ratios: ``0.978`` is shown as ``97.8%``.
PERCENT = "%"
#: No cell holds more digits than a double does. What has more is a quotient without end, shown as "about".
_MOST_DIGITS = 15
_PLACES_OF_QUOTIENT = 2


def in_unit(value: Decimal, unit: str) -> Decimal:
    """``value`` as it is written with ``unit`` behind it: a ratio becomes per cent."""
    return value.scaleb(2) if unit == PERCENT else value


def plain(value: Decimal) -> str:
    """Digits without exponent, for programs: ``Decimal("1E+2")`` → ``100``; there is no ``-0``."""
    return format(value if value else abs(value), "f")


def shown(value: Decimal, unit: str = "", decimals: int | None = None, *, signed: bool = False) -> str:
    """Digits in groups with the unit, for people: ``1,234.50 万元``, ``97.80%``.

    ``decimals`` are the places the column declares, in the unit as shown: fewer are filled up with zeros,
    more are kept, and what has no end is cut and marked with ``≈``.
    """
    if not value.is_finite():
        return str(value)
    number, wanted, mark = in_unit(value, unit), decimals or 0, ""
    _, digits, exponent = number.as_tuple()
    places = max(-int(exponent), wanted, 0)
    if len(digits) > _MOST_DIGITS and places > wanted + _PLACES_OF_QUOTIENT:
        places, mark = wanted + _PLACES_OF_QUOTIENT, "≈"
    with localcontext() as context:
        context.prec = len(digits) + abs(int(exponent)) + places
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = format(number if number else abs(number), "+,f" if signed and number else ",f")
    separator = "" if unit in (PERCENT, "") else " "
    return f"{mark}{text}{separator}{unit}"
