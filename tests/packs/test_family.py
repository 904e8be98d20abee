# ruff: noqa: E501 (a mistake and its place are told on one line)
"""Packs beside one another, and forms that are kinds of other forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from checker import checks
from checker.engine.assess import recognise
from checker.engine.plan import Plan
from checker.engine.run import run
from checker.locate import forms
from checker.model.plugin import PackSource
from checker.packs.lint import lint
from checker.packs.load import LoadedPacks, load_packs
from checker.templates import draw, to_workbook
from checker.values.lexicon import Lexicon

from .conftest import BASE, FORM, PACK, Files, told
from .conftest import KINDS as FAKES

Load = Callable[..., LoadedPacks]
REAL = checks.KINDS


def pack(name: str, more: str = "", prefix: str = "") -> str:
    return PACK.replace("pack: demo", f"pack: {name}").replace("DM", prefix or name[:2].upper()) + more


def form(name: str, more: str = "") -> str:
    return FORM.replace("收支表, 收支 决算表", name).replace("form: 收支表", f"form: {name}") + more


CHILD_FORM = """\
schema: checker/form@1
form: 部门收支表
extends: 收支表
titles: [部门收支表]
"""


class TestBeside:
    OTHER: Final[Files] = {"pack.yaml": pack("other"), "forms/b.yaml": form("决算表")}

    def test_forms_of_packs_beside_may_be_named(self, load: Load) -> None:
        loaded = load(demo={**BASE, "pack.yaml": PACK + "beside: [other]\n"}, other=self.OTHER)
        assert loaded.failures == ()
        assert [*loaded.packs] == ["other", "demo"], "packs beside come first"
        demo = loaded.packs["demo"]
        assert demo.beside == {"决算表": loaded.packs["other"].forms["决算表"]}
        assert [*demo.forms] == ["收支表"] and [*demo.every_form] == ["决算表", "收支表"]

    def test_own_forms_win_and_children_inherit(self, load: Load) -> None:
        other = {**self.OTHER, "forms/c.yaml": form("收支表")}
        child = {"pack.yaml": pack("child", "extends: [demo]\n")}
        loaded = load(demo={**BASE, "pack.yaml": PACK + "beside: [other]\n"}, other=other, child=child)
        for name in ("demo", "child"):
            assert [*loaded.packs[name].beside] == ["决算表"]
            assert loaded.packs[name].every_form["收支表"].pack == "demo"

    def test_the_digest_covers_them(self, load: Load) -> None:
        demo = {**BASE, "pack.yaml": PACK + "beside: [other]\n"}
        first = load(demo=demo, other=self.OTHER).packs["demo"].digest
        other = {**self.OTHER, "forms/b.yaml": form("决算表", "x-note: y\n")}
        assert load(demo=demo, other=other).packs["demo"].digest != first

    def test_two_forms_of_one_name_beside(self, load: Load) -> None:
        third = {"pack.yaml": pack("third"), "forms/b.yaml": form("决算表")}
        loaded = load(demo={**BASE, "pack.yaml": PACK + "beside: [other, third]\n"}, other=self.OTHER, third=third)
        assert [told(f) for f in loaded.failures] == [("PARENTS_CLASH", "demo/pack.yaml:7:9")]

    def test_the_same_form_by_two_ways_is_one(self, load: Load) -> None:
        third = {"pack.yaml": pack("third", "extends: [other]\n")}
        loaded = load(demo={**BASE, "pack.yaml": PACK + "beside: [other, third]\n"}, other=self.OTHER, third=third)
        assert loaded.failures == ()

    @pytest.mark.parametrize(
        ("other", "expected"),
        [
            (pack("other", "beside: [demo]\n"), {("PACK_CYCLE", "other/pack.yaml:7:10"), ("PACK_PARENT", "demo/pack.yaml:7:10")}),
            (pack("other", "extends: [demo]\n"), {("PACK_CYCLE", "other/pack.yaml:7:11"), ("PACK_PARENT", "demo/pack.yaml:7:10")}),
            (pack("others"), {("PACK_UNKNOWN", "demo/pack.yaml:7:10")}),
            (pack("other", "status: x\n"), {("YAML_DUPLICATE_KEY", "other/pack.yaml:7:1"), ("PACK_UNKNOWN", "demo/pack.yaml:7:10")}),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_at_its_place(self, load: Load, other: str, expected: set[tuple[str, str]]) -> None:
        loaded = load(demo={**BASE, "pack.yaml": PACK + "beside: [other]\n"}, other={**self.OTHER, "pack.yaml": other})
        assert {told(failure) for failure in loaded.failures} == expected
        assert "demo" not in loaded.packs


def check(identity: str, name: str, check: str, form: str = "收支表") -> str:
    return (
        f"  - id: {identity}\n    name: {name}\n    form: {form}\n    title: 规则\n    severity: error\n"
        f"    source: {{document: 示例办法, status: sourced}}\n    check: {check}\n"
    )


HEAD = "schema: checker/checks@1\nform: 收支表\nrules:\n"
RULES = (
    HEAD
    + check("DM-0101", "total", "{kind: sum, table: 收支, total: 合计, columns: [预算数]}")
    + check("DM-0102", "not-more", '{kind: identity, formula: "收支[合计, 决算数] = 收支[合计, 预算数]"}')
)


class TestKinds:
    """Rules about a form are rules about the forms that extend it."""

    @pytest.fixture
    def family(self, load: Load) -> Callable[..., LoadedPacks]:
        def make(child_form: str = CHILD_FORM, **more: str) -> LoadedPacks:
            child = {"pack.yaml": pack("child", "extends: [demo]\n"), "forms/b.yaml": child_form, **more}
            return load(demo={**BASE, "checks/a.yaml": RULES}, child=child)

        return make

    def ids(self, loaded: LoadedPacks, form: str, pack: str = "child") -> list[str]:
        return [rule.id for rule in loaded.packs[pack].rules_about(form)]

    def test_rules_of_the_parent_are_about_the_child(self, family: Any) -> None:
        loaded = family()
        child = loaded.packs["child"]
        assert child.forms["部门收支表"].kinds_of == ("收支表",)
        assert self.ids(loaded, "部门收支表") == self.ids(loaded, "收支表") == ["DM-0101", "DM-0102"]
        assert {rule.form for rule in child.rules_about("部门收支表")} == {"部门收支表"}
        assert child.forms["部门收支表"].is_a("收支表") and not child.forms["收支表"].is_a("部门收支表")

    def test_a_form_that_keeps_its_parents_name_replaces_it(self, family: Any) -> None:
        loaded = family(CHILD_FORM.replace("部门收支表", "收支表") + "retire: [{rule: DM-0102, reason: 口径不同}]\n")
        form = loaded.packs["child"].forms["收支表"]
        assert form.kinds_of == () and form.pack == "child"
        assert self.ids(loaded, "收支表") == ["DM-0101"]
        assert self.ids(loaded, "收支表", "demo") == ["DM-0101", "DM-0102"]

    def test_rules_are_retired_form_by_form(self, family: Any) -> None:
        grandchild = "schema: checker/form@1\nform: 处室收支表\nextends: 部门收支表\ntitles: [处室收支表]\n"
        loaded = family(
            CHILD_FORM + "retire: [{rule: DM-0101, reason: {zh: 口径不同, en: other}}]\n",
            **{"forms/a.yaml": grandchild},
        )
        assert loaded.failures == ()
        forms = loaded.packs["child"].forms
        assert forms["处室收支表"].kinds_of == ("部门收支表", "收支表"), "a form may extend one of its own pack"
        assert forms["处室收支表"].retired == forms["部门收支表"].retired != {}
        assert self.ids(loaded, "部门收支表") == self.ids(loaded, "处室收支表") == ["DM-0102"]
        assert self.ids(loaded, "收支表") == ["DM-0101", "DM-0102"]

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ({"forms/b.yaml": CHILD_FORM + "retire: [{rule: DM-0109, reason: 无}]\n"}, ("RULE_UNKNOWN", "child/forms/b.yaml:5:17")),
            ({"forms/b.yaml": CHILD_FORM + "retire: [{rule: DM-0101}]\n"}, ("KEY_MISSING", "child/forms/b.yaml:5:10")),
            ({"forms/b.yaml": form("新表", "retire: [{rule: DM-0101, reason: 无}]\n")}, ("KEY_MISSING", "child/forms/b.yaml:1:1")),
            ({"forms/b.yaml": CHILD_FORM.replace("extends: 收支表", "extends: 收表")}, ("FORM_UNKNOWN", "child/forms/b.yaml:3:10")),
            ({"forms/b.yaml": CHILD_FORM.replace("extends: 收支表", "extends: 部门收支表")}, ("FORM_UNKNOWN", "child/forms/b.yaml:3:10")),
            ({"forms/b.yaml": CHILD_FORM.replace("extends: 收支表", "extends: 丙表"),
              "forms/c.yaml": CHILD_FORM.replace("部门收支表", "丙表").replace("extends: 收支表", "extends: 部门收支表")}, ("FORM_CYCLE", "child/forms/c.yaml:3:10")),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_at_its_place(self, family: Any, files: Files, expected: tuple[str, str]) -> None:
        loaded = family(**{key: text for key, text in files.items() if key != "forms/b.yaml"},
                        child_form=files["forms/b.yaml"])  # fmt: skip
        assert told(loaded.failures[0]) == expected
        assert "child" not in loaded.packs


class TestRunning:
    """What the engine makes of them."""

    RULES = (
        HEAD
        + check("DM-0101", "total", "{kind: sum, table: 收支, total: 合计, columns: [决算数]}")
        + check("DM-0102", "budget", '{kind: identity, formula: "收支表!收支[合计, 决算数] = 收支[合计, 预算数]"}')
        + check("DM-0103", "unit", '{kind: presence, fields: [单位名称]}')
        + check("DM-0104", "words", "{kind: enumeration, table: 收支, column: 决算数, values: ['7', '0']}")
        + check("DM-0105", "same", '{kind: identity, formula: "收支[合计, 决算数] = 收支[合计, 预算数]"}')
    )  # fmt: skip
    GIVEN: Final = {
        "单位名称": "某局",
        "收支": {"合计": {"预算数": 7, "决算数": 7}, "基本支出": {"决算数": 7}, "项目支出": {"决算数": 0}},
    }

    @pytest.fixture
    def plan(self, write: Callable[[str, Files], Path]) -> Callable[..., Plan]:
        def make(child_form: str = CHILD_FORM, **files: str) -> Plan:
            write("demo", {**BASE, "checks/a.yaml": self.RULES})
            root = write(
                "child", {"pack.yaml": pack("child", "extends: [demo]\n"), "forms/b.yaml": child_form, **files}
            )
            loaded = load_packs([PackSource("test", root, "folder")], REAL)
            assert loaded.failures == (), [f.render("en") for f in loaded.failures]
            self.labels, self.lexicon = loaded.labels, Lexicon(loaded.lexicon)
            return Plan(loaded.packs["child"], REAL)

        return make

    def run(self, plan: Plan, given: Any = None, name: str = "部门收支表") -> dict[str, str]:
        workbook = to_workbook({name: draw(plan.pack.forms[name], given or self.GIVEN, year="2024")})
        forms = recognise(workbook, [plan.pack], self.labels, self.lexicon).forms
        assert [form.form.name for form in forms] == [name]
        results = run(plan, forms, workbook, self.lexicon, "2024")
        return {outcome.rule: outcome.status for outcome in results.every()}

    def test_all_rules_run_on_the_child(self, plan: Any) -> None:
        assert self.run(plan()) == dict.fromkeys([f"DM-010{n}" for n in range(1, 6)], "pass")
        wrong = {**self.GIVEN, "收支": {"合计": {"预算数": 8, "决算数": 9}, "基本支出": {"决算数": 7}}}
        told = self.run(plan(), wrong)
        assert [told[f"DM-010{n}"] for n in (1, 2, 5)] == ["fail"] * 3, "the parent's name means the form at hand"

    def test_a_dropped_table_leaves_nothing_to_say(self, plan: Any) -> None:
        more = "tables:\n  收支: {drop: true}\n  其他:\n    columns: {甲乙丙丁戊己庚辛: {kind: amount}}\n    rows: single\n"
        made = plan(CHILD_FORM + more)
        told = self.run(made, {"单位名称": "某局", "其他": {"甲乙丙丁戊己庚辛": 1}})
        assert told.pop("DM-0103") == "pass"
        assert set(told.values()) == {"not_applicable"} and not made.broken

    def test_a_dropped_column_breaks_a_rule_there_and_only_there(self, plan: Any) -> None:
        made = plan(CHILD_FORM + "tables:\n  收支:\n    columns:\n      决算数: {drop: true}\n")
        given = {"单位名称": "某局", "收支": {"合计": {"预算数": 7}, "基本支出": {"预算数": 7}}}
        told = self.run(made, given)
        assert told["DM-0104"] == "broken" and [*made.broken] == [("部门收支表", "DM-0104")]
        assert told["DM-0102"] == "insufficient" and told["DM-0103"] == "pass"
        assert self.run(made, name="收支表")["DM-0104"] == "pass"

    def test_rules_retired_there_do_not_run(self, plan: Any) -> None:
        told = self.run(plan(CHILD_FORM + "retire: [{rule: DM-0101, reason: 口径不同}]\n"))
        assert "DM-0101" not in told and "DM-0102" in told

    def test_a_rule_about_another_form_finds_the_child_by_the_parents_name(self, plan: Any) -> None:
        cover = form("封面表", "").replace("收支:", "封面:")
        rule = HEAD + check("CH-0101", "cover", '{kind: identity, formula: "封面[合计, 决算数] = 收支表!收支[合计, 决算数]"}', "封面表")  # fmt: skip
        made = plan(**{"forms/c.yaml": cover, "checks/c.yaml": rule})
        amount = {"合计": {"预算数": 1, "决算数": 7}, "基本支出": {"决算数": 7}}
        sheets = {"部门收支表": draw(made.pack.forms["部门收支表"], self.GIVEN, year="2024"),
                  "封面表": draw(made.pack.forms["封面表"], {"单位名称": "某局", "封面": amount}, year="2024")}  # fmt: skip
        workbook = to_workbook(sheets)
        forms = recognise(workbook, [made.pack], self.labels, self.lexicon).forms
        told = {o.rule: o.status for o in run(made, forms, workbook, self.lexicon, "2024").every()}
        assert told["CH-0101"] == "pass"


class TestLint:
    def remarks(self, load: Load, child_form: str, **files: str) -> list[tuple[str, str]]:
        child = {"pack.yaml": pack("child", "extends: [demo]\n"), "forms/b.yaml": child_form, **files}
        loaded = load(demo={**BASE, "checks/a.yaml": RULES}, child=child)
        assert loaded.failures == ()
        return [(d.code, d.where.rpartition("/packs/")[2]) for d in lint(loaded, FAKES, packs=["child"])]

    def test_a_rule_that_names_what_the_child_dropped(self, load: Load) -> None:
        dropped = CHILD_FORM + "tables:\n  收支:\n    columns:\n      决算数: {drop: true}\n"
        assert self.remarks(load, dropped) == [("RULE_INHERITED", "child/forms/b.yaml:2:1")]
        assert self.remarks(load, dropped + "retire: [{rule: DM-0102, reason: 无此列}]\n") == []

    def test_a_dropped_table_is_no_mistake(self, load: Load) -> None:
        more = "tables:\n  收支: {drop: true}\n  其他:\n    columns: {甲: {kind: amount}}\n    rows: single\n"
        assert self.remarks(load, CHILD_FORM + more) == []

    def test_a_form_that_replaces_its_parent_is_looked_at_too(self, load: Load) -> None:
        same = CHILD_FORM.replace("部门收支表", "收支表")
        dropped = same + "tables:\n  收支:\n    columns:\n      决算数: {drop: true}\n"
        assert self.remarks(load, same) == []
        assert self.remarks(load, dropped) == [("RULE_INHERITED", "child/forms/b.yaml:2:1")]

    def test_the_parents_name_may_be_used_for_the_child(self, load: Load) -> None:
        rule = HEAD + check("CH-0101", "own", '{kind: identity, formula: "收支表!收支[合计, 决算数] = 收支表[单位名称]"}', "部门收支表")  # fmt: skip
        codes = [code for code, _ in self.remarks(load, CHILD_FORM, **{"checks/b.yaml": rule})]
        assert "CASES_MISSING" in codes and not any("UNKNOWN" in code for code in codes)

    def test_forms_of_packs_beside_are_known(self, load: Load) -> None:
        rule = HEAD + check(
            "DM-0101", "own", '{kind: identity, formula: "收支[合计, 决算数] = 决算表!收支[合计, 决算数]"}'
        )
        demo = {**BASE, "pack.yaml": PACK + "beside: [other]\n", "checks/a.yaml": rule}
        kinds = FAKES
        assert [d.code for d in lint(load(demo=demo, other=TestBeside.OTHER), kinds)] == ["CASES_MISSING"]
        unknown = {**demo, "checks/a.yaml": rule.replace("决算表!", "决算报表!")}
        told = [d.code for d in lint(load(demo=unknown, other=TestBeside.OTHER), kinds)]
        assert sorted(told) == ["CASES_MISSING", "FORMULA_UNKNOWN_BOOK"]

    def test_packs_that_could_not_be_loaded_are_told(self, load: Load) -> None:
        loaded = load(demo=BASE, other={**TestBeside.OTHER, "pack.yaml": pack("other", "beside: [nobody]\n")})
        kinds = FAKES
        assert "PACK_UNKNOWN" in [d.code for d in lint(loaded, kinds)]
        assert "PACK_UNKNOWN" in [d.code for d in lint(loaded, kinds, packs=["other"])]
        assert "PACK_UNKNOWN" not in [d.code for d in lint(loaded, kinds, packs=["demo"])]


class TestRecognition:
    """Of two forms or packs with the same evidence the plainer one is taken; more evidence wins."""

    SAME = CHILD_FORM.replace("titles: [部门收支表]\n", "")
    WIDER = SAME + "tables:\n  收支:\n    columns:\n      调整预算数: {kind: amount, optional: true}\n"

    @pytest.fixture
    def packs(self, write: Callable[[str, Files], Path]) -> Callable[..., LoadedPacks]:
        def make(*forms: str) -> LoadedPacks:
            root = write("demo", {**BASE, "checks/a.yaml": RULES})
            for number, text in enumerate(forms):
                name = f"child{number}"
                write(name, {"pack.yaml": pack(name, "extends: [demo]\n", f"CH{number}"), "forms/b.yaml": text})
            loaded = load_packs([PackSource("test", root, "folder")], REAL)
            assert loaded.failures == (), [f.render("en") for f in loaded.failures]
            return loaded

        return make

    def recognised(self, loaded: LoadedPacks, drawn: tuple[str, str], packs: list[str]) -> tuple[str, list[str]]:
        given = {"单位名称": "某局", "收支": {"合计": {"预算数": 7, "决算数": 7}, "基本支出": {"决算数": 7}}}
        if "调整预算数" in loaded.packs[drawn[0]].forms[drawn[1]].tables["收支"].columns:
            given["收支"]["合计"]["调整预算数"] = 7  # type: ignore[index]
        form = loaded.packs[drawn[0]].forms[drawn[1]]._replace(titles=("收支表",))
        workbook = to_workbook({"Sheet1": draw(form, given, year="2024")})
        found = recognise(workbook, [loaded.packs[name] for name in packs], loaded.labels, Lexicon(loaded.lexicon))
        assert found.pack is not None
        return found.pack.id, [located.form.name for located in found.forms]

    @pytest.mark.parametrize("packs_in_turn", [["demo", "child0", "child1"]])
    def test_the_same_evidence(self, packs: Any, packs_in_turn: list[str]) -> None:
        loaded = packs(self.SAME, self.WIDER)
        assert self.recognised(loaded, ("demo", "收支表"), packs_in_turn) == ("demo", ["收支表"])
        assert self.recognised(loaded, ("demo", "收支表"), ["child0"]) == ("child0", ["收支表"])

    def test_more_evidence_for_a_form_that_shares_its_parents_titles(self, packs: Any) -> None:
        loaded = packs(self.WIDER)
        assert self.recognised(loaded, ("child0", "部门收支表"), ["child0"]) == ("child0", ["部门收支表"])
        assert self.recognised(loaded, ("child0", "部门收支表"), ["demo", "child0"]) == ("child0", ["部门收支表"])

    def test_more_evidence_for_a_form_of_its_parents_name(self, packs: Any) -> None:
        loaded = packs(self.SAME, self.WIDER.replace("部门收支表", "收支表"))
        assert self.recognised(loaded, ("child1", "收支表"), ["demo", "child0", "child1"]) == ("child1", ["收支表"])

    def test_a_form_is_looked_for_once_however_many_packs_have_it(
        self, packs: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loaded = packs(*[self.SAME.replace("部门收支表", f"收支表{n}") for n in range(4)])
        sought: list[str] = []
        original = forms._seek
        monkeypatch.setattr(forms, "_seek", lambda *a: sought.append(a[3].name) or original(*a))
        self.recognised(loaded, ("demo", "收支表"), [*loaded.packs])
        assert sorted(sought) == ["收支表", "收支表0", "收支表1", "收支表2", "收支表3"]

    def test_what_one_pack_calls_an_instance_is_nothing_to_another(self, packs: Any) -> None:
        """A form that two packs found is told apart from its namesakes by each for itself."""
        loaded = packs(self.WIDER)
        drawn = draw(
            loaded.packs["demo"].forms["收支表"], {"单位名称": "某局", "收支": {"合计": {"预算数": 7}}}, year="2024"
        )
        workbook = to_workbook({"甲": drawn, "乙": drawn})
        for name in ("demo", "child0"):
            found = recognise(workbook, [loaded.packs[name]], loaded.labels, Lexicon(loaded.lexicon))
            assert [located.qualifier for located in found.forms] == ["甲", "乙"]
