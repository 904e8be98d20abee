"""Labels with their values: beside, below, or in one cell; and money among them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from checker.locate.located import LocatedForm
from checker.model.form import Form

Read = Callable[[str], Form]
One = Callable[..., LocatedForm]

FORM = """
form: 申报表
titles: [申报表]
unit: 万元
fields:
  项目名称: {kind: text, role: project, optional: true, aliases: [项目]}
  主管部门: {kind: text, optional: true}
  实施单位: {kind: text, role: unit, optional: true}
  填报日期: {kind: date, optional: true}
  中期总额: {kind: amount, decimals: 2, unit: 万元, optional: true}
  中期拨款: {kind: amount, unit: 万元, optional: true, under: [中期总额], aliases: [财政拨款]}
  年度总额: {kind: amount, decimals: 2, unit: 万元, optional: true, aliases: [年度资金]}
  年度拨款: {kind: amount, unit: 万元, optional: true, under: [年度总额], aliases: [财政拨款]}
  年度目标: {kind: text, place: below, optional: true}
tables:
  指标: {columns: {三级指标: {kind: text, key: true}, 指标值: {kind: target}}, rows: open}
"""
TABLE = "| 三级指标 | 指标值 |\n| 场次 | 5 |"


def read(found: LocatedForm) -> dict[str, str]:
    return {name: f"{fact.quantity.raw}@{fact.address}" for name, fact in found.fields.items()}


@pytest.mark.parametrize(
    ("line", "merges", "expected"),
    [
        ("| 项目名称 | 甲项目 |", (), "甲项目@B2"),
        ("| 项 目 名 称： | | | 甲项目 |", (), "甲项目@D2"),
        ("| 项目名称 | | 甲项目 |", ("A2:B2", "C2:F2"), "甲项目@C2"),
        ("| 项目名称 | 项目名称 | 甲项目 | 甲项目 |", (), "甲项目@C2"),
        ("| 项目名称（全称） | 甲项目 |", (), "甲项目@B2"),
        ("| 项目名称：甲项目 |", (), "甲项目@A2"),
        ("| 项目名称 : 甲项目:二期 |", (), "甲项目:二期@A2"),
        ("| 项目名称 | 2024 |", (), "2024@B2"),
        ("| 项目名称 | | 主管部门 | 乙局 |", (), "@B2"),
        ("| 项目名称 | | | 延续项目 |", ("B2:C2",), "@B2"),
        ("| 项目名称 | | | | | | | | | | | 太远 |", (), "@B2"),
    ],
)
def test_a_value_stands_beside_its_label(
    form: Read, one: One, line: str, merges: tuple[str, ...], expected: str
) -> None:
    found = one(form(FORM), f"| 申报表 |\n{line}\n|\n{TABLE}", *merges)
    assert read(found)["项目名称"] == expected


def test_several_fields_share_a_line(form: Read, one: One) -> None:
    found = one(form(FORM), f"| 申报表 |\n| 主管部门 | 乙局 | 实施单位 | 丙中心 | 填报日期：2024年3月1日 |\n{TABLE}")
    assert read(found) == {"主管部门": "乙局@B2", "实施单位": "丙中心@D2", "填报日期": "2024年3月1日@E2"}
    assert found.fields["填报日期"].quantity.number == 45352
    assert found.role("unit") == "丙中心"


def test_a_label_that_is_not_there_gives_no_fact(form: Read, one: One) -> None:
    assert read(one(form(FORM), f"| 申报表 |\n{TABLE}")) == {}


def test_a_value_may_stand_below_its_label(form: Read, one: One) -> None:
    text = f"| 申报表 |\n| | 年度目标 |\n| | 办五场活动 |\n|\n{TABLE}"
    assert read(one(form(FORM), text)) == {"年度目标": "办五场活动@B3"}
    assert read(one(form(FORM), text, "A2:A3", "B2:D2", "B3:D3")) == {"年度目标": "办五场活动@B3"}
    assert read(one(form(FORM), text.replace("办五场活动", ""))) == {"年度目标": "@B3"}


@pytest.mark.parametrize("heading", ["年度总额", "年度资金"])
def test_the_same_label_under_two_headings(form: Read, one: One, heading: str) -> None:
    """By whichever of its names the heading goes."""
    text = f"""
    | 申报表 |
    | 中期总额 | 480 | {heading} | 162 |
    | 其中：财政拨款 | 470 | 其中：财政拨款 | 150 |
    {TABLE}"""
    assert read(one(form(FORM), text)) == {
        "中期总额": "480@B2",
        "中期拨款": "470@B3",
        "年度总额": "162@D2",
        "年度拨款": "150@D3",
    }


@pytest.mark.parametrize(
    ("text", "merges", "number"),
    [
        ("| 年度总额 | 162.5 |", (), "162.5"),
        ("| 年度总额（元） | 1625000 |", (), "162.5"),
        ("| 项目资金（元） | 年度总额 | 1625000 |", ("A2:A3",), "162.5"),
        ("| 单位：元 |\n| 年度总额 | 1625000 |", (), "162.5"),
        ("| 单位：元 |\n| 年度总额（万元） | 162.5 |", (), "162.5"),
        ("| 年度总额 | 1625000元 |", (), "162.5"),
    ],
)
def test_money_comes_in_the_unit_of_the_form(
    form: Read, one: One, text: str, merges: tuple[str, ...], number: str
) -> None:
    fact = one(form(FORM), f"| 申报表 |\n{text}\n|\n{TABLE}", *merges).fields["年度总额"]
    assert fact.quantity.number == Decimal(number)
    assert fact.unit == "万元"
