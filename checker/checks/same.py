"""``same``: one fact in two places (design §6.6). Two roundings of it may differ in the last place: a note.

``facts`` lists the places of one fact; ``pairs`` lists several facts, each with its two places. With ``blank: zero`` a
blank cell says 0, whichever of the two it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.checks.assertion import Assertion, Refinement, assertion, judge_quietly
from checker.checks.environment import Scope
from checker.checks.places import absent_places, places
from checker.checks.schema import NAME, NAMES, ROWS, comparison_schema, either, references
from checker.checks.subject import Answer, Compiled, Subject, names
from checker.errors import PackError
from checker.formula.compare import Comparison
from checker.formula.kept import parse
from checker.formula.tree import Reference
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.plugin import CheckKind
from checker.model.plugin import Reference as Named
from checker.model.rule import Pack, Rule, Severity
from checker.values.tolerance import Verdict, judge_same

__all__ = ["KIND", "one_fact"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    listed = rule.check.get("pairs")
    groups = [names(pair) for pair in listed] if isinstance(listed, list) else [names(rule.check["facts"])[::-1]]
    facts = [[parse(text) for text in group] for group in groups]
    if not all(isinstance(node, Reference) for nodes in facts for node in nodes):
        raise PackError(
            "SAME_FACTS",
            tr("Rule {rule}: facts must be references to cells", rule=rule.id),
            where=rule.origin,
        )
    rounding = pack.forms[rule.form].rounding
    held = ((node, nodes[-1]) for nodes in facts for node in reversed(nodes[:-1]))
    pairs = [assertion(rule, node, "=", other, rounding)._replace(either=True) for node, other in held]

    def run(subject: Subject) -> Iterator[Answer]:
        for scope in places(rule, subject, pairs[0].blank):
            for this in pairs:
                yield judge_quietly(this, scope, one_fact)
        yield from absent_places(rule, subject)

    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else ())


def one_fact(this: Assertion, comparison: Comparison, scope: Scope) -> Refinement | None:
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


def _references(check: Mapping[str, object]) -> Iterator[Named]:
    yield from references(check)
    pairs = check.get("pairs")
    for index, pair in enumerate(pairs if isinstance(pairs, list) else ()):
        for at, text in enumerate(names(pair)):
            yield Named(("pairs", index, at), formula=text)


KIND = CheckKind(
    "same",
    either(
        comparison_schema(
            facts={**NAMES, "minItems": 2},
            pairs={"type": "array", "items": {**NAMES, "minItems": 2, "maxItems": 2}, "minItems": 1},
            table=NAME,
            rows=ROWS,
            columns=NAMES,
        ),
        (("facts",), ()),
        (("pairs",), ()),
    ),
    _compile,
    _references,
    tr("One fact in two places"),
)
