"""The message that a rule writes itself: whether all in braces gets filled, and whether it says where and what.

No list says what a verb is. A message of a rule about certain cells must name a place, by what it holds in braces or by
words of its form; and without those words and the braces something must be left that can say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import Final

from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.plugin import CheckKind
from checker.model.rule import Rule
from checker.packs.lint_names import Remark
from checker.packs.schema import suggest

__all__ = ["PLACEHOLDERS", "lint_message"]

#: What every message may hold in braces.
PLACEHOLDERS: Final = frozenset(
    {
        "at_least", "cell", "cells", "column", "count", "difference", "filled", "formula",
        "label", "left", "right", "row", "unit", "value",
    }
)  # fmt: skip
#: Those that say what is wrong by themselves: an equation that does not hold.
_TELLING: Final = frozenset({"filled", "formula"})
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Fewer letters say nothing: one Chinese character (a unit), or an article.
_LEAST: Final = 2


def lint_message(rule: Rule, kind: CheckKind, form: Form) -> Iterator[Remark]:
    """What is amiss in the message of ``rule``, if it has one of its own."""
    if rule.message is None:
        return
    allowed = PLACEHOLDERS | {*kind.placeholders}
    for name in sorted(_placeholders(rule.message) - allowed):
        message = tr("Nothing fills {name} in this message.", name=f"{{{name}}}")
        yield Remark("PLACEHOLDER_UNKNOWN", message, suggest(name, allowed))
    words = _words(form)
    named = kind.references(rule.check) if kind.references is not None else ()
    of_cells = any(one.formula or one.row or one.column for one in named)
    if (
        of_cells
        and not _placeholders(rule.message)
        and not any(word in text for word in words for text in rule.message)
    ):
        message = tr("This message does not say which place it is about.")
        yield Remark("MESSAGE_PLACE", message, tr("Begin it with {example}.", example="{cell} {label}"), "warning")
    telling = _TELLING | {*kind.placeholders}
    if any(not _says_what(text, words) for text in dict.fromkeys(rule.message) if not _within(text) & telling):
        message = tr("This message does not say what is wrong.")
        hint = tr("Say what is and what should be, like: {example}.", example=_EXAMPLE)
        yield Remark("MESSAGE_SAYS_NOTHING", message, hint, "warning")


_EXAMPLE: Final = tr("{place} is {value} and should be {expected}", place="{cell}", value="{left}", expected="{right}")


def _says_what(text: str, words: list[str]) -> bool:
    """Whether anything is left of a text without what is filled in and what only names places."""
    rest = _BRACES.sub(" ", text)
    for word in words:
        rest = rest.replace(word, " ")
    return any(len(word) >= _LEAST for word in _WORD.findall(rest))


def _words(form: Form) -> list[str]:
    """What a form calls itself, its tables, rows, columns and fields, in either language, longest first."""
    words = {form.name, *form.title, *form.fields}
    words.update(field.english for field in form.fields.values())
    for table in form.tables.values():
        words.update((table.name, table.english, *table.columns, *table.rows, *table.totals))
        words.update(column.english for column in table.columns.values())
        words.update(row.english for row in (*table.rows.values(), *table.totals.values()))
    return sorted((word for word in words if len(word) >= _LEAST), key=len, reverse=True)


def _placeholders(message: Text) -> set[str]:
    return set().union(*map(_within, message))


def _within(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
