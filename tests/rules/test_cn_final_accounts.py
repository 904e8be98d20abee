"""The published final accounts: what the pack covers, and sheets as other provinces and programs write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.session import Session

ROOT = Path(__file__).parents[2]
PACK = "cn-final-accounts"
CLEAN = ROOT / "workbooks" / PACK / "clean"
ERRORS = ROOT / "workbooks" / PACK / "errors"

#: The identities of tables 01 to 09. XT-12 only as a containment, WT-22 without "in the right block".
COVERED = {
    *(f"WT-{n:02}" for n in range(1, 28)),
    *(f"XT-{n:02}" for n in range(1, 18)),
    *("YY-01", "YY-02", "YY-03", "CM-01", "CM-06", "PL-01", "PL-03", "PL-05", "PL-12"),
    *(f"FMT-{n:02}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 18, 20)),
}

Rows = Sequence[Sequence[object]]


@cache
def session() -> Session:
    return Session()


def every(findings: Sequence[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def checked(tmp_path: Path, sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None) -> WorkbookReport:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merges or {}).get(name, ()):
            sheet.merge_cells(area)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return session().assess(path, every_outcome=True).report


def failed(report: WorkbookReport) -> dict[str, str]:
    return {finding.rule.name: finding.outcome.cell for finding in every(report.findings)}


def passed(report: WorkbookReport) -> set[str]:
    rules = session().plans(PACK)[PACK].rules
    return {rules[outcome.rule].name for outcome in report.outcomes if outcome.status in (Status.PASS, Status.TAIL)}


def test_the_identities_of_the_nine_tables_have_rules() -> None:
    named = {identity for rule in session().loaded.packs[PACK].rules for identity in rule.catalogue}
    assert COVERED - named == set()


@pytest.mark.parametrize("sample", sorted(path.stem for path in CLEAN.glob("*.xlsx")))
def test_every_rule_of_a_total_has_something_to_say(sample: str) -> None:
    """On each way of printing the tables the sums are reckoned, not passed over."""
    report = session().assess(CLEAN / f"{sample}.xlsx", every_outcome=True).report
    wanted = {
        "income-total", "expenditure-total", "grand-total-of-income", "both-grand-totals", "closing-balance",
        "classes-equal-table-03", "income-row-total", "income-equals-table-01", "appropriation-equals-table-01",
        "expenditure-row-total", "expenditure-equals-table-01", "codes-add-up", "codes-of-the-form",
        "class-in-list", "appropriation-total", "appropriation-spent-by-budget", "appropriation-spent-total",
        "closing-balance-by-budget", "appropriation-by-fund", "classes-equal-table-05", "general-budget-row-total",
        "general-budget-equals-table-04", "economic-codes-add-up", "personnel-total", "public-outlays-total",
        "basic-expenditure-equals-table-05", "three-outlays-total", "cars-total",
        "outlays-cover-basic-expenditure", "outlays-within-budget",
    }  # fmt: skip
    assert wanted - passed(report) == set()
    assert len(report.forms) == 9


NATIONAL = [
    ["收入支出决算总表"],
    [None] * 5 + ["公开01表"],
    ["编制单位：示例县水利局", None, "2023年度", None, None, "金额单位：元"],
    ["收入", None, None, "支出", None, None],
    ["项目", "行次", "决算数", "项目", "行次", "决算数"],
    ["栏次", None, 1, "栏次", None, 2],
    ["一、一般公共预算财政拨款收入", 1, 1200.5, "一、一般公共服务支出", 31, None],
    ["二、政府性基金预算财政拨款收入", 2, None, "二、外交支出", 32, None],
    ["八、其他收入", 8, 99.5, "八、社会保障和就业支出", 38, 300],
    *([None, 8 + n, None, f"{n}、其他支出" if n == 9 else None, 38 + n, None] for n in range(1, 10)),
    [None, 18, None, "十二、农林水支出", 42, 950],
    [None, 19, None, None, None, None],
    [None, 20, None, None, None, None],
    [None, 21, None, None, None, None],
    ["本年收入合计", 27, 1300, "本年支出合计", 57, 1250],
    ["    使用非财政拨款结余", 28, None, "    结余分配", 58, None],
    ["    年初结转和结余", 29, 50, "    年末结转和结余", 59, 100],
    ["总计", 30, 1350, "总计", 60, 1350],
    ["注：本表反映部门本年度的总收支和年末结转结余情况。"],
]
MERGED = ["A1:F1", "A4:C4", "D4:F4"]


def test_blank_numbered_lines_between_items_and_total_end_no_table(tmp_path: Path) -> None:
    report = checked(tmp_path, {"GK01": NATIONAL}, {"GK01": MERGED})
    assert [form.form for form in report.forms] == ["收入支出决算总表"]
    assert report.year == "2023"
    assert report.unit == "示例县水利局"
    assert failed(report) == {}
    assert {"income-total", "expenditure-total", "grand-total-of-expenditure", "closing-balance"} <= passed(report)


def test_a_cent_counts_in_yuan_and_is_told_in_yuan(tmp_path: Path) -> None:
    rows = [[*row] for row in NATIONAL]
    rows[22][2] = 1300.01
    assert rows[22][0] == "本年收入合计"
    report = checked(tmp_path, {"GK01": rows}, {"GK01": MERGED})
    first = report.findings[0]
    assert (first.rule.name, first.outcome.cell, first.outcome.severity) == ("income-total", "C23", "error")
    assert "1,300.01" in first.message.zh and "0.01" in first.message.zh


def test_codes_in_three_columns_that_lost_their_zeros_are_codes(tmp_path: Path) -> None:
    rows: Rows = [
        ["支出决算表"],
        ["部门：示例区民政局", None, None, None, "2023年度", None, "单位：万元"],
        ["项目", None, None, None, "本年支出合计", "基本支出", "项目支出"],
        ["功能分类科目编码", None, None, "科目名称", None, None, None],
        ["类", "款", "项", None, None, None, None],
        ["合计", None, None, None, 30.5, 20.5, 10],
        [208, None, None, "社会保障和就业支出", 30.5, 20.5, 10],
        [208, 2, None, "民政管理事务", 30.5, 20.5, 10],
        [208, 2, 1, "行政运行", 20.5, 20.5, None],
        [208, 2, 99, "其他民政管理事务支出", 11, None, 11],
    ]
    merges = ["A1:G1", "A3:D3", "A4:C4", "D4:D5", "E3:E5", "F3:F5", "G3:G5", "A6:D6"]
    report = checked(tmp_path, {"3": rows}, {"3": merges})
    first = report.findings[0]
    assert (first.rule.name, first.outcome.cell) == ("codes-add-up", "E8")
    assert {"codes-of-the-form", "class-in-list", "item-in-list", "item-named-as-listed"} <= passed(report)


@pytest.mark.parametrize("repeated", [False, True], ids=["unmerged", "repeated in every cell"])
@pytest.mark.parametrize("sample", ["上海表样", "全国表样元"])
def test_merged_cells_taken_apart_change_nothing(tmp_path: Path, sample: str, repeated: bool) -> None:
    before = session().assess(CLEAN / f"{sample}.xlsx").report
    book = load_workbook(CLEAN / f"{sample}.xlsx", data_only=True)
    for sheet in book:
        for area in [*sheet.merged_cells.ranges]:
            words = sheet.cell(area.min_row, area.min_col).value
            sheet.unmerge_cells(str(area))
            for line in sheet[area.coord] if repeated else ():
                for cell in line:
                    cell.value = words
    book.save(tmp_path / "apart.xlsx")
    after = session().assess(tmp_path / "apart.xlsx").report
    assert (after.findings, after.problems) == ((), ())
    assert after.counts == before.counts


def test_titles_tell_the_tables_whatever_their_numbers(tmp_path: Path) -> None:
    def table(title: str) -> Rows:
        return [
            [title],
            ["部门：示例局", None, "2023年度", None, "单位：万元"],
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            ["合计", None, None, None, None],
        ]

    sheets = {
        "公开09表": table("2023年度一般公共预算财政拨款支出决算表"),
        "公开05表": table("国有资本经营预算财政拨款支出决算表"),
        "公开03表": table("示例局政府性基金预算财政拨款支出决算表"),
    }
    forms = [form.form for form in checked(tmp_path, sheets).forms]
    assert forms == [
        "一般公共预算财政拨款支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "政府性基金预算财政拨款收入支出决算表",
    ]


def test_an_empty_table_with_its_sentence_is_no_finding(tmp_path: Path) -> None:
    sentence = "本单位2023年度没有政府性基金预算财政拨款收入，也没有使用政府性基金安排的支出，故本表无数据。"
    rows: Rows = [
        ["政府性基金预算财政拨款收入支出决算表"],
        ["部门：示例局", None, "2023年度", None, None, "单位：万元"],
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", "年末结转和结余"],
        [sentence],
    ]
    report = checked(tmp_path, {"8": rows})
    assert failed(report) == {}
    assert report.problems == ()
    assert "funds-empty-says-so" in passed(report)


def test_the_year_beside_a_blank_name_is_not_the_name(tmp_path: Path) -> None:
    rows = [[*row] for row in NATIONAL]
    rows[2][0] = "编制单位："
    report = checked(tmp_path, {"GK01": rows}, {"GK01": MERGED})
    assert failed(report) == {"department-named": "A3"}


def test_a_wrong_total_is_one_finding_with_what_follows_on_other_tables() -> None:
    report = session().assess(ERRORS / "04本年支出合计错误.xlsx").report
    assert len(report.findings) == 1
    assert {finding.outcome.sheet for finding in every(report.findings)} == {
        "财政拨款收入支出决算总表",
        "一般公共预算财政拨款支出决算表",
    }
