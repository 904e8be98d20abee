"""What was done to a workbook, kept in a sheet of it that nobody sees: enough to take all of it back.

The first four cells of a row are what ``checker.marks.own`` says; those behind are for exact restoring.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from checker.annotate.draft import Draft, fingerprint
from checker.annotate.edits import Edit, reversed_edits
from checker.annotate.fills import bgr, fill_in_words, rrggbb
from checker.engine.written import SEEN, Seen, waiting_row
from checker.marks.own import SIGNATURE, is_record
from checker.model.explanation import Explanation
from checker.model.workbook import Workbook

__all__ = ["Done", "Record", "read_record", "said_rows", "undo_rows", "words_digest"]

_WIDTH: Final = 5
#: So many edits stand in one cell: texts that are put back are short, and a cell takes 32,767 characters.
_MOST_EDITS: Final = 200
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    """``added`` and ``edited`` are parts with the fingerprint of what we made of them (empty for the record itself),
    ``before`` with that of what they were, ``undo`` the edits that take it back; there are none where Excel wrote the
    record."""

    marks: tuple[Done, ...]
    added: Mapping[str, str]
    edited: Mapping[str, str]
    before: Mapping[str, str]
    undo: Mapping[str, list[Edit]]


def words_digest(note: str) -> str:
    """A digest of the words alone: programs change line breaks and spaces when they save."""
    return f"{zlib.crc32(''.join(note.split()).encode()):08x}"


def done(key: str, colour: str, place: tuple[str, str], style: int, fill: str, note: str) -> Done:
    """What is to be kept of one marked cell."""
    return Done(key, colour, fill_in_words(fill), *place, str(style), fill, words_digest(note))


def said_rows(unlisted: Iterable[Explanation], seen: Seen) -> Iterator[tuple[str, ...]]:
    """The first rows of the record: explanations that the sheet of findings does not show, and what its rows are
    about."""
    yield (SIGNATURE,)
    yield from map(waiting_row, unlisted)
    yield from ((SEEN, *row, token) for row, token in seen.items())


def undo_rows(draft: Draft, marks: tuple[Done, ...], own_part: str) -> Iterator[tuple[str, ...]]:
    """The rest: all that ``draft`` is going to do; ``own_part`` is to hold the record."""
    for one in marks:
        yield ("mark", one.key, str(bgr(one.colour)), one.before, _written(one[3:]))
    yield ("added", own_part)
    yield from (("added", part, fingerprint(content)) for part, content in draft.added.items())
    for part, content in draft.changed().items():
        yield ("edited", part, fingerprint(content), draft.fingerprint(part))
        yield from (("edits", _written(some)) for some in _some(reversed_edits(draft.text(part), draft.edits[part])))


def read_record(workbook: Workbook) -> Record | None:
    """The record in a workbook, None if there is none. Where a row is not as we wrote it, nothing can be taken back to
    the byte: there is nothing under ``added``."""
    for sheet in reversed(workbook.sheets):
        if is_record(sheet):
            columns = range(1, _WIDTH + 1)
            return _record([[row[c].raw if c in row else "" for c in columns] for row in sheet.rows.values()])
    return None


def _record(rows: list[list[str]]) -> Record:
    marks: list[Done] = []
    added: dict[str, str] = {}
    edited: dict[str, str] = {}
    before: dict[str, str] = {}
    undo: dict[str, list[Edit]] = {}
    part, whole = "", True
    for kind, *values in rows[1:]:
        try:
            if kind == "mark":
                style = json.loads(values[3]) if values[3] else ()
                marks.append(Done(values[0], rrggbb(int(values[1])), values[2], *style))
            elif kind == "added":
                added[values[0]] = values[1]
            elif kind == "edited":
                part = values[0]
                edited[part], before[part], undo[part] = values[1], values[2], []
            elif kind == "edits":
                undo[part] += [Edit(*edit) for edit in json.loads(values[0])]
        except (ValueError, TypeError, KeyError):
            whole = False
    return Record(tuple(marks), added if whole else {}, edited, before, undo)


def _some(edits: Iterator[Edit]) -> Iterator[list[Edit]]:
    while some := list(islice(edits, _MOST_EDITS)):
        yield some
