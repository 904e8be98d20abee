"""A pack that did not change, and rests on none that did, is taken from the cache as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checker.model.plugin import PackSource
from checker.packs.load import LoadedPacks, load_packs

from .conftest import BASE, CHECKS, FORM, KINDS, OURS, Files, pack_yaml

Write = Callable[[str, Files], Path]
ROOT = Path(__file__).parents[2]


def load(root: Path) -> LoadedPacks:
    return load_packs([PackSource("test", root, "folder")], KINDS)


def checks(prefix: str) -> str:
    return CHECKS.replace("DM-0101", f"{prefix}-0101").replace("name: total", f"name: total-{prefix.lower()}")


FAMILY: Mapping[str, Files] = {
    "demo": BASE,
    "beside": {"pack.yaml": pack_yaml("beside", "BE"), "forms/b.yaml": FORM.replace("收支", "往来")},
    "left": {
        "pack.yaml": pack_yaml("left", "LE", extends="demo", beside="beside"),
        "forms/a.yaml": "schema: checker/form@1\nform: 收支表\nextends: 收支表\ntitles: [收支表（左）]\n",
        "checks/a.yaml": checks("LE"),
    },
    "right": {
        "pack.yaml": pack_yaml("right", "RI", extends="demo"),
        "checks/a.yaml": checks("RI"),
    },
    "alone": {"pack.yaml": pack_yaml("alone", "AL"), "forms/a.yaml": FORM, "checks/a.yaml": checks("AL")},
}
BOTH: Files = {"pack.yaml": pack_yaml("both", "BO", extends="plain, right")}
PLAIN: Files = {"pack.yaml": pack_yaml("plain", "PL", extends="demo")}


@pytest.fixture
def root(write: Write) -> Path:
    return [write(name, files) for name, files in FAMILY.items()][-1]


def test_a_further_folder_costs_only_its_own(root: Path, write: Write, builds: list[str]) -> None:
    first = load(root)
    assert sorted(builds) == sorted(FAMILY) and not first.failures
    builds.clear()
    write("../further/one", {"pack.yaml": pack_yaml("one", "ON", extends="right"), "checks/a.yaml": checks("ON")})
    further = root.parent / "further"
    sources = [PackSource("test", root, "folder"), PackSource("test", further, "folder")]
    second = load_packs(sources, KINDS)
    assert builds == ["one"]
    assert [rule.id for rule in second.packs["one"].rules] == ["DM-0101", "RI-0101", "ON-0101"]
    assert second.packs == load_packs(sources, KINDS, use_cache=False).packs
    assert load_packs(sources, KINDS).packs == second.packs


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ("alone", ["alone"]),
        ("right", ["right"]),
        ("beside", ["beside", "left"]),
        ("demo", ["demo", "left", "right"]),
    ],
)
def test_what_rests_on_a_change_is_made_with_it(root: Path, builds: list[str], changed: str, made: list[str]) -> None:
    before = load(root)
    builds.clear()
    file = root / changed / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("示例", "改版示例"), encoding="utf-8")
    after = load(root)
    assert sorted(builds) == made
    whole = load_packs([PackSource("test", root, "folder")], KINDS, use_cache=False)
    assert [*after.packs] == [*before.packs] == [*whole.packs], "parents first, in the same order"
    assert after.packs == whole.packs and not after.failures
    assert {name for name in whole.packs if whole.packs[name].digest != before.packs[name].digest} == {*made}


def test_two_ways_to_one_grandparent_meet_after_the_cache_too(root: Path, write: Write, builds: list[str]) -> None:
    write("plain", PLAIN)
    load(root)
    builds.clear()
    write("both", BOTH)
    both = load(root)
    assert builds == ["both"] and not both.failures, "what two parents share is no clash of theirs"
    assert [rule.id for rule in both.packs["both"].rules] == ["DM-0101", "RI-0101"]


def test_clashes_between_kept_packs_are_told(root: Path, write: Write, builds: list[str]) -> None:
    load(root)
    builds.clear()
    write("zz", {**FAMILY["alone"], "pack.yaml": pack_yaml("zz", "AL")})
    failures = [failure.code for failure in load(root).failures]
    assert failures == ["PREFIX_TWICE"] and builds == []
    shutil.rmtree(root / "zz")
    write("zz", {"pack.yaml": pack_yaml("zz", "ZZ", extends="alone, demo")})
    assert load(root).failures[0].code == "PARENTS_CLASH"


@pytest.mark.parametrize("content", [b"", b"x" * 99, None])
def test_a_damaged_parent_is_made_again(root: Path, own_cache: Path, builds: list[str], content: bytes | None) -> None:
    load(root)
    builds.clear()
    for pack in own_cache.glob("pack-*.pickle"):
        damaged = (pack.read_bytes()[:-40] + b"x" * 40) if content is None else content
        pack.write_bytes(damaged)
    file = root / "left" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("示例", "改版示例"), encoding="utf-8")
    assert load(root).packs == load_packs([PackSource("test", root, "folder")], KINDS, use_cache=False).packs


@pytest.mark.slow
def test_packs_that_ship_are_the_same_one_by_one(tmp_path: Path) -> None:
    """Their inheritance is the deepest there is: the nearest child alone is made anew."""
    copied = tmp_path / "rules"
    for name in ("cn-project", "cn-final-accounts", "cn-department", "gd-project-2022"):
        shutil.copytree(ROOT / "rules" / name, copied / name, ignore=shutil.ignore_patterns("cases"))
    source = PackSource("test", copied, "folder")
    load_packs([source], OURS)
    file = copied / "gd-project-2022" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    again, whole = load_packs([source], OURS), load_packs([source], OURS, use_cache=False)
    assert [str(failure) for failure in whole.failures] == []
    assert "gd-project-2022" in whole.packs and again.packs == whole.packs
