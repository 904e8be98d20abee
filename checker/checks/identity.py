"""``identity`` and ``inequality``: a formula that must hold, at each place it names."""

from __future__ import annotations

from checker.checks.assertion import assertion, comparison_of
from checker.checks.places import compiled
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.subject import Compiled
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["IDENTITY", "INEQUALITY"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    formula = comparison_of(rule)
    rounding = pack.forms[rule.form].rounding
    return compiled(rule, assertion(rule, formula.left, formula.operator, formula.right, rounding))


_SCHEMA = comparison_schema("formula", formula=FORMULA, table=NAME, rows=ROWS, columns=NAMES)
IDENTITY = CheckKind("identity", _SCHEMA, _compile, references, tr("Two sides are equal"))
INEQUALITY = CheckKind("inequality", _SCHEMA, _compile, references, tr("One side is not greater than the other"))
