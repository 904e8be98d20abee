"""The whole-unit packs and Guangdong's of 2022: what is recognised as what, and what is said of published reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.session import Session

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "workbooks"
PACKS = ("cn-department", "gd-department-2022", "gd-project-2022")
SAMPLES = [path for pack in PACKS for path in sorted((WORKBOOKS / pack / "clean").glob("*.xlsx"))]


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def published(session: Session, pack: str, name: str) -> WorkbookReport:
    return session.assess(WORKBOOKS / pack / "published" / f"{name}.xlsx").report


def every(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def said(report: WorkbookReport, severity: str = "") -> set[tuple[str, str]]:
    """Rule and place of every finding, of one severity if named."""
    found = every(report.findings)
    return {(f.rule.name, f"{f.outcome.sheet}!{f.outcome.cell}") for f in found if severity in ("", f.outcome.severity)}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_belongs_to_the_pack_whose_words_it_uses(session: Session, path: Path) -> None:
    """One score table serves many standards: the names at level 1 tell which."""
    assert session.assess(path).report.pack == path.parents[1].name


def test_a_whole_unit_form_is_no_project_form(session: Session) -> None:
    """Its title ends with words that are a title of the project form."""
    report = session.assess(WORKBOOKS / "cn-department" / "blank" / "部门整体支出绩效自评表.xlsx").report
    assert (report.pack, [form.form for form in report.forms]) == ("cn-department", ["部门整体支出绩效自评表"])


def test_the_project_form_stays_with_its_own_pack(session: Session) -> None:
    report = session.assess(WORKBOOKS / "cn-project" / "blank" / "项目支出绩效自评表.xlsx").report
    assert (report.pack, [form.form for form in report.forms]) == ("cn-project", ["项目支出绩效自评表"])


def test_haizhu_2022(session: Session) -> None:
    """Two scores of level 1 and no grade; a part that exceeds its whole by 0.01, typed with three decimals."""
    report = published(session, "gd-department-2022", "海珠区科协2022")
    assert said(report, "error") == {
        ("unit-part-within-spending", "部门收支基本情况!C12"),
        ("table-deduction-has-reason", "指标评分表!F6"),
    }
    assert ("table-grade-stated", "指标评分表!B12") in said(report, "warning")
    assert ("unit-final-income-stated", "部门收支基本情况!C6") in said(report, "warning")


def test_nanxiong_2023(session: Session) -> None:
    """Everything that is stated agrees; that three points were lost without a word is told, what is missing is open."""
    report = published(session, "gd-department-2022", "南雄市科协2023")
    assert said(report) == {("table-loss-explained", "指标评分表!E7")}
    assert all(finding.outcome.severity == "warning" for finding in every(report.findings))
    open_ = {report.titles[outcome.rule].zh for outcome in report.outcomes if outcome.status == Status.INSUFFICIENT}
    assert {"总分等于各指标得分之和", "在职人数不超过编制人数", "“三公”经费支出不大于预算数"} <= open_


def test_zhanjiang_2022(session: Session) -> None:
    """100 points and 优秀, although 65.36% of the budget came: both ways of full marks are contradicted."""
    report = published(session, "gd-project-2022", "湛江市科协2022科普专项")
    assert said(report, "error") == {
        ("project-full-marks-against-funds", "指标评分表!F29"),
    }
    assert said(report, "warning") == {
        ("table-grade-word", "指标评分表!C30"),
        ("execution-rate-besides", "项目基础数据表!B13"),
    }
