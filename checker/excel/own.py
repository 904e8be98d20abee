"""The sheets that we put into a workbook: found again by name and first line, and never read as an officer's."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from checker.marks import result_rows, score_rows
from checker.model.report import WorkbookReport
from checker.model.workbook import Sheet, Workbook

__all__ = ["RECORD", "SIGNATURE", "is_own", "own_sheet", "own_titles", "without_own"]

#: The sheet, hidden from the list of sheets, in which stands what marked cells looked like before.
RECORD: Final = "_checker"
#: What its first cell says.
SIGNATURE: Final = "checker marks 1"


@cache
def own_titles() -> tuple[str, str]:
    """Names of the sheet of findings and the sheet of scores, which are their first lines as well."""
    return result_rows(WorkbookReport("", "unread")).name, score_rows(()).name


def _is_named(name: str, first: object) -> bool:
    """By the name but for a number that was needed, and the text of the first cell."""
    plain = name.partition(" (")[0]
    return first == SIGNATURE if plain == RECORD else plain in own_titles() and first == plain


def is_own(sheet: Sheet) -> bool:
    """Whether a sheet as read is one of ours. May raise ``ReadError``."""
    if not sheet.name.startswith((RECORD, *own_titles())):
        return False
    cell = sheet.rows.get(1, {}).get(1)
    return cell is not None and _is_named(sheet.name, cell.raw)


def own_sheet(book: Any, title: str) -> Any:
    """The open sheet of ours that is called ``title``, or None."""
    for sheet in book.sheets:
        if sheet.name.partition(" (")[0] == title and _is_named(sheet.name, sheet.range((1, 1)).raw_value):
            return sheet
    return None


def without_own(workbook: Workbook, path: str) -> Workbook:
    """``workbook`` under the name ``path``, as it was before we added sheets."""
    return Workbook(
        path=path,
        sha256=workbook.sha256,
        source=workbook.source,
        sheets=tuple(sheet for sheet in workbook.sheets if not is_own(sheet)),
        date1904=workbook.date1904,
        formulas=workbook.formulas,
        defined_names=workbook.defined_names,
        remarks=workbook.remarks,
        load_number_formats=lambda: workbook.number_formats,
    )
