"""The fast path finds only what the judge would pass."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.formula import tree
from checker.formula.compare import compare
from checker.formula.obstacle import Obstacle, Undecided
from checker.formula.parser import parse
from checker.formula.vector import compile_equality, compile_vector

D = Decimal


def equality(text: str, source: Any, rounding: str = "half_up") -> list[bool]:
    node = parse(text)
    assert isinstance(node, tree.Compare)
    run = compile_equality(node.left, node.right, rounding)
    assert run is not None
    return run(source).equal


def rows(*lines: dict[str, str]) -> dict[str, dict[str, str]]:
    return {f"行{number}": line for number, line in enumerate(lines)}


def test_columns_at_a_time(sheet: Any) -> None:
    here = sheet(
        rows(
            {"t": "3.00", "a": "1.00", "b": "2.00"},
            {"t": "3.01", "a": "1.00", "b": "2.00"},
            {"t": "3.00", "a": "", "b": "3.00"},
            {"t": "3.00", "a": "#REF!", "b": "3.00"},
            {"t": "3.00", "a": "~1", "b": "2.00"},
        )
    )
    assert equality("[@t] = [@a] + [@b]", here) == [True, False, False, False, False]
    assert equality("[@t] = SUM([@a], [@b])", here) == [True, False, False, False, False]
    run = compile_vector(parse("[@t] * 2 - [行0, b] / 4"))
    assert run is not None
    assert run(here) == [D("5.5"), D("5.52"), D("5.5"), D("5.5"), D("5.5")]
    constant = compile_vector(parse("SUM(表[b]) + 1%"))
    assert constant is not None
    assert constant(here) == [D("12.01")]


def test_one_side_for_all_rows(sheet: Any) -> None:
    here = sheet(rows({"r": "50.00%", "a": "1.00"}, {"r": "33.33%", "a": "1.00"}))
    assert equality("[@r] = 1 / 2", here) == [True, False]
    assert equality("[行1, r] = [@a] / 3", here) == [True, True]
    assert equality("[行1, r] = 1 / 3", here) == [True]


def test_printed_rates(sheet: Any) -> None:
    here = sheet(
        rows(
            {"r": "99.97%", "x": "89.97", "b": "90.00"},
            {"r": "100.0%", "x": "89.97", "b": "90.00"},
            {"r": "99.96%", "x": "89.97", "b": "90.00"},
            {"r": "0.00%", "x": "1.00", "b": "0.00"},
            {"r": "", "x": "1.00", "b": ""},
        )
    )
    assert equality("[@r] = [@x] / [@b]", here) == [True, True, False, False, False]
    assert equality("[@x] / [@b] = [@r]", here) == [True, True, False, False, False]


def test_infinity_is_no_number(sheet: Any) -> None:
    here = sheet(rows({"a": "1.00", "z": "0.00", "n": "0.00"}))
    assert equality("[@a] / [@z] = [@a] / [@n]", here) == [False]


def test_a_figure_is_not_the_rounding_of_itself(sheet: Any) -> None:
    here = sheet(rows({"a": "0.10"}))
    assert equality("[@a] = [@a] * 101%", here) == [False]


def test_forms_that_cut_off_leave_divisions_to_the_judge(sheet: Any) -> None:
    # 0.01 may then be a whole unit away from the truth: it may be zero.
    left, right = parse("[@r]"), parse("[@x] / [@b]")
    assert compile_equality(left, right, "truncate") is None
    here = sheet(rows({"r": "100.00%", "x": "0.01", "b": "0.01"}))
    with pytest.raises(Undecided):
        compare(left, "=", right, here, "truncate")


@pytest.mark.parametrize(
    "text", ["MIN(1, [@a])", "IF(TRUE, [@a], 1)", "[@a] / ([@b] - 1)", "ABS([@a])", '"x"', "[@a] = 1"]
)
def test_the_rest_is_left_to_the_judge(text: str) -> None:
    assert compile_vector(parse(text)) is None


CELLS = st.one_of(
    st.integers(-300, 300).map(lambda number: str(D(number).scaleb(-2))),
    st.integers(-20, 20).map(lambda number: f"{D(number).scaleb(-1)}%"),
    st.sampled_from(["", "—", "#REF!", "~1.00", "1|0.01", "0", "x", "0.00"]),
)
OPERANDS = st.recursive(
    st.sampled_from(["[@a]", "[@b]", "[@c]", "2", "10", "5%", "[行0, a]", "比例", "SUM(表[b])"]),
    lambda children: st.one_of(
        st.tuples(children, st.sampled_from("+-*"), children).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(children, st.sampled_from(["[@c]", "3", "[行0, b]"])).map(lambda t: f"{t[0]} / {t[1]}"),
        children.map(lambda text: f"-{text}"),
        children.map(lambda text: f"ROUND({text}, 1)"),
        st.tuples(children, children).map(lambda t: f"SUM({t[0]}, {t[1]})"),
    ),
    max_leaves=4,
)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(["[@t]", "[行0, t]", "[@a]", "0"]),
    OPERANDS,
    st.lists(st.fixed_dictionaries(dict.fromkeys("tabc", CELLS)), min_size=1, max_size=4),
    st.sampled_from(["half_up", "half_up", "truncate", "balanced"]),
    st.sampled_from(["0.01", "0.1", "0"]),
)
def test_found_equal_means_passed(
    sheet: Any, left: str, right: str, lines: list[dict[str, str]], rounding: str, grain: str
) -> None:
    one, other = parse(left), parse(right)
    run = compile_equality(one, other, rounding)
    if run is None:
        return
    here = sheet(rows(*lines), grains={"t": grain, "a": "0.01"}, parameters={"比例": D("0.5")})
    found = run(here)
    per_row = len(found.equal) > 1 or len(lines) == 1
    for label, equal in zip(here.rows, found.equal, strict=False):
        if equal:
            here.this = label
            try:
                assert compare(one, "=", other, here, rounding).status == "pass"
            except Obstacle as obstacle:
                raise AssertionError(f"{label}: {obstacle}") from obstacle
    assert per_row or len(found.equal) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 10**6)] * 2), min_size=1, max_size=5))
def test_right_figures_take_the_fast_path(sheet: Any, pairs: list[tuple[int, int]]) -> None:
    lines = [
        {
            "x": str(D(x).scaleb(-2)),
            "b": str(D(b).scaleb(-2)),
            "t": str(D(x + b).scaleb(-2)),
            "r": f"{round(D(x) / D(b) * 100 + D('1e-20'), 2)}%",
        }
        for x, b in pairs
    ]
    here = sheet(rows(*lines))
    assert all(equality("[@t] = [@x] + [@b]", here))
    assert all(equality("[@r] = [@x] / [@b]", here))
