"""``agreement``: what several forms of a workbook say in their heads is the same: year, unit, project."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names, plain_text
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    fields = names(rule.check.get("fields"))
    year = rule.check.get("year") is True

    def run(subject: Subject) -> Iterator[Outcome]:
        others = [form for forms in subject.forms.values() for form in forms if form is not subject.form]
        if year:
            years = {form.year for form in [subject.form, *others] if form.year}
            if subject.form.year and any(form.year for form in others):
                yield answer(
                    rule,
                    subject,
                    Status.PASS if len(years) == 1 else Status.FAIL,
                    (),
                    path=form_path(subject),
                    left=Side("", "", subject.form.year),
                    right=Side("", "", ", ".join(sorted(years))),
                    values=", ".join(f"{f.sheet}={f.year}" for f in [subject.form, *others] if f.year),
                )
        for name in fields:
            fact = subject.form.fields.get(name)
            if fact is None or not fact.quantity.raw.strip():
                continue
            same = [
                other.fields[name]
                for other in others
                if other.qualifier == subject.form.qualifier
                and name in other.fields
                and other.fields[name].quantity.raw.strip()
            ]
            if not same:
                yield answer(rule, subject, Status.NOT_APPLICABLE, (fact,))
                continue
            own = plain_text(fact.quantity.raw)
            differing = [other for other in same if plain_text(other.quantity.raw) != own]
            yield answer(
                rule,
                subject,
                Status.FAIL if differing else Status.PASS,
                (fact, *(differing or same)),
                left=Side("", "", fact.quantity.raw.strip()),
                right=Side("", "", (differing or same)[0].quantity.raw.strip()),
                values=", ".join(f"{f.sheet}!{f.address}={f.quantity.raw.strip()}" for f in (fact, *differing)),
            )

    return Compiled(rule, run)


KIND = CheckKind(
    "agreement",
    schema(fields=NAMES, year={"type": "boolean"}),
    _compile,
    references,
    tr("The heads of several forms agree"),
    ("values",),
)
