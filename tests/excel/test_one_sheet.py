"""检查本表: marks, list and message are about the sheet in front, and rules over two sheets still see both."""

from __future__ import annotations

import pytest
from opened import FEW, PUBLISHED, Desk, opened, published, texts

import checker
from checker.excel.one_sheet import about_sheet
from checker.excel.own import RECORD, own_titles
from checker.excel.ribbon import GROUPS
from checker.marks import marks_of, result_rows
from checker.marks.sides import walk
from checker.model.outcome import Outcome
from checker.model.report import Finding, WorkbookReport
from checker.readers import open_workbook

RESULTS = own_titles()[0]
SHEETS = [sheet.name for sheet in open_workbook(PUBLISHED).sheets]


def report() -> WorkbookReport:
    return published().workbooks[0]


def press(desk: Desk, sheet: str) -> str:
    desk.xlwings.sheets[sheet].activate()
    code, told = desk.press("check_sheet")
    assert code == 0
    return told


def about(outcome: Outcome) -> set[str]:
    return {outcome.sheet, *(operand.sheet for operand in outcome.operands)}


@pytest.mark.parametrize("sheet", SHEETS)
def test_marks_list_and_message_agree(desk: Desk, sheet: str) -> None:
    told = press(desk, sheet)
    mine = about_sheet(report(), sheet)
    table = result_rows(mine, packs=published().packs)
    rows = texts(desk.store, RESULTS)
    first = next(number for number, row in enumerate(rows) if row[0] == table.columns[0].title)
    assert [[cell or "" for cell in row] for row in rows[first + 1 :]] == [list(row.cells) for row in table.rows]
    noted = sum(len(desk.store.notes(name)) for name in desk.store.names() if name not in (RECORD, RESULTS))
    assert noted == len(marks_of(mine)) > 0
    graded = [finding.outcome.severity for finding in mine.findings]
    others = len(report().findings) - len(mine.findings)
    assert f"错误{graded.count('error')}、警告{graded.count('warning')}、提示{graded.count('note')}" in told
    line = f"只列出与“{sheet}”表有关的问题；其他表另有{others}个问题，按“检查”可全部列出。"
    assert told.endswith(line)
    assert line in [row[0] for row in rows]
    assert desk.book.front == sheet


def test_what_two_sheets_disagree_on_is_listed_with_either() -> None:
    both = [one for _, one in walk(report().findings) if len(about(one.outcome)) == 2]
    assert both
    for finding in both:
        for sheet in about(finding.outcome):
            assert finding.id in [one.id for _, one in walk(about_sheet(report(), sheet).findings)]


@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_nothing_is_lost_between_the_sheets(path: object) -> None:
    report: WorkbookReport = checker.check(path).workbooks[0]  # type: ignore[call-overload]
    parts = [about_sheet(report, form.sheet) for form in report.forms]
    assert ids(report) == set().union(*map(ids, parts))
    for part in parts:
        assert all(part.counts[status] <= report.counts[status] for status in report.counts)


def ids(report: WorkbookReport) -> set[str]:
    found: list[Finding] = [finding for _, finding in walk(report.findings)]
    return {finding.id for finding in found}


@pytest.mark.slow
def test_a_whole_check_afterwards_is_that_of_a_fresh_workbook(desk: Desk) -> None:
    press(desk, SHEETS[0])
    desk.press("check")
    again = {name: texts(desk.store, name) for name in desk.store.names() if name != RECORD}
    with opened(PUBLISHED) as fresh:
        fresh.press("check")
        assert again == {name: texts(fresh.store, name) for name in fresh.store.names() if name != RECORD}


@pytest.mark.slow
def test_a_sheet_that_is_no_form_changes_nothing(desk: Desk) -> None:
    desk.press("check")
    before = texts(desk.store, RESULTS)
    for book in desk.store._both():
        book.create_sheet("随手记", 0)
    assert "没有认出已知的表" in press(desk, "随手记")
    assert "结果表" in press(desk, RESULTS)
    assert texts(desk.store, RESULTS) == before


def test_the_tip_says_what_it_does() -> None:
    (tip,) = [button.tip.zh for group in GROUPS for button in group.buttons if button.action == "check_sheet"]
    assert "当前工作表有关" in tip and "其他表" in tip
