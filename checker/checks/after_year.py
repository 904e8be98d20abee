"""``after_year``: a date lies after the end of the year that the form is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.numbers import date_to_serial
from checker.values.quantity import Kind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    name = str(rule.check["field"])

    def run(subject: Subject) -> Iterator[Outcome]:
        fact = subject.form.fields.get(name)
        if fact is None:
            return
        year = subject.form.year
        quantity = fact.quantity
        if quantity.kind != Kind.DATE or quantity.number is None or not year:
            reason = tr("There is no date or no year to compare")
            yield answer(rule, subject, Status.NOT_APPLICABLE, (fact,), reason=reason)
            return
        # Of "March 2025" the last day counts: it may be that day.
        latest = max(quantity.number, quantity.alternative or quantity.number)
        after = latest > date_to_serial(date(int(year), 12, 31))
        yield answer(
            rule,
            subject,
            Status.PASS if after else Status.FAIL,
            (fact,),
            left=Side("", "", quantity.raw.strip()),
            operator=">",
            right=Side("", "", f"{year}-12-31"),
            year=year,
        )

    return Compiled(rule, run)


KIND = CheckKind(
    "after_year",
    schema("field", field=NAME),
    _compile,
    references,
    tr("A date lies after the end of the year"),
    ("year",),
)
