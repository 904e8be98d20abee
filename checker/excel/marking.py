"""Marks on the cells of the open workbook: a fill and a note each, put there and taken away again.

The note carries the key of its mark, so a mark is found wherever its cell was moved to. What officers wrote and painted
stays: our note is a block below theirs, and a fill is put back only where it is still the one that we gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from checker.excel.fills import Fill, colour_number, colour_of, fill_of, paint, put_back
from checker.excel.notes import Noted, add_note, any_notes, change_note, delete_note, noted_cells, threaded_cells
from checker.excel.own import is_own_open
from checker.excel.record import Painted, Record, keep, recorded
from checker.excel.sheets import structure_protected, together
from checker.marks import COLOURS, Mark, mark_key, merge_note, strip_note
from checker.marks.notes import joined
from checker.messages import Text, tr
from checker.model.workbook import Range, Workbook, address
from checker.readers.grid import parse_cell

__all__ = ["Cleared", "Marked", "Unmarked", "apply", "clear", "take_away"]


class Unmarked(NamedTuple):
    """A cell that could not be marked, and why."""

    sheet: str
    cell: str
    reason: Text


class Marked(NamedTuple):
    """``record`` is what is kept in the workbook now."""

    marks: int
    unmarked: tuple[Unmarked, ...]
    record: Record


class Cleared(NamedTuple):
    """``protected`` are the sheets whose marks could not be taken away, ``left`` what is to be kept about these."""

    marks: int
    protected: tuple[str, ...]
    left: Mapping[str, Painted]


class _Planned(NamedTuple):
    """What is done to a cell, which is at ``place``."""

    mark: Mark
    place: str
    cell: Any
    note: str
    fill: Fill


def apply(book: Any, marks: Sequence[Mark], read: Workbook, record: Record) -> Marked:
    """Mark cells of ``book``, which says what ``read`` does; marks of an earlier check must have been taken away. What
    cells looked like is kept in the workbook, with ``record``, before the first is touched."""
    if structure_protected(book):
        closed = tr("the structure of the workbook is protected")
        keep(book, record)
        return Marked(0, tuple(Unmarked(mark.sheet, mark.cell, closed) for mark in marks), record)
    unmarked: list[Unmarked] = []
    planned: dict[str, list[_Planned]] = {}
    sheets = {sheet.name: sheet for sheet in book.sheets}
    as_read = {sheet.name: sheet for sheet in read.sheets}
    for name in dict.fromkeys(mark.sheet for mark in marks):
        of_sheet = [mark for mark in marks if mark.sheet == name]
        reason = _closed(sheets.get(name))
        if reason is not None:
            unmarked += [Unmarked(name, mark.cell, reason) for mark in of_sheet]
        else:
            planned[name] = _planned(sheets[name], of_sheet, as_read[name].merges, unmarked)
    every = [one for ones in planned.values() for one in ones]
    painted = {one.mark.key: Painted(_colour(one), one.fill) for one in every}
    record = record._replace(marks={**record.marks, **painted})
    keep(book, record)
    for name, ones in planned.items():
        # The note first: by it a cell is found that is to be put back.
        noted = any_notes(sheets[name])
        for one in ones:
            _write_note(one, noted)
        colours = ((_colour(one), one.place) for one in ones if not one.fill.gradient)
        for colour, cells in together(sheets[name], colours):
            paint(cells, colour)
    return Marked(len(every), tuple(unmarked), record)


def clear(book: Any) -> Cleared:
    """Take all marks away, put back what was there, and forget it."""
    record = recorded(book)
    cleared = take_away(book, record)
    keep(book, record._replace(marks=cleared.left))
    return cleared


def take_away(book: Any, record: Record) -> Cleared:
    """The same, what is kept in the workbook (``record``) staying there."""
    left: dict[str, Painted] = {}
    protected: list[str] = []
    count = 0
    for sheet in _officers(book):
        found = noted_cells(sheet, mark_key)
        if found and sheet.api.ProtectContents:
            protected.append(sheet.name)
            keys = [mark_key(one.text) for one in found]
            left.update({key: record.marks[key] for key in keys if key in record.marks})
            continue
        _unmark(sheet, found, record)
        count += len(found)
    return Cleared(count, tuple(protected), left)


def _officers(book: Any) -> list[Any]:
    """The sheets of the workbook that may hold marks."""
    return [sheet for sheet in book.sheets if not is_own_open(sheet)]


def _closed(sheet: Any) -> Text | None:
    """Why nothing on ``sheet`` can be marked."""
    if sheet is None:
        return tr("there is no such sheet")
    return tr("the sheet is protected") if sheet.api.ProtectContents else None


def _planned(sheet: Any, marks: Iterable[Mark], merges: Sequence[Range], unmarked: list[Unmarked]) -> list[_Planned]:
    """What to do on one sheet. Of a merged area the first cell is marked, once for all findings in it."""
    talked_of = threaded_cells(sheet)
    planned: dict[tuple[int, int], _Planned] = {}
    for mark in marks:
        place = _first(mark.cell, merges)
        if place in talked_of:
            unmarked.append(Unmarked(mark.sheet, mark.cell, tr("the cell has a conversation (threaded comment)")))
        elif place in planned:
            one = planned[place]
            planned[place] = one._replace(note=joined(one.note, mark.note))
        else:
            cell = sheet.range(address(*place))
            planned[place] = _Planned(mark, address(*place), cell, mark.note, fill_of(cell))
    return list(planned.values())


def _first(cell: str, merges: Sequence[Range]) -> tuple[int, int]:
    """Row and column of ``cell``, or of the first of the merged cells among which it is."""
    place = parse_cell(cell)
    assert place is not None, cell  # the reader gave it
    row, column = place
    for merge in merges:
        if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right:
            return merge.top, merge.left
    return place


def _colour(one: _Planned) -> int:
    return colour_number(COLOURS[one.mark.colour])


def _write_note(one: _Planned, noted: bool) -> None:
    """``noted`` is whether any cell of the sheet has a note."""
    note = one.cell.note if noted else None
    if note is None:
        add_note(one.cell, one.note)
    else:
        change_note(one.cell, merge_note(note.text, one.note))


def _unmark(sheet: Any, found: Sequence[Noted], record: Record) -> None:
    """Fills first: a cell is found by its note as long as something is to be put back."""
    for fill, cells in together(sheet, _before(found, record)):
        put_back(cells, fill)
    for one in found:
        remaining = strip_note(one.text)
        if remaining:
            change_note(one.cell, remaining)
        else:
            delete_note(one)


def _before(found: Iterable[Noted], record: Record) -> Iterator[tuple[Fill, str]]:
    """The fills that cells had which still have the one that we gave, by the address of the cell."""
    ours = [*map(colour_number, COLOURS.values())]
    for one in found:
        painted = record.marks.get(mark_key(one.text))
        if painted is None:  # the record is lost: our colours are known
            if colour_of(one.cell) in ours:
                yield Fill(), one.address
        elif not painted.before.gradient and colour_of(one.cell) == painted.colour:
            yield painted.before, one.address
