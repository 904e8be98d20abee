"""``not_negative``: no amount of a form is negative, but in the rows and columns where it may be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checker.checks.reading import figures
from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Answer, Compiled, Subject, answer, batch, names
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    excepted = frozenset(names(rule.check.get("except")))

    def told(subject: Subject, fact: Fact, status: str) -> Outcome:
        left = Side("", "", fact.quantity.number, unit=fact.unit, decimals=fact.quantity.decimals)
        return answer(rule, subject, status, (fact,), left=left, operator=">=", right=Side("", "0", Decimal(0)))

    def run(subject: Subject) -> Iterator[Answer]:
        passed: list[Fact] = []
        for fact in figures(subject):
            if fact.quantity.number is None or not excepted.isdisjoint(fact.path[-2:]):
                continue
            if fact.quantity.number < 0:
                yield told(subject, fact, Status.FAIL)
            else:
                passed.append(fact)
        if passed:
            yield batch(rule, passed, lambda fact: told(subject, fact, Status.PASS))

    return Compiled(rule, run, per_row=True)


KIND = CheckKind(
    "not_negative",
    schema(**{"except": NAMES}),
    _compile,
    references,
    tr("No amount is negative"),
)
