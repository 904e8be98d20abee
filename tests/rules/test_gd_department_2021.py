"""The pack of 湛江 2021: its cases hold, its forms are found, and the published report is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from checker.engine.assess import assess, recognise
from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.packs.lint import lint
from checker.session import Session
from checker.templates import draw, stack, to_workbook

ROOT = Path(__file__).parents[2]
PACK = "gd-department-2021"
CATALOGUE = ROOT.parent / "shared" / "domain" / "catalogue.csv"
PUBLISHED = ROOT / "workbooks" / PACK / "published" / "湛江市科协2021.xlsx"
TABLES = (
    "年初总收支预算情况",
    "整体支出使用范围、方向和内容",
    "预算支出决算及结余情况",
    "预算收入决算情况",
    "基本支出本年预算指标可用情况",
    "本年基本支出预算执行情况",
    "项目支出本年预算指标可用情况",
    "本年项目支出预算执行情况",
    "财政预算安排项目执行明细表",
    "固定资产情况表",
    "三公经费预算及决算情况",
)


@cache
def session() -> Session:
    return Session()


@cache
def published() -> WorkbookReport:
    return session().assess(PUBLISHED).report


def every(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def test_lint_has_nothing_to_say() -> None:
    assert [remark.render("en") for remark in lint(session().loaded, session().kinds, packs=[PACK])] == []


def test_each_rule_can_run_on_its_form() -> None:
    plan = session().plans(PACK)[PACK]
    for form in plan.pack.forms:
        plan.about(form)
    assert {rule: error.render("en") for rule, error in plan.broken.items()} == {}


@pytest.mark.parametrize("year", ["2019", "2021", "2024"])
def test_tables_on_one_sheet_are_told_apart_by_their_titles_in_any_year(year: str) -> None:
    pack = session().loaded.packs[PACK]
    drawing = stack([draw(pack.forms[name], year=year) for name in TABLES])
    found = recognise(to_workbook({"附表": drawing}, path="blank"), [pack], session().labels, session().lexicon)
    assert [form.form.name for form in found.forms] == [*TABLES]
    assert {form.year for form in found.forms} <= {year, ""}
    assert [problem.code for form in found.forms for problem in form.problems] == []


def test_assets_are_in_yuan_and_all_else_in_ten_thousands() -> None:
    pack = session().loaded.packs[PACK]
    assert {name: pack.forms[name].unit for name in TABLES if pack.forms[name].unit != "万元"} == {
        "固定资产情况表": "元"
    }


def test_the_score_table_brings_no_marks_of_its_own() -> None:
    scheme = session().loaded.packs[PACK].schemes["湛江整体支出评分"]
    assert scheme.source.status == "unverified"
    assert [criterion.name for criterion in scheme.criteria if criterion.full is not None] == []


def test_the_published_workbook_names_nobody() -> None:
    workbook = session().read(PUBLISHED)
    texts = [cell.raw for sheet in workbook.sheets for row in sheet.rows.values() for cell in row.values()]
    names = re.compile("肖斌|王宏彪|熊汉臣|黄振洪|林小兵|姜芬英|陈乔迪")
    assert [text for text in texts if names.search(text)] == []


#: What the auditor must see in the published report: the rule, its cell, and the words that tell the figures.
SEEN = [
    ("use-basic-as-executed", "自评报告附表", "C16", "1,004.10", "593.03", "411.07"),
    ("use-project-as-executed", "自评报告附表", "F16", "64.20", "475.27", "411.07"),
    ("outturn-basic-as-executed", "自评报告附表", "C23", "1,004.10", "593.03", "411.07"),
    ("outturn-project-as-executed", "自评报告附表", "C24", "64.20", "475.27", "411.07"),
    ("execution-difference-basic", "自评报告附表", "C26", "-1.40", "-412.47"),
    ("initial-table-total-is-initial-budget", "自评报告附表", "C8", "1,066.90", "835.91", "230.99"),
    ("surplus-increase", "自评报告附表", "I32", "0.00", "-1.41"),
    ("project-execution-rate-told", "自评报告主要数据", "C23", "100%", "121.08%"),
    ("listed-projects-make-project-budget", "自评报告附表", None, "161.50", "392.52"),
    ("asset-number-total", "自评报告附表", None, "246", "245"),
    ("capital-spending-became-assets", "基础数据表", None, "2650元", "31.23"),
    ("office-outturn-is-execution", "基础数据表", None, "31.28", "34.28"),
    ("full-total-contradicted", "指标评分表", None, "支出完成率99.88%"),
    ("full-rate-beside-a-lower-one", "自评报告主要数据", None, "100%"),
]


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: seen[0])
def test_the_auditor_sees_what_is_wrong_in_the_published_report(seen: tuple[str | None, ...]) -> None:
    name, sheet, cell, *words = seen
    found = [finding for finding in every(published().findings) if finding.rule.name == name]
    places = [(place, finding) for finding in found for place in (finding.outcome, *finding.places)]
    said = [
        place.message.zh if place.message else ""
        for place, _ in places
        if place.sheet == sheet and cell in (None, place.cell)
    ]
    assert any(all(word in text for word in words if word) for text in said), said


def test_the_published_report_is_read_whole() -> None:
    report = published()
    assert (report.status, report.pack, report.year, report.unit) == ("checked", PACK, "2021", "湛江市科学技术协会")
    assert report.counts[Status.BROKEN] == report.counts[Status.UNDECIDED] == 0
    assert len(report.forms) == 15  # table C stands twice


def test_blank_forms_are_recognised_as_what_they_are() -> None:
    plan = session().plans(PACK)[PACK]
    own = [form for form in plan.pack.forms.values() if form.pack == PACK and not form.abstract]
    for form in own:
        workbook = to_workbook({"Sheet1": draw(form)}, path="blank")
        report = assess(workbook, {PACK: plan}, session().labels, session().lexicon).report
        assert [found.form for found in report.forms] == [form.name]
        assert not [problem for problem in report.problems if problem.code != "TABLE_EMPTY"]


def test_no_official_number_rests_on_memory_without_saying_so() -> None:
    for rule in session().loaded.packs[PACK].rules:
        assert rule.source.article == "", f"{rule.id} cites an article that nobody has read"


@pytest.mark.skipif(not CATALOGUE.exists(), reason="needs the catalogue in ../shared")
def test_every_rule_names_rows_of_the_catalogue() -> None:
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    own = [rule for rule in session().loaded.packs[PACK].rules if rule.pack == PACK]
    assert [rule.id for rule in own if not rule.catalogue or not {*rule.catalogue} <= known] == []
