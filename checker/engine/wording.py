"""What an explanation must say to count. The words come from ``rules/lexicon.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from checker.messages import LANGUAGES, Text, tr
from checker.values.typed import fold

__all__ = ["NEEDS", "Wording"]

#: What a rule may ask for: a figure with its unit, the number of a document, a period.
NEEDS: Final = ("figure", "document", "period")
#: So many letters on end that the finding says as well were copied from it.
_COPIED: Final = 6


class Wording:
    """Judges texts. ``lexicon`` is the whole lexicon as loaded."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        words, date = lexicon["explanations"], lexicon["date"]
        self.reasons: Final[Sequence[str]] = tuple(words["reasons"])
        self._least, self._words = int(words["least"]), int(words["words"])
        self._example = str(words["example"])
        self._stock = tuple(map(_plain, words["boilerplate"]))
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
        """The reason that a text gives: the one it begins with, or else the first that it names; the last of the list,
        which stands for all others, if it names none."""
        plain = _plain(text)
        named = [(plain.index(_plain(reason)), reason) for reason in self.reasons if _plain(reason) in plain]
        return min(named, default=(0, self.reasons[-1]))[1]

    def lacking(self, text: str, needs: Collection[str] = (), told: Iterable[Text] = ()) -> Text | None:
        """Why ``text`` does not count; None if it does. ``needs`` is what the rule asks for: all of it, or, where it
        asks for nothing, any one of ``NEEDS``. ``told`` is what the finding says itself."""
        folded, plain = fold(text), _plain(text)
        if _plain(self._example) in plain:
            return tr("this is the example itself: write what is true of these figures")
        own = self._without_stock(plain)
        if len(own) < self._least:
            return self._stock_phrase() if own != plain else self._too_short()
        said = self._letters(self._without_reason(folded))
        own = self._without_stock(said)
        if len(set(own)) < self._words:
            return self._stock_phrase() if own != said else self._no_reason()
        if len(set(self._without_stock(self._not_copied(said, told)))) < self._words:
            return tr(
                "it repeats the finding: write why the figures are right all the same. A good one: {example}",
                example=self._example,
            )
        found = self._found(folded)
        missing = [need for need in needs if need not in found] if needs else [] if found else [*NEEDS]
        if not missing:
            return None
        named = [_name(need) for need in missing]
        joined = (tr(" and ") if needs else tr(" or ")), named
        what = Text(joined[0].zh.join(name.zh for name in named), joined[0].en.join(name.en for name in named))
        return tr("it must name {what}. A good one: {example}", what=what, example=self._example)

    def _stock_phrase(self) -> Text:
        return tr("a stock phrase explains nothing. A good one: {example}", example=self._example)

    def _too_short(self) -> Text:
        return tr("it is too short. A good one: {example}", example=self._example)

    def _no_reason(self) -> Text:
        return tr("it does not say in words why. A good one: {example}", example=self._example)

    def _without_stock(self, plain: str) -> str:
        """A text without stock phrases, those that overlap included."""
        stock: set[int] = set()
        for phrase in self._stock:
            at = plain.find(phrase)
            while at >= 0:
                stock.update(range(at, at + len(phrase)))
                at = plain.find(phrase, at + 1)
        return _kept(plain, stock)

    def _without_reason(self, folded: str) -> str:
        """A text without the reason code that it begins with: the code alone explains nothing."""
        for code in map(fold, self.reasons):
            rest = folded.removeprefix(code)
            if rest != folded and not rest[:1].isalpha():
                return rest
        return folded

    def _letters(self, folded: str) -> str:
        """The words of a text: no figures, numbers of documents and periods."""
        for pattern in (self._document, self._period, self._figure):
            folded = pattern.sub("\n", folded)
        return "".join(filter(str.isalpha, folded))

    def _not_copied(self, said: str, told: Iterable[Text]) -> str:
        """The words that the finding does not say itself."""
        words = [self._letters(fold(text.render(language))) for text in told for language in LANGUAGES]
        runs = {text[at : at + _COPIED] for text in words for at in range(len(text) - _COPIED + 1)}
        copied = {at + step for at in range(len(said)) if said[at : at + _COPIED] in runs for step in range(_COPIED)}
        return _kept(said, copied)

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


def _plain(text: str) -> str:
    """Letters and digits alone: what stands between them disguises nothing."""
    return "".join(filter(str.isalnum, fold(text)))


def _kept(text: str, gone: Collection[int]) -> str:
    """The characters of a text but for those at some places."""
    return "".join(character for at, character in enumerate(text) if at not in gone)


def _name(need: str) -> Text:
    if need == "figure":
        return tr("a figure with its unit")
    return tr("the number of a document") if need == "document" else tr("a period")


def _any(words: Iterable[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "(?:" + "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True)) + ")"
