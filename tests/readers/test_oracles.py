"""The reader beside python-calamine and openpyxl: every difference is one of those named here."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from checker.model.workbook import Cell, CellKind, Workbook
from checker.readers import open_workbook

REAL = Path(__file__).parents[3] / "shared" / "domain" / "real" / "xlsx"
OFFICE = shutil.which("soffice")
Place = tuple[str, int, int]

TEXTS = ["项目支出绩效自评表", " 前后空格 ", "a\nb", "１２３", "≥50个", "0012", "95%", "<&>\"'", "\U0001f600", "=x"]
NUMBERS = [0, 1, -1, 0.1, 1234567.89, -0.005, 1e-7, 1e20, 123456789012345678, 100.0, 99.97]


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row, (text, number) in enumerate(zip(TEXTS, NUMBERS, strict=False), 2):
        page.cell(row, 1, text).data_type = "s"
        page.cell(row, 2, number)
        page.cell(row, 3, f"=B{row}*2")
    page["D2"], page["D3"], page["D4"], page["D5"] = True, "#N/A", "#DIV/0!", dt.datetime(2024, 5, 1, 12)
    page["A1"] = "标题"
    page.merge_cells("A1:D1")
    page.row_dimensions[3].hidden = True
    book.create_sheet("隐藏").sheet_state = "veryHidden"
    book.save(path)


def by_xlsxwriter(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("表")
    page.merge_range("A1:D1", "标题")
    percent = book.add_format({"num_format": "0.00%"})
    for row, (text, number) in enumerate(zip(TEXTS, NUMBERS, strict=False), 1):
        page.write_string(row, 0, text)
        page.write_number(row, 1, number, percent)
        page.write_formula(row, 2, f"=B{row + 1}*2", None, number * 2)
    page.write_boolean(1, 3, True)
    page.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    page.write_formula(3, 3, '=""', None, "")
    page.write_datetime(4, 3, dt.datetime(2024, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_array_formula("E2:E4", "{=B2:B4*2}", None, 0)
    page.write_rich_string(5, 3, "普通", book.add_format({"bold": True}), "加粗")
    page.write_blank(6, 3, None, percent)
    page.set_row(3, None, None, {"hidden": True})
    page.write_comment("A2", "说明")
    book.add_worksheet("隐藏").hide()
    book.close()


def by_xlsxwriter_in_place(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "use_zip64": True})
    page = book.add_worksheet()
    for row, text in enumerate(TEXTS):
        page.write_string(row, 0, text)
        page.write_number(row, 1, row / 7)
    book.close()


def by_xlwt(path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("表")
    for row, (text, number) in enumerate(zip(TEXTS, NUMBERS, strict=False), 1):
        page.write(row, 0, text)
        page.write(row, 1, number)
    page.write(1, 2, True)
    page.write(2, 2, dt.date(2024, 5, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    page.write_merge(0, 0, 0, 2, "标题")
    book.save(str(path))


MAKERS: dict[str, Callable[[Path], None]] = {
    "openpyxl.xlsx": by_openpyxl,
    "xlsxwriter.xlsx": by_xlsxwriter,
    "inplace.xlsx": by_xlsxwriter_in_place,
    "xlwt.xls": by_xlwt,
}
#: Converted by LibreOffice: from what, to what.
CONVERTED = {
    "office.xlsx": "xlsxwriter.xlsx",
    "office2.xlsx": "openpyxl.xlsx",
    "office3.xlsx": "xlwt.xls",
    "office.xls": "xlsxwriter.xlsx",
    "office2.xls": "openpyxl.xlsx",
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("books")

    @cache
    def make(name: str) -> Path:
        path = folder / name
        if name in MAKERS:
            MAKERS[name](path)
            return path
        source = make(CONVERTED[name])
        copy = folder / "in" / f"{path.stem}{source.suffix}"
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(source, copy)
        assert OFFICE is not None
        command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", path.suffix[1:], "--outdir", str(folder), str(copy)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return path

    return make


def files() -> Iterator[object]:
    for name in MAKERS:
        yield pytest.param(name, id=name)
    for name in CONVERTED:
        marks = [pytest.mark.slow, pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")]
        yield pytest.param(name, id=name, marks=marks)
    for path in sorted(REAL.glob("*.xlsx")):
        yield pytest.param(str(path), id=path.name)


@pytest.fixture(params=files())
def path(request: pytest.FixtureRequest, made: Callable[[str], Path]) -> Path:
    return made(request.param) if request.param in MAKERS or request.param in CONVERTED else Path(request.param)


def cells(book: Workbook) -> dict[Place, Cell]:
    return {(s.name, r, c): cell for s in book.sheets for r, row in s.rows.items() for c, cell in row.items()}


def calamine_cells(path: Path) -> dict[Place, object]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    found: dict[Place, object] = {}
    for name in book.sheet_names:
        page = book.get_sheet_by_name(name)
        top, left = page.start or (0, 0)
        for row, values in enumerate(page.to_python(skip_empty_area=True), top + 1):
            found.update({(name, row, left + n): value for n, value in enumerate(values, 1)})
    return found


def agrees_with_calamine(cell: Cell | None, value: object) -> bool:
    """Whether calamine says the same, or differs in one of the ways that are known."""
    if cell is None:
        return value == ""
    if cell.kind == CellKind.ERROR:
        return value == ""  # calamine blanks errors
    if cell.kind == CellKind.NO_CACHE:
        return value == ""  # and tells no formula without a result from a blank
    if cell.kind == CellKind.BOOLEAN:
        return value is (cell.raw == "TRUE")
    if cell.kind == CellKind.TEXT:
        # calamine trims texts that do not preserve their space, and keeps the escape of a line break
        return value == cell.raw or value == cell.raw.strip()
    if isinstance(value, (dt.date, dt.time)):
        return float(to_excel(value)) == pytest.approx(float(cell.raw))
    return isinstance(value, (int, float)) and float(cell.raw) == value


def test_beside_calamine(path: Path) -> None:
    ours, theirs = cells(open_workbook(path)), calamine_cells(path)
    assert ours
    for place in {**ours, **theirs}:
        assert agrees_with_calamine(ours.get(place), theirs.get(place, "")), (place, ours.get(place), theirs.get(place))


def test_merges_beside_calamine(path: Path) -> None:
    theirs = python_calamine.CalamineWorkbook.from_path(str(path))
    for sheet in open_workbook(path).sheets:
        ranges = theirs.get_sheet_by_name(sheet.name).merged_cell_ranges or []
        assert {(m.top - 1, m.left - 1) for m in sheet.merges} == {start for start, _ in ranges}
        assert {(m.bottom - 1, m.right - 1) for m in sheet.merges} == {end for _, end in ranges}


@pytest.fixture
def xlsx(path: Path) -> Path:
    if path.suffix == ".xls":
        pytest.skip("openpyxl reads no .xls")
    return path


def test_values_and_formulas_beside_openpyxl(xlsx: Path) -> None:
    book = open_workbook(xlsx)
    values, formulas = openpyxl.load_workbook(xlsx, data_only=True), openpyxl.load_workbook(xlsx)
    ours = cells(book)
    assert [s.name for s in book.sheets] == values.sheetnames
    for name in values.sheetnames:
        merged = {
            (name, row, column)
            for area in values[name].merged_cells.ranges
            for row, column in [*area.cells]
            if (row, column) != (area.min_row, area.min_col)
        }
        for row in values[name].iter_rows():
            for theirs in row:
                place = (name, theirs.row, theirs.column)
                cell = ours.get(place)
                formula = formulas[name].cell(theirs.row, theirs.column).value
                if place in merged:
                    continue  # openpyxl drops what stands under a merge
                assert same_value(cell, theirs), (place, cell, theirs.value)
                assert same_formula(cell, formula), (place, cell, formula)
        assert {str(area) for area in values[name].merged_cells.ranges} == {
            str(merge) for merge in book.sheets[values.sheetnames.index(name)].merges
        }


def same_value(cell: Cell | None, theirs: openpyxl.cell.Cell) -> bool:
    value = theirs.value
    if cell is None or cell.kind == CellKind.NO_CACHE or (cell.kind == CellKind.TEXT and cell.raw == ""):
        return value is None  # openpyxl has None for an empty text, too
    if cell.kind == CellKind.BOOLEAN:
        return value is (cell.raw == "TRUE")
    if cell.kind in (CellKind.TEXT, CellKind.ERROR):
        return bool(value == cell.raw)
    if isinstance(value, (dt.date, dt.time)):
        return to_excel(value) == pytest.approx(float(cell.raw))
    return float(cell.raw) == float(value)


def same_formula(cell: Cell | None, formula: object) -> bool:
    if isinstance(formula, ArrayFormula):
        formula = formula.text
    if not isinstance(formula, str) or not formula.startswith("="):
        # openpyxl tells the formula of an array in its first cell alone
        return cell is None or cell.formula is None or cell.formula == "B2:B4*2"
    if cell is not None and cell.kind == CellKind.TEXT and cell.raw == formula:
        return cell.formula is None  # a text that begins like a formula
    return cell is not None and f"={cell.formula}" == formula


def test_hidden_rows_states_and_formats_beside_openpyxl(xlsx: Path) -> None:
    theirs = openpyxl.load_workbook(xlsx)
    states = {"visible": "visible", "hidden": "hidden", "veryHidden": "very_hidden"}
    book = open_workbook(xlsx)
    for sheet in book.sheets:
        page = theirs[sheet.name]
        assert sheet.state == states[page.sheet_state]
        assert sheet.content.hidden_rows == {n for n, row in page.row_dimensions.items() if row.hidden}
        for number, row in sheet.rows.items():
            for column, cell in row.items():
                known = page.cell(number, column).number_format
                if known not in LOCAL_FORMATS:
                    assert book.number_format(cell.style) == known
        assert {place: page.cell(*place).comment.text for place in sheet.comments} == dict(sheet.comments)


#: Formats without a text in the file: openpyxl shows those of the United States.
LOCAL_FORMATS = ("mm-dd-yy", "m/d/yy h:mm")


def test_real_files_are_there_to_be_compared() -> None:
    if not REAL.exists():
        pytest.skip("the real files are not at hand")
    assert len(list(REAL.glob("*.xlsx"))) >= 10
