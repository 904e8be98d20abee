"""``rate``: a printed rate is a numerator over a denominator.

Right if it is the rounding of some value that the figures allow (design §6.4). A rate cut off instead of rounded, or
rounded first and printed with further decimals, is wrong but harmless: it is told as what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, Refinement, assertion, judge_quietly, read_formula
from checker.checks.environment import Scope
from checker.checks.places import absent_places, looks_at_rows_alone, places, row_by_row
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.formula.compare import Comparison
from checker.formula.evaluate import evaluate, facts_of
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Binary, Call, Node
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule, Severity
from checker.values.numbers import round_to

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    printed, numerator, denominator = (read_formula(rule, key) for key in ("rate", "numerator", "denominator"))
    quotient = Binary(0, 0, "/", numerator, denominator)
    right = Call(0, 0, "MIN", (read_formula(rule, "cap"), quotient)) if "cap" in rule.check else quotient
    this = assertion(rule, printed, "=", right, pack.forms[rule.form].rounding)

    quick = row_by_row(this)

    def at(scope: Scope) -> Answer:
        if _is_zero(denominator, scope):
            facts = facts_of(printed, scope) + facts_of(quotient, scope)
            reason = tr("The divisor is 0: there is no rate")
            return answer(rule, scope.subject, Status.NOT_APPLICABLE, facts, reason=reason)
        return judge_quietly(this, scope, _refine, printed=True)

    def run(subject: Subject) -> Iterator[Answer]:
        if quick is not None:
            yield from quick(subject, at)
        else:
            yield from map(at, places(rule, subject, this.blank))
            yield from absent_places(rule, subject)

    nodes = (printed, right) if this.when is None else (printed, right, this.when)
    tables = (str(rule.check["table"]),) if "table" in rule.check else ()
    return Compiled(rule, run, tables, looks_at_rows_alone(rule, nodes))


def _is_zero(denominator: Node, scope: Scope) -> bool:
    """A divisor printed as 0. Whether a rate may then be printed is another rule's business."""
    try:
        return evaluate(denominator, scope).number == 0
    except Obstacle:
        return False


def _refine(this: Assertion, comparison: Comparison, scope: Scope) -> Refinement | None:
    if comparison.status != Status.FAIL or comparison.right.number is None or comparison.left.number is None:
        return None
    printed, computed = comparison.left.number, comparison.right.number
    fact = comparison.left.operands[0]
    places_printed = fact.quantity.decimals + 2
    for places_kept in range(places_printed, 1, -1):
        if round_to(computed, places_kept, "truncate") == printed:
            return Refinement(
                Status.FAIL,
                Severity.WARNING if this.rule.severity == Severity.ERROR else "",
                tr("the rate was cut off after {places} decimals instead of rounded", places=places_kept - 2),
            )
        if places_kept < places_printed and round_to(computed, places_kept) == printed:
            return Refinement(
                Status.FAIL,
                Severity.WARNING if this.rule.severity == Severity.ERROR else "",
                tr(
                    "the rate was rounded to {places} decimals first and then printed with more",
                    places=places_kept - 2,
                ),
            )
    return None


KIND = CheckKind(
    "rate",
    comparison_schema(
        "rate",
        "numerator",
        "denominator",
        table=NAME,
        rows=ROWS,
        columns=NAMES,
        rate=FORMULA,
        numerator=FORMULA,
        denominator=FORMULA,
        cap=FORMULA,
    ),
    _compile,
    references,
    tr("A rate is a numerator over a denominator"),
)
