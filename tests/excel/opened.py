"""Workbooks opened in a double of Excel, and buttons pressed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import fakewin
import openpyxl_com
from com_model import Application, Area, Look, Workbook
from fakewin import ComError

import checker
from checker.model.report import Report

fakewin.windows()

ROOT = Path(__file__).parents[2]
#: With notes, merged cells, 11 errors, warnings and a score table.
PUBLISHED = ROOT / "workbooks" / "gd-department-2021" / "published" / "湛江市科协2021.xlsx"
SAMPLES = sorted((ROOT / "workbooks").rglob("*.xlsx"))
#: One of each kind of form.
_PACKS = ("cn-project", "cn-department", "cn-final-accounts", "gd-project-2022", "hn-department")
FEW = [PUBLISHED, *(next(path for path in SAMPLES if path.match(f"{pack}/errors/*")) for pack in _PACKS)]


@cache
def published() -> Report:
    """What is said of the published sample. Asked for when first needed: to list the tests nothing is checked."""
    return checker.check(PUBLISHED)


NO_COPIES = ComError(-2147352567, "Exception occurred.", (0, "Microsoft Excel", "禁止另存", None, 0, -2146827284))


class Desk(NamedTuple):
    """A running program with a workbook open."""

    application: Application
    book: Workbook

    @property
    def store(self) -> Any:
        return self.book.store

    @property
    def xlwings(self) -> Any:
        """The workbook as our code sees it."""
        from checker.excel.connect import connect

        return connect(fakewin.command_line(self.book.Name)).book

    def press(self, action: str) -> tuple[int, str]:
        """Exit code, and what was shown."""
        from checker.excel.entry import main

        fakewin.alerts.clear()
        code = main(action, fakewin.command_line(self.book.Name))
        return code, "".join(fakewin.alerts)


@contextmanager
def opened(path: Path, change: Callable[[Any], None] = lambda store: None) -> Iterator[Desk]:
    """``path`` open in the double over openpyxl, changed by ``change(store)`` as an officer might."""
    application = openpyxl_com.excel(path)
    change(application.books[0].store)
    with fakewin.serve(application):
        yield Desk(application, application.books[0])


@contextmanager
def opened_in_office(desktop: Any, folder: Path, path: Path, name: str = "") -> Iterator[Desk]:
    """A copy of ``path``, perhaps under another name, open in the double over LibreOffice."""
    import uno_com

    copy = folder / (name or path.name)
    shutil.copy(path, copy)
    application = uno_com.excel(desktop, copy)
    try:
        with fakewin.serve(application):
            yield Desk(application, application.books[0])
    finally:
        application.books[0].store.close()


def state(store: Any) -> dict[str, Any]:
    """All of a workbook kept by openpyxl that a button must not change: by sheet, everything that is not default."""
    found: dict[str, Any] = {"names": store.names()}
    for sheet in store.book.worksheets:
        cached = store.cached[sheet.title]
        cells = {}
        for place, cell in sorted(sheet._cells.items()):
            shown = cached._cells.get(place)
            here = (
                cell.value.text if hasattr(cell.value, "text") else cell.value,
                None if shown is None else shown.value,
                _note(cell),
                cell.number_format,
                store.look(sheet.title, *place),
                bool(cell.alignment.wrap_text),
                bool(cell.font.b),
            )
            if here != (None, None, None, "General", Look(), False, False):
                cells[place] = here
        found[sheet.title] = (
            sheet.sheet_state,
            cells,
            {key: (one.width, one.hidden) for key, one in sheet.column_dimensions.items()},
            {key: (one.height, one.hidden) for key, one in sheet.row_dimensions.items() if one.height or one.hidden},
            sorted(map(str, sheet.merged_cells.ranges)),
        )
    return found


def _note(cell: Any) -> tuple[str, int, int] | None:
    note = getattr(cell, "comment", None)
    return None if note is None else (note.text, note.width, note.height)


def texts(store: Any, sheet: str) -> list[list[Any]]:
    """What a sheet of ours says, row by row."""
    used = store.used(sheet)
    return store.values(sheet, Area(1, 1, used.bottom, used.right))
