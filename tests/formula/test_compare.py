"""Verdicts on equations and inequalities: the vectors of the design, and that nobody is wrongly accused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.formula import tree
from checker.formula.compare import Comparison, compare
from checker.formula.obstacle import DivisionByZero, Insufficient, Undecided, Unusable
from checker.formula.parser import parse

D = Decimal
Line = Callable[..., Any]


def judge(text: str, environment: Any, rounding: str = "half_up") -> Comparison:
    node = parse(text)
    assert isinstance(node, tree.Compare)
    return compare(node.left, node.operator, node.right, environment, rounding)


def test_three_equal_parts(line: Line) -> None:
    tail = judge("[@t] = [@x] * 3", line(t="120.35", x="40.12"))
    assert (tail.status, tail.difference) == ("tail", D("-0.01"))
    assert tail.tolerance == D("0.02")
    wrong = judge("[@t] = [@x] * 3", line(t="120.33", x="40.12"))
    assert (wrong.status, wrong.at_least) == ("fail", D("0.01"))
    assert judge("[@t] = [@x] * 3", line(t="120.36", x="40.12")).status == "pass"


@pytest.mark.parametrize(("rate", "status"), [("99.97%", "pass"), ("100.0%", "pass"), ("99.9%", "fail")])
def test_printed_rate(rate: str, status: str, line: Line) -> None:
    assert judge("[@r] = [@x] / [@b]", line(r=rate, x="89.97", b="90.00")).status == status
    assert judge("[@x] / [@b] = [@r]", line(r=rate, x="89.97", b="90.00")).status == status


@pytest.mark.parametrize(("score", "status"), [("10.00", "pass"), ("9.90", "fail")])
def test_score_from_rate(score: str, status: str, line: Line) -> None:
    here = line(s=score, full="10", x="89.97", b="90.00", grains={"full": "0"})
    assert judge("[@s] = [@full] * [@x] / [@b]", here).status == status
    assert judge("[@s] = [@full] * MIN(1, [@x] / [@b])", here).status == status


def test_score_from_a_printed_rate_is_its_rounding(line: Line) -> None:
    assert judge("[@s] = 10 * [@r]", line(s="9.78", r="97.84%")).status == "pass"
    assert judge("[@s] = 10 * [@r]", line(s="9.79", r="97.84%")).status == "fail"


def test_coarse_rate(line: Line) -> None:
    here = line(r="46.15%", x="0.06", b="0.13")
    assert judge("[@r] = [@x] / [@b]", here).status == "pass"
    with pytest.raises(Undecided):
        judge("IF([@x] / [@b] >= 50%, 1, 0) = 1", here)


def test_weights(line: Line) -> None:
    exact = dict.fromkeys("abcdt", "0")
    here = line(a="10", b="50", c="30", d="20", t="100", grains=exact)
    result = judge("SUM([@a], [@b], [@c], [@d]) = [@t]", here)
    assert (result.status, result.difference, result.at_least) == ("fail", 10, 10)


def test_a_figure_equals_itself(line: Line) -> None:
    result = judge("[@a] + [@b] = [@b] + [@a]", line(a="0.10", b="0.20"))
    assert (result.status, result.tolerance) == ("pass", 0)
    third = judge("[@a] / 3 * 3 = [@a]", line(a="100.01", grains={"a": "0"}))
    assert third.status == "pass"  # the residue of division is no difference


def test_large_tails_are_notes(line: Line) -> None:
    parts = {f"p{i}": "1.00" for i in range(12)}
    formula = "[@t] = SUM(" + ", ".join(f"[@{name}]" for name in parts) + ")"
    assert judge(formula, line(t="12.02", **parts)).status == "tail"
    large = judge(formula, line(t="12.06", **parts))
    assert (large.verdict, large.status, large.severity) == ("large_tail", "fail", "note")
    wrong = judge(formula, line(t="12.07", **parts))
    assert (wrong.status, wrong.severity) == ("fail", "")


def test_balanced_forms_are_exact(line: Line) -> None:
    here = line(t="3.01", a="1.00", b="2.00")
    assert judge("[@t] = [@a] + [@b]", here).status == "tail"
    assert judge("[@t] = [@a] + [@b]", here, "balanced").status == "fail"
    assert judge("[@t] = [@a] + [@b]", line(t="3.02", a="1.00", b="2.00"), "truncate").status == "tail"


def test_inequalities(line: Line) -> None:
    here = line(a="1.00", b="1.01", c="1.02")
    assert judge("[@a] <= [@b]", here).status == "pass"
    assert judge("[@b] <= [@a]", here).status == "tail"
    beyond = judge("[@c] <= [@a]", here)
    assert (beyond.status, beyond.difference, beyond.at_least) == ("fail", D("0.02"), D("0.01"))
    assert judge("[@a] >= [@c]", here).status == "fail"
    assert judge("[@a] <= [@a] + [@b]", here).status == "pass"
    assert judge("[@a] > [@a]", here).status == "fail"
    assert judge("[@a] > 0", here).status == "pass"


def test_unequal(line: Line) -> None:
    here = line(a="1.00", b="1.01", c="5.00")
    assert judge("[@a] <> [@c]", here).status == "pass"
    assert judge("[@a] <> [@a]", here).status == "fail"
    assert judge("[@a] <> [@b]", here).status == "undecided"


def test_words(line: Line) -> None:
    here = line(name="市科协", other="市科协 ", none="")
    assert judge("[@name] = [@other]", here).status == "pass"
    result = judge("[@name] = “市残联”", here)
    assert (result.status, result.difference) == ("fail", None)
    assert judge("[@none] = “无”", here).status == "fail"


def test_blanks(line: Line) -> None:
    cells = {"t": "", "a": "1.00", "b": ""}
    with pytest.raises(Insufficient) as caught:
        judge("[@t] = [@a] + [@b]", line(**cells))
    assert {fact.path[1] for fact in caught.value.facts} == {"t", "b"}
    zero = judge("[@t] = [@a] + [@b]", line(blank="zero", **cells))
    assert (zero.status, zero.difference) == ("fail", -1)
    assert judge("[@t] = SUM([@b])", line(blank="zero", **cells)).status == "pass"
    with pytest.raises(DivisionByZero):
        judge("[@a] = [@a] / [@b]", line(blank="zero", **cells))


def test_about_is_not_equal(line: Line) -> None:
    here = line(a="~20", b="20.00")
    for text in ["[@a] = [@b]", "[@b] = 1 * [@a]", "[@a] <> [@b]"]:
        with pytest.raises(Unusable):
            judge(text, here)
    assert judge("[@a] >= 10", here).status == "pass"


def test_a_bare_one_may_be_one_percent(line: Line) -> None:
    here = line(r="1|0.01", x="1.00", b="100.00", grains={"r": "0.01"})
    other = judge("[@r] = [@x] / [@b]", here)
    assert other.status == "pass"
    assert [fact.path[1] for fact in other.reread] == ["r"]
    assert other.left.number == D("0.01")
    plain = judge("[@r] = [@x] / [@x]", here)
    assert (plain.status, plain.reread) == ("pass", ())
    wrong = judge("[@r] = [@b] / [@x]", here)
    assert (wrong.status, wrong.left.number) == ("fail", 1)
    two = line(r="1|0.01", s="1|0.01", t="2.00%", grains={"r": "0.01", "s": "0.01"})
    assert judge("[@t] = [@r] + [@s]", two).status == "pass"


def test_both_sides_and_every_cell_come_back(line: Line) -> None:
    result = judge("[@t] = [@a] + [@t] * 2", line(t="3.00", a="1.00"))
    assert [fact.path[1] for fact in result.operands] == ["t", "a"]
    assert (result.left.number, result.right.number) == (3, 7)
    assert [fact.path[1] for fact in result.right.operands] == ["a", "t"]


def cents(number: Decimal) -> str:
    return str(number.quantize(D("0.01"), ROUND_HALF_UP))


TRUE = st.integers(0, 10**8).map(lambda mills: D(mills).scaleb(-4))


@settings(max_examples=400, deadline=None)
@given(st.lists(TRUE, min_size=1, max_size=6))
def test_a_true_sum_is_never_wrong_however_rounded(line: Line, parts: list[Decimal]) -> None:
    cells = {f"p{i}": cents(part) for i, part in enumerate(parts)}
    result = judge(
        "[@t] = SUM(" + ", ".join(f"[@{name}]" for name in cells) + ")", line(t=cents(sum(parts, D(0))), **cells)
    )
    assert result.severity == "note" or result.status in ("pass", "tail")


@settings(max_examples=400, deadline=None)
@given(TRUE, TRUE.filter(lambda number: number > D("0.01")), st.integers(0, 3))
def test_a_true_rate_is_never_wrong_however_rounded(line: Line, x: Decimal, b: Decimal, places: int) -> None:
    rate = (x / b * 100).quantize(D(1).scaleb(-places), ROUND_HALF_UP)
    full = (x / b * 10).quantize(D("0.01"), ROUND_HALF_UP)
    here = line(r=f"{rate}%", s=str(full), x=cents(x), b=cents(b))
    assert judge("[@r] = [@x] / [@b]", here).status in ("pass", "tail")
    assert judge("[@s] = 10 * [@x] / [@b]", here).status in ("pass", "tail")


@settings(max_examples=300, deadline=None)
@given(TRUE, TRUE, st.integers(4, 500))
def test_a_real_slip_is_always_found(line: Line, a: Decimal, b: Decimal, off: int) -> None:
    total = D(cents(a)) + D(cents(b)) + D(off).scaleb(-2)
    assert judge("[@t] = [@a] + [@b]", line(t=str(total), a=cents(a), b=cents(b))).status == "fail"
