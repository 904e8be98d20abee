"""What an explanation must say to count. The words come from ``rules/lexicon.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from checker.messages import Text, tr
from checker.values.typed import fold

__all__ = ["NEEDS", "Wording"]

#: What a rule may ask for: a figure with its unit, the number of a document, a period.
NEEDS: Final = ("figure", "document", "period")


class Wording:
    """Judges texts. ``lexicon`` is the whole lexicon as loaded."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        words, date = lexicon["explanations"], lexicon["date"]
        self.reasons: Final[Sequence[str]] = tuple(words["reasons"])
        self._least = int(words["least"])
        self._example = str(words["example"])
        self._stock = sorted(map(fold, words["boilerplate"]), key=len, reverse=True)
        year, month, day = (_any(date[part]) for part in ("year", "month", "day"))
        document = words["document"]
        opening, closing = (re.escape(fold(document[side])) for side in ("open", "close"))
        number = rf"[{opening}]\d{{4}}[{closing}]\d+{_any([document['number']])}"
        period = (
            rf"(?:\d{{4}}{year})?\d{{1,2}}{month}(?:\d{{1,2}}{day})?"
            rf"|\d{{4}}[-./]\d{{1,2}}(?!\d)|\d{{4}}{year}.?(?:{_any(words['periods'])})"
        )
        calendar = {fold(word) for part in date.values() for word in part}
        units = {fold(unit) for names in lexicon["units"].values() for unit in names} - calendar
        times = _any(lexicon["multipliers"])
        money = _any(lexicon["currency"])
        amount = r"\d[\d,]*(?:\.\d+)?"
        figure = rf"{amount}(?:{times})?{_any(units)}|(?:{money}){amount}"
        self._document = re.compile(number)
        self._period = re.compile(period)
        counted = "".join(f"(?<!{re.escape(fold(word))})" for word in lexicon["ordinal"])
        self._figure = re.compile(rf"(?<![\d.,]){counted}(?:{figure})")

    def reason_in(self, text: str) -> str:
        """The reason that a text names; the last one, which stands for all others, if it names none."""
        return next((reason for reason in self.reasons if reason in text), self.reasons[-1])

    def lacking(self, text: str, needs: Collection[str] = ()) -> Text | None:
        """Why ``text`` does not count; None if it does. ``needs`` is what the rule asks for: all of it, or, where it
        asks for nothing, any one of ``NEEDS``."""
        folded = fold(text)
        own = folded
        for phrase in self._stock:
            own = own.replace(phrase, "")
        if sum(character.isalnum() for character in own) < self._least:
            if own != folded:
                return tr("a stock phrase explains nothing. A good one: {example}", example=self._example)
            return tr("it is too short. A good one: {example}", example=self._example)
        found = self._found(folded)
        missing = [need for need in needs if need not in found] if needs else [] if found else [*NEEDS]
        if not missing:
            return None
        named = [_name(need) for need in missing]
        joined = (tr(" and ") if needs else tr(" or ")), named
        what = Text(joined[0].zh.join(name.zh for name in named), joined[0].en.join(name.en for name in named))
        return tr("it must name {what}. A good one: {example}", what=what, example=self._example)

    def _found(self, folded: str) -> set[str]:
        """What a text names; the digits of a document's number or of a period are no figure."""
        found = set()
        if self._document.search(folded):
            found.add("document")
        rest = self._document.sub("\n", folded)
        if self._period.search(rest):
            found.add("period")
        if self._figure.search(self._period.sub("\n", rest)):
            found.add("figure")
        return found


def _name(need: str) -> Text:
    if need == "figure":
        return tr("a figure with its unit")
    return tr("the number of a document") if need == "document" else tr("a period")


def _any(words: Iterable[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "(?:" + "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True)) + ")"
