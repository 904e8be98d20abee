"""The house rules that can be read off the code. (That no Chinese stands in it is in ``test_messages``.)"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CODE = ROOT / "checker"
MODULES = sorted(CODE.rglob("*.py"))

#: Where binary fractions are at home: numbers as a workbook stores them, and lengths in points and characters.
FLOATS = ("values/numbers.py", "readers/", "templates/layout.py")
#: Each library has one home.
HOMES = {
    "xlrd": ("readers/",),
    "duckdb": ("audit/",),
    "openpyxl": ("templates/", "audit/papers/sheets.py"),
    "yaml": ("packs/",),
    "jsonschema": ("packs/",),
    "pluggy": ("plugins/",),
    "xlwings": ("excel/",),
}
LONGEST = 400


def name(module: Path) -> str:
    return module.relative_to(CODE).as_posix()


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_bytes())


@cache
def pack_words() -> frozenset[str]:
    """What official packs are called by: their ids and the prefixes of their rules."""
    packs = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in (ROOT / "rules").glob("*/pack.yaml")]
    assert packs
    return frozenset(word for pack in packs for word in (pack["pack"], f"{pack.get('prefix', pack['pack'])}-"))


def texts(module: Path) -> Iterator[ast.Constant]:
    """The text literals of a module that are no documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


def test_the_house_is_there() -> None:
    assert len(MODULES) > 100


def test_no_official_pack_is_known_to_the_code() -> None:
    found = [
        f"{name(module)}:{text.lineno}: {text.value!r}"
        for module in MODULES
        for text in texts(module)
        if any(word in str(text.value) for word in pack_words())
        or re.search(r"\b[A-Z]{2,4}-[0-9]{4}\b", str(text.value))
    ]
    assert found == []


def test_amounts_never_pass_through_floats() -> None:
    found = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        if not name(module).startswith(FLOATS)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert found == []


def test_decimals_are_made_from_texts_and_whole_numbers() -> None:
    """``Decimal(0.1)`` is not a tenth."""
    found = [
        f"{name(module)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Decimal"
        and any(isinstance(arg, ast.Constant) and isinstance(arg.value, float) for arg in node.args)
    ]
    assert found == []


def test_modules_are_short() -> None:
    lengths = {name(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {module: length for module, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("word", ["util", "utils", "helper", "helpers", "common", "misc", "tools"])
def test_no_module_is_called_after_nothing(word: str) -> None:
    assert [name(module) for module in MODULES if word in re.split(r"[/_.]", name(module))] == []


def test_each_library_has_one_home() -> None:
    strays = []
    for module in MODULES:
        for node in ast.walk(tree(module)):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                imported = [node.module or ""]
            for library in imported:
                homes = HOMES.get(library.partition(".")[0])
                if homes is not None and not name(module).startswith(homes):
                    strays.append(f"{name(module)}:{node.lineno}: {library}")
    assert strays == []


def test_the_core_opens_no_network() -> None:
    """Workbooks are read, never fetched (design §10)."""
    network = {"socket", "ssl", "urllib.request", "http", "http.client", "ftplib", "smtplib", "asyncio", "requests"}
    found = []
    for module in MODULES:
        for node in ast.walk(tree(module)):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            found += [f"{name(module)}:{node.lineno}: {library}" for library in imported if library in network]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    assert [name(module) for module in MODULES if not ast.get_docstring(tree(module))] == []


def test_nothing_is_caught_and_forgotten() -> None:
    """A bare ``except:``, or one for everything whose body only passes."""
    found = []
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ExceptHandler):
                everything = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                )
                silent = all(isinstance(statement, ast.Pass) for statement in node.body)
                if node.type is None or (everything and silent):
                    found.append(f"{name(module)}:{node.lineno}")
    assert found == []


@pytest.mark.slow
def test_rooms_import_only_from_the_floors_below() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which("lint-imports")
    if command is None:
        pytest.skip("import-linter is not installed")
    told = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
