"""Facts read from where they were found: numbers, units, precision."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from checker.locate.located import LocatedForm
from checker.model.fact import Fact
from checker.model.form import Form
from checker.values.quantity import Kind

Read = Callable[[str], Form]
One = Callable[..., LocatedForm]

FORM = """
form: 自评表
titles: [自评表]
unit: 万元
tables:
  资金:
    beside: [项目资金]
    columns:
      来源: {kind: label}
      预算数: {kind: amount, decimals: 2}
      执行数: {kind: amount, decimals: 2, exact: true}
      执行率: {kind: percent, optional: true}
      分值: {kind: weight, optional: true}
    rows: {总额: {total: true}, 其他资金: {part_of: [总额], optional: true}}
"""


def fact(found: LocatedForm, column: str, row: int = 0) -> Fact:
    table = found.tables["资金"]
    read = table.fact(table.rows[row], column)
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("head", "heading", "cell", "number", "grain"),
    [
        ("| |", "预算数", "132.91", "132.91", "0.01"),
        ("| 单位：万元 |", "预算数", "132.91", "132.91", "0.01"),
        ("| 金额单位：元 |", "预算数", "1329120.67", "132.912067", "0"),
        ("| 单位：亿元 |", "预算数", "1.32", "13200", "100"),
        ("| |", "预算数（元）", "1329120.67", "132.912067", "0"),
        ("| 单位：元 |", "预算数（万元）", "132.91", "132.91", "0.01"),
        ("| |", "预算数", '"132.91万元"', "132.91", "0.01"),
        ("| |", "预算数", '"1,329,120.67元"', "132.912067", "0.000001"),
        ("| |", "预算数", "132.9", "132.9", "0.01"),
        ("| |", "预算数", "132.9123", "132.9123", "0.0001"),
    ],
)
def test_money_comes_in_the_unit_of_the_form_with_the_precision_it_was_stated_in(
    form: Read, one: One, head: str, heading: str, cell: str, number: str, grain: str
) -> None:
    found = one(form(FORM), f"| 自评表 |\n{head}\n| | | {heading} | 执行数 |\n| | 总额 | {cell} | 5 |")
    read = fact(found, "预算数")
    assert read.quantity.number == Decimal(number)
    assert read.grain == Decimal(grain)
    assert read.unit == "万元"


def test_the_label_beside_the_block_states_the_unit(form: Read, one: One) -> None:
    text = "| 自评表 |\n| 项目资金\\n（元） | | 预算数 | 执行数 |\n| | 总额 | 1000000 | 900000 |"
    for merges in (("A2:A3",), ()):
        found = one(form(FORM), text, *merges)
        assert fact(found, "预算数").quantity.number == 100
        assert found.tables["资金"].units == {"预算数": "元", "执行数": "元"}


def test_a_unit_of_something_else_is_no_unit_of_money(form: Read, one: One) -> None:
    found = one(form(FORM), "| 自评表 |\n| 计量单位：人 |\n| | | 预算数 | 执行数 |\n| | 总额 | 100 | 90 |")
    assert fact(found, "预算数").quantity.number == 100


def test_exact_columns_have_no_interval(form: Read, one: One) -> None:
    found = one(form(FORM), "| 自评表 |\n| | | 预算数 | 执行数 | 分值 |\n| | 总额 | 100 | 90 | 10 |")
    assert (fact(found, "预算数").grain, fact(found, "执行数").grain, fact(found, "分值").grain) == (
        Decimal("0.01"),
        0,
        0,
    )


def test_a_fact_carries_its_label_path_and_address(form: Read, one: One) -> None:
    found = one(form(FORM), "| 自评表 |\n| | | 预算数 | 执行数 |\n| | 总额 | 100 | 90 |")
    read = fact(found, "执行数")
    assert (read.path, read.sheet, read.address) == (("自评表", "资金", "总额", "执行数"), "Sheet1", "D3")


def test_what_is_not_printed_is_no_fact_and_what_is_blank_is_one(form: Read, one: One) -> None:
    found = one(form(FORM), "| 自评表 |\n| | | 预算数 | 执行数 |\n| | 总额 | | — |")
    table = found.tables["资金"]
    assert not table.has("执行率")
    assert table.fact(table.rows[0], "执行率") is None
    assert fact(found, "预算数").quantity.kind == Kind.BLANK
    assert fact(found, "预算数").address == "C3"
    assert fact(found, "执行数").quantity.kind == Kind.NIL


def test_the_figure_of_a_merged_column_is_the_first_filled(form: Read, one: One) -> None:
    text = "| 自评表 |\n| | | 预算数 | | 执行数 |\n| | 总额 | | 100 | 90 |"
    assert fact(one(form(FORM), text, "C2:D2"), "预算数").address == "D3"
    merged = "| 自评表 |\n| | | 预算数 | | 执行数 |\n| | 总额 | 100 | | 90 |"
    assert fact(one(form(FORM), merged, "C2:D2", "C3:D3"), "预算数").address == "C3"


def test_a_column_of_numbers_is_what_its_facts_say(form: Read, one: One) -> None:
    """Plain numbers are read by the column; whatever is not one is a NaN there and told by its fact."""
    text = """
    | 自评表 |
    | | | 预算数 | 执行数 | 执行率 |
    | | 总额 | 100.50 | "90" | 0.9 |
    | | 其他资金 | — | 约20 | "90%" |
    """
    table = one(form(FORM), text).tables["资金"]
    assert table.vector("预算数")[0] == Decimal("100.5")
    assert table.vector("预算数")[1].is_nan()
    for name in ("预算数", "执行数", "执行率"):
        numbers = [each.quantity.number for each in table.facts(name)]
        plain = [None if number.is_nan() else number for number in table.vector(name)]
        assert all(number in (None, known) for number, known in zip(plain, numbers, strict=True))
    assert table.vector("执行率") == [Decimal("0.9"), Decimal("0.9")]


def test_an_unfilled_column_of_the_form_is_no_reason_to_fail(form: Read, one: One) -> None:
    table = one(form(FORM), "| 自评表 |\n| | | 预算数 | 执行数 |\n| | 总额 | 1 | 1 |").tables["资金"]
    assert all(number.is_nan() for number in table.vector("执行率"))


def test_rows_without_a_name_are_counted(form: Read, one: One) -> None:
    text = "| 自评表 |\n| | | 预算数 | 执行数 |\n{}| | | 3 | 3 |\n| | 总额 | 4 | 4 |\n| | | 1 | 1 |"
    for blank in ("", "|\n"):
        table = one(form(FORM), text.format(blank)).tables["资金"]
        assert [table.label(row) for row in table.rows] == ["#1", "总额", "#2"]
