"""``date_order``: one date of a form does not lie after another, nor (``within``) more than so many days before it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checker.checks.schema import NAME, NUMBER_OR_NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Kind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    earlier, later, limit = str(rule.check["earlier"]), str(rule.check["later"]), rule.check.get("within")

    def run(subject: Subject) -> Iterator[Outcome]:
        facts = [fact for name in (later, earlier) if (fact := subject.form.fields.get(name)) is not None]
        days = [span for fact in facts if (span := _days(fact)) is not None]
        if len(days) < 2:
            path = facts[0].path if facts else form_path(subject, later)
            reason = tr("There are no two dates to compare")
            yield answer(rule, subject, Status.NOT_APPLICABLE, facts, path=path, reason=reason)
            return
        (later_first, later_last), (earlier_first, earlier_last) = days
        allowed = _number(limit, subject) if limit is not None else None
        # Of "March 2025" every day counts: wrong is only what is wrong on all of them.
        wrong = earlier_first > later_last or (allowed is not None and later_first - earlier_last > allowed)
        yield answer(
            rule,
            subject,
            Status.FAIL if wrong else Status.PASS,
            facts,
            left=Side("", "", facts[0].quantity.raw.strip()),
            operator=">=",
            right=Side("", "", facts[1].quantity.raw.strip()),
            days=later_first - earlier_last,
        )

    return Compiled(rule, run)


def _days(fact: Fact) -> tuple[Decimal, Decimal] | None:
    """The first and the last day that a date may mean, as serials."""
    number, other = fact.quantity.number, fact.quantity.alternative
    if fact.quantity.kind != Kind.DATE or number is None:
        return None
    return min(number, other or number), max(number, other or number)


def _number(limit: object, subject: Subject) -> Decimal:
    text = str(limit)
    return Decimal(subject.parameters.get(text, text))


KIND = CheckKind(
    "date_order",
    schema("earlier", "later", earlier=NAME, later=NAME, within=NUMBER_OR_NAME),
    _compile,
    references,
    tr("One date does not lie after another"),
    ("days",),
)
