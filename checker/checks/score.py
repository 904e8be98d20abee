"""``score``: marks recomputed from what they are given for.

Marks are right when rounded to the declared places. Coarser marks that are the proper rounding at their own places
are a note; marks cut to a whole number are told with whom they cost.
"""

from __future__ import annotations

from decimal import Decimal

from checker.checks.assertion import Assertion, Refinement, assertion, comparison_of
from checker.checks.environment import Scope
from checker.checks.places import compiled
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.show import number_text
from checker.checks.subject import Compiled
from checker.formula.compare import Comparison
from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule, Severity
from checker.values.interval import Interval
from checker.values.numbers import places_of, round_to

__all__ = ["KIND", "coarse_marks"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    formula = comparison_of(rule)
    this = assertion(rule, formula.left, formula.operator, formula.right, pack.forms[rule.form].rounding)
    return compiled(rule, this, _refine, printed=True)


def _refine(this: Assertion, comparison: Comparison, scope: Scope) -> Refinement | None:
    claimed, computed = comparison.left.number, comparison.right.number
    if comparison.status != Status.FAIL or claimed is None or computed is None or not comparison.left.operands:
        return None
    interval = comparison.right.interval or Interval.point(computed)
    return coarse_marks(claimed, computed, interval, this.rule.severity)


def coarse_marks(claimed: Decimal, computed: Decimal, interval: Interval, severity: str) -> Refinement | None:
    """Marks with fewer decimals than computed: properly rounded (a note), or cut off (say so), or neither (None).

    The decimals are those of the number, not those that its cell shows: a 9 shown as 9.00 is still cut off.
    """
    decimals = places_of(claimed.normalize())
    if any(round_to(edge, decimals) == claimed for edge in (interval.low, computed, interval.high)):
        return Refinement(
            Status.FAIL,
            Severity.NOTE,
            tr("the score was rounded to {places} decimals", places=decimals),
        )
    if round_to(computed, decimals, "truncate") == claimed:
        loss = number_text(round_to(computed - claimed, 2))
        cause: Text = (
            tr("the score was cut to a whole number, to the unit's loss of {loss}", loss=loss)
            if decimals == 0
            else tr("the score was cut off instead of rounded, to the unit's loss of {loss}", loss=loss)
        )
        return Refinement(Status.FAIL, severity, cause)
    return None


KIND = CheckKind(
    "score",
    comparison_schema("formula", formula=FORMULA, table=NAME, rows=ROWS, columns=NAMES),
    _compile,
    references,
    tr("Marks follow from what they are given for"),
)
