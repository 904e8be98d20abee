"""Lists that people keep as a workbook: the first sheet that can be seen, cell by cell as it would stand in a CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Context, Decimal
from typing import Final

from checker.errors import ReadError, UsageError
from checker.messages import tr
from checker.model.workbook import Cell, CellKind, Workbook, address
from checker.readers import open_workbook
from checker.values.numbers import number_format_facts, serial_to_date

__all__ = ["is_workbook", "records"]

#: A package (.xlsx) and a compound file (.xls).
_BEGINNINGS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: A number in a spreadsheet program has so many digits; what is behind them came of calculating.
_DIGITS: Final = Context(prec=15)
_MINUTES: Final = 24 * 60


def is_workbook(content: bytes) -> bool:
    return content.startswith(_BEGINNINGS)


def records(path: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds something, with its number. Raises ``UsageError`` for what is no workbook, and for a cell
    without a value."""
    try:
        book = open_workbook(path)
        sheet = next((sheet for sheet in book.sheets if sheet.state == "visible"), book.sheets[0])
        rows = sheet.rows
    except ReadError as error:
        raise UsageError(error.code, error.message, error.hint, path) from error
    for number, row in rows.items():
        yield number, [_text(book, row[at], path, number, at) if at in row else "" for at in range(1, max(row) + 1)]


def _text(book: Workbook, cell: Cell, path: str, row: int, column: int) -> str:
    if cell.kind == CellKind.NO_CACHE:
        raise UsageError(
            "LIST_CELL_MISSING",
            tr("The formula in {cell} has never been calculated.", cell=address(row, column)),
            tr("Open the list in Excel or WPS and save it."),
            f"{path}:{row}:{column}",
        )
    if cell.kind != CellKind.NUMBER:
        return cell.raw
    number = Decimal(cell.raw)
    if number_format_facts(book.number_format(cell.style)).date:
        try:
            return _moment(number, book.date1904)
        except ValueError:  # a number that no calendar has a day for is told as what it is
            pass
    return f"{_DIGITS.plus(number).normalize():f}"


def _moment(number: Decimal, date1904: bool) -> str:
    """A day, with its time if it has one: ``2025-03-31 18:00``."""
    minutes = round(number % 1 * _MINUTES)
    moment = datetime.combine(serial_to_date(number, date1904), time()) + timedelta(minutes=minutes)
    return f"{moment:%Y-%m-%d %H:%M}" if minutes else f"{moment:%Y-%m-%d}"
