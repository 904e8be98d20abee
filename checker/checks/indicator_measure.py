"""``indicator_measure``: what was achieved is stated in the measure of its target.

``aspect`` says which slip is looked for: ``kind`` words where the target is a number, ``unit`` another unit, ``sign``
the comparator of the target copied into the achievement.
"""

from __future__ import annotations

from checker.checks.indicators import Indicator, compiled_rows
from checker.checks.schema import FORMULA, NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.target import TargetKind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    aspect = str(rule.check["aspect"])

    def each(subject: Subject, table: LocatedTable, this: Indicator) -> Outcome:
        status = Status.PASS
        if this.blank:
            status = Status.NOT_APPLICABLE
        elif aspect == "sign":
            if not this.quantitative:
                status = Status.NOT_APPLICABLE
            elif this.actual.comparator and this.actual.kind == TargetKind.NUMBER and not this.actual.approximate:
                status = Status.FAIL
        elif not this.quantitative:
            status = Status.NOT_APPLICABLE
        elif aspect == "kind":
            if this.comparison.problem == "kind" and this.target.kind == TargetKind.NUMBER:
                status = Status.FAIL if this.actual.kind == TargetKind.TEXT and this.actual.number is None else status
        elif this.comparison.problem in ("unit", "scale"):
            status = Status.FAIL
        elif this.comparison.problem:
            status = Status.NOT_APPLICABLE
        return answer(
            rule,
            subject,
            status,
            (this.actual_fact, this.target_fact),
            left=Side("", "", this.actual_fact.quantity.raw.strip()),
            operator="~",
            right=Side("", "", this.target_fact.quantity.raw.strip()),
            target=this.target_fact.quantity.raw.strip(),
            actual=this.actual_fact.quantity.raw.strip(),
            name=this.row.label or this.row.name,
        )

    return compiled_rows(rule, each)


KIND = CheckKind(
    "indicator_measure",
    schema(
        "table",
        "target",
        "actual",
        "aspect",
        table=NAME,
        when=FORMULA,
        target=NAME,
        actual=NAME,
        direction=NAME,
        unit=NAME,
        aspect={"enum": ["kind", "unit", "sign"]},
    ),
    _compile,
    references,
    tr("What was achieved is stated in the measure of its target"),
    ("target", "actual", "name"),
)
