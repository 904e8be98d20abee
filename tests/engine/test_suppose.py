"""A form as if some of its cells said something else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from checker.engine.suppose import supposing

Build = Callable[..., Any]


def test_only_the_cells_named_change_and_only_in_the_copy(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"])
    assessed = here.assess(here.workbook(funds(合计=(0, 90), 拨款=(100, 90))))
    (subject,) = assessed.results.subjects.values()
    table = subject.form.tables["资金"]
    total, part = table.row("合计"), table.row("拨款")
    fact = table.fact(total, "预算数")
    mended = supposing(subject, [(fact.sheet, fact.row, fact.column, Decimal(100))]).form.tables["资金"]
    assert mended.fact(total, "预算数").quantity.number == 100
    assert mended.fact(total, "预算数").address == fact.address
    assert [mended.fact(total, "执行数"), mended.fact(part, "预算数")] == [
        table.fact(total, "执行数"),
        table.fact(part, "预算数"),
    ]
    assert table.fact(total, "预算数").quantity.number == 0
    assert mended.facts("预算数")[0].quantity.number == 100


def test_a_supposition_about_another_sheet_changes_nothing(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"])
    assessed = here.assess(here.workbook(funds(合计=(0, 90), 拨款=(100, 90))))
    (subject,) = assessed.results.subjects.values()
    fact = subject.form.tables["资金"].facts("预算数")[0]
    mended = supposing(subject, [("别的表", fact.row, fact.column, Decimal(5))])
    assert mended.form.tables["资金"].facts("预算数")[0].quantity.number == 0


def test_other_forms_see_the_supposed_one(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["total"])
    one, other = funds(合计=(0, 90), 拨款=(100, 90)), funds(合计=(5, 5), 拨款=(5, 5))
    assessed = here.assess(here.workbook(one | {"项目名称": "甲"}, other | {"项目名称": "乙"}))
    first, second = assessed.results.subjects.values()
    mended = supposing(first, [])
    assert mended.forms["自评表"] == [mended.form, second.form]
