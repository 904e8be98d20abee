"""What a sheet says about itself above its tables: the unit of its amounts, the year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.values.typed import fold

if TYPE_CHECKING:
    from checker.values.lexicon import Lexicon

__all__ = ["stated_unit", "unit_in_brackets", "year_in"]

_BRACKETS: Final = re.compile(r"\(([^()]{1,20})\)")
_DIGIT: Final = re.compile(r"\d")
_YEAR: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")


def stated_unit(text: str, lexicon: Lexicon) -> str:
    """The unit in ``金额单位：万元`` and its like (in brackets or not), or nothing."""
    text = fold(text)
    if len(text) > 60:
        return ""
    for word in lexicon.stated_words:
        _, found, rest = text.partition(word)
        if found:
            name = re.split(r"[(),;\s]", rest.lstrip(":"), maxsplit=1)[0]
            unit = lexicon.unit(name)
            return unit.name if unit is not None else ""
    return ""


def unit_in_brackets(text: str, lexicon: Lexicon) -> str:
    """The unit in ``全年预算数（万元）`` or ``（单位：万元）``, or nothing."""
    for content in _BRACKETS.findall(fold(text)):
        unit = lexicon.unit(content)
        if unit is not None:
            return unit.name
        if stated := stated_unit(content, lexicon):
            return stated
    return ""


def year_in(text: str, lexicon: Lexicon) -> str:
    """The first four-digit year in ``text`` that a word for year follows, else the only one, or nothing."""
    if _DIGIT.search(text) is None:
        return ""
    text = fold(text)
    years = [(found[1], text[found.end() :]) for found in _YEAR.finditer(text)]
    named = [year for year, rest in years if rest.startswith(lexicon.date["year"])]
    if named:
        return named[0]
    return years[0][0] if len(years) == 1 else ""
