"""What people type around a number: signs, separators, words for "about", comparators, multipliers, units.

The grammar, all but the number optional:
``comparator about currency sign NUMBER about multiplier about unit about bound``, as in
``≥近2.6万余人次以上``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.values.numbers import PLACES_KEPT, places_of, to_decimal

if TYPE_CHECKING:
    from checker.values.lexicon import Lexicon

__all__ = ["NUMBER", "Typed", "fold", "longest", "scan", "several_numbers"]

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: Zero-width and direction marks say nothing; every other white space is a space.
_INVISIBLE: Final = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_TABLE: Final = {**_FULL_WIDTH, **_INVISIBLE}
_SPACE: Final = re.compile(r"(?<![0-9.])\s+|\s+(?![0-9])")

NUMBER: Final = re.compile(
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\s[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2}(?![0-9]))?|\.[0-9]+"
)
#: No figure of a form has more digits; an exact Decimal of our context holds no more.
_MOST_DIGITS: Final = 30
_LONGEST_WORD: Final = 12
#: So many decimal digits a double keeps.
_DIGITS_OF_A_DOUBLE: Final = 15


class Typed(NamedTuple):
    """A number as typed. ``number`` is before its multiplier ``scale``; ``places`` were written after the
    point. ``unit`` is as typed. ``after`` is what follows and is no part of the grammar."""

    number: Decimal
    places: int = 0
    scale: Decimal = Decimal(1)
    unit: str = ""
    comparator: str = ""
    approximate: bool = False
    brackets: bool = False
    grouped: bool = False
    after: str = ""


def fold(text: str) -> str:
    """``text`` in half width, without white space except between digits, where it may separate thousands."""
    return _SPACE.sub("", text.translate(_TABLE)).strip().removeprefix("'")


def longest(text: str, words: Collection[str]) -> str:
    """The longest of ``words`` that ``text`` begins with, or nothing."""
    for size in range(min(len(text), _LONGEST_WORD), 0, -1):
        if text[:size] in words:
            return text[:size]
    return ""


def several_numbers(text: str) -> bool:
    """Whether folded ``text`` holds more than one number."""
    return len(NUMBER.findall(text)) > 1


def scan(text: str, lexicon: Lexicon) -> Typed | None:
    """Read folded ``text`` that begins with a number (and the words that go before one), or None."""
    brackets = False
    if text[:1] == "(" and ")" in text:
        inside, _, tail = text[1:].partition(")")
        if NUMBER.match(inside):
            text, brackets = inside + tail, True
    comparator, approximate, negative, currency = "", False, False, ""
    while not text[:1].isdecimal():
        if word := longest(text, lexicon.comparators):
            comparator = lexicon.comparators[word]
        elif word := longest(text, lexicon.approximate_before):
            approximate = True
        elif word := longest(text, lexicon.currency):
            currency = lexicon.currency[word]
        elif word := longest(text, lexicon.negative):
            if negative:
                return None
            negative = True
        elif not (word := longest(text, lexicon.positive)):
            break
        text = text[len(word) :]
    found = NUMBER.match(text)
    if found is None or len(found[0]) > _MOST_DIGITS:
        return None
    digits = found[0].replace(",", "")
    grouped = digits != found[0] or not digits.isascii() or any(c.isspace() for c in digits)
    number = Decimal(format(Decimal("".join(digits.split())), "f"))
    mantissa, _, power = digits.lower().partition("e")
    places = len(mantissa.partition(".")[2]) - int(power or 0)
    if places > PLACES_KEPT and len(number.as_tuple().digits) > _DIGITS_OF_A_DOUBLE:  # a program wrote a double
        number = to_decimal(format(number, "f"))
        places = places_of(number)
    rest = text[found.end() :]
    scale, unit, about, bound, after = _words_after(rest, lexicon)
    return Typed(
        number=-number if negative != brackets and number else number,
        places=places,
        scale=scale,
        unit=unit or currency,
        comparator=comparator or bound,
        approximate=approximate or about,
        brackets=brackets,
        grouped=grouped,
        after=after,
    )


def _words_after(text: str, lexicon: Lexicon) -> tuple[Decimal, str, bool, str, str]:
    """Multiplier, unit, about, bound and what is left of the words after a number."""
    scale, about = Decimal(1), False

    def strip_about(text: str) -> str:
        nonlocal about
        while word := longest(text, lexicon.approximate_after):
            about, text = True, text[len(word) :]
        return text

    text = strip_about(text)
    unit, rest = _unit(text, lexicon)
    if not unit and (word := longest(text, lexicon.multipliers)):
        scale = lexicon.multipliers[word]
        text = strip_about(text[len(word) :])
        unit, rest = _unit(text, lexicon)
    rest = strip_about(rest)
    bound = longest(rest, lexicon.comparators_after)
    return scale, unit, about, lexicon.comparators_after.get(bound, ""), rest[len(bound) :]


def _unit(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """The unit that ``text`` begins with, bare or in brackets, and what follows it. A bare multiplier is no
    unit."""
    if text[:1] == "(":
        inside, bracket, rest = text[1:].partition(")")
        if bracket and inside in lexicon.units:
            return inside, rest
    unit = longest(text, lexicon.units)
    if not unit or unit in lexicon.multipliers:
        return "", text
    rest = text[len(unit) :]
    compound, left = unit, rest
    while left:
        word = longest(left, lexicon.compound) or longest(left, lexicon.units)
        if not word:
            break
        compound, left = compound + word, left[len(word) :]
    if compound != unit and not left:
        return compound, ""
    return unit, rest
