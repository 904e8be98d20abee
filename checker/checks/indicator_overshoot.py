"""``indicator_overshoot``: far more was achieved than the target asked for, and nobody says why."""

from __future__ import annotations

from decimal import localcontext

from checker.checks.environment import Scope
from checker.checks.indicators import Indicator, compiled_rows
from checker.checks.ranges import bound
from checker.checks.schema import FORMULA, NAME, NUMBER_OR_NAME, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, answer, is_blank
from checker.formula.evaluate import evaluate
from checker.formula.obstacle import Obstacle
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.numbers import CONTEXT
from checker.values.target import TargetKind

__all__ = ["KIND"]

MORE_IS_BETTER = ("≥", ">", "=", "")


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    most = bound(check["limit"])

    def each(subject: Subject, table: LocatedTable, this: Indicator) -> Outcome | None:
        facts = (this.actual_fact, this.target_fact)
        wanted, reached = this.comparison.target, this.comparison.actual
        if (
            this.target.kind != TargetKind.NUMBER
            or this.target.comparator not in MORE_IS_BETTER
            or this.comparison.problem
            or wanted is None
            or reached is None
            or wanted.low <= 0
            or this.actual.approximate
            or this.comparison.alternative is not None
        ):
            return answer(rule, subject, Status.NOT_APPLICABLE, facts)
        try:
            limit = evaluate(most, Scope(subject, table, this.row)).number
        except Obstacle as obstacle:
            return answer(rule, subject, Status.INSUFFICIENT, facts, reason=obstacle.reason)
        assert limit is not None
        reason = table.fact(this.row, str(check["reason"])) if "reason" in check else None
        with localcontext(CONTEXT):
            ratio = reached.low / wanted.high
        explained = reason is None or not is_blank(reason)
        status = Status.PASS if ratio < limit else Status.NOT_APPLICABLE if explained else Status.FAIL
        return answer(
            rule,
            subject,
            status,
            facts,
            left=Side(
                "",
                f"{this.actual_fact.quantity.raw.strip()} ÷ {this.target_fact.quantity.raw.strip()}",
                ratio,
                unit="%",
            ),
            operator="<",
            right=Side("", "", limit, unit="%"),
            ratio=number_text(ratio, "%", 1),
            limit=number_text(limit, "%", 0),
            target=this.target_fact.quantity.raw.strip(),
            actual=this.actual_fact.quantity.raw.strip(),
            name=this.row.label or this.row.name,
        )

    return compiled_rows(rule, each)


KIND = CheckKind(
    "indicator_overshoot",
    schema(
        "table",
        "target",
        "actual",
        "limit",
        table=NAME,
        when=FORMULA,
        target=NAME,
        actual=NAME,
        reason=NAME,
        direction=NAME,
        unit=NAME,
        limit=NUMBER_OR_NAME,
    ),
    _compile,
    references,
    tr("Far more was achieved than asked for, without a reason"),
    ("target", "actual", "name", "ratio", "limit"),
)
