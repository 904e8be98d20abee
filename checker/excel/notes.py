"""Notes on cells through every release of xlwings: the older ones neither add a note nor list them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["add_note", "cells_with_notes", "change_note", "threaded_cells"]

#: Of a note that we make, in points: wide enough for a line of a finding, high enough for its lines.
_WIDTH, _LINE, _CHARACTERS = 320, 13, 30
_MOST_LINES = 30


def cells_with_notes(sheet: Any) -> Iterator[Any]:
    """The cells of ``sheet`` that have a note, collected before the first is given: notes may be deleted meanwhile."""
    if sys.platform == "darwin":
        yield from [note.location for note in sheet.notes]
        return
    places = [(comment.Parent.Row, comment.Parent.Column) for comment in sheet.api.Comments]
    for row, column in places:
        yield sheet.range((int(row), int(column)))


def threaded_cells(sheet: Any) -> set[tuple[int, int]]:
    """Where conversations stand. Programs that know none have none."""
    if sys.platform == "darwin":
        return set()
    try:
        return {(int(one.Parent.Row), int(one.Parent.Column)) for one in sheet.api.CommentsThreaded}
    except Exception:  # Excel before 2019 and WPS; the error is one of pywin32, which need not be there
        return set()


def add_note(cell: Any, text: str) -> None:
    """A note of ours on a cell without one, sized so that it can be read."""
    if sys.platform == "darwin":
        cell.add_note(text)
        return
    shape = cell.api.AddComment(text).Shape
    lines = sum(1 + len(line) // _CHARACTERS for line in text.split("\n"))
    shape.Width = _WIDTH
    shape.Height = _LINE * (min(lines, _MOST_LINES) + 1)


def change_note(cell: Any, text: str) -> None:
    """Make the note of a cell say ``text``. What it says already keeps its bold and coloured words, and its box its
    size: only the characters between are cut and put in. A program that does not do that gets the whole text anew."""
    if not _changed_in_part(cell, text):
        cell.note.text = text


def _changed_in_part(cell: Any, text: str) -> bool:
    """Whether the note says ``text`` now, with only what differs cut and put in."""
    if sys.platform == "darwin":
        return False
    before = cell.note.text
    start = _common(before, text)
    end = _common(before[start:][::-1], text[start:][::-1])
    cut, put = before[start : len(before) - end], text[start : len(text) - end]
    comment, place = cell.api.Comment, _units(before[:start]) + 1
    try:
        if cut:
            comment.Shape.TextFrame.Characters(place, _units(cut)).Delete()
        if put:
            comment.Text(put, place, False)
    except Exception:  # of pywin32, which need not be there: the program knows no parts of notes
        return False
    return bool(cell.note.text == text)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (mine, yours) in pairs if mine != yours), min(len(one), len(other)))


def _units(text: str) -> int:
    """The length as Excel counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
