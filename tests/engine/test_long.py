"""Tables too long to be kept: streamed, and checked as if they were kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.engine.assess import Assessed, assess
from checker.engine.long import LONG_BYTES
from checker.errors import ReadError
from checker.marks.sides import walk
from checker.model.workbook import Cell, CellKind, Sheet, SheetContent, Workbook
from checker.session import Session

FORM = """schema: checker/form@1
form: 长表
titles: [长表]
unit: 万元
tables:
  明细:
    columns:
      单位: {kind: text, key: true}
      预算数: {kind: amount, decimals: 2}
      追加数: {kind: amount, decimals: 2}
      可用数: {kind: amount, decimals: 2}
    rows: open
    totals: {总计: {}}
"""
CHECKS = """schema: checker/checks@1
form: 长表
rules:
  - {id: LG-0001, name: available, title: 可用数等于预算数加追加数, severity: error,
     source: {document: 测试, status: inferred},
     check: {kind: identity, table: 明细, formula: "[@可用数] = [@预算数] + [@追加数]"}}
  - {id: LG-0002, name: total, title: 总计等于各行之和, severity: error, source: {document: 测试, status: inferred},
     check: {kind: sum, table: 明细, total: 总计, columns: [预算数, 可用数]}}
  - {id: LG-0003, name: once, title: 单位不重复, severity: warning, source: {document: 测试, status: inferred},
     check: {kind: distinct, table: 明细, columns: [单位]}}
"""
PACK = "schema: checker/pack@1\npack: long\ntitle: 长表\nedition: '1'\nprefix: LG\nstatus: sourced\n"
ROWS = 1_300
Rows = dict[int, dict[int, Cell]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    pack = tmp_path_factory.mktemp("packs") / "long"
    for name, text in (("pack.yaml", PACK), ("forms/long.yaml", FORM), ("checks/long.yaml", CHECKS)):
        path: Path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    session = Session([pack])
    assert session.failures == ()
    return session


def text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value)


def number(value: str) -> Cell:
    return Cell(CellKind.NUMBER, value)


def table(change: Mapping[tuple[int, int], Cell] | None = None) -> Rows:
    """Every row and the total hold, but for what ``change`` puts in."""
    rows: Rows = {1: {1: text("长表")}}
    rows[2] = {column: text(name) for column, name in enumerate(("单位", "预算数", "追加数", "可用数"), 1)}
    for row in range(3, 3 + ROWS):
        rows[row] = {1: text(f"单位{row}"), 2: number("10.1"), 3: number("0.2"), 4: number("10.3")}
    rows[3 + ROWS] = {1: text("总计"), 2: number("13130"), 3: number("260"), 4: number("13390")}
    for (row, column), cell in (change or {}).items():
        rows[row][column] = cell
    return rows


def check(session: Session, rows: Rows, *, long: bool) -> Assessed:
    def refuse() -> SheetContent:
        raise AssertionError("a long sheet is never kept")

    def stream(callback):  # type: ignore[no-untyped-def]
        for item in rows.items():
            callback(*item)

    content = SheetContent(rows)
    sheet = Sheet("表", refuse if long else lambda: content, stream=stream, size=LONG_BYTES + 1 if long else 0)
    workbook = Workbook("长表.xlsx", "", "xlsx", (sheet,))
    return assess(workbook, session.plans("long"), session.labels, session.lexicon)


def found(assessed: Assessed) -> list[tuple[str, str, str, str]]:
    """Every finding, whether it stands below another or not: causes are looked for in tables that are kept."""
    findings = [finding for _, finding in walk(assessed.report.findings)]
    return sorted((f.id, f.rule.name, f.outcome.cell, str(f.outcome.difference)) for f in findings)


def test_a_correct_table_passes_row_by_row_and_in_its_sums(session: Session) -> None:
    report = check(session, table(), long=True).report
    assert report.findings == ()
    assert report.counts["pass"] == ROWS + 2


def test_what_looks_at_all_rows_at_once_says_that_it_could_not(session: Session) -> None:
    report = check(session, table(), long=True).report
    assert [(o.rule, o.status) for o in report.outcomes] == [("LG-0003", "insufficient")]


@pytest.mark.parametrize(
    "change",
    [
        {(3, 4): number("10.32")},
        {(900, 2): number("11.1"), (1200, 3): number("0.5")},
        {(3 + ROWS, 2): number("13230")},
        {(700, 4): text("10.3"), (701, 4): text("——")},
    ],
    ids=["first row", "two rows", "total", "text and a dash"],
)
def test_streaming_finds_what_keeping_finds(session: Session, change: Mapping[tuple[int, int], Cell]) -> None:
    streamed, kept = (check(session, table(change), long=long) for long in (True, False))
    assert found(streamed) == found(kept)
    assert found(kept) or (700, 4) in change


def test_a_cell_that_is_no_number_leaves_its_sum_open(session: Session) -> None:
    report = check(session, table({(700, 2): text("见附件")}), long=True).report
    assert {(o.rule, o.status) for o in report.outcomes} >= {("LG-0002", "insufficient"), ("LG-0001", "insufficient")}


def test_a_sheet_made_of_headers_is_refused(session: Session) -> None:
    heads = {column: text(name) for column, name in enumerate(("单位", "预算数", "追加数", "可用数"), 1)}
    with pytest.raises(ReadError) as refused:
        check(session, {1: {1: text("长表")}} | {row: dict(heads) for row in range(2, 700)}, long=False)
    assert refused.value.code == "TOO_MANY_FORMS"


def test_a_workbook_made_of_texts_is_refused(session: Session) -> None:
    rows = {row: {column: text("说明") for column in range(1, 101)} for row in range(1, 2_600)}
    with pytest.raises(ReadError) as refused:
        check(session, rows, long=False)
    assert refused.value.code == "TOO_MANY_TEXTS"
