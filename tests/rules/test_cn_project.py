"""The national project pack: its cases hold, nothing in it is loose, and published forms are judged as they should."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from checker.checks import KINDS as BUILT_IN
from checker.engine.assess import assess
from checker.engine.plan import Plan
from checker.model.outcome import Status
from checker.model.plugin import PackSource
from checker.model.report import Finding
from checker.model.rule import Severity
from checker.packs.lint import lint
from checker.packs.load import LoadedPacks, load_packs
from checker.readers import open_workbook
from checker.scoring import KINDS as SCORING
from checker.templates import draw, to_workbook
from checker.values.lexicon import Lexicon

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "domain"
KINDS = {**BUILT_IN, **{kind.name: kind for kind in SCORING}}


@pytest.fixture(scope="module")
def loaded() -> LoadedPacks:
    return load_packs([PackSource("rules", ROOT / "rules", "built-in")], KINDS, use_cache=False)


@pytest.fixture(scope="module")
def project(loaded: LoadedPacks) -> Plan:
    assert [failure.render("en") for failure in loaded.failures] == []
    return Plan(loaded.packs["cn-project"], KINDS)


@pytest.fixture(scope="module")
def lexicon(loaded: LoadedPacks) -> Lexicon:
    return Lexicon(loaded.lexicon)


def test_every_rule_can_run(project: Plan) -> None:
    ready = [rule for form in project.pack.forms for rule in project.about(form)]
    assert {rule: error.render("en") for rule, error in project.broken.items()} == {}
    assert len(ready) == len(project.pack.rules)


def test_lint_has_nothing_to_say(loaded: LoadedPacks) -> None:
    assert [remark.render("en") for remark in lint(loaded, KINDS, packs=["cn-project"])] == []


def test_no_official_number_rests_on_memory_without_saying_so(project: Plan) -> None:
    for rule in project.rules.values():
        assert rule.source.article == "", f"{rule.id} cites an article that nobody has read"


def test_blank_forms_are_recognised_as_what_they_are(loaded: LoadedPacks, project: Plan, lexicon: Lexicon) -> None:
    for name, form in project.pack.forms.items():
        workbook = to_workbook({"Sheet1": draw(form)}, path="blank")
        report = assess(workbook, {"cn-project": project}, loaded.labels, lexicon).report
        assert [found.form for found in report.forms] == [name]
        assert not [problem for problem in report.problems if problem.code != "TABLE_EMPTY"]


@pytest.mark.skipif(not SHARED.exists(), reason="needs the published forms in ../shared")
def test_every_rule_names_rows_of_the_catalogue(project: Plan) -> None:
    with (SHARED / "catalogue.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    for rule in project.rules.values():
        assert set(rule.catalogue) <= known, rule.id


#: The errors that published forms contain, as a reader of the originals sees them; (rule, cell) at any depth.
REAL = {
    "ah-guichi-tangxi-2022-cunji": {
        ("zero-fund-total", "E7"),
        ("fund-total-equals-sources", "E7"),
        ("fund-total-equals-sources", "F7"),
        ("fund-total-equals-sources", "G7"),
        ("execution-rate", "I7"),
        ("execution-score", "J7"),
    },
    "ah-guichi-tangxi-2022-weituo": {
        ("zero-fund-total", "E6"),
        ("fund-total-equals-sources", "E6"),
        ("fund-total-equals-sources", "F6"),
        ("fund-total-equals-sources", "G6"),
        ("execution-rate", "I6"),
        ("execution-score", "J6"),
    },
    "ah-xuancheng-gaj-jindu-2021": set(),
    "fj-dehua-shui-2024": set(),
    "hb-guangshui-jtj-2021": set(),
    "hb-hbust-zizhu-2021": set(),
    "hn-nanyue-zhongliesi-2020": set(),
    "jx-shangrao-sfj-2021": {("execution-weight-below-100", "H6"), ("execution-score", "J6")},
    "sc-daying-sifa-2023-anke": {("actual-is-quantitative", "H12")},
    "sc-luhuo-wjj-2021": set(),
    "sc-mingshan-lyj-2024": set(),
    "sc-suining-jingkai-2021": {("indicator-values-filled", "D14")},
    "xx-shijian-chouyang-20xx": set(),
    "yn-linxiang-lcj-2023": {("execution-score", "J7")},
}


@pytest.mark.skipif(not SHARED.exists(), reason="needs the published forms in ../shared")
@pytest.mark.parametrize("name", sorted(REAL))
def test_published_forms_are_accused_of_what_is_wrong_and_of_nothing_else(
    name: str, loaded: LoadedPacks, project: Plan, lexicon: Lexicon
) -> None:
    workbook = open_workbook(SHARED / "real" / "xlsx" / f"{name}.xlsx")
    report = assess(workbook, {"cn-project": project}, loaded.labels, lexicon).report
    assert set(_errors(report.findings, project)) == REAL[name]
    assert report.counts[Status.BROKEN] == 0
    assert len(report.forms) == 1


def _errors(findings: tuple[Finding, ...], project: Plan) -> list[tuple[str, str]]:
    own = [
        (project.rules[finding.outcome.rule].name, finding.outcome.cell)
        for finding in findings
        if finding.outcome.severity == Severity.ERROR
    ]
    return own + [error for finding in findings for error in _errors(finding.consequences, project)]
