"""Why a formula has no answer in one place. The engine maps each to a status (design §5)."""

from __future__ import annotations

from checker.messages import Text
from checker.model.fact import Fact

__all__ = ["Absent", "DivisionByZero", "Insufficient", "Obstacle", "Undecided", "Unresolved", "Unusable"]


class Obstacle(Exception):  # noqa: N818
    """A formula cannot be evaluated here: ``facts`` are the cells that stand in the way, ``reason`` says
    why."""

    def __init__(self, reason: Text, facts: tuple[Fact, ...] = ()) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.facts = facts


class Insufficient(Obstacle):
    """A needed fact is blank or missing."""


class Absent(Insufficient):
    """The workbook that holds the form was not given (raised by environments). ``awaits`` names the form."""

    def __init__(self, reason: Text, awaits: str) -> None:
        super().__init__(reason)
        self.awaits = awaits


class Unresolved(Insufficient):
    """The sheet does not print the row or column (raised by environments, for optional rows and columns)."""


class Unusable(Obstacle):
    """A cell holds something that cannot be reckoned with: an error value, a formula never calculated, a
    text."""


class Undecided(Obstacle):
    """The figures are too coarse: a divisor that may be zero, a threshold inside an interval."""


class DivisionByZero(Obstacle):
    """The divisor is exactly zero; ``facts`` are those of the divisor. A printed rate must then be nil."""
