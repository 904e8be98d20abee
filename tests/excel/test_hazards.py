"""What officers do to a workbook between two buttons, and what Excel does with it that nobody expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fakewin
import openpyxl_com
import pytest
from com_model import SOLID, Area, Look
from opened import ROOT, Desk, opened, published, state, texts
from openpyxl.workbook.protection import WorkbookProtection

from checker.excel.own import RECORD, own_titles
from checker.excel.results import problems
from checker.marks import marks_of
from checker.model.workbook import address

RESULTS, SCORES = own_titles()
#: Two places, on one sheet.
SMALL = ROOT / "workbooks" / "cn-final-accounts" / "errors" / "01年末结转推算不符.xlsx"


@pytest.fixture
def small() -> Any:
    with opened(SMALL) as desk:
        yield desk


def listed(desk: Desk) -> list[tuple[str, str]]:
    """The places of the list, in its order."""
    return list(dict.fromkeys((one.sheet, one.cell) for one in problems(desk.xlwings.sheets[RESULTS])))


def here(desk: Desk) -> tuple[str, str]:
    return desk.book.front, desk.application.Selection.Address.replace("$", "")


def test_of_sheets_selected_together_one_is_added_for_each_of_ours(small: Desk) -> None:
    """Excel adds as many sheets as are selected if it is not told otherwise."""
    before = small.store.names()
    small.book.grouped.update(before[:3])
    assert small.press("check")[0] == 0
    assert sorted(small.store.names()) == sorted([*before, RECORD, RESULTS])
    small.book.grouped.update(before)
    assert small.press("next")[0] == 0
    assert small.book.grouped == set()  # else what is corrected now is written into all of them
    assert small.press("clear")[0] == 0
    assert small.store.names() == before


@pytest.mark.slow
@pytest.mark.parametrize("in_front", [True, False])
@pytest.mark.parametrize("where", [0, 1, 99])
def test_sheets_that_are_charts_do_not_put_ours_elsewhere(small: Desk, where: int, in_front: bool) -> None:
    before = small.store.names()
    small.book.charts["图1"] = min(where, len(before))
    if in_front:
        small.book.front = "图1"
    assert small.press("check")[0] == 0
    assert [name for name in small.store.names() if name not in (RECORD, RESULTS)] == before
    assert small.store.names()[-1] == RESULTS or small.store.names()[-2:] == [RESULTS, RECORD]
    for action in ("explain", "next", "check_sheet", "clear"):
        small.book.front = "图1"
        assert small.press(action)[0] == 0
    assert small.store.names() == before


def test_what_excel_does_not_offer_to_show_it_does_not_delete(small: Desk) -> None:
    """So the record is shown first; and if a sheet is not deleted all the same, Excel still asks questions later."""
    small.press("check")
    assert small.store.state(RECORD) == 2
    assert small.press("clear")[0] == 0
    assert RECORD not in small.store.names()
    assert small.application.DisplayAlerts is True


def test_questions_are_asked_again_after_a_sheet_could_not_be_deleted(
    small: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.press("check")
    monkeypatch.setattr(small.store, "delete", lambda index: 1 / 0)
    assert small.press("clear")[0] == 1
    app = small.application
    assert (app.DisplayAlerts, app.EnableEvents, app.ScreenUpdating) == (True, True, True)


def test_each_setting_comes_back_though_another_does_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.excel.sheets import quiet

    class Stubborn:
        screen_updating = display_alerts = True
        _events = True

        @property
        def enable_events(self) -> bool:
            return self._events

        @enable_events.setter
        def enable_events(self, on: bool) -> None:
            if on:
                raise fakewin.refused("busy")
            self._events = on

    app = Stubborn()
    with pytest.raises(fakewin.ComError), quiet(app):
        assert (app.screen_updating, app.display_alerts) == (False, False)
    assert (app.screen_updating, app.display_alerts) == (True, True)


def test_a_list_that_was_filtered_is_written_anew_in_full(small: Desk) -> None:
    """A block that is written over rows which a filter hides comes out as its first cell, again and again."""
    small.press("check")
    once = texts(small.store, RESULTS)
    small.book.filtered[RESULTS] = {len(once) - 1, len(once)}
    small.store.hide(RESULTS, True, 3, 4, True)
    assert small.press("check")[0] == 0
    assert texts(small.store, RESULTS) == once
    assert small.store.hidden(RESULTS, rows=True) == set()


def test_cells_that_a_filter_hides_are_marked_and_put_back(small: Desk) -> None:
    (sheet, cell), *_ = listed_in_report(SMALL)
    row = small.store.book[sheet][cell].row
    small.book.filtered[sheet] = {row}
    before = state(small.store)
    small.press("check")
    assert all(small.store.look(sheet, *place).pattern == SOLID for place in small.store.notes(sheet))
    small.press("clear")
    assert state(small.store) == before
    assert small.book.filtered == {sheet: {row}}


def listed_in_report(path: Path) -> list[tuple[str, str]]:
    import checker

    return [(mark.sheet, mark.cell) for mark in marks_of(checker.check(path).workbooks[0])]


@pytest.mark.slow
def test_next_passes_over_what_is_hidden_and_says_how_many(desk: Desk) -> None:
    desk.press("check")
    places = listed(desk)
    first = places[0][0]
    desk.store.set_state(first, 0)
    shown = [place for place in places if place[0] != first]
    seen = []
    for _ in range(len(shown) + 1):
        assert desk.press("next") == (0, "")
        seen.append(here(desk))
    assert seen == [*shown, shown[0]]
    assert f"共{len(shown)}处" in desk.application.StatusBar
    assert f"另有{len(places) - len(shown)}处所在的工作表已隐藏" in desk.application.StatusBar


def test_next_says_so_where_all_is_hidden(small: Desk) -> None:
    small.press("check")
    sheet = listed(small)[0][0]
    small.store.set_state(sheet, 2)
    code, told = small.press("next")
    assert (code, small.book.front) == (0, RESULTS)
    assert told.startswith(sheet) and "已隐藏" in told


def test_what_has_no_answer_is_named_by_its_status(small: Desk) -> None:
    path = ROOT / "workbooks" / "cn-department" / "errors" / "三公经费大于总支出.xlsx"
    with opened(path) as desk:
        desk.press("check")
        for _ in listed(desk):
            desk.press("next")
            assert "【】" not in desk.application.StatusBar and "[]" not in desk.application.StatusBar
        assert "【资料不足】" in desk.application.StatusBar


@pytest.mark.slow
def test_next_follows_the_list_as_it_is_sorted_now(desk: Desk) -> None:
    desk.press("check")
    places = listed(desk)
    rows = texts(desk.store, RESULTS)
    first = next(number for number, row in enumerate(rows, 1) if row[0] == "序号") + 1
    formulas = desk.store.formulas(RESULTS, Area(first, 1, len(rows), len(rows[0])))
    desk.store.write(RESULTS, Area(first, 1, len(rows), len(rows[0])), formulas[::-1])
    turned = listed(desk)
    assert turned != places and sorted(turned) == sorted(places)
    desk.press("next")
    assert here(desk) == turned[0]


@pytest.mark.slow
def test_only_where_an_explanation_counts_a_cell_asks_for_one(desk: Desk) -> None:
    desk.press("check")
    asks = [
        row[1]
        for number, row in enumerate(texts(desk.store, RESULTS), 1)
        if desk.store.look(RESULTS, number, 13).colour == 0xE5FFFF
    ]
    assert set(asks) == {"警告"} and len(asks) == 16


@pytest.mark.slow
@pytest.mark.parametrize("sheet", [RESULTS, SCORES])
def test_a_cell_of_ours_is_no_cell_to_fill_in(desk: Desk, sheet: str) -> None:
    desk.press("check")
    desk.press("score")
    desk.xlwings.sheets[sheet].activate()
    desk.xlwings.sheets[sheet].range("A1").select()
    told = desk.press("explain")[1]
    assert told.startswith("请选中表中的一个单元格")


@pytest.mark.slow
def test_a_list_that_somebody_protected_is_said_to_be_so_before_anything_is_touched(desk: Desk) -> None:
    for action, sheet in (("check", RESULTS), ("check_sheet", RESULTS), ("score", SCORES)):
        desk.press(action)
        desk.store.book[sheet].protection.sheet = True
        desk.xlwings.sheets[desk.store.names()[0]].activate()
        before = state(desk.store)
        code, told = desk.press(action)
        assert (code, state(desk.store)) == (1, before)
        assert told.startswith(f"“{sheet}”表受保护") and "撤销该表的保护" in told
        desk.store.book[sheet].protection.sheet = False


def test_sheets_stay_where_the_structure_was_protected_since(small: Desk) -> None:
    before = state(small.store)
    small.press("check")
    small.store.book.security = WorkbookProtection(lockStructure=True)
    code, told = small.press("clear")
    assert code == 0
    assert "已清除2处标记" in told and f"“{RESULTS}”表未能删除" in told
    assert not any(small.store.notes(name) for name in before["names"])
    assert small.press("check")[0] == 0
    small.store.book.security = WorkbookProtection(lockStructure=False)
    assert small.press("clear")[0] == 0
    assert state(small.store) == before


def test_results_in_another_workbook_are_said_to_be_there(small: Desk) -> None:
    small.store.book.security = WorkbookProtection(lockStructure=True)
    told = small.press("check")[1]
    assert f"新工作簿“{small.application.books[1].Name}”的“{RESULTS}”表" in told
    assert small.application.books[1].store.names() == [RESULTS]


@pytest.mark.slow
def test_a_second_check_writes_into_the_same_other_workbook(desk: Desk) -> None:
    desk.store.book.security = WorkbookProtection(lockStructure=True)
    books = desk.application.books
    for action in ("check", "check", "score", "score"):
        assert desk.press(action)[0] == 0
    assert [book.store.names() for book in books[1:]] == [[RESULTS], [SCORES]]
    links = [str(cell) for row in books[1].store.formulas(RESULTS, books[1].store.used(RESULTS)) for cell in row]
    links = [link for link in links if link.startswith("=HYPERLINK")]
    assert links and all(link.startswith(f"=HYPERLINK(\"[{desk.store.full_name}]'") for link in links)
    seen = []
    for _ in range(2):
        assert desk.press("next") == (0, "")
        seen.append(here(desk))
    first = published().workbooks[0].findings[0].outcome
    assert seen[0] == (first.sheet, first.cell) != seen[1]
    assert desk.application.in_front is desk.book


@pytest.mark.slow
def test_a_list_that_was_hidden_is_shown_again(desk: Desk) -> None:
    desk.press("check")
    sheet, cell = next((mark.sheet, mark.cell) for mark in marks() if mark.severity == "warning")
    for action in ("check", "explain"):
        desk.xlwings.sheets[sheet].activate()
        desk.xlwings.sheets[sheet].range(cell).select()
        desk.store.set_state(RESULTS, 0)
        assert desk.press(action)[0] == 0
        assert (desk.store.state(RESULTS), desk.book.front) == (-1, RESULTS)


def marks() -> Any:
    return marks_of(published().workbooks[0])


@pytest.mark.slow
def test_next_keeps_to_what_the_list_is_filtered_to(desk: Desk) -> None:
    desk.press("check")
    rows = problems(desk.xlwings.sheets[RESULTS])
    wanted = [one for one in rows if one.severity == "提示"]
    desk.book.filtered[RESULTS] = {one.row for one in rows if one not in wanted}
    desk.press("next")
    assert here(desk) == (wanted[0].sheet, wanted[0].cell)
    assert desk.application.StatusBar.startswith("第1处（共")
    desk.book.filtered[RESULTS] = {one.row for one in rows}
    assert "筛选" in desk.press("next")[1]


def test_there_is_nothing_to_clear(small: Desk) -> None:
    assert small.press("clear") == (0, "没有标记需要清除。")
    small.press("score")


def test_the_other_sheets_are_not_said_to_have_no_problems_more(small: Desk) -> None:
    sheet = listed_in_report(SMALL)[0][0]
    small.xlwings.sheets[sheet].activate()
    told = small.press("check_sheet")[1]
    assert told.endswith(f"只列出与“{sheet}”表有关的问题；其他表没有别的问题。")


def test_a_note_goes_first_so_that_a_check_that_breaks_off_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from com_model import Interior

    before = state(desk.store)
    give, count = Interior._give, iter(range(100))
    with monkeypatch.context() as broken:
        broken.setattr(Interior, "_give", lambda self, look: give(self, look) if next(count) < 2 else 1 / 0)
        assert desk.press("check")[0] == 1
    assert desk.press("clear")[0] == 0
    assert state(desk.store) == before


@pytest.mark.slow
def test_a_clear_that_breaks_off_can_be_repeated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from com_model import Comment

    for number, mark in enumerate(marks_of(published().workbooks[0])):
        place = desk.store.book[mark.sheet][mark.cell]
        desk.store.set_look(mark.sheet, Area(place.row, place.column, place.row, place.column), Look(SOLID, number))
    before = state(desk.store)
    desk.press("check")
    delete, count = Comment.Delete, iter(range(100))
    with monkeypatch.context() as broken:
        broken.setattr(Comment, "Delete", lambda self: delete(self) if next(count) < 20 else 1 / 0)
        assert desk.press("clear")[0] == 1
    assert desk.press("clear")[0] == 0
    assert state(desk.store) == before


#: Ways to Excel and back, of a workbook with 62 marks on 3 sheets: each takes up to a millisecond there.
MOST_CALLS = {"check": 1400, "next": 100, "explain": 100, "score": 220, "clear": 780}


@pytest.mark.slow
def test_excel_is_not_asked_more_often_than_needed(desk: Desk) -> None:
    desk.press("check")
    asked = {}
    for action in MOST_CALLS:
        fakewin.calls.clear()
        assert desk.press(action)[0] == 0
        asked[action] = fakewin.calls.total()
    assert {action: asked[action] for action in asked if asked[action] > MOST_CALLS[action]} == {}


def test_a_workbook_with_two_names_open_is_the_one_that_is_meant(tmp_path: Path) -> None:
    names = ["预算=决算 (终稿).xlsx", "O'Brien 表.xlsx"]
    for name in names:
        (tmp_path / name).write_bytes(SMALL.read_bytes())
    application = openpyxl_com.excel(*(tmp_path / name for name in names))
    with fakewin.serve(application):
        desk = Desk(application, application.books[1])
        assert desk.press("check")[0] == 0
        assert RESULTS in application.books[1].store.names()
        assert RESULTS not in application.books[0].store.names()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["一'二", '一"二', "支出😀表", "表 (1)", "R1C1", "=1", "'a'b"[1:]])
def test_a_sheet_may_be_called_anything(small: Desk, name: str) -> None:
    sheet = listed_in_report(SMALL)[0][0]
    for book in small.store._both():
        book[sheet].title = name
    small.book.front = name if small.book.front == sheet else small.book.front
    assert small.press("check")[0] == 0
    places = listed(small)
    assert [one for one, _ in places] == [name] * len(places)
    for place in places:
        assert small.press("next") == (0, "")
        assert here(small) == place
    assert small.press("clear")[0] == 0
    assert small.store.names().count(name) == 1


@pytest.mark.slow
def test_a_selection_of_columns_and_several_areas(small: Desk) -> None:
    small.press("check")
    places = listed(small)
    sheet, cell = places[0]
    place = small.store.book[sheet][cell]
    com = small.book.Worksheets(sheet)
    for chosen in (f"{cell},A1:B9", f"{cell}:{address(place.row + 3, place.column + 3)}"):
        small.book.front = sheet
        small.application.selected = com.Range(chosen)
        assert "错误" in small.press("explain")[1]
        small.press("next")
        assert here(small) == places[1]
    small.application.selected = com.Range("C:C")
    small.book.front = sheet
    assert small.press("explain")[0] == 0
