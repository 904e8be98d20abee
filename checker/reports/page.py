"""The page that text reports are written on: a language, a width, colour or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from checker.messages import Text, tr
from checker.model.outcome import Operand, Outcome, Side
from checker.reports.figures import shown
from checker.reports.layout import clean, pad, paint, width, wrap

__all__ = ["Page"]

#: A text from a cell longer than this many characters is cut: a report names the cell, it need not copy it.
_LONGEST = 300


class Page(NamedTuple):
    """How to write: ``language`` is ``zh`` or ``en``, ``columns`` the width of a line."""

    language: str
    columns: int = 100
    colour: bool = False

    def say(self, text: Text) -> str:
        """``text`` in the page's language, safe to print."""
        return clean(text.render(self.language))

    def paint(self, text: str, *codes: str) -> str:
        return paint(text, *codes) if self.colour and text else text

    def lines(self, body: str, first: str = "", indent: int = 0) -> Iterator[str]:
        """``body`` wrapped, with ``first`` in front and the rest hanging below its beginning."""
        hanging = indent + width(first)
        for number, line in enumerate(wrap(body, max(self.columns - hanging, 20))):
            yield (" " * indent + first if number == 0 else " " * hanging) + line

    def fields(self, fields: Iterable[tuple[Text, str]], indent: int) -> Iterator[str]:
        """Label and body, the bodies one below the other; a body may have several lines."""
        named = [(self.say(label), body) for label, body in fields]
        column = max((width(label) for label, _ in named), default=0) + 2
        for label, body in named:
            first, *rest = body.split("\n")
            yield from self.lines(first, pad(label, column), indent)
            for line in rest:
                yield from self.lines(line, " " * column, indent)

    def joined(self, items: Iterable[str]) -> str:
        """``items`` with the comma of the language between them."""
        return (", " if self.language == "en" else "、").join(items)

    def brackets(self, text: str) -> str:
        """``text`` in the brackets of the language, with the space that goes in front."""
        return f" ({text})" if self.language == "en" else f"（{text}）"

    def place(self, sheet: str, cell: str) -> str:
        """``sheet!E7``, as Excel writes it."""
        return clean(f"{sheet}!{cell}" if sheet and cell else sheet or cell)

    def value(self, side: Side, bounds: bool = False) -> str:
        """The value of a side with its unit; with ``bounds``, also between what it may lie."""
        if side.value is None:
            return self.say(tr("blank"))
        if isinstance(side.value, str):
            return self.quote(side.value)
        value = shown(side.value, side.unit, side.decimals)
        if not bounds or side.low is None or side.high is None or side.low == side.high:
            return value
        low, high = shown(side.low, side.unit), shown(side.high, side.unit)
        return value + self.brackets(self.say(tr("between {low} and {high}", low=low, high=high)))

    def figure(self, operand: Operand) -> str:
        """What a cell holds: the number with its unit, and the text as typed where that is not the same."""
        if operand.value is None:
            return self.quote(operand.text) if operand.text.strip() else self.say(tr("blank"))
        number = shown(operand.value, operand.unit)
        return number if _same(operand) else number + self.brackets(self.quote(operand.text))

    def quote(self, text: str) -> str:
        """A text from a cell, safe and not too long."""
        text = clean(text)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    def address(self, outcome: Outcome, sheet: str) -> str:
        """The cell of ``outcome``, with its sheet unless that is ``sheet``."""
        return self.place("" if outcome.sheet == sheet and outcome.cell else outcome.sheet, outcome.cell)


def _same(operand: Operand) -> bool:
    """Whether the text as typed is just the number, so that showing both would say nothing."""
    if operand.value is None:
        return False
    try:
        return Decimal(operand.text.strip()) == operand.value
    except InvalidOperation:
        return operand.text.strip() == shown(operand.value, operand.unit)
