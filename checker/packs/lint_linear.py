"""Rules that repeat one another, or that cannot all hold: found exactly, by what they say as linear equations.

Rules are judged together as a form is checked by them: its own, and those of the forms and packs that it builds on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Final, NamedTuple

from checker.formula.tree import Select
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.rule import Pack, Rule, Severity
from checker.packs.linear import Equation, System, equations

__all__ = ["Clash", "lint_linear"]

#: A rule that follows only from more rules than this taken together still shows the reader of a sheet the place to
#: look at (of four totals in a ring each can be told from the other three); one that follows from fewer shows nothing.
_FEW: Final = 2


class Clash(NamedTuple):
    """A remark on ``rule``, which the others that it names bring about."""

    rule: str
    code: str
    message: Text
    suggestion: Text
    severity: str = "error"


def lint_linear(pack: Pack) -> Iterator[Clash]:
    """What is amiss between rules of ``pack`` of which at least one is its own. Told of the last of them that is."""
    order = {rule.id: number for number, rule in enumerate(pack.rules)}
    own = {rule.id for rule in pack.rules if rule.pack == pack.id}
    told: set[tuple[str, frozenset[str]]] = set()
    for form in pack.forms.values():
        for code, rules, clash in _clashes(pack, form, order):
            if rules & own and (code, rules) not in told:
                told.add((code, rules))
                yield clash._replace(rule=max(rules & own, key=order.__getitem__))


def _clashes(pack: Pack, form: Form, order: dict[str, int]) -> Iterator[tuple[str, frozenset[str], Clash]]:
    groups: dict[tuple[str, str, str, str], list[Rule]] = {}
    for rule in pack.rules_about(form.name):
        key = str(rule.check.get("when", "")), rule.since, rule.until, rule.region
        groups.setdefault(key, []).append(rule)
    for (when, since, until, region), rules in groups.items():
        said = {rule.id: [*equations(rule, form)] for rule in rules}
        said = {rule: found for rule, found in said.items() if found}
        repeated: set[str] = set()
        for one, other in combinations(sorted(said, key=order.__getitem__), 2):
            here, there = _content(said[one]), _content(said[other])
            if here <= there or there <= here:
                repeated.add(other if there <= here else one)
                yield (
                    "RULE_REPEATED",
                    frozenset((one, other)),
                    _repeats(*((other, one) if there <= here else (one, other))),
                )
        if when:
            always = groups.get(("", since, until, region), ())
            for some, every in product((rule for rule in rules if rule.id in said), always):
                graver = Severity.ORDER.index(some.severity) < Severity.ORDER.index(every.severity)
                if not graver and _content(said[some.id]) <= _content([*equations(every, form)]):
                    yield "RULE_REPEATED", frozenset((some.id, every.id)), _repeats(some.id, every.id)
        else:  # what holds under a condition may be meant to leave one value only
            yield from _together(said, repeated, form)


def _content(found: Sequence[Equation]) -> frozenset[frozenset[tuple[object, object]]]:
    return frozenset(frozenset(equation.linear.scaled.items()) for equation in found)


def _together(
    said: dict[str, list[Equation]], repeated: set[str], form: Form
) -> Iterator[tuple[str, frozenset[str], Clash]]:
    system = System()
    closing: list[frozenset[str]] = []
    for equation in (equation for found in said.values() for equation in found):
        left, rules = system.add(equation)
        if left.constant:
            message = tr("{rules} cannot all hold, whatever a sheet says.", rules=_listed(rules))
            yield "RULES_CONTRADICT", rules, Clash("", "RULES_CONTRADICT", message, _compare())
        elif not left:
            closing.append(rules)
    for unknown, value, rules in system.fixed():
        if len(rules) > 1 and not value:  # where a rule states a number, it is meant to be that number
            message = tr(
                "{rules} hold together only if {cell} is {value}.",
                rules=_listed(rules),
                cell=_called(unknown),
                value=value,
            )
            yield "RULES_FORCE", rules, Clash("", "RULES_FORCE", message, _compare(), "warning")
    for rules in closing:
        if 1 < len(rules) <= _FEW + 1 and not rules & repeated:
            for rule in sorted(rules, reverse=True):
                rest = System(equation for other in rules - {rule} for equation in said[other])
                if all(rest.follows(equation) for equation in said[rule]):
                    message = tr("{rule} follows from {rules}.", rule=rule, rules=_listed(rules - {rule}))
                    yield "RULE_IMPLIED", rules, Clash("", "RULE_IMPLIED", message, _drop(), "warning")
                    break


def _repeats(rule: str, other: str) -> Clash:
    message = tr("{rule} says nothing that {other} does not say.", rule=rule, other=other)
    return Clash("", "RULE_REPEATED", message, _drop(), "warning")


def _drop() -> Text:
    return tr("Keep one; retire the other (retire:) where it is inherited.")


def _compare() -> Text:
    return tr("Compare them: a part may be missing in one, or a sign be wrong.")


def _listed(rules: frozenset[str]) -> str:
    return ", ".join(sorted(rules))


def _called(unknown: object) -> str:
    """A cell by its names, or what is worked out of several: ``SUM(a, b)``."""
    if not isinstance(unknown, tuple):
        return str(unknown)
    inner = [part for part in unknown if isinstance(part, tuple)]
    if inner:
        parts = [part for group in inner for part in (group if isinstance(group[0], tuple) else (group,))]
        return f"{unknown[-1]}({', '.join(map(_called, parts))})"
    return "/".join(str(part) for part in unknown if part and part != Select.ALL)
