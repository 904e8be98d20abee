"""What marked cells looked like before, what the rows of the list are about, and explanations whose findings are not
listed now: kept in the workbook itself, in a sheet that Excel does not offer to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from checker.engine.written import SEEN, Seen, waiting_in, waiting_row
from checker.excel.fills import Fill
from checker.excel.own import RECORD, SIGNATURE, own_sheet
from checker.excel.sheets import add_sheet, remove_sheet, structure_protected, write_texts
from checker.model.explanation import Explanation

__all__ = ["Painted", "Record", "keep", "recorded"]

_VERY_HIDDEN: Final = 2
_MARK: Final = "mark"
_WIDTH: Final = 4


class Painted(NamedTuple):
    """The colour that a cell was given, and its fill before; no fill where it was not painted."""

    colour: int
    before: Fill


class Record(NamedTuple):
    """``marks`` by the key of the mark; ``waiting`` are explanations that the list does not show; ``seen`` is what its
    rows are about."""

    marks: Mapping[str, Painted]
    waiting: Sequence[Explanation]
    seen: Seen


def recorded(book: Any) -> Record:
    """What is kept in ``book``; nothing where there is no such sheet."""
    marks: dict[str, Painted] = {}
    waiting: list[Explanation] = []
    seen: dict[tuple[str, str], str] = {}
    sheet = own_sheet(book, RECORD)
    if sheet is not None:
        count = int(sheet.api.UsedRange.Rows.Count) if hasattr(sheet.api, "UsedRange") else sheet.used_range.shape[0]
        for values in sheet.range((1, 1), (count + 1, _WIDTH)).raw_value[1:]:
            row = ["" if value is None else str(value) for value in values]
            kind, key, one, other = row
            said = waiting_in(row)
            if said is not None:
                waiting.append(said)
            elif kind == SEEN:
                seen[key, one] = other
            elif kind == _MARK and one.isdecimal():
                marks[key] = Painted(int(one), Fill.parse(other))
    return Record(marks, waiting, seen)


def keep(book: Any, record: Record) -> None:
    """Make ``record`` what is kept in ``book``; an empty one takes the sheet away. Where the structure of the workbook
    is protected no sheet comes or goes, nor is one shown or hidden: without a sheet nothing is kept."""
    sheet = own_sheet(book, RECORD)
    rows = [(_MARK, key, str(painted.colour), str(painted.before)) for key, painted in record.marks.items()]
    rows += map(waiting_row, record.waiting)
    rows += [(SEEN, *row, token) for row, token in record.seen.items()]
    fixed = structure_protected(book)
    if not rows and not fixed:
        if sheet is not None:
            remove_sheet(sheet)
        return
    new = sheet is None
    if new:
        if fixed:
            return
        sheet = add_sheet(book, RECORD)
    sheet.clear()
    write_texts(sheet, [(SIGNATURE, "", "", ""), *rows])
    if new:
        sheet.api.Visible = _VERY_HIDDEN
