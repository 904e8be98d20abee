"""What every pack that ships must be: whole, linted, with cases for each rule, and recognising its own blank forms."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.engine.cases import run_cases
from checker.model.rule import Pack
from checker.packs.cases import load_cases
from checker.packs.lint import lint
from checker.session import Session
from checker.templates import draw, to_workbook

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "domain"
PACKS = sorted(path.parent.name for path in (ROOT / "rules").glob("*/pack.yaml"))
CATALOGUE: dict[str, Any] = yaml.safe_load((ROOT / "rules" / "catalogue.yaml").read_text(encoding="utf-8"))


@cache
def session() -> Session:
    return Session()


def pack_of(name: str) -> Pack:
    assert [failure.render("en") for failure in session().failures] == []
    return session().loaded.packs[name]


def test_there_are_the_packs_that_ship() -> None:
    assert {
        "cn-project",
        "cn-department",
        "gd-department-2021",
        "gd-project-2022",
        "gd-department-2022",
        "hn-department",
        "cn-final-accounts",
        "cn-final-accounts-internal",
    } == set(PACKS)


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_can_run(name: str) -> None:
    pack = pack_of(name)
    plan = session().plans(name)[name]
    ready = {compiled.rule.id for form in pack.forms for compiled in plan.about(form)}
    assert {place: error.render("en") for place, error in plan.broken.items()} == {}
    assert ready == {rule.id for rule in pack.rules}


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_lint_has_nothing_to_say(name: str) -> None:
    assert [remark.render("en") for remark in lint(session().loaded, session().kinds, packs=[name])] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_cases_come_out_as_written(name: str) -> None:
    report = run_cases(session().plans(name), session().labels, session().lexicon)
    assert report.total >= 4
    assert [failure.render("en") for failure in report.failures] == []


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_has_a_case_of_each_kind(name: str) -> None:
    pack = pack_of(name)
    kinds: dict[str, set[str]] = {}
    for file in load_cases(pack)[0]:
        for case in file.cases:
            kinds.setdefault(case.rule, set()).add(case.kind)
    own = [rule for rule in pack.rules if rule.pack == name]
    missing = {rule.id: {"pass", "fail", "boundary", "blank"} - kinds.get(rule.id, set()) for rule in own}
    assert {rule: kinds for rule, kinds in missing.items() if kinds} == {}


@pytest.mark.parametrize("name", PACKS)
def test_no_official_number_rests_on_memory_without_saying_so(name: str) -> None:
    for rule in pack_of(name).rules:
        assert rule.source.article == "", f"{rule.id} cites an article that nobody has read"


@pytest.mark.parametrize("name", PACKS)
def test_blank_forms_are_recognised_as_what_they_are(name: str) -> None:
    """With all packs at hand: no form is taken for one of another system."""
    pack, house = pack_of(name), session()
    from checker.engine.assess import recognise

    for form_name, form in pack.forms.items():
        if form.pack == name and not form.abstract:
            workbook = to_workbook({"Sheet1": draw(form)}, path="blank")
            found = recognise(workbook, list(house.loaded.packs.values()), house.labels, house.lexicon)
            assert [f.form.name for f in found.forms] == [form_name]


class TestCatalogue:
    """``rules/catalogue.yaml``: every identity has a rule, is said elsewhere, or is not checked for a stated reason."""

    @staticmethod
    def ids() -> set[str]:
        return {f"{group}-{n:02}" for group, count in CATALOGUE["identities"].items() for n in range(1, count + 1)}

    @staticmethod
    def named() -> Counter[str]:
        rules = {rule.id: rule for name in PACKS for rule in pack_of(name).rules}
        return Counter(identity for rule in rules.values() for identity in rule.catalogue)

    def test_rules_name_only_what_there_is(self) -> None:
        assert set(self.named()) <= self.ids()
        assert {*CATALOGUE["elsewhere"], *CATALOGUE["not_checked"]} <= self.ids()

    def test_nothing_is_left_out(self) -> None:
        covered = {*self.named(), *CATALOGUE["elsewhere"], *CATALOGUE["not_checked"]}
        assert sorted(self.ids() - covered) == []

    def test_what_is_not_checked_has_no_rule(self) -> None:
        assert sorted({*CATALOGUE["not_checked"]} & {*self.named(), *CATALOGUE["elsewhere"]}) == []

    def test_each_reason_is_given_in_both_languages(self) -> None:
        for listed in (CATALOGUE["elsewhere"], CATALOGUE["not_checked"]):
            for identity, reason in listed.items():
                assert reason["zh"] and reason["en"], identity

    def test_what_is_said_elsewhere_is_said_there(self) -> None:
        for identity, place in CATALOGUE["elsewhere"].items():
            file, _, words = place["by"].partition(": ")
            assert words in (ROOT / file).read_text(encoding="utf-8"), identity

    @pytest.mark.skipif(not SHARED.exists(), reason="needs the catalogue in ../shared")
    def test_the_identities_are_those_of_the_catalogue(self) -> None:
        with (SHARED / "catalogue.csv").open(encoding="utf-8-sig", newline="") as file:
            assert {row["id"] for row in csv.DictReader(file)} == self.ids()
