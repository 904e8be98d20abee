from __future__ import annotations

from collections.abc import Callable

import pytest

from checker.messages import Text
from checker.model.report import Report
from checker.model.rule import Pack
from checker.reports.page import Page
from checker.reports.rules import explain, listing


@pytest.fixture
def pack(full: Report) -> Pack:
    findings = full.workbooks[0].findings
    rules = tuple(dict.fromkeys(finding.rule.id for finding in findings))
    return Pack(
        id="cn-project",
        title=Text("项目支出绩效自评", "Project self-evaluation"),
        edition="2020",
        status="unverified",
        digest="cd" * 32,
        forms={},
        rules=tuple(next(f.rule for f in findings if f.rule.id == rule) for rule in rules),
        parameters={},
    )


def test_explain(full: Report, pack: Pack, golden: Callable[[str, str], None]) -> None:
    finding = full.workbooks[0].findings[0]
    rule = finding.rule._replace(
        rationale=Text("执行率和得分都以总额为准。", "Rate and score rest on the total."),
        check={"kind": "sum", "columns": ("年初预算数", "全年预算数"), "when": {"all": ["a", "b"]}},
        since="2020-01-01",
        origin="rules/cn-project/checks/funds.yaml:5:9",
    )
    passed = finding.outcome._replace(status="pass", difference=None, at_least=None)
    golden("explain.zh.txt", explain(rule, pack, (finding.outcome, passed), Page("zh")))


def test_a_pass_is_written_as_an_equation_that_holds(full: Report, pack: Pack) -> None:
    finding = full.workbooks[0].findings[0]
    shown = [
        explain(finding.rule, pack, (finding.outcome._replace(status=status),), Page("en"))
        for status in ("pass", "fail")
    ]
    assert "0.00 = 1180.00 + 54.5" in shown[0]
    assert "0.00 ≠ 1180.00 + 54.5" in shown[1]


def test_listing_shows_every_rule_once_and_the_standing_of_its_source(
    pack: Pack, golden: Callable[[str, str], None]
) -> None:
    shown = listing([pack], Page("zh"))
    golden("rules.zh.txt", shown)
    assert all(shown.count(rule.id) == 1 for rule in pack.rules)
    assert "（未核验）" in shown
    assert "（推定）" in shown
