"""A filled form among all that programs put into workbooks: what was there before is there in the marked copy, seen by
others than us, and nothing is added that Excel would repair."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, IconSetRule
from openpyxl.styles import GradientFill, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

import checker
from checker.annotate import annotate, clear
from checker.marks import marks_of
from checker.model.report import WorkbookReport

from .samples import SAMPLES, parts
from .test_repair import added

PLAN, OTHER = "项目支出计划", "O'Brien 表 (a)"
NOTE = "已核对 <&>\n李四"
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@cache
def form() -> tuple[tuple[tuple[int, int, object], ...], tuple[str, ...]]:
    """Cells (row, column, value) and merges of a sheet with wrong sums."""
    sample = next(path for path in SAMPLES if path.name == "支出计划调整不平.xlsx")
    sheet = openpyxl.load_workbook(sample)[PLAN]
    cells = ((cell.row, cell.column, cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return tuple(cells), tuple(map(str, sheet.merged_cells.ranges))


def picture(path: Path) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size, rows = struct.pack(">2I5B", 16, 16, 8, 2, 0, 0, 0), zlib.compress((b"\0" + b"\xff\0\0" * 16) * 16)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return str(path)


def by_xlsxwriter(path: Path) -> Path:
    """As Excel writes it, to which XlsxWriter is compared byte for byte."""
    image = picture(path.with_name("picture.png"))
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, other = book.add_worksheet(PLAN), book.add_worksheet(OTHER)
        framed, bold = book.add_format({"border": 1, "text_wrap": True}), book.add_format({"bold": True})
        cells, merges = form()
        values = {(row, column): value for row, column, value in cells}
        for (row, column), value in values.items():
            sheet.write(row - 1, column - 1, value, framed)
        for area in merges:
            top, left, bottom, right = _corners(area)
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, values.get((top, left), ""), framed)
        sheet.write_comment("I11", NOTE, {"author": "李四", "visible": True})
        sheet.write_comment("Z30", "空白处")
        other.write_comment("B2", "别表")
        sheet.insert_button("Y5", {"caption": "按钮"})
        sheet.insert_textbox("Y10", "文本框")
        for cell in ("Y15", "Y16"):
            sheet.insert_image(cell, image, {"url": f"internal:'{PLAN}'!A1"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{PLAN}'!$C$9:$C$13"})
        sheet.insert_chart("Y20", chart)
        sheet.add_sparkline("AB3", {"range": f"'{PLAN}'!C9:C13"})
        sheet.add_table("AD2:AE5", {"columns": [{"header": "甲"}, {"header": "乙"}], "total_row": True})
        sheet.data_validation("AH1", {"validate": "list", "source": ["是", "否"]})
        for rule in (
            {"type": "data_bar", "data_bar_2010": True},
            {"type": "3_color_scale"},
            {"type": "icon_set", "icon_style": "3_arrows"},
            {"type": "duplicate", "format": bold},
        ):
            sheet.conditional_format("C9:H13", rule)
        sheet.set_header("&L&G&C标题", {"image_left": image})
        sheet.set_background(image)
        sheet.protect("1234")
        sheet.unprotect_range("C9:C13", "可编辑")
        sheet.freeze_panes(8, 2)
        sheet.repeat_rows(0, 7)
        sheet.print_area("A1:W13")
        sheet.set_h_pagebreaks([10])
        sheet.autofilter("A8:W13")
        sheet.ignore_errors({"number_stored_as_text": "A1:W30"})
        sheet.set_column("AJ:AL", 12, None, {"level": 1, "hidden": True})
        sheet.set_row(40, 20, None, {"level": 1, "hidden": True})
        sheet.write_url("AO1", "https://example.com/a?b=c&d=e")
        sheet.write_rich_string("AO3", "普通", bold, "粗", "普通")
        sheet.write_dynamic_array_formula("AP1", "=_xlfn.UNIQUE(C9:C13)")
        sheet.write_array_formula("AQ1:AQ3", "{=C9:C11*2}")
        sheet.write_formula("AR1", "=SUM(C9:C13)", None, 5)
        book.define_name("全局", f"='{PLAN}'!$A$1")
        page = book.add_chartsheet("图表")
        pie = book.add_chart({"type": "pie"})
        pie.add_series({"values": f"='{PLAN}'!$C$9:$C$13"})
        page.set_chart(pie)
        other.hide()
    return path


def by_openpyxl(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet(OTHER)
    sheet.title = PLAN
    cells, merges = form()
    for row, column, value in cells:
        sheet.cell(row, column, value)
    for area in merges:
        sheet.merge_cells(area)
    sheet["I11"].comment, other["B2"].comment = Comment(NOTE, "李四"), Comment("别表", "李四")
    sheet["I11"].fill, sheet["O11"].fill = GradientFill(stop=("FF0000", "00FF00")), PatternFill("darkGrid")
    chart = BarChart()
    chart.add_data(Reference(sheet, 3, 9, 3, 13))
    sheet.add_chart(chart, "Y3")
    sheet["Z20"], sheet["AA20"] = "甲", "乙"
    sheet.add_table(Table(displayName="T1", ref="Z20:AA22"))
    choice = DataValidation("list", '"是,否"')
    sheet.add_data_validation(choice)
    choice.add("AH1:AH5")
    for rule in (
        ColorScaleRule(start_type="min", start_color="FF0000", end_type="max", end_color="00FF00"),
        DataBarRule("min", end_type="max", color="FF638EC6"),
        IconSetRule("3Arrows", "percent", [0, 33, 67]),
        CellIsRule("greaterThan", ["5"], fill=PatternFill(bgColor="FF0000")),
    ):
        sheet.conditional_formatting.add("C9:H13", rule)
    sheet.protection.enable()
    sheet.freeze_panes, sheet.print_title_rows, sheet.print_area, sheet.auto_filter.ref = (
        "C9",
        "1:8",
        "A1:W13",
        "A8:W13",
    )
    sheet.oddHeader.center.text = "标题"
    sheet.row_breaks.append(Break(10))
    sheet.column_dimensions.group("AJ", "AL", hidden=True)
    sheet.row_dimensions.group(40, 42, hidden=True)
    sheet["AO1"].hyperlink = "https://example.com"
    sheet["AP1"] = ArrayFormula("AP1:AP3", "=C9:C11*2")
    book.defined_names["全局"] = DefinedName("全局", attr_text=f"'{PLAN}'!$A$1")
    book.add_named_style(NamedStyle("我的"))
    sheet["A3"].style = "我的"
    book.create_sheet("隐藏").sheet_state = "veryHidden"
    book.create_chartsheet("图").add_chart(BarChart())
    book.save(path)
    return path


PRODUCERS = [by_xlsxwriter, by_openpyxl]


def _corners(area: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = openpyxl.utils.range_boundaries(area)
    return top, left, bottom, right


Seen = tuple[dict[str, dict[str, object]], dict[tuple[str, str], str]]


def seen(path: Path | str) -> Seen:
    """What openpyxl sees in a workbook by sheet, but for fills; and the notes by sheet and cell."""
    sheets = openpyxl.load_workbook(path).worksheets
    notes = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    return {sheet.title: dict(_seen(sheet)) for sheet in sheets}, notes


def _seen(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, object]:
    found: dict[str, object] = {
        name: str(getattr(sheet, name))
        for name in ("sheet_state", "freeze_panes", "print_title_rows", "print_area", "merged_cells")
    }
    found |= {
        "charts": len(sheet._charts),
        "tables": sorted((table.name, table.ref) for table in sheet.tables.values()),
        "rules": sorted((str(f.sqref), rule.type) for f in sheet.conditional_formatting for rule in f.rules),
        "choices": sorted(str(choice.sqref) for choice in sheet.data_validations.dataValidation),
        "protection": (sheet.protection.sheet, sheet.protection.password),
        "filter": sheet.auto_filter.ref,
        "header": sheet.oddHeader.center.text,
        "breaks": len(sheet.row_breaks),
        "columns": {letter: (c.width, c.hidden, c.outlineLevel) for letter, c in sheet.column_dimensions.items()},
        "rows": {number: (r.height, r.hidden) for number, r in sheet.row_dimensions.items() if r.height or r.hidden},
    }
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
                link = cell.hyperlink.target if cell.hyperlink else None
                found[cell.coordinate] = (value, cell.number_format, cell.font.b, str(cell.border.left), link)
    return found


def marked_form(source: Path) -> tuple[Path, WorkbookReport]:
    report = checker.check(source)
    found = report.workbooks[0]
    done = annotate(source, found, (), source.with_name(f"copy-{source.name}"), packs=report.packs)
    assert done.refused is None and done.cells
    return Path(done.copy), found


def assert_marked(found: WorkbookReport, now: Seen, before: Seen) -> None:
    """All sheets are as they were; every mark has its note, and what officers wrote stands above."""
    assert {name: now[0][name] for name in before[0]} == before[0]
    assert before[1]
    for place, text in before[1].items():
        assert "".join(now[1][place].split()).startswith("".join(text.split())), place
    for one in marks_of(found):
        assert one.findings[0] in now[1][one.sheet, one.cell]


@pytest.mark.parametrize("write", PRODUCERS, ids=lambda write: write.__name__)
def test_all_that_was_there_is_there(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    source = write(tmp_path / "source.xlsx")
    copy, found = marked_form(source)
    assert added(copy, source) == []
    assert_marked(found, seen(copy), seen(source))
    assert clear(copy, tmp_path / "back.xlsx").exact and parts(tmp_path / "back.xlsx") == parts(source)


@pytest.mark.slow
def test_libreoffice_sees_it_too_and_what_it_writes_can_be_marked(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")

    def saved(folder: str, kind: str, *files: Path) -> list[Path]:
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / folder)]
        subprocess.run([*command, *map(str, files)], capture_output=True, check=True)
        return [tmp_path / folder / file.with_suffix(f".{kind}").name for file in files]

    sources = [write(tmp_path / f"{write.__name__}.xlsx") for write in PRODUCERS]
    copies = [marked_form(source) for source in sources]
    originals = saved("originals", "xlsx", *sources)
    for original, (_, found), again in zip(
        originals, copies, saved("copies", "xlsx", *(copy for copy, _ in copies)), strict=True
    ):
        assert_marked(found, seen(again), seen(original))
    assert all(file.stat().st_size for file in saved("pages", "pdf", *(copy for copy, _ in copies)))
    for original in originals:
        copy, found = marked_form(original)
        assert added(copy, original) == []
        assert_marked(found, seen(copy), seen(original))
        assert clear(copy, copy.with_name(f"back-{copy.name}")).exact
