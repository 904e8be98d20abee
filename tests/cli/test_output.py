from __future__ import annotations

import io
import os
from types import SimpleNamespace

import pytest

from checker.cli import output
from checker.cli.output import page_of, tell


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "sys", SimpleNamespace(stdout=Terminal()))  # pytest puts sys.stdout back
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_its_width_and_colours() -> None:
    page = page_of("zh")
    assert (page.columns, page.colour) == (72, True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert not page_of("zh").colour


@pytest.mark.usefixtures("terminal")
def test_a_file_gets_neither() -> None:
    page = page_of("zh", to_file=True)
    assert (page.columns, page.colour) == (100, False)


@pytest.mark.usefixtures("terminal")
def test_an_old_windows_console_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM")
    monkeypatch.delenv("WT_SESSION", raising=False)
    monkeypatch.setattr(os, "name", "nt")
    colour = page_of("zh").colour
    monkeypatch.undo()
    assert not colour


def test_a_pipe_gets_neither(capsys: pytest.CaptureFixture[str]) -> None:
    assert not page_of("zh").colour


def test_what_is_told_cannot_drive_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    tell("文件\x1b[2J\u202e.xlsx")
    assert capsys.readouterr().err == "文件[2J.xlsx\n"
