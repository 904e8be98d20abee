# ruff: noqa: E501 (a rule stands on one line)
"""Rules as equations: what repeats, what contradicts, and what follows, exactly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.packs.linear import ONE, Equation, Linear, System
from checker.packs.lint import lint
from checker.packs.load import LoadedPacks

from .conftest import BASE, KINDS, PACK, Files

Load = Callable[..., LoadedPacks]
HEAD = "schema: checker/checks@1\nform: 收支表\nrules:\n"
SUM = "{kind: sum, table: 收支, total: 合计, columns: [预算数]}"


def rules(*checks: str, prefix: str = "DM", extra: str = "") -> str:
    return HEAD + "".join(
        f"  - {{id: {prefix}-{number:04}, name: {prefix.lower()}-{number}, title: 关系{number}, severity: error,"
        f" source: {{document: 办法, status: sourced}},{extra} check: {check}}}\n"
        for number, check in enumerate(checks, 1)
    )


def identity(formula: str) -> str:
    return f"{{kind: identity, formula: '{formula}'}}"


def clashes(load: Load, *checks: str, **more: Files) -> dict[str, str]:
    loaded = load(demo={**BASE, "checks/a.yaml": rules(*checks)}, **more)
    assert loaded.failures == ()
    return {remark.code: remark.message.en for remark in lint(loaded, KINDS) if remark.code.startswith("RULE")}


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        # The same relation, written otherwise.
        ([SUM, identity("收支[合计, 预算数] = 收支[基本支出, 预算数] + 收支[项目支出, 预算数]")], {"RULE_REPEATED"}),
        ([SUM, identity("200% * 收支[项目支出, 预算数] + 2 * 收支[基本支出, 预算数] - 收支[合计, 预算数] / 0.5 = 0")], {"RULE_REPEATED"}),
        ([SUM, identity("收支[合计, 预算数] = SUM(收支[基本支出, 预算数], 收支[项目支出, 预算数])")], {"RULE_REPEATED"}),
        # A sign the wrong way round, and a part left out: together they leave zero only.
        ([SUM, identity("收支[合计, 预算数] = 收支[基本支出, 预算数] - 收支[项目支出, 预算数]")], {"RULES_FORCE"}),
        ([SUM, identity("收支[合计, 预算数] = 收支[基本支出, 预算数]")], {"RULES_FORCE"}),
        # What no figures can meet.
        ([SUM, identity("收支[合计, 预算数] = 收支[基本支出, 预算数] + 收支[项目支出, 预算数] + 1")], {"RULES_CONTRADICT"}),
        # One that follows from two others.
        ([
            identity("收支[合计, 预算数] = 收支[合计, 决算数]"),
            identity("收支[合计, 决算数] = 收支[基本支出, 决算数]"),
            identity("收支[合计, 预算数] = 收支[基本支出, 决算数]"),
        ], {"RULE_IMPLIED"}),
        # What is not linear is left alone, and so is what is merely alike.
        ([identity("收支[合计, 预算数] = ROUND(收支[合计, 决算数], 2)"), identity("收支[合计, 预算数] = ROUND(收支[合计, 决算数], 1)")], set()),
        ([SUM, SUM.replace("预算数", "决算数")], set()),
        ([SUM, identity("收支[基本支出, 预算数] = 收支[基本支出, 决算数]")], set()),
        # One that leaves one value on its own means it.
        ([identity("收支[合计, 预算数] = 100")], set()),
    ],
)  # fmt: skip
def test_rules_are_compared_by_what_they_say(load: Load, checks: list[str], expected: set[str]) -> None:
    assert {*clashes(load, *checks)} == expected


def test_a_rule_under_a_condition_repeats_one_without(load: Load) -> None:
    same = identity("收支[合计, 预算数] = 收支[基本支出, 预算数] + 收支[项目支出, 预算数]")
    on = same.replace("formula", "when: '收支[合计, 决算数] > 0', formula")
    assert clashes(load, SUM, on).keys() == {"RULE_REPEATED"}
    files = {**BASE, "checks/a.yaml": rules(SUM, on).replace("severity: error", "severity: note", 1)}
    assert [remark.code for remark in lint(load(demo=files), KINDS) if remark.code.startswith("RULE")] == [], (
        "a graver rule says more"
    )


def test_a_rule_for_other_days_repeats_none(load: Load) -> None:
    same = identity("收支[合计, 预算数] = 收支[基本支出, 预算数] + 收支[项目支出, 预算数]")
    later = (
        rules(same, prefix="DX", extra=" applies: {from: 2025-01-01},").replace("DX-", "DM-9").replace("dx", "dm-later")
    )
    loaded = load(demo={**BASE, "checks/a.yaml": rules(SUM), "checks/b.yaml": later.replace("DM-90001", "DM-9001")})
    assert loaded.failures == ()
    assert [remark for remark in lint(loaded, KINDS) if remark.code.startswith("RULE")] == []


def test_a_rule_is_held_against_those_that_its_pack_inherits(load: Load) -> None:
    child = {
        "pack.yaml": PACK.replace("pack: demo", "pack: child").replace("prefix: DM", "prefix: CH")
        + "extends: [demo]\n",
        "checks/a.yaml": rules(identity("收支[合计, 预算数] = 收支[基本支出, 预算数]"), prefix="CH"),
    }
    told = clashes(load, SUM, child=child)
    assert told.keys() == {"RULES_FORCE"}
    assert "CH-0001" in told["RULES_FORCE"] and "DM-0001" in told["RULES_FORCE"]
    assert "收支/项目支出/预算数 is 0" in told["RULES_FORCE"]


NUMBERS = st.integers(-4, 4).map(Fraction)
EQUATIONS = st.dictionaries(st.sampled_from("abcde"), NUMBERS, min_size=1, max_size=4)


@given(st.lists(EQUATIONS, min_size=1, max_size=6), st.lists(NUMBERS, min_size=6, max_size=6))
def test_what_is_put_together_from_equations_follows_from_them(
    given_: list[dict[str, Fraction]], times: list[Fraction]
) -> None:
    made = [Linear().plus(one, Fraction(1)) for one in given_]
    system = System(Equation(str(number), one) for number, one in enumerate(made))
    combined = Linear()
    for factor, one in zip(times, made, strict=False):
        combined = combined.plus(one, factor)
    assert system.follows(Equation("new", combined))
    assert not system.follows(Equation("new", combined.plus({ONE: Fraction(1)}, Fraction(1))))
    assert not system.follows(Equation("new", combined.plus({"z": Fraction(1)}, Fraction(1))))


@given(st.lists(EQUATIONS, min_size=1, max_size=6), st.fixed_dictionaries(dict.fromkeys("abcde", NUMBERS)))
def test_what_is_fixed_is_so_in_every_solution(given_: list[dict[str, Fraction]], point: dict[str, Fraction]) -> None:
    system = System()
    for number, one in enumerate(given_):
        value = sum((factor * point[name] for name, factor in one.items()), Fraction(0))
        left, _ = system.add(Equation(str(number), Linear().plus(one, Fraction(1)).plus({ONE: value}, Fraction(-1))))
        assert not left.constant, "equations that all hold at one point cannot contradict each other"
    for name, value, _ in system.fixed():
        assert value == point[str(name)]
