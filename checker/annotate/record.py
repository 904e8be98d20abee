"""What was done to a workbook, kept in a sheet of it that nobody sees: enough to take all of it back.

The first four cells of a row are what ``checker.marks.own`` says; those behind are for exact restoring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from checker.annotate.draft import Draft
from checker.annotate.edits import Edit, reversed_edits
from checker.annotate.fills import bgr, fill_in_words, rrggbb
from checker.engine.written import SEEN, Seen
from checker.marks.own import SIGNATURE, is_record
from checker.model.workbook import Workbook

__all__ = ["Done", "Record", "digest", "read_record", "record_rows", "words_digest"]

_WIDTH = 9


class Done(NamedTuple):
    """One marked cell: the key of its mark, the colour given (RRGGBB), the fill before in a line, and, from a copy that
    we patched, sheet, cell, the fill as the style wrote it, and a digest of the words of our note."""

    key: str
    colour: str
    before: str
    sheet: str = ""
    cell: str = ""
    style: str = ""
    fill: str = ""
    note: str = ""


class Record(NamedTuple):
    """``added`` and ``edited`` are parts with the digest of what we made of them, ``undo`` the edits that take it back;
    there are none where Excel wrote the record. ``explanations`` are of findings that the list does not show."""

    marks: tuple[Done, ...]
    explanations: Mapping[str, str]
    added: Mapping[str, str]
    edited: Mapping[str, str]
    undo: Mapping[str, list[Edit]]


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def words_digest(note: str) -> str:
    """A digest of the words alone: programs change line breaks and spaces when they save."""
    return sha256("".join(note.split()).encode()).hexdigest()[:16]


def done(key: str, colour: str, place: tuple[str, str], style: int, fill: str, note: str) -> Done:
    """What is to be kept of one marked cell."""
    return Done(key, colour, fill_in_words(fill), *place, str(style), fill, words_digest(note))


def record_rows(
    draft: Draft, marks: tuple[Done, ...], explanations: Mapping[str, str], seen: Seen, own_part: str
) -> Iterator[tuple[str, ...]]:
    """The rows of the record of all that ``draft`` is going to do; ``own_part`` is to hold it. ``seen`` is what the
    rows of the sheet of findings are about."""
    yield (SIGNATURE,)
    for one in marks:
        yield ("mark", one.key, str(bgr(one.colour)), *one[2:])
    yield from (("explanation", finding, text) for finding, text in explanations.items())
    yield from ((SEEN, *row, token) for row, token in seen.items())
    yield ("added", own_part)
    yield from (("added", part, digest(text)) for part, text in draft.added.items())
    for part, text in draft.changed().items():
        yield ("edited", part, digest(text))
        for edit in reversed_edits(draft.text(part), draft.edits[part]):
            yield ("edit", str(edit.start), str(edit.end), edit.text)


def read_record(workbook: Workbook) -> Record | None:
    """The record in a workbook, None if there is none. What is not as we wrote it is passed over."""
    for sheet in reversed(workbook.sheets):
        if is_record(sheet):
            columns = range(1, _WIDTH + 1)
            return _record([[row[c].raw if c in row else "" for c in columns] for row in sheet.rows.values()])
    return None


def _record(rows: list[list[str]]) -> Record:
    marks: list[Done] = []
    explanations: dict[str, str] = {}
    added: dict[str, str] = {}
    edited: dict[str, str] = {}
    undo: dict[str, list[Edit]] = {}
    part = ""
    for kind, *values in rows[1:]:
        if kind == "mark" and values[1].isdecimal():
            marks.append(Done(values[0], rrggbb(int(values[1])), *values[2:]))
        elif kind == "explanation":
            explanations[values[0]] = values[1]
        elif kind == "added":
            added[values[0]] = values[1]
        elif kind == "edited":
            part = values[0]
            edited[part], undo[part] = values[1], []
        elif kind == "edit" and part and values[0].isdecimal() and values[1].isdecimal():
            undo[part].append(Edit(int(values[0]), int(values[1]), values[2]))
    return Record(tuple(marks), explanations, added, edited, undo)
