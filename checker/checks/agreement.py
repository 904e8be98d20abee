"""``agreement``: what several forms of a workbook say in their heads is the same: year, unit, project.

Where most of them say one thing, those that say another are told; where no side has the most, all of them are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names, plain_text
from checker.locate.abroad import AbroadForm
from checker.locate.located import LocatedForm
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    fields = names(rule.check.get("fields"))
    year, money = rule.check.get("year") is True, rule.check.get("money") is True

    def run(subject: Subject) -> Iterator[Outcome]:
        listed = {id(form): form for forms in subject.forms.values() for form in forms}
        others = [f for f in listed.values() if f is not subject.form and not isinstance(f, AbroadForm)]
        if money:
            yield from _money(rule, subject, others)
        if year:
            years = {form.year for form in [subject.form, *others] if form.year}
            if subject.form.year and any(form.year for form in others):
                alone = _deviates(subject.form.year, [form.year for form in others if form.year])
                yield answer(
                    rule,
                    subject,
                    Status.FAIL if alone else Status.PASS,
                    (),
                    path=form_path(subject),
                    left=Side("", "", subject.form.year),
                    right=Side("", "", ", ".join(sorted(years))),
                    values=_listed([(f.sheet, f.year) for f in [subject.form, *others] if f.year]),
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
                Status.FAIL if _deviates(own, [plain_text(other.quantity.raw) for other in same]) else Status.PASS,
                (fact, *(differing or same)),
                left=Side("", "", fact.quantity.raw.strip()),
                right=Side("", "", (differing or same)[0].quantity.raw.strip()),
                values=_listed([(f"{f.sheet}!{f.address}", f.quantity.raw.strip()) for f in (fact, *differing)]),
            )

    return Compiled(rule, run)


def _money(rule: Rule, subject: Subject, others: Sequence[LocatedForm]) -> Iterator[Outcome]:
    """The unit of money that each sheet states."""
    own = subject.form.stated_unit
    stated = [form.stated_unit for form in others if form.stated_unit is not None]
    if own is None or not stated:
        return
    differing = [fact for fact in stated if fact.unit != own.unit]
    yield answer(
        rule,
        subject,
        Status.FAIL if _deviates(own.unit, [fact.unit for fact in stated]) else Status.PASS,
        (own, *(differing or stated)),
        left=Side("", "", own.unit),
        right=Side("", "", (differing or stated)[0].unit),
        values=_listed([(f"{f.sheet}!{f.address}", f.unit) for f in (own, *differing)]),
    )


def _listed(said: Sequence[tuple[str, str]]) -> str:
    """Who says what: of several places that say the same the first two, and how many more there are."""
    places: dict[str, list[str]] = {}
    for place, value in said:
        places.setdefault(value, []).append(place)
    shown = (
        f"{', '.join(where[:2])}{f' … (+{len(where) - 2})' if len(where) > 2 else ''}={value}"
        for value, where in places.items()
    )
    return "; ".join(shown)


def _deviates(own: str, others: Sequence[str]) -> bool:
    """Whether ``own`` is not what most say, itself included."""
    if all(other == own for other in others):
        return False
    ranked = Counter([own, *others]).most_common(2)
    return ranked[0][0] != own or ranked[0][1] == ranked[1][1]


KIND = CheckKind(
    "agreement",
    schema(fields=NAMES, year={"type": "boolean"}, money={"type": "boolean"}),
    _compile,
    references,
    tr("The heads of several forms agree"),
    ("values",),
)
