"""Cells asked of the running program say what the file says, but for digits as stored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from opened import FEW, NO_COPIES, ROOT, SAMPLES, Desk, opened

import checker
from checker.excel.inspection import check_book
from checker.excel.live import read_live
from checker.model.report import WorkbookReport
from checker.model.workbook import Cell, CellKind, Range
from checker.readers import open_workbook
from checker.values.numbers import to_decimal


def told(report: WorkbookReport) -> str:
    """Everything but how digits were stored, how it was read, and the hash of bytes that nobody saw."""
    bare = report._replace(sha256="", remarks=(), error=None)
    return re.sub(r"text='[^']*'", "", repr((report.error and report.error.code, bare)))


def live(path: Path) -> WorkbookReport:
    with opened(path) as desk:
        desk.book.no_copies = NO_COPIES
        return check_book(desk.xlwings).report.workbooks[0]


@pytest.mark.slow
@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_the_report_is_that_of_the_file(path: Path) -> None:
    assert told(live(path)) == told(checker.check(path).workbooks[0])


@pytest.mark.slow
def test_so_it_is_for_samples_of_all_packs(stride: int) -> None:
    chosen = SAMPLES[:: 4 * stride]
    assert len({path.relative_to(ROOT / "workbooks").parts[0] for path in chosen}) > 8
    assert [path.name for path in chosen if told(live(path)) != told(checker.check(path).workbooks[0])] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_cells_merges_and_formats_are_those_of_the_file(path: Path) -> None:
    file = open_workbook(path)
    with opened(path) as desk:
        asked = read_live(desk.xlwings, str(path))
        assert [(sheet.name, sheet.state) for sheet in asked.sheets] == [(s.name, s.state) for s in file.sheets]
        for one, other in zip(asked.sheets, file.sheets, strict=True):
            assert set(one.merges) == set(other.merges)
            assert one.content.hidden_rows == {row for row in other.content.hidden_rows if row <= max(other.rows)}
            cells = {
                (row, column): cell for row, of_row in other.rows.items() for column, cell in of_row.items() if cell.raw
            }
            for (row, column), cell in cells.items():
                found = one.rows[row][column]
                assert found.kind == cell.kind, (row, column)
                same = (found.raw, cell.raw) if cell.kind != CellKind.NUMBER else map(to_decimal, (found.raw, cell.raw))
                assert len({*same}) == 1
                assert asked.number_format(found.style) == file.number_format(cell.style)


def test_kinds_of_cells(desk: Desk) -> None:
    import openpyxl

    sheet = desk.store.cached.create_sheet("kinds")
    plain = desk.store.book.create_sheet("kinds")
    values = ["text", 1.5, 3, True, "#DIV/0!", None, "=no formula", openpyxl.utils.datetime.from_excel(44561)]
    for book in (sheet, plain):
        for column, value in enumerate(values, 1):
            book.cell(1, column).value = value
            if value == "=no formula":
                book.cell(1, column).data_type = "s"
    plain.cell(1, 3).value = "=1+2"
    plain.column_dimensions["B"].hidden = True
    plain.row_dimensions[1].hidden = True
    content = read_live(desk.xlwings, "book").sheets[-1].content
    row = {column: cell._replace(style=0) for column, cell in content.rows[1].items()}
    assert row == {
        1: Cell(CellKind.TEXT, "text"),
        2: Cell(CellKind.NUMBER, "1.5"),
        3: Cell(CellKind.NUMBER, "3", "1+2"),
        4: Cell(CellKind.BOOLEAN, "TRUE"),
        5: Cell(CellKind.ERROR, "#DIV/0!"),
        7: Cell(CellKind.TEXT, "=no formula"),
        8: Cell(CellKind.NUMBER, "44561"),
    }
    assert (content.hidden_rows, content.hidden_columns) == ({1}, {2})


def test_hidden_formulas_are_not_taken_for_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from com_model import Range as ComRange

    assert read_live(desk.xlwings, "book").formulas
    monkeypatch.setattr(ComRange, "FormulaHidden", property(lambda self: None))
    assert read_live(desk.xlwings, "book").formulas  # nothing is hidden where nothing is protected
    desk.store.book.worksheets[0].protection.sheet = True
    assert not read_live(desk.xlwings, "book").formulas


def test_chart_sheets_are_remarked_upon(desk: Desk) -> None:
    desk.book.charts["图1"] = 1
    assert "SHEET_WITHOUT_CELLS" in read_live(desk.xlwings, "book").remarks


def test_a_sheet_too_large_to_be_asked_for_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import com_model

    monkeypatch.setattr(desk.store, "used", lambda sheet: com_model.Area(1, 1, 1_048_576, 30))
    desk.book.no_copies = NO_COPIES
    error = check_book(desk.xlwings).report.workbooks[0].error
    assert error is not None
    assert error.code == "TOO_MANY_CELLS"


def test_merges_are_asked_for_in_few_calls(desk: Desk) -> None:
    from checker.excel import live as module

    sheet = desk.xlwings.sheets[0]
    area = Range(1, 1, *sheet.used_range.shape)
    assert {*module._merges(sheet.api, area)} == {*open_workbook(desk.store.path).sheets[0].merges}
