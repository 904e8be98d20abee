"""The pack of Hunan: its cases hold, nothing in it is loose, and what was published is judged as it should be."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from checker.engine.assess import Assessed, assess
from checker.engine.plan import Plan
from checker.model.outcome import Outcome, Status
from checker.packs.lint import lint
from checker.session import Session
from checker.templates import draw, to_workbook

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "workbooks" / "hn-department" / "published"
SHARED = ROOT.parent / "shared" / "domain"
PACK = "hn-department"
DATA, PROFILE = "部门整体支出绩效评价基础数据表", "部门整体支出绩效自评基本情况表"
SCORES = "湖南整体支出指标评分表"


@cache
def session() -> Session:
    return Session()


@cache
def plan() -> Plan:
    return session().plans(PACK)[PACK]


@cache
def published(name: str) -> Assessed:
    return session().assess(PUBLISHED / f"{name}.xlsx", every_outcome=True)


def checked(**content: object) -> Assessed:
    """A workbook of the forms given by name, one on each sheet."""
    forms = plan().pack.forms
    drawings = {name[:31]: draw(forms[name], given, year="2013") for name, given in content.items()}  # type: ignore[arg-type]
    workbook = to_workbook(drawings, path="drawn")
    return assess(workbook, {PACK: plan()}, session().labels, session().lexicon, every_outcome=True)


def answers(assessed: Assessed, name: str) -> list[Outcome]:
    assert assessed.plan is not None
    ids = {rule.id for rule in assessed.plan.pack.rules if rule.name == name}
    return [outcome for outcome in assessed.report.outcomes if outcome.rule in ids]


def test_every_rule_can_run() -> None:
    for form in plan().pack.forms:
        plan().about(form)
    assert {place: error.render("en") for place, error in plan().broken.items()} == {}


def test_lint_has_nothing_to_say() -> None:
    assert [remark.render("en") for remark in lint(session().loaded, session().kinds, packs=[PACK])] == []


def test_blank_forms_are_recognised_as_what_they_are() -> None:
    for name, form in plan().pack.forms.items():
        if form.pack == PACK:
            workbook = to_workbook({"Sheet1": draw(form)}, path="blank")
            report = assess(workbook, {PACK: plan()}, session().labels, session().lexicon).report
            assert [found.form for found in report.forms] == [name]


@pytest.mark.skipif(not SHARED.exists(), reason="needs the catalogue in ../shared")
def test_every_rule_names_rows_of_the_catalogue() -> None:
    with (SHARED / "catalogue.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    for rule in plan().pack.rules:
        if rule.pack == PACK:
            assert rule.catalogue and set(rule.catalogue) <= known, rule.id


def test_a_report_without_score_and_grade_is_not_passed() -> None:
    assessed = published("资阳区科协2021")
    (missing,) = answers(assessed, "score-table-at-hand")
    assert missing.status == Status.INSUFFICIENT
    assert [o.status for o in answers(assessed, "staff-within-posts")] == [Status.INSUFFICIENT]
    assert [o.status for o in answers(assessed, "three-public-over-budget")] == [Status.INSUFFICIENT]


def test_income_and_spending_that_do_not_meet_are_the_first_thing_said() -> None:
    first = published("资阳区科协2021").report.findings[0]
    assert first.rule.name == "carryover-disclosed"
    assert first.outcome.difference == Decimal("-7.00")
    assert "102.18" in first.message.zh and "109.18" in first.message.zh


def test_published_arithmetic_of_hunan_holds() -> None:
    assessed = published("湖南附件3公开填报件")
    assert {(o.cell, o.status) for o in answers(assessed, "three-public-total")} == {
        ("B8", Status.PASS),
        ("D8", Status.PASS),
        ("F8", Status.PASS),
    }
    assert [(o.cell, o.status) for o in answers(assessed, "staff-control-rate")] == [("F6", Status.PASS)]
    assert not [f for f in assessed.report.findings if f.outcome.severity == "error"]


@pytest.mark.parametrize(("claimed", "status"), [("0", Status.PASS), ("2", Status.FAIL), ("5", Status.FAIL)])
def test_a_budget_grown_by_two_fifths_earns_nothing(claimed: str, status: str) -> None:
    indicator = {"一级指标": "过程（60分）", "二级指标": "预算执行（20分）", "三级指标": "预算控制率（5分）"}
    data = {
        "单位名称": "甲局",
        "人员": {"编制数": 143, "实际在职人数": 136},
        "经费": {"部门整体支出预算调整": {"本年预算数": "1922.76", "本年决算数": "2690.62"}},
    }
    scores = {"部门名称": "甲局", "指标": [{**indicator, "自评得分": claimed}]}
    (told,) = answers(checked(**{DATA: data, SCORES: scores}), "hunan-ladder-score")
    assert told.status == status
    if told.message is not None:
        assert "39.94%" in told.message.zh


def test_last_year_is_told_from_this_year_by_the_headings() -> None:
    """Headings carry years; whichever is the newest is this year's."""
    found = published("湖南附件3公开填报件")
    assert found.results is not None
    (form,) = [subject.form for subject in found.results.subjects.values()]
    table = form.tables["经费"]
    total = table.row("三公经费")
    assert total is not None
    figures = [table.fact(total, column) for column in ("上年决算数", "本年预算数", "本年决算数")]
    assert [fact.quantity.number for fact in figures if fact is not None] == [
        Decimal("29.08"),
        Decimal("63.46"),
        Decimal("44.29"),
    ]


#: Facts of a published statement of Hunan, by the words it uses, and where the basic data table has them.
TAOJIANG = {
    "三公|预算": ("三公经费", "本年预算数"),
    "三公|决算": ("三公经费", "本年决算数"),
    "公务接待费": ("公务接待", "本年决算数"),
    "公务用车运行维护费": ("公务用车购置和维护经费", "本年决算数"),
}


@pytest.mark.skipif(not SHARED.exists(), reason="needs the published statement in ../shared")
def test_a_published_statement_of_hunan_is_accused_of_nothing() -> None:
    document = json.loads((SHARED / "real" / "hn-taojiang-2019-sangong.json").read_text("utf-8"))
    rows: dict[str, dict[str, str]] = {}
    for fact in document["facts"]:
        if fact["key"] in TAOJIANG:
            row, column = TAOJIANG[fact["key"]]
            rows.setdefault(row, {})[column] = fact["value"]
    assessed = checked(**{DATA: {"单位名称": document["unit_name"], "经费": rows}})
    assert Status.PASS in {outcome.status for outcome in answers(assessed, "three-public-total")}
    assert {outcome.status for outcome in answers(assessed, "three-public-over-budget")} == {Status.PASS}
    assert not [f for f in assessed.report.findings if f.outcome.severity == "error"]
