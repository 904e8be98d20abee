"""The sheets of findings and of scores in the open workbook."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from checker.excel.fills import colour_number, paint
from checker.excel.live import cells_of, hidden_rows
from checker.excel.own import own_sheet, own_titles
from checker.excel.sheets import add_sheet, empty, reveal, structure_protected, together, write_texts
from checker.excel.snapshot import name_of
from checker.marks import COLOURS, Column, Row, Table, explanations_in
from checker.marks.results import columns as titles
from checker.messages import LANGUAGES
from checker.model.workbook import Range

__all__ = ["EXPLANATION", "IDENTITY", "Problem", "elsewhere", "explanations", "filtered", "problems", "write"]

#: Fills of the sheets themselves, RRGGBB: the titles, sections, and where officers write.
_TITLES, _SECTION, _INPUT = "DCE6F1", "EDEDED", "FFFFE5"
_TOP, _CENTRE, _RIGHT = -4160, -4108, -4152
_CONTINUOUS, _BORDER = 1, 0xBFBFBF
_LINK_COLOUR, _UNDERLINED = 0xC16305, 2
#: Places of columns among those of the sheet of findings.
_PLACE, _SEVERITY, _PROBLEM, EXPLANATION, _STATUS, IDENTITY = 3, 1, 4, 12, 13, 15
#: A text in a formula has so many characters at most.
_LONGEST: Final = 255
_LINK: Final = re.compile(r"=HYPERLINK\(\"(?:#|\[.+?\])'((?:[^']|'')+)'!([A-Z]+[0-9]+)\"", re.IGNORECASE)

_Kind = TypeVar("_Kind", str, int)


class Problem(NamedTuple):
    """A row of the sheet of findings: its number in the sheet, where it points, what it says, and the column in which
    its explanation is written."""

    row: int
    sheet: str
    cell: str
    severity: str
    text: str
    finding: str
    status: str
    column: int


def write(book: Any, table: Table) -> Any:
    """Write ``table`` into its sheet of the workbook, made if need be; gives the sheet. Where the structure of the
    workbook is protected it goes into a new workbook, or the one that a table of the same last headline went into."""
    sheet = _empty_sheet(book, table)
    width = len(table.columns)
    links = [number for number, column in enumerate(table.columns, 1) if column.role == "link"]
    rows: list[Sequence[str]] = [(line, *[""] * (width - 1)) for line in table.headline]
    rows.append([column.title for column in table.columns])
    first = len(rows) + 1
    # To a cell of this workbook, or of another by its whole name (Microsoft on HYPERLINK).
    where = "#" if sheet.book.name == book.name else f"[{name_of(book)}]"
    rows += [_cells(row, links, where) for row in table.rows]
    write_texts(sheet, rows, links)
    _lay_out(sheet, table.columns, first, len(rows))
    for colour, cells in together(sheet, _colours(table, first)):
        paint(cells, colour_number(colour))
    if table.columns[0].role == "text":
        runs = _runs([row.depth for row in table.rows], first)
        for depth, cells in together(sheet, ((depth, str(Range(top, 1, end, 1))) for depth, top, end in runs if depth)):
            cells.api.IndentLevel = depth
    return sheet


def _empty_sheet(book: Any, table: Table) -> Any:
    """The sheet into which ``table`` goes, empty but for what makes it ours."""
    sheet, fixed = own_sheet(book, table.name), structure_protected(book)
    if sheet is None and fixed:
        sheet = elsewhere(book, table.name, table.headline[-1])
    if sheet is not None:
        if not fixed:
            reveal(sheet)
        empty(sheet)
        sheet.range("A1").raw_value = table.name  # it stays ours, whatever happens to the rest
    elif fixed:
        sheet = book.app.books.add().sheets[0]
        sheet.name = table.name
    else:
        sheet = add_sheet(book, table.name)
    return sheet


def elsewhere(book: Any, title: str, line: str) -> Any:
    """The sheet of ours called ``title`` in another workbook that says ``line`` in its first column, or None."""
    for other in book.app.books:
        sheet = own_sheet(other, title) if other.name != book.name else None
        if sheet is not None:
            rows = cells_of(sheet.api, _used(sheet)).values()
            if any(cells[1].raw == line for cells in rows if 1 in cells):
                return sheet
    return None


def explanations(book: Any) -> dict[str, str]:
    """What officers wrote into the sheet of findings, by the id of the finding."""
    sheet = own_sheet(book, own_titles()[0])
    return {} if sheet is None else explanations_in(cells_of(sheet.api, _used(sheet)))


def filtered(sheet: Any) -> frozenset[int]:
    """The rows of the sheet of findings that a filter hides."""
    if sys.platform == "darwin" or not sheet.api.FilterMode:
        return frozenset()
    return frozenset(hidden_rows(sheet.api, _used(sheet)))


def problems(sheet: Any) -> list[Problem]:
    """The rows of the sheet of findings that point to a cell, wherever its columns are now, in its order now."""
    found: list[Problem] = []
    places: list[int] = []
    for number, cells in cells_of(sheet.api, _used(sheet)).items():
        if not places:
            places = _columns({cell.raw: column for column, cell in cells.items()})
            continue
        link, *texts = (cells.get(column) for column in places)
        match = _LINK.match(f"={link.formula}") if link is not None and link.formula else None
        if match:
            severity, text, finding, status, _ = ("" if cell is None else cell.raw for cell in texts)
            place = match[1].replace("''", "'").replace('""', '"')
            found.append(Problem(number, place, match[2], severity, text, finding, status, places[-1]))
    return found


def _columns(by_title: Mapping[str, int]) -> list[int]:
    """Where the columns stand that a ``Problem`` is made of, if these are the titles; no matter in which language."""
    named = [titles()[index][0] for index in (_PLACE, _SEVERITY, _PROBLEM, IDENTITY, _STATUS, EXPLANATION)]
    words = ([title.render(language) for language in LANGUAGES] for title in named)
    places = [next((by_title[word] for word in one if word in by_title), 0) for one in words]
    return places if all(places) else []


def _used(sheet: Any) -> Range:
    used = sheet.used_range
    return Range(used.row, used.column, used.row + used.shape[0] - 1, used.column + used.shape[1] - 1)


def _cells(row: Row, links: Sequence[int], where: str) -> list[str]:
    cells = list(row.cells)
    for column in links:
        text = cells[column - 1].replace('"', '""')
        link = where + row.link.replace('"', '""')
        if row.link and len(link) <= _LONGEST:
            cells[column - 1] = f'=HYPERLINK("{link}","{text}")'
        elif text:
            cells[column - 1] = f'="{text}"'
    return cells


def _lay_out(sheet: Any, columns: Sequence[Column], first: int, last: int) -> None:
    """Widths, alignment, lines and titles. ``first`` and ``last`` are rows of findings; there may be none."""
    width = len(columns)
    for number, column in enumerate(columns, 1):
        one = sheet.range(str(Range(1, number, 1, number)))
        one.column_width = column.width
        if last >= first:
            body = sheet.range(str(Range(first, number, last, number)))
            if column.role in ("centre", "amount"):
                body.api.HorizontalAlignment = _CENTRE if column.role == "centre" else _RIGHT
            if column.role == "link":
                body.api.Font.Color = _LINK_COLOUR
                body.api.Font.Underline = _UNDERLINED
        if column.hidden:
            one.api.EntireColumn.Hidden = True
    titles = sheet.range(str(Range(first - 1, 1, first - 1, width)))
    paint(titles, colour_number(_TITLES))
    titles.api.HorizontalAlignment = _CENTRE
    for bold in (titles, sheet.range("A1")):
        bold.api.Font.Bold = True
    sheet.range("A1").api.Font.Size = 14
    table = sheet.range(str(Range(first - 1, 1, max(last, first - 1), width)))
    table.wrap_text = True
    table.api.VerticalAlignment = _TOP
    table.api.Borders.LineStyle = _CONTINUOUS
    table.api.Borders.Color = _BORDER
    if last >= first:
        sheet.range(str(Range(first, 1, last, width))).api.Rows.AutoFit()


def _runs(kinds: Iterable[_Kind], first: int) -> Iterator[tuple[_Kind, int, int]]:
    """Neighbouring rows of one kind: kind, first and last row."""
    for kind, run in groupby(enumerate(kinds, first), key=itemgetter(1)):
        numbers = [number for number, _ in run]
        yield kind, numbers[0], numbers[-1]


def _colours(table: Table, first: int) -> Iterator[tuple[str, str]]:
    """Fills of the rows, the first of which is ``first``, with the addresses of the areas that get them."""
    for number, column in enumerate(table.columns, 1):
        if column.role == "input":
            for asked, top, bottom in _runs([row.explainable for row in table.rows], first):
                if asked:
                    yield _INPUT, str(Range(top, number, bottom, number))
    for colour, top, bottom in _runs([_colour(row.kind) for row in table.rows], first):
        if colour:
            yield colour, str(Range(top, 1, bottom, len(table.columns) if colour == _SECTION else _SEVERITY + 1))


def _colour(kind: str) -> str:
    """The fill of a row: of sections all of it, of findings number and severity; empty if it has none."""
    by_kind: Mapping[str, str] = {
        "section": _SECTION,
        "level": _SECTION,
        "error": COLOURS["light red"],
        "warning": COLOURS["light amber"],
        "note": COLOURS["light blue"],
        "wrong": COLOURS["light red"],
        "open": COLOURS["light amber"],
    }
    return by_kind.get(kind, "")
