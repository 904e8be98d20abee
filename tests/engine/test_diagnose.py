"""From outcomes to findings: stable names, one cause said once, what follows from it, the gravest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from checker.engine.diagnose import finding_id
from checker.model.report import Finding, WorkbookReport
from checker.model.workbook import Sheet, SheetContent, Workbook

Build = Callable[..., Any]


def every(findings: Any) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def ids(report: WorkbookReport) -> set[str]:
    return {finding.id for finding in every(report.findings)}


class TestNames:
    def test_a_finding_keeps_its_id_when_rows_move_and_amounts_change(
        self, house: Build, rules: Any, funds: Any
    ) -> None:
        here = house(*rules.values())
        first = here.workbook(funds(合计=(100, 90, "95%"), 拨款=(90, 90, None)) | {"填报单位": "示例局"})
        before = here.assess(first).report
        moved = here.assess(lower(first, 7)).report
        assert ids(moved) == ids(before)
        assert {f.outcome.cell for f in moved.findings}.isdisjoint({f.outcome.cell for f in before.findings})
        changed = funds(合计=(100, 90, "95%"), 拨款=(70, 90, None)) | {"填报单位": "示例局"}
        assert ids(here.report(changed)) == ids(before)

    def test_rule_unit_year_and_place_make_an_id(self, house: Build, rules: Any, funds: Any) -> None:
        here = house(rules["total"])
        given = funds(合计=(100, 90), 拨款=(90, 90))

        def only(**more: Any) -> str:
            (finding,) = here.report(given | {"填报单位": more.pop("unit", "甲局")}, **more).findings
            return str(finding.id)

        other_place = here.report(funds(合计=(100, 90), 拨款=(100, 80)) | {"填报单位": "甲局"}).findings[0].id
        assert len({only(), only(unit="乙局"), only(year="2023"), other_place}) == 4
        assert only() == only()
        rule = here.plan.rules["EN-0001"]
        assert only() == finding_id(rule, "甲局", "2024", ("自评表", "资金", "合计", "预算数"))

    def test_findings_of_one_workbook_have_names_of_their_own(self, house: Build, rules: Any, funds: Any) -> None:
        here = house(*rules.values())
        wrong = funds(合计=(100, 90, "95%"), 拨款=(90, 80, "95%"))
        report = here.report(wrong | {"项目名称": "甲"}, wrong | {"项目名称": "乙"}, wrong | {"项目名称": "乙"})
        found = [finding.id for finding in every(report.findings)]
        assert len(found) == len(set(found)) >= 9


class TestFolding:
    def test_what_says_the_same_in_many_cells_is_said_once(self, house: Build, rules: Any, funds: Any) -> None:
        filled = rules["filled"] | {"message": "{count}处未填：{cells}"}
        report = house(filled).report(funds(合计=(1, 1, None), 拨款=(1, 1, None), 结转=(1, 1, "100%")))
        (finding,) = report.findings
        assert len(finding.places) == 1 and report.counts["fail"] == 2
        cells = [finding.outcome.cell, finding.places[0].cell]
        assert finding.message.zh == f"2处未填：{cells[0]}、{cells[1]}"

    def test_amounts_that_differ_are_told_one_by_one(self, house: Build, rules: Any, funds: Any) -> None:
        report = house(rules["total"]).report(funds(合计=(100, 90), 拨款=(90, 70)))
        assert [finding.outcome.difference for finding in report.findings] == [20, 10]

    def test_many_cells_are_named_up_to_a_limit(self, house: Build, rule: Any, plan_form: Any) -> None:
        check = {"kind": "presence", "table": "计划", "columns": ["金额"]}
        here = house(rule(1, "filled", check, message="{count}：{cells}"), forms=[plan_form])
        rows = [{"名称": f"第{number}项"} for number in range(12)] + [{"名称": "末项", "金额": 1}]
        (finding,) = here.report({"计划": rows}, form="计划表").findings
        assert finding.message.zh.startswith("12：") and finding.message.zh.endswith(" …")
        assert finding.message.zh.count("、") == 7 and len(finding.places) == 11


class TestConsequences:
    def test_a_follow_on_failure_hangs_under_its_cause(self, house: Build, rules: Any, funds: Any) -> None:
        report = house(rules["total"], rules["rate"]).report(funds(合计=(100, 90, "95%"), 拨款=(90, 90, None)))
        (finding,) = report.findings
        assert finding.rule.name == "total"
        assert [child.rule.name for child in finding.consequences] == ["rate"]

    def test_it_stands_alone_where_the_cause_is_elsewhere(self, house: Build, rules: Any, funds: Any) -> None:
        report = house(rules["total"], rules["rate"]).report(funds(合计=(100, 90, "90%"), 拨款=(90, 90, "50%")))
        assert sorted((f.rule.name, len(f.consequences)) for f in report.findings) == [("rate", 0), ("total", 0)]

    def test_what_will_fail_once_the_cause_is_mended_is_told_now(self, house: Build, rules: Any, funds: Any) -> None:
        given = funds(合计=(0, 0, "0%"), 拨款=(100, 90, "90%"))
        report = house(rules["zero"], rules["rate"]).report(given)
        (finding,) = report.findings
        (child,) = finding.consequences
        assert child.rule.name == "rate" and child.outcome.reason is not None
        assert "更正" in child.outcome.reason.zh
        assert child.outcome.right is not None and child.outcome.right.value == Decimal("0.9")
        assert report.counts["fail"] == 1  # what is only foreseen does not count

    def test_nothing_is_foreseen_of_rules_that_are_not_about_this_year_or_form(
        self, house: Build, rules: Any, rule: Any, funds: Any, self_form: Any, plan_form: Any
    ) -> None:
        old = rules["rate"] | {"applies": {"until": "2001-12-31"}}
        check = {"kind": "sum", "table": "计划", "total": "合计", "columns": ["金额"]}
        other = rule(8, "elsewhere", check, follows=["zero"])
        here = house(rules["zero"], old, forms=[self_form, plan_form], about={"计划表": [other]})
        plan = {"计划": [{"名称": "甲", "金额": 1}, {"total": "合计", "金额": 5}]}
        report = here.report(funds(合计=(0, 0, "0%"), 拨款=(100, 90, "90%")), 计划表=plan)
        assert sorted((f.rule.name, len(f.consequences)) for f in report.findings) == [("elsewhere", 0), ("zero", 0)]

    def test_a_note_hides_no_error(self, house: Build, rules: Any, funds: Any) -> None:
        mild = rules["total"] | {"severity": "note"}
        report = house(mild, rules["rate"]).report(funds(合计=(100, 90, "95%"), 拨款=(90, 90, None)))
        assert [(f.rule.name, f.outcome.severity) for f in report.findings] == [("rate", "error"), ("total", "note")]

    def test_rules_that_follow_each_other_do_not_swallow_each_other(self, house: Build, rules: Any, funds: Any) -> None:
        total = rules["total"] | {"follows": ["rate"]}
        report = house(total, rules["rate"]).report(funds(合计=(100, 90, "95%"), 拨款=(90, 80, None)))
        told = [finding.rule.name for finding in every(report.findings)]
        assert sorted(told) == ["rate", "total", "total"]
        itself = rules["total"] | {"follows": ["total"]}
        report = house(itself).report(funds(合计=(100, 90), 拨款=(90, 80)))
        assert len(list(every(report.findings))) == 2

    def test_every_failure_is_told_somewhere(self, house: Build, rules: Any, funds: Any) -> None:
        report = house(*rules.values()).report(
            funds(合计=(100, 90, "95%"), 拨款=(90, 80, "5%"), 结转=(0, 0, None)) | {"项目名称": "甲"}
        )
        told = [o for finding in every(report.findings) for o in (finding.outcome, *finding.places)]
        failed = [outcome for outcome in report.outcomes if outcome.status == "fail"]
        assert {(o.rule, o.cell) for o in failed} <= {(o.rule, o.cell) for o in told}


class TestNotes:
    def test_the_same_note_on_many_forms_is_one(self, house: Build, rules: Any, funds: Any) -> None:
        mild = rules["filled"] | {"severity": "note", "message": "{count}处"}
        given = funds(合计=(1, 1, None), 拨款=(1, 1, None), 结转=None)
        report = house(mild).report(given | {"项目名称": "甲"}, given | {"项目名称": "乙"})
        (finding,) = report.findings
        assert finding.message.zh == "4处" and len(finding.places) == 3

    def test_errors_of_different_forms_stay_apart(self, house: Build, rules: Any, funds: Any) -> None:
        given = funds(合计=(1, 1, None), 拨款=None, 结转=None)
        report = house(rules["filled"]).report(given | {"项目名称": "甲"}, given | {"项目名称": "乙"})
        assert len(report.findings) == 2


class TestOrder:
    def test_errors_first_then_the_largest_amount(self, house: Build, rules: Any, rule: Any, funds: Any) -> None:
        more = rule(
            6, "more", {"kind": "range", "table": "资金", "columns": ["执行数"], "at_most": 50}, severity="warning"
        )
        filled = rules["filled"] | {"severity": "note"}
        report = house(filled, more, rules["total"]).report(funds(合计=(100, 90), 拨款=(99, 40)))
        told = [(f.outcome.severity, f.rule.name, f.outcome.difference) for f in report.findings]
        assert told == [
            ("error", "total", Decimal(50)),
            ("error", "total", Decimal(1)),
            ("warning", "more", Decimal(40)),
            ("note", "filled", None),
        ]

    def test_a_cause_stands_before_a_larger_slip_that_explains_nothing(
        self, house: Build, rules: Any, funds: Any
    ) -> None:
        report = house(rules["total"], rules["rate"]).report(funds(合计=(100, 90, "95%"), 拨款=(90, 5, None)))
        assert [(len(f.consequences), f.outcome.difference) for f in report.findings] == [(1, 10), (0, 85)]

    @pytest.mark.parametrize("turn", [1, 2, 3])
    def test_the_order_of_rules_in_the_pack_changes_nothing(
        self, house: Build, rules: Any, funds: Any, turn: int
    ) -> None:
        given = funds(合计=(100, 90, "95%"), 拨款=(90, 80, "5%"), 结转=(5, 5, None))
        listed = list(rules.values())
        first = house(*listed).report(given).findings
        turned = house(*listed[turn:], *listed[:turn]).report(given).findings
        assert [(f.id, f.outcome.cell) for f in first] == [(f.id, f.outcome.cell) for f in turned]


def lower(workbook: Workbook, rows: int) -> Workbook:
    """``workbook`` with its first sheet moved down."""
    content = workbook.sheets[0].content
    moved = SheetContent(
        {number + rows: row for number, row in content.rows.items()},
        tuple(m._replace(top=m.top + rows, bottom=m.bottom + rows) for m in content.merges),
    )
    sheet = Sheet(workbook.sheets[0].name, lambda: moved)
    formats = workbook.number_formats
    return Workbook(workbook.path, "", "xlsx", (sheet,), load_number_formats=lambda: formats)
