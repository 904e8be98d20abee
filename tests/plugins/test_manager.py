"""Plugins are found, asked and listed; one that fails is named and costs the others nothing."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from checker.errors import CheckerError, ReadError
from checker.formula import functions
from checker.messages import Text
from checker.model.plugin import CheckKind, Command, Function, PackSource, ReportFormat
from checker.model.report import Report, Verdict
from checker.model.workbook import Workbook
from checker.plugins import entry_points, hookimpl
from checker.plugins.manager import PluginInfo, Plugins, load_plugins

ROOT = Path(__file__).parents[2]


def kind(name: str) -> CheckKind:
    return CheckKind(name, {"type": "object"}, compile=lambda *_: None)


def plugin(**hooks: Callable[..., object]) -> types.SimpleNamespace:
    return types.SimpleNamespace(**{f"checker_{name}": hookimpl(function) for name, function in hooks.items()})


def fails() -> object:
    raise RuntimeError("boom")


def registered(*plugins: object) -> Plugins:
    manager = Plugins()
    for number, one in enumerate(plugins):
        manager.register(one, PluginInfo(f"p{number}", f"dist-{number}", "1.0", "installed", ()))
    return manager


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """``install(name, code, entry)`` puts a distribution on the path; its module is ``<name>_plugin``."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = {*sys.modules}

    def make(name: str, code: str, entries: str | None = None, version: str = "1.0", group: str = "checker") -> Path:
        (tmp_path / f"{name}_plugin.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{entries or f'{name} = {name}_plugin'}\n")
        return tmp_path

    yield make
    for module in {*sys.modules} - before:
        del sys.modules[module]


IMPORT = "from checker.plugins import hookimpl\n"
GOOD = """
from pathlib import Path
from checker.model.plugin import PackSource
from checker.plugins import hookimpl

@hookimpl
def checker_rule_packs():
    return [PackSource("county", Path("/county"), "county")]
"""


def test_an_installed_plugin_is_found_and_asked(install: Callable[..., Path]) -> None:
    path = install("county", GOOD)
    plugins = load_plugins([], path=[str(path)])
    assert plugins.failures == []
    assert plugins.rule_packs() == (PackSource("county", Path("/county"), "county"),)
    assert plugins.describe() == (PluginInfo("county", "county", "1.0", "installed", ("checker_rule_packs",)),)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("raise RuntimeError('boom')", "PLUGIN_LOAD"),
        ("import no_such_module", "PLUGIN_LOAD"),
        ("this is no Python", "PLUGIN_LOAD"),
        ("import sys; sys.exit(0)", "PLUGIN_LOAD"),
        (IMPORT + "@hookimpl\ndef checker_rule_pack(): ...", "PLUGIN_HOOK"),
        (IMPORT + "@hookimpl\ndef checker_rule_packs(unknown): ...", "PLUGIN_HOOK"),
        (IMPORT + "@hookimpl(wrapper=True)\ndef checker_rule_packs(): yield", "PLUGIN_HOOK"),
    ],
)  # fmt: skip
def test_a_plugin_that_cannot_be_loaded_is_named_and_the_rest_goes_on(
    install: Callable[..., Path], code: str, expected: str
) -> None:
    install("broken", code)
    path = install("county", GOOD)
    plugins = load_plugins([], path=[str(path)])
    (failure,) = plugins.failures
    assert (failure.code, failure.where, failure.exit_code) == (expected, "broken (broken 1.0)", 3)
    assert [source.name for source in plugins.rule_packs()] == ["county"]
    assert [info.name for info in plugins.describe()] == ["county"]


def test_a_hook_that_fails_costs_the_others_nothing() -> None:
    plugins = registered(
        plugin(check_kinds=lambda: [kind("a")]), plugin(check_kinds=fails), plugin(check_kinds=lambda: [kind("b")])
    )
    assert [*plugins.check_kinds()] == ["a", "b"]
    (failure,) = plugins.failures
    assert (failure.code, failure.where) == ("PLUGIN_FAILED", "p1 (dist-1 1.0)")
    assert "boom" in failure.message.en


def test_a_generator_that_fails_half_way_counts_as_failed() -> None:
    def half() -> Iterator[CheckKind]:
        yield kind("a")
        raise RuntimeError("boom")

    plugins = registered(plugin(check_kinds=half))
    assert plugins.check_kinds() == {}
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_FAILED"]


def test_two_of_one_name_are_an_error_that_names_both() -> None:
    plugins = registered(plugin(check_kinds=lambda: [kind("a")]), plugin(check_kinds=lambda: [kind("a")]))
    assert [*plugins.check_kinds()] == ["a"]
    (failure,) = plugins.failures
    assert (failure.code, failure.where) == ("PLUGIN_CLASH", "p1 (dist-1 1.0)")
    assert "p0 (dist-0 1.0)" in failure.message.en


@pytest.mark.parametrize("name", ["SUM", "sum", "", "TWO WORDS"])
def test_a_function_that_no_formula_could_call_is_refused(name: str) -> None:
    plugins = Plugins([("checker.formula", functions)])
    offered = plugin(functions=lambda: [Function(name, (1, 1), lambda *_: None), Function("一半", (1, 1), print)])
    plugins.register(offered, PluginInfo("p", "dist", "1", "installed", ()))
    found = plugins.functions()
    assert {*found} == {*functions.checker_functions(), "一半"}
    assert found["SUM"] is functions.checker_functions()["SUM"]
    (failure,) = plugins.failures
    assert failure.code == ("PLUGIN_CLASH" if name == "SUM" else "PLUGIN_ANSWER")


def test_formats_and_commands_of_the_program_are_not_taken_from_it() -> None:
    text = Text("", "")
    plugins = registered(
        plugin(
            report_formats=lambda: [ReportFormat("json", "", lambda *_: "", text), ReportFormat("md", "", print, text)],
            commands=lambda: [Command("check", text, len), Command("tally", text, len)],
        )
    )
    assert [*plugins.report_formats(("text", "json"))] == ["md"]
    assert [*plugins.commands(("check",))] == ["tally"]
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_CLASH"] * 2
    assert "checker (jixiao-checker)" in plugins.failures[0].message.en


def test_two_plugins_of_one_name_are_an_error() -> None:
    plugins = Plugins()
    for distribution in ("one", "two"):
        plugins.register(plugin(), PluginInfo("same", distribution, "1", "installed", ()))
    (failure,) = plugins.failures
    assert (failure.code, failure.where) == ("PLUGIN_TWICE", "same (two 1)")


def test_what_comes_with_the_program_is_made_when_it_is_looked_up() -> None:
    made: list[str] = []

    class Own(Mapping[str, CheckKind]):
        def __getitem__(self, name: str) -> CheckKind:
            made.append(name)
            return kind(name)

        def __iter__(self) -> Iterator[str]:
            return iter(("sum", "rate"))

        def __len__(self) -> int:
            return 2

    plugins = Plugins([("own", types.SimpleNamespace(checker_check_kinds=Own))])
    plugins.register(plugin(check_kinds=lambda: [kind("a"), kind("sum")]), PluginInfo("p", "d", "1", "installed", ()))
    kinds = plugins.check_kinds()
    assert [*kinds] == ["sum", "rate", "a"] and "sum" in kinds and "b" not in kinds
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_CLASH"]
    assert made == []
    assert (kinds["rate"].name, kinds["a"].name, kinds.get("b")) == ("rate", "a", None)
    assert made == ["rate"]


def test_an_answer_of_the_wrong_kind_is_an_error() -> None:
    plugins = registered(plugin(check_kinds=lambda: ["sum", kind("a")], open_workbook=lambda path: path))
    assert [*plugins.check_kinds()] == ["a"]
    assert plugins.open_workbook("x") is None
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_ANSWER", "PLUGIN_ANSWER"]


def test_built_in_parts_are_plugins_that_come_first_and_read_last() -> None:
    def workbook(name: str) -> Workbook:
        return Workbook(name, "", "xlsx", ())

    own = plugin(check_kinds=lambda: [kind("z")], open_workbook=lambda path: workbook("own"))
    plugins = load_plugins([("readers", own)], path=[])
    other = plugin(
        check_kinds=lambda: [kind("a")], open_workbook=lambda path: workbook("other") if path == "x" else None
    )
    plugins.register(other, PluginInfo("other", "other", "1", "installed", ()))
    assert [*plugins.check_kinds()] == ["z", "a"]
    found = [plugins.open_workbook(path) for path in ("x", "y")]
    assert [book.path for book in found if book] == ["other", "own"]
    assert [info.origin for info in plugins.describe()] == ["built-in", "installed"]


def test_what_a_reader_says_of_a_file_is_said_to_the_user() -> None:
    def refuse(path: str) -> Workbook:
        raise ReadError("FILE_BROKEN", Text("坏", "broken"), where=path)

    with pytest.raises(ReadError):
        registered(plugin(open_workbook=refuse)).open_workbook("x")


def test_a_reader_that_crashes_gives_way_to_the_next() -> None:
    book = Workbook("x", "", "xlsx", ())
    plugins = registered(plugin(open_workbook=lambda path: book), plugin(open_workbook=lambda path: fails()))
    assert plugins.open_workbook("x") is book
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_FAILED"]


def test_observers_see_the_report_and_cannot_break_the_run() -> None:
    seen: list[Report] = []
    plugins = registered(plugin(run_finished=lambda report: seen.append(report)), plugin(run_finished=lambda: fails()))
    report = Report((), (), Verdict(0, 0, 0, 0, 0, 0, 0))
    plugins.run_finished(report)
    assert seen == [report]
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_FAILED"]


@pytest.mark.parametrize(
    ("disabled", "left"), [("county", []), ("*", []), ("other, county", []), ("other", ["county"])]
)
def test_installed_plugins_can_be_disabled_and_are_still_listed(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, disabled: str, left: list[str]
) -> None:
    monkeypatch.setenv("CHECKER_DISABLE_PLUGINS", disabled)
    plugins = load_plugins([("own", plugin())], path=[str(install("county", GOOD))])
    assert [source.name for source in plugins.rule_packs()] == left
    assert {info.name: info.origin for info in plugins.describe()} == {
        "own": "built-in",
        "county": "installed" if left else "disabled",
    }


def test_entry_points_are_those_that_importlib_metadata_finds(install: Callable[..., Path]) -> None:
    install(
        "county",
        GOOD,
        "county = county_plugin\n# note\ncity=county_plugin:checker_rule_packs [extra]\n\n[console_scripts]\nx = y:z",
    )
    path = [str(install("other", "", group="console_scripts")), *sys.path]
    theirs = {(p.name, p.value) for p in importlib.metadata.entry_points(group="checker")}
    assert {(p.name, p.value) for p in entry_points.find(path)} == theirs
    assert {name for name, _ in theirs} >= {"county", "city"}


def test_a_distribution_installed_twice_counts_once(tmp_path: Path) -> None:
    for folder, name, value in (("a", "my_plugin-2.0", "new"), ("b", "My.Plugin-1.0", "old")):
        info = tmp_path / folder / f"{name}.dist-info"
        info.mkdir(parents=True)
        (info / "entry_points.txt").write_text(f"[checker]\nx = {value}\n")
    (found,) = entry_points.find([str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "gone")])
    assert (found.value, found.version) == ("new", "2.0")


def test_an_entry_point_may_name_an_object(install: Callable[..., Path]) -> None:
    path = install("county", "class Bundle:\n    value = 7", "county = county_plugin:Bundle.value")
    (found,) = entry_points.find([str(path)])
    assert found.load() == 7


def test_a_package_ships_packs_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "their_pack").mkdir()
    (tmp_path / "their_pack" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert PackSource.from_package("their_pack").root == tmp_path / "their_pack" / "rules"


def test_loading_plugins_imports_nothing_heavy() -> None:
    script = (
        "import sys; from checker.plugins.manager import load_plugins; load_plugins([])\n"
        "heavy = {'importlib.metadata', 'email', 'yaml', 'jsonschema', 'json', 'openpyxl'}\n"
        "print(sorted(heavy & {*sys.modules}))"
    )
    environ = {**os.environ, "CHECKER_DISABLE_PLUGINS": "*"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, env=environ, check=True, timeout=60
    )
    assert ran.stdout.strip() == "[]"


def test_failures_are_errors_of_the_program() -> None:
    plugins = registered(plugin(check_kinds=fails))
    plugins.check_kinds()
    assert all(isinstance(failure, CheckerError) for failure in plugins.failures)
