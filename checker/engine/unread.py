"""Figures that no form holds: nothing was checked there, which must be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from checker.engine.long import head_of, is_long
from checker.engine.traces import is_own_name
from checker.locate.located import LocatedForm
from checker.model.workbook import Cell, CellKind, Sheet

__all__ = ["unread"]

_FIGURE: Final = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?")
#: Fewer rows are a remark or a date, not a table. Rows so far apart belong to one.
_LEAST_ROWS: Final = 2
_FAR_APART: Final = 3


def unread(sheet: Sheet, forms: Iterable[LocatedForm]) -> Iterator[str]:
    """The tables of a sheet that none of ``forms`` holds: the name of a sheet without any, else ``sheet!3:69``. Sheets
    of our own are none, and of a long sheet only the head is looked at."""
    if is_own_name(sheet.name):
        return
    here = [form for form in forms if form.sheet == sheet.name]
    if not here:
        rows = head_of(sheet).rows if is_long(sheet) else sheet.rows
        if sum(any(map(_is_figure, row.values())) for row in rows.values()) >= _LEAST_ROWS:
            yield sheet.name
    elif not is_long(sheet):
        read = {fact.row for form in here for fact in form.fields.values()}
        for form in here:
            for table in form.tables.values():
                read.update(range(table.header.top, table.bottom + 1))
        others = [n for n, row in sheet.rows.items() if n not in read and sum(map(_is_figure, row.values())) > 1]
        yield from (f"{sheet.name}!{top}:{bottom}" for top, bottom in _stretches(others))


def _stretches(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last rows of what stands together."""
    together: list[list[int]] = []
    for number in rows:
        if together and number - together[-1][-1] <= _FAR_APART:
            together[-1].append(number)
        else:
            together.append([number])
    return ((some[0], some[-1]) for some in together if len(some) >= _LEAST_ROWS)


def _is_figure(cell: Cell) -> bool:
    return cell.kind == CellKind.NUMBER or _FIGURE.fullmatch(cell.raw) is not None
