"""What is marked and what the result sheets say, apart from any file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import checker
from checker.excel import own as excel_own
from checker.marks import (
    COLOURS,
    Table,
    explanations_in,
    mark_key,
    marks_of,
    merge_note,
    result_rows,
    score_rows,
    strip_note,
    texts_of,
    unlisted,
)
from checker.marks import own as marks_own
from checker.marks.results import EXPLANATION
from checker.messages import Text
from checker.model.explanation import Bound, Explained, Explanation
from checker.model.fact import Problem
from checker.model.outcome import Outcome, Side
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Rule, Source
from checker.model.workbook import Cell, CellKind

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbooks" / "cn-project" / "errors" / "支出计划调整不平.xlsx"


def outcome(
    cell: str = "B2", sheet: str = "表", severity: str = "error", status: str = "fail", **more: object
) -> Outcome:
    left = Side("a", "1", Decimal("3"), unit="万元", decimals=2)
    right = Side("b", "2", Decimal("2.5"), unit="万元", decimals=2)
    given = {"left": left, "right": right, "difference": Decimal("0.5"), "tolerance": Decimal("0.01")} | more
    return Outcome("R-1", status, severity, sheet, cell, ("甲",), "f", **given)  # type: ignore[arg-type]


def finding(
    number: int = 1, *, consequences: tuple[Finding, ...] = (), places: tuple[Outcome, ...] = (), **of: object
) -> Finding:
    said = Text("数不对", "wrong number")
    told = outcome(**of)  # type: ignore[arg-type]
    rule = Rule("R-1", "r", "p", "f", said, told.severity, Source("文〔2020〕1号", "三", "sourced"), {"kind": "sum"})
    remedy = Text("更正。", "Mend it.")
    return Finding(f"{number:012x}", rule, told, said, said, None, remedy, places, consequences)


def report(*findings: Finding, **more: object) -> WorkbookReport:
    return WorkbookReport("", "checked", findings=findings, **more)  # type: ignore[arg-type]


def test_a_note_says_what_is_wrong_and_what_to_do() -> None:
    (mark,) = marks_of(report(finding()))
    assert (mark.sheet, mark.cell, mark.colour) == ("表", "B2", "red")
    assert mark.note == (
        "[绩效检查 000000000001]\n错误（第1项）：数不对\n实为：3.00 万元\n应为：2.50 万元\n差额：+0.50 万元\n"
        "建议：更正。\n[/绩效检查]"
    )
    assert marks_of(report(finding()), "en")[0].note.startswith(
        "[Performance check 000000000001]\nError (No. 1): wrong"
    )


def test_places_and_consequences_are_lighter_and_have_keys_of_their_own() -> None:
    below = finding(2, cell="C3", severity="warning")
    marks = marks_of(report(finding(1, consequences=(below,), places=(outcome("B5"), outcome("B6")))))
    assert [(mark.cell, mark.colour, mark.key) for mark in marks] == [
        ("B2", "red", "000000000001"),
        ("B5", "light red", "000000000001#2"),
        ("B6", "light red", "000000000001#3"),
        ("C3", "light amber", "000000000002"),
    ]
    assert "由第1项连带引起" in marks[3].note
    assert all(mark.colour in COLOURS for mark in marks)


def test_a_cell_bears_one_mark_in_the_gravest_colour() -> None:
    marks = marks_of(report(finding(1, severity="note"), finding(2, severity="warning"), finding(3)))
    assert [(mark.colour, mark.key, mark.findings[0]) for mark in marks] == [("red", "000000000003", "000000000003")]
    assert marks[0].note.count("[绩效检查 ") == 3 and marks[0].note.count("[/绩效检查]") == 1


def test_findings_of_one_id_have_marks_of_their_own() -> None:
    marks = marks_of(report(finding(1), finding(1, cell="C9")))
    assert len({mark.key for mark in marks}) == 2


def test_other_workbooks_and_whole_sheets_have_no_marks() -> None:
    assert marks_of(report(finding(sheet="[去年.xlsx]表"), finding(2, cell=""))) == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("note", ["", "已核对", "两\n行\n", "[绩效检查] 说的", "尾巴 "])
def test_our_block_comes_and_goes(note: str, language: str) -> None:
    text = marks_of(report(finding()), language)[0].note
    merged = merge_note(note, text)
    assert merged.startswith(note) and merged.endswith(text)
    assert mark_key(merged) == "000000000001"
    assert strip_note(merged) == note
    assert merge_note(merged, text) == merged
    assert strip_note(merged + "\n后来写的") == (f"{note}\n后来写的")


def test_rows_come_in_the_order_of_the_report_with_links() -> None:
    open_ = outcome("D4", status="undecided", reason=Text("精度不足", "too coarse"))
    table = result_rows(
        report(
            finding(1, consequences=(finding(2, cell="C3"),), sheet="it's"),
            finding(3, places=(outcome("B9"),)),
            outcomes=(open_, outcome("D5", status="insufficient", awaits="决算表")),
            problems=(Problem("X", Text("没有找到表", "no table")),),
            counts={"undecided": 1, "insufficient": 1},
        )
    )
    titles = [column.title for column in table.columns]
    expected = "序号 级别 类别 位置 问题 实为 应为 差额 允许差 可能原因 依据 建议 审核说明 状态 规则号 编号"
    assert titles == expected.split()
    assert [column.hidden for column in table.columns] == [False] * 15 + [True]
    assert [row.cells[0] for row in table.rows] == ["1", "1.1", "2", "", "", "", ""]
    assert table.rows[0].link == "'it''s'!B2"
    assert "同样见于B9" in table.rows[2].cells[4]
    assert [row.kind for row in table.rows[3:]] == ["section", "open", "open", "open"]
    assert [row.cells[13] for row in table.rows[4:]] == ["未找到", "不可判定", "资料不足"]
    assert any("错误 2" in line and "不可判定 1" in line for line in table.headline)


def test_rules_that_wait_for_a_workbook_stand_below_each_other() -> None:
    def waiting(count: int) -> str:
        outcomes = [
            outcome(status="insufficient", left=None, awaits="收入决算表")._replace(rule=f"R-{n}") for n in range(count)
        ]
        table = result_rows(report(outcomes=outcomes))
        return table.rows[-1].cells[14]

    assert waiting(6) == "R-0\nR-1\nR-2\nR-3\nR-4\nR-5"
    assert waiting(9) == "R-0\nR-1\nR-2\nR-3\nR-4\n另有4条"


def test_conditions_are_not_shown_as_true_and_false() -> None:
    """What a comparison of conditions comes to is no figure that an officer filled in."""
    sides = {"left": Side("a", "a", "TRUE"), "right": Side("b", "b", "FALSE"), "difference": None, "tolerance": None}
    given = report(finding(**sides))
    assert result_rows(given).rows[0].cells[5:9] == ("", "", "", "")
    assert "TRUE" not in marks_of(given)[0].note


def test_a_tolerance_that_is_rounded_for_show_says_so_first() -> None:
    given = report(finding(difference=Decimal("0.5"), tolerance=Decimal(1) / 3))
    assert result_rows(given).rows[0].cells[8].startswith("≈±0.33")


def test_people_are_asked_to_explain_warnings_and_nothing_else() -> None:
    below = finding(2, severity="warning")
    findings = [finding(3, severity="warning", consequences=(below,)), finding(4), finding(5, severity="note")]
    table = result_rows(report(*findings, outcomes=[outcome(status="insufficient")]))
    assert [row.cells[0] for row in table.rows if row.explainable] == ["1"]


def test_a_workbook_that_was_not_read_has_no_clean_list() -> None:
    from checker.errors import ReadError

    error = ReadError("ENCRYPTED", Text("有密码。", "password"))
    table = result_rows(WorkbookReport("a.xlsx", "unread", error=error))
    assert any("未作检查" in line for line in table.headline)
    assert any("有密码" in row.cells[4] for row in table.rows)


def as_read(table: Table) -> dict[int, dict[int, Cell]]:
    rows = [(line,) for line in table.headline] + [tuple(column.title for column in table.columns)]
    rows += [row.cells for row in table.rows]
    return {
        number: {column: Cell(CellKind.TEXT, text) for column, text in enumerate(row, 1) if text}
        for number, row in enumerate(rows, 1)
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_explanations_are_read_back_wherever_they_were_moved(language: str) -> None:
    told = {"000000000001": "=财预〔2024〕5号", "000000000003": "年末补列12.30万元"}
    table = result_rows(report(*(finding(n, cell=f"B{n}") for n in (1, 2, 3))), explanations=told, language=language)
    rows = as_read(table)
    assert explanations_in(rows) == told
    backwards = {number: {30 - column: cell for column, cell in row.items()} for number, row in rows.items()}
    assert explanations_in(backwards) == told
    assert explanations_in({1: {1: Cell(CellKind.TEXT, "编号")}}) == {}


def test_no_standard_no_scores() -> None:
    assert score_rows(()).rows == ()


def test_scores_show_claim_and_computation() -> None:
    sample = ROOT / "workbooks" / "gd-department-2022" / "published" / "南雄市科协2023.xlsx"
    scores = checker.score(sample).workbooks[0].scores
    table = score_rows(scores)
    assert [column.title for column in table.columns] == [
        "指标",
        "满分",
        "自评",
        "核算",
        "差额",
        "扣分及原因",
        "单元格",
    ]
    assert sum(row.kind == "section" for row in table.rows) == len(scores)
    names = {row.cells[0] for row in table.rows}
    assert {indicator.name for score in scores for indicator in score.indicators()} <= names
    assert all(len(row.cells) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_result_rows_of_a_sample(language: str, golden: Callable[[str, str], None]) -> None:
    found = checker.check(SAMPLE)
    table = result_rows(found.workbooks[0], packs=found.packs, language=language)
    lines = [*table.headline, " | ".join(column.title for column in table.columns)]
    lines += [f"{row.kind}: {' | '.join(row.cells)} → {row.link}" for row in table.rows]
    golden(f"results.{language}.txt", "\n".join(lines) + "\n")


def test_excel_and_files_know_each_others_sheets() -> None:
    assert (excel_own.RECORD, excel_own.SIGNATURE) == (marks_own.RECORD, marks_own.SIGNATURE)


def test_of_two_findings_with_one_id_each_has_its_own_explanation() -> None:
    """Two projects of one name: what was said of one is not put beside the other."""

    def said(one: Finding, text: str) -> Finding:
        return one._replace(explained=Explained(Explanation(one.id, "R-1", None, text)))

    def texts(*findings: Finding, known: str) -> list[str]:
        rows = result_rows(report(*findings), explanations={findings[0].id: known}).rows
        return [row.cells[EXPLANATION] for row in rows]

    one, other = finding(cell="B2", severity="warning"), finding(cell="B9", severity="warning")
    assert texts(said(one, "甲"), other, known="甲") == ["甲", ""]
    assert texts(said(one, "甲"), other, known="甲\n乙") == ["甲", "乙"]
    assert texts(said(one, "甲"), said(other, "乙"), known="甲\n乙") == ["甲", "乙"]
    assert texts(one, known="甲\n乙") == ["甲\n乙"]


def test_what_the_list_does_not_show_is_kept_with_its_figures() -> None:
    bound = Bound("v", "1", "元", ())
    gone, shown = Explanation("f" * 12, "R-1", bound, "已更正"), Explanation(f"{1:012x}", "R-1", bound, "甲")
    table = result_rows(report(finding(severity="warning")), explanations=texts_of([shown, gone, shown]))
    assert unlisted([shown, gone, gone], table) == [gone]
