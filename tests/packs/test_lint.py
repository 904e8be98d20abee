# ruff: noqa: E501 (a mistake and its place are told on one line)
"""Mistakes that a pack can be loaded with are found before any workbook is seen, each at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.packs.cases import load_cases
from checker.packs.lint import Diagnostic, lint
from checker.packs.load import LoadedPacks

from .conftest import BASE, CHECKS, FORM, KINDS, Files

Load = Callable[..., LoadedPacks]
CASES = """\
schema: checker/cases@1
form: 收支表
cases:
  - {rule: total, kind: pass, expect: pass, given: {收支: {合计: {预算数: 3}, 基本支出: {预算数: 3}}}}
  - {rule: total, kind: fail, expect: fail, difference: "-0.02", given: {收支: {合计: {预算数: "1.00"}}}}
  - {rule: DM-0101, kind: boundary, expect: tail, given: {单位名称: 某单位}}
  - {rule: total, kind: blank, expect: not_applicable, given: {收支: {合计: {预算数: }}}}
"""
GOOD = {**BASE, "cases/a.yaml": CASES}
FORMULA = CHECKS.replace("{kind: sum, table: 收支, total: 合计}", '{kind: identity, formula: "FORMULA"}')


def remarks(load: Load, files: Files, **more: Files) -> set[tuple[str, str]]:
    return {place(remark) for remark in lint(load(demo=files, **more), KINDS)}


def place(remark: Diagnostic) -> tuple[str, str]:
    return remark.code, remark.where.replace("\\", "/").rpartition("/demo/")[2]


def test_a_good_pack_has_no_remarks(load: Load) -> None:
    assert remarks(load, GOOD) == set()


def edited(path: str, old: str, new: str) -> Files:
    assert old in GOOD[path]
    return {**GOOD, path: GOOD[path].replace(old, new)}


PARAMETERS = "schema: checker/parameters@1\nparameters:\n  上限: {values: [{value: 1, source: {document: d, status: inferred}}]}\n"


@pytest.mark.parametrize(
    ("files", "code", "where"),
    [
        (edited("checks/a.yaml", "table: 收支", "table: 收入"), "TABLE_UNKNOWN", "checks/a.yaml:10:31"),
        (edited("checks/a.yaml", "total: 合计", "total: 总计"), "ROW_UNKNOWN", "checks/a.yaml:10:42"),
        (edited("checks/a.yaml", "合计}", "合计, columns: [预算]}"), "COLUMN_UNKNOWN", "checks/a.yaml:10:56"),
        (edited("checks/a.yaml", "{left}", "{lefft}"), "PLACEHOLDER_UNKNOWN", "checks/a.yaml:9:14"),
        (edited("checks/a.yaml", "    check:", "    follows: [total]\n    check:"), "FOLLOWS_CIRCLE", "checks/a.yaml:10:14"),
        (edited("cases/a.yaml", "kind: blank, ", "kind: pass, "), "CASES_MISSING", "checks/a.yaml:4:9"),
        (edited("cases/a.yaml", "rule: DM-0101", "rule: DM-0102"), "RULE_UNKNOWN", "cases/a.yaml:6:12"),
        (edited("cases/a.yaml", "form: 收支表", "form: 收入表"), "FORM_UNKNOWN", "cases/a.yaml:2:7"),
        (edited("cases/a.yaml", "单位名称", "单位称"), "FIELD_UNKNOWN", "cases/a.yaml:6:59"),
        (edited("cases/a.yaml", "基本支出", "基本"), "ROW_UNKNOWN", "cases/a.yaml:4:72"),
        (edited("cases/a.yaml", '预算数: "1.00"', '预算: "1.00"'), "COLUMN_UNKNOWN", "cases/a.yaml:5:84"),
        (edited("cases/a.yaml", "kind: boundary", "kind: border"), "VALUE_UNKNOWN", "cases/a.yaml:6:27"),
        (edited("cases/a.yaml", "单位名称: 某单位", "收支: [{预算数: 1}]"), "CASE_SHAPE", "cases/a.yaml:6:63"),
        (
            {
                **edited("cases/a.yaml", "收支: {合计: {预算数: }}", "收支: [{total: {预算数: 1}}]"),
                "forms/a.yaml": FORM[: FORM.index("    rows:")] + "    rows: open\n    totals: {合计: {}}\n",
            },
            "ROW_UNKNOWN",
            "cases/a.yaml:7:77",
        ),
        (edited("forms/a.yaml", "unit: 万元", "unit: 万园"), "UNIT_UNKNOWN", "forms/a.yaml:5:7"),
        ({**GOOD, "parameters.yaml": PARAMETERS}, "PARAMETER_UNUSED", "parameters.yaml:3:3"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_at_its_place(load: Load, files: Files, code: str, where: str) -> None:
    assert (code, where) in remarks(load, files)


def test_a_formula_is_analysed_at_its_character(load: Load) -> None:
    formula = "收支[合计, 预算数] = 收支[合计, 决数]"
    (remark,) = [
        found
        for found in lint(
            load(demo={**GOOD, "checks/a.yaml": FORMULA.replace("FORMULA", formula)}),
            KINDS,
        )
        if "checks/a.yaml:10:" in found.where.replace("\\", "/")
    ]
    start = CHECKS.splitlines()[9].index("{") + 1 + len('{kind: identity, formula: "')
    column = int(remark.where.rsplit(":", 1)[1])
    assert start + formula.rindex("收支") <= column <= start + formula.index("决数")
    assert remark.suggestion is not None
    assert "决算数" in remark.suggestion.zh


def test_a_formula_that_cannot_be_read_is_a_remark(load: Load) -> None:
    found = remarks(load, {**GOOD, "checks/a.yaml": FORMULA.replace("FORMULA", "收支[合计, 预算数] = = 1")})
    assert any(where.startswith("checks/a.yaml:10:") for _, where in found)


def test_a_parameter_in_a_formula_is_used(load: Load) -> None:
    checks = FORMULA.replace("FORMULA", "收支[合计, 预算数] <= 上限")
    found = remarks(load, {**GOOD, "checks/a.yaml": checks, "parameters.yaml": PARAMETERS})
    assert "PARAMETER_UNUSED" not in {code for code, _ in found}


def test_only_the_packs_asked_for_are_told(load: Load) -> None:
    loaded = load(demo=edited("forms/a.yaml", "unit: 万元", "unit: 万园"))
    assert lint(loaded, KINDS, packs=[]) == []


def test_a_diagnostic_reads_as_errors_do(load: Load) -> None:
    loaded = load(demo=edited("checks/a.yaml", "table: 收支", "table: 收入"))
    (remark,) = lint(loaded, KINDS)
    line = remark.render("en")
    assert line.endswith("[TABLE_UNKNOWN]")
    assert "a.yaml:10:31" in line
    assert "收支" in line, "the nearest name is suggested"


def test_cases_are_read_with_exact_numbers(load: Load) -> None:
    (file,), errors = load_cases(load(demo=GOOD).packs["demo"])
    assert errors == []
    assert [(case.rule, case.kind, case.expect) for case in file.cases][1:3] == [
        ("DM-0101", "fail", "fail"),
        ("DM-0101", "boundary", "tail"),
    ]
    assert str(file.cases[1].difference) == "-0.02"
    assert file.cases[1].given["收支"]["合计"]["预算数"] == "1.00", "digits are kept"
    assert Path(file.cases[0].origin.rsplit(":", 2)[0]).name == "a.yaml"
    assert FORM
