"""The whole way: a button of the add-in, run by LibreOffice → the command line that xlwings' own VBA makes of it → a
new Python → marks in the workbook that is open in that LibreOffice.

Stubbed: Windows' ``cmd.exe`` (its command line is taken apart here) and pywin32 (see ``fakewin``).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import uno_com
from opened import FEW, PUBLISHED, ROOT, opened_in_office

import checker
from checker.excel.addin import Interpreters, assemble
from checker.excel.inspection import check_book
from checker.excel.own import own_titles
from checker.marks import marks_of

from .test_vba import PYTHON, call, runnable
from .test_vba import opened as macros_opened

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not uno_com.available(), reason="LibreOffice and its Python module are not installed"),
]

PIPE = f"checker-chain-{os.getpid()}"
NAME = "预算=决算 100%.xlsm"
#: What Python runs before the command of the button: a Windows with an Excel, which is that LibreOffice.
BRIDGE = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from pathlib import Path
import fakewin, uno_com
fakewin.windows()
desktop = uno_com.reach({pipe!r})
fakewin._running["Excel.Application"] = uno_com.excel(desktop, Path({path!r}))
import atexit
atexit.register(lambda: print(*fakewin.alerts))
"""
_COMMAND = re.compile(r'-B -c "((?:[^"\\]|\\.)*)" +(.*) 2> ')


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with uno_com.office(tmp_path_factory.mktemp("office"), PIPE) as found:
        yield found


def test_from_the_button_to_the_marks(desktop: Any, tmp_path: Path) -> None:
    (tmp_path / "macros").mkdir()
    macros, book = tmp_path / "macros" / NAME, tmp_path / NAME
    macros.write_bytes(runnable(assemble(Interpreters(windows=PYTHON))[0], mac=False))
    shutil.copy(PUBLISHED, book)
    with macros_opened(desktop, macros) as document:
        pressed = {action: call(document, "xlwings.Press", action) for action in ("check", "clear")}
    with macros_opened(desktop, book) as document:
        assert "检查结果" in run(pressed["check"], book)
        document.storeToURL(
            (tmp_path / "marked.xlsx").as_uri(), (uno_com._property("FilterName", "Calc MS Excel 2007 XML"),)
        )
        assert "已清除" in run(pressed["clear"], book)
        assert own_titles()[0] not in document.Sheets.ElementNames
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marks = marks_of(checker.check(PUBLISHED).workbooks[0])
    noted = {one.comment.text for sheet in marked for row in sheet.iter_rows() for one in row if one.comment}
    assert {mark.key for mark in marks if not any(mark.key in note for note in noted)} == set()
    assert own_titles()[0] in marked.sheetnames


def run(command: str, book: Path) -> str:
    """What ``cmd.exe`` would have Python do, done; gives what was shown."""
    match = _COMMAND.search(command)
    assert match, command
    code = match[1].replace('\\"', '"')
    words = [word.replace('"', "") for word in re.findall(r'(?:[^" ]|"[^"]*")+', match[2])]
    assert f"--wb={NAME}" in words
    bridge = BRIDGE.format(here=str(Path(__file__).parent), root=str(ROOT), pipe=PIPE, path=str(book))
    told = subprocess.run(
        [sys.executable, "-B", "-c", bridge + code, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_the_report_is_that_of_the_file_through_what_libreoffice_saves(
    desktop: Any, tmp_path: Path, path: Path
) -> None:
    file = checker.check(path).workbooks[0]
    with opened_in_office(desktop, tmp_path, path) as desk:
        report = check_book(desk.xlwings).report.workbooks[0]
    assert [one.id for one in report.findings] == [one.id for one in file.findings]
    assert [one.message for one in report.findings] == [one.message for one in file.findings]
    assert report.counts == file.counts


def test_marks_come_and_go(desktop: Any, tmp_path: Path) -> None:
    with opened_in_office(desktop, tmp_path, PUBLISHED) as desk:
        names = desk.store.names()
        sheet = marks_of(checker.check(PUBLISHED).workbooks[0])[0].sheet
        looks = {place: desk.store.look(sheet, *place) for place in [(row, 3) for row in range(1, 60)]}
        desk.store.set_note(sheet, 16, 3, "张三：已核对")
        assert desk.press("check")[0] == 0
        assert desk.store.note(sheet, 16, 3).startswith("张三：已核对\n[绩效检查 ")
        desk.press("next")
        assert desk.application.StatusBar.startswith("第1处")
        assert desk.press("clear")[0] == 0
        assert desk.store.names() == names
        assert desk.store.notes(sheet) == {(16, 3): "张三：已核对"}
        assert {place: desk.store.look(sheet, *place) for place in looks} == looks


def test_bold_words_of_an_officers_note_stay_bold(desktop: Any, tmp_path: Path) -> None:
    with opened_in_office(desktop, tmp_path, PUBLISHED) as desk:
        sheet = marks_of(checker.check(PUBLISHED).workbooks[0])[0].sheet

        def selected(start: int, length: int) -> Any:
            cursor = desk.store._sheet(sheet).getCellByPosition(2, 15).getAnnotation().createTextCursor()
            cursor.gotoStart(False)
            cursor.goRight(start, False)
            cursor.goRight(length, True)
            return cursor

        desk.store.set_note(sheet, 16, 3, "张三：已核对")
        selected(0, 3).CharWeight = 150.0
        for action, said in (("check", "张三：已核对\n[绩效检查 "), ("check", "张三"), ("clear", "张三：已核对")):
            assert desk.press(action)[0] == 0
            assert desk.store.note(sheet, 16, 3).startswith(said)
            assert [selected(number, 1).CharWeight for number in range(6)] == [150.0] * 3 + [100.0] * 3
        assert desk.store.note(sheet, 16, 3) == "张三：已核对"


def test_results_are_texts_and_links(desktop: Any, tmp_path: Path) -> None:
    with opened_in_office(desktop, tmp_path, PUBLISHED) as desk:
        desk.press("check")
        desk.store.save_copy(str(tmp_path / "saved.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "saved.xlsx")[own_titles()[0]]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=7) for cell in row if cell.value is not None}
    assert kinds == {"s", "f"}
    assert all(
        cell.value.startswith("=HYPERLINK(") for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    )
