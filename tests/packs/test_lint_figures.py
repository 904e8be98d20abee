# ruff: noqa: E501 (a mistake and its place are told on one line)
"""Lint reckons with what kinds of checks say of columns, as it does with formulas; bounds, messages and conditions that
cannot be meant are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.model.plugin import PackSource
from checker.packs.diagnostic import Diagnostic
from checker.packs.lint import lint
from checker.packs.load import load_packs

from .conftest import OURS, PACK, Files

Lint = Callable[..., list[Diagnostic]]
FORM = """\
schema: checker/form@1
form: 经费表
english: Funds
titles: [经费表]
unit: 万元
fields:
  单位名称: {role: unit}
  填报日期: {kind: date}
tables:
  经费:
    columns:
      项目: {kind: label}
      预算数: {kind: amount}
      决算数: {kind: amount}
      决算数元: {kind: amount, unit: 元}
      执行率: {kind: percent}
      人数: {kind: count, unit: 人}
      件数: {kind: count, unit: 件}
      个数: {kind: count}
      人均: {kind: number, unit: 万元}
      得分: {kind: score}
      备注: {kind: text}
    rows:
      合计: {total: true}
      基本支出: {part_of: 合计}
      项目支出: {part_of: 合计}
"""
PARAMETERS = """\
schema: checker/parameters@1
parameters:
  下限: {unit: "%", values: [{value: 50%, source: {document: d, status: inferred}}]}
  上限:
    unit: "%"
    values:
      - {value: 60%, until: 2024-12-31, source: {document: d, status: inferred}}
      - {value: 40%, since: 2025-01-01, source: {document: d, status: inferred}}
  金额: {unit: 万元, values: [{value: 5, source: {document: d, status: inferred}}]}
"""
HEAD = "schema: checker/checks@1\nform: 经费表\nrules:\n"
MESSAGE = '"{cell} {label}填{left}，应为{right}"'


def rule(check: str, message: str = MESSAGE, number: int = 1) -> str:
    return (
        f"  - id: DM-010{number}\n    name: rule-{number}\n    title: 规则\n    severity: error\n"
        f"    source: {{document: d, status: sourced}}\n    message: {message}\n    check: {check}\n"
    )


@pytest.fixture
def linted(write: Callable[[str, Files], Path]) -> Lint:
    def run(*rules: str) -> list[Diagnostic]:
        text = HEAD + "".join(rules)
        files = {"pack.yaml": PACK, "forms/a.yaml": FORM, "checks/a.yaml": text, "parameters.yaml": PARAMETERS}
        loaded = load_packs([PackSource("test", write("demo", files), "folder")], OURS)
        assert [str(failure) for failure in loaded.failures] == []
        return [one for one in lint(loaded, OURS) if one.code not in ("CASES_MISSING", "PARAMETER_UNUSED")]

    return run


def column_of(check: str, text: str) -> str:
    """Where in the file the rule's check says ``text``, as line:column."""
    return f"10:{len('    check: ') + check.index(text) + 1}"


@pytest.mark.parametrize(
    ("check", "code", "at"),
    [
        ("{kind: sum, table: 经费, total_column: 预算数, part_columns: [决算数, 人数]}", "FORMULA_UNIT", "人数"),
        ("{kind: sum, table: 经费, total_column: 预算数, part_columns: [决算数], less_columns: [执行率]}", "FORMULA_UNIT", "执行率"),
        ("{kind: sum, table: 经费, total_column: 预算数, part_columns: [决算数元]}", "FORMULA_UNIT", "决算数元"),
        ("{kind: sum, table: 经费, total: 合计, columns: [预算数, 备注]}", "COLUMN_TYPE", "备注"),
        ("{kind: within, table: 经费, whole_column: 预算数, part_columns: [决算数元]}", "FORMULA_UNIT", "决算数元"),
        ("{kind: within, table: 经费, whole_column: 备注, part_columns: [预算数]}", "COLUMN_TYPE", "备注"),
        ('{kind: rate, table: 经费, rate: "[@执行率]", numerator: "[@决算数]", denominator: "[@人数]"}', "FORMULA_UNIT", '"[@执行率]"'),
        ('{kind: rate, table: 经费, rate: "[@执行率]", numerator: "[@决算数元]", denominator: "[@预算数]"}', "FORMULA_UNIT", '"[@执行率]"'),
        ('{kind: rate, table: 经费, rate: "[@执行率]", numerator: "[@决算数]", denominator: "[@预算数]", cap: 金额}', "FORMULA_UNIT", "金额}"),
        ('{kind: same, facts: ["经费[合计, 预算数]", "经费[合计, 人数]"]}', "FORMULA_UNIT", '"经费[合计, 人数]"'),
        ('{kind: same, pairs: [["经费[合计, 预算数]", "经费[合计, 决算数元]"]]}', "FORMULA_UNIT", '"经费[合计, 决算数元]"'),
        ('{kind: same, facts: ["经费[合计, 人数]", "经费[合计, 件数]"]}', "FORMULA_UNIT", '"经费[合计, 件数]"'),
        ('{kind: carryover, opening: "经费[合计, 预算数]", closing: "上年!经费[合计, 人数]"}', "FORMULA_UNIT", '"经费[合计, 预算数]"'),
        ('{kind: change, current: "经费[合计, 预算数]", prior: "上年!经费[合计, 预算数]", limit: 金额}', "FORMULA_UNIT", "金额}"),
        ("{kind: range, table: 经费, columns: [预算数], at_most: 上限}", "FORMULA_UNIT", "上限}"),
        ("{kind: range, table: 经费, columns: [备注], at_least: 0}", "COLUMN_TYPE", "备注"),
        ('{kind: range, table: 经费, columns: [预算数], at_most: "100%"}', "BOUND_PERCENT", '"100%"'),
        ("{kind: range, table: 经费, columns: [执行率], at_most: 100}", "BOUND_PERCENT", "100}"),
        ("{kind: range, table: 经费, columns: [得分], at_least: 5, at_most: 3}", "BOUNDS_ORDER", "3}"),
        ("{kind: range, table: 经费, columns: [执行率], at_least: 下限, at_most: 上限}", "BOUNDS_ORDER", "上限}"),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_held_against_each_other(linted: Lint, check: str, code: str, at: str) -> None:
    (found,) = linted(rule(check))
    assert found.code == code and found.severity == "error"
    assert found.where.endswith(f"checks/a.yaml:{column_of(check, at)}")


@pytest.mark.parametrize(
    "check",
    [
        "{kind: sum, table: 经费, total_column: 预算数, part_columns: [决算数]}",
        "{kind: within, table: 经费, whole: 合计, columns: [预算数, 人数]}",
        '{kind: rate, table: 经费, rate: "[@执行率]", numerator: "[@决算数]", denominator: "[@预算数]", cap: 上限}',
        '{kind: same, facts: ["经费[合计, 人数]", "经费[合计, 个数]"]}',
        '{kind: same, pairs: [["经费[合计, 预算数]", "经费[合计, 决算数元] / 10000"]]}',
        "{kind: range, table: 经费, columns: [执行率], at_least: 0, at_most: 下限}",
        "{kind: range, table: 经费, columns: [预算数], at_most: 金额}",
        "{kind: range, table: 经费, columns: [得分], at_least: 3, at_most: 3}",
        '{kind: carryover, opening: "经费[合计, 预算数]", closing: "上年!经费[合计, 预算数]"}',
        '{kind: change, current: "经费[合计, 人数]", prior: "上年!经费[合计, 人数]", limit: "30%"}',
    ],
)
def test_figures_that_can(linted: Lint, check: str) -> None:
    assert [found for found in linted(rule(check)) if found.code != "SAME_FACTS"] == []


def test_what_does_not_fit_is_named_in_words(linted: Lint) -> None:
    (found,) = linted(rule("{kind: sum, table: 经费, total_column: 预算数, part_columns: [个数]}"))
    assert found.message.zh == "[@个数]与[@预算数]：把计数和万元相加减、相比较或并列取数，计量单位不同。"
    assert found.message.en == "[@个数] beside [@预算数]: a count and 万元 are added, compared or chosen from."
    (found,) = linted(rule("{kind: range, table: 经费, columns: [执行率], at_least: 下限, at_most: 上限}"))
    assert found.message.zh == "自2025-01-01起，没有哪个数既不小于下限又不大于上限。"


ANY = '{kind: identity, table: 经费, rows: all, formula: "[@预算数] = [@决算数]"}'


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (MESSAGE, []),
        ('"{cell}有误"', []),
        ('"合计与各项之和不符"', []),
        ('{zh: "{cell}有误", en: "{cell} is wrong"}', []),
        ('"{cell} {filled}"', []),
        ('{zh: "{cell} {label}", en: "{cell} {label}"}', ["MESSAGE_SAYS_NOTHING"]),
        ('{zh: "{cell}有误", en: "{cell}: {left}, {right}"}', ["MESSAGE_SAYS_NOTHING"]),
        ('"预算数"', ["MESSAGE_SAYS_NOTHING"]),
        ('"{cell} 经费预算数 {left}"', ["MESSAGE_SAYS_NOTHING"]),
        ('"填写有误"', ["MESSAGE_PLACE"]),
        ('"{cel}有误"', ["PLACEHOLDER_UNKNOWN"]),
    ],
)
def test_a_message_says_where_and_what(linted: Lint, message: str, codes: list[str]) -> None:
    found = linted(rule(ANY, message))
    assert [one.code for one in found] == codes
    assert all(one.where.endswith("checks/a.yaml:9:14") for one in found)


def test_a_message_about_no_cell_needs_no_place(linted: Lint) -> None:
    assert (
        linted(rule("{kind: statement, table: 经费, patterns: [没有], expects: words}", '"没有数据，也没有说明"')) == []
    )


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        ('{kind: identity, table: 经费, rows: all, formula: "[@预算数] >= [@决算数]", when: "[@预算数] > [@决算数]"}', "TRUE"),
        ('{kind: inequality, table: 经费, rows: all, formula: "[@预算数] <= 3", when: "[@预算数] > 5"}', "FALSE"),
        ('{kind: conditional, table: 经费, rows: all, if: "[@预算数] > 0", then: "[@预算数] >= 0"}', "TRUE"),
        ('{kind: conditional, table: 经费, rows: all, when: "[@预算数] > 5", if: "[@预算数] > 3", then: "[@决算数] > 0"}', "TRUE"),
        ('{kind: identity, table: 经费, rows: all, formula: "[@预算数] = IF(ISBLANK([@备注]), 1, 2)", when: "NOT(ISBLANK([@备注]))"}', "FALSE"),
        ('{kind: identity, table: 经费, rows: all, formula: "[@预算数] = [@决算数]", when: "AND([@预算数] > 5, [@预算数] < 3)"}', "FALSE"),
    ],
)  # fmt: skip
def test_what_a_condition_settles(linted: Lint, check: str, answer: str) -> None:
    found = linted(rule(check))
    assert [one.code for one in found] == ["FORMULA_UNREACHED"]
    assert f"always {answer}" in found[0].message.en


def test_a_rule_under_a_condition_that_another_makes_without_one(linted: Lint) -> None:
    always = rule("{kind: sum, table: 经费, total: 合计, columns: [预算数, 决算数]}")
    part = '{kind: sum, table: 经费, total: 合计, columns: [决算数], when: "经费[合计, 人数] > 0"}'
    (found,) = linted(always, rule(part, number=2))
    assert found.code == "RULE_REPEATED" and found.message.en == "DM-0102 says nothing that DM-0101 does not say."
    more = part.replace("[决算数]", "[决算数, 人数]")
    assert linted(always, rule(more, number=2)) == [], "what it says more is worth its while"


def test_missing_cases_are_named_in_chinese_too(write: Callable[[str, Files], Path]) -> None:
    files = {"pack.yaml": PACK, "forms/a.yaml": FORM, "checks/a.yaml": HEAD + rule(ANY)}
    found = lint(load_packs([PackSource("test", write("demo", files), "folder")], OURS), OURS)
    (missing,) = [one for one in found if one.code == "CASES_MISSING"]
    assert missing.message.zh == "规则“rule-1”缺少用例：通过 pass、不通过 fail、边界 boundary、空白 blank。"
    assert missing.message.en == "The rule rule-1 has no case of: pass, fail, boundary, blank."
