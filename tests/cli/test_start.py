"""What a plain check does not import and does not do twice (for its time see ``tests/benchmarks/starting.py``)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli.main import main
from checker.plugins import entry_points

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbooks" / "cn-project" / "clean" / "年度科普项目.xlsx"

#: Each costs more than a millisecond, most of them many.
HEAVY = {
    "asyncio",
    "checker.formula.lexer",
    "checker.formula.parser",
    "checker.packs.build",
    "checker.templates",
    "difflib",
    "importlib.metadata",
    "importlib.resources",
    "json",
    "jsonschema",
    "multiprocessing",
    "openpyxl",
    "pluggy",
    "rich",
    "subprocess",
    "xlrd",
    "xlwings",
    "yaml",
}

SCRIPT = """
import sys
from checker.cli.main import main
code = main(["check", sys.argv[1]])
ours = {name: module for name, module in sys.modules.items() if name.startswith("checker")}
print("exit", code)
print("heavy", *sorted(%r & {*sys.modules}))
print("dataclasses", *sorted(name for name, module in ours.items() if hasattr(module, "dataclass")))
"""


@pytest.fixture(scope="module")
def told() -> list[str]:
    """The last lines of a plain check whose rule packs are in the cache."""
    environ = {**os.environ, "CHECKER_DISABLE_PLUGINS": "*", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", SCRIPT % HEAVY, str(SAMPLE)]
    for _ in range(2):
        ran = subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=ROOT, env=environ, check=True, timeout=60
        )
    assert [*Path(os.environ["CHECKER_CACHE"]).iterdir()]
    return ran.stdout.splitlines()[-3:]


def test_the_sample_was_checked(told: list[str]) -> None:
    assert told[0] == "exit 0"


def test_nothing_heavy_is_imported(told: list[str]) -> None:
    assert told[1] == "heavy"


def test_no_data_class_is_made(told: list[str]) -> None:
    assert told[2] == "dataclasses"


def test_plugins_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    find = entry_points.find
    monkeypatch.setattr(entry_points, "find", lambda path: looked.append(path) or find(path))
    assert main(["check", str(SAMPLE)]) == 0
    assert len(looked) == 1
