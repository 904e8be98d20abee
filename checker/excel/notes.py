"""Notes on cells through every release of xlwings: the older ones neither add a note nor list them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["add_note", "cells_with_notes", "threaded_cells"]

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
