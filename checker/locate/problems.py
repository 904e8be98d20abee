"""What is said of a form that was found: the headers that speak for it, and what is missing, doubled or unheaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from checker.locate.grid import Grid
from checker.locate.headers import Header
from checker.locate.located import LocatedTable
from checker.messages import Text, listed, tr
from checker.model.fact import Problem
from checker.model.form import ColumnKind, Form
from checker.model.workbook import Range, address

__all__ = ["doubled_rows", "header_problems", "missing_tables", "table_evidence", "unheaded_columns"]

#: Of a heading with more words the first are shown.
MOST_SHOWN: Final = 20


def table_evidence(grid: Grid, header: Header) -> Problem:
    names = [name for block in header.blocks[:1] for name in block]
    return Problem(
        "table",
        tr("table {table}: header with {columns}", table=header.table.name, columns=listed(names)),
        sheet=grid.sheet.name,
        cell=address(header.top, header.left),
    )


def header_problems(grid: Grid, header: Header) -> Iterable[Problem]:
    sheet, cell = grid.sheet.name, address(header.top, header.left)
    if header.missing:
        yield Problem(
            "COLUMN_MISSING",
            tr(
                "Table {table}: column {columns} was not found; its header reads: {seen}",
                table=header.table.name,
                columns=listed(header.missing),
                seen=_shown(
                    [p.text.strip() for row in range(header.top, header.bottom + 1) for p in grid.by_row.get(row, ())]
                ),
            ),
            catalogue=("FMT-05",),
            sheet=sheet,
            cell=cell,
        )
    if header.doubled:
        yield Problem(
            "COLUMN_DOUBLED",
            tr(
                "Table {table}: column {columns} stands in more than one place, so it was not read",
                table=header.table.name,
                columns=listed(header.doubled),
            ),
            catalogue=("FMT-05",),
            sheet=sheet,
            cell=cell,
        )


def unheaded_columns(grid: Grid, printed: Header, header: Header) -> Iterable[Problem]:
    for name in header.blocks[0].keys() - printed.blocks[0].keys():
        cell = address(header.bottom + 1, header.blocks[0][name][0])
        yield Problem(
            "COLUMN_UNHEADED",
            tr(
                "Table {table}: {cell} stands under no heading; by its place it was read as {column}",
                table=header.table.name,
                cell=cell,
                column=name,
            ),
            catalogue=("FMT-05",),
            sheet=grid.sheet.name,
            cell=cell,
        )


def doubled_rows(table: LocatedTable) -> Iterable[Problem]:
    for name, rows in table.doubled.items():
        cells = listed(address(row.number, table.header.left) for row in rows)
        yield Problem(
            "ROW_DOUBLED",
            tr(
                "Table {table}: row {row} stands {count} times ({cells}), so what is said of it alone was not checked",
                table=table.name,
                row=name,
                count=len(rows),
                cells=cells,
            ),
            sheet=table.grid.sheet.name,
            cell=address(rows[1].number, table.header.left),
            catalogue=("FMT-04",),
        )


def missing_tables(
    grid: Grid, segment: Range, form: Form, headers: Mapping[str, Header], near: Mapping[str, Header]
) -> Iterable[Problem]:
    for name, table in form.tables.items():
        if name in headers or table.optional or any(form.tables[found].stands_for == name for found in headers):
            continue
        wanted = listed(c.name for c in table.columns.values() if not c.optional and c.kind != ColumnKind.LABEL)
        band = near.get(name)
        if band is None:
            seen: Text = tr("nothing like it was found")
            cell = address(segment.top, 1)
        else:
            seen = tr(
                "the nearest is row {row}, which lacks {missing}",
                row=band.top,
                missing=listed(band.missing or ["-"]),
            )
            cell = address(band.top, band.left)
        yield Problem(
            "TABLE_MISSING",
            tr(
                "Table {table} was not found: looked for a header with {wanted}; {seen}",
                table=name,
                wanted=wanted,
                seen=seen,
            ),
            sheet=grid.sheet.name,
            cell=cell,
            catalogue=("FMT-01", "FMT-05"),
        )


def _shown(words: Sequence[str]) -> Text:
    """Enough of a long heading to know it again."""
    return listed(words[:MOST_SHOWN], len(words) > MOST_SHOWN)
