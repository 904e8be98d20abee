"""Marks are put on cells and taken away again; what officers wrote and painted stays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from com_model import NONE, SOLID, Area, Look
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from opened import FEW, PUBLISHED, SAMPLES, Desk, opened, published, state

import checker
from checker.excel.fills import Fill, colour_number
from checker.excel.marking import Marked, apply, clear
from checker.excel.own import RECORD, own_titles
from checker.excel.record import Record, recorded
from checker.marks import COLOURS, Mark, mark_key, marks_of, strip_note
from checker.readers import open_workbook

FILLS = st.one_of(
    st.just(Look()),
    st.integers(0, 0xFFFFFF).map(lambda colour: Look(SOLID, colour)),
    st.tuples(st.integers(1, 10), st.floats(-1, 1)).map(lambda of: Look(SOLID, 0x102030 + of[0] - 1, *of)),
    st.tuples(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF)).map(lambda of: Look(17, of[0], 0, 0.0, of[1])),
)
NOTES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)


@cache
def all_marks() -> Sequence[Mark]:
    """Those of the published sample."""
    return marks_of(published().workbooks[0])


def put(desk: Desk, marks: Sequence[Mark]) -> Marked:
    """Marks put on the published sample."""
    return apply(desk.xlwings, marks, open_workbook(PUBLISHED), Record({}, (), {}))


def as_seen(desk: Desk) -> dict[str, Any]:
    """Everything, our own sheets and the sizes of notes too."""
    return state(desk.store)


def test_every_cell_of_a_finding_is_marked(desk: Desk) -> None:
    assert desk.press("check")[0] == 0
    for mark in all_marks():
        of_sheet = desk.store.book[mark.sheet]
        merge = next((one for one in of_sheet.merged_cells.ranges if mark.cell in one), None)
        cell = of_sheet.cell(merge.min_row, merge.min_col) if merge else of_sheet[mark.cell]
        assert mark.findings[0] in cell.comment.text
        assert cell.fill.fgColor.rgb[2:] in COLOURS.values()
    assert desk.store.state(RECORD) == 2


@pytest.mark.slow
@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_clearing_puts_back_what_was_there(path: Path) -> None:
    with opened(path) as desk:
        before = as_seen(desk)
        assert desk.press("check")[0] == 0
        assert as_seen(desk) != before
        assert desk.press("score")[0] in (0, 1)
        assert desk.press("clear")[0] == 0
        assert as_seen(desk) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in SAMPLES}), ids=lambda path: path.parent.name + path.name
)
def test_so_it_does_in_samples_that_officers_wrote_and_painted_in(folder: Path, stride: int) -> None:
    """And a second check says the same as the first, of the marked workbook."""
    dice = random.Random(folder.name)
    for path in [path for path in SAMPLES if path.parent == folder][:: 3 * stride]:
        report = checker.check(path).workbooks[0]
        if report.error is not None:
            continue
        places = [(mark.sheet, mark.cell) for mark in marks_of(report)]

        def scribble(store: Any, places: list[tuple[str, str]] = places) -> None:
            for sheet, cell in places:
                _scribble(store, sheet, cell, f"{dice.random()} 已核", Look(SOLID, dice.randrange(0x1000000)), dice)

        with opened(path, scribble) as desk:
            before = as_seen(desk)
            desk.press("check")
            once = as_seen(desk)
            desk.press("check")
            assert as_seen(desk) == once, path
            desk.press("clear")
            assert as_seen(desk) == before, path


def _scribble(store: Any, sheet: str, cell: str, note: str, look: Look, dice: random.Random) -> None:
    place = store.book[sheet][cell]
    for merge in store.book[sheet].merged_cells.ranges:
        if cell in merge:
            place = store.book[sheet].cell(merge.min_row, merge.min_col)
    if dice.random() < 0.5:
        store.set_note(sheet, place.row, place.column, note)
    if dice.random() < 0.5:
        store.set_look(sheet, Area(place.row, place.column, place.row, place.column), look)


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])  # a workbook is slow to shrink
@given(data=st.data())
def test_whatever_officers_wrote_and_painted_comes_back(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(all_marks()), max_size=8, unique=True))

    def scribble(store: Any) -> None:
        for mark in chosen:
            place = store.book[mark.sheet][mark.cell]
            if type(place).__name__ == "MergedCell":
                continue
            store.set_note(mark.sheet, place.row, place.column, data.draw(NOTES))
            look = data.draw(FILLS)
            store.set_look(mark.sheet, Area(place.row, place.column, place.row, place.column), look)

    with opened(PUBLISHED, scribble) as desk:
        before = as_seen(desk)
        assert put(desk, all_marks()).unmarked == ()
        assert clear(desk.xlwings).marks
        assert as_seen(desk) == before


@pytest.mark.slow
def test_checking_again_changes_nothing(desk: Desk) -> None:
    first = desk.press("check")
    once = as_seen(desk)
    assert desk.press("check") == first
    assert as_seen(desk) == once


def test_the_officers_note_stands_above_ours(desk: Desk) -> None:
    mark = next(mark for mark in all_marks() if type(desk.store.book[mark.sheet][mark.cell]).__name__ != "MergedCell")
    place = desk.store.book[mark.sheet][mark.cell]
    desk.store.set_note(mark.sheet, place.row, place.column, "张三：已与财务核对")
    desk.press("check")
    text = desk.store.note(mark.sheet, place.row, place.column)
    assert text.startswith("张三：已与财务核对\n[绩效检查 ")
    desk.store.set_note(mark.sheet, place.row, place.column, text.replace("已与", "2月1日已与"))
    desk.press("clear")
    assert desk.store.note(mark.sheet, place.row, place.column) == "张三：2月1日已与财务核对"


@pytest.mark.slow
def test_a_program_that_cannot_change_a_part_of_a_note_gets_it_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from com_model import Comment, Shape

    desk.press("check")
    sheet, (row, column) = all_marks()[0].sheet, next(iter(desk.store.notes(all_marks()[0].sheet)))
    desk.press("clear")
    desk.store.set_note(sheet, row, column, "张三😀：已核对")
    whole = Comment.Text
    monkeypatch.setattr(Shape, "TextFrame", property(lambda self: 1 / 0))
    monkeypatch.setattr(Comment, "Text", lambda self, *given: whole(self, *given[:1]) if len(given) < 2 else "")
    desk.press("check")
    assert desk.store.note(sheet, row, column).startswith("张三😀：已核对\n[绩效检查 ")
    desk.press("clear")
    assert desk.store.note(sheet, row, column) == "张三😀：已核对"


def test_a_cell_that_the_officer_painted_meanwhile_keeps_that(desk: Desk) -> None:
    desk.press("check")
    sheet, (row, column) = all_marks()[0].sheet, next(iter(desk.store.notes(all_marks()[0].sheet)))
    desk.store.set_look(sheet, Area(row, column, row, column), Look(SOLID, 0x00FF00))
    desk.press("clear")
    assert desk.store.look(sheet, row, column) == Look(SOLID, 0x00FF00)
    assert desk.store.note(sheet, row, column) is None


def test_marks_are_found_where_their_cells_were_moved_to(desk: Desk) -> None:
    desk.press("check")
    sheet = all_marks()[0].sheet
    (row, column), text = next(iter(desk.store.notes(sheet).items()))
    look = desk.store.look(sheet, row, column)
    desk.store.set_note(sheet, row, column, None)
    desk.store.set_look(sheet, Area(row, column, row, column), Look())
    desk.store.set_note(sheet, row + 200, column, text)
    desk.store.set_look(sheet, Area(row + 200, column, row + 200, column), look)
    desk.press("clear")
    assert desk.store.notes(sheet) == {}
    assert desk.store.look(sheet, row + 200, column).pattern == NONE


@pytest.mark.slow
def test_without_the_record_our_colours_go_all_the_same(desk: Desk) -> None:
    desk.press("check")
    desk.store.delete(desk.store.names().index(RECORD))
    desk.press("clear")
    for mark in all_marks():
        place = desk.store.book[mark.sheet][mark.cell]
        assert desk.store.look(mark.sheet, place.row, place.column).pattern == NONE
        assert not desk.store.notes(mark.sheet)


def test_a_gradient_is_left_as_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.store, "look", lambda *place: Look(4000))
    monkeypatch.setattr(desk.store, "set_look", lambda *given: pytest.fail("painted"))
    mark = all_marks()[:1]
    assert put(desk, mark).marks == 1
    assert clear(desk.xlwings).marks == 1


def test_a_protected_sheet_is_listed_with_the_reason(desk: Desk) -> None:
    sheet = all_marks()[0].sheet
    desk.store.book[sheet].protection.sheet = True
    before = as_seen(desk)[sheet]
    code, told = desk.press("check")
    assert code == 0
    assert "未能标记" in told
    assert as_seen(desk)[sheet] == before
    said = [row[0] for row in desk.store.values(own_titles()[0], Area(1, 1, 12, 1))]
    (line,) = [str(line) for line in said if str(line).startswith(f"未标记（工作表受保护）：{sheet}!")]
    assert line.count("、") == 8 and line.endswith("另有 38 处")


def test_marks_on_a_sheet_that_was_protected_since_can_go_later(desk: Desk) -> None:
    before = as_seen(desk)
    desk.press("check")
    protection = desk.store.book[all_marks()[0].sheet].protection
    protection.sheet = True
    assert all_marks()[0].sheet in desk.press("clear")[1]
    protection.sheet = False
    desk.press("clear")
    assert as_seen(desk) == before


def test_a_conversation_is_left_alone(desk: Desk) -> None:
    mark = next(mark for mark in all_marks() if type(desk.store.book[mark.sheet][mark.cell]).__name__ != "MergedCell")
    place = desk.store.book[mark.sheet][mark.cell]
    desk.book.conversations.add((mark.sheet, place.row, place.column))
    marked = put(desk, all_marks())
    assert [(one.sheet, one.cell) for one in marked.unmarked] == [(mark.sheet, mark.cell)]
    assert "会话批注" in marked.unmarked[0].reason.zh
    assert desk.store.look(mark.sheet, place.row, place.column).pattern == NONE


@pytest.mark.slow
def test_a_workbook_with_protected_structure_gets_its_results_in_another(desk: Desk) -> None:
    from openpyxl.workbook.protection import WorkbookProtection

    desk.store.book.security = WorkbookProtection(lockStructure=True)
    before = as_seen(desk)
    code, told = desk.press("check")
    assert code == 0
    assert "未能标记" in told
    assert as_seen(desk) == before
    assert len(desk.application.books) == 2
    lines = [row[0] for row in desk.application.books[1].store.values(own_titles()[0], Area(1, 1, 12, 1))]
    assert any("工作簿结构受保护" in str(line) for line in lines)


def test_the_first_cell_of_a_merged_area_is_marked_once_for_all(desk: Desk) -> None:
    sheet = next(sheet for sheet in desk.store.book.worksheets if sheet.merged_cells.ranges)
    merge = next(one for one in sheet.merged_cells.ranges if one.size["columns"] > 1)
    inner = sheet.cell(merge.min_row, merge.max_col).coordinate
    first = sheet.cell(merge.min_row, merge.min_col).coordinate
    marks = [
        all_marks()[0]._replace(sheet=sheet.title, cell=inner),
        all_marks()[1]._replace(sheet=sheet.title, cell=first),
    ]
    before = as_seen(desk)
    assert put(desk, marks).marks == 1
    text = desk.store.note(sheet.title, merge.min_row, merge.min_col)
    assert all(mark.key in text for mark in marks)
    assert strip_note(text) == ""
    assert mark_key(text) == all_marks()[0].key
    clear(desk.xlwings)
    assert as_seen(desk) == before


def test_screen_and_events_are_as_before_whatever_happens(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from com_model import Range

    monkeypatch.setattr(Range, "AddComment", lambda self, text: 1 / 0)
    seen = []
    monkeypatch.setattr(type(desk.application), "StatusBar", property(lambda self: False, lambda self, value: None))
    add = desk.store.add

    def add_seeing(index: int) -> None:
        seen.append(desk.application.ScreenUpdating)
        add(index)

    monkeypatch.setattr(desk.store, "add", add_seeing)
    assert desk.press("check")[0] == 1
    assert seen == [False]
    assert desk.application.ScreenUpdating is True
    assert desk.application.EnableEvents is True


def test_a_check_that_broke_off_can_be_cleared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is written before the first cell is touched."""
    from com_model import Range

    before = as_seen(desk)
    add, count = Range.AddComment, iter(range(100))
    with monkeypatch.context() as broken:
        broken.setattr(Range, "AddComment", lambda self, text: add(self, text) if next(count) < 5 else 1 / 0)
        assert desk.press("check")[0] == 1
    assert recorded(desk.xlwings).marks
    desk.press("clear")
    left = as_seen(desk)
    painted = {name for name in before if name != "names" and left[name] != before[name]}
    assert len(painted) <= 1  # at most the cell that was painted and got no note yet
    assert left["names"] == before["names"]


@given(
    st.tuples(st.integers(-5000, 4001), st.integers(0, 0xFFFFFF), st.integers(0, 12), st.just("0.5"), st.integers(0))
)
def test_a_fill_survives_being_written_down(parts: tuple[int, int, int, str, int]) -> None:
    fill = Fill(*parts)
    assert Fill.parse(str(fill)) == fill


@pytest.mark.parametrize("text", ["", "a b c d e", "1 2 3", "1 2 3 4 5 6"])
def test_a_record_that_somebody_changed_is_no_fill(text: str) -> None:
    assert Fill.parse(text) == Fill()


def test_colours_are_counted_as_excel_does() -> None:
    assert colour_number("FF9B10") == 0x109BFF
