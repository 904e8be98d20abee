"""Changes of a text at places of its own, and how to take them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Edit", "applied", "reversed_edits"]


class Edit(NamedTuple):
    """``text`` takes the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def applied(original: str, edits: Iterable[Edit]) -> str:
    """``original`` with all ``edits``, whose places are those of ``original``. Those at one place keep their order."""
    pieces, position = [], 0
    for edit in _ordered(edits):
        pieces += [original[position : edit.start], edit.text]
        position = edit.end
    pieces.append(original[position:])
    return "".join(pieces)


def reversed_edits(original: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that make ``original`` of what ``applied`` gives."""
    shift = 0
    for edit in _ordered(edits):
        start = edit.start + shift
        yield Edit(start, start + len(edit.text), original[edit.start : edit.end])
        shift += len(edit.text) - (edit.end - edit.start)


def _ordered(edits: Iterable[Edit]) -> list[Edit]:
    ordered = sorted(edits, key=lambda edit: edit.start)
    for one, other in pairwise(ordered):
        if one.end > other.start:
            raise ValueError(f"two edits of one place: {one} and {other}")
    return ordered
