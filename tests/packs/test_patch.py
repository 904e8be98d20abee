"""Patches: dated files that retire, re-grade or correct rules of packs, told wherever the packs are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.checks import KINDS
from checker.cli.main import main
from checker.model.plugin import PackSource
from checker.packs import load as loading
from checker.packs.cases import load_cases
from checker.packs.load import LoadedPacks, load_packs
from checker.templates import draw, write_xlsx

from .conftest import BASE, PACK, Files

HEAD = """\
schema: checker/patch@1
id: "2026-01"
title: 试填报调整
published: 2026-01-20
document: 某财绩〔2026〕3号
approver: 李某某
"""
RETIRE = HEAD + "deactivate:\n  - {rule: DM-0101, reason: 表样改版}\n"
REGRADE = HEAD + "regrade:\n  - {rule: DM-0101, severity: note, reason: 试填报}\n"
CORRECT = (
    HEAD
    + """\
correct:
  - rule: DM-0101
    with:
      check: {kind: sum, table: 收支, total: 合计, columns: [预算数]}
      message: {zh: "{cell}只核对预算", en: "{cell}: budget only"}
    reason: 决算数另表核对
cases:
  - rule: DM-0101
    form: 收支表
    kind: pass
    expect: pass
    given: {收支: {合计: {预算数: 3}, 基本支出: {预算数: 1}, 项目支出: {预算数: 2}}}
"""
)
CHECKS = BASE["checks/a.yaml"].replace("total: 合计}", "total: 合计, columns: [预算数, 决算数]}")
CASES = """\
schema: checker/cases@1
form: 收支表
cases:
  - rule: total
    kind: fail
    expect: fail
    severity: error
    given: {收支: {合计: {预算数: 4}, 基本支出: {预算数: 1}, 项目支出: {预算数: 2}}}
"""
PARAMETERS = """\
schema: checker/parameters@1
parameters:
  下限: {title: 执行率下限, unit: "%", values: [{value: 90%, source: {document: 旧办法, status: sourced}}]}
"""
VALUES = (
    HEAD
    + """\
parameters:
  - {pack: demo, name: 下限, values: [{value: 85%, source: {document: 新办法, status: sourced}}], reason: 另有规定}
"""
)
CHILD = PACK.replace("pack: demo", "pack: child").replace("DM", "CH") + "extends: [demo]\n"
Load = Callable[..., LoadedPacks]


@pytest.fixture
def patched(write: Callable[[str, Files], Path]) -> Load:
    """``patched(text, …)``: the usual pack and a child of it, with these patches."""

    def make(*patches: str, use_cache: bool = True) -> LoadedPacks:
        write("demo", {**BASE, "checks/a.yaml": CHECKS, "cases/a.yaml": CASES})
        root = write("child", {"pack.yaml": CHILD})
        (root / "patches").mkdir(exist_ok=True)
        for number, text in enumerate(patches):
            (root / "patches" / f"{number}.yaml").write_text(text, encoding="utf-8")
        return load_packs([PackSource("test", root, "folder")], KINDS, use_cache=use_cache)

    return make


def test_a_rule_is_retired_in_every_pack_that_has_it(patched: Load) -> None:
    before = patched()
    loaded = patched(RETIRE)
    assert (before.failures, loaded.failures) == ((), ())
    for pack in loaded.packs.values():
        assert pack.rules == ()
        assert pack.retired["DM-0101"].zh == "表样改版"
        assert pack.patches[0].changes[0].zh == "停用 DM-0101：表样改版"
        assert pack.digest != before.packs[pack.id].digest


def test_a_rule_is_graded_anew_and_its_cases_hold(patched: Load) -> None:
    pack = patched(REGRADE).packs["demo"]
    assert [rule.severity for rule in pack.rules] == ["note"]
    (file,), errors = load_cases(pack)
    assert (errors, [case.severity for case in file.cases]) == ([], [None])


def test_a_rule_is_corrected_and_brings_its_own_cases(patched: Load) -> None:
    pack = patched(CORRECT).packs["demo"]
    (rule,) = pack.rules
    assert rule.check["columns"] == ["预算数"]
    assert rule.message is not None and rule.message.zh == "{cell}只核对预算"
    assert (rule.severity, rule.title.zh) == ("error", "合计等于各项之和")
    files, errors = load_cases(pack)
    assert errors == []
    assert [(case.rule, case.kind) for file in files for case in file.cases] == [("DM-0101", "pass")]


def test_a_parameter_gets_other_values(write: Callable[[str, Files], Path], patched: Load) -> None:
    patched()
    write("demo", {"parameters.yaml": PARAMETERS})
    pack, child = (patched(VALUES).packs[name] for name in ("demo", "child"))
    for one in (pack, child):
        (value,) = one.parameters["下限"]
        assert (str(value.value), value.unit, value.source.document) == ("0.85", "%", "新办法")
        assert one.patches[0].changes[0].zh == "重定执行率下限：另有规定"
    for text, code, where in (
        (VALUES.replace("下限", "上限"), "PARAMETER_UNKNOWN", "0.yaml:8:24"),
        (VALUES.replace("pack: demo", "pack: dem"), "PACK_UNKNOWN", "0.yaml:8:12"),
        (VALUES.replace("85%", "85"), "PARAMETER_PERCENT", "0.yaml:8:45"),
        (VALUES.replace("value:", "valu:"), "KEY_UNKNOWN", "0.yaml:8:38"),
    ):
        (failure,) = patched(text).failures[:1]
        assert (failure.code, Path(failure.where).name) == (code, where)


def test_packs_and_patches_come_from_the_cache_until_the_day_ends(
    patched: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = RETIRE + "until: 2026-12-31\n"
    monkeypatch.setattr(loading, "today", lambda: "2026-12-31")
    for _ in range(2):
        assert patched(text).packs["demo"].rules == ()
    monkeypatch.setattr(loading, "today", lambda: "2027-01-01")
    loaded = patched(text)
    assert [failure.code for failure in loaded.failures] == ["PATCH_EXPIRED"]
    assert [rule.id for rule in loaded.packs["demo"].rules] == ["DM-0101"]


@pytest.mark.parametrize(
    ("start", "end", "retired", "codes"),
    [
        ("2026-01-01", "2026-06-30", True, []),
        ("2026-07-01", "2026-12-31", False, []),
        ("2025-01-01", "2025-12-31", False, ["PATCH_EXPIRED"]),
    ],
)
def test_a_rule_may_be_retired_for_a_time(
    patched: Load, monkeypatch: pytest.MonkeyPatch, start: str, end: str, retired: bool, codes: list[str]
) -> None:
    monkeypatch.setattr(loading, "today", lambda: "2026-03-01")
    loaded = patched(RETIRE.replace("reason: 表样改版", f"reason: 改版, from: {start}, until: {end}"))
    assert [failure.code for failure in loaded.failures] == codes
    assert (loaded.packs["demo"].rules == ()) is retired


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (RETIRE.replace("DM-0101", "DM-0102"), "RULE_UNKNOWN", "0.yaml:8:12"),
        (RETIRE.replace("reason", "reasons"), "KEY_UNKNOWN", "0.yaml:8:21"),
        (RETIRE.replace("2026-01-20", "2026-02-30"), "DATE_WRONG", "0.yaml:4:12"),
        (RETIRE + "regrade:\n  - {rule: DM-0101, severity: note, reason: 二}\n", "PATCH_TWICE", "0.yaml:10:12"),
        (HEAD, "PATCH_EMPTY", "0.yaml:1:1"),
        (CORRECT.partition("cases:")[0], "PATCH_CASES", "0.yaml:10:14"),
        (CORRECT.replace("total: 合计", "totl: 合计"), "KEY_UNKNOWN", "0.yaml:10:37"),
        (CORRECT.replace("{cell}只", "{cell.x}只"), "MESSAGE_BRACES", "0.yaml:11:16"),
    ],
)
def test_a_patch_with_a_mistake_is_not_applied_and_says_where(patched: Load, text: str, code: str, where: str) -> None:
    loaded = patched(text)
    assert code in [failure.code for failure in loaded.failures]
    assert where in [Path(failure.where).name for failure in loaded.failures]
    assert [rule.severity for rule in loaded.packs["demo"].rules] == ["error"]
    assert loaded.packs["demo"].patches == ()


def test_of_two_patches_on_one_rule_the_second_is_refused_and_both_are_named(patched: Load) -> None:
    loaded = patched(RETIRE, REGRADE)
    (failure,) = loaded.failures
    assert failure.code == "PATCH_TWICE"
    assert Path(failure.where.rsplit(":", 2)[0]).name == "1.yaml" and "0.yaml" in failure.message.en
    assert loaded.packs["demo"].rules == ()


@pytest.mark.slow
def test_every_report_tells_of_it(patched: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = patched(REGRADE).packs["demo"].forms["收支表"]
    kinds = {"合计": {"预算数": 4}, "基本支出": {"预算数": 1}, "项目支出": {"预算数": 2}}
    write_xlsx({form.name: draw(form, {"收支": kinds}, year="2025")}, tmp_path / "a.xlsx")
    words = ["check", str(tmp_path / "a.xlsx"), "--rules", str(tmp_path / "packs"), "--pack", "demo"]
    for more in ([], ["--brief"]):
        assert main([*words, *more]) == 0
        told = "".join(capsys.readouterr().out.split())
        assert "补丁2026-01（2026-01-20，某财绩〔2026〕3号，李某某批准）将DM-0101改为提示：试填报" in told
    assert main([*words, "--format", "json"]) == 0
    (patch,) = json.loads(capsys.readouterr().out)["packs"][0]["patches"]
    assert (patch["id"], patch["approver"]) == ("2026-01", "李某某")
    assert patch["changes"][0]["zh"].endswith("将 DM-0101 改为提示：试填报")
    assert main([*words, "--format", "sarif"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("note", patch["changes"][0]["zh"])


def test_a_folder_of_patches_may_be_named_itself(patched: Load, tmp_path: Path) -> None:
    patched(RETIRE)
    root = tmp_path / "packs"
    sources = [PackSource("demo", root / "demo", "folder"), PackSource("patches", root / "patches", "folder")]
    loaded = load_packs(sources, KINDS)
    assert (loaded.failures, loaded.packs["demo"].rules) == ((), ())


def test_today_is_the_day_of_the_calendar() -> None:
    assert loading.today() == datetime.date.today().isoformat()
