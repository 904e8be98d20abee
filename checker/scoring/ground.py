"""What a score kind works on: full marks, the terms of the standard, and what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from checker.checks.environment import Scope
from checker.checks.show import number_text
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.scheme import number_or_name
from checker.model.score import Standing
from checker.values.interval import Interval
from checker.values.numbers import round_to

__all__ = ["PERCENT", "Ground", "Measure", "Threshold", "Unscored", "figure", "target_of"]

PERCENT: Final = "%"
FULL: Final = "full"
_PLACES: Final = 2
_MOST_PLACES: Final = 8


class Unscored(Exception):  # noqa: N818
    """No marks can be given: ``standing`` is one of ``Standing.OPEN``, ``reason`` says why, ``facts`` are the cells."""

    def __init__(self, standing: str, reason: Text, facts: tuple[Fact, ...] = ()) -> None:
        super().__init__(reason.en)
        self.standing = standing
        self.reason = reason
        self.facts = facts


class Measure(NamedTuple):
    """What was measured: on the figures as they stand, and all that it can be given that they were rounded.

    ``formula`` is in labels, ``filled`` the same with the numbers of the workbook.
    """

    number: Decimal
    interval: Interval
    unit: str = ""
    formula: str = ""
    filled: str = ""
    facts: tuple[Fact, ...] = ()

    @property
    def text(self) -> str:
        return figure(self.number, self.unit)


def figure(number: Decimal, unit: str = "") -> str:
    """``number`` for people: a rate with two places, and with more where two would show another round number."""
    if unit != PERCENT:
        return number_text(number, places_unit(unit))
    for places in range(_PLACES, _MOST_PLACES):
        shown = round_to(number, places + 2)
        if shown == number or shown != round_to(number, 2):
            break
    return number_text(number, PERCENT, places)


def places_unit(unit: str) -> str:
    """Only rates are shown with their sign; other numbers stand bare, as in the cells."""
    return unit if unit == PERCENT else ""


class Threshold(NamedTuple):
    """``<= 100%``: an operator and a number."""

    operator: str
    number: Decimal

    def holds(self, value: Decimal) -> bool:
        return _HOLDS[self.operator](value, self.number)

    def text(self, unit: str) -> str:
        sign = {"<=": "≤", ">=": "≥"}.get(self.operator, self.operator)
        number = number_text(self.number, unit, None if unit != PERCENT else _percent_places(self.number))
        return f"{sign}{number}"


_HOLDS: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
}
_SPELT: Final = {"≤": "<=", "≥": ">="}


def _percent_places(number: Decimal) -> int:
    exponent = number.scaleb(2).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


class Ground(NamedTuple):
    """One criterion in one place. ``decimals`` are the places that marks are rounded to.

    ``scope`` is where further formulas of the terms run; None where there is no workbook.
    """

    full: Decimal
    terms: Mapping[str, object]
    measured: Measure | None = None
    parameters: Mapping[str, Decimal | str] = {}
    decimals: int = _PLACES
    scope: Scope | None = None

    @property
    def measure(self) -> Measure:
        assert self.measured is not None
        return self.measured

    def number(self, value: object) -> Decimal:
        """A number of the terms: as written (``10%`` is a tenth), or the parameter of that name."""
        written = number_or_name(value)
        if isinstance(written, str):
            written = self.parameters.get(written, written)
        if not isinstance(written, Decimal):
            raise Unscored(Standing.BROKEN, tr("The pack has no number for parameter {name} in this year", name=value))
        return written

    def marks(self, value: object) -> Decimal:
        """Marks of the terms: a number, ``full``, or with a percent sign a share of full marks."""
        text = str(value)
        if text == FULL:
            return self.full
        number = self.number(value)
        return self.full * number if text.endswith(PERCENT) else number

    def threshold(self, value: object) -> Threshold:
        """A comparison of the terms (``"<= 100%"``)."""
        text = str(value)
        operator = text[:2] if text[:2] in _HOLDS else text[:1]
        return Threshold(_SPELT.get(operator, operator), self.number(text[len(operator) :].strip()))

    def choice(self, key: str, default: str) -> str:
        """A word of the terms, or the text of the parameter that it names."""
        word = str(self.terms.get(key, default))
        return str(self.parameters.get(word, word))

    def figure(self, number: Decimal) -> str:
        """A number in the unit of the measure, as few places as it has."""
        unit = places_unit(self.measure.unit)
        return number_text(number, unit, _percent_places(number) if unit == PERCENT else None)


def target_of(ground: Ground) -> Decimal:
    """The target of the terms, which is more than nothing."""
    target = ground.number(ground.terms["target"])
    if target <= 0:
        raise Unscored(Standing.BROKEN, tr("The target must be more than 0"))
    return target
