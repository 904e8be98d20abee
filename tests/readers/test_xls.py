"""What a reading of an .xls workbook says."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import xlwt

from checker.errors import ReadError
from checker.model.workbook import Cell, CellKind, Range
from checker.readers import limits, open_workbook

from .packages import biff, compound, number_cell, record


@pytest.fixture
def written(tmp_path: Path) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("项目支出绩效自评表")
    percent = xlwt.easyxf(num_format_str="0.00%")
    page.write_merge(0, 0, 0, 3, "标题")
    page.write(1, 0, 1234567.89)
    page.write(1, 1, 100)
    page.write(1, 2, 0.978, percent)
    page.write(1, 3, True)
    page.write(2, 0, xlwt.Formula("1/0"))
    page.write(2, 1, date(2024, 5, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    page.write(2, 2, " 空格 ")
    page.write(2, 3, "", percent)
    page.row(2).hidden = True
    page.col(1).hidden = True
    book.add_sheet("隐藏").visibility = 1
    book.add_sheet("深藏").visibility = 2
    path = tmp_path / "book.xls"
    book.save(str(path))
    return path


def test_cells(written: Path) -> None:
    book = open_workbook(written)
    content = book.sheets[0].content
    raw = {(r, c): (cell.kind, cell.raw) for r, row in content.rows.items() for c, cell in row.items()}
    assert raw == {
        (1, 1): (CellKind.TEXT, "标题"),
        (2, 1): (CellKind.NUMBER, "1234567.89"),
        (2, 2): (CellKind.NUMBER, "100"),
        (2, 3): (CellKind.NUMBER, "0.978"),
        (2, 4): (CellKind.BOOLEAN, "TRUE"),
        (3, 1): (CellKind.TEXT, ""),  # xlwt does not calculate, and xlrd tells no formula
        (3, 2): (CellKind.NUMBER, "45413"),
        (3, 3): (CellKind.TEXT, " 空格 "),
    }
    assert book.number_format(content.rows[2][3].style) == "0.00%"
    assert book.number_format(content.rows[3][2].style) == "yyyy-mm-dd"
    assert content.merges == (Range(1, 1, 1, 4),)
    assert content.hidden_rows == {3}
    assert content.hidden_columns == {2}


def test_workbook(written: Path) -> None:
    book = open_workbook(written)
    assert (book.source, book.formulas, list(book.remarks)) == ("xls", False, [])
    assert [(s.name, s.state) for s in book.sheets] == [
        ("项目支出绩效自评表", "visible"),
        ("隐藏", "hidden"),
        ("深藏", "very_hidden"),
    ]
    assert not book.date1904


def test_the_name_does_not_matter(written: Path) -> None:
    renamed = written.rename(written.with_name("表.xlsx"))
    assert open_workbook(renamed).source == "xls"


def test_errors_and_streaming(tmp_path: Path) -> None:
    path = tmp_path / "a.et"
    error = record(0x0205, bytes([1, 0, 0, 0, 0, 0, 0x17, 1]))
    path.write_bytes(compound({"Workbook": biff([number_cell(0, 0, -0.1) + error])}))
    sheet = open_workbook(path).sheets[0]
    met: dict[int, object] = {}
    sheet.stream(met.__setitem__)
    assert met == {1: {1: Cell(CellKind.NUMBER, "-0.1")}, 2: {1: Cell(CellKind.ERROR, "#REF!")}}


def test_the_stream_named_book_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Other": b"x", "Book": biff([number_cell(0, 0, 7)])}))
    assert open_workbook(path).sheets[0].rows[1][1].raw == "7"


def test_numbers_that_are_none_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Workbook": biff([number_cell(0, 0, float("nan"))])}))
    book = open_workbook(path)
    assert book.sheets[0].rows[1][1] == Cell(CellKind.TEXT, "nan")
    assert list(book.remarks) == ["TEXT_IN_NUMBER_CELL"]


def test_a_damaged_layout_costs_the_layout_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    merges = record(0x00E5, b"\xff\x7f\0\0")
    path.write_bytes(compound({"Workbook": biff([number_cell(0, 0, 7) + merges])}))
    book = open_workbook(path)
    assert book.sheets[0].rows[1][1].raw == "7"
    assert list(book.remarks) == ["XLS_NO_LAYOUT"]


def test_a_stream_shorter_than_promised_is_remarked(tmp_path: Path) -> None:
    data = compound({"Workbook": biff([number_cell(0, 0, 7)])}, {1: 0xFFFFFFFE})
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    book = open_workbook(path)
    assert book.sheets[0].rows[1][1].raw == "7"
    assert list(book.remarks) == ["XLS_REPAIRED"]


def test_sheets_that_share_their_cells_do_not_multiply_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_XLS_CELLS", 250)
    stream = biff([b"".join(number_cell(row, 0, 1) for row in range(100))] * 2)
    second = stream.rindex(b"\x85\0\x0a\0") + 4
    first = stream.index(b"\x85\0\x0a\0") + 4
    stream = stream[:second] + stream[first : first + 4] + stream[second + 4 :]
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Workbook": stream}))
    book = open_workbook(path)
    assert len(book.sheets[0].rows) == len(book.sheets[1].rows) == 100
    monkeypatch.setattr(limits, "MAX_XLS_CELLS", 200)
    book = open_workbook(path)
    assert len(book.sheets[0].rows) == 100
    monkeypatch.setattr(limits, "MAX_XLS_CELLS", 150)
    with pytest.raises(ReadError, match="XLS_TOO_LARGE"):
        book.sheets[1].content  # noqa: B018


def test_xlrd_is_not_loaded_for_xlsx() -> None:
    code = (
        "import sys, checker.readers, checker.readers.xlsx;"
        "print(sorted({'xlrd', 'openpyxl', 'yaml', 'importlib.metadata', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
