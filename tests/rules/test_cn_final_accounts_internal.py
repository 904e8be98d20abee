"""The internal final accounts: exports as they really look are recognised, and held against what was published."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.session import Session, check

ROOT = Path(__file__).parents[2]
PACK = "cn-final-accounts-internal"
OWN = ROOT / "workbooks" / PACK / "clean" / "教育局财决表.xlsx"
TOGETHER = ROOT / "workbooks" / "submissions" / "教育局决算"
PUBLIC = [*sorted((ROOT / "workbooks" / "cn-final-accounts" / "clean").glob("*.xlsx")), TOGETHER / "public.xlsx"]


@cache
def session() -> Session:
    return Session()


def report(path: Path) -> WorkbookReport:
    return session().assess(path).report


def every(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_published_tables_are_not_taken_for_internal_ones(path: Path) -> None:
    assert report(path).pack == "cn-final-accounts"


@pytest.mark.parametrize("folder", ["clean", "blank"])
def test_internal_tables_are_not_taken_for_published_ones(folder: str) -> None:
    for path in (ROOT / "workbooks" / PACK / folder).glob("*.xlsx"):
        assert report(path).pack == PACK, path.stem


def test_a_sheet_is_known_by_its_title_where_its_name_is_cut_and_others_are_passed_over(tmp_path: Path) -> None:
    book = load_workbook(OWN)
    names = [sheet.title for sheet in book.worksheets]
    assert "Z08_1 一般公共预算财政拨款基本支出决算明细表(财决08-" in names
    for name in ("CS03 其他收入等明细情况表", "CS08 资产负债简表", "QB12 资产负债简表"):
        sheet = book.create_sheet(name)
        sheet["A1"] = name[5:]
        sheet.append(["项目", "行次", "年初数", "期末数"])
        sheet.append(["一、其他收入", 1, 120, 125.5])
    path = tmp_path / "more.xlsx"
    book.save(path)
    found = report(path)
    assert [form.sheet for form in found.forms] == names
    assert (found.status, found.findings) == ("checked", ())


@pytest.mark.slow
def test_titles_alone_tell_the_forms(tmp_path: Path) -> None:
    book = load_workbook(OWN)
    before = [form.form for form in report(OWN).forms]
    for number, sheet in enumerate(book.worksheets, 1):
        sheet.title = f"Sheet{number}"
    path = tmp_path / "renamed.xlsx"
    book.save(path)
    found = report(path)
    assert [form.form for form in found.forms] == before
    assert (found.status, found.findings) == ("checked", ())


def old_summary(total: float) -> Workbook:
    """财决01 as an older program prints it: one heading over all expenditure, 期末数, and the labels of the totals of
    expenditure merged over the second block up to the third."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Z01 收入支出决算总表(财决01表)"
    sheet["A1"] = "收入支出决算总表"
    sheet["L2"] = "财决01表"
    sheet["A3"] = "编制单位：示例县统计局"
    sheet["L3"] = "单位：元"
    sheet["A4"], sheet["E4"] = "收入", "支出"
    head = ["项目", "行次", "年初预算数", "期末数"]
    for column, label in enumerate(
        [*head, "项目（按功能分类）", *head[1:], "项目（按支出性质和经济分类）", *head[1:]], 1
    ):
        sheet.cell(5, column, label)
    for column, label in enumerate(["栏次", "", 1, 2, "栏次", "", 3, 4, "栏次", "", 5, 6], 1):
        sheet.cell(6, column, label)
    rows = [
        (
            ["一、一般公共预算财政拨款收入", 1, 900, 1000],
            ["一、一般公共服务支出", 15, 900, 950],
            ["一、基本支出", 40, 900, 950],
        ),
        (
            ["二、政府性基金预算财政拨款收入", 2, "一", "一"],
            ["二、外交支出", 16, "一", "一"],
            ["  （一）人员经费", 41, 800, 820],
        ),
        ([None] * 4, ["三、国防支出", 17, "一", "一"], ["  （二）公用经费", 42, 100, 130]),
        *[
            ([None] * 4, [name, 18, "一", "一"], [None] * 4)
            for name in ("四、公共安全支出", "五、教育支出", "六、科学技术支出", "七、文化旅游体育与传媒支出")
        ],
        ([None] * 4, ["二十三、其他支出", 38, "一", "一"], [None] * 4),
    ]
    for number, blocks in enumerate(rows, 7):
        for column, value in enumerate([cell for block in blocks for cell in block], 1):
            sheet.cell(number, column, value)
    closing = [
        ("本年收入合计", 900, 1000, "本年支出合计", 900, 950),
        ("年初结转和结余", None, 10, "年末结转和结余", None, 60),
        ("总计", 900, total, "总计", 900, 1010),
    ]
    for number, (income, budget, final, spending, budget_out, final_out) in enumerate(closing, 7 + len(rows)):
        for column, value in ((1, income), (3, budget), (4, final), (5, spending), (11, budget_out), (12, final_out)):
            sheet.cell(number, column, value)
        sheet.merge_cells(start_row=number, start_column=5, end_row=number, end_column=9)
    sheet.merge_cells("A4:D4")
    sheet.merge_cells("E4:L4")
    return book


def test_the_older_shape_of_the_summary_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    old_summary(1010).save(path)
    found = report(path)
    assert (found.pack, found.unit, found.findings) == (PACK, "示例县统计局", ())
    old_summary(1100).save(path)
    first = report(path).findings[0]
    assert (first.rule.name, first.outcome.cell, first.outcome.difference) == ("summary-revenue-grand-total", "D17", 90)


def test_codes_in_three_cells_and_a_line_of_column_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Z04 支出决算表(财决04表)"
    sheet["A1"], sheet["A2"], sheet["J2"] = "支出决算表", "编制单位：示例县统计局", "单位：元"
    for column, label in ((1, "项目"), (5, "本年支出合计"), (6, "基本支出"), (7, "项目支出"), (8, "上缴上级支出"),
                          (9, "经营支出"), (10, "对附属单位补助支出")):  # fmt: skip
        sheet.cell(3, column, label)
    sheet["A4"], sheet["D4"] = "支出功能分类科目编码", "科目名称"
    sheet.append(["类", "款", "项", "栏次", 1, 2, 3, 4, 5, 6])
    sheet.append([None, None, None, "合计", 150, 150, 0])
    sheet.append([201, None, None, "一般公共服务支出", 150, 150, 0])
    sheet.append([20105, None, None, "统计信息事务", 150, 150, 0])
    sheet.append([2010501, None, None, "行政运行", 150, 149, 0])
    sheet.merge_cells("A3:D3")
    sheet.merge_cells("A4:C4")
    for row in range(7, 10):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
    path = tmp_path / "04.xlsx"
    book.save(path)
    found = report(path)
    assert found.pack == PACK
    assert {(f.rule.name, f.outcome.cell) for f in every(found.findings) if f.outcome.severity == "error"} == {
        ("expenditure-row-sum", "E9"),
        ("expenditure-levels", "F8"),
    }


def test_what_was_published_agrees_after_conversion() -> None:
    own, _ = sorted(check(sorted(TOGETHER.glob("*.xlsx"))).workbooks, key=lambda book: book.path)
    assert own.pack == PACK
    assert own.findings == ()
    assert {name for outcome in own.outcomes for name in [outcome.rule]} == {"CFI-0151", "CFI-0717", "CFI-2109"}


@pytest.mark.parametrize(
    ("sheet", "rule", "at"),
    [
        pytest.param("支出决算表", "expenditure-published", "Z04", marks=pytest.mark.slow),
        pytest.param("收入决算表", "revenue-published", "Z03", marks=pytest.mark.slow),
        ("三公经费支出决算表", "published-total-final", "F03"),
    ],
)
def test_a_published_figure_that_differs_is_told(tmp_path: Path, sheet: str, rule: str, at: str) -> None:
    book = load_workbook(TOGETHER / "public.xlsx")
    figures = [c for row in book[sheet].iter_rows() for c in row if isinstance(c.value, int | float) and c.value > 1]
    figure = figures[0] if at != "F03" else next(c for c in figures if c.column_letter == "G")
    figure.value = round(figure.value + 0.05, 2)
    path = tmp_path / "public.xlsx"
    book.save(path)
    reports = {found.pack: found for found in check([TOGETHER / "internal.xlsx", path]).workbooks}
    told = {(f.rule.name, f.outcome.sheet[: len(at)], f.outcome.severity) for f in every(reports[PACK].findings)}
    assert (rule, at, "error") in told


@pytest.mark.slow
def test_last_year_is_asked_for_and_used(tmp_path: Path) -> None:
    book = load_workbook(OWN)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("2024", "2023")
    path = tmp_path / "last year.xlsx"
    book.save(path)
    alone = report(OWN)
    assert {outcome.rule for outcome in alone.outcomes if outcome.status == Status.INSUFFICIENT} >= {"CFI-0151"}
    found = check(OWN, prior=[path]).workbooks[0]
    told = {finding.rule.name for finding in every(found.findings)}
    assert {"summary-opening-balance", "general-budget-opening-balance", "assets-opening"} <= told
