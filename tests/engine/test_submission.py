"""Workbooks that belong together: how they find each other, what rules see of them, and last year's beside them.

Every workbook is a real file, drawn from the forms of two small packs: the accounts that a unit publishes (in yuan),
and the tables in which it scores itself (in 10,000 yuan), which refer to the accounts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import checker
from checker.cli.main import main
from checker.model.outcome import Outcome
from checker.model.plugin import PackSource
from checker.model.report import Report, WorkbookReport
from checker.packs.load import LoadedPacks, load_packs
from checker.reports.json import render as render_json
from checker.reports.text import render
from checker.templates import draw, stack, write_xlsx

ACCOUNTS = {
    "pack.yaml": """
schema: checker/pack@1
pack: accounts
title: {zh: 决算公开, en: Accounts}
edition: "2024"
prefix: AC
status: inferred
""",
    "forms/accounts.yaml": """
schema: checker/form@1
form: 收支总表
titles: [收支总表]
unit: 元
fields: {部门: {kind: text, role: unit, optional: true}}
tables:
  支出:
    columns: {项目: {kind: label}, 决算数: {kind: amount, decimals: 2}}
    rows: {支出合计: {total: true}, 基本支出: {part_of: [支出合计]}, 项目支出: {part_of: [支出合计]}}
""",
    "forms/detail.yaml": """
schema: checker/form@1
form: 支出明细表
titles: [支出明细表]
unit: 元
optional: true
fields: {部门: {kind: text, role: unit, optional: true}}
tables:
  科目:
    columns: {名称: {kind: text, key: true}, 金额: {kind: amount, decimals: 2}}
    rows: open
    totals: {合计: {}}
""",
    "checks/detail.yaml": """
schema: checker/checks@1
form: 支出明细表
rules:
  - id: AC-0101
    name: detail-adds-up
    title: {zh: 合计等于各行之和, en: Rows add up}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: sum, table: 科目, total: 合计, columns: [金额]}
""",
    "checks/accounts.yaml": """
schema: checker/checks@1
form: 收支总表
rules:
  - id: AC-0001
    name: accounts-add-up
    title: {zh: 支出合计等于各项之和, en: Spending adds up}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: sum, table: 支出, total: 支出合计, columns: [决算数]}
""",
}
SCORES = {
    "pack.yaml": """
schema: checker/pack@1
pack: scores
title: {zh: 自评, en: Self-evaluation}
edition: "2024"
prefix: SE
status: inferred
beside: [accounts]
""",
    "forms/whole.yaml": """
schema: checker/form@1
form: 整体自评表
titles: [整体自评表]
unit: 万元
optional: true
fields: {填报单位: {kind: text, role: unit, optional: true}}
tables:
  预算:
    columns:
      科目: {kind: label}
      年初数: {kind: amount, decimals: 2, optional: true}
      决算数: {kind: amount, decimals: 2}
    rows:
      支出总额: {optional: true}
      项目支出: {optional: true}
      结转: {optional: true}
""",
    "forms/project.yaml": """
schema: checker/form@1
form: 项目自评表
titles: [项目自评表]
unit: 万元
optional: true
fields:
  实施单位: {kind: text, role: unit, optional: true}
  项目名称: {kind: text, role: project, optional: true}
tables:
  资金:
    columns: {来源: {kind: label}, 预算数: {kind: amount, decimals: 2}, 执行数: {kind: amount, decimals: 2}}
    rows: {合计: {total: true}}
""",
    "forms/plan.yaml": """
schema: checker/form@1
form: 项目计划表
titles: [项目计划表]
unit: 万元
optional: true
fields: {项目名称: {kind: text, role: project, optional: true}}
tables:
  计划:
    columns: {来源: {kind: label}, 计划数: {kind: amount, decimals: 2}}
    rows: {合计: {total: true}}
""",
    "checks/whole.yaml": """
schema: checker/checks@1
form: 整体自评表
rules:
  - id: SE-0001
    name: spending-as-in-accounts
    title: {zh: 支出总额与决算一致, en: Spending as in the accounts}
    message: {zh: "{cell} 填{left}，{cells}", en: "{cell} is {left}, {cells}"}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: same, facts: ["预算[支出总额, 决算数]", "收支总表!支出[支出合计, 决算数]"]}
  - id: SE-0002
    name: spending-within-accounts
    title: {zh: 项目支出不大于决算, en: Projects within the accounts}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: inequality, formula: "预算[项目支出, 决算数] <= 收支总表!支出[支出合计, 决算数]"}
  - id: SE-0003
    name: projects-add-up
    title: {zh: 项目支出等于各项目执行数之和, en: Projects add up}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: identity, formula: "预算[项目支出, 决算数] = SUM(项目自评表!资金[合计, 执行数])"}
  - id: SE-0004
    name: carried-over
    title: {zh: 年初结转等于上年年末结转, en: Opening is last closing}
    message: {zh: "{cell} 填{left}，上年{right}", en: "{cell} is {left}, last year {right}"}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: carryover, opening: "预算[结转, 年初数]", closing: "上年!预算[结转, 决算数]"}
  - id: SE-0005
    name: one-project
    title: {zh: 项目支出等于单个项目, en: As the one project}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: identity, formula: "预算[项目支出, 决算数] = 项目自评表!资金[合计, 执行数]"}
""",
    "checks/detail.yaml": """
schema: checker/checks@1
form: 项目计划表
rules:
  - id: SE-0201
    name: detail-as-planned
    title: {zh: 明细合计等于计划, en: As planned}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: identity, formula: "计划[合计, 计划数] = SUM(支出明细表!科目[金额])"}
""",
    "checks/project.yaml": """
schema: checker/checks@1
form: 项目自评表
rules:
  - id: SE-0101
    name: as-planned
    title: {zh: 预算数等于计划数, en: As planned}
    severity: error
    source: {document: 测试, status: sourced}
    check: {kind: identity, formula: "资金[合计, 预算数] = 项目计划表!计划[合计, 计划数]"}
""",
}

UNIT = "示例市科协"


def accounts(total: Any, unit: str = UNIT) -> dict[str, Any]:
    return {
        "部门": unit,
        "支出": {"支出合计": {"决算数": total}, "基本支出": {"决算数": 0}, "项目支出": {"决算数": total}},
    }


def whole(total: Any = None, projects: Any = None, opening: Any = None, closing: Any = None, unit: str = UNIT) -> Any:
    rows = {
        "支出总额": {"决算数": total},
        "项目支出": {"决算数": projects},
        "结转": {"年初数": opening, "决算数": closing},
    }
    return {"填报单位": unit, "预算": rows}


def project(name: str, spent: Any, budget: Any = 100, unit: str = UNIT) -> dict[str, Any]:
    return {"实施单位": unit, "项目名称": name, "资金": {"合计": {"预算数": budget, "执行数": spent}}}


class House:
    """Both packs, and files drawn from their forms."""

    def __init__(self, folder: Path, loaded: LoadedPacks) -> None:
        self.folder = folder
        self.forms = {name: form for pack in loaded.packs.values() for name, form in pack.forms.items()}

    def save(self, name: str, sheets: Mapping[str, Any], year: str = "2024") -> Path:
        """A workbook: content by the name of the form, or by ``sheet=form``; a list of contents one below another."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        drawings = {}
        for key, content in sheets.items():
            sheet, _, form = key.rpartition("=")
            listed = content if isinstance(content, list) else [content]
            drawings[sheet or form] = stack([draw(self.forms[form], given, year=year) for given in listed])
        write_xlsx(drawings, path)
        return path

    def check(self, *paths: Path | str, **more: Any) -> Report:
        report = checker.check(list(paths), rules=[self.folder / "rules"], every_outcome=True, **more)
        assert not [failure for failure in report.failures if failure.code.startswith("PACK")]
        return report


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "rules"
    for pack, files in (("accounts", ACCOUNTS), ("scores", SCORES)):
        for name, text in files.items():
            file = folder / pack / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def here(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Only the two packs are there."""
    (tmp_path / "rules").symlink_to(rules)

    def only_ours(places: Any, known: Any, **more: Any) -> LoadedPacks:
        return load_packs([place for place in places if place.origin != "built-in"], known, **more)

    monkeypatch.setattr("checker.session.load_packs", only_ours)
    from checker.checks import KINDS

    sources = [PackSource("test", rules / name, "folder") for name in ("accounts", "scores")]
    loaded = load_packs(sources, KINDS)
    assert not loaded.failures, [failure.render("en") for failure in loaded.failures]
    return House(tmp_path, loaded)


def told(workbook: WorkbookReport, rule: str) -> Outcome:
    (outcome,) = (outcome for outcome in workbook.outcomes if outcome.rule == rule)
    return outcome


def status(report: Report, rule: str, number: int = 0) -> str:
    return told(report.workbooks[number], rule).status


# Finding each other


def together(report: Report) -> list[list[str]]:
    return [[Path(path).name for path in submission.workbooks] for submission in report.submissions]


def test_one_unit_and_year_is_one_submission(here: House) -> None:
    paths = [
        here.save("甲/自评.xlsx", {"整体自评表": whole(100, unit="示例市 科协")}),
        here.save("乙/自评.xlsx", {"整体自评表": whole(100, unit="别的单位")}),
        here.save("甲/决算.xlsx", {"收支总表": accounts(1000000)}),
        here.save("甲/决算2023.xlsx", {"收支总表": accounts(1000000)}, year="2023"),
    ]
    report = here.check(*paths)
    assert together(report) == [["自评.xlsx", "决算.xlsx"], ["自评.xlsx"], ["决算2023.xlsx"]]
    assert [workbook.path for workbook in report.workbooks] == list(map(str, paths))
    assert [status(report, "SE-0001", number) for number in (0, 1)] == ["pass", "insufficient"]
    assert [(s.unit, s.year) for s in report.submissions] == [
        ("示例市 科协", "2024"),
        ("别的单位", "2024"),
        (UNIT, "2023"),
    ]


@pytest.mark.parametrize(("unit", "expected"), [(UNIT, [["a.xlsx", "b.xlsx"]]), ("", [["a.xlsx"], ["b.xlsx"]])])
def test_one_that_names_no_unit_joins_those_that_do(here: House, unit: str, expected: list[list[str]]) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(100, unit="")}),
        here.save("b.xlsx", {"收支总表": accounts(1000000, unit=unit)}),
    ]
    assert together(here.check(*paths)) == expected


def test_one_that_names_no_unit_is_alone_among_several(here: House) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(100, unit="")}),
        here.save("b.xlsx", {"收支总表": accounts(1, unit="甲单位")}),
        here.save("c.xlsx", {"收支总表": accounts(1, unit="乙单位")}),
    ]
    report = here.check(*paths)
    assert together(report) == [["a.xlsx"], ["b.xlsx"], ["c.xlsx"]]
    assert status(report, "SE-0001") == "insufficient"


@pytest.mark.parametrize(("years", "size"), [(("", "2024"), 1), (("", "2024", "2023"), 3), (("", ""), 1)])
def test_one_that_names_no_year_joins_those_that_do(here: House, years: tuple[str, ...], size: int) -> None:
    paths = [here.save(f"{n}.xlsx", {"项目自评表": project(f"项目{n}", 1)}, year=year) for n, year in enumerate(years)]
    report = here.check(*paths)
    assert [workbook.year for workbook in report.workbooks] == list(years)
    assert len(report.submissions) == size


def test_all_together_when_asked_whatever_they_name(here: House) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(100, unit="示例市科协（本级）")}),
        here.save("b.xlsx", {"收支总表": accounts(1000000)}, year="2023"),
    ]
    assert together(here.check(*paths)) == [["a.xlsx"], ["b.xlsx"]]
    report = here.check(*paths, together=True)
    assert together(report) == [["a.xlsx", "b.xlsx"]]
    assert status(report, "SE-0001") == "pass"
    ((code, words),) = report.workbooks[0].remarks
    assert code == "TOGETHER" and all(part in words.zh for part in ("示例市科协（本级）", UNIT, "2023", "2024"))


def test_a_bad_file_costs_only_itself(here: House) -> None:
    bad = here.folder / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 this is no archive")
    good = [
        here.save("a.xlsx", {"整体自评表": whole(100)}),
        here.save("b.xlsx", {"收支总表": accounts(1000100)}),
    ]
    report = here.check(good[0], bad, here.folder / "absent.xlsx", good[1])
    assert [workbook.status for workbook in report.workbooks] == ["checked", "unread", "unread", "checked"]
    assert together(report) == [["a.xlsx", "b.xlsx"]]
    assert status(report, "SE-0001") == "fail"
    assert report.verdict.exit == 3


def test_a_defect_while_checking_costs_only_the_one(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.engine import assess

    paths = [here.save("a.xlsx", {"整体自评表": whole(100)}), here.save("b.xlsx", {"收支总表": accounts(1000000)})]
    real = assess.diagnose

    def broken(results: Any, rules: Any, *rest: Any) -> Any:
        if "AC-0001" in rules:
            raise RuntimeError("a defect")
        return real(results, rules, *rest)

    monkeypatch.setattr(assess, "diagnose", broken)
    report = here.check(*paths)
    assert [workbook.status for workbook in report.workbooks] == ["checked", "unread"]
    assert status(report, "SE-0001") == "pass"


@pytest.mark.parametrize("kept", [0, 1_000_000])
def test_what_is_dropped_is_read_again(here: House, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(100, opening=5)}),
        here.save("b.xlsx", {"收支总表": accounts(1000000)}),
        here.save("c.xlsx", {"整体自评表": whole(closing=5)}, year="2023"),
    ]
    monkeypatch.setattr("checker.engine.submission.KEPT_BYTES", kept)
    report = here.check(*paths)
    assert [status(report, rule) for rule in ("SE-0001", "SE-0004")] == ["pass", "pass"]


# What rules see of each other


def test_a_figure_of_another_workbook_says_which_file(here: House) -> None:
    paths = [
        here.save("自评.xlsx", {"整体自评表": whole(100)}),
        here.save("决算.xlsx", {"收支总表": accounts("1000300.00")}),
    ]
    (finding,) = here.check(*paths).workbooks[0].findings
    assert finding.rule.id == "SE-0001"
    own, other = finding.outcome.operands
    assert (own.sheet, other.sheet) == ("整体自评表", "[决算.xlsx]收支总表")
    assert f"{other.sheet}!{other.cell}" in finding.message.zh and f" {own.cell}" not in other.sheet
    assert finding.message.zh.startswith(own.cell)
    assert (other.text, str(other.value), other.unit) == ("1000300", "100.0300", "万元")


def test_files_of_one_name_are_told_apart_by_their_folders(here: House) -> None:
    paths = [
        here.save("甲/表.xlsx", {"整体自评表": whole(100)}),
        here.save("乙/表.xlsx", {"收支总表": accounts(1000300)}),
    ]
    (finding,) = here.check(*paths).workbooks[0].findings
    assert finding.outcome.operands[1].sheet == f"{paths[1].parent}/[表.xlsx]收支总表"


def test_the_same_finding_keeps_its_id(here: House) -> None:
    one = here.save("a.xlsx", {"整体自评表": whole(projects=60), "项目自评表": project("一", 10)})
    two = [
        here.save("b.xlsx", {"整体自评表": whole(projects=60)}),
        here.save("c.xlsx", {"项目自评表": project("一", 10)}),
    ]
    alone, apart = (here.check(*paths).workbooks[0].findings for paths in ([one], two))
    assert [finding.id for finding in alone] == [finding.id for finding in apart] != []


@pytest.mark.parametrize(
    ("yuan", "ten_thousand", "came"),
    [
        ("12345678.90", "1234.57", ("pass", "error")),
        ("12345678.90", "1234.58", ("fail", "note")),
        ("12345678.90", "1234.56", ("fail", "note")),
        ("12345678.90", "1234.59", ("fail", "error")),
        ("12345678.90", "12345678.90", ("fail", "error")),
    ],
)
def test_units_are_converted(here: House, yuan: str, ten_thousand: str, came: tuple[str, str]) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(ten_thousand)}),
        here.save("b.xlsx", {"收支总表": accounts(yuan)}),
    ]
    outcome = told(here.check(*paths).workbooks[0], "SE-0001")
    assert (outcome.status, outcome.severity) == came


def test_without_the_accounts_it_is_said_once_and_nothing_is_amiss(here: House) -> None:
    path = here.save("a.xlsx", {"整体自评表": whole(100, projects=50)})
    report = here.check(path)
    for rule in ("SE-0001", "SE-0002"):
        outcome = told(report.workbooks[0], rule)
        assert (outcome.status, outcome.awaits) == ("insufficient", "收支总表")
        assert outcome.reason is not None and outcome.reason.zh == "本次没有《收支总表》所在的工作簿"
    assert report.verdict.exit == 0
    brief = checker.check(path, rules=[here.folder / "rules"])
    text = render(brief, "zh")
    assert text.count("本次没有") == 1
    assert "本次没有《收支总表》所在的工作簿（规则 SE-0001、SE-0002）" in text
    assert render(brief, "en").count("no workbook with") == 1


def test_a_precondition_about_an_absent_workbook_is_no_excuse() -> None:
    """Tested on the kind itself in tests/checks; here that blank and absent are not one thing."""
    from checker.formula.obstacle import Absent, Unresolved

    assert not issubclass(Absent, Unresolved)  # or ISBLANK would take it for a blank cell


def test_a_sum_takes_the_forms_of_all_workbooks(here: House) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(projects=60), "项目自评表": project("一", 10)}),
        here.save("b.xlsx", {"项目自评表": [project("二", 20), project("三", 30)]}),
    ]
    outcome = told(here.check(*paths).workbooks[0], "SE-0003")
    assert outcome.status == "pass"
    assert [operand.sheet for operand in outcome.operands] == [
        "整体自评表",
        "项目自评表",
        "[b.xlsx]项目自评表",
        "[b.xlsx]项目自评表",
    ]


def test_an_identical_copy_counts_once(here: House) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(projects=30), "一=项目自评表": project("一", 10)}),
        here.save("b.xlsx", {"项目自评表": project("一", "10.00")}),
        here.save("c.xlsx", {"项目自评表": project("二", 20)}),
    ]
    report = here.check(*paths)
    assert status(report, "SE-0003") == "pass"
    assert status(report, "SE-0005") == "insufficient"


def test_one_cell_out_of_several_forms_is_nobodys_to_choose(here: House) -> None:
    paths = [
        here.save("a.xlsx", {"整体自评表": whole(projects=10)}),
        here.save("b.xlsx", {"项目自评表": project("一", 10)}),
        here.save("c.xlsx", {"项目自评表": project("二", 20)}),
    ]
    outcome = told(here.check(*paths).workbooks[0], "SE-0005")
    assert outcome.status == "insufficient"
    assert outcome.reason is not None and "项目自评表" in outcome.reason.zh
    assert status(here.check(*paths[:2]), "SE-0005") == "pass"


def test_forms_of_another_project_are_not_compared(here: House) -> None:
    """A plan that names no project goes with the project of its own workbook and no other."""
    paths = [
        here.save("a.xlsx", {"项目自评表": project("一", 10, budget=100)}),
        here.save(
            "b.xlsx", {"项目自评表": project("二", 10, budget=70), "项目计划表": {"计划": {"合计": {"计划数": 70}}}}
        ),
        here.save("c.xlsx", {"项目自评表": project("三", 10, budget=90)}),
        here.save("d.xlsx", {"项目计划表": {"项目名称": "三", "计划": {"合计": {"计划数": 80}}}}),
    ]
    report = here.check(*paths, together=True)
    assert [status(report, "SE-0101", number) for number in (0, 1, 2)] == ["not_applicable", "pass", "fail"]


# Forms of several packs in one workbook


def test_sheets_left_over_are_tried_with_the_other_packs(here: House) -> None:
    path = here.save(
        "a.xlsx", {"整体自评表": whole(100), "收支总表": accounts(1000100), "说明=项目计划表": {"项目名称": "一"}}
    )
    (workbook,) = here.check(path).workbooks
    assert {(found.form, found.pack) for found in workbook.forms} >= {
        ("整体自评表", "scores"),
        ("收支总表", "accounts"),
    }
    assert {workbook.pack, *workbook.further_packs} == {"accounts", "scores"}
    assert told(workbook, "AC-0001").status == "pass"
    assert told(workbook, "SE-0001").status == "fail"
    assert [operand.sheet for operand in told(workbook, "SE-0001").operands] == ["收支总表", "整体自评表"]
    assert sum(workbook.counts.values()) == len(workbook.outcomes)


def test_the_packs_used_are_all_named(here: House) -> None:
    path = here.save("a.xlsx", {"整体自评表": whole(100), "收支总表": accounts(1000000)})
    assert {pack.id for pack in here.check(path).packs} == {"accounts", "scores"}


PARENT_AND_CHILD = {
    "pack.yaml": SCORES["pack.yaml"]
    .replace("pack: scores", "pack: more")
    .replace("beside: [accounts]", "extends: [scores]")
    .replace("prefix: SE", "prefix: MO"),
    "forms/more.yaml": SCORES["forms/plan.yaml"].replace("项目计划表", "补充材料表").replace("role: project, ", ""),
}


def test_a_pack_and_its_parent_never_share_a_workbook(here: House, tmp_path: Path) -> None:
    for name, text in PARENT_AND_CHILD.items():
        file = tmp_path / "more" / "more" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    path = here.save("a.xlsx", {"整体自评表": whole(100), "收支总表": accounts(1000000)})
    folders = [here.folder / "rules", tmp_path / "more"]
    (workbook,) = checker.check(path, rules=folders).workbooks
    assert [pack.id for pack in checker.check(path, rules=folders).packs] == ["accounts", "scores"]
    assert (workbook.pack, workbook.further_packs) in [("scores", ("accounts",)), ("accounts", ("scores",))]


# Sheets too long to be kept


def test_long_sheets_are_streamed_and_never_added_up_in_part(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"名称": f"科目{number}", "金额": 1} for number in range(400)]
    detail = {"部门": UNIT, "科目": [*rows, {"total": "合计", "金额": 400}]}
    paths = [
        here.save(
            "a.xlsx",
            {"项目自评表": project("一", 1), "项目计划表": {"项目名称": "一", "计划": {"合计": {"计划数": "0.04"}}}},
        ),
        here.save("b.xlsx", {"支出明细表": detail}),
    ]
    assert status(here.check(*paths), "SE-0201") == "pass"
    monkeypatch.setattr("checker.engine.long.LONG_BYTES", 10_000)
    report = here.check(*paths)
    assert status(report, "SE-0201") == "insufficient"
    assert (report.workbooks[1].counts["pass"], report.workbooks[1].status) == (1, "checked")


# Last year


def test_last_year_by_option(here: House) -> None:
    this = here.save("a.xlsx", {"整体自评表": whole(opening="12.30")})
    last = here.save("2023/a.xlsx", {"整体自评表": whole(closing="12.34")}, year="2023")
    assert status(here.check(this), "SE-0004") == "insufficient"
    report = here.check(this, prior=last)
    (finding,) = report.workbooks[0].findings
    assert [operand.sheet for operand in finding.outcome.operands] == [
        "整体自评表",
        f"{last.parent}/[a.xlsx]整体自评表",
    ]
    assert len(report.workbooks) == 1 and report.submissions[0].prior == (str(last),)
    assert report.verdict.exit == 1


def test_last_year_in_the_same_run(here: House) -> None:
    this = here.save("a.xlsx", {"整体自评表": whole(opening="12.34")})
    last = here.save("b.xlsx", {"整体自评表": whole(opening=3, closing="12.34")}, year="2023")
    report = here.check(this, last)
    assert [status(report, "SE-0004", number) for number in (0, 1)] == ["pass", "insufficient"]
    assert [submission.prior for submission in report.submissions] == [(str(last),), ()]
    assert here.check(this, last, prior=[last]).submissions == report.submissions


@pytest.mark.parametrize(
    ("unit", "year", "words"),
    [("别的单位", "2023", ("别的单位", UNIT)), (UNIT, "2022", ("2022", "2024")), (UNIT, "2024", ("2024",))],
)
def test_a_wrong_last_year_is_refused_in_words(here: House, unit: str, year: str, words: tuple[str, ...]) -> None:
    this = here.save("a.xlsx", {"整体自评表": whole(opening="12.34")})
    last = here.save("旧表.xlsx", {"整体自评表": whole(closing="99", unit=unit)}, year=year)
    report = here.check(this, prior=[last])
    assert status(report, "SE-0004") == "insufficient"
    ((_, remark),) = report.workbooks[0].remarks
    assert all(word in remark.zh for word in (*words, "旧表.xlsx"))
    assert remark.zh in render(report, "zh", columns=400)
    assert report.submissions[0].prior == ()


def test_a_last_year_that_names_neither_is_taken(here: House) -> None:
    this = here.save("a.xlsx", {"整体自评表": whole(opening="12.34")})
    last = here.save("旧表.xlsx", {"整体自评表": whole(closing="12.34", unit="")}, year="")
    assert status(here.check(this, prior=last), "SE-0004") == "pass"


def test_each_unit_has_its_own_last_year(here: House) -> None:
    this = [here.save(f"{n}.xlsx", {"整体自评表": whole(opening=n, unit=f"单位{n}")}) for n in (1, 2)]
    last = [here.save(f"旧{n}.xlsx", {"整体自评表": whole(closing=n, unit=f"单位{n}")}, year="2023") for n in (1, 2)]
    report = here.check(*this, prior=last)
    assert [status(report, "SE-0004", number) for number in (0, 1)] == ["pass", "pass"]
    assert [submission.prior for submission in report.submissions] == [(str(last[0]),), (str(last[1]),)]
    assert not any(workbook.remarks for workbook in report.workbooks)


def test_a_last_year_that_cannot_be_read_is_a_failure(here: House) -> None:
    this = here.save("a.xlsx", {"整体自评表": whole(opening="12.34")})
    report = here.check(this, prior=[here.folder / "没有.xlsx"])
    assert [failure.code for failure in report.failures] == ["FILE_MISSING"]
    assert report.verdict.exit == 3
    assert report.workbooks[0].status == "checked"


def test_nothing_to_carry_over_needs_no_last_year(here: House) -> None:
    report = here.check(here.save("a.xlsx", {"整体自评表": whole(100)}))
    assert status(report, "SE-0004") == "not_applicable"


# Reports and the command


def test_the_report_says_what_was_checked_together(here: House) -> None:
    paths = [here.save("a.xlsx", {"整体自评表": whole(100)}), here.save("b.xlsx", {"收支总表": accounts(1000000)})]
    last = here.save("c.xlsx", {"整体自评表": whole(closing=1)}, year="2023")
    report = here.check(*paths, prior=last)
    assert "合并核对：a.xlsx、b.xlsx；上年：c.xlsx" in render(report, "zh", columns=300)
    assert "Checked together: a.xlsx, b.xlsx; last year: c.xlsx" in render(report, "en", columns=300)
    assert json.loads(render_json(report))["submissions"] == [
        {"unit": UNIT, "year": "2024", "workbooks": list(map(str, paths)), "prior": [str(last)]}
    ]
    assert "合并核对" not in render(here.check(paths[0]), "zh")


def test_one_file_gives_the_same_report_however_it_comes(here: House) -> None:
    """Alone, or in a run with a stranger: the same outcomes, findings and counts."""
    path = here.save("a.xlsx", {"整体自评表": whole(100, projects=50), "项目自评表": project("一", 40)})
    stranger = here.save("b.xlsx", {"收支总表": accounts(5, unit="别的单位")})
    assert here.check(path).workbooks[0] == here.check(stranger, path).workbooks[1]


def test_the_command(here: House, capsys: pytest.CaptureFixture[str]) -> None:
    here.save("本年/a.xlsx", {"整体自评表": whole(100, opening=5)})
    here.save("本年/b.xlsx", {"收支总表": accounts(1000000)})
    here.save("上年/c.xlsx", {"整体自评表": whole(closing=5)}, year="2023")
    rules = ["--rules", str(here.folder / "rules")]
    code = main(["check", str(here.folder / "本年"), "--prior", str(here.folder / "上年"), *rules])
    assert code == 0
    assert "合并核对：a.xlsx、b.xlsx；上年：c.xlsx" in capsys.readouterr().out
    assert main(["check", str(here.folder / "本年"), str(here.folder / "上年"), "--together", *rules]) == 0
    assert "合并核对：a.xlsx、b.xlsx、c.xlsx" in capsys.readouterr().out


def test_a_figure_left_from_last_year_is_the_likely_cause(here: House) -> None:
    """The part that would have to change says just what it said a year ago."""

    def spending(total: str, basic: str, project: str) -> dict[str, Any]:
        figures = {"支出合计": total, "基本支出": basic, "项目支出": project}
        return {"部门": UNIT, "支出": {row: {"决算数": figure} for row, figure in figures.items()}}

    last = here.save("2023/a.xlsx", {"收支总表": spending("5123.40", "4000.00", "1123.40")}, year="2023")
    this = here.save("a.xlsx", {"收支总表": spending("6987.65", "4500.00", "1123.40")})
    (finding,) = here.check(this).workbooks[0].findings
    assert finding.cause is None
    (finding,) = here.check(this, prior=last).workbooks[0].findings
    assert finding.cause is not None and "上年" in finding.cause.zh and "C8" in finding.cause.zh
