"""Branches that no figures reach are found, and no others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.formula.parser import parse
from checker.formula.render import render
from checker.packs.conditions import settled


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("IF([@a] >= 90, 1, IF([@a] >= 80, 2, 3))", []),
        ("IF([@a] >= 80, 1, IF([@a] >= 90, 2, 3))", [("[@a]>=90", False)]),
        ("IF([@a] >= 80, 1, IF([@a] < 80, 2, 3))", [("[@a]<80", True)]),
        ("IF([@a] > 80, 1, IF([@a] < 80, 2, 3))", []),
        ("IF(2 * [@a] >= 160, 1, IF([@a] - 80 >= 10, 2, 3))", [("[@a]-80>=10", False)]),
        ("AND([@a] > 5, [@a] < 3)", [("AND([@a]>5,[@a]<3)", False)]),
        ("AND([@a] > 5, [@b] < 3)", []),
        ("AND([@a] >= 5, [@a] <= 5)", []),
        ("AND([@a] > 5, [@a] <= 5)", [("AND([@a]>5,[@a]<=5)", False)]),
        ("OR([@a] > 5, [@a] <= 5)", [("OR([@a]>5,[@a]<=5)", True)]),
        ("OR([@a] > 5, [@a] < 5)", []),
        ("AND([@a] > [@b], [@b] > [@a])", [("AND([@a]>[@b],[@b]>[@a])", False)]),
        ("AND(NOT([@a] <= 5), [@a] < 3)", [("AND(NOT([@a]<=5),[@a]<3)", False)]),
        ('AND([@a] = "x", [@a] = "y")', []),
        ("[@a] > 5", []),
    ],
)
def test_a_branch_that_nothing_reaches(formula: str, expected: list[tuple[str, bool]]) -> None:
    found = [(render(one.node).replace(" ", ""), one.answer) for one in settled(parse(formula))]
    assert found == expected


BOUNDS = st.tuples(st.sampled_from([">", ">=", "<", "<=", "=", "<>"]), st.integers(-3, 3))


@given(st.lists(BOUNDS, min_size=2, max_size=4), st.sampled_from(["AND", "OR"]))
def test_what_is_said_to_be_settled_is_so_at_every_number(bounds: list[tuple[str, int]], function: str) -> None:
    holds = {
        ">": Decimal.__gt__, ">=": Decimal.__ge__, "<": Decimal.__lt__, "<=": Decimal.__le__, "=": Decimal.__eq__,
        "<>": Decimal.__ne__,
    }  # fmt: skip
    text = f"{function}({', '.join(f'[@a] {operator} {limit}' for operator, limit in bounds)})"
    some_or_all = all if function == "AND" else any
    answers = {
        some_or_all(holds[operator](Decimal(half) / 2, Decimal(limit)) for operator, limit in bounds)
        for half in range(-8, 9)
    }
    for one in settled(parse(text)):
        assert answers == {one.answer}
    if len(answers) == 1 and function == "AND" and "<>" not in dict(bounds):
        assert [*settled(parse(text))], "what is never true of any number is found"
