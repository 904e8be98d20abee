"""What goes into an evaluation and what comes out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from checker.formula.estimate import Estimate, Key
from checker.formula.tree import Reference
from checker.model.fact import Fact
from checker.values.interval import Interval

__all__ = ["Environment", "Result", "Value"]

#: What a part of a formula comes to; None is blank.
Result = Estimate | str | bool | None


class Environment(Protocol):
    """Where formulas get their facts from.

    ``blank`` is ``zero`` or ``insufficient``: what a blank or nil operand of ``+ - * /`` and of comparisons
    does."""

    @property
    def blank(self) -> str: ...

    def facts(self, reference: Reference) -> Sequence[Fact]:
        """The cells a reference means here: one, or one per row. Raises ``Unresolved`` for a row or column
        that this sheet does not print."""
        ...

    def parameter(self, name: str) -> Decimal | str:
        """The value in force. Raises ``Unresolved`` if there is none for the year."""
        ...


class Value(NamedTuple):
    """What a formula came to: an estimate of a number, a text, a truth value, or (all None) blank.

    ``operands`` are the cells it was made from, each once, in the order of the formula.
    """

    estimate: Estimate | None
    text: str | None
    boolean: bool | None
    operands: tuple[Fact, ...]
    rounding: str = "half_up"

    @classmethod
    def of(cls, result: Result, operands: tuple[Fact, ...], rounding: str) -> "Value":
        if isinstance(result, Estimate):
            return cls(result, None, None, operands, rounding)
        if isinstance(result, bool):
            return cls(None, None, result, operands, rounding)
        return cls(None, result, None, operands, rounding)

    @property
    def number(self) -> Decimal | None:
        """The number on the figures as they stand."""
        return None if self.estimate is None else self.estimate.number

    @property
    def blank(self) -> bool:
        return self.estimate is None and self.text is None and self.boolean is None

    @property
    def interval(self) -> Interval | None:
        """All the number can be, each figure standing for what was rounded to it."""
        return None if self.estimate is None else self.estimate.interval(self.rounding)

    @property
    def terms(self) -> Mapping[Key, tuple[Decimal, Decimal]] | None:
        """Coefficient and grain of each rounded figure, for a linear formula; else None."""
        return self.estimate.terms if self.estimate is not None and self.estimate.linear else None
