"""``identity`` and ``inequality``: a formula that must hold, at each place it names; or several, under ``formulas``."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import assertion, comparison_in, comparison_of
from checker.checks.places import compiled
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, comparison_schema, either, references
from checker.checks.subject import Answer, Compiled, Subject, names
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["IDENTITY", "INEQUALITY"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    rounding = pack.forms[rule.form].rounding
    if "formulas" in rule.check:
        formulas = [comparison_in(rule, text, "formulas") for text in names(rule.check["formulas"])]
    else:
        formulas = [comparison_of(rule)]
    each = [compiled(rule, assertion(rule, f.left, f.operator, f.right, rounding)) for f in formulas]
    if len(each) == 1:
        return each[0]

    def run(subject: Subject) -> Iterator[Answer]:
        for one in each:
            yield from one.run(subject)

    return Compiled(rule, run, each[0].tables, all(one.per_row for one in each))


_SCHEMA = either(
    comparison_schema(formula=FORMULA, formulas=NAMES, table=NAME, rows=ROWS, columns=NAMES),
    (("formula",), ()),
    (("formulas",), ()),
)
IDENTITY = CheckKind("identity", _SCHEMA, _compile, references, tr("Two sides are equal"))
INEQUALITY = CheckKind("inequality", _SCHEMA, _compile, references, tr("One side is not greater than the other"))
