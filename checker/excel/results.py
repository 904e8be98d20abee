"""The sheets of findings and of scores in the open workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from checker.excel.fills import colour_number, paint
from checker.excel.live import cells_of
from checker.excel.own import own_sheet, own_titles
from checker.excel.sheets import add_sheet, structure_protected, write_texts
from checker.marks import COLOURS, Column, Row, Table, explanations_in
from checker.marks.results import columns as titles
from checker.messages import LANGUAGES
from checker.model.workbook import Range

__all__ = ["EXPLANATION", "IDENTITY", "Problem", "explanations", "problems", "write"]

#: Fills of the sheets themselves, RRGGBB: the titles, sections, and where officers write.
_TITLES, _SECTION, _INPUT = "DCE6F1", "EDEDED", "FFFFE5"
_TOP, _CENTRE, _RIGHT = -4160, -4108, -4152
_CONTINUOUS, _BORDER = 1, 0xBFBFBF
_LINK_COLOUR, _UNDERLINED = 0xC16305, 2
#: Places of columns among those of the sheet of findings.
_PLACE, _SEVERITY, _PROBLEM, EXPLANATION, _STATUS, IDENTITY = 3, 1, 4, 12, 13, 15
_LINK: Final = re.compile(r"=HYPERLINK\(\"#'((?:[^']|'')+)'!([A-Z]+[0-9]+)\"", re.IGNORECASE)

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
    workbook is protected it goes into a new workbook."""
    sheet = own_sheet(book, table.name)
    if sheet is not None:
        sheet.clear()
        sheet.range((1, 1)).raw_value = table.name  # it stays ours, whatever happens to the rest
    elif structure_protected(book):
        sheet = book.app.books.add().sheets[0]
    else:
        sheet = add_sheet(book, table.name)
    width = len(table.columns)
    links = [number for number, column in enumerate(table.columns, 1) if column.role == "link"]
    rows: list[Sequence[str]] = [(line, *[""] * (width - 1)) for line in table.headline]
    rows.append([column.title for column in table.columns])
    first = len(rows) + 1
    rows += [_cells(row, links) for row in table.rows]
    write_texts(sheet, rows, links)
    _lay_out(sheet, table.columns, first, len(rows))
    for kind, top, bottom in _runs([row.kind for row in table.rows], first):
        _colour(sheet, kind, Range(top, 1, bottom, width))
    if table.columns[0].role == "text":
        for depth, top, bottom in _runs([row.depth for row in table.rows], first):
            if depth:
                sheet.range((top, 1), (bottom, 1)).api.IndentLevel = depth
    return sheet


def explanations(book: Any) -> dict[str, str]:
    """What officers wrote into the sheet of findings, by the id of the finding."""
    sheet = own_sheet(book, own_titles()[0])
    return {} if sheet is None else explanations_in(cells_of(sheet.api, _used(sheet)))


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


def _cells(row: Row, links: Sequence[int]) -> list[str]:
    cells = list(row.cells)
    for column in links:
        text = cells[column - 1].replace('"', '""')
        if row.link:
            cells[column - 1] = '=HYPERLINK("#{}","{}")'.format(row.link.replace('"', '""'), text)
        elif text:
            cells[column - 1] = f'="{text}"'
    return cells


def _lay_out(sheet: Any, columns: Sequence[Column], first: int, last: int) -> None:
    """Widths, alignment, lines and titles. ``first`` and ``last`` are rows of findings; there may be none."""
    width = len(columns)
    for number, column in enumerate(columns, 1):
        one = sheet.range((1, number), (1, number))
        one.column_width = column.width
        if last >= first:
            body = sheet.range((first, number), (last, number))
            if column.role in ("centre", "amount"):
                body.api.HorizontalAlignment = _CENTRE if column.role == "centre" else _RIGHT
            if column.role == "input":
                paint(body, colour_number(_INPUT))
            if column.role == "link":
                body.api.Font.Color = _LINK_COLOUR
                body.api.Font.Underline = _UNDERLINED
        if column.hidden:
            one.api.EntireColumn.Hidden = True
    titles = sheet.range((first - 1, 1), (first - 1, width))
    paint(titles, colour_number(_TITLES))
    titles.api.HorizontalAlignment = _CENTRE
    for bold in (titles, sheet.range((1, 1))):
        bold.api.Font.Bold = True
    sheet.range((1, 1)).api.Font.Size = 14
    table = sheet.range((first - 1, 1), (max(last, first - 1), width))
    table.wrap_text = True
    table.api.VerticalAlignment = _TOP
    table.api.Borders.LineStyle = _CONTINUOUS
    table.api.Borders.Color = _BORDER
    if last >= first:
        sheet.range((first, 1), (last, width)).api.Rows.AutoFit()


def _runs(kinds: Iterable[_Kind], first: int) -> Iterator[tuple[_Kind, int, int]]:
    """Neighbouring rows of one kind: kind, first and last row."""
    for kind, run in groupby(enumerate(kinds, first), key=itemgetter(1)):
        numbers = [number for number, _ in run]
        yield kind, numbers[0], numbers[-1]


def _colour(sheet: Any, kind: str, area: Range) -> None:
    """Whole rows of sections; of findings the severity."""
    by_kind: Mapping[str, str] = {
        "error": COLOURS["light red"],
        "warning": COLOURS["light amber"],
        "note": COLOURS["light blue"],
        "wrong": COLOURS["light red"],
        "open": COLOURS["light amber"],
    }
    if kind in ("section", "level"):
        paint(sheet.range((area.top, 1), (area.bottom, area.right)), colour_number(_SECTION))
    elif kind in by_kind:
        paint(sheet.range((area.top, 1), (area.bottom, 2)), colour_number(by_kind[kind]))
