"""What of Excel's object model is touched, all buttons together: each member more is one that nobody tried in Excel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fakewin
import pytest
from com_model import SOLID, Area, Look
from opened import NO_COPIES, PUBLISHED, opened

import checker
from checker.excel.actions import ACTIONS
from checker.marks import marks_of

LISTED = Path(__file__).with_name("com_surface.json")


@pytest.mark.slow
def test_no_member_is_touched_that_is_not_listed(request: pytest.FixtureRequest) -> None:
    fakewin.windows()
    fakewin.log.clear()
    mark = marks_of(checker.check(PUBLISHED).workbooks[0])[0]

    def noted(store: Any) -> None:
        place = store.book[mark.sheet][mark.cell]
        store.set_note(mark.sheet, place.row, place.column, "已核对")
        store.set_look(mark.sheet, Area(place.row, place.column, place.row, place.column), Look(SOLID, 1, 5, 0.4))

    with opened(PUBLISHED, noted) as desk:
        for action in ("check", "next", "explain", "check", "check_sheet", "score", "clear", "help"):
            assert desk.press(action)[0] == 0
        assert {*ACTIONS} == {"check", "next", "explain", "check_sheet", "score", "clear", "help"}
        desk.book.no_copies = NO_COPIES
        assert desk.press("check")[0] == 0
    touched = sorted(fakewin.log)
    if request.config.getoption("--update-golden"):
        LISTED.write_text(json.dumps(touched, indent=1) + "\n", encoding="utf-8")
    listed = json.loads(LISTED.read_text(encoding="utf-8"))
    assert sorted({*touched} - {*listed}) == []
