"""Headings that carry years: 2020年决算数 beside 2021年决算数 is last year's; the newest year is this year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checker.engine.assess import recognise
from checker.locate.located import LocatedTable
from checker.model.workbook import Cell, CellKind, Sheet, SheetContent, Workbook
from checker.session import Session

HEADINGS = {
    "years": ("2020年决算数", "2021年预算数", "2021年决算数"),
    "years of account": ("2020年度决算数", "2021年度预算数", "2021年度决算数"),
    "words": ("上年决算数", "本年预算数", "本年决算数"),
    "spaces": ("2020 年 决算数", "2021 年 预算数", "2021 年 决算数"),
}
ROWS = {
    "三公经费": (29, 63, 44),
    "项目支出：": (60, 50, 40),
    "1、业务工作专项（一个项目一行）": (None, None, None),
    "科普活动": (35, 30, 25),
    "科普宣传": (25, 20, 15),
    "2、运行维护专项": (0, 0, 0),
    "公用经费": (9, 8, 7),
}


def table(headings: tuple[str, ...]) -> LocatedTable:
    def text(words: str) -> Cell:
        return Cell(CellKind.TEXT, words)

    lines: dict[int, dict[int, Cell]] = {
        1: {1: text("部门整体支出绩效评价基础数据表")},
        2: {1: text("财政供养人员情况"), 2: text("编制数"), 3: text("实际在职人数"), 4: text("控制率")},
        3: {2: Cell(CellKind.NUMBER, "10"), 3: Cell(CellKind.NUMBER, "9")},
        4: {1: text("经费控制情况（万元）"), **{at: text(words) for at, words in enumerate(headings, 2)}},
    }
    for number, (label, figures) in enumerate(ROWS.items(), 5):
        cells = {at: Cell(CellKind.NUMBER, str(n)) for at, n in enumerate(figures, 2) if n is not None}
        lines[number] = {1: text(label), **cells}
    sheet = Sheet("Sheet1", lambda: SheetContent(rows=lines))
    session = Session()
    packs = [session.loaded.packs["hn-department"]]
    found = recognise(Workbook("test", "", "xlsx", (sheet,)), packs, session.labels, session.lexicon)
    return found.forms[0].tables["经费"]


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS)
def test_the_newest_year_is_this_year(headings: tuple[str, ...]) -> None:
    spending = table(headings)
    total = spending.row("三公经费")
    assert total is not None
    columns = ("上年决算数", "本年预算数", "本年决算数")
    found = [fact.quantity.number for name in columns if (fact := spending.fact(total, name)) is not None]
    assert found == [Decimal(29), Decimal(63), Decimal(44)]


def test_the_same_year_twice_is_not_guessed() -> None:
    spending = table(("2021年决算数", "2021年预算数", "2021年决算数"))
    assert "本年决算数" in spending.header.doubled
    assert not spending.has("本年决算数")


def test_rows_of_any_name_are_parts_of_the_row_that_lists_them() -> None:
    spending = table(HEADINGS["years"])
    assert [row.label for row in spending.parts("业务工作专项")] == ["科普活动", "科普宣传"]
    assert spending.parts("运行维护专项") == []
    assert spending.extra_rows() == []
    assert [row.name for row in spending.parts("项目支出")] == ["业务工作专项", "运行维护专项"]
