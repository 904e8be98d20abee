"""The READMEs tell the truth: what they show is what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from checker.cli.main import main

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
#: The console block: the command behind the prompt, and what it prints.
SHOWN = re.compile(r"```console\n\$ checker (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")


@pytest.mark.parametrize("name", READMES)
def test_the_sample_report_is_really_produced(
    name: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    file = ROOT / name
    content = file.read_text(encoding="utf-8")
    shown = SHOWN.search(content)
    assert shown is not None
    assert main(shlex.split(shown["command"])) == 1
    output = capsys.readouterr().out
    if request.config.getoption("--update-golden"):
        content = content[: shown.start("output")] + output + content[shown.end("output") :]
        file.write_text(content, encoding="utf-8", newline="\n")
    else:
        assert shown["output"] == output


@pytest.mark.parametrize("name", READMES)
def test_the_commands_named_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`checker ([a-z]+)", content))
    assert {"check", "explain", "forms", "rules", "template", "plugins"} <= named
    for command in sorted(named):
        assert main([command, "--help"]) == 0
    for words in re.findall(r"`checker rules ([a-z|\\]+)", content):
        for command in words.replace("\\", "").split("|"):
            assert main(["rules", command, "--help"]) == 0
    options = set(re.findall(r"`(--[a-z-]+)", content))
    helped = capsys.readouterr().out
    assert options
    assert [option for option in options if option not in helped] == []


def test_both_readmes_give_the_same_set_up() -> None:
    blocks = [re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S) for name in READMES]
    assert blocks[0] == blocks[1] == ["python bootstrap.py\n", "python bootstrap.py test\n"]
