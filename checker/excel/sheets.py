"""Sheets added, filled and taken away, and the program kept still meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

from checker.model.workbook import Range

__all__ = [
    "add_sheet",
    "can_be_seen",
    "empty",
    "quiet",
    "remove_sheet",
    "reveal",
    "show",
    "structure_protected",
    "together",
    "write_texts",
]

_Look = TypeVar("_Look")

_VISIBLE: Final = -1
_TEXT: Final = "@"
#: An address of several areas is given to Excel in so many characters at most.
_LONGEST: Final = 255


@contextmanager
def quiet(app: Any) -> Iterator[None]:
    """No flicker, no questions, and no macros of the workbook that answer to what we write; all as before afterwards,
    each whether or not the others can be put back."""
    with ExitStack() as afterwards:
        for name in ("screen_updating", "enable_events", "display_alerts"):
            afterwards.callback(setattr, app, name, getattr(app, name))
            setattr(app, name, False)
        yield


def show(sheet: Any) -> None:
    """Bring ``sheet`` to the front, alone: what is typed while several are selected goes into all of them. What xlwings
    has for it looks for a window of Excel's, and WPS has none."""
    if sys.platform == "darwin":
        sheet.activate()
        return
    sheet.book.api.Activate()
    sheet.api.Activate()
    sheet.api.Select()


def reveal(sheet: Any) -> None:
    """Make ``sheet`` one that can be seen, as it must be to be brought to the front."""
    if not can_be_seen(sheet):
        sheet.visible = True


def can_be_seen(sheet: Any) -> bool:
    return sheet.visible in (_VISIBLE, True)


def structure_protected(book: Any) -> bool:
    """Whether no sheet may be added."""
    return bool(getattr(book.api, "ProtectStructure", False))


def add_sheet(book: Any, name: str) -> Any:
    """A new sheet after the last one that can be seen, the sheet in front staying in front. A name that is taken is
    numbered."""
    in_front = book.sheets.active
    taken, last = set(), None
    for sheet in book.sheets:
        taken.add(sheet.name.casefold())
        if can_be_seen(sheet):
            last = sheet
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    sheet = _added_after(book, in_front, last)
    sheet.name = free
    show(in_front)
    return sheet


def _added_after(book: Any, in_front: Any, last: Any) -> Any:
    """One new sheet. Left to itself Excel adds as many as are selected, and what xlwings does to add one after another
    counts worksheets where it must count sheets that are charts, too."""
    if sys.platform == "darwin":
        return book.sheets.add(after=last)
    show(in_front)
    sheet = book.sheets.add(before=last)
    if last is not None:
        last.api.Move(Before=sheet.api)
    return sheet


def remove_sheet(sheet: Any) -> None:
    """Delete ``sheet``; within ``quiet`` nobody is asked. Excel does not delete what it does not offer to show."""
    sheet.visible = True
    sheet.delete()


def empty(sheet: Any) -> None:
    """Take everything out of ``sheet``, a filter and hidden rows too: into filtered rows blocks are written wrongly
    (xlwings issue 747), and what is written into hidden ones is not seen."""
    if sys.platform != "darwin":
        sheet.api.AutoFilterMode = False
        sheet.api.UsedRange.EntireRow.Hidden = False
    sheet.clear()


def together(sheet: Any, looks: Iterable[tuple[_Look, str]]) -> Iterator[tuple[_Look, Any]]:
    """Areas that are to look the same, each with its address, many as one range: each costs a way to Excel and back.
    Where a filter hides rows every area comes alone: of many those that are hidden would be passed over."""
    addresses: dict[_Look, list[str]] = {}
    for look, address in looks:
        addresses.setdefault(look, []).append(address)
    alone = sys.platform == "darwin" or bool(addresses and sheet.api.FilterMode)
    for look, of_look in addresses.items():
        some: list[str] = []
        for address in of_look:
            if some and (alone or len(",".join([*some, address])) > _LONGEST):
                yield look, sheet.range(",".join(some))
                some = []
            some.append(address)
        yield look, sheet.range(",".join(some))


def write_texts(sheet: Any, rows: Sequence[Sequence[str]], formulas: Sequence[int] = ()) -> None:
    """Write ``rows`` from the first cell on in one block. All cells are made texts first, so that what begins with
    ``=`` stays what it is, but for the columns ``formulas``, whose cells must be formulas or safe."""
    block = sheet.range(str(Range(1, 1, len(rows), len(rows[0]))))
    block.number_format = _TEXT
    for column in formulas:
        sheet.range(str(Range(1, column, len(rows), column))).number_format = "General"
    block.raw_value = tuple(tuple(row) for row in rows)
