"""Notes on cells through every release of xlwings: the older ones neither add a note nor list them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Noted", "add_note", "any_notes", "change_note", "delete_note", "noted_cells", "threaded_cells"]

#: Of a note that we make, in points: wide enough for a line of a finding, high enough for its lines.
_WIDTH, _LINE, _CHARACTERS = 320, 13, 30
_MOST_LINES = 30


class Noted(NamedTuple):
    """A cell with a note: its address (``E7``), the cell, what the note says, and the note as the program has it."""

    address: str
    cell: Any
    text: str
    note: Any


def noted_cells(sheet: Any, wanted: Callable[[str], object]) -> list[Noted]:
    """The cells of ``sheet`` with notes whose text is ``wanted``."""
    if sys.platform == "darwin":
        notes = [(note.location, note.text, note) for note in sheet.notes]
        return [Noted(_place(cell.address), cell, text, note) for cell, text, note in notes if wanted(text)]
    found = []
    for comment in sheet.api.Comments:
        text = comment.Text()
        if wanted(text):
            place = _place(comment.Parent.Address)
            found.append(Noted(place, sheet.range(place), text, comment))
    return found


def _place(address: str) -> str:
    """``$E$7``, or ``$E$7:$F$8`` of a merged cell, as ``E7``."""
    return address.replace("$", "").partition(":")[0]


def any_notes(sheet: Any) -> bool:
    """Whether cells of ``sheet`` have notes."""
    return bool(len(sheet.notes) if sys.platform == "darwin" else sheet.api.Comments.Count)


def delete_note(noted: Noted) -> None:
    if sys.platform == "darwin":
        noted.note.delete()
    else:
        noted.note.Delete()


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
