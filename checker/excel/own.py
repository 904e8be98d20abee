"""The sheets that we put into a workbook: found again by name and first line, and never read as an officer's."""

from __future__ import annotations

from functools import cache
from typing import Any

from checker.marks.own import RECORD, SIGNATURE, is_own
from checker.messages import LANGUAGES, Text, tr
from checker.model.workbook import Workbook

__all__ = ["RECORD", "SIGNATURE", "is_own_open", "own_sheet", "own_titles", "without_own"]

_RESULTS, _SCORES = tr("Check results"), tr("Score check")


@cache
def own_titles() -> tuple[str, str]:
    """Names of the sheet of findings and the sheet of scores as we write them here."""
    return _RESULTS.zh, _SCORES.zh


def _in_any_language(text: Text) -> tuple[str, ...]:
    return tuple(text.render(language) for language in LANGUAGES)


def _is(sheet: Any, kinds: tuple[str, ...]) -> bool:
    """Whether an open sheet is one of ``kinds``: by its name, but for a number that was needed, and its first cell."""
    if sheet.name.partition(" (")[0] not in kinds:
        return False
    first = sheet.range("A1").raw_value
    return first == SIGNATURE if kinds == (RECORD,) else first in kinds


def is_own_open(sheet: Any) -> bool:
    """Whether an open sheet is any of ours, whichever face wrote it."""
    name = sheet.name.partition(" (")[0]
    of_name = (kinds for kinds in ((RECORD,), *map(_in_any_language, (_RESULTS, _SCORES))) if name in kinds)
    return any(_is(sheet, kinds) for kinds in of_name)


def own_sheet(book: Any, title: str) -> Any:
    """The open sheet of ours that is called ``title`` (or the same in another language), or None."""
    languages = map(_in_any_language, (_RESULTS, _SCORES))
    kinds = next((names for names in languages if title in names), (title,))
    return next((sheet for sheet in book.sheets if _is(sheet, kinds)), None)


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
