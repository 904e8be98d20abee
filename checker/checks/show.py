"""Numbers as a finding shows them: amounts grouped, rates as percentages, with the places that matter."""

from __future__ import annotations

from decimal import Decimal

from checker.messages import Text, tr
from checker.model.outcome import Side
from checker.values.numbers import format_amount, format_percent, places_of

__all__ = ["number_text", "side_text"]

#: Places shown where a recomputed number has more than anybody wrote.
MOST_PLACES = 4


def number_text(number: Decimal | None, unit: str = "", decimals: int | None = None) -> str:
    """``1,234.50``; a rate as ``97.80%``. Recomputed numbers are cut to ``decimals`` or four places."""
    if number is None:
        return ""
    if unit == "%":
        places = max(decimals or 2, 2) if decimals is None else decimals
        return format_percent(number, places)
    if decimals is not None:
        return format_amount(number, decimals)
    places = places_of(number)
    return format_amount(number, min(places, MOST_PLACES))


def side_text(side: Side | None) -> str | Text:
    """The value of one side as shown to a reader."""
    if side is None:
        return ""
    if isinstance(side.value, Decimal):
        return number_text(side.value, side.unit, side.decimals)
    return side.value if side.value else tr("(blank)")
