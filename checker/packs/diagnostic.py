"""Remarks on rule packs: what is wrong, or odd, with what can be loaded; and what keeps the rest from loading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.errors import CheckerError
from checker.messages import Text, tr
from checker.packs.schema import suggest

__all__ = ["Diagnostic", "of_failure", "unknown"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark. ``where`` is ``file:line:column`` (or a path alone); ``severity`` is ``error``,
    ``warning`` or ``note``."""

    code: str
    where: str
    message: Text
    suggestion: Text | None = None
    severity: str = "error"

    @property
    def order(self) -> tuple[str, int, int]:
        """By file, line and column."""
        file, *numbers = self.where.rsplit(":", 2)
        if len(numbers) == 2 and all(number.isdigit() for number in numbers):
            return file, int(numbers[0]), int(numbers[1])
        return self.where, 0, 0

    def render(self, language: str = "zh") -> str:
        """One line, as errors are shown."""
        return CheckerError(self.code, self.message, self.suggestion, self.where).render(language)


def of_failure(failure: CheckerError) -> Diagnostic:
    """A remark for what kept a pack from loading."""
    return Diagnostic(failure.code, failure.where, failure.message, failure.hint)


def unknown(code: str, what: Text, name: str, known: Iterable[str], where: str) -> Diagnostic:
    """A remark on a name that nothing bears."""
    return Diagnostic(code, where, tr("There is no {what} {name}.", what=what, name=name), suggest(name, known))
