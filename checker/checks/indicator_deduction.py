"""``indicator_deduction``: marks were taken off although the target is met, and nobody says why."""

from __future__ import annotations

from checker.checks.indicators import Indicator, compiled_rows, met
from checker.checks.schema import FORMULA, NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer, is_blank
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check

    def each(subject: Subject, table: LocatedTable, this: Indicator) -> Outcome | None:
        weight, score = table.fact(this.row, str(check["weight"])), table.fact(this.row, str(check["score"]))
        if weight is None or score is None:
            return None
        facts = (score, this.actual_fact, this.target_fact, weight)
        full, claimed = weight.quantity.number, score.quantity.number
        wanted, reached = this.comparison.target, this.comparison.actual
        if (
            full is None
            or claimed is None
            or wanted is None
            or reached is None
            or this.comparison.problem
            or this.actual.approximate
            or met(this.target, wanted, reached) is not True
        ):
            return answer(rule, subject, Status.NOT_APPLICABLE, facts)
        reason = table.fact(this.row, str(check["reason"])) if "reason" in check else None
        unexplained = claimed < full and (reason is None or is_blank(reason))
        return answer(
            rule,
            subject,
            Status.FAIL if unexplained else Status.PASS,
            facts,
            left=Side("", "", claimed),
            operator="=",
            right=Side("", "", full),
            target=this.target_fact.quantity.raw.strip(),
            actual=this.actual_fact.quantity.raw.strip(),
            name=this.row.label or this.row.name,
        )

    return compiled_rows(rule, each)


KIND = CheckKind(
    "indicator_deduction",
    schema(
        "table",
        "target",
        "actual",
        "weight",
        "score",
        table=NAME,
        when=FORMULA,
        target=NAME,
        actual=NAME,
        weight=NAME,
        score=NAME,
        reason=NAME,
        direction=NAME,
        unit=NAME,
    ),
    _compile,
    references,
    tr("Marks taken off a target that is met need a reason"),
    ("target", "actual", "name"),
)
