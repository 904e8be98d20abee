"""Our own sheets as XML: tables of texts, and the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from typing import Final

from checker.annotate.styles import Styles
from checker.annotate.writing import inline_cell, lines_needed
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


def table_page(table: Table, styles: Styles, namespace: str) -> str:
    """A sheet with a table: headline, titles that stay in sight, texts wrapped, links to cells of this workbook."""
    title = styles.own("left", size=14, bold=True, frame=False)
    plain = styles.own("left", frame=False)
    head = styles.own("center", bold=True, ink=_HEAD_INK, fill=_HEAD_FILL)
    lines = [
        f'<row r="{number}" ht="{_TITLE if number == 1 else _PLAIN}">'
        f"{inline_cell(f'A{number}', text, title if number == 1 else plain)}</row>"
        for number, text in enumerate(table.headline, 1)
    ]
    top = len(lines) + 1
    lines.append(_row(top, [column.title for column in table.columns], [head] * len(table.columns), table.columns))
    links: list[str] = []
    looks: dict[tuple[str, int, bool], list[int]] = {}
    for number, row in enumerate(table.rows, top + 1):
        look = (row.kind, row.depth, bool(row.link))
        if look not in looks:
            looks[look] = list(_looks(row, table.columns, styles))
        lines.append(_row(number, row.cells, looks[look], table.columns))
        links += _links(number, row, table.columns)
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
    lines = []
    for number, row in enumerate(rows, 1):
        cells = (inline_cell(address(number, column), text, 0) for column, text in enumerate(row, 1) if text)
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return _page(namespace, "", lines, "")


def _page(namespace: str, before: str, lines: Sequence[str], after: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">{before}'
        f"<sheetData>{''.join(lines)}</sheetData>{after}</worksheet>"
    )


def _row(number: int, cells: Sequence[str], looks: Sequence[int], columns: Sequence[Column]) -> str:
    most = max(
        (
            lines_needed(text, column.width)
            for text, column in zip(cells, columns, strict=True)
            if text and not column.hidden
        ),
        default=1,
    )
    height = min(_LINE * most + _MARGIN, _TALLEST)
    made = (
        inline_cell(f"{column_letters(column)}{number}", text, look)
        for column, (text, look) in enumerate(zip(cells, looks, strict=True), 1)
    )
    return f'<row r="{number}" ht="{height}">{"".join(made)}</row>'


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
        elif column.role == "input" and row.kind in Severity.ORDER and not row.depth:
            fill = _INPUT_FILL
        if column.role == "link" and row.link:
            ink = _LINK_INK
        elif row.kind == "wrong":
            ink = _WRONG_INK
        elif row.kind == "open":
            ink = _OPEN_INK
        indent = row.depth if number == 0 and across == "left" else 0
        yield styles.own(across, bold=bold, ink=ink, fill=fill, indent=indent)


def _links(number: int, row: Row, columns: Sequence[Column]) -> Iterator[str]:
    if not row.link:
        return
    for column, shown in enumerate(columns, 1):
        if shown.role == "link":
            place = f"{column_letters(column)}{number}"
            yield f'<hyperlink ref="{place}" location="{escape(row.link, quote=True)}"/>'
