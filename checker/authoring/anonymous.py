"""A finding without the names of units, people and projects: texts of cells give way to other words, as far as the
verdict does not rest on them. What may go is tried out, by deriving the finding again.

Labels of the form itself, figures and dates are no names and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from checker.engine.diagnose import finding_id
from checker.model.rule import Rule

__all__ = ["Words", "anonymised"]

Document = Mapping[str, Any]

_LETTER: Final = re.compile(r"[^\W\d_]")
#: A text that is shorter says too little to be a name, and stands in too many others.
_LEAST: Final = 2
_LETTERS: Final = 26


class Words(NamedTuple):
    """What is put for what."""

    words: Mapping[str, str]

    def put_for(self, value: Any) -> Any:
        """``value``, a text or a structure of lists and mappings, with the other words in all its texts; of words that
        hold each other the longest counts."""
        if isinstance(value, str):
            for word in sorted(self.words, key=len, reverse=True):
                value = value.replace(word, self.words[word])
            return value
        if isinstance(value, Mapping):
            return {key: self.put_for(item) for key, item in value.items()}
        return [self.put_for(item) for item in value] if isinstance(value, list) else value


def anonymised(finding: Document, rule: Rule, holds: Callable[[Document], bool]) -> tuple[Document, Words, list[str]]:
    """The finding (without what follows from it) with other words for names, and an id that follows from them; the
    words; and the texts that had to stay. ``holds`` derives a finding again and says whether it is as written."""
    finding = {**finding, "explanation": None}
    wanted = {**_of_texts(finding), **_of_sheets(finding), **_of_unit(finding)}
    every = Words(wanted)
    hidden = _hidden(finding, rule, every)
    if holds(hidden):
        return hidden, every, []
    found = Words({})
    hidden = _hidden(finding, rule, found)
    for word in sorted(wanted, key=len, reverse=True):
        more = Words({**found.words, word: wanted[word]})
        tried = _hidden(finding, rule, more)
        if holds(tried):
            found, hidden = more, tried
    return hidden, found, sorted(set(wanted) - set(found.words))


def _hidden(finding: Document, rule: Rule, words: Words) -> Document:
    hidden: dict[str, Any] = words.put_for(finding)
    grounds = hidden["grounds"]
    return {**hidden, "id": finding_id(rule, grounds["unit"], grounds["year"], hidden["label"].split(" / "))}


def _of_unit(finding: Document) -> dict[str, str]:
    unit = finding["grounds"]["unit"]
    return {unit: "Unit"} if len(unit) >= _LEAST else {}


def _of_sheets(finding: Document) -> dict[str, str]:
    """Sheets that are not called as their form is, and the names of other files (``[file]sheet``)."""
    forms = {form["form"] for form in _forms(finding)}
    sheets = {form["sheet"] for form in _forms(finding)}
    sheets |= {cell["sheet"] for place in (finding, *finding["places"]) for cell in place["operands"]}
    files = {sheet.rpartition("]")[0].removeprefix("[") for sheet in sheets} - {""}
    names = {sheet.rpartition("]")[2] for sheet in sheets} - forms
    return {
        **{name: f"Sheet{number}" for number, name in enumerate(sorted(names), 1) if len(name) >= _LEAST},
        **{name: f"Book{number}" for number, name in enumerate(sorted(files), 1) if len(name) >= _LEAST},
    }


def _of_texts(finding: Document) -> dict[str, str]:
    """Texts of cells, names of rows that no form has, and what tells one of several forms from another. In the order of
    the finding, so that the same finding gets the same words."""
    operands = [cell["text"] for place in (finding, *finding["places"]) for cell in place["operands"]]
    told = dict.fromkeys([*operands, *(text for form in _forms(finding) for text in _texts(form))])
    names = [text for text in map(str.strip, told) if len(text) >= _LEAST and _LETTER.search(text)]
    return {name: f"Text{_number(place)}" for place, name in enumerate(names)}


def _texts(form: Document) -> Iterator[str]:
    yield form.get("qualifier", "")
    for cell in form.get("fields", {}).values():
        yield cell.get("text", "")
    for table in form.get("tables", {}).values():
        for row in table["rows"]:
            if not row.get("known", True):
                yield from (str(row[key]) for key in ("row", "name", "label") if key in row)
            for cell in row["cells"].values():
                yield cell.get("text", "")


def _forms(finding: Document) -> Iterator[Document]:
    return (form for kept in finding["grounds"]["slices"] for form in kept["forms"])


def _number(place: int) -> str:
    """A, B … Z, AA …: without digits, so that nothing is read as a figure."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters
