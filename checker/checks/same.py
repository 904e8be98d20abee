"""``same``: one fact in two places (design §6.6). Two roundings of it may differ in the last place: a note."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, assertion, judge, places
from checker.checks.environment import Scope
from checker.checks.schema import NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.subject import Compiled, Subject, names
from checker.errors import PackError
from checker.formula.obstacle import Obstacle
from checker.formula.parser import parse
from checker.formula.tree import Reference
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule, Severity
from checker.values.quantity import Kind
from checker.values.tolerance import Verdict, judge_same

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    nodes = [parse(text) for text in names(rule.check["facts"])]
    if len(nodes) < 2 or not all(isinstance(node, Reference) for node in nodes):
        raise PackError(
            "SAME_FACTS",
            tr("Rule {rule}: facts must list two or more references", rule=rule.id),
            where=rule.origin,
        )
    rounding = pack.forms[rule.form].rounding
    pairs = [assertion(rule, node, "=", nodes[0], rounding) for node in nodes[1:]]

    def run(subject: Subject) -> Iterator[Outcome]:
        for scope in places(rule, subject):
            for this in pairs:
                yield _judge(this, scope)

    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else ())


def _judge(this: Assertion, scope: Scope) -> Outcome:
    """Plain comparison for everything that is in the way; the stricter judge where both are numbers."""

    outcome = judge(this, scope)
    if outcome.status not in (Status.PASS, Status.TAIL, Status.FAIL) or outcome.reason is not None:
        return outcome  # no answer, or one that rests on another reading of a rate
    try:
        left, right = (scope.facts(node)[0] for node in (this.left, this.right) if isinstance(node, Reference))
    except (Obstacle, IndexError):
        return outcome
    if left.quantity.kind != Kind.NUMBER or right.quantity.kind != Kind.NUMBER:
        return outcome
    assert left.quantity.number is not None and right.quantity.number is not None
    judgement = judge_same(left.quantity.number, left.grain, right.quantity.number, right.grain, this.rounding)
    status = Status.PASS if judgement.verdict == Verdict.EQUAL else Status.FAIL
    severity = Severity.NOTE if judgement.verdict == Verdict.NOTE else this.rule.severity
    if status == Status.FAIL and outcome.message is None:
        outcome = outcome._replace(message=this.rule.message or this.rule.title)
    return outcome._replace(
        status=status,
        severity=severity,
        difference=judgement.difference,
        at_least=judgement.at_least,
        tolerance=judgement.tolerance,
        cause=tr("two tables rounded separately") if judgement.verdict == Verdict.NOTE else None,
    )


KIND = CheckKind(
    "same",
    comparison_schema("facts", facts={**NAMES, "minItems": 2}, table=NAME, rows=ROWS, columns=NAMES),
    _compile,
    references,
    tr("One fact in two places"),
)
