"""What one cell says, read as its column demands, with the raw text kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

__all__ = ["Kind", "Quantity"]


class Kind:
    """What a cell turned out to hold. Only ``NUMBER`` can be reckoned with; the rest is never zero."""

    NUMBER: Final = "number"
    #: Nothing in the cell, or white space.
    BLANK: Final = "blank"
    #: A mark for "there is none": a dash, a slash, the word for none.
    NIL: Final = "nil"
    #: Text in a column that asks for text (or a qualitative target).
    TEXT: Final = "text"
    BOOLEAN: Final = "boolean"
    DATE: Final = "date"
    #: ``#REF!``, ``#DIV/0!`` and their like.
    ERROR: Final = "error"
    #: A formula that was never calculated.
    NO_CACHE: Final = "no_cache"
    #: The column asks for a number and the cell does not hold one.
    UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class Quantity:
    """The reading of one cell.

    ``number`` is in ``unit``, the unit of the column when it could be converted to it; a percentage is a
    ratio (``97.80%`` is ``Decimal("0.9780")``). ``decimals`` counts the places written or stored, in the unit
    as shown (``97.80%`` has 2). ``comparator`` is one of ``≥ ≤ > < =`` or empty. ``approximate`` is true for
    "about 20,000": no equality may rest on it. ``alternative`` is the other number that a bare ``1`` in a
    percent column may mean. ``notes`` are codes of what was smoothed over on the way (see ``Note``).
    """

    kind: str
    number: Decimal | None = None
    unit: str = ""
    raw: str = ""
    decimals: int = 0
    comparator: str = ""
    approximate: bool = False
    alternative: Decimal | None = None
    notes: tuple[str, ...] = ()
