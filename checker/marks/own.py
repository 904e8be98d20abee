"""The sheets that we put into a workbook, known by name and first cell whoever wrote them."""

from __future__ import annotations

from functools import cache

from checker.engine.written import RECORD, SIGNATURE, is_record
from checker.messages import LANGUAGES, tr
from checker.model.workbook import Sheet

__all__ = ["RECORD", "SIGNATURE", "is_own", "is_record", "is_results"]


def is_results(sheet: Sheet) -> bool:
    """Whether a sheet as read is one of findings or scores. May raise ``ReadError``."""
    titles = _titles()
    return sheet.name.startswith(titles) and _first(sheet) in titles


def is_own(sheet: Sheet) -> bool:
    """Whether a sheet as read is any of ours. May raise ``ReadError``."""
    return is_record(sheet) or is_results(sheet)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(title.render(language) for title in (tr("Check results"), tr("Score check")) for language in LANGUAGES)


def _first(sheet: Sheet) -> str:
    cell = sheet.rows.get(1, {}).get(1)
    return "" if cell is None else cell.raw
