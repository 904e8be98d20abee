"""What marked cells looked like before, and explanations whose findings are not listed now: kept in the workbook
itself, in a sheet that Excel does not offer to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from checker.excel.fills import Fill
from checker.excel.own import RECORD, SIGNATURE, own_sheet
from checker.excel.sheets import add_sheet, write_texts

__all__ = ["Painted", "Record", "keep", "recorded"]

_VERY_HIDDEN: Final = 2
_MARK, _EXPLANATION = "mark", "explanation"
_WIDTH: Final = 4


class Painted(NamedTuple):
    """The colour that a cell was given, and its fill before; no fill where it was not painted."""

    colour: int
    before: Fill


class Record(NamedTuple):
    """``marks`` by the key of the mark, ``explanations`` by the id of the finding."""

    marks: Mapping[str, Painted]
    explanations: Mapping[str, str]


def recorded(book: Any) -> Record:
    """What is kept in ``book``; nothing where there is no such sheet."""
    marks: dict[str, Painted] = {}
    explanations: dict[str, str] = {}
    sheet = own_sheet(book, RECORD)
    if sheet is not None:
        count = int(sheet.api.UsedRange.Rows.Count) if hasattr(sheet.api, "UsedRange") else sheet.used_range.shape[0]
        rows = sheet.range((1, 1), (count + 1, _WIDTH)).raw_value
        for kind, key, one, other in rows[1:]:
            if kind == _MARK and str(one).isdecimal():
                marks[key] = Painted(int(one), Fill.parse(str(other)))
            elif kind == _EXPLANATION:
                explanations[key] = str(one)
    return Record(marks, explanations)


def keep(book: Any, record: Record) -> None:
    """Make ``record`` what is kept in ``book``; an empty one takes the sheet away."""
    sheet = own_sheet(book, RECORD)
    rows = [(_MARK, key, str(painted.colour), str(painted.before)) for key, painted in record.marks.items()]
    rows += [(_EXPLANATION, finding, text, "") for finding, text in record.explanations.items()]
    if not rows:
        if sheet is not None:
            sheet.delete()
        return
    if sheet is None:
        sheet = add_sheet(book, RECORD)
    sheet.clear()
    write_texts(sheet, [(SIGNATURE, "", "", ""), *rows])
    sheet.api.Visible = _VERY_HIDDEN
