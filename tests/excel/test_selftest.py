"""The selftest: whatever it meets, it records it; what it could not try, it says."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checker.cli.main import main
from checker.excel import selftest as module
from checker.excel.selftest import probe, selftest


class Cell:
    Value = 1.0
    MergeCells = None

    def AddComment(self, text: str) -> str:  # noqa: N802 - as COM has it
        raise OSError(f"no comments here: {text}")


class Sheet:
    def Range(self, address: str) -> Cell:  # noqa: N802
        return Cell()


class Book:
    closed = False

    def Worksheets(self, number: int) -> Sheet:  # noqa: N802
        return Sheet()

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802
        Path(path).write_bytes(b"12345")

    def Close(self, save: bool) -> None:  # noqa: N802
        assert save is False
        Book.closed = True


class Program:
    """Knows little of what Excel knows."""

    Name = "Microsoft Excel"
    Version = "16.0"

    class Workbooks:
        Add = Book

    def Quit(self) -> None:  # noqa: N802
        raise RuntimeError("not now")


def test_every_call_is_recorded_with_type_and_value_or_error(tmp_path: Path) -> None:
    calls = {call.call: call for call in probe(Program(), tmp_path)}
    assert calls["Application.Version"][1:] == ("str", "'16.0'", "")
    assert calls["A1:C2.Value"][1:] == ("float", "1.0", "")
    assert calls["A5:C5.MergeCells, mixed"][1:] == ("NoneType", "None", "")
    assert calls["size of the copy"].value == "5"
    assert "no comments here: 绩效检查" in calls["A1.AddComment(words)"].error
    assert calls["Application.Hwnd"].error.startswith("AttributeError")
    assert Book.closed


def test_no_workbook_ends_the_probe(tmp_path: Path) -> None:
    assert probe(object(), tmp_path)[-1].call == "Workbooks.Add()"


def test_programs_that_are_not_there_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reach(name: str) -> tuple[Any, bool]:
        if name == "Excel.Application":
            return Program(), True
        raise OSError("not running")

    monkeypatch.setattr(module, "_reach", reach)
    file = tmp_path / "selftest.json"
    tested = selftest(file, {"USERPROFILE": str(tmp_path)}, "win32")
    assert list(tested.programs) == ["Excel.Application"]
    assert [text.zh.split("：")[0] for text in tested.not_tried] == [
        "未能连接Ket.Application",
        "未能连接ET.Application",
    ]
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert stored["addin"]["installed"] is False
    assert stored["programs"]["Excel.Application"][-1] == {
        "call": "Application.Quit()",
        "type": "",
        "value": "",
        "error": "RuntimeError: not now",
    }
    assert stored["environment"]["xlwings"]


def test_excel_is_asked_for_the_addin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded where Excel was open, opened where it had to be started; its code is compiled by what starts nothing."""

    class Books:
        def __init__(self) -> None:
            self.opened: list[str] = []

        def __call__(self, name: str) -> Any:
            return SimpleNamespace(FullName=f"XLSTART/{name}")

        def Open(self, path: str) -> Any:  # noqa: N802
            self.opened.append(path)
            return SimpleNamespace(Name=Path(path).name)

        def Add(self) -> None:  # noqa: N802
            raise OSError("not asked for here")

    books, ran = Books(), []
    excel = SimpleNamespace(Workbooks=books, Run=lambda *words: ran.append(words), Quit=lambda: None)
    for started in (False, True):
        monkeypatch.setattr(module, "_reach", lambda name, started=started: (excel, started))
        calls = selftest(None, {"APPDATA": str(tmp_path)}, "win32").programs["Excel.Application"]
        assert {"Workbooks(add-in).FullName", "Run(CheckerStart, '-')"} <= {one.call for one in calls if not one.error}
        assert [Path(path).name for path in books.opened] == ["checker.xlam"] * 3 * started  # of three programs
    assert set(ran) == {("checker.xlam!CheckerStart", "-")}


def test_a_broken_record_does_not_end_it(tmp_path: Path) -> None:
    record = tmp_path / ".local" / "state" / "checker" / "addin.json"
    record.parent.mkdir(parents=True)
    record.write_text("{", encoding="utf-8")
    assert selftest(None, {"HOME": str(tmp_path)}, "linux").addin == {"error": "RECORD_BROKEN"}


def test_command_says_what_was_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(module.sys, "platform", "linux")
    file = tmp_path / "out.json"
    assert main(["excel", "selftest", "--json", str(file)]) == 3
    assert "没有Excel" in capsys.readouterr().err
    assert json.loads(file.read_text(encoding="utf-8"))["not_tried"][0]["zh"]
