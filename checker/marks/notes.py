"""The text of our notes: a block between two tags, so that it can stand below an officer's own text and be taken away
again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from checker.messages import LANGUAGES, Text, tr
from checker.reports.layout import clean

__all__ = ["block", "filled", "find_block", "joined", "mark_key", "merge_note", "strip_note", "tag"]


def filled(text: Text, language: str, **parameters: str) -> str:
    """``text``, its places filled, in one language: what is said of many cells is not made twice."""
    return clean(text.render(language).format_map(parameters))


def tag(key: str, language: str) -> str:
    """What begins what is said of one finding: ``[Performance check 3f2a#2]``."""
    return tr("[Performance check {key}]").render(language).format(key=key)


def block(parts: Sequence[str], language: str) -> str:
    """``parts``, each beginning with its tag, and the tag that ends them."""
    return "\n".join((*parts, tr("[/Performance check]").render(language)))


def joined(one: str, other: str) -> str:
    """Two blocks for one cell as one block."""
    return f"{one.rpartition(chr(10))[0]}\n{other}"


def merge_note(existing: str, text: str) -> str:
    """An officer's note with our block below; an older block of ours gives way."""
    kept = strip_note(existing)
    return f"{kept}\n{text}" if kept else text


def strip_note(note: str) -> str:
    """What remains of a note without our block."""
    span = find_block(note)
    return note if span is None else note[: span[0]] + note[span[1] :]


def find_block(note: str) -> tuple[int, int] | None:
    """Where our block stands in a note, with the line break that parts it from the officer's text above."""
    match = _pattern().search(note)
    return match.span() if match else None


def mark_key(note: str) -> str:
    """The key in the first tag of our block: of all marks of a report only one has it. Empty if there is none."""
    match = _pattern().search(note)
    return next(filter(None, match.groups())) if match else ""


@cache
def _pattern() -> re.Pattern[str]:
    ways = []
    for language in LANGUAGES:
        begin, end = tag("\0", language).split("\0")
        closing = tr("[/Performance check]").render(language)
        ways.append(rf"\r?\n?{re.escape(begin)}([^\]\s]+){re.escape(end)}.*?{re.escape(closing)}")
    return re.compile("|".join(ways), re.DOTALL)
