"""The command around the check: what it prints where, and with which code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import checker
from checker.cli.main import main
from checker.errors import PackError
from checker.messages import Text
from checker.model.report import PackUsed, Report, Verdict, WorkbookReport

ROOT = Path(__file__).parents[2]
COMMANDS = ("check", "explain", "forms", "rules", "template", "plugins")

Calls = list[tuple[list[str], dict[str, Any]]]


def report(exit_code: int) -> Report:
    return Report(
        packs=(PackUsed("cn-project", "2020", "ab", "sourced"),),
        workbooks=(WorkbookReport("a.xlsx", "checked", counts={"pass": 3}),),
        verdict=Verdict(0, 0, 0, 0, 0, 0, exit_code),
    )


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Calls]:
    """``answer(report)`` or ``answer(error)``: what the engine says; gives the calls made to it."""

    def prepare(result: Report | BaseException) -> Calls:
        calls: Calls = []

        def check(paths: list[str], **options: Any) -> Report:
            calls.append((list(paths), options))
            if isinstance(result, BaseException):
                raise result
            return result

        monkeypatch.setattr(checker, "check", check, raising=False)
        return calls

    return prepare


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checker.cli.main", *words],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_exit_code_is_that_of_the_verdict(answer: Callable[..., Calls], code: int) -> None:
    answer(report(code))
    assert main(["check", "a.xlsx"]) == code


def test_options_reach_the_engine(answer: Callable[..., Calls]) -> None:
    calls = answer(report(0))
    words = "check a.xlsx --all --fail-on warning --pack cn-project --year 2023 --rules r1 --rules r2"
    words += " --prior b.xlsx --together --explanations c.yaml --waivers d.yaml"
    main(words.split())
    [(paths, options)] = calls
    assert paths == ["a.xlsx"]
    assert options == {
        "rules": ["r1", "r2"],
        "pack": "cn-project",
        "year": "2023",
        "every_outcome": True,
        "grounds": False,
        "fail_on": "warning",
        "prior": ["b.xlsx"],
        "together": True,
        "explanations": ["c.yaml"],
        "waivers": ["d.yaml"],
        "progress": None,
    }


def test_text_is_chinese_unless_asked(answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str]) -> None:
    answer(report(0))
    main(["check", "a.xlsx"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("结论：")
    main(["check", "a.xlsx", "--lang", "en"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("Verdict:")


def test_json_goes_to_stdout_and_nothing_else(answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str]) -> None:
    answer(report(0))
    main(["check", "a.xlsx", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["schema"] == "checker/report@1"


def test_output_is_written_whole(
    answer: Callable[..., Calls], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(report(1))
    target = tmp_path / "report.json"
    target.write_text("old", encoding="utf-8")
    assert main(["check", "a.xlsx", "--format", "json", "--output", str(target)]) == 1
    assert json.loads(target.read_text(encoding="utf-8"))["verdict"]["exit"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert str(target) in captured.err


def test_output_that_cannot_be_written_is_an_error_and_leaves_nothing(
    answer: Callable[..., Calls], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(report(0))
    (tmp_path / "folder").mkdir()
    assert main(["check", "a.xlsx", "--output", str(tmp_path / "folder")]) == 2
    assert main(["check", "a.xlsx", "--output", str(tmp_path / "none" / "report.txt")]) == 2
    assert capsys.readouterr().err.count("[OUTPUT_UNWRITABLE]") == 2
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_report_never_overwrites_its_workbook(
    answer: Callable[..., Calls], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = answer(report(0))
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"PK")
    assert main(["check", str(tmp_path), "--output", str(tmp_path / "." / "a.xlsx")]) == 2
    assert "[OUTPUT_IS_INPUT]" in capsys.readouterr().err
    assert book.read_bytes() == b"PK"
    assert calls == []


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ([], "命令行缺少：命令。", "Missing on the command line: COMMAND."),
        (["check"], "命令行缺少：PATH。", "Missing on the command line: PATH."),
        (["chek"], "命令 不能是 'chek'", "COMMAND cannot be 'chek'"),
        (
            ["check", "a", "--frmat", "json"],
            "无法识别：--frmat json。",
            "Not understood on the command line: --frmat",
        ),
        (["check", "a", "--format"], "--format 后面要有值。", "--format needs a value."),
        (["check", "a", "--fail-on", "x"], "--fail-on 不能是 'x'", "--fail-on cannot be 'x'"),
        (
            ["check", "a", "--format", "pdf"],
            "没有报告格式 pdf。已有格式：text, json, sarif, junit, csv, html。",
            "There is no report format pdf.",
        ),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(
    words: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    chinese = capsys.readouterr()
    assert zh in chinese.err
    assert chinese.err.count("\n") == 1
    assert chinese.out == ""
    assert main([*words[:1], "--lang=en", *words[1:]]) == 2
    if words:
        assert en in capsys.readouterr().err


def test_errors_of_packs_are_one_line(answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str]) -> None:
    answer(PackError("YAML", Text("缩进有误。", "Bad indentation."), Text("改。", "Mend it."), "a.yaml:3:1"))
    assert main(["check", "a.xlsx"]) == 2
    assert capsys.readouterr().err == "a.yaml:3:1: 缩进有误。改。 [YAML]\n"


def test_an_internal_error_is_one_line_and_exit_3(
    answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(RuntimeError("\x1b[2Jboom"))
    monkeypatch.delenv("CHECKER_DEBUG", raising=False)
    assert main(["check", "a.xlsx"]) == 3
    error = capsys.readouterr().err
    assert "RuntimeError" in error
    assert "CHECKER_DEBUG=1" in error
    assert "Traceback" not in error
    assert "\x1b" not in error
    monkeypatch.setenv("CHECKER_DEBUG", "1")
    assert main(["check", "a.xlsx"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str]) -> None:
    answer(KeyboardInterrupt())
    assert main(["check", "a.xlsx"]) == 130
    assert capsys.readouterr().err == "已中止。\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--lang", language, "--help"]) == 0
    usage = "Usage: " if language == "en" else "用法："
    assert capsys.readouterr().out.startswith(f"{usage}checker {command}")


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert all(f"\n    {command} " in result.stdout for command in COMMANDS)


def test_output_is_utf8_whatever_the_locale() -> None:
    result = run("--help", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.stdout.startswith("用法：")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGPIPE and tells a closed pipe otherwise")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "checker.cli.main", "rules", "list", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("checker")


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed distribution with a command and a report format."""
    (tmp_path / "counting.py").write_text(
        "from checker.messages import Text\n"
        "from checker.model.plugin import Command, ReportFormat\n"
        "from checker.plugins import hookimpl\n"
        "@hookimpl\n"
        "def checker_commands():\n"
        "    return [Command('count', Text('数', 'count'), lambda words: len(words))]\n"
        "@hookimpl\n"
        "def checker_report_formats():\n"
        "    return [ReportFormat('tally', '.txt', lambda report, language: str(len(report.workbooks)) + language)]\n",
        encoding="utf-8",
    )
    information = tmp_path / "counting-1.0.dist-info"
    information.mkdir()
    (information / "entry_points.txt").write_text("[checker]\ncounting = counting\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("plugin")
def test_a_plugin_brings_a_command() -> None:
    assert main(["count", "a", "b", "c"]) == 3


@pytest.mark.usefixtures("plugin")
def test_a_plugin_brings_a_report_format(answer: Callable[..., Calls], capsys: pytest.CaptureFixture[str]) -> None:
    answer(report(0))
    assert main(["check", "a.xlsx", "--format", "tally", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "1en"


@pytest.mark.usefixtures("plugin")
def test_plugins_are_listed_with_their_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins"]) == 0
    listed = capsys.readouterr().out
    assert "counting\n  来源  counting 1.0 [installed]\n  挂钩  checker_commands, checker_report_formats\n" in listed
    assert "checker.checks\n" in listed


def test_a_plugin_that_fails_is_told_and_exit_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    information = tmp_path / "broken-1.0.dist-info"
    information.mkdir()
    (information / "entry_points.txt").write_text("[checker]\nbroken = no_such_module\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["plugins"]) == 3
    assert "[PLUGIN_LOAD]" in capsys.readouterr().err
