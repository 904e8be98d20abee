"""Sheets added and filled, and the program kept still meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

__all__ = ["add_sheet", "quiet", "show", "structure_protected", "write_texts"]

_VISIBLE: Final = -1
_TEXT: Final = "@"


@contextmanager
def quiet(app: Any) -> Iterator[None]:
    """No flicker, and no macros of the workbook that answer to what we write; both as before afterwards."""
    before = app.screen_updating, app.enable_events
    try:
        app.screen_updating = False
        app.enable_events = False
        yield
    finally:
        app.enable_events = before[1]
        app.screen_updating = before[0]


def show(sheet: Any) -> None:
    """Bring ``sheet`` to the front. What xlwings has for it looks for a window of Excel's, and WPS has none."""
    if sys.platform == "darwin":
        sheet.activate()
        return
    sheet.book.api.Activate()
    sheet.api.Activate()


def structure_protected(book: Any) -> bool:
    """Whether no sheet may be added."""
    return bool(getattr(book.api, "ProtectStructure", False))


def add_sheet(book: Any, name: str) -> Any:
    """A new sheet after the last one that can be seen, the sheet in front staying in front. A name that is taken is
    numbered."""
    in_front = book.sheets.active
    taken = {sheet.name.casefold() for sheet in book.sheets}
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    last = [sheet for sheet in book.sheets if sheet.visible in (_VISIBLE, True)][-1]
    sheet = book.sheets.add(name=free, after=last)
    show(in_front)
    return sheet


def write_texts(sheet: Any, rows: Sequence[Sequence[str]], formulas: Sequence[int] = ()) -> None:
    """Write ``rows`` from the first cell on in one block. All cells are made texts first, so that what begins with
    ``=`` stays what it is, but for the columns ``formulas``, whose cells must be formulas or safe."""
    block = sheet.range((1, 1), (len(rows), len(rows[0])))
    block.number_format = _TEXT
    for column in formulas:
        sheet.range((1, column), (len(rows), column)).number_format = "General"
    block.raw_value = tuple(tuple(row) for row in rows)
