"""From the command line of RunPython, or a running program, to the workbook."""

from __future__ import annotations

import atexit
import shutil
import sys
from pathlib import Path

import fakewin
import openpyxl_com
import pytest
from com_model import Application
from opened import PUBLISHED

from checker.errors import UsageError
from checker.excel.connect import PROGRAMS, Caller, attach, caller, connect


@pytest.mark.parametrize("name", ["预算=决算.xlsx", "考核 100%.xlsx", "a=b=c.xlsm", "工作簿1"])
def test_names_that_stock_xlwings_stumbles_on(name: str) -> None:
    assert caller(fakewin.command_line(name)) == Caller(name, fakewin.WINDOW)


def test_a_command_line_without_a_workbook() -> None:
    assert caller(["checker", "excel", "check", "--attach"]) == Caller("", 0)


def test_the_named_workbook_of_two_is_taken(tmp_path: Path) -> None:
    copy = tmp_path / "预算=决算.xlsx"
    shutil.copy(PUBLISHED, copy)
    with fakewin.serve(openpyxl_com.excel(PUBLISHED, copy)):
        assert connect(fakewin.command_line("预算=决算.xlsx")).book.name == "预算=决算.xlsx"
        assert connect(fakewin.command_line(PUBLISHED.name)).book.name == PUBLISHED.name
        assert attach().book.name == PUBLISHED.name


@pytest.mark.slow
@pytest.mark.parametrize(("program", "experimental"), [(PROGRAMS[0], False), *((name, True) for name in PROGRAMS[1:])])
def test_excel_and_wps_can_be_attached_to(program: str, experimental: bool) -> None:
    with fakewin.serve(openpyxl_com.excel(PUBLISHED), program):
        opened = attach()
    assert (opened.book.name, opened.experimental) == (PUBLISHED.name, experimental)


def code_of(*arguments: object) -> str:
    with pytest.raises(UsageError) as caught:
        connect(*arguments) if arguments else attach()  # type: ignore[arg-type]
    assert caught.value.hint is not None
    return caught.value.code


def test_nothing_runs() -> None:
    with fakewin.serve(None):
        assert code_of() == "EXCEL_NOT_RUNNING"


def test_no_workbook_is_open() -> None:
    with fakewin.serve(Application()):
        assert code_of() == "EXCEL_NO_WORKBOOK"


def test_protected_view() -> None:
    with fakewin.serve(Application(protected_view=1)):
        assert code_of() == "EXCEL_PROTECTED_VIEW"
        assert code_of(fakewin.command_line("收到的表.xlsx")) == "EXCEL_PROTECTED_VIEW"


def test_the_workbook_was_closed_meanwhile() -> None:
    with fakewin.serve(openpyxl_com.excel(PUBLISHED)):
        assert code_of(fakewin.command_line("关掉了.xlsx")) == "EXCEL_WORKBOOK_GONE"


def test_xlwings_does_not_end_other_excels_when_we_end(monkeypatch: pytest.MonkeyPatch) -> None:
    taken_off = []
    monkeypatch.setattr(atexit, "unregister", taken_off.append)
    with fakewin.serve(openpyxl_com.excel(PUBLISHED)):
        attach()
    assert fakewin.windows().cleanup in taken_off


def test_a_program_that_stays_busy_is_not_asked_for_ever() -> None:
    windows = fakewin.windows()
    windows.N_COM_ATTEMPTS = 0
    with fakewin.serve(openpyxl_com.excel(PUBLISHED)):
        attach()
    assert windows.N_COM_ATTEMPTS > 0
    windows.N_COM_ATTEMPTS = 3


def test_where_there_is_no_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pythoncom")
    assert code_of() == "EXCEL_NOT_HERE"
