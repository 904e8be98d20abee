"""Running rules: every rule answers for every place, what breaks is shown, and counts add up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.checks import KINDS
from checker.checks.subject import Compiled, Subject, answer
from checker.model.outcome import Status
from checker.model.plugin import CheckKind

Build = Callable[..., Any]

cells = st.sampled_from([None, 0, 1, 80, 100, "100.01", "—", "约80", {"error": "#REF!"}, {"text": "80"}, "八十"])
lines = st.one_of(st.none(), st.tuples(cells, cells, st.sampled_from([None, "80%", "100%", "—", 1])))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.tuples(cells, cells, st.sampled_from([None, "80%", "99%"])), part=lines, other=lines)
def test_counts_add_up_to_the_outcomes_and_every_rule_has_one(
    house: Build, rules: Any, funds: Any, total: Any, part: Any, other: Any
) -> None:
    here = house(*rules.values())
    report = here.report(funds(合计=total, 拨款=part, 结转=other))
    assert sum(report.counts.values()) == len(report.outcomes)
    for status in Status.ORDER:
        assert report.counts[status] == sum(outcome.status == status for outcome in report.outcomes)
    assert {outcome.rule for outcome in report.outcomes} == set(here.plan.rules)
    rows = 1 + (part is not None) + (other is not None)
    assert sum(outcome.rule == "EN-0002" for outcome in report.outcomes) == rows
    assert all(outcome.reason is not None or outcome.left is not None for outcome in report.outcomes)


def test_every_form_of_a_workbook_is_asked(house: Build, rules: Any, funds: Any) -> None:
    one, other = funds(合计=(100, 90), 拨款=(100, 90)), funds(合计=(100, 90), 拨款=(100, 80))
    report = house(rules["total"]).report(one | {"项目名称": "甲"}, other | {"项目名称": "乙"})
    assert len(report.forms) == 2 and sum(report.counts.values()) == 4
    (finding,) = report.findings
    assert finding.outcome.path == ("自评表", "乙", "资金", "合计", "执行数")


def test_a_rule_that_raises_is_broken_and_the_others_go_on(house: Build, rules: Any, rule: Any, funds: Any) -> None:
    def compile_(rule: Any, pack: Any) -> Compiled:
        def run(subject: Subject) -> Any:
            yield answer(rule, subject, Status.PASS, ())
            raise ArithmeticError("a defect")

        return Compiled(rule, run)

    bad = CheckKind("bad", {"type": "object", "properties": {}}, compile_)
    here = house(rule(9, "bad-one", {"kind": "bad"}), rules["total"], kinds={**KINDS, "bad": bad})
    report = here.report(funds(合计=(100, 90), 拨款=(90, 90)))
    assert report.status == "partly"
    assert (report.counts["broken"], report.counts["fail"], report.counts["pass"]) == (1, 1, 1)
    (told,) = (outcome for outcome in report.outcomes if outcome.status == "broken")
    assert told.reason is not None and "ArithmeticError: a defect" in told.reason.zh
    assert [finding.rule.id for finding in report.findings] == ["EN-0001"]


def test_a_rule_without_a_place_says_so(house: Build, rule: Any, funds: Any) -> None:
    check = {"kind": "percent_style", "table": "资金", "column": "执行率"}
    (told,) = house(rule(9, "nowhere", check)).report(funds(合计=(1, 1))).outcomes
    assert told.status == "not_applicable" and told.reason is not None


def test_a_missing_table_is_insufficient_and_makes_the_workbook_partly_checked(
    house: Build, rule: Any, rules: Any, funds: Any, plan_form: Any, self_form: Any
) -> None:
    self_form["tables"]["另表"] = plan_form["tables"]["计划"]
    check = {"kind": "sum", "table": "另表", "total": "合计", "columns": ["金额"]}
    here = house(rules["total"], rule(9, "other", check), forms=[self_form])
    report = here.report(funds(合计=(100, 90), 拨款=(100, 90)) | {"另表": None})
    assert report.status == "partly"
    assert [problem.code for problem in report.problems] == ["TABLE_MISSING"]
    assert report.counts["insufficient"] == 1


def test_forms_without_any_rule_are_not_a_pass(house: Build, rules: Any, self_form: Any, plan_form: Any) -> None:
    here = house(rules["total"], forms=[self_form, plan_form])
    workbook = here.workbook({"计划": [{"名称": "甲", "金额": 1}]}, form="计划表")
    report = here.assess(workbook).report
    assert sum(report.counts.values()) == 0
    assert report.status == "partly" and [problem.code for problem in report.problems] == ["NO_RULES"]


def test_a_table_without_rows_is_not_a_pass(house: Build, rule: Any, plan_form: Any) -> None:
    check = {"kind": "sum", "table": "计划", "total": "合计", "columns": ["金额"]}
    here = house(rule(1, "total", check), forms=[plan_form])
    workbook = here.workbook({"计划": [{"名称": "甲", "金额": 1}]}, form="计划表")
    rows = workbook.sheets[0].content.rows
    del rows[max(rows)]
    report = here.assess(workbook).report
    assert report.status == "partly" and [problem.code for problem in report.problems] == ["TABLE_EMPTY"]
