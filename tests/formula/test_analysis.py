"""What is said of a formula before any workbook is seen."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checker.formula.analysis import Diagnostic, analyse
from checker.formula.names import Dimension, FormNames, Type
from checker.formula.parser import parse
from checker.messages import Text
from checker.model.form import Column, Field, Form, Level, Row, Table

UNITS = {
    "元": ("money", Decimal(1)),
    "万元": ("money", Decimal(10000)),
    "人": ("people", Decimal(1)),
    "%": ("rate", Decimal("0.01")),
}


def column(name: str, kind: str, unit: str = "") -> Column:
    return Column(name, kind, (name,), unit=unit)


def form(name: str, *tables: Table) -> Form:
    fields = {
        "项目名称": Field("项目名称", "text", ("项目名称",)),
        "预算": Field("预算", "amount", ("预算",), unit="万元"),
    }
    return Form(name, "p", Text("", ""), (), (), "万元", fields, {table.name: table for table in tables})


FUNDS = Table(
    "资金",
    "closed",
    {
        c.name: c
        for c in (
            column("预算数", "amount"),
            column("执行数", "amount"),
            column("实付", "amount", "元"),
            column("执行率", "percent"),
            column("分值", "weight"),
            column("得分", "score"),
            column("人数", "count", "人"),
            column("备注", "text"),
            column("指标值", "target"),
        )
    },
    rows={"年度资金总额": Row("年度资金总额", ()), "其他资金": Row("其他资金", ())},
    totals={"合计": Row("合计", ())},
)
SPENDING = Table(
    "支出",
    "open",
    {"编码": column("编码", "code"), "本年支出": column("本年支出", "amount")},
    levels={"类": Level("类", "编码", 3)},
)
OWN, OTHER = form("自评表", FUNDS), form("决算表", SPENDING)
NAMES = FormNames(
    OWN,
    forms={form.name: form for form in (OWN, OTHER)},
    table="资金",
    current=("预算数", "执行数"),
    parameters={"分值上限": "", "限额": "万元", "界限": "%"},
    units=UNITS,
    roles=["上年"],
)


def found(text: str, names: FormNames = NAMES) -> list[Diagnostic]:
    return list(analyse(parse(text), names).diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "[@执行率] = [@执行数] / [@预算数]",
        "[@得分] = [@分值] * MIN(1, [@执行数] / [@预算数])",
        "[@得分] = 10 * [@执行率]",
        "[年度资金总额, @] = SUM(资金[*, @]) - [其他资金, @]",
        "资金[合计, 预算数] >= SUM(决算表!支出[类, 本年支出])",
        "上年!资金[合计, 实付] = [合计, 执行数]",
        '决算表!支出[编码="201", 本年支出] + 上年![合计, 预算数] > 0',
        "[@实付] = [@执行数] * 10000",
        "[@实付] / [@人数] <= 限额 / 12 / [@人数]",
        "自评表[预算] = [年度资金总额, 预算数]",
        '自评表[项目名称] <> ""',
        "IF([@指标值] > 3, [@分值], 0) <= 分值上限",
        "[@执行率] <= 界限 - 5%",
        "AND(NOT(ISBLANK([@备注])), COUNT(资金[预算数]) > 1)",
        "ABS([@预算数] - [@执行数]) / [@预算数] <= 10%",
        "ROUND([@预算数], 2) = [@预算数]",
        "[@执行数] / [@预算数] * [@预算数] = [@执行数]",
        "MAX(资金[预算数], [@执行数]) > 限额",
    ],
)
def test_sound_formulas(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "code", "at", "suggestion"),
    [
        ("[@执行数额] > 0", "COLUMN", "[@执行数额]", "执行数"),
        ("资今[执行数] > 0", "TABLE", "资今[执行数]", "资金"),
        ("资金[年度资金总数, 执行数] > 0", "ROW", "资金[年度资金总数, 执行数]", "年度资金总额"),
        ("去年!资金[合计, 执行数] > 0", "BOOK", "去年!资金[合计, 执行数]", "上年"),
        ("决算!支出[类, 本年支出] > 0", "BOOK", "决算!支出[类, 本年支出]", "决算表"),
        ('决算表!支出[科目="1", 本年支出] > 0', "COLUMN", '决算表!支出[科目="1", 本年支出]', ""),
        ("自评表[项目名字] = “x”", "COLUMN", "自评表[项目名字]", "项目名称"),
        ("[@预算数] > 限制额", "PARAMETER", "限制额", "限额"),
        ("预算数 > 0", "PARAMETER", "预算数", "[@预算数]"),
        ("[@预算数] > E7", "PARAMETER", "E7", ""),
    ],
)
def test_unknown_names(text: str, code: str, at: str, suggestion: str) -> None:
    (diagnostic,) = found(text)
    assert diagnostic.code == f"FORMULA_UNKNOWN_{code}"
    assert text[diagnostic.start : diagnostic.end] == at
    assert diagnostic.suggestion == suggestion
    assert diagnostic.message.en


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("[@预算数] + [@执行率] > 0", "UNIT", "[@预算数] + [@执行率]"),
        ("[@预算数] > [@人数]", "UNIT", "[@预算数] > [@人数]"),
        ("[@预算数] = [@实付]", "UNIT", "[@预算数] = [@实付]"),
        ("[@执行率] = [@执行数] * [@预算数]", "UNIT", "[@执行率] = [@执行数] * [@预算数]"),
        ("[@执行率] = [@执行数] / [@人数]", "UNIT", "[@执行率] = [@执行数] / [@人数]"),
        ("[@得分] = [@执行数] * 2", "UNIT", "[@得分] = [@执行数] * 2"),
        ("SUM([@预算数], [@人数]) > 0", "UNIT", "SUM([@预算数], [@人数])"),
        ("[@执行率] > 限额", "UNIT", "[@执行率] > 限额"),
        ("IF([@人数] > 1, [@预算数], [@人数]) > 0", "UNIT", "IF([@人数] > 1, [@预算数], [@人数])"),
        ("[@备注] + 1 > 0", "TYPE", "[@备注]"),
        ("[@备注] > 1", "TYPE", "[@备注] > 1"),
        ('[@备注] > "a"', "TYPE", '[@备注] > "a"'),
        ("SUM(资金[备注]) > 0", "TYPE", "资金[备注]"),
        ("NOT([@预算数])", "TYPE", "[@预算数]"),
        ("([@预算数] > 1) + 1", "TYPE", "[@预算数] > 1"),
        ("ISBLANK([@预算数] + 1)", "TYPE", "[@预算数] + 1"),
        ("资金[预算数] > 0", "COLUMN", "资金[预算数]"),
        ("ABS(决算表!支出[类, 本年支出]) > 0", "COLUMN", "决算表!支出[类, 本年支出]"),
        ("[@预算数] / (1 - 1) > 0", "DIVISION_BY_ZERO", "1 - 1"),
        ("IF(1 = 1, [@预算数], 0) > 0", "DEAD", "1 = 1"),
        ("[@预算数] >= [@预算数]", "DEAD", "[@预算数] >= [@预算数]"),
        ("AND([@预算数] > 0, 2 > 3)", "DEAD", "2 > 3"),
        ("自评表[@预算] > 0", "NO_TABLE", "自评表[@预算]"),
    ],
)
def test_what_cannot_be_meant(text: str, code: str, at: str) -> None:
    (diagnostic,) = found(text)
    assert diagnostic.code == f"FORMULA_{code}"
    assert text[diagnostic.start : diagnostic.end] == at
    assert diagnostic.severity == ("warning" if code == "DEAD" else "error")


def test_advice_for_a_whole_column() -> None:
    (diagnostic,) = found("资金[预算数] > 0")
    assert diagnostic.suggestion == "SUM(资金[预算数])"


def test_rules_without_a_place() -> None:
    nowhere = FormNames(OWN, forms={}, parameters={}, units=UNITS)
    assert [diagnostic.code for diagnostic in found("[@预算数] > 0", nowhere)] == ["FORMULA_NO_TABLE"]
    assert [diagnostic.code for diagnostic in found("资金[@预算数] > 0", nowhere)] == ["FORMULA_NO_TABLE"]
    assert [diagnostic.code for diagnostic in found("资金[合计, @] > 0", nowhere)] == ["FORMULA_NO_COLUMN"]


def test_all_faults_in_the_order_of_the_text() -> None:
    diagnostics = found("[@执行] + [@备注] > 限制额 * 资金[预算数]")
    assert [diagnostic.code.removeprefix("FORMULA_") for diagnostic in diagnostics] == [
        "UNKNOWN_COLUMN",
        "TYPE",
        "UNKNOWN_PARAMETER",
        "COLUMN",
    ]


def test_what_a_formula_comes_to() -> None:
    assert analyse(parse("[@预算数] > 0"), NAMES).content.type == Type.BOOLEAN
    assert analyse(parse("[@备注]"), NAMES).content.type == Type.TEXT
    rate = analyse(parse("[@执行数] / [@预算数]"), NAMES).content
    assert rate.dimension == Dimension(())
    per_head = analyse(parse("[@执行数] / [@人数]"), NAMES).content
    assert per_head.dimension == Dimension((("money", 1), ("people", -1)), Decimal(10000))
