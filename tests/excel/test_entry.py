"""Whatever happens ends in one Chinese sentence, and a log file whose path is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fakewin
import pytest
from com_model import Application
from fakewin import ComError
from opened import PUBLISHED, Desk

from checker.cli.main import main as command
from checker.excel import main as button
from checker.excel.actions import ACTIONS
from checker.excel.entry import main, run_attached
from checker.excel.failures import named
from checker.excel.ribbon import ACTIONS as BUTTONS


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "checker" / "logs"


def failing(error: Exception) -> Callable[[Any], None]:
    def action(book: Any) -> None:
        raise error

    return action


def com(code: int, said: str = "") -> ComError:
    return ComError(code, "出错", (0, "Microsoft Excel", said, None, 0, 0) if said else None)


FAILURES = {
    "package": (ModuleNotFoundError("No module named 'win32com'", name="win32com"), "缺少程序包win32com"),
    "editing": (com(-2147418111), "正在编辑单元格"),
    "dialog": (com(-2146777998), "对话框"),
    "policy": (com(-2147024891), "安全软件"),
    "closed": (com(-2147023174), "已关闭"),
    "refused": (com(-2147352567, "工作表受保护。"), "Excel拒绝执行：工作表受保护。如果"),
    "refused without a word": (com(-2147352570), "Excel拒绝执行：出错。如果"),
    "damaged": (AttributeError("module 'win32com.gen_py.0002' has no attribute 'CLSIDToClassMap'"), "gen_py"),
    "disk": (OSError(28, "No space left on device", "C:\\Temp\\x"), "磁盘"),
    "defect": (ZeroDivisionError("division by zero"), "日志文件发给"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_is_a_sentence_with_what_to_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, logs: Path, name: str
) -> None:
    error, wanted = FAILURES[name]
    monkeypatch.setitem(ACTIONS, "check", failing(error))  # type: ignore[arg-type]
    code, told = desk.press("check")
    assert code == 1
    assert wanted in told
    assert "请" in told
    assert "Traceback" not in told
    assert "\n" not in told
    path = re.search(r"日志文件：(.+\.log)", told)
    assert path is not None
    log = Path(path[1])
    assert log.parent == logs
    assert type(error).__name__ in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("application", "wanted"),
    [
        (None, "没有找到正在运行的Excel或WPS"),
        (Application(), "没有打开的工作簿"),
        (Application(protected_view=1), "启用编辑"),
    ],
)
def test_where_no_window_can_say_it_stderr_does(
    application: Application | None, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with fakewin.serve(application):
        with pytest.raises(SystemExit) as end:
            main("check", ["-c"])
        assert end.value.code
    told = capsys.readouterr().err
    assert wanted in told
    assert "日志文件" in told


def test_without_excel_windows_shows_the_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The console of a shortcut closes at once, and the ribbon hides it."""
    shown = []

    def message_box(window: None, words: str, title: str, style: int) -> int:
        shown.append((title, words))
        return 1

    with fakewin.serve(None):
        monkeypatch.setattr("sys.platform", "win32")
        user32 = SimpleNamespace(MessageBoxW=message_box)
        monkeypatch.setattr("ctypes.windll", SimpleNamespace(user32=user32), raising=False)
        assert main("check", ["-c"]) == run_attached("check") == 1  # told, so nothing is left for the ribbon to say
    assert [title for title, _ in shown] == ["绩效检查"] * 2
    assert all("没有找到正在运行的Excel或WPS" in words and "日志文件" in words for _, words in shown)
    assert capsys.readouterr().err == ""


def test_the_ribbon_and_the_actions_name_each_other() -> None:
    assert tuple(ACTIONS) == BUTTONS


def test_a_button_that_is_not_known(desk: Desk) -> None:
    code, told = desk.press("polish")
    assert code == 1
    assert "polish" in told


def test_the_button_as_the_ribbon_calls_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", fakewin.command_line(PUBLISHED.name))
    assert button("help") == 0
    assert "清除标记" in fakewin.alerts[-1]


def test_next_before_a_check(desk: Desk) -> None:
    assert "请先点“检查”" in desk.press("next")[1]


def test_a_workbook_without_known_forms_is_said_to_be_one(desk: Desk) -> None:
    for book in desk.store._both():
        for sheet in book.worksheets[1:]:
            book.remove(sheet)
        book.worksheets[0].delete_rows(1, 500)
        book.worksheets[0]["A1"] = "购物清单"
    before = desk.store.names()
    code, told = desk.press("check")
    assert code == 1
    assert "没有" in told
    assert desk.store.names() == before


def test_wps_is_said_to_be_experimental() -> None:
    import openpyxl_com

    with fakewin.serve(openpyxl_com.excel(PUBLISHED), "Ket.Application"):
        assert run_attached("check") == 0
    assert "实验性" in fakewin.alerts[-1]


@pytest.mark.slow
def test_the_command_checks_what_is_open(desk: Desk) -> None:
    assert command(["excel", "check", "--attach"]) == 0
    assert "检查结果" in fakewin.alerts[-1]
    assert command(["excel", "check", "--attach", "--action", "clear"]) == 0
    assert "检查结果" not in desk.store.names()


def test_the_command_says_where_it_cannot(capsys: pytest.CaptureFixture[str]) -> None:
    with fakewin.serve(None):
        assert command(["excel", "check", "--attach"]) == 3
    assert "没有找到" in capsys.readouterr().err


def test_an_error_of_ours_is_left_as_it_is() -> None:
    from checker.errors import UsageError
    from checker.messages import tr

    error = UsageError("X", tr("No workbook is open."))
    assert named(error) is error
