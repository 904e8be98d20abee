"""Our own sheets as XML: tables of texts, and the record."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from html import escape
from typing import Final

from checker.annotate.styles import Styles
from checker.annotate.writing import inline_text, lines_needed
from checker.marks.table import COLOURS, Column, Row, Table, colour_of
from checker.model.rule import Severity
from checker.model.workbook import address, column_letters

__all__ = ["plain_page", "table_page"]

_TAB: Final = "C00000"
_HEAD_INK, _HEAD_FILL = "FFFFFF", "44546A"
_LEVEL_FILL, _SECTION_FILL, _INPUT_FILL = "EDEDED", "D6DCE4", "FFFBE6"
_LINK_INK, _WRONG_INK, _OPEN_INK = "0563C1", "C00000", "595959"
_ACROSS: Final = {"text": "left", "centre": "center", "amount": "right", "link": "left", "input": "left"}
#: Heights in points: a line of ten points in SimSun, the margins of a row, the most that a row can be.
_LINE, _MARGIN, _TALLEST = Decimal("13.5"), Decimal("4.5"), Decimal(409)
#: Of the lines above the table.
_TITLE, _PLAIN = 24, 15
#: Excel takes so many links on a sheet.
_MOST_LINKS: Final = 60_000
#: More lines than these above a table would leave no room for it if they stayed in sight.
_MOST_FROZEN: Final = 14
_HIDDEN: Final = ' hidden="1"'
#: Where the number of a row goes in; no text of a cell has this character.
_NUMBER: Final = "\0"
#: Characters: a text in a hidden column takes one line.
_ENDLESS: Final = 100_000


def table_page(table: Table, styles: Styles, namespace: str) -> str:
    """A sheet with a table: headline, titles that stay in sight, texts wrapped, links to cells of this workbook."""
    title = styles.own("left", size=14, bold=True, frame=False)
    plain = styles.own("left", frame=False)
    head = styles.own("center", bold=True, ink=_HEAD_INK, fill=_HEAD_FILL)
    lines = [
        f'<row r="{number}" ht="{_TITLE if number == 1 else _PLAIN}">'
        f'<c r="A{number}" s="{title if number == 1 else plain}"{inline_text(text)}</row>'
        for number, text in enumerate(table.headline, 1)
    ]
    top = len(lines) + 1
    write = _RowWriter(table.columns)
    write.prepare("titles", [head] * len(table.columns))
    lines.append(write.row(top, [column.title for column in table.columns], "titles"))
    links: list[str] = []
    leading = [column_letters(number) for number, column in enumerate(table.columns, 1) if column.role == "link"]
    for number, row in enumerate(table.rows, top + 1):
        look = (row.kind, row.depth, bool(row.link))
        if look not in write.patterns:
            write.prepare(look, _looks(row, table.columns, styles))
        lines.append(write.row(number, row.cells, look))
        links += _links(number, row, leading)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{column.width + 1}" customWidth="1"{_HIDDEN * column.hidden}/>'
        for number, column in enumerate(table.columns, 1)
    )
    area = f"A1:{address(top + len(table.rows), len(table.columns))}"
    pane = (
        f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{top + 1}" sqref="A{top + 1}"/>'
        if top <= _MOST_FROZEN
        else ""
    )
    linked = f"<hyperlinks>{''.join(links[:_MOST_LINKS])}</hyperlinks>" if links else ""
    return _page(
        namespace,
        f'<sheetPr><tabColor rgb="FF{_TAB}"/><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{area}"/>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>',
        lines,
        f'{linked}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>',
    )


def plain_page(rows: Iterable[Sequence[str]], namespace: str) -> str:
    """A sheet with nothing but texts."""
    lines, write = [], cache(inline_text)
    for number, row in enumerate(rows, 1):
        cells = [f'<c r="{column_letters(column)}{number}"{write(text)}' for column, text in enumerate(row, 1) if text]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return _page(namespace, "", lines, "")


def _page(namespace: str, before: str, lines: Sequence[str], after: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">{before}'
        f"<sheetData>{''.join(lines)}</sheetData>{after}</worksheet>"
    )


class _RowWriter:
    """Writes the rows of a table with these columns, each in a look that was prepared."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._heads = [f'<c r="{column_letters(number)}{_NUMBER}" s="' for number in range(1, len(columns) + 1)]
        self._widths = [_ENDLESS if column.hidden else column.width for column in columns]
        self.patterns: dict[Hashable, str] = {}
        #: Many cells of a table say the same.
        self._text, self._lines = cache(inline_text), cache(lines_needed)
        self._height = cache(lambda lines: min(_LINE * lines + _MARGIN, _TALLEST))

    def prepare(self, look: Hashable, styles: Iterable[int]) -> None:
        cells = "".join(f'{head}{style}"%s' for head, style in zip(self._heads, styles, strict=True))
        self.patterns[look] = f'<row r="{_NUMBER}" ht="%s">{cells}</row>'

    def row(self, number: int, cells: Sequence[str], look: Hashable) -> str:
        height = self._height(max(map(self._lines, cells, self._widths)))
        return (self.patterns[look] % (height, *map(self._text, cells))).replace(_NUMBER, str(number))


def _looks(row: Row, columns: Sequence[Column], styles: Styles) -> Iterator[int]:
    """The style of each cell: the severity coloured like the cell that it marks, places like links."""
    for number, column in enumerate(columns):
        across, ink, fill = _ACROSS[column.role], "", ""
        bold = row.kind in ("section", "level")
        if row.kind in Severity.ORDER and number == 1:
            fill = COLOURS[colour_of(row.kind, bool(row.depth))]
        elif row.kind == "section":
            fill = _SECTION_FILL
        elif row.kind == "level":
            fill = _LEVEL_FILL
        elif column.role == "input" and row.explainable:
            fill = _INPUT_FILL
        if column.role == "link" and row.link:
            ink = _LINK_INK
        elif row.kind == "wrong":
            ink = _WRONG_INK
        elif row.kind == "open":
            ink = _OPEN_INK
        indent = row.depth if number == 0 and across == "left" else 0
        yield styles.own(across, bold=bold, ink=ink, fill=fill, indent=indent)


def _links(number: int, row: Row, columns: Iterable[str]) -> Iterator[str]:
    if row.link:
        location = escape(row.link, quote=True)
        yield from (f'<hyperlink ref="{column}{number}" location="{location}"/>' for column in columns)
