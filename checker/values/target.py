"""Targets of indicators and what was achieved: comparator, number and unit, a date, or words (design §7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.values.dates import Span, date_in, date_of_number, read_date
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, Format, date_to_serial, places_of
from checker.values.percent import bare_percent
from checker.values.quantity import Kind, Quantity
from checker.values.typed import NUMBER, Typed, fold, longest, scan

if TYPE_CHECKING:
    from checker.values.lexicon import Lexicon

__all__ = [
    "Comparison",
    "Target",
    "TargetKind",
    "comparable",
    "parse_target",
    "quantity_of",
    "stored_target",
    "target_of",
]

#: Longer texts are prose.
_LONGEST: Final = 200
#: A bare actual that is further than this from a target in a scaled unit is in another unit.
_SCALE: Final = Decimal(1000)


class TargetKind:
    NUMBER: Final = "number"
    DATE: Final = "date"
    #: Words: a qualitative target, or more than one number.
    TEXT: Final = "text"
    BLANK: Final = "blank"


class Target(NamedTuple):
    """What an indicator asks for, or what was achieved.

    ``number`` is in ``unit`` (as typed: ``万元``, ``元/人、天``, a word that the lexicon does not know); with
    a unit of rate it is a ratio. ``upper`` is the other end of a range. ``dimension`` and ``factor`` are
    those of the unit, if known. ``first`` and ``last`` are the days that a date may mean. ``comparator`` is
    one of ``≥ ≤ > < =`` or empty.
    """

    kind: str
    text: str
    comparator: str = ""
    number: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    dimension: str = ""
    factor: Decimal = Decimal(1)
    decimals: int = 0
    approximate: bool = False
    first: date | None = None
    last: date | None = None


@lru_cache(maxsize=4096)
def parse_target(text: str, lexicon: Lexicon, *, unit: str = "", comparator: str = "") -> Target:
    """Read a target or an actual as typed. ``unit`` and ``comparator`` are what the form has in columns of
    their own; they hold where the text has none. In a sentence a number counts only if it is the only one.

    Kept: several rules ask for the same cell, and a workbook repeats its targets."""
    folded = fold(text)
    if not folded or lexicon.is_nil(folded, numeric=False):
        return Target(TargetKind.BLANK, text)
    if len(folded) > _LONGEST:
        return Target(TargetKind.TEXT, text)
    target = _date(folded, text, lexicon) or _number(folded, text, lexicon) or _sentence(folded, text, lexicon)
    if target is None:
        return Target(TargetKind.TEXT, text)
    if not target.comparator and comparator:
        target = target._replace(comparator=lexicon.comparators.get(fold(comparator), ""))
    if target.kind == TargetKind.NUMBER and not target.unit and unit:
        assert target.number is not None
        target = _in_unit(target, fold(unit), lexicon)
    return target


def stored_target(number: Decimal, raw: str, shown: Format, date1904: bool = False) -> Target:
    """A target or an actual that is stored as a number, with what its number format shows."""
    if shown.date:
        span = date_of_number(number, shown, date1904)
        return _dated(span, raw) if span else Target(TargetKind.TEXT, raw)
    places = places_of(number)
    if shown.percent:
        return _rate(Target(TargetKind.NUMBER, raw, number=number, decimals=max(places - 2, shown.places)))
    if shown.points:
        return _rate(Target(TargetKind.NUMBER, raw, number=number / 100, decimals=max(places, shown.places)))
    return Target(TargetKind.NUMBER, raw, number=number, decimals=max(places, shown.places))


def quantity_of(target: Target) -> Quantity:
    """The reading of a cell that holds ``target``: its date or number, or its text. The end of a range is
    left out."""
    if target.kind == TargetKind.DATE and target.first and target.last:
        first, last = date_to_serial(target.first), date_to_serial(target.last)
        other = last if last != first else None
        return Quantity(Kind.DATE, first, "", target.text, comparator=target.comparator, alternative=other)
    if target.kind == TargetKind.NUMBER and target.upper is None:
        return Quantity(
            Kind.NUMBER,
            target.number,
            target.unit,
            target.text,
            target.decimals,
            target.comparator,
            target.approximate,
        )
    kinds = {TargetKind.BLANK: Kind.NIL if target.text.strip() else Kind.BLANK}
    return Quantity(kinds.get(target.kind, Kind.TEXT), None, "", target.text)


def target_of(quantity: Quantity, lexicon: Lexicon, *, unit: str = "", comparator: str = "") -> Target:
    """The target or actual in a cell that was read as ``target`` or ``actual`` (so that number formats
    count)."""
    target = parse_target(quantity.raw, lexicon, unit=unit, comparator=comparator)
    if quantity.kind == Kind.NUMBER and quantity.unit == "%" and target.unit != "%":
        assert quantity.number is not None
        return _rate(target._replace(number=quantity.number, decimals=quantity.decimals))
    if quantity.kind == Kind.DATE and target.kind != TargetKind.DATE and quantity.number is not None:
        first, last = quantity.number, quantity.alternative or quantity.number
        days = [date.fromordinal(date(1899, 12, 30).toordinal() + int(serial)) for serial in (first, last)]
        return Target(TargetKind.DATE, quantity.raw, target.comparator, first=days[0], last=days[1])
    return target


def _date(folded: str, text: str, lexicon: Lexicon) -> Target | None:
    sign = longest(folded, lexicon.comparators)
    span = read_date(folded[len(sign) :], lexicon.date) or date_in(folded, lexicon.date)
    return _dated(span, text, lexicon.comparators.get(sign, "")) if span else None


def _dated(span: Span, text: str, comparator: str = "") -> Target:
    return Target(TargetKind.DATE, text, comparator or span.comparator, first=span.first, last=span.last)


def _number(folded: str, text: str, lexicon: Lexicon) -> Target | None:
    """``folded`` is a number with a unit, known or not, or a range of two."""
    typed = scan(folded, lexicon)
    if typed is None or typed.brackets:
        return None
    if not typed.after:
        return _target(typed, text, lexicon)
    if sign := longest(typed.after, lexicon.range):
        upper = scan(typed.after[len(sign) :], lexicon)
        if upper is None or upper.after or upper.comparator or (typed.unit and typed.unit != upper.unit):
            return None
        high = _target(upper, text, lexicon)
        if typed.unit or typed.scale != 1:
            low = _target(typed, text, lexicon)
            if not typed.unit and low.number is not None:  # 10万-20万元: the multiplier is of the first unit
                low = low._replace(number=CONTEXT.divide(low.number, high.factor))
        else:
            low = _target(typed._replace(scale=upper.scale, unit=upper.unit), text, lexicon)
        if low.number is None or high.number is None or low.number > high.number:
            return None
        return high._replace(number=low.number, upper=high.number)
    word = typed.after
    if _is_date_part(word, lexicon):
        return None
    if not typed.unit and len(word) <= 6 and not NUMBER.search(word) and not set(word) & _PUNCTUATION:
        return _target(typed._replace(unit=word, after=""), text, lexicon)
    return None


_PUNCTUATION: Final = frozenset("()[]{}<>=+-:;,.!?~\\|\u3001\u3002\u201c\u201d\u300a\u300b")


def _sentence(folded: str, text: str, lexicon: Lexicon) -> Target | None:
    """The one number in a sentence, unless it is an ordinal, part of a name, or turned round by a
    negation."""
    found = list(NUMBER.finditer(folded))
    if len(found) != 1:
        return None
    before, start = folded[: found[0].start()], found[0].start()
    for size in range(min(len(before), 8), 0, -1):
        if (
            folded[start - size : start] in lexicon.comparators
            or folded[start - size : start] in lexicon.approximate_before
        ):
            before, start = before[:-size], start - size
            break
    sign = folded[start : start + 1]
    if before and (before[-1:].isascii() or _ends(before, lexicon.ordinal) or _ends(before, lexicon.negative)):
        return None
    # A sign stands by itself; a comparator in words, or none, belongs to the sentence.
    if (sign.isdecimal() or sign.isalpha()) and any(word in before for word in lexicon.negation):
        return None
    if _is_date_part(folded[found[0].end() :], lexicon):
        return None
    if len(found[0][0]) == 4 and folded[found[0].end() :].startswith(lexicon.date["year"]):
        return None  # the year of a plan
    typed = scan(folded[start:], lexicon)
    return _target(typed, text, lexicon) if typed is not None and not typed.brackets else None


def _is_date_part(after: str, lexicon: Lexicon) -> bool:
    """Whether a number before ``after`` counts days or months of the calendar (``12月底前``)."""
    return any(
        after.startswith(word) and word not in lexicon.units for word in (*lexicon.date["month"], *lexicon.date["day"])
    )


def _ends(text: str, words: Collection[str]) -> bool:
    return text.endswith(tuple(words))


def _target(typed: Typed, text: str, lexicon: Lexicon) -> Target:
    number = typed.number if typed.scale == 1 else CONTEXT.multiply(typed.number, typed.scale)
    target = Target(
        TargetKind.NUMBER,
        text,
        typed.comparator,
        number,
        decimals=typed.places - typed.scale.adjusted(),
        approximate=typed.approximate,
    )
    return _in_unit(target, typed.unit, lexicon)


def _in_unit(target: Target, unit: str, lexicon: Lexicon) -> Target:
    """The bare number of ``target`` as so many ``unit``."""
    known = lexicon.unit(unit) if unit else None
    if known is None:
        return target._replace(unit=unit)
    if known.dimension == "rate" and target.number is not None:
        shift = known.factor.adjusted() + 2
        return _rate(target._replace(number=target.number * known.factor, decimals=target.decimals - shift))
    return target._replace(unit=unit, dimension=known.dimension, factor=known.factor)


def _rate(target: Target) -> Target:
    return target._replace(unit="%", dimension="rate", factor=Decimal(1))


class Comparison(NamedTuple):
    """A target and an actual brought to one unit, or why they cannot be.

    Each is an interval: a point for a number, both ends of a range, the first and last day (as serials) of a
    date. ``alternative`` is what else a bare actual may mean beside a rate (``1``: 1% or 100%). ``problem``
    is empty, or ``kind`` (a number against a date or words), ``unit`` (they do not measure the same),
    ``scale`` (a bare number a thousand times off: in another unit, it seems).
    """

    target: Interval | None = None
    actual: Interval | None = None
    unit: str = ""
    alternative: Interval | None = None
    problem: str = ""


def comparable(target: Target, actual: Target) -> Comparison:
    """Bring ``actual`` to the unit of ``target``. Where only one has a unit, the other is taken to be in the
    same."""
    if target.kind == actual.kind == TargetKind.DATE:
        return Comparison(_days(target), _days(actual))
    if target.number is None or actual.number is None:
        return Comparison(problem="kind")
    wanted, reached = _ends_of(target), _ends_of(actual)
    if target.unit == actual.unit:
        return Comparison(wanted, reached, target.unit)
    if not actual.unit or not target.unit:
        unit = target.unit or actual.unit
        if (target.dimension or actual.dimension) == "rate":
            if not actual.unit:
                reached, alternative = _as_rate(reached)
                return Comparison(wanted, reached, unit, alternative)
            return Comparison(_as_rate(wanted)[0], reached, unit)
        if (target.factor * actual.factor != 1) and _far(wanted, reached):
            return Comparison(unit=unit, problem="scale")
        return Comparison(wanted, reached, unit)
    if not target.dimension or target.dimension != actual.dimension:
        return Comparison(unit=target.unit, problem="unit")
    ratio = CONTEXT.divide(actual.factor, target.factor)
    return Comparison(wanted, Interval(reached.low * ratio, reached.high * ratio), target.unit)


def _ends_of(target: Target) -> Interval:
    assert target.number is not None
    return Interval(target.number, target.number if target.upper is None else target.upper)


def _days(target: Target) -> Interval:
    assert target.first is not None and target.last is not None
    return Interval(date_to_serial(target.first), date_to_serial(target.last))


def _as_rate(bare: Interval) -> tuple[Interval, Interval | None]:
    number, _, other, _ = bare_percent(bare.high, 0, "")
    if bare.low != bare.high:  # a range is in one of the two, and its upper end shows in which
        return (bare if number == bare.high else Interval(bare.low / 100, bare.high / 100)), None
    return Interval.point(number), None if other is None else Interval.point(other)


def _far(wanted: Interval, reached: Interval) -> bool:
    a, b = abs(wanted.high), abs(reached.high)
    return bool(a and b) and not (a <= b * _SCALE and b <= a * _SCALE)
