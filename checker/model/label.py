"""Labels as people type them, brought to one form, so that a form's words find a sheet's.

What carries no meaning goes: width and white space, colons and quotation marks, ordinal prefixes, "of which" in
front, units and letter marks in brackets. Which words these are is data, from the lexicon; this module knows
only the shapes. Normalising twice gives the same as once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

__all__ = ["Labels"]

#: Longer texts are prose; they are normalised but not kept.
_KEEP: Final = 120

_BRACKETS: Final = re.compile(r"\([^()]{1,20}\)")

#: ``A``, ``B/A``, ``B/A*100%``, ``3=1+2``: the mark of a column in the form's own arithmetic.
_TERM: Final = r"(?:[A-Za-z][0-9]?|[0-9]{1,3}%?)"
_MARK: Final = re.compile(rf"[A-Za-z]|{_TERM}(?:[-+*/\u00d7\u00f7=]{_TERM})+")


class _Folding(dict[int, str]):
    """For ``str.translate``: what becomes of each character after NFKC, found on first sight by its category."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Pd" or character == "\u2212":
            folded = "-"
        elif category == "Ps":
            folded = "("
        elif category == "Pe":
            folded = ")"
        elif category in ("Pi", "Pf", "Cf", "Cc") or character.isspace() or character in "\"'`":
            folded = ""
        else:
            folded = character
        self[code] = folded
        return folded


_FOLDING: Final = _Folding()


class Labels:
    """Brings labels to one form. ``normalise`` is cached: a workbook repeats its labels, a form does too."""

    def __init__(
        self,
        *,
        qualifiers: Iterable[str] = (),
        numerals: str = "",
        ordinal_marks: str = ".)",
        units: Iterable[str] = (),
        unit_words: Iterable[str] = (),
        years: Iterable[str] = (),
        year_marks: Iterable[str] = (),
        notes: Iterable[str] = (),
        footers: Iterable[str] = (),
    ) -> None:
        marks = re.escape(_fold(ordinal_marks))
        words = rf"|[{re.escape(numerals)}]{{1,4}}" if numerals else ""
        digits = rf"(?:[0-9]{{1,3}}|[IVX]{{1,4}}{words})"
        ordinal = rf"\({digits}\)[{marks}:]?|{digits}[{marks}:](?![0-9])"
        ahead = [re.escape(_fold(word)) for word in sorted(qualifiers, key=len, reverse=True)]
        self._prefix = re.compile("|".join([ordinal, *ahead]))
        self._units = frozenset(_fold(word) for word in units)
        self._unit_words = tuple(_fold(word) for word in unit_words)
        #: What forms call the newest year that headings name, the one before it, and so on.
        self.years = tuple(_fold(word) for word in years)
        #: What a remark between rows begins with, and a line in which people sign.
        self.notes = frozenset(_fold(word) for word in notes)
        self.footers = frozenset(_fold(word) for word in footers)
        marks_of_year = "|".join(re.escape(_fold(word)) for word in year_marks)
        self._year = re.compile(rf"([0-9]{{4}})(?:{marks_of_year})(.+)")
        #: ``normalise`` for texts that are not long: what it gave is kept.
        self.kept = lru_cache(maxsize=20_000)(self._normalise)

    @classmethod
    def from_mapping(cls, lexicon: Mapping[str, object]) -> Labels:
        """From the lexicon file: ``labels`` for the words, ``units`` for what may stand in brackets."""
        words = _mapping(lexicon.get("labels"))
        return cls(
            qualifiers=_texts(words.get("qualifiers")),
            numerals="".join(_texts(words.get("numerals"))),
            ordinal_marks="".join(_texts(words.get("ordinal_marks"))) or ".)",
            units=[name for group in _mapping(lexicon.get("units")).values() for name in _mapping(group)],
            unit_words=_texts(words.get("unit_words")),
            years=_texts(words.get("years")),
            year_marks=_texts(_mapping(lexicon.get("date")).get("year")),
            notes=_texts(words.get("notes")),
            footers=_texts(words.get("footers")),
        )

    def normalise(self, text: str) -> str:
        """The label in its one form. Never empty unless ``text`` has nothing but white space and punctuation."""
        return self.kept(text) if len(text) <= _KEEP else self._normalise(text)

    def dated(self, label: str) -> tuple[int, str] | None:
        """The year that a label in its one form begins with, and the words behind it; None if there is none."""
        found = self._year.fullmatch(label) if label[:1].isdigit() else None
        return (int(found[1]), found[2]) if found else None

    def _normalise(self, text: str) -> str:
        while (label := self._once(text)) != text:
            text = label
        return label

    def _once(self, text: str) -> str:
        label = _fold(_without_circled(text))
        for found in _BRACKETS.findall(label) if "(" in label else ():
            rest = label.replace(found, "", 1)
            if self._says_nothing(found[1:-1]) and rest.replace(":", ""):
                label = rest
        while found := self._prefix.match(label):
            rest = label[found.end() :]
            if not rest.replace(":", ""):
                break
            label = rest
        return label.replace(":", "")

    def _says_nothing(self, content: str) -> bool:
        """Whether what stands in brackets is a unit (also ``unit: …``, ``a/b``) or a letter mark."""
        if _MARK.fullmatch(content):
            return True
        for word in self._unit_words:
            content = content.removeprefix(word)
        return all(part in self._units for part in content.removeprefix(":").split("/"))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_FOLDING)


def _without_circled(text: str) -> str:
    """Without a leading circled number, which NFKC would turn into a bare digit."""
    bare = text.lstrip()
    if bare and unicodedata.decomposition(bare[0]).startswith("<circle>") and bare[1:].strip():
        return bare[1:]
    return text


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
