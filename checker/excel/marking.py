"""Marks on the cells of the open workbook: a fill and a note each, put there and taken away again.

The note carries the key of its mark, so a mark is found wherever its cell was moved to. What officers wrote and painted
stays: our note is a block below theirs, and a fill is put back only where it is still the one that we gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from checker.excel.fills import Fill, colour_number, fill_of, paint, put_back
from checker.excel.notes import add_note, cells_with_notes, change_note, threaded_cells
from checker.excel.own import is_own_open
from checker.excel.record import Painted, Record, keep, recorded
from checker.excel.sheets import structure_protected
from checker.marks import COLOURS, Mark, mark_key, merge_note, strip_note
from checker.marks.notes import joined
from checker.messages import Text, tr

__all__ = ["Cleared", "Marked", "Unmarked", "apply", "clear"]


class Unmarked(NamedTuple):
    """A cell that could not be marked, and why."""

    sheet: str
    cell: str
    reason: Text


class Marked(NamedTuple):
    marks: int
    unmarked: tuple[Unmarked, ...]


class Cleared(NamedTuple):
    """``protected`` are the sheets whose marks could not be taken away."""

    marks: int
    protected: tuple[str, ...]


class _Planned(NamedTuple):
    mark: Mark
    cell: Any
    note: str
    fill: Fill


def apply(book: Any, marks: Sequence[Mark]) -> Marked:
    """Mark cells; marks of an earlier check must have been cleared. What they looked like is recorded in the workbook
    before the first is touched."""
    if structure_protected(book):
        closed = tr("the structure of the workbook is protected")
        return Marked(0, tuple(Unmarked(mark.sheet, mark.cell, closed) for mark in marks))
    unmarked: list[Unmarked] = []
    planned: list[_Planned] = []
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for name in dict.fromkeys(mark.sheet for mark in marks):
        of_sheet = [mark for mark in marks if mark.sheet == name]
        reason = _closed(sheets.get(name))
        if reason is not None:
            unmarked += [Unmarked(name, mark.cell, reason) for mark in of_sheet]
        else:
            _plan(sheets[name], of_sheet, planned, unmarked)
    before = recorded(book)
    painted = {one.mark.key: Painted(_colour(one), one.fill) for one in planned}
    keep(book, before._replace(marks={**before.marks, **painted}))
    for one in planned:
        if not one.fill.gradient:
            paint(one.cell, _colour(one))
        _write_note(one)
    return Marked(len(planned), tuple(unmarked))


def clear(book: Any) -> Cleared:
    """Take all marks away and put back what was there."""
    record = recorded(book)
    left: dict[str, Painted] = {}
    protected: list[str] = []
    count = 0
    for sheet in _officers(book):
        found = [(cell, text) for cell in cells_with_notes(sheet) if mark_key(text := cell.note.text)]
        if found and sheet.api.ProtectContents:
            protected.append(sheet.name)
            keys = [mark_key(text) for _, text in found]
            left.update({key: record.marks[key] for key in keys if key in record.marks})
            continue
        for cell, text in found:
            _unmark(cell, text, record)
            count += 1
    keep(book, record._replace(marks=left))
    return Cleared(count, tuple(protected))


def _officers(book: Any) -> list[Any]:
    """The sheets of the workbook that may hold marks."""
    return [sheet for sheet in book.sheets if not is_own_open(sheet)]


def _closed(sheet: Any) -> Text | None:
    """Why nothing on ``sheet`` can be marked."""
    if sheet is None:
        return tr("there is no such sheet")
    return tr("the sheet is protected") if sheet.api.ProtectContents else None


def _plan(sheet: Any, marks: Iterable[Mark], planned: list[_Planned], unmarked: list[Unmarked]) -> None:
    """What to do on one sheet. Of a merged area the first cell is marked, once for all findings in it."""
    talked_of = threaded_cells(sheet)
    places: dict[tuple[int, int], int] = {}
    for mark in marks:
        cell = sheet.range(mark.cell)
        if cell.merge_cells:
            cell = cell.merge_area(1, 1)
        place = cell.row, cell.column
        if place in talked_of:
            unmarked.append(Unmarked(mark.sheet, mark.cell, tr("the cell has a conversation (threaded comment)")))
        elif place in places:
            one = planned[places[place]]
            planned[places[place]] = one._replace(note=joined(one.note, mark.note))
        else:
            places[place] = len(planned)
            planned.append(_Planned(mark, cell, mark.note, fill_of(cell)))


def _colour(one: _Planned) -> int:
    return colour_number(COLOURS[one.mark.colour])


def _write_note(one: _Planned) -> None:
    note = one.cell.note
    if note is None:
        add_note(one.cell, one.note)
    else:
        change_note(one.cell, merge_note(note.text, one.note))


def _unmark(cell: Any, text: str, record: Record) -> None:
    remaining = strip_note(text)
    if remaining:
        change_note(cell, remaining)
    else:
        cell.note.delete()
    fill = fill_of(cell)
    painted = record.marks.get(mark_key(text))
    if painted is None:  # the record is lost: our colours are known
        if fill.colour in map(colour_number, COLOURS.values()):
            put_back(cell, Fill())
    elif fill.colour == painted.colour and not painted.before.gradient:
        put_back(cell, painted.before)
