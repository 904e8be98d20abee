"""Packs come from the program itself and from plain folders, without any Python of theirs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from checker.model.plugin import PackSource
from checker.packs import sources
from checker.packs.load import load_packs
from checker.packs.resources import data_root
from checker.packs.sources import folder_sources
from checker.plugins.manager import load_plugins

from .conftest import BASE, Files


def test_the_packs_that_ship_come_by_a_plugin_like_any_other() -> None:
    plugins = load_plugins([("checker.packs", sources)], path=[])
    assert plugins.rule_packs() == (PackSource("checker", data_root("rules"), "built-in"),)


def test_folders_are_named_on_the_command_line_and_in_the_environment() -> None:
    environ = {"CHECKER_RULES": os.pathsep.join(["/b", "/c", "/a"])}
    assert [str(source.root) for source in folder_sources(["/a"], environ)] == [
        str(Path(p)) for p in ("/a", "/b", "/c")
    ]
    assert folder_sources([], {}) == ()


def test_a_folder_may_be_a_pack_or_hold_packs(write: Callable[[str, Files], Path]) -> None:
    root = write("demo", BASE)
    for folder in (root, root / "demo"):
        assert [*load_packs(folder_sources([str(folder)], {})).packs] == ["demo"]


def test_what_ships_loads_and_is_the_same_from_the_cache() -> None:
    places = sources.checker_rule_packs()
    first, again = load_packs(places), load_packs(places)
    assert first.failures == again.failures == ()
    assert again.packs == first.packs
