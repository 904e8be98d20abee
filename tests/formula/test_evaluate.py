"""What formulas come to: exact numbers, intervals, blanks, and what stands in the way."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.formula.estimate import Estimate
from checker.formula.evaluate import evaluate, facts_of
from checker.formula.functions import FUNCTIONS
from checker.formula.obstacle import DivisionByZero, Insufficient, Undecided, Unresolved, Unusable
from checker.formula.parser import parse
from checker.formula.render import fill
from checker.model.plugin import Function

D = Decimal
Line = Callable[..., Any]


def number(text: str, environment: Any, **options: Any) -> Decimal:
    value = evaluate(parse(text), environment, **options)
    assert value.number is not None
    return value.number


def truth(text: str, environment: Any) -> bool | None:
    return evaluate(parse(text), environment).boolean


def test_exact_numbers(line: Line) -> None:
    here = line(a="0.10", b="0.20", c="40.12")
    assert number("[@a] + [@b]", here) == D("0.3")
    assert number("[@c] × 3 − 1", here) == D("119.36")
    assert number("2 + 3 * 4 - -10 / 4", here) == D("16.5")
    assert number("50% * 3%%", here) == D("0.00015")
    assert number("(1 - 2) - (3 - 4)", here) == 0
    assert number("[@c] / 8", here) == D("5.015")


def test_functions(sheet: Any) -> None:
    here = sheet(
        {
            "甲": {"数": "3.00", "比": "50.00%"},
            "乙": {"数": "-7.50", "比": ""},
            "丙": {"数": "", "比": "—"},
            "合计": {"数": "-4.50", "比": ""},
        },
        totals=["合计"],
        levels={"类": ["甲", "乙"]},
        current="数",
    )
    assert number("SUM(表[数])", here) == D("-4.5")
    assert number("SUM(表[类, 数])", here) == D("-4.5")
    assert number("SUM([甲, @], 表[乙, @], 10, 2 * 3)", here) == D("11.5")
    assert number("MIN(表[数])", here) == D("-7.5")
    assert number("MAX(表[数], 1%)", here) == D("3")
    assert number("ABS([乙, 数])", here) == D("7.5")
    assert number("COUNT(表[数])", here) == 2
    assert number("COUNT(表[比])", here) == 1
    assert number('表[比="", 数]', sheet({"甲": {"数": "3.00", "比": ""}})) == 3
    assert number("IF([甲, 数] > 0, 1, 2)", here) == 1
    assert number("if(Not([甲, 数] > 0), 1, 2)", here) == 2
    assert truth("AND([甲, 数] > 0, [乙, 数] < 0)", here) is True
    assert truth("OR([甲, 数] < 0, [乙, 数] = -7.5)", here) is True
    assert truth("ISBLANK([丙, 数])", here) is True
    assert truth("ISBLANK([丙, 比])", here) is True
    assert truth("ISBLANK(表[数])", here) is False
    assert truth("ISBLANK([丁, 数])", here) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ROUND(2.345, 2)", "2.35"),
        ("ROUND(-2.345, 2)", "-2.35"),
        ("ROUND(2.5, 0)", "3"),
        ("ROUND(1234.5, -2)", "1200"),
        ("ROUND(1 / 3, 4)", "0.3333"),
    ],
)
def test_round_is_half_away_from_zero(text: str, expected: str, line: Line) -> None:
    assert number(text, line(a="1")) == D(expected)


def test_other_books_are_other_facts(sheet: Any) -> None:
    last = sheet({"合计": {"结转": "5.00"}})
    here = sheet({"合计": {"结转": "7.00"}}, books={"上年": last})
    value = evaluate(parse("[合计, 结转] - 上年!表[合计, 结转]"), here)
    assert value.number == 2
    assert value.interval == (D("1.99"), D("2.01"))  # the same address, but not the same figure
    assert len(value.operands) == 2


def test_the_same_figure_cancels_out(line: Line) -> None:
    here = line(a="40.12", b="1.00")
    for text in ["[@a] - [@a]", "2 * [@a] - [@a] * 3 + [@a]", "([@a] + [@b]) - ([@b] + [@a])", "[@a]/4 - [@a]*25%"]:
        value = evaluate(parse(text), here)
        assert value.number == 0
        assert value.interval == (0, 0)


def test_coefficient_form(line: Line) -> None:
    here = line(a="40.12", b="1.00", grains={"b": "0"})
    value = evaluate(parse("3 * [@a] - [@b] * 2"), here)
    assert value.interval == (D("118.345"), D("118.375"))
    assert value.terms is not None
    assert list(value.terms.values()) == [(3, D("0.01"))]  # what is exact leaves no term
    assert evaluate(parse("[@b] * [@a]"), here).terms is not None
    assert evaluate(parse("[@a] / [@a]"), here).terms is None


def test_intervals(line: Line) -> None:
    here = line(a="0.06", b="0.13", z="0.00")
    value = evaluate(parse("[@a] / [@b]"), here)
    assert value.interval is not None
    assert value.interval.low == pytest.approx(D("0.055") / D("0.135"))
    assert value.interval.high == pytest.approx(D("0.065") / D("0.125"))
    skewed = evaluate(parse("[@a] * [@b]"), here).interval
    halved = evaluate(parse("[@a] * [@b] / -2 + 0 * [@a]"), here).interval
    assert skewed is not None
    assert halved == (skewed.high / -2, skewed.low / -2)
    product = evaluate(parse("[@a] * [@b]"), here).interval
    assert product == (D("0.055") * D("0.125"), D("0.065") * D("0.135"))
    assert evaluate(parse("ABS([@z])"), here).interval == (0, D("0.005"))
    assert evaluate(parse("MIN(1, [@a] / [@b] * 2)"), here).interval == (
        pytest.approx(D("0.055") / D("0.135") * 2),
        1,
    )
    assert evaluate(parse("MIN([@a], [@b])"), here).terms is not None  # a clear choice stays linear
    assert evaluate(parse("ROUND([@a], 1)"), here).interval == (D("0.1"), D("0.1"))
    assert evaluate(parse("[@a]"), here, rounding="truncate").interval == (D("0.05"), D("0.07"))


def test_division_by_zero(line: Line) -> None:
    here = line(a="1.00", zero="0", coarse="0.00", grains={"zero": "0"})
    with pytest.raises(DivisionByZero) as caught:
        evaluate(parse("[@a] / [@zero]"), here)
    assert [fact.path[1] for fact in caught.value.facts] == ["zero"]
    with pytest.raises(DivisionByZero):
        evaluate(parse("[@a] / ([@a] - [@a])"), here)
    with pytest.raises(Undecided) as doubt:
        evaluate(parse("[@a] / [@coarse]"), here)
    assert [fact.path[1] for fact in doubt.value.facts] == ["coarse"]


def test_blanks_by_policy(line: Line) -> None:
    zero, strict = (line(blank=policy, a="5.00", n="—", e="") for policy in ("zero", "insufficient"))
    assert number("[@a] + [@e] - [@n]", zero) == 5
    assert number("[@a] * [@e]", zero) == 0
    with pytest.raises(Insufficient) as caught:
        evaluate(parse("[@a] + [@e] - [@n]"), strict)
    assert [fact.path[1] for fact in caught.value.facts] == ["e", "n"]  # all that is missing, not the first
    for here in (zero, strict):
        assert number("SUM([@a], [@e], [@n])", here) == 5
        assert number("MIN([@a], [@e])", here) == 5
        assert number("SUM([@e])", here) == 0
        assert evaluate(parse("[@e]"), here).blank
        with pytest.raises(Insufficient):
            evaluate(parse("MAX([@e], [@n])"), here)
    with pytest.raises(DivisionByZero):
        evaluate(parse("[@a] / [@e]"), zero)
    with pytest.raises(Insufficient):
        evaluate(parse("[@a] / [@e]"), strict)
    with pytest.raises(Insufficient):
        evaluate(parse("IF([@e] > 1, 1, 2)"), strict)
    assert number("IF([@e] > 1, 1, 2)", zero) == 2
    assert number("IF(TRUE, [@e], 1) + 1", zero) == 1
    with pytest.raises(Insufficient):
        evaluate(parse("IF(TRUE, [@e], 1) + 1"), strict)


def test_no_rows_are_not_zero(sheet: Any) -> None:
    here = sheet({"甲": {"数": "1.00"}}, levels={"类": []})
    with pytest.raises(Insufficient):
        evaluate(parse("SUM(表[类, 数])"), here)
    with pytest.raises(Insufficient):
        evaluate(parse('表[数="9", 数]'), here)
    assert number("COUNT(表[类, 数])", here) == 0


@pytest.mark.parametrize("text", ["#REF!", "=", "十万", "TRUE"])
def test_what_is_no_number_is_never_zero(text: str, line: Line) -> None:
    here = line(blank="zero", a="1.00", bad=text)
    for formula in ["[@a] + [@bad]", "SUM([@a], [@bad])", "MAX([@a], [@bad])", "-[@bad]", "ABS([@bad])"]:
        with pytest.raises(Unusable) as caught:
            evaluate(parse(formula), here)
        assert [fact.path[1] for fact in caught.value.facts] == ["bad"]
        assert caught.value.reason.zh


def test_many_cells_where_one_is_needed(sheet: Any) -> None:
    here = sheet({"甲": {"数": "1.00"}, "乙": {"数": "2.00"}})
    with pytest.raises(Unusable):
        evaluate(parse("表[数] + 1"), here)


def test_unknown_rows_are_unresolved(line: Line) -> None:
    with pytest.raises(Unresolved):
        evaluate(parse("[@a] + [丙, a]"), line(a="1.00"))


def test_conditions_that_rounding_leaves_open(line: Line) -> None:
    here = line(a="0.06", b="0.13", half="50.00%", zero="0.00", s="0.01")
    with pytest.raises(Undecided):
        evaluate(parse("[@a] / [@b] >= 50%"), here)
    assert truth("[@a] / [@b] >= 30%", here) is True
    assert truth("[@a] / [@b] > 60%", here) is False
    assert truth("[@half] >= 50%", here) is True  # as printed
    assert truth("[@half] < 50%", here) is False
    assert truth("[@zero] = 0", here) is True
    assert truth("[@zero] > 0", here) is False
    assert truth("[@s] > 0", here) is True
    assert truth("[@a] <> [@b]", here) is True
    with pytest.raises(Undecided):
        evaluate(parse("[@a] + [@a] + [@s] = [@b] + [@zero] + 0.005"), here)
    assert truth("AND([@a] / [@b] >= 50%, [@a] > 1)", here) is False  # decided all the same
    assert truth("OR([@a] / [@b] >= 50%, [@a] < 1)", here) is True
    assert truth("AND([@s] < 0, 1 / 0 > 1)", here) is False
    with pytest.raises(Undecided):
        evaluate(parse("IF([@a] / [@b] >= 50%, 10, 0)"), here)
    meeting = evaluate(parse("IF([@a] / [@b] >= 50%, 2 * [@a] / [@b], 1)"), here)
    assert meeting.interval is not None
    assert meeting.interval.low < 1 < meeting.interval.high


def test_words(line: Line) -> None:
    here = line(kind="一次性", wide="ＡＢ ", none="", yes="TRUE")
    assert truth("[@kind] = “一次性”", here) is True
    assert truth('[@kind] <> "经常性"', here) is True
    assert truth('[@wide] = "ab"', here) is True
    assert truth('[@none] = ""', here) is True
    assert truth('[@none] = "无"', here) is False
    assert truth("[@yes]", here) is True
    assert truth("[@yes] = FALSE", here) is False
    for wrong in ['[@kind] > "a"', "[@kind] = 1", "[@yes] = 1", "NOT([@kind])", "IF(1, 2, 3)"]:
        with pytest.raises(Unusable):
            evaluate(parse(wrong), here)


def test_parameters(sheet: Any) -> None:
    here = sheet({"甲": {"数": "1.00"}}, parameters={"分值": D("10"), "口径": "全年"})
    assert number("分值 * [甲, 数]", here) == 10
    assert truth('口径 = "全年"', here) is True
    with pytest.raises(Unresolved):
        evaluate(parse("无此参数"), here)


def test_operands_once_each_in_order(line: Line) -> None:
    here = line(a="1.00", b="2.00", c="")
    value = evaluate(parse("SUM([@b], [@a], [@c]) + [@b]"), here)
    assert [fact.path[1] for fact in value.operands] == ["b", "a", "c"]
    assert [fact.path[1] for fact in facts_of(parse("IF([@a] > 0, [@b], [@无])"), here)] == ["a", "b"]


def test_plugin_functions(line: Line) -> None:
    def double(evaluator: Any, arguments: Any) -> Estimate:
        found: Estimate = evaluator.estimate(arguments[0])
        return found.times(D(2))

    functions = {**FUNCTIONS, "DOUBLE": Function("DOUBLE", (1, 1), double)}
    here = line(a="1.50")
    value = evaluate(parse("DOUBLE([@a]) + 1", functions), here, functions=functions)
    assert value.number == 4
    assert value.interval == (D("3.99"), D("4.01"))


def test_the_callers_decimal_context_matters_to_nobody(line: Line) -> None:
    with decimal.localcontext() as context:
        context.prec = 3
        context.traps[decimal.Inexact] = True
        assert number("[@a] + [@b]", line(a="123456.78", b="0.01")) == D("123456.79")
        assert decimal.getcontext().prec == 3


def test_filled_in(sheet: Any) -> None:
    here = sheet(
        {
            "甲": {"数": "100", "率": "97.8%", "分": "10"},
            "乙": {"数": "20.005", "率": "—", "分": ""},
            **{f"丙{i}": {"数": f"{i}.00"} for i in range(10)},
        },
        grains={"率": "0.0001", "分": "0"},
        parameters={"上限": D("1.20")},
    )
    assert fill(parse("[甲, 数] + [乙, 数] - [乙, 分]"), here) == "100.00 + 20.005 − ( )"
    assert fill(parse("[甲, 率] * [甲, 分] <= 上限"), here) == "97.80% × 10 ≤ 1.20"
    assert fill(parse("[乙, 率] / 无此参数"), here) == "— ÷ ( )"
    assert fill(parse("SUM(表[数])"), here) == "SUM(100.00, 20.005, 0.00, 1.00, 2.00, 3.00, …, 9.00)"
    assert fill(parse("[丁, 数] + 1"), here, blank="(空)") == "(空) + 1"


# Whatever the figures were before rounding, the truth is inside the interval

FIGURES = st.integers(-500, 500).map(lambda cents: D(cents).scaleb(-2))
OFFSETS = st.integers(-5, 5).map(lambda thousandths: D(thousandths).scaleb(-3))
FORMULAS = st.recursive(
    st.sampled_from(["[@a]", "[@b]", "[@c]", "2", "0.3", "5%"]),
    lambda children: st.one_of(
        st.tuples(children, st.sampled_from("+-*/"), children).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        children.map(lambda text: f"-{text}"),
        children.map(lambda text: f"ABS({text})"),
        children.map(lambda text: f"ROUND({text}, 1)"),
        st.tuples(st.sampled_from(["MIN", "MAX", "SUM"]), children, children).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(children, children, children).map(
            # Sides that agree as printed count as equal (tested above); this threshold agrees with no printed figure.
            lambda t: f"IF({t[0]} > 1.00077, {t[1]}, {t[2]})"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None)
@given(FORMULAS, st.lists(FIGURES, min_size=3, max_size=3), st.lists(OFFSETS, min_size=3, max_size=3))
def test_the_truth_lies_in_the_interval(
    line: Line, formula: str, figures: list[Decimal], offsets: list[Decimal]
) -> None:
    node = parse(formula)
    printed = line(**{name: str(figure) for name, figure in zip("abc", figures, strict=True)})
    true = line(
        **{name: str(figure + off) for name, figure, off in zip("abc", figures, offsets, strict=True)},
        grains=dict.fromkeys("abc", "0"),
    )
    try:
        value, truth = evaluate(node, printed), evaluate(node, true)
    except (DivisionByZero, Undecided):
        return
    assert value.interval is not None
    assert truth.number is not None
    slack = D("1e-9") if "IF" not in formula else D("1e-6")
    assert value.interval.low - slack <= truth.number <= value.interval.high + slack
