"""Marks given: all that are possible, and in words why any were lost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from checker.checks.show import number_text
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.score import NextStep
from checker.values.interval import Interval
from checker.values.numbers import ZERO, round_to

__all__ = ["Award", "between", "clip", "marks_text", "one_of", "options_parts", "options_text", "together", "trimmed"]


class Award(NamedTuple):
    """``options`` are the marks that are possible, as ranges, lowest first; ``central`` are those on the figures as
    they stand. ``filled`` is the formula with numbers.

    ``judgement``: a person decides within the options. ``ceiling``: the most that can be given; a unit may give itself
    fewer, for a reason. ``coarse``: the marks have any number of decimals, so that a claim may have been rounded.
    ``measured`` is what was measured, where that was no formula of the standard.
    """

    options: tuple[Interval, ...]
    central: Decimal
    filled: str = ""
    why: Text | None = None
    next: NextStep | None = None
    judgement: bool = False
    ceiling: bool = False
    coarse: bool = False
    facts: tuple[Fact, ...] = ()
    remark: Text | None = None
    measured: str = ""

    @property
    def low(self) -> Decimal:
        return self.options[0].low

    @property
    def high(self) -> Decimal:
        return max(option.high for option in self.options)

    def rounded(self, decimals: int) -> Award:
        """With all marks at so many places, half up; options that then are the same become one."""
        options = sorted({Interval(round_to(o.low, decimals), round_to(o.high, decimals)) for o in self.options})
        return self._replace(options=tuple(options), central=round_to(self.central, decimals))

    def at_most(self, share: Interval, full: Decimal) -> Award:
        """With no more marks than ``share`` of full ones."""
        least, most = full * clip(share.low, Decimal(1)), full * clip(share.high, Decimal(1))
        options = tuple(Interval(min(o.low, least), min(o.high, most)) for o in self.options)
        return self._replace(options=options, central=min(self.central, most))

    def allows(self, marks: Decimal) -> bool:
        return any(marks in option for option in self.options) or (self.ceiling and ZERO <= marks <= self.high)

    def beyond(self, marks: Decimal) -> Decimal:
        """How far ``marks`` are from the nearest that are possible."""
        if self.allows(marks):
            return ZERO
        return min(max(option.low - marks, marks - option.high) for option in self.options)


def clip(marks: Decimal, full: Decimal) -> Decimal:
    """Between nothing and full marks."""
    return min(max(marks, ZERO), full)


def one_of(values: Iterable[Decimal]) -> tuple[Interval, ...]:
    return tuple(Interval.point(value) for value in sorted(set(values)))


def between(one: Decimal, other: Decimal) -> tuple[Interval, ...]:
    return (Interval(min(one, other), max(one, other)),)


def trimmed(marks: Decimal) -> Decimal:
    """Without zeros at the end: ``40``, not ``40.00`` (nor ``4E+1``)."""
    return marks.quantize(Decimal(1)) if marks == marks.to_integral_value() else marks.normalize()


def marks_text(marks: Decimal) -> str:
    return number_text(trimmed(marks))


_SHOWN = 6


def options_parts(options: tuple[Interval, ...]) -> list[str]:
    """``3``, ``8–10``: each thing that a claim may be; of many the first and the last."""
    parts = [
        marks_text(option.low) if option.low == option.high else f"{marks_text(option.low)}–{marks_text(option.high)}"
        for option in options
    ]
    if len(parts) > _SHOWN:
        parts[_SHOWN - 2 : -1] = ["…"]
    return parts


def options_text(options: tuple[Interval, ...]) -> Text:
    """``3``, ``3 or 4``, ``8–10``: what a claim may be, in words."""
    parts = options_parts(options)
    if len(parts) == 1:
        return Text(parts[0], parts[0])
    *first, last = parts
    text = Text(first[0], first[0])
    for part in first[1:]:
        text = tr("{first}, {next}", first=text, next=part)
    return tr("{first} or {last}", first=text, last=last)


def together(texts: Iterable[Text]) -> Text:
    """Several things said, one after another."""
    first, *rest = texts
    for text in rest:
        first = tr("{one}; {other}", one=first, other=text)
    return first
