"""Words in number cells, and the one parser of cells.

Every word (units, marks for none, comparators, date words) comes from ``rules/lexicon.yaml``; the code knows
only how such words are put together. A cell that is not what its column asks for is never guessed to be zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.values.numbers import (
    CONTEXT,
    PLACES_KEPT,
    Format,
    date_to_serial,
    number_format_facts,
    places_of,
    significant_digits_lost,
    to_decimal,
)
from checker.values.percent import HUNDREDTH, bare_percent
from checker.values.quantity import Kind, Note, Quantity
from checker.values.stated import stated_unit, unit_in_brackets, year_in
from checker.values.typed import Typed, fold, longest, scan, several_numbers

if TYPE_CHECKING:
    from checker.values.dates import Span

__all__ = ["Lexicon", "Note", "Unit"]


class Unit(NamedTuple):
    """A unit: what it measures, how many of the first unit of that dimension it is, and how it is shown."""

    dimension: str
    factor: Decimal
    name: str


_HUNDRED = Decimal(100)
_ONE = Decimal(1)
#: Longer texts are prose, not numbers.
_LONGEST = 200

_PLAIN: Final = frozenset({"amount", "number", "score", "weight", "count"})
_NUMERIC: Final = _PLAIN | {"percent"}
_WORDS: Final = frozenset({"text", "label", "code"})
_TARGETS: Final = frozenset({"target", "actual"})
#: Where brackets may mean a negative number; elsewhere they are only brackets.
_SIGNED: Final = frozenset({"amount", "number", "percent"})
_STORED_OTHERWISE: Final = {"boolean": Kind.BOOLEAN, "error": Kind.ERROR, "no_cache": Kind.NO_CACHE}


class Lexicon:
    """The words of ``rules/lexicon.yaml``, widths folded. Made from its validated contents, every scalar a string."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.units: Final = _units(data["units"])
        self.multipliers: Final = {fold(word): Decimal(text) for word, text in data["multipliers"].items()}
        self.currency: Final = {fold(sign): fold(unit) for sign, unit in data["currency"].items()}
        self.counted_in: Final = frozenset(data["counted_in"])
        self.exact: Final = _folded(data["exact"])
        self.nil: Final = _folded(data["nil"])
        self.nil_number: Final = self.nil | _folded(data["nil_number"])
        self.negative: Final = _folded(data["negative"])
        self.positive: Final = _folded(data["positive"])
        self.approximate_before: Final = _folded(data["approximate"]["before"])
        self.approximate_after: Final = _folded(data["approximate"]["after"])
        self.comparators: Final[Mapping[str, str]] = {fold(word): sign for word, sign in data["comparators"].items()}
        self.comparators_after: Final[Mapping[str, str]] = {
            fold(word): sign for word, sign in data["comparators_after"].items()
        }
        self.range: Final = _folded(data["range"])
        self.compound: Final = _folded(data["compound"])
        self.ordinal: Final = _folded(data["ordinal"])
        self.negation: Final = _folded(data["negation"])
        #: What goes before the unit of a sheet, the longest first.
        self.stated_words: Final = tuple(sorted(_folded(data["stated_unit"]), key=len, reverse=True))
        #: What formulas call last year's workbook.
        self.prior_books: Final = frozenset(data.get("books", {}).get("prior", ()))
        self.date: Final[Mapping[str, tuple[str, ...]]] = {
            part: tuple(fold(word) for word in words) for part, words in data["date"].items()
        }

    def unit(self, text: str) -> Unit | None:
        """The unit called ``text``, a multiplier before it included (``万人次``), or None."""
        text = fold(text)
        known = self.units.get(text)
        if known is not None:
            return known
        for size in range(1, len(text)):
            known, multiplier = self.units.get(text[size:]), self.multipliers.get(text[:size])
            if known is not None and multiplier is not None:
                return Unit(known.dimension, known.factor * multiplier, text)
        return None

    def factor(self, unit: str, to: str) -> Decimal | None:
        """How many ``to`` one ``unit`` is, or None if they do not measure the same."""
        if unit == to:
            return _ONE
        a, b = self.unit(unit), self.unit(to)
        return CONTEXT.divide(a.factor, b.factor) if a and b and a.dimension == b.dimension else None

    def convert(self, quantity: Quantity, grain: Decimal, unit: str, to: str) -> tuple[Quantity, Decimal]:
        """A reading in ``unit`` and its grain, in units of ``to``. Raises ``ValueError`` if that cannot
        be."""
        ratio = self.factor(unit, to)
        if ratio is None:
            raise ValueError(f"{unit} is not convertible to {to}")
        if quantity.number is None or ratio == 1:
            return quantity, grain
        number, decimals = _scaled(quantity.number, quantity.decimals, ratio)
        return quantity._replace(number=number, decimals=decimals, unit=to), grain * ratio

    def is_exact_unit(self, unit: str) -> bool:
        """Whether amounts in ``unit`` are to the cent."""
        return fold(unit) in self.exact

    def stated_unit(self, text: str) -> str:
        """The unit that a line like "unit: ten thousand yuan" states, or nothing."""
        return stated_unit(text, self)

    def unit_in_brackets(self, text: str) -> str:
        """The unit in brackets in a heading, or nothing."""
        return unit_in_brackets(text, self)

    def year_in(self, text: str) -> str:
        """The year that a title names, or nothing."""
        return year_in(text, self)

    @staticmethod
    def number(kind: str, raw: str) -> Decimal | None:
        """The number of a number cell as stored, or None for anything else: for long columns of plain
        numbers."""
        if kind == "number":
            try:
                return to_decimal(raw)
            except ValueError:
                return None
        return None

    def read(
        self,
        kind: str | None,
        raw: str,
        *,
        measure: str,
        unit: str = "",
        number_format: str = "General",
        date1904: bool = False,
    ) -> Quantity:
        """Read one cell as its column demands.

        ``kind`` and ``raw`` are those of the cell (``kind`` empty or None: there is no cell). ``measure`` is
        the column's kind, ``unit`` its unit: the number comes in that unit, a percentage as a ratio. Never
        raises on account of what a cell holds.
        """
        if kind == "number":
            if number_format == "General" and measure in _PLAIN and len(raw) < 16:
                # The plain case, nearly all of them: to_decimal would give the same.
                point = raw.find(".")
                if point < 0:
                    if raw.isdecimal():
                        return Quantity("number", Decimal(raw), unit, raw)
                elif raw[-1] != "0" and raw.replace(".", "", 1).isdecimal():
                    places = len(raw) - point - 1
                    return Quantity("number", Decimal(raw), unit, raw, min(places, PLACES_KEPT))
            return self._stored(raw, measure, unit, number_format, date1904)
        if not kind:
            return Quantity(Kind.BLANK, None, unit, raw)
        if kind in _STORED_OTHERWISE:
            return Quantity(_STORED_OTHERWISE[kind], None, unit, raw)
        if kind == "date":
            if measure in _WORDS:
                return Quantity(Kind.TEXT, None, unit, raw)
            if measure in _NUMERIC:
                return Quantity(Kind.UNREADABLE, None, unit, raw, notes=(Note.DATE_SHOWN,))
        return self._text(raw, measure, unit)

    def _stored(self, raw: str, measure: str, unit: str, number_format: str, date1904: bool) -> Quantity:
        """A number cell."""
        try:
            number = to_decimal(raw)
        except ValueError:
            return Quantity(Kind.UNREADABLE, None, unit, raw, notes=(Note.WORDS,))
        shown = number_format_facts(number_format)
        notes = (Note.DIGITS_LOST,) if significant_digits_lost(raw) else ()
        if measure in _WORDS:
            return Quantity(Kind.TEXT, None, unit, format(number, "f") if measure == "code" else raw, notes=notes)
        if measure == "date":
            from checker.values.dates import date_of_number

            return _date(date_of_number(number, shown, date1904), raw)
        if shown.date and measure in _NUMERIC:
            return Quantity(Kind.UNREADABLE, None, unit, raw, notes=(Note.DATE_SHOWN,))
        if measure in _TARGETS:
            from checker.values.target import quantity_of, stored_target

            return quantity_of(stored_target(number, raw, shown, date1904))
        places = max(places_of(number), shown.places)
        if measure == "percent":
            if shown.percent:
                return Quantity(Kind.NUMBER, number, "%", raw, max(places_of(number) - 2, shown.places), notes=notes)
            if shown.points:
                return Quantity(Kind.NUMBER, number * HUNDREDTH, "%", raw, places, notes=notes)
            number, places, other, style = bare_percent(number, places, unit)
            return Quantity(Kind.NUMBER, number, "%", raw, places, alternative=other, notes=(*notes, *style))
        if measure == "weight" and shown.percent:
            points = max(places_of(number) - 2, shown.places)
            return Quantity(Kind.NUMBER, number * _HUNDRED, unit, raw, points, notes=(*notes, Note.PERCENT_POINTS))
        return Quantity(Kind.NUMBER, number, unit, raw, places, notes=notes)

    def _text(self, raw: str, measure: str, unit: str) -> Quantity:
        text = fold(raw)
        if not text:
            return Quantity(Kind.BLANK, None, unit, raw)
        if measure != "label" and self.is_nil(text, numeric=measure in _NUMERIC):
            return Quantity(Kind.NIL, None, unit, raw)
        if measure in _WORDS:
            return Quantity(Kind.TEXT, None, unit, raw)
        if measure in _TARGETS:
            from checker.values.target import parse_target, quantity_of

            return quantity_of(parse_target(raw, self))
        if measure == "date":
            from checker.values.dates import date_of_number, read_date

            span = read_date(text, self.date)
            return _date(span or (date_of_number(Decimal(text), Format()) if text.isdecimal() else None), raw)
        if measure not in _NUMERIC:
            raise ValueError(f"unknown kind of column: {measure}")
        if text[0] == "#" and text[-1:] in "!?A" and text.isascii():
            return Quantity(Kind.ERROR, None, unit, raw)  # an error value that an export wrote as text
        typed = scan(text, self) if len(raw) < _LONGEST else None
        if typed is None or typed.after or (typed.brackets and measure not in _SIGNED):
            reason = Note.SEVERAL_NUMBERS if several_numbers(text) else Note.WORDS
            if reason == Note.WORDS and typed is not None and typed.after and not typed.unit:
                reason = Note.OTHER_UNIT
            return Quantity(Kind.UNREADABLE, None, unit, raw, notes=(reason,))
        return self._number_text(typed, raw, measure, unit)

    def is_nil(self, text: str, numeric: bool) -> bool:
        """Whether folded ``text`` is a mark for "there is none", or a row of the same dash."""
        marks = self.nil_number if numeric else self.nil
        return text in marks or (text[0] in marks and not text[0].isalnum() and text.count(text[0]) == len(text))

    def _number_text(self, typed: Typed, raw: str, measure: str, unit: str) -> Quantity:
        """A text that is a number with words around it, in a column of numbers."""
        notes = _smoothed(typed, raw)
        written = self.units.get(typed.unit)
        rate = written if written is not None and written.dimension == "rate" else None
        number, decimals, alternative = typed.number, typed.places, None
        if measure == "percent" and not typed.unit and typed.scale == 1:
            number, decimals, alternative, style = bare_percent(number, decimals, unit)
            notes, unit = (*notes, *style), "%"
        elif measure == "percent" and rate and typed.scale == 1:
            number, decimals = number * rate.factor, decimals - rate.factor.adjusted() - 2
            unit = "%"
        elif measure == "weight" and rate and typed.scale == 1:
            number, decimals = _scaled(number, decimals, rate.factor * _HUNDRED)
            notes = (*notes, Note.PERCENT_POINTS)
        elif typed.unit or typed.scale != 1:
            ratio, name = self._ratio(typed, measure, unit)
            if ratio is None:
                return Quantity(Kind.UNREADABLE, None, unit, raw, notes=(Note.OTHER_UNIT,))
            number, decimals = _scaled(number, decimals, ratio)
            notes = (*notes, Note.UNIT_SUFFIX if ratio == 1 or not unit else Note.CONVERTED)
            unit = unit or name
        bounded = typed.approximate or typed.comparator not in ("", "=")
        return Quantity(Kind.NUMBER, number, unit, raw, decimals, typed.comparator, bounded, alternative, notes)

    def _ratio(self, typed: Typed, measure: str, unit: str) -> tuple[Decimal | None, str]:
        """What the typed number is to be multiplied by to come in the unit of its column (whose name comes
        second, the typed one if the column has none), or None if the typed unit cannot stand in such a
        column."""
        if typed.unit and typed.unit == fold(unit):
            return typed.scale, unit
        column = self.unit(unit)
        if typed.unit:
            written = self.units.get(typed.unit)
        elif measure == "amount" or (measure == "number" and column is not None and column.dimension == "money"):
            written = self._money
        elif measure in ("count", "number"):
            word = "" if fold(unit) in self.units else longest(fold(unit), self.multipliers)
            return typed.scale / self.multipliers.get(word, _ONE), unit
        else:
            return None, unit
        if written is None or (unit and column is None):
            return None, unit
        if column is not None and column.dimension == written.dimension:
            return CONTEXT.divide(typed.scale * written.factor, column.factor), unit
        if measure == "count" and written.dimension in self.counted_in:
            return typed.scale * written.factor, unit
        allowed = {"amount": "money", "score": "score", "weight": "score", "number": written.dimension}.get(measure)
        return (typed.scale if column is None and written.dimension == allowed else None), written.name

    @cached_property
    def _money(self) -> Unit | None:
        """The money that a multiplier alone stands for."""
        return next((u for u in self.units.values() if u.dimension == "money" and u.factor == 1), None)


def _scaled(number: Decimal, decimals: int, ratio: Decimal) -> tuple[Decimal, int]:
    """``number`` times ``ratio``, and the places that count: 5.8 (1 place) times 10000 is right to the
    thousand."""
    if ratio == 1:
        return number, decimals
    number = CONTEXT.multiply(number, ratio)
    if ratio == _ONE.scaleb(ratio.adjusted()):
        return number, decimals - ratio.adjusted()
    return number, places_of(number)


def _smoothed(typed: Typed, raw: str) -> tuple[str, ...]:
    notes = [Note.TEXT_NUMBER]
    if any("\uff01" <= character <= "\uff5e" for character in raw):
        notes.append(Note.FULL_WIDTH)
    if any(character.isspace() for character in raw):
        notes.append(Note.SPACES)
    if typed.grouped:
        notes.append(Note.SEPARATORS)
    if typed.brackets:
        notes.append(Note.BRACKETS_NEGATIVE)
    return tuple(notes)


def _date(span: Span | None, raw: str) -> Quantity:
    if span is None:
        return Quantity(Kind.UNREADABLE, None, "", raw, notes=(Note.WORDS,))
    first, last = date_to_serial(span.first), date_to_serial(span.last)
    return Quantity(Kind.DATE, first, "", raw, comparator=span.comparator, alternative=last if last != first else None)


def _units(dimensions: Mapping[str, Mapping[str, str]]) -> dict[str, Unit]:
    """Units by every name that they go by; of names for the same amount the first is shown."""
    units: dict[str, Unit] = {}
    shown: dict[tuple[str, Decimal], str] = {}
    for dimension, factors in dimensions.items():
        for name, text in factors.items():
            factor = Decimal(text)
            units[fold(name)] = Unit(dimension, factor, shown.setdefault((dimension, factor), name))
    return units


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) or word for word in words)
