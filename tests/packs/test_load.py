# ruff: noqa: E501 (a mistake and its place are told on one line)
"""From folders to packs: what a pack says, what is wrong with it and where, and how packs build on each other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from checker.messages import Text
from checker.model.plugin import PackSource
from checker.packs.load import LoadedPacks, load_packs

from .conftest import BASE, CHECKS, FORM, KINDS, PACK, Files, told

Load = Callable[..., LoadedPacks]

PARAMETERS = """\
schema: checker/parameters@1
parameters:
  上限:
    unit: "%"
    values:
      - {since: 2022-01-01, value: 95%, source: {document: 新办法, status: sourced}}
      - {since: 2020-01-01, until: 2021-06-30, value: 90%, source: {document: 老办法, status: sourced}}
  等级: {values: [{text: 优, source: {document: 办法, status: inferred}}]}
"""
CHILD = PACK.replace("pack: demo", "pack: child").replace("prefix: DM", "prefix: CH") + "extends: [demo]\n"


def test_a_pack_is_read_whole(load: Load) -> None:
    loaded = load(demo={**BASE, "parameters.yaml": PARAMETERS})
    assert loaded.failures == ()
    pack = loaded.packs["demo"]
    assert pack.title == Text("示例", "Demo")
    form = pack.forms["收支表"]
    assert form.title == Text("收支表", "Income and spending")
    assert form.titles == ("收支表", "收支决算表"), "labels are normalised as a sheet's will be"
    table = form.tables["收支"]
    assert (table.layout, table.key) == ("closed", "项目")
    assert table.columns["预算数"].labels == ("预算数", "年初预算数")
    assert table.rows["基本支出"].labels == ("基本支出",), "an alias that says the same is not kept twice"
    assert table.rows["基本支出"].part_of == table.rows["项目支出"].part_of == ("合计",)
    assert form.fields["单位名称"].role == "unit"
    (rule,) = pack.rules
    assert rule.check == {"kind": "sum", "table": "收支", "total": "合计"}
    assert rule.title == Text("合计等于各项之和", "合计等于各项之和"), "English falls back to what there is"
    assert rule.origin.endswith("a.yaml:4:9")
    assert loaded.labels.normalise(" 一、基本 支出：") == "基本支出"


@pytest.mark.parametrize(
    ("date", "value"),
    [
        ("2019-12-31", None),
        ("2020-01-01", Decimal("0.9")),
        ("2021-06-30", Decimal("0.9")),
        ("2021-07-01", None),
        ("2021", None),
        ("2022", Decimal("0.95")),
        ("2030-01-01", Decimal("0.95")),
    ],
)
def test_a_parameter_has_the_value_of_the_day(load: Load, date: str, value: Decimal | None) -> None:
    pack = load(demo={**BASE, "parameters.yaml": PARAMETERS}).packs["demo"]
    parameter = pack.parameter_at("上限", date)
    assert (parameter and parameter.value) == value
    words = pack.parameter_at("等级", date)
    assert words is not None
    assert words.value == "优"


def changed(path: str, old: str, new: str) -> Files:
    assert old in BASE.get(path, PARAMETERS)
    return {**BASE, path: BASE.get(path, PARAMETERS).replace(old, new)}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # The frame of files: JSON Schema.
        (changed("pack.yaml", "status", "statas"), {("KEY_UNKNOWN", "demo/pack.yaml:6:1"), ("KEY_MISSING", "demo/pack.yaml:1:1")}),
        (changed("pack.yaml", '"2020"', "2020"), {("VALUE_TYPE", "demo/pack.yaml:4:10")}),
        (changed("pack.yaml", "inferred", "guessed"), {("VALUE_UNKNOWN", "demo/pack.yaml:6:9")}),
        (changed("pack.yaml", "{zh: 示例, en: Demo}", "{en: Demo}"), {("KEY_MISSING", "demo/pack.yaml:3:8")}),
        (changed("forms/a.yaml", "kind: label", "kind: lable"), {("VALUE_UNKNOWN", "demo/forms/a.yaml:11:18")}),
        (changed("forms/a.yaml", "      项目: {", "      项[目: {"), {("NAME_MALFORMED", "demo/forms/a.yaml:11:7")}),
        (changed("forms/a.yaml", "decimals: 2}", "decimals: two}"), {("VALUE_TYPE", "demo/forms/a.yaml:13:37")}),
        (changed("forms/a.yaml", "unit: 万元\n", ""), {("KEY_MISSING", "demo/forms/a.yaml:1:1")}),
        (changed("forms/a.yaml", "titles: [收支表, 收支 决算表]", "titles: []"), {("VALUE_EMPTY", "demo/forms/a.yaml:4:9")}),
        (changed("checks/a.yaml", "severity: error", "severity: fatal"), {("VALUE_UNKNOWN", "demo/checks/a.yaml:7:15")}),
        (changed("checks/a.yaml", "    source: {document: 示例办法, status: sourced}\n", ""), {("KEY_MISSING", "demo/checks/a.yaml:4:5")}),
        (changed("checks/a.yaml", "id: DM-0101", "id: DM-1"), {("VALUE_MALFORMED", "demo/checks/a.yaml:4:9")}),
        # A mistake in one kind of check is told as that, not as a mistake in every kind.
        (changed("checks/a.yaml", "kind: sum", "kind: summ"), {("VALUE_UNKNOWN", "demo/checks/a.yaml:10:19")}),
        (changed("checks/a.yaml", ", total: 合计", ""), {("KEY_MISSING", "demo/checks/a.yaml:10:12")}),
        (changed("checks/a.yaml", "total: 合计}", "totals: 合计}"), {("KEY_MISSING", "demo/checks/a.yaml:10:12"), ("KEY_UNKNOWN", "demo/checks/a.yaml:10:35")}),
        # What a schema cannot see.
        (changed("checks/a.yaml", "form: 收支表", "form: 收入表"), {("FORM_UNKNOWN", "demo/checks/a.yaml:4:9")}),
        (changed("checks/a.yaml", "id: DM-", "id: XX-"), {("RULE_PREFIX", "demo/checks/a.yaml:4:9")}),
        (changed("checks/a.yaml", "    check:", "    follows: [totl]\n    check:"), {("RULE_UNKNOWN", "demo/checks/a.yaml:4:9")}),
        (changed("checks/a.yaml", "    check:", "    applies: {from: 2021-02-30}\n    check:"), {("DATE_WRONG", "demo/checks/a.yaml:10:21")}),
        (changed("checks/a.yaml", "{left}", "{left.__class__}"), {("MESSAGE_BRACES", "demo/checks/a.yaml:9:14")}),
        (changed("checks/a.yaml", "{left}", "{left"), {("MESSAGE_BRACES", "demo/checks/a.yaml:9:14")}),
        (changed("forms/a.yaml", "part_of: 合计", "part_of: 总计"), {("NAME_UNKNOWN", "demo/forms/a.yaml:16:23")}),
        (changed("forms/a.yaml", "合计: {total: true}", "合计: {part_of: 基本支出}"), {("ROW_CYCLE", "demo/forms/a.yaml:15:21"), ("ROW_CYCLE", "demo/forms/a.yaml:16:23")}),
        (changed("forms/a.yaml", "决算数: {kind: amount", "决算数: {aliases: 预算数（元）, kind: amount"), {("LABEL_TWICE", "demo/forms/a.yaml:13:7")}),
        (changed("forms/a.yaml", "{kind: label}", "{kind: label, decimals: 2}"), {("DECIMALS_IDLE", "demo/forms/a.yaml:11:25")}),
        (changed("forms/a.yaml", "    rows:\n", "    ends: [注]\n    rows:\n"), {("TABLE_NOT_OPEN", "demo/forms/a.yaml:14:5")}),
        (changed("forms/a.yaml", "titles: [收支表, 收支 决算表]", "titles: ['：']"), {("LABEL_EMPTY", "demo/forms/a.yaml:4:9")}),
        (changed("forms/a.yaml", "合计: {total: true}", "合计: {drop: true}"), {("DROP_UNKNOWN", "demo/forms/a.yaml:15:7")}),
        (changed("parameters.yaml", "value: 95%", "value: 95"), {("PARAMETER_PERCENT", "demo/parameters.yaml:6:36")}),
        (changed("parameters.yaml", "2021-06-30", "2022-06-30"), {("PARAMETER_OVERLAP", "demo/parameters.yaml:3:3")}),
        (changed("parameters.yaml", "text: 优", "text: 优, value: 1"), {("PARAMETER_VALUE", "demo/parameters.yaml:8:17")}),
        # YAML itself, and files that nobody would read.
        (changed("forms/a.yaml", "unit: 万元", "unit: 万元\nunit: 元"), {("YAML_DUPLICATE_KEY", "demo/forms/a.yaml:6:1")}),
        ({**BASE, "check/b.yaml": CHECKS}, {("PACK_FILE_UNKNOWN", "demo/check/b.yaml")}),
        ({**BASE, "checks/b.yml": CHECKS}, {("PACK_FILE_UNKNOWN", "demo/checks/b.yml")}),
        ({"pack.yaml": PACK}, {("PACK_EMPTY", "demo/pack.yaml:1:1")}),
        ({"checks/a.yaml": CHECKS}, {("PACK_NONE", "demo")}),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(load: Load, files: Files, expected: set[tuple[str, str]]) -> None:
    loaded = load(demo=files)
    found = {told(failure) for failure in loaded.failures}
    assert found == expected
    assert "demo" not in loaded.packs


def test_a_suggestion_names_the_nearest_word(load: Load) -> None:
    (failure,) = load(demo=changed("checks/a.yaml", "kind: sum", "kind: summ")).failures
    assert failure.hint is not None
    assert "sum" in failure.hint.en


def test_a_text_that_a_comma_cut_in_two_is_recognised(load: Load) -> None:
    (failure,) = load(demo=changed("pack.yaml", "en: Demo", "en: A demo, or more")).failures
    assert told(failure) == ("KEY_UNKNOWN", "demo/pack.yaml:3:29")
    assert failure.hint is not None
    assert "quotation marks" in failure.hint.en


def test_every_mistake_of_a_pack_is_told_at_once(load: Load) -> None:
    files = {
        **BASE,
        "pack.yaml": PACK,
        "forms/a.yaml": FORM.replace("kind: label", "kind: lable").replace("unit: 万元", "unit: []"),
    }
    assert len(load(demo=files).failures) >= 2


def test_a_broken_pack_does_not_cost_the_others(load: Load) -> None:
    other = PACK.replace("pack: demo", "pack: other").replace("DM", "OT")
    loaded = load(
        demo={**BASE, "checks/a.yaml": "rules: ["},
        other={"pack.yaml": other, "forms/a.yaml": FORM, "checks/a.yaml": CHECKS.replace("DM-", "OT-")},
    )
    assert [*loaded.packs] == ["other"]
    assert [told(f)[0] for f in loaded.failures] == ["YAML_SYNTAX"]


def test_a_folder_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    loaded = load_packs([PackSource("x", tmp_path / "nowhere", "folder")])
    assert [f.code for f in loaded.failures] == ["PACK_UNREADABLE"]


def test_a_child_takes_over_changes_and_retires(load: Load) -> None:
    child = {
        "pack.yaml": CHILD,
        "forms/a.yaml": "schema: checker/form@1\nform: 收支表\nextends: 收支表\ntables:\n  收支:\n    columns:\n"
        "      决算数: {decimals: 4}\n      调整数: {kind: amount}\n    rows:\n      项目支出: {drop: true}\n",
        "checks/a.yaml": CHECKS.replace("DM-0101", "CH-0101").replace(
            "    check:", "    replace: {rule: DM-0101, reason: 本省口径不同}\n    check:"
        ),
        "parameters.yaml": PARAMETERS.replace('unit: "%"', 'unit: "%"\n    replace: 本省另有规定')
        .replace("95%", "96%").partition("  等级")[0],
    }  # fmt: skip
    loaded = load(demo={**BASE, "parameters.yaml": PARAMETERS}, child=child)
    assert loaded.failures == ()
    assert [*loaded.packs] == ["demo", "child"], "parents come first"
    parent, pack = loaded.packs["demo"], loaded.packs["child"]
    table = pack.forms["收支表"].tables["收支"]
    assert [*table.columns] == ["项目", "预算数", "决算数", "调整数"]
    assert (table.columns["决算数"].kind, table.columns["决算数"].decimals) == ("amount", 4)
    assert [*table.rows] == ["合计", "基本支出"]
    assert [*parent.forms["收支表"].tables["收支"].rows] == ["合计", "基本支出", "项目支出"], (
        "the parent stays as it is"
    )
    assert [rule.id for rule in pack.rules] == ["CH-0101"]
    assert pack.retired == {"DM-0101": Text("本省口径不同", "本省口径不同")}
    upper = pack.parameter_at("上限", "2023")
    assert upper is not None
    assert upper.value == Decimal("0.96")
    assert pack.parameter_at("等级", "2023") is not None
    assert pack.digest != parent.digest


def test_what_is_inherited_unchanged_is_the_same(load: Load) -> None:
    loaded = load(demo=BASE, child={"pack.yaml": CHILD})
    parent, pack = loaded.packs["demo"], loaded.packs["child"]
    assert pack.rules == parent.rules
    assert pack.forms == parent.forms
    assert pack.forms["收支表"].pack == "demo"


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ({"pack.yaml": CHILD.replace("[demo]", "[demmo]")}, {("PACK_UNKNOWN", "child/pack.yaml:7:11")}),
        ({"pack.yaml": CHILD.replace("[demo]", "[child]")}, {("PACK_CYCLE", "child/pack.yaml:7:11")}),
        ({"pack.yaml": CHILD, "forms/a.yaml": FORM}, {("FORM_INHERITED", "child/forms/a.yaml:2:7")}),
        ({"pack.yaml": CHILD, "forms/a.yaml": "schema: checker/form@1\nform: 新表\nextends: 没有\n"}, {("FORM_UNKNOWN", "child/forms/a.yaml:3:10")}),
        ({"pack.yaml": CHILD, "parameters.yaml": PARAMETERS.partition("  等级")[0]}, {("PARAMETER_INHERITED", "child/parameters.yaml:3:3")}),
        ({"pack.yaml": CHILD + "retire:\n  - {rule: DM-0999, reason: 无}\n"}, {("RULE_UNKNOWN", "child/pack.yaml:9:12")}),
        ({"pack.yaml": CHILD, "checks/a.yaml": CHECKS}, {("RULE_PREFIX", "child/checks/a.yaml:4:9"), ("NAME_TWICE", "child/checks/a.yaml:4:9")}),
        ({"pack.yaml": CHILD, "checks/a.yaml": CHECKS.replace("DM-", "CH-")}, {("NAME_TWICE", "child/checks/a.yaml:4:9")}),
        ({"pack.yaml": PACK}, {("PACK_TWICE", "z/pack.yaml:2:7")}),
        ({"pack.yaml": PACK.replace("pack: demo", "pack: other"), "forms/a.yaml": FORM, "checks/a.yaml": CHECKS}, {("PREFIX_TWICE", "z/pack.yaml:5:9")}),
    ],
)  # fmt: skip
def test_packs_that_clash(load: Load, child: Files, expected: set[tuple[str, str]]) -> None:
    name = "child" if "pack: child" in child["pack.yaml"] else "z"
    loaded = load(demo={**BASE, "parameters.yaml": PARAMETERS}, **{name: child})
    assert {told(failure) for failure in loaded.failures} == expected
    assert [*loaded.packs] == ["demo"]


def test_a_clash_names_both_files(load: Load) -> None:
    loaded = load(demo={**BASE, "checks/b.yaml": CHECKS.replace("name: total", "name: other")})
    (failure,) = loaded.failures
    assert told(failure) == ("NAME_TWICE", "demo/checks/b.yaml:4:9")
    assert "a.yaml:4:9" in failure.message.en


def test_a_circle_of_packs_is_named(load: Load) -> None:
    circle = {"pack.yaml": PACK + "extends: [child]\n"}
    loaded = load(demo=circle, child={"pack.yaml": CHILD})
    assert not loaded.packs
    assert {f.code for f in loaded.failures} == {"PACK_CYCLE", "PACK_PARENT"}


def test_a_child_of_a_broken_pack_is_not_loaded(load: Load) -> None:
    loaded = load(demo=changed("forms/a.yaml", "kind: label", "kind: lable"), child={"pack.yaml": CHILD})
    assert not loaded.packs
    assert ("PACK_PARENT", "child/pack.yaml:7:11") in {told(f) for f in loaded.failures}


def test_the_digest_changes_with_any_file_and_not_with_line_ends(
    load: Load, write: Callable[[str, Files], Path]
) -> None:
    first = load(demo=BASE).packs["demo"].digest
    assert load(demo={path: text.replace("\n", "\r\n") for path, text in BASE.items()}).packs["demo"].digest == first
    assert load(demo={**BASE, "cases/a.yaml": "x"}).packs["demo"].digest == first, "cases make no pack"
    assert load(demo=changed("checks/a.yaml", "合计等于", "总计等于")).packs["demo"].digest != first


def test_without_kinds_the_frame_is_still_checked(write: Callable[[str, Files], Path]) -> None:
    root = write("demo", changed("checks/a.yaml", "kind: sum", "kind: summ"))
    assert load_packs([PackSource("x", root, "folder")]).failures == ()
    assert KINDS
