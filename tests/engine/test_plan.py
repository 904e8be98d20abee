"""What is made ready to run: unknown kinds, kinds of plugins, rules that cannot be compiled, years, parameters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.checks import KINDS
from checker.checks.subject import Compiled, Subject, answer
from checker.engine.plan import applies, parameters_on
from checker.messages import Text
from checker.model.outcome import Status
from checker.model.plugin import CheckKind

Build = Callable[..., Any]


def test_a_kind_that_nobody_brought_makes_its_rule_broken_and_no_other(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"], rules["rate"], known={name: kind for name, kind in KINDS.items() if name != "rate"})
    report = here.report(funds(合计=(100, 90, "95%"), 拨款=(100, 90)))
    assert report.status == "partly" and report.counts["broken"] == 1 and report.counts["pass"] == 2
    (told,) = (outcome for outcome in report.outcomes if outcome.status == "broken")
    assert told.rule == "EN-0002" and told.reason is not None
    assert "rate" in told.reason.zh and "没有检查类型" in told.reason.zh
    assert not any("\u4e00" <= character <= "\u9fff" for character in told.reason.en)


def test_a_kind_of_a_plugin_is_a_kind_like_any_other(house: Build, rule: Any, funds: Any) -> None:
    def compile_(rule: Any, pack: Any) -> Compiled:
        def run(subject: Subject) -> Any:
            fact = subject.form.fields["填报单位"]
            return [answer(rule, subject, Status.FAIL, (fact,), message=Text("{cell}写了{value}", "{cell} {value}"))]

        return Compiled(rule, run)

    shout = CheckKind("shout", {"type": "object", "properties": {}}, compile_)
    here = house(rule(9, "shouted", {"kind": "shout"}), kinds={**KINDS, "shout": shout})
    report = here.report(funds(合计=(1, 1)) | {"填报单位": "示例局"})
    (finding,) = report.findings
    assert finding.message.zh.endswith("写了示例局") and report.status == "checked"


@pytest.mark.parametrize("error", [KeyError("x"), ZeroDivisionError("0"), RecursionError("deep")])
def test_a_kind_that_cannot_compile_is_shown_with_what_went_wrong(
    house: Build, rules: Any, rule: Any, funds: Any, error: Exception
) -> None:
    def compile_(rule: Any, pack: Any) -> Compiled:
        raise error

    bad = CheckKind("bad", {"type": "object", "properties": {}}, compile_)
    here = house(rules["total"], rule(9, "bad-one", {"kind": "bad"}), kinds={**KINDS, "bad": bad})
    report = here.report(funds(合计=(100, 90), 拨款=(100, 90)))
    assert (report.counts["broken"], report.counts["pass"], report.status) == (1, 2, "partly")
    (told,) = (outcome for outcome in report.outcomes if outcome.status == "broken")
    assert told.reason is not None and type(error).__name__ in told.reason.en


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "identity", "formula": "[@预算数] + 1"},
        {"kind": "identity", "formula": "[@预算数] = "},
        {"kind": "same", "facts": ["资金[合计, 预算数]", "资金[合计, 预算数] + 1"]},
    ],
)
def test_a_formula_that_is_none_is_shown_with_its_rule(house: Build, rule: Any, funds: Any, check: Any) -> None:
    report = house(rule(9, "odd", check)).report(funds(合计=(100, 90)))
    (told,) = report.outcomes
    assert told.status == "broken" and told.reason is not None and "EN-0009" in told.reason.zh


def test_rules_are_about_years(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"] | {"applies": {"from": "2022-01-01", "until": "2023-12-31"}})
    given = funds(合计=(100, 90), 拨款=(90, 90))
    in_force = here.report(given, year="2023")
    assert [finding.rule.id for finding in in_force.findings] == ["EN-0001"]
    for year in ("2021", "2024"):
        outside = here.report(given, year=year)
        assert outside.findings == () and outside.counts["not_applicable"] == 1
        assert outside.outcomes[0].reason is not None and "年" in outside.outcomes[0].reason.zh


def test_a_year_that_is_said_wins_over_that_of_the_form(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"] | {"applies": {"from": "2022-01-01", "until": "2023-12-31"}})
    workbook = here.workbook(funds(合计=(100, 90), 拨款=(90, 90)), year="2024")
    assert here.assess(workbook, year="2023").report.findings
    assert not here.assess(
        here.workbook(funds(合计=(100, 90), 拨款=(90, 90)), year="2023"), year="2024"
    ).report.findings


def test_of_an_unknown_year_every_rule_is_asked(house: Build, rules: Any) -> None:
    plan = house(rules["total"] | {"applies": {"until": "2001-12-31"}}).plan
    assert applies(plan.rules["EN-0001"], "") and not applies(plan.rules["EN-0001"], "2024")


def test_parameters_are_those_of_the_year(house: Build, rules: Any, rule: Any, funds: Any) -> None:
    source = {"document": "测试", "status": "sourced"}
    limit = {
        "title": {"zh": "上限", "en": "limit"},
        "values": [
            {"since": "2000-01-01", "until": "2022-12-31", "value": "100", "source": source},
            {"since": "2023-01-01", "value": "50", "source": source},
        ],
    }
    check = {"kind": "range", "table": "资金", "columns": ["预算数"], "rows": ["合计"], "at_most": "上限"}
    here = house(rule(5, "limited", check), parameters={"上限": limit})
    pack = here.plan.pack
    assert [parameters_on(pack, year)["上限"] for year in ("2001", "2022", "2023", "")] == [
        Decimal(100),
        Decimal(100),
        Decimal(50),
        Decimal(50),
    ]
    assert here.report(funds(合计=(80, 1)), year="2022").findings == ()
    assert len(here.report(funds(合计=(80, 1)), year="2024").findings) == 1
    for year in ("1999", "1998"):
        assert parameters_on(pack, year) == {}, "nothing holds before it begins"
        report = here.report(funds(合计=(80, 1)), year=year)
        assert report.findings == () and report.counts["insufficient"] == 1
        (reason,) = [outcome.reason for outcome in report.outcomes if outcome.status == "insufficient"]
        assert reason is not None and "2000-01-01 – 2022-12-31、2023-01-01 – …" in reason.zh
