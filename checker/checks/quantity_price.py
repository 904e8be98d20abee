"""``quantity_price``: an amount is its quantity times its price, both typed with their units.

``25人天`` × ``100元/人天`` is 0.25 万元. A price without a unit may be in the column's unit or in the plain currency:
either reading will do. Words and approximate figures prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from checker.checks.conditions import Condition
from checker.checks.schema import FORMULA, NAME, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, answer, plain_text
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT
from checker.values.quantity import Kind
from checker.values.target import Target, TargetKind, target_of
from checker.values.tolerance import Judgement, Verdict, judge_printed

__all__ = ["KIND"]

_STATUS = {Verdict.EQUAL: Status.PASS, Verdict.TAIL: Status.TAIL, Verdict.BEYOND: Status.FAIL}


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, amount, quantity, price = (str(rule.check[key]) for key in ("table", "amount", "quantity", "price"))
    condition = Condition(rule.check.get("when"))

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not (table.has(amount) and table.has(quantity) and table.has(price)):
            return
        for row in table.rows:
            if condition.holds(subject, table, row):
                yield _judge(subject, table, row)

    def _judge(subject: Subject, table: LocatedTable, row: LocatedRow) -> Outcome:
        total, count, each = (table.fact(row, name) for name in (amount, quantity, price))
        assert total is not None and count is not None and each is not None
        facts = (total, count, each)
        how_many = target_of(count.quantity, subject.lexicon)
        how_much = target_of(each.quantity, subject.lexicon)
        if not (_plain(how_many) and _plain(how_much)) or total.quantity.kind != Kind.NUMBER:
            reason = tr("Quantity, price and amount are not all plain figures")
            return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=reason)
        if not _per_unit(how_much, how_many, subject):
            reason = tr("The price is not per unit of the quantity")
            return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=reason)
        rates = _rates(how_much, total.unit, subject)
        if not rates:
            reason = tr("The price {price} is not in money", price=each.quantity.raw.strip())
            return answer(rule, subject, Status.INSUFFICIENT, facts, reason=reason)
        claimed = total.quantity.number
        assert claimed is not None and how_many.number is not None and how_much.number is not None
        judged: list[tuple[Judgement, Decimal]] = []
        with localcontext(CONTEXT):
            for rate in rates:
                computed = how_many.number * how_much.number * rate
                judged.append((judge_printed(claimed, total.grain, Interval.point(computed)), computed))
        judgement, computed = min(judged, key=lambda item: item[0].at_least)
        filled = f"{count.quantity.raw.strip()} × {each.quantity.raw.strip()}"
        outcome = answer(
            rule,
            subject,
            _STATUS[judgement.verdict],
            facts,
            left=Side("", "", claimed, unit=total.unit),
            right=Side("", filled, computed, unit=total.unit),
            filled=filled,
            expected=number_text(computed),
            difference=number_text(abs(judgement.difference)),
        )
        return outcome._replace(
            difference=judgement.difference,
            at_least=judgement.at_least,
            tolerance=judgement.tolerance,
        )

    return Compiled(rule, run, (table_name,))


def _plain(target: Target) -> bool:
    """One certain number: no range, no bound, no "about"."""
    return (
        target.kind == TargetKind.NUMBER
        and target.upper is None
        and not target.approximate
        and target.comparator in ("", "=")
    )


def _per_unit(price: Target, quantity: Target, subject: Subject) -> bool:
    """Whether a price is for one of what the quantity counts, as far as both say: ``元/月`` is not for one ``年``."""
    per = plain_text(price.unit.partition("/")[2])
    if not per or not quantity.unit or per == plain_text(quantity.unit):
        return True
    one, other = subject.lexicon.unit(per), subject.lexicon.unit(quantity.unit)
    return one is not None and other is not None and one[:2] == other[:2]


def _rates(price: Target, unit: str, subject: Subject) -> list[Decimal]:
    """What one unit of money of the price is in ``unit``; both readings where the price does not say."""
    lexicon = subject.lexicon
    to = lexicon.unit(unit)
    if to is None:
        return []
    if not price.unit:
        return [Decimal(1), CONTEXT.divide(Decimal(1), to.factor)]
    money = lexicon.unit(price.unit.partition("/")[0])
    if money is None or money.dimension != to.dimension:
        return []
    return [CONTEXT.divide(money.factor, to.factor)]


KIND = CheckKind(
    "quantity_price",
    schema("table", "amount", "quantity", "price", table=NAME, when=FORMULA, amount=NAME, quantity=NAME, price=NAME),
    _compile,
    references,
    tr("An amount is its quantity times its price"),
    ("expected",),
)
