"""What one cell says, read as its column demands, with the raw text kept."""

from decimal import Decimal
from typing import Final, NamedTuple

__all__ = ["Kind", "Note", "Quantity"]


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


class Note:
    """What was smoothed over in reading a cell, or (from ``DATE_SHOWN`` on) why it could not be read."""

    #: A number stored as text.
    TEXT_NUMBER: Final = "text_number"
    #: Full-width digits or signs.
    FULL_WIDTH: Final = "full_width"
    #: Thousands separators typed into a text.
    SEPARATORS: Final = "separators"
    #: White space, ordinary or not, around or inside the number.
    SPACES: Final = "spaces"
    #: The unit of the column typed into the cell.
    UNIT_SUFFIX: Final = "unit_suffix"
    #: Another unit of the same dimension: converted to the column's.
    CONVERTED: Final = "converted"
    #: A bare number in a percent column, read as a ratio (``0.95``) or as percentage points (``95``).
    PERCENT_FRACTION: Final = "percent_fraction"
    PERCENT_POINTS: Final = "percent_points"
    #: ``(12.5)`` read as −12.5.
    BRACKETS_NEGATIVE: Final = "brackets_negative"
    #: An integer of more than 15 digits stored as a number: its last digits are gone.
    DIGITS_LOST: Final = "digits_lost"
    #: A number shown as a date (Excel makes a date of ``1-2``).
    DATE_SHOWN: Final = "date_shown"
    #: A unit that the column cannot have (``5人`` in a column of money).
    OTHER_UNIT: Final = "other_unit"
    #: More than one number (``10-20``, ``24/28``).
    SEVERAL_NUMBERS: Final = "several_numbers"
    #: No number, or more words than a unit.
    WORDS: Final = "words"


class Quantity(NamedTuple):
    """The reading of one cell.

    ``number`` is in ``unit``, the unit of the column when it could be converted to it; a percentage is a
    ratio (``97.80%`` is ``Decimal("0.9780")``). ``decimals`` counts the places written or stored, in the unit
    as shown (``97.80%`` has 2; 58,000 typed as 5.8 times ten thousand has −3). ``comparator`` is one of
    ``≥ ≤ > < =`` or empty. ``approximate`` is true for "about 20,000" and for bounds: no equality may rest on
    it. ``alternative`` is the other number that a bare ``1`` in a percent column may mean. ``notes`` are
    codes of what was smoothed over on the way, or of what kept the cell from being read (see :class:`Note`).

    Of a ``DATE``, ``number`` is the serial (1900 system) of its first day and ``alternative`` of its last, if
    it names a month or a year only.
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
