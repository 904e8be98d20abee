"""The sheets of findings and of scores in the open workbook."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from com_model import Area
from opened import PUBLISHED, Desk, published, texts

import checker
from checker.excel.own import RECORD, own_titles
from checker.excel.results import explanations, problems, write
from checker.marks import Column, Row, Table, result_rows, score_rows

RESULTS, SCORES = own_titles()
EXPLANATION, IDENTITY = 12, 15


@cache
def findings_table() -> Table:
    """The sheet of findings of the published sample."""
    report = published()
    return result_rows(report.workbooks[0], packs=report.packs, failures=report.failures, reasons=report.reasons)


def body(desk: Desk) -> list[list[Any]]:
    """The rows below the titles."""
    rows = texts(desk.store, RESULTS)
    first = next(number for number, row in enumerate(rows) if row[0] == findings_table().columns[0].title)
    return rows[first + 1 :]


def row_of(desk: Desk, finding: str) -> int:
    """The row in the sheet, from 1."""
    return next(n for n, row in enumerate(texts(desk.store, RESULTS), 1) if row[IDENTITY] == finding)


def warning(which: int = 0) -> str:
    return [one.id for one in published().workbooks[0].findings if one.outcome.severity == "warning"][which]


def explain(desk: Desk, finding: str, text: str) -> None:
    row = row_of(desk, finding)
    desk.store.write(RESULTS, Area(row, EXPLANATION + 1, row, EXPLANATION + 1), [[text]])


def test_the_sheet_says_what_the_report_says(desk: Desk) -> None:
    desk.press("check")
    assert [[cell or "" for cell in row] for row in body(desk)] == [list(row.cells) for row in findings_table().rows]
    said = [row[0] for row in texts(desk.store, RESULTS)][: len(findings_table().headline)]
    assert said == list(findings_table().headline)
    assert desk.book.front == RESULTS


def test_links_lead_to_the_cells(desk: Desk) -> None:
    desk.press("check")
    sheet = desk.store.book[RESULTS]
    first = len(findings_table().headline) + 2
    for number, row in enumerate(findings_table().rows, first):
        if row.link:
            assert sheet.cell(number, 4).value == f'=HYPERLINK("#{row.link}","{row.cells[3]}")'


NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "'=1", "1e5", "00123", "2021/1/1", "TRUE"]


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_texts(desk: Desk, text: str) -> None:
    table = Table(
        "检查结果",
        ("检查结果", text),
        (Column("a", 5), Column("位置", 5, "link")),
        (
            Row(
                (text, ""),
            ),
        ),
    )
    sheet = write(desk.xlwings, table)
    for row in (2, 4):
        cell = desk.store.book[sheet.name].cell(row, 1)
        assert (cell.data_type, cell.value) == ("s", text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a'b", 'a"b', "表 (1)", "A1", "2021", "a!b"])
def test_links_to_sheets_of_any_name(desk: Desk, name: str) -> None:
    from checker.marks.sides import cell_link

    columns = findings_table().columns
    cells = ["1", "警告", "勾稽", f"{name}!E7", "问题", *[""] * 10, "f00d"]
    table = Table(RESULTS, (RESULTS,), columns, (Row(tuple(cells), "warning", cell_link(name, "E7")),))
    sheet = write(desk.xlwings, table)
    (found,) = problems(sheet)
    assert (found.sheet, found.cell, found.text, found.finding) == (name, "E7", "问题", "f00d")


@pytest.mark.slow
def test_explanations_stay_with_a_new_check(desk: Desk) -> None:
    desk.press("check")
    explain(desk, warning(), "=按财预〔2021〕5号调增3.2万元")
    explain(desk, warning(1), "已更正")
    desk.press("check")
    assert explanations(desk.xlwings) == {warning(): "=按财预〔2021〕5号调增3.2万元", warning(1): "已更正"}


@pytest.mark.slow
def test_explanations_are_found_in_a_sorted_list_with_columns_moved(desk: Desk) -> None:
    desk.press("check")
    explain(desk, warning(), "已核对")
    rows = texts(desk.store, RESULTS)
    turned = [
        list(reversed(row))
        for row in (rows[len(findings_table().headline)], *reversed(rows[len(findings_table().headline) + 1 :]))
    ]
    width = len(findings_table().columns)
    title = [[RESULTS, *[""] * (width - 1)]]
    desk.store.set_number_format(RESULTS, Area(1, 1, 200, width), "@")
    desk.store.write(RESULTS, Area(1, 1, len(rows), width), [[""] * width] * len(rows))
    desk.store.write(RESULTS, Area(1, 1, len(turned) + 1, width), title + turned)
    desk.press("check")
    assert explanations(desk.xlwings) == {warning(): "已核对"}
    assert texts(desk.store, RESULTS)[row_of(desk, warning()) - 1][EXPLANATION] == "已核对"


@pytest.mark.slow
def test_an_explanation_waits_for_its_finding_to_come_back(desk: Desk) -> None:
    desk.press("check")
    explain(desk, warning(), "已核对")
    row = row_of(desk, warning())
    desk.store.write(RESULTS, Area(row, IDENTITY + 1, row, IDENTITY + 1), [["gone"]])
    desk.press("check")
    desk.press("check")
    assert "已核对" not in [row[EXPLANATION] for row in body(desk)]
    explain(desk, warning(1), "gone")
    from checker.excel.record import keep, recorded

    kept = recorded(desk.xlwings)
    assert [(one.finding, one.text) for one in kept.waiting] == [("gone", "已核对")]
    keep(desk.xlwings, kept._replace(waiting=[kept.waiting[0]._replace(finding=warning())]))
    desk.press("check")
    assert explanations(desk.xlwings)[warning()] == "已核对"
    assert recorded(desk.xlwings).waiting == []


@pytest.mark.slow
def test_a_list_with_explanations_is_not_cleared_away(desk: Desk) -> None:
    desk.press("check")
    desk.press("score")
    explain(desk, warning(), "已核对")
    assert "审核说明" in desk.press("clear")[1]
    assert RESULTS in desk.store.names()
    assert SCORES not in desk.store.names()
    assert RECORD in desk.store.names()  # what the text is bound to
    assert desk.store.state(RECORD) == 2


@pytest.mark.slow
def test_an_officers_sheet_of_that_name_is_not_ours(desk: Desk) -> None:
    for book in desk.store._both():
        book.create_sheet(RESULTS)["A1"] = "局里自己的检查结果"
    desk.press("check")
    assert desk.store.book[RESULTS]["A1"].value == "局里自己的检查结果"
    assert desk.book.front == f"{RESULTS} (2)"
    desk.press("check")
    assert desk.book.front == f"{RESULTS} (2)"
    desk.press("clear")
    assert RESULTS in desk.store.names()
    assert f"{RESULTS} (2)" not in desk.store.names()


def test_scores_are_written_beside_those_claimed(desk: Desk) -> None:
    code, told = desk.press("score")
    report = checker.score(PUBLISHED)
    assert code == 0
    assert f"{report.verdict.errors}处" in told
    table = score_rows(report.workbooks[0].scores)
    rows = texts(desk.store, SCORES)[len(table.headline) + 1 :]
    assert [[cell or "" for cell in row] for row in rows] == [list(row.cells) for row in table.rows]


@pytest.mark.slow
def test_new_sheets_come_last_and_leave_the_officers_where_they_were(desk: Desk) -> None:
    before = desk.store.names()
    desk.store.set_state(before[-1], 2)
    desk.press("check")
    assert [name for name in desk.store.names() if name not in (RECORD, RESULTS)] == before
    assert desk.store.state(before[-1]) == 2


@pytest.mark.slow
def test_next_goes_from_problem_to_problem_and_round(desk: Desk) -> None:
    desk.press("check")
    sheet = desk.xlwings.sheets[RESULTS]
    listed = problems(sheet)
    places = list(dict.fromkeys((one.sheet, one.cell) for one in listed))
    seen = []
    for _ in range(len(places) + 1):
        desk.press("next")
        seen.append((desk.book.front, desk.application.Selection.Address.replace("$", "")))
        assert next(one.text for one in listed if (one.sheet, one.cell) == seen[-1]) in desk.application.StatusBar
    assert seen == [*places, places[0]]
    assert desk.application.StatusBar.startswith(f"第1处（共{len(places)}处）")


@pytest.mark.slow
def test_explaining_leads_to_the_row_of_the_finding(desk: Desk) -> None:
    desk.press("check")
    listed = problems(desk.xlwings.sheets[RESULTS])
    problem = next(one for one in listed if one.finding == warning())
    book = desk.xlwings
    book.sheets[problem.sheet].activate()
    book.sheets[problem.sheet].range(problem.cell).select()
    code, told = desk.press("explain")
    assert code == 0
    assert problem.text.split("（")[0] in told
    assert desk.book.front == RESULTS
    assert (desk.application.Selection.Row, desk.application.Selection.Column) == (problem.row, EXPLANATION + 1)
    assert "文号" in desk.application.StatusBar


@pytest.mark.slow
def test_an_error_is_not_explained_away(desk: Desk) -> None:
    desk.press("check")
    desk.press("next")
    assert "必须更正" in desk.press("explain")[1]
