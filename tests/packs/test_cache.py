"""Compiled packs are kept, found again without YAML, made again when anything changed, and never trusted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from checker.model.plugin import PackSource
from checker.packs import build, cache
from checker.packs.load import LoadedPacks, load_packs

from .conftest import BASE, CHECKS, KINDS, Files

Write = Callable[[str, Files], Path]
ROOT = Path(__file__).parents[2]


def load(root: Path) -> LoadedPacks:
    return load_packs([PackSource("test", root, "folder")], KINDS)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often packs are built."""
    counted: list[int] = []
    original = build.build_packs
    monkeypatch.setattr(build, "build_packs", lambda *a: counted.append(1) or original(*a))
    return counted


def test_what_comes_from_the_cache_is_what_was_built(write: Write, builds: list[int]) -> None:
    broken = {**BASE, "checks/a.yaml": CHECKS.replace("收支表", "没有")}
    root = write("demo", BASE)
    write("x-broken", broken)
    first, second = load(root), load(root)
    assert len(builds) == 1
    assert second.packs == first.packs
    assert second.lexicon == first.lexicon
    assert [str(f) for f in second.failures] == [str(f) for f in first.failures] != []


def test_any_change_builds_anew(write: Write, builds: list[int]) -> None:
    root = write("demo", BASE)
    load(root)
    write("demo", {"checks/a.yaml": CHECKS.replace("合计等于", "总计等于")})
    assert load(root).packs["demo"].rules[0].title.zh.startswith("总计")
    load_packs([PackSource("test", root, "folder")], KINDS[:1])
    assert len(builds) == 3, "another set of check kinds validates anew"


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "foreign"])
def test_a_damaged_entry_is_made_again(write: Write, builds: list[int], own_cache: Path, damage: str) -> None:
    root = write("demo", BASE)
    first = load(root)
    (entry,) = own_cache.iterdir()
    content = bytearray(entry.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    entry.write_bytes({"truncate": content[:-9], "flip": content, "empty": b"", "foreign": b"x" * 99}[damage])
    assert load(root).packs == first.packs
    assert len(builds) == 2
    assert load(root).packs == first.packs
    assert len(builds) == 2, "and kept again"


@pytest.mark.parametrize(
    "payload",
    [
        b"cos\nmkdir\n(VFOLDER/evil\ntR.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cchecker.model.rule\nMapping\n.",
        b"cchecker.packs.cache\nos\n.",
        b"cchecker.model.rule\n__builtins__\n.",
    ],
)
def test_an_entry_can_make_nothing_but_packs(write: Write, own_cache: Path, payload: bytes) -> None:
    root = write("demo", BASE)
    load(root)
    (entry,) = own_cache.iterdir()
    payload = payload.replace(b"FOLDER", str(own_cache).encode())
    entry.write_bytes(b"checker packs 2\n" + sha256(payload).digest() + payload)
    assert cache.read(entry.name.removeprefix("packs-").removesuffix(".pickle")) is None
    assert "demo" in load(root).packs
    assert not (own_cache / "evil").exists()


def test_where_nothing_can_be_written_nothing_is_kept(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHECKER_CACHE", str(tmp_path / "file" / "below"))
    assert "demo" in load(write("demo", BASE)).packs


def test_old_entries_are_cleared_away(write: Write, own_cache: Path) -> None:
    for number in range(30):
        old = own_cache / f"packs-{number}.pickle"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    load(write("demo", BASE))
    names = {path.name for path in own_cache.iterdir()}
    assert len(names) == 16
    assert "packs-0.pickle" not in names
    assert any(len(name) > 60 for name in names), "the new entry stays"


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/jixiao-checker"),
        ("linux", {"HOME": "/h"}, "/h/.cache/jixiao-checker"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/jixiao-checker"),
        ("win32", {"LOCALAPPDATA": "C:/L"}, "C:/L/jixiao-checker"),
        ("linux", {"CHECKER_CACHE": "/own", "XDG_CACHE_HOME": "/x"}, "/own"),
    ],
)
def test_entries_lie_where_the_platform_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str], folder: str
) -> None:
    for name in ("CHECKER_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache.folder() == folder


def test_a_hit_imports_neither_yaml_nor_jsonschema(write: Write) -> None:
    root = write("demo", BASE)
    load_packs([PackSource("test", root, "folder")])
    script = (
        "import sys; from pathlib import Path; from checker.model.plugin import PackSource\n"
        "from checker.packs.load import load_packs\n"
        f"loaded = load_packs([PackSource('test', Path({str(root)!r}), 'folder')])\n"
        "assert loaded.packs['demo'].rules and loaded.labels.normalise('a')\n"
        "heavy = {'yaml', 'jsonschema', 'json', 'openpyxl', 'importlib.metadata', 'importlib.resources', 'difflib'}\n"
        "print(sorted(heavy & {*sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert ran.stdout.strip() == "[]"
