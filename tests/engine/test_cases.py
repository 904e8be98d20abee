"""Cases of rules: drawn, found again, judged; and told apart from the expectation with file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from checker.engine.cases import CasesReport, run_cases
from checker.values.lexicon import Lexicon

Build = Callable[..., Any]

GOOD = {"资金": {"合计": {"预算数": 100, "执行数": 90}, "拨款": {"预算数": 100, "执行数": 90}}}
BAD = {"资金": {"合计": {"预算数": 100, "执行数": 90}, "拨款": {"预算数": 80, "执行数": 90}}}


def run(here: Any, *cases: dict[str, Any]) -> CasesReport:
    folder = here.folder / "en" / "cases"
    folder.mkdir()
    content = {"schema": "checker/cases@1", "form": "自评表", "cases": list(cases)}
    plain = json.loads(json.dumps(content))  # YAML marks what is used twice
    (folder / "a.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return run_cases({"en": here.plan}, here.loaded.labels, Lexicon(here.loaded.lexicon))


def case(given: Any, expect: str, **more: Any) -> dict[str, Any]:
    return {"rule": "total", "kind": "pass", "expect": expect, "given": given} | more


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        (case(GOOD, "pass"), ""),
        (case(BAD, "fail"), ""),
        (case(BAD, "fail", difference="20", at_least="19.99"), ""),
        (case(BAD, "fail", severity="error"), ""),
        (case({"资金": {"合计": None, "拨款": {"预算数": 1}}}, "insufficient"), ""),
        (case(GOOD, "fail"), "pass"),
        (case(BAD, "pass"), "fail"),
        (case(BAD, "fail", difference="21"), "21"),
        (case(BAD, "fail", at_least="20"), "20"),
        (case(BAD, "fail", severity="note"), "note"),
    ],
)
def test_each_expectation(house: Build, rules: Any, item: dict[str, Any], wrong: str) -> None:
    report = run(house(rules["total"]), item)
    assert report.total == 1
    if not wrong:
        assert report.failures == (), [failure.render() for failure in report.failures]
        return
    (failure,) = report.failures
    assert wrong in failure.render() and failure.where.endswith("a.yaml:4:9")


def test_of_several_places_the_one_that_says_most_counts(house: Build, rules: Any) -> None:
    # One column fails, the other passes.
    assert run(house(rules["total"]), case(BAD, "fail")).failures == ()


def test_a_case_of_a_rule_that_is_broken_or_not_there(house: Build, rules: Any, rule: Any) -> None:
    here = house(rules["total"], rule(9, "odd", {"kind": "identity", "formula": "1 +"}))
    report = run(here, case(GOOD, "pass"), case(GOOD, "pass", rule="odd"), case(GOOD, "pass", rule="nobody"))
    assert len(report.failures) == 2
    told = " ".join(failure.render() for failure in report.failures)
    assert "EN-0009" in told and "nobody" in told


def test_what_cannot_be_drawn_fails_and_stops_nothing(house: Build, rules: Any) -> None:
    report = run(house(rules["total"]), case({"没有的表": {}}, "pass"), case(GOOD, "pass"))
    assert report.total == 2 and len(report.failures) == 1
