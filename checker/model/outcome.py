"""What came of applying a rule in one place: a status, both sides, and every cell that was looked at."""

from decimal import Decimal
from typing import Final, NamedTuple

from checker.messages import Text

__all__ = ["PRIOR", "Operand", "Outcome", "Side", "Status"]

#: Stands before the name of a form that is awaited from last year's workbook.
PRIOR: Final = "prior!"


class Status:
    """The eight answers (design §5). Counts must add up: rules × places = sum over statuses."""

    PASS: Final = "pass"
    TAIL: Final = "tail"
    FAIL: Final = "fail"
    UNDECIDED: Final = "undecided"
    INSUFFICIENT: Final = "insufficient"
    NOT_APPLICABLE: Final = "not_applicable"
    WAIVED: Final = "waived"
    BROKEN: Final = "broken"
    ORDER: Final = (
        "pass",
        "tail",
        "fail",
        "undecided",
        "insufficient",
        "not_applicable",
        "waived",
        "broken",
    )


class Operand(NamedTuple):
    """One cell that took part: where, what it is called, its text as typed, and the number it was read as."""

    sheet: str
    cell: str
    label: str
    text: str
    value: Decimal | None
    unit: str


class Side(NamedTuple):
    """One side of a comparison: the formula in labels, the formula with numbers filled in, and its value.

    ``value`` is a number, or the text shown for what is not a number. ``low`` and ``high`` bound it when the
    figures behind it were rounded.
    """

    formula: str
    filled: str
    value: Decimal | str | None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    decimals: int | None = None
    #: The formula over the cells of the workbook, as Excel writes it; empty where there is none.
    cells: str = ""


class Outcome(NamedTuple):
    """A rule applied in one place.

    ``sheet`` and ``cell`` are where a reader should look first: the cell that is wrong if one is. ``path`` is the
    label path of the place: with rule, unit and year it makes the stable id. ``difference`` is left − right, and
    ``at_least`` how much of it rounding cannot explain. ``severity`` may be milder than the rule's (a note for a
    difference that two roundings can make).
    """

    rule: str
    status: str
    severity: str
    sheet: str
    cell: str
    path: tuple[str, ...]
    form: str
    left: Side | None = None
    operator: str = "="
    right: Side | None = None
    difference: Decimal | None = None
    at_least: Decimal | None = None
    tolerance: Decimal | None = None
    operands: tuple[Operand, ...] = ()
    message: Text | None = None
    reason: Text | None = None
    cause: Text | None = None
    #: What the cells would say if this finding were mended: (sheet, row, column, number).
    suppose: tuple[tuple[str, int, int, Decimal], ...] = ()
    #: The form whose workbook would be needed for an answer and was not given; ``prior!form`` where it is last year's.
    awaits: str = ""
    #: Says of the whole form what a reader wants to know first; of equally grave findings it comes first.
    headline: bool = False
