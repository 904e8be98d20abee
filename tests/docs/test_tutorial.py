"""The tutorials below ``docs/`` are walked through as written: files typed, cells filled in, commands run.

What a fenced block is stands behind its language. ``yaml file=PATH``: the whole of a file. ``cells file=NEW from=OLD``:
what is typed into a copy of a workbook (``sheet!cell = value``). ``console``: commands (``$ …``) and what they print;
``…`` on a line of its own stands for lines left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import openpyxl
import pytest

DOCS: Final = Path(__file__).parents[2] / "docs"
_BLOCK: Final = re.compile(r"^```(?P<info>\w.*)\n(?P<body>(?:.*\n)*?)^```$", re.MULTILINE)
#: The commands that the documents name, as they are here: nothing is fetched, nothing installed for anybody else.
_COMMANDS: Final = """
checker() { "$PYTHON" -m checker.cli.main "$@"; }
pip() { "$PYTHON" -m pip --quiet install --no-index --no-deps --no-build-isolation --target "$PYTHONPATH" "${@:2}"; }
"""


class Block(NamedTuple):
    kind: str
    options: dict[str, str]
    lines: list[str]
    at: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        kind, *words = found["info"].split()
        options = dict(word.split("=", 1) for word in words)
        yield Block(kind, options, found["body"].splitlines(), text.count("\n", 0, found.start()) + 1)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are those of a shell")
@pytest.mark.parametrize("page", ["tutorial.zh-CN.md", "tutorial.md", "plugins.zh-CN.md", "plugins.md"])
def test_every_step_does_what_is_written(page: str, tmp_path: Path) -> None:
    if page.startswith("plugins"):
        pytest.importorskip("hatchling", reason="builds the distributions without a network")
    _lay_out(tmp_path)
    steps = 0
    for block in blocks(DOCS / page):
        where = f"{page}:{block.at}"
        if block.kind == "console":
            steps += 1
            _run(block.lines, tmp_path, where)
        elif block.kind == "cells":
            _fill(block, tmp_path)
        elif "file" in block.options:
            file = tmp_path / block.options["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
    assert steps


def _lay_out(folder: Path) -> None:
    """What a reader has at the start: the workbooks beside the page, and the distributions it speaks of."""
    for workbook in (DOCS / "tutorial").glob("*.xlsx"):
        shutil.copy(workbook, folder)
    for distribution in (DOCS.parent / "tests" / "distributions").iterdir():
        shutil.copytree(distribution, folder / distribution.name, ignore=shutil.ignore_patterns("__pycache__"))


def _fill(block: Block, folder: Path) -> None:
    """Type the cells as Excel would keep them: numbers as numbers, percentages as their hundredth."""
    book = openpyxl.load_workbook(folder / block.options["from"])
    for line in block.lines:
        place, _, value = (part.strip() for part in line.partition(" = "))
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = _typed(value)
    book.save(folder / block.options["file"])


def _typed(value: str) -> str | float:
    if re.fullmatch(r"-?\d+(\.\d+)?%", value):
        return round(float(value[:-1]) / 100, 10)
    return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value.strip('"')


def _run(lines: list[str], folder: Path, where: str) -> None:
    commands: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line)
    for command, expected in commands:
        printed = _output(command, folder)
        assert re.fullmatch(_pattern(expected), printed), f"{where}: $ {command}\n{printed}"


def _output(command: str, folder: Path) -> str:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("CHECKER_RULE")}
    environment |= {"PYTHON": sys.executable, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    environment["PYTHONUNBUFFERED"] = "1"  # stdout and stderr in the order of a terminal
    environment["PYTHONPATH"] = str(folder / "site")
    done = subprocess.run(
        ["bash", "-c", _COMMANDS + command],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
        text=True, encoding="utf-8",
    )  # fmt: skip
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def _pattern(expected: list[str]) -> str:
    return "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + "\n" for line in expected)
