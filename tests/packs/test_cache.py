"""Compiled packs are kept, found again without YAML, made again when anything changed, and never trusted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import UserDict
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from checker.errors import PackError
from checker.model.plugin import CheckKind, PackSource
from checker.packs import cache
from checker.packs import load as module
from checker.packs.load import LoadedPacks, load_packs
from checker.packs.stored import Later

from .conftest import BASE, CHECKS, FORM, KINDS, Files, pack_yaml

Write = Callable[[str, Files], Path]
ROOT = Path(__file__).parents[2]


def load(root: Path) -> LoadedPacks:
    return load_packs([PackSource("test", root, "folder")], KINDS)


def entry_of(folder: Path) -> Path:
    """The one entry in a cache."""
    (entry,) = folder.glob("packs-*.pickle")
    return entry


def pack_of(folder: Path) -> Path:
    """The one pack in a cache."""
    (pack,) = folder.glob("pack-*.pickle")
    return pack


def test_what_comes_from_the_cache_is_what_was_built(write: Write, builds: list[str]) -> None:
    broken = {**BASE, "pack.yaml": pack_yaml("other", "OT"), "checks/a.yaml": CHECKS.replace("收支表", "没有")}
    root = write("demo", BASE)
    write("x-broken", broken)
    first, second = load(root), load(root)
    assert builds == ["demo", "other"]
    assert second.packs == first.packs
    assert second.lexicon == first.lexicon
    assert [str(f) for f in second.failures] == [str(f) for f in first.failures] != []


def test_any_change_builds_anew(write: Write, builds: list[str]) -> None:
    root = write("demo", BASE)
    load(root)
    write("demo", {"checks/a.yaml": CHECKS.replace("合计等于", "总计等于")})
    assert load(root).packs["demo"].rules[0].title.zh.startswith("总计")
    load_packs([PackSource("test", root, "folder")], {"sum": KINDS["sum"]})
    assert len(builds) == 3, "another set of check kinds validates anew"


def test_kinds_of_the_program_are_not_looked_up_where_packs_come_from_the_cache(write: Write) -> None:
    looked_up: list[str] = []

    class Watched(UserDict[str, CheckKind]):
        def __getitem__(self, name: str) -> CheckKind:
            looked_up.append(name)
            return super().__getitem__(name)

    kinds = Watched(KINDS)
    source = PackSource("test", write("demo", BASE), "folder")
    load_packs([source], kinds, own={"sum"})
    assert set(looked_up) == {"sum", "identity"}
    looked_up.clear()
    load_packs([source], kinds, own={"sum"})
    assert set(looked_up) == {"identity"}, "it is not the program's own: its schema says whether it changed"


def framed(payload: bytes) -> bytes:
    """A file of the cache, right in its form, whose parts are all ``payload``."""
    number = f"0\t{len(payload)}\t{sha256(payload).hexdigest()}"
    contents = "\n".join(f"{part}\t{number}" for part in ("", "head", "body", "forms")).encode()
    return cache._MAGIC + sha256(contents).digest() + len(contents).to_bytes(4, "big") + contents + payload


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "foreign"])
def test_what_is_damaged_is_made_again(write: Write, builds: list[str], own_cache: Path, damage: str) -> None:
    root = write("demo", BASE)
    first = load(root)
    for file, made in ((entry_of(own_cache), 1), (pack_of(own_cache), 2)):
        content = bytearray(file.read_bytes())
        if damage == "flip":
            content[60] ^= 1
        short = content[: len(content) // 3]
        file.write_bytes({"truncate": short, "flip": content, "empty": b"", "foreign": b"x" * 99}[damage])
        assert load(root).packs == first.packs
        assert len(builds) == made, "an entry is put together of packs that are kept"
        assert load(root).packs == first.packs
        assert len(builds) == made, "and kept again"


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
    entry, pack = entry_of(own_cache), pack_of(own_cache)
    for file in (entry, pack):
        file.write_bytes(framed(payload.replace(b"FOLDER", str(own_cache).encode())))
    assert cache.read(entry.stem.removeprefix("packs-")) is None
    name = pack.stem.removeprefix("pack-")
    assert (cache.head(name), cache.body(name), cache.forms(name)) == (None, None, None)
    assert "demo" in load(root).packs
    assert not (own_cache / "evil").exists()


def test_where_nothing_can_be_written_nothing_is_kept(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHECKER_CACHE", str(tmp_path / "file" / "below"))
    assert "demo" in load(write("demo", BASE)).packs


@pytest.mark.parametrize(("kind", "kept"), [("packs", 32), ("pack", 128)])
def test_old_files_are_cleared_away(write: Write, own_cache: Path, kind: str, kept: int) -> None:
    for number in range(150):
        old = own_cache / f"{kind}-{number}.pickle"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    load(write("demo", BASE))
    names = {path.name for path in own_cache.glob(f"{kind}-*")}
    assert len(names) == kept
    assert f"{kind}-0.pickle" not in names
    assert any(len(name) > 60 for name in names), "the new one stays"


def test_what_is_used_is_not_cleared_away(write: Write, own_cache: Path) -> None:
    root = write("demo", BASE)
    load(root)
    used = (entry_of(own_cache), pack_of(own_cache))
    for file in used:
        os.utime(file, (0, 0))
    assert load(root).packs["demo"].rules
    for number in range(1, 150):
        for kind in ("packs", "pack"):
            tried = own_cache / f"{kind}-{number}.pickle"
            tried.write_bytes(b"")
            os.utime(tried, (number, number))
    write("demo", {"checks/a.yaml": CHECKS.replace("合计等于", "总计等于")})
    load(root)
    assert all(file.exists() for file in used)


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


class TestParts:
    """Bodies of packs are read when they are asked for, one by one."""

    OTHER: Files = {"pack.yaml": pack_yaml("other", "OT"), "forms/a.yaml": FORM}  # noqa: RUF012

    @pytest.fixture
    def parts(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        asked: list[str] = []
        original = cache.body
        monkeypatch.setattr(cache, "body", lambda name: asked.append(name) or original(name))
        return asked

    def test_only_what_is_asked_for(self, write: Write, parts: list[str]) -> None:
        root = write("demo", BASE)
        write("other", self.OTHER)
        load(root)
        packs = load(root).packs
        demo = packs["demo"]
        assert (demo.id, demo.title.zh, [*demo.forms], demo.every_form) == ("demo", "示例", ["收支表"], demo.forms)
        assert parts == []
        assert [rule.id for rule in demo.rules] == ["DM-0101"] and demo.parameters == {}
        assert demo._replace(title=demo.title).rules == demo.rules
        assert len(parts) == 1
        assert packs["other"].rules == () and len({*parts}) == 2

    @pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
    def test_a_body_that_went_away_meanwhile(
        self, write: Write, own_cache: Path, builds: list[str], damage: Callable[[Path], object]
    ) -> None:
        root = write("demo", BASE)
        load(root)
        packs = load(root).packs
        damage(pack_of(own_cache))
        assert [rule.id for rule in packs["demo"].rules] == ["DM-0101"]
        assert len(builds) == 2
        assert load(root).packs == packs and len(builds) == 2

    def test_a_pack_that_went_away_meanwhile(self, write: Write, own_cache: Path) -> None:
        root = write("demo", BASE)
        load(root)
        packs = load(root).packs
        pack_of(own_cache).unlink()
        (root / "demo" / "pack.yaml").write_text("[")
        with pytest.raises(PackError, match="PACK_CHANGED"):
            _ = packs["demo"].rules


class TestNotes:
    """Files that did not change since an entry was made are not read again."""

    @pytest.fixture
    def reads(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        counted: list[int] = []
        original = module.read_packs
        monkeypatch.setattr(module, "read_packs", lambda folders: counted.append(1) or original(folders))
        return counted

    def test_files_just_written_are_read(self, write: Write, reads: list[int], own_cache: Path) -> None:
        root = write("demo", BASE)
        for _ in range(3):
            load(root)
        assert len(reads) == 3
        assert {path.suffix for path in own_cache.iterdir()} == {".pickle"}

    def test_files_of_some_age_are_not(
        self, write: Write, reads: list[int], builds: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "_SETTLED", -60)
        root = write("demo", BASE)
        first = [load(root) for _ in range(4)][-1]
        assert (len(reads), len(builds)) == (2, 1), "when it is made, and when it is noted down"
        assert first.packs["demo"].rules
        write("demo", {"checks/a.yaml": CHECKS.replace("合计等于", "总计等于")})
        assert load(root).packs["demo"].rules[0].title.zh.startswith("总计")
        assert len(builds) == 2

    def test_a_note_without_its_entry_or_of_nonsense(
        self, write: Write, builds: list[str], own_cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache, "_SETTLED", -60)
        root = write("demo", BASE)
        packs = [load(root).packs for _ in range(3)][-1]
        notes = [path for path in own_cache.iterdir() if path.suffix == ".note"]
        assert len(notes) == 1
        for nonsense in (b"", b"../../etc/passwd", b"0" * 64, "\u4e00".encode() * 64):
            notes[0].write_bytes(nonsense)
            assert load(root).packs == packs
        for path in own_cache.glob("*.pickle"):
            path.unlink()
        assert load(root).packs == packs and len(builds) == 2


def test_what_is_equal_is_one_and_nothing_else_is() -> None:
    value = (
        {"a": (1, True, Decimal(1), None), "b": (True, 1, Decimal("1.0"), None), "c": ("1",)},
        {"a": (1, True, Decimal(1), None), "b": [1, "1"]},
        [[1, "1"], {"x": {}}, {"x": {}}],
    )
    condensed = cache._Condenser().condensed(value)
    assert repr(condensed) == repr(value)
    first, second, third = condensed
    assert first["a"] is second["a"] and second["b"] is third[0] and third[1] is third[2]
    assert first["a"] is not first["b"]


def test_a_layout_is_read_when_a_form_is_drawn(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = "layout:\n  widths: [8]\n  lines:\n    - title: A:D\n"
    root = write("demo", {**BASE, "forms/a.yaml": FORM + layout})
    first, second = load(root), load(root)
    stored = second.packs["demo"].forms["收支表"].layout
    assert isinstance(stored, Later) and isinstance(stored._content, bytes)
    assert stored == first.packs["demo"].forms["收支表"].layout == {"widths": [8], "lines": [{"title": "A:D"}]}
    assert [*stored] == ["widths", "lines"] and len(stored) == 2
