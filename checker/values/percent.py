"""Bare numbers where a percentage is asked for: a ratio, or percentage points?"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from checker.values.quantity import Note

__all__ = ["HUNDREDTH", "bare_percent"]

HUNDREDTH: Final = Decimal("0.01")


def bare_percent(number: Decimal, places: int, unit: str) -> tuple[Decimal, int, Decimal | None, tuple[str, ...]]:
    """A bare number in a percent column: ratio, decimals of the percentage, the other thing it may mean,
    note.

    Up to 1 it is a ratio, above that percentage points; 1 to 2 may be either (1 or 100 per cent, 1.5 or 150),
    and so may a fraction under a heading that says "%".
    """
    size = abs(number)
    if not number:
        return number, max(places - 2, 0), None, ()
    if size <= 1:
        other = number * HUNDREDTH if size == 1 or unit else None
        return number, max(places - 2, 0), other, (Note.PERCENT_FRACTION,)
    return number * HUNDREDTH, places, number if size <= 2 else None, (Note.PERCENT_POINTS,)
