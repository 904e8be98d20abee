"""Sheets that do not say what they are: what cannot be told is not checked, and that is said; nobody is accused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checker.engine.assess import Recognised, assess, recognise
from checker.model.outcome import Status
from checker.model.report import WorkbookReport
from checker.model.rule import Severity
from checker.model.workbook import Cell, CellKind, Sheet, SheetContent, Workbook
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
SAMPLES = sorted(WORKBOOKS.glob("*/clean/*.xlsx"))
NINE_TABLES = WORKBOOKS / "cn-final-accounts" / "clean" / "广东九张表.xlsx"

Rows = Mapping[int, Mapping[int, Cell]]


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def recognised(session: Session, workbook: Workbook) -> Recognised:
    packs = [plan.pack for plan in session.plans().values()]
    return recognise(workbook, packs, session.labels, session.lexicon)


def checked(session: Session, workbook: Workbook) -> WorkbookReport:
    plans = session.plans()
    return assess(workbook, plans, session.labels, session.lexicon, every_outcome=True).report


def rebuilt(workbook: Workbook, change: Callable[[str, Rows], tuple[str, Rows]], *more: Sheet) -> Workbook:
    """The same with other names and rows of sheets."""

    def sheet(old: Sheet) -> Sheet:
        name, rows = change(old.name, old.rows)
        content = old.content._replace(rows=rows)
        return Sheet(name, lambda: content, state=old.state)

    return Workbook(
        workbook.path,
        workbook.sha256,
        workbook.source,
        (*map(sheet, workbook.sheets), *more),
        date1904=workbook.date1904,
        load_number_formats=lambda: tuple(map(workbook.number_format, range(500))),
    )


def untitled(session: Session, workbook: Workbook, *only: str) -> Workbook:
    """Without any title or number of a form, and with names of sheets that say nothing; or that on some sheets only."""
    titles = {
        (sheet.name, number, column)
        for sheet in workbook.sheets
        for number, row in sheet.rows.items()
        for column, cell in row.items()
        if cell.kind == CellKind.TEXT and is_title(session, cell.raw)
    }
    names = {sheet.name: f"Sheet{number}" for number, sheet in enumerate(workbook.sheets, 1)}

    def change(name: str, rows: Rows) -> tuple[str, Rows]:
        if only and name not in only:
            return name, rows
        bare = {n: {c: cell for c, cell in row.items() if (name, n, c) not in titles} for n, row in rows.items()}
        return names[name], {n: row for n, row in bare.items() if row}

    return rebuilt(workbook, change)


def is_title(session: Session, text: str) -> bool:
    label = session.labels.normalise(text)
    forms = [form for plan in session.plans().values() for form in plan.pack.forms.values()]
    return any(label in form.sheets for form in forms) or any(
        title in label and len(label) <= 2 * len(title) + 12 for form in forms for title in form.titles
    )


def sheet_of(name: str, *rows: tuple[str, ...]) -> Sheet:
    cells = {
        number: {
            column: Cell(CellKind.NUMBER if text.isdigit() else CellKind.TEXT, text)
            for column, text in enumerate(row, 1)
        }
        for number, row in enumerate(rows, 1)
    }
    content = SheetContent(cells)
    return Sheet(name, lambda: content)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_workbook_without_any_title_is_accused_of_nothing(session: Session, path: Path) -> None:
    report = checked(session, untitled(session, session.read(path)))
    errors = [finding for finding in report.findings if finding.outcome.severity == Severity.ERROR]
    assert [(finding.outcome.rule, finding.outcome.cell) for finding in errors] == []


def test_headings_that_fit_two_forms_are_told_and_not_checked(session: Session) -> None:
    report = checked(session, untitled(session, session.read(NINE_TABLES), "一般公共预算财政拨款支出决算表"))
    problem = next(problem for problem in report.problems if problem.code == "FORM_UNTITLED")
    assert "支出决算表、一般公共预算财政拨款支出决算表" in problem.message.zh and "写明表名" in problem.message.zh
    assert (report.status, problem.sheet) == ("partly", "Sheet5")
    assert "Sheet5" not in {form.sheet for form in report.forms}
    assert not [finding for finding in report.findings if finding.outcome.sheet == "Sheet5"]


def test_a_set_of_forms_is_not_called_incomplete_while_a_sheet_is_not_known(session: Session) -> None:
    def without(name: str, rows: Rows) -> tuple[str, Rows]:
        return name, {} if "三公" in str(rows.get(1)) else rows

    lacking = rebuilt(session.read(NINE_TABLES), without)
    outcome = next(o for o in checked(session, lacking).outcomes if o.rule == "CFA-1016")
    assert outcome.status == Status.FAIL
    strange = rebuilt(session.read(NINE_TABLES), without, sheet_of("某表", ("项目", "金额"), ("甲", "5"), ("乙", "6")))
    outcome = next(o for o in checked(session, strange).outcomes if o.rule == "CFA-1016")
    assert outcome.status == Status.INSUFFICIENT and "某表" in outcome.reason.zh


def test_a_sheet_with_figures_that_is_no_form_is_told(session: Session) -> None:
    def same(name: str, rows: Rows) -> tuple[str, Rows]:
        return name, rows

    more = (
        sheet_of("经费明细", ("事项", "金额"), ("甲", "5"), ("乙", "6")),
        sheet_of("封面", ("某单位",), ("2024", "年"), ("编制说明",)),
        sheet_of("检查结果", ("序号", "1"), ("序号", "2")),
    )
    workbook = rebuilt(session.read(NINE_TABLES), same, *more)
    assert recognised(session, workbook).unread == ("经费明细",)
    report = checked(session, workbook)
    assert report.status == "checked"
    assert [(code, "经费明细" in text.zh) for code, text in report.remarks] == [("FIGURES_UNREAD", True)]
    assert recognised(session, session.read(NINE_TABLES)).unread == ()


def test_tables_without_titles_below_one_another_are_told_by_their_rows(session: Session) -> None:
    path = WORKBOOKS / "gd-department-2021" / "clean" / "年度整体自评.xlsx"
    workbook = untitled(session, session.read(path))
    places = recognised(session, workbook).unread
    assert "Sheet2!94:99" in places
    assert {place.partition("!")[0] for place in places} == {"Sheet2"}
    assert recognised(session, session.read(path)).unread == ()


def test_a_form_that_nobody_names_is_taken_for_the_plainest_that_fits(session: Session) -> None:
    """A standard of one city assumes more than the national one that it is a kind of."""
    path = WORKBOOKS / "cn-department" / "clean" / "整体自评表.xlsx"
    forms = {form.form.name for form in recognised(session, untitled(session, session.read(path))).every_form}
    assert "指标评分表" in forms
    assert not any("岳阳" in name or "湖南" in name for name in forms)
