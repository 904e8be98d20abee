"""What the button 填写说明 says of a cell, whether there is a problem or not."""

from __future__ import annotations

import pytest
from opened import FEW, ROOT, Desk, opened, published

import checker
from checker.excel.hints import hints
from checker.excel.inspection import assess_book
from checker.excel.own import own_titles
from checker.readers.grid import parse_cell

RESULTS = own_titles()[0]


def ask(desk: Desk, sheet: str, cell: str) -> str:
    desk.xlwings.sheets[sheet].activate()
    desk.xlwings.sheets[sheet].range(cell).select()
    code, told = desk.press("explain")
    assert code == 0
    return told


def test_a_cell_without_a_finding_is_told_what_belongs_there(desk: Desk) -> None:
    told = ask(desk, "基础数据表", "C8").splitlines()
    assert told[0] == "基础数据表!C8：“部门整体支出绩效自评基础数据表” 人员 / 编制数 / 人数"
    assert told[1] == "此处填写：整数（人数、件数等），单位：人"
    assert "・在职人员不超过编制数（GDA-0103）" in told
    assert not any(line.startswith("【") for line in told)
    assert RESULTS not in desk.store.names()  # nothing was checked or written for that


@pytest.mark.parametrize("path", FEW[1:3], ids=lambda path: path.parent.parent.name)
def test_every_marked_cell_says_what_it_is_and_what_to_do(path: object) -> None:
    with opened(path) as desk:  # type: ignore[arg-type]
        for finding in checker.check(path).workbooks[0].findings[:5]:  # type: ignore[call-overload]
            if not finding.outcome.cell:
                continue
            told = ask(desk, finding.outcome.sheet, finding.outcome.cell)
            assert finding.message.zh in told
            assert finding.remedy is None or finding.remedy.zh in told
            if finding.outcome.operands:
                assert finding.rule.id in told


def test_before_a_check_a_warning_says_how_to_explain_it(desk: Desk) -> None:
    findings = published().workbooks[0].findings
    warning = next(one.outcome for one in findings if one.outcome.severity == "warning")
    assert "请先按“检查”" in ask(desk, warning.sheet, warning.cell)
    assert desk.book.front == warning.sheet


@pytest.mark.slow
def test_a_row_of_the_list_stands_for_its_cell(desk: Desk) -> None:
    from checker.excel.results import problems

    desk.press("check")
    row = next(one for one in problems(desk.xlwings.sheets[RESULTS]) if one.severity == "警告")
    told = ask(desk, RESULTS, f"B{row.row}")
    assert told.startswith(f"{row.sheet}!{row.cell}")
    assert (desk.application.Selection.Row, desk.application.Selection.Column) == (row.row, row.column)
    assert "请选中" in ask(desk, RESULTS, "A1")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sheet", "cell", "words"),
    [("基础数据表", "A1", "标题或文字"), ("基础数据表", "ZZ900", "不在已知的表内")],
)
def test_elsewhere_one_sentence_says_so(desk: Desk, sheet: str, cell: str, words: str) -> None:
    told = ask(desk, sheet, cell)
    assert words in told
    assert len(told.splitlines()) == 1


@pytest.mark.slow
def test_an_inner_cell_of_a_merged_area_is_that_area(desk: Desk) -> None:
    for sheet in desk.store.book.worksheets:
        for merge in sheet.merged_cells.ranges:
            if merge.size["columns"] > 1:
                first, last = str(merge).split(":")
                assert ask(desk, sheet.title, first) == ask(desk, sheet.title, last)
                return
    raise AssertionError("the sample has no merged cells")


def test_a_further_place_of_a_finding_is_told_in_its_own_words() -> None:
    with opened(ROOT / "workbooks" / "hn-department" / "published" / "湖南附件3公开填报件.xlsx") as desk:
        assessed = assess_book(desk.xlwings)
    finding = next(one for one in assessed.report.findings if one.places and one.places[0].message)
    place = finding.places[0]
    row, column = parse_cell(place.cell) or (0, 0)
    told = hints(assessed, place.sheet, row, column).zh
    assert place.message is not None and place.message.zh in told
    assert finding.outcome.cell not in told


def test_what_was_found_in_a_heading_is_told_too(desk: Desk) -> None:
    assessed = assess_book(desk.xlwings)
    finding = assessed.report.findings[0]
    moved = finding._replace(outcome=finding.outcome._replace(cell="A1"))
    assessed = assessed._replace(report=assessed.report._replace(findings=(moved,)))
    told = hints(assessed, moved.outcome.sheet, 1, 1).zh
    assert "标题或文字" in told or "不在已知的表内" in told
    assert finding.message.zh in told
