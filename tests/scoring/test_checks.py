"""The checks that rest on a standard: what passes, what fails and where, what has no answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome, Status
from checker.model.rule import Severity

RECOMPUTED = {"kind": "recomputed", "scheme": "试评"}
FULL = {"kind": "full_marks", "scheme": "试评"}


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_recomputed_answers_for_every_criterion_of_its_kinds(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    assert statuses(house(RECOMPUTED).outcomes(table(*rows), figures())) == [Status.PASS] * 4
    some = {**RECOMPUTED, "kinds": ["ladder", "checklist"]}
    assert len(house(some).outcomes(table(*rows), figures())) == 2


def test_recomputed_fails_at_the_claim_with_both_sides(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[0] = (*rows[0][:4], 40)
    outcomes = house(RECOMPUTED).outcomes(table(*rows), figures())
    (wrong,) = [outcome for outcome in outcomes if outcome.status == Status.FAIL]
    assert wrong.left is not None and wrong.right is not None
    assert (wrong.left.value, wrong.right.value) == (40, 30)
    assert (wrong.difference, wrong.at_least) == (10, 10)
    assert wrong.path[-1] == "自评得分" and wrong.operands[0].cell == wrong.cell
    assert "数据" in wrong.right.formula
    assert [operand.value for operand in wrong.operands] == [40, 7500, 10000]


def test_judgement_fails_only_outside_what_is_possible(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {**RECOMPUTED, "kinds": ["checklist"]}
    for claim, status in ((40, Status.PASS), (30, Status.PASS), (0, Status.PASS), (35, Status.FAIL)):
        rows[3] = (*rows[3][:4], claim)
        (outcome,) = house(check).outcomes(table(*rows), figures())
        assert outcome.status == status
        assert outcome.difference is None


def test_marks_that_were_only_rounded_are_a_note(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {**RECOMPUTED, "kinds": ["proportional"]}
    rows[2] = (*rows[2][:4], 9)
    (outcome,) = house(check).outcomes(table(*rows), figures(购置=("1000.00", "887.00")))
    assert (outcome.status, outcome.severity) == (Status.FAIL, Severity.NOTE)
    rows[2] = (*rows[2][:4], 10)
    (outcome,) = house(check).outcomes(table(*rows), figures(购置=("1000.00", "887.00")))
    assert (outcome.status, outcome.severity) == (Status.FAIL, Severity.ERROR)


def test_what_cannot_be_recomputed_is_insufficient(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    outcomes = house(RECOMPUTED).outcomes(table(*rows))
    assert statuses(outcomes) == [Status.INSUFFICIENT] * 3 + [Status.PASS]
    assert all(outcome.reason is not None for outcome in outcomes[:3])
    rows[0] = (*rows[0][:4], None)
    assert statuses(house(RECOMPUTED).outcomes(table(*rows), figures()))[0] == Status.INSUFFICIENT


def test_a_criterion_without_a_row_is_insufficient(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    outcomes = house(RECOMPUTED).outcomes(table(*rows[1:]), figures())
    assert statuses(outcomes) == [Status.PASS] * 3 + [Status.INSUFFICIENT]


def test_what_does_not_apply_is_not_applicable_unless_marks_are_claimed(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    check = {**RECOMPUTED, "kinds": ["proportional"]}
    none = figures(购置=("0.00", "0.00"))
    assert statuses(house(check).outcomes(table(*rows), none)) == [Status.FAIL]
    rows[2] = (*rows[2][:4], "不适用")
    assert statuses(house(check).outcomes(table(*rows), none)) == [Status.NOT_APPLICABLE]


def test_full_marks_contradicted_are_one_finding_at_the_total(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    full = [(*row[:4], row[3]) for row in rows]
    assessed = house(RECOMPUTED, FULL, follows={1: ["rule-2"]}).assess(table(*full, total=100), figures())
    (outcome,) = [found for found in assessed.report.outcomes if found.rule == "TS-0002"]
    assert outcome.status == Status.FAIL and outcome.headline
    assert outcome.path[-2:] == ("总分", "自评得分")
    assert outcome.right is not None and outcome.right.high == 89
    findings = [finding for finding in assessed.report.findings if finding.rule.id == "TS-0002"]
    assert len(findings) == 1
    below = [child.rule.id for child in findings[0].consequences]
    assert below == ["TS-0001", "TS-0001"], "each contradicted claim hangs under the headline"
    assert not [finding for finding in assessed.report.findings if finding.rule.id == "TS-0001"]


def test_full_marks_names_each_contradicted_indicator_with_its_measure(
    house: Any, table: Any, figures: Any, rows: list[Any]
) -> None:
    full = [(*row[:4], row[3]) for row in rows]
    (outcome,) = house(FULL, message="{full}分；{why}").outcomes(table(*full, total=100), figures())
    assert outcome.message is not None
    assert outcome.message.zh == (
        "100分；支出率75.00%，只能得30分（满分40分）；采购执行率90.00%，只能得9分（满分10分）"
    )
    assert [operand.value for operand in outcome.operands[:3]] == [Decimal(100), Decimal(40), Decimal(7500)]
    assert {number for *_, number in outcome.suppose} == {Decimal(30), Decimal(9)}


def test_recomputed_says_measure_and_reason(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows[0] = (*rows[0][:4], 40)
    made = house(
        {**RECOMPUTED, "kinds": ["ladder"]}, message="{name}{measure}：{why}；{left}/{right}/{full}/{expected}"
    )
    (outcome,) = made.outcomes(table(*rows), figures())
    assert outcome.message is not None
    assert outcome.message.zh == "支出率75.00%：为75.00%，属“≥70%”一档，得30分；40/30/40/30"


@pytest.mark.parametrize(
    ("total", "spent", "with_data", "status"),
    [
        (100, ("10000.00", "9000.00"), True, Status.PASS),
        (99, ("10000.00", "9000.00"), True, Status.NOT_APPLICABLE),
        (100, ("10000.00", "9000.00"), False, Status.INSUFFICIENT),
        (99, ("10000.00", "7500.00"), True, Status.FAIL),
    ],
)
def test_full_marks_otherwise(
    house: Any,
    table: Any,
    figures: Any,
    rows: list[Any],
    total: int,
    spent: tuple[str, str],
    with_data: bool,
    status: str,
) -> None:
    full = [(*row[:4], row[3]) for row in rows]
    data = figures(支出=spent, 购置=("1000.00", "1000.00")) if with_data else None
    if total == 99 and status == Status.NOT_APPLICABLE:
        full[3] = (*full[3][:4], 39)
    (outcome,) = house(FULL).outcomes(table(*full, total=total), data)
    assert outcome.status == status
    assert not outcome.headline


@pytest.mark.parametrize(
    ("grade", "total", "status"),
    [
        ("优", 90, Status.PASS),
        ("优秀", 95, Status.PASS),
        ("优", "89.99", Status.FAIL),
        ("良", 80, Status.PASS),
        ("良", 95, Status.FAIL),
        ("合格", 95, Status.FAIL),
        ("", 95, Status.NOT_APPLICABLE),
        ("优", "", Status.INSUFFICIENT),
    ],
)
def test_the_grade_is_that_of_the_total(
    house: Any, table: Any, figures: Any, rows: list[Any], grade: str, total: Any, status: str
) -> None:
    (outcome,) = house({"kind": "grade"}).outcomes(table(*rows, total=total, grade=grade), figures())
    assert outcome.status == status


def test_levels_are_counted(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {"kind": "level_counts", "expected": {"一级指标": 2, "二级指标": 3, "三级指标": 4}}
    outcomes = house(check).outcomes(table(*rows), figures())
    assert statuses(outcomes) == [Status.PASS, Status.FAIL, Status.PASS]
    assert outcomes[1].difference == -1


@pytest.mark.parametrize(("total", "status"), [("87.78", Status.PASS), ("79", Status.FAIL), ("80", Status.FAIL)])
def test_the_total_is_rescaled_for_what_does_not_apply(
    house: Any, table: Any, figures: Any, rows: list[Any], total: str, status: str
) -> None:
    """79 of 90 is 87.78 of 100."""
    rows[2] = (*rows[2][:4], "不适用")
    rows[3] = (*rows[3][:4], 39)
    given = table(*rows, total=total), figures(购置=("0.00", "0.00"))
    (outcome,) = house({"kind": "rescaled"}).outcomes(*given)
    assert outcome.status == status


def test_nothing_is_rescaled_where_everything_applies(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    (outcome,) = house({"kind": "rescaled"}).outcomes(table(*rows, total=89), figures())
    assert outcome.status == Status.NOT_APPLICABLE


@pytest.mark.parametrize(("total", "status"), [(89, Status.PASS), (88, Status.FAIL), ("", Status.INSUFFICIENT)])
def test_the_claims_add_up_to_the_total(
    house: Any, table: Any, figures: Any, rows: list[Any], total: Any, status: str
) -> None:
    (outcome,) = house({"kind": "claimed_total"}).outcomes(table(*rows, total=total), figures())
    assert outcome.status == status


def test_printed_sub_totals_are_added_up_too(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    rows.insert(0, ("过程", None, None, 60, 48))
    outcomes = house({"kind": "claimed_total"}).outcomes(table(*rows, total=89), figures())
    assert [(outcome.status, outcome.difference) for outcome in outcomes] == [(Status.PASS, None), (Status.FAIL, -1)]


def test_full_marks_printed_are_the_standards(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {"kind": "weights", "aspect": "criteria"}
    assert statuses(house(check).outcomes(table(*rows), figures())) == [Status.PASS] * 4
    rows[1] = ("过程", "执行", "三公控制率", 15, 10)
    outcomes = house(check).outcomes(table(*rows), figures())
    assert [outcome.difference for outcome in outcomes] == [None, 5, None, None]


def test_marks_in_brackets_are_those_below(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {"kind": "weights", "aspect": "levels"}
    rows = [("过程（60分）" if row[0] == "过程" else "管理（50分）", *row[1:]) for row in rows]
    outcomes = house(check).outcomes(table(*rows), figures())
    assert [(outcome.status, outcome.difference) for outcome in outcomes] == [(Status.PASS, None), (Status.FAIL, 10)]


def test_all_full_marks_add_up(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    check = {"kind": "weights", "aspect": "total"}
    assert statuses(house(check).outcomes(table(*rows), figures())) == [Status.PASS]
    rows[1] = ("过程", "执行", "三公控制率", 15, 10)
    (outcome,) = house(check).outcomes(table(*rows), figures())
    assert outcome.difference == 5


def test_a_rule_names_a_standard_that_there_is(house: Any, table: Any, figures: Any, rows: list[Any]) -> None:
    (outcome,) = house({"kind": "recomputed", "scheme": "没有"}).outcomes(table(*rows), figures())
    assert outcome.status == Status.BROKEN


@pytest.mark.parametrize(
    ("check", "status"), [({"kind": "recomputed"}, Status.INSUFFICIENT), ({"kind": "grade"}, Status.NOT_APPLICABLE)]
)
def test_a_form_without_a_standard_is_told(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any], check: Any, status: str
) -> None:
    scheme |= {"form": "数据表", "claims": {"table": "数据", "levels": ["项目"], "claimed": "决算"}}
    scheme["criteria"] = [{"name": "支出", "kind": "manual"}]
    (outcome,) = house(check, scheme=scheme).outcomes(table(*rows), figures())
    assert outcome.status == status and outcome.reason is not None


def test_a_table_without_any_claim_adds_up_to_nothing_known(house: Any, table: Any, figures: Any) -> None:
    given = table(("过程", "执行", "支出率", None, None), total=97)
    (outcome,) = house({"kind": "claimed_total"}).outcomes(given, figures())
    assert outcome.status == Status.INSUFFICIENT
