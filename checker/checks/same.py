"""``same``: one fact in two places (design §6.6). Two roundings of it may differ in the last place: a note."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, Refinement, assertion, judge_quietly
from checker.checks.environment import Scope
from checker.checks.places import absent_places, places
from checker.checks.schema import NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.subject import Answer, Compiled, Subject, names
from checker.errors import PackError
from checker.formula.compare import Comparison
from checker.formula.kept import parse
from checker.formula.tree import Reference
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule, Severity
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

    def run(subject: Subject) -> Iterator[Answer]:
        for scope in places(rule, subject, pairs[0].blank):
            for this in pairs:
                yield judge_quietly(this, scope, _refine)
        yield from absent_places(rule, subject)

    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else ())


def _refine(this: Assertion, comparison: Comparison, scope: Scope) -> Refinement | None:
    """The stricter judge, where both are numbers as they stand."""
    left, right = comparison.left.operands[0], comparison.right.operands[0]
    one, other = left.quantity.number, right.quantity.number
    if comparison.reread or one is None or other is None:
        return None
    verdict = judge_same(one, left.grain, other, right.grain, this.rounding).verdict
    if verdict == Verdict.EQUAL:
        return Refinement(Status.PASS)
    if verdict == Verdict.NOTE:
        return Refinement(Status.FAIL, Severity.NOTE, tr("two tables rounded separately"))
    return Refinement(Status.FAIL, this.rule.severity)


KIND = CheckKind(
    "same",
    comparison_schema("facts", facts={**NAMES, "minItems": 2}, table=NAME, rows=ROWS, columns=NAMES),
    _compile,
    references,
    tr("One fact in two places"),
)
