"""Run the rules of a plan on the forms found in a workbook. Every rule answers for every place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.checks.subject import Batch, Compiled, Subject, answer, nothing_here
from checker.engine.plan import Plan, applies, parameters_on
from checker.locate.located import LocatedForm
from checker.messages import Text, tr
from checker.model.outcome import Outcome, Status
from checker.model.workbook import Workbook
from checker.values.lexicon import Lexicon

__all__ = ["Around", "Results", "by_name", "run", "run_rule", "subject_for"]


class Results:
    """What came of one workbook: outcomes that are told at once, and batches of passes told when asked."""

    def __init__(self) -> None:
        self.told: list[tuple[LocatedForm, Outcome]] = []
        self.batches: list[Batch] = []
        self.counts: dict[str, int] = dict.fromkeys(Status.ORDER, 0)
        self.rules_run: set[str] = set()
        self.subjects: dict[int, Subject] = {}

    def add(self, form: LocatedForm, item: Outcome | Batch) -> None:
        if isinstance(item, Batch):
            self.counts[item.status] += len(item)
            self.batches.append(item)
        else:
            self.counts[item.status] += 1
            self.told.append((form, item))

    def with_those_of(self, other: Results) -> Results:
        """Both together."""
        both = Results()
        for one in (self, other):
            both.told.extend(one.told)
            both.batches.extend(one.batches)
            both.rules_run.update(one.rules_run)
            both.subjects.update(one.subjects)
            for status, count in one.counts.items():
                both.counts[status] += count
        return both

    def every(self) -> Iterator[Outcome]:
        """Every outcome, passes in full."""
        for _, outcome in self.told:
            yield outcome
        for batch in self.batches:
            yield from batch


class Around(NamedTuple):
    """What stands around the forms that a pack is run on: the other forms of the submission, last year's forms (None:
    no workbook of last year was given), and the sheets with figures that were recognised as none."""

    forms: Sequence[LocatedForm] = ()
    prior: Sequence[LocatedForm] | None = None
    unread: Sequence[str] = ()


def subject_for(
    form: LocatedForm,
    forms: Mapping[str, Sequence[LocatedForm]],
    workbook: Workbook,
    lexicon: Lexicon,
    parameters: Mapping[str, Decimal | str],
    prior: Mapping[str, Sequence[LocatedForm]] | None = None,
    beside: Collection[str] = (),
    unread: Sequence[str] = (),
) -> Subject:
    return Subject(form, forms, workbook, lexicon, parameters, prior, beside, unread=unread)


def by_name(forms: Iterable[LocatedForm]) -> dict[str, list[LocatedForm]]:
    """Forms by the names that rules call them by: their own, and those of the forms that they are kinds of."""
    named: dict[str, list[LocatedForm]] = {}
    for form in forms:
        for name in (form.form.name, *form.form.kinds_of):
            named.setdefault(name, []).append(form)
    return named


def run(
    plan: Plan,
    forms: Sequence[LocatedForm],
    workbook: Workbook,
    lexicon: Lexicon,
    year: str,
    apart: Mapping[int, str] | None = None,
    around: Around = Around(),  # noqa: B008 (it holds nothing)
) -> Results:
    """Apply every rule of the plan to every form it is about.

    ``apart`` names, by the identity of a form, a table of it whose rules somebody else runs (see ``engine.long``).
    """
    results = Results()
    named = by_name((*forms, *around.forms))
    prior = None if around.prior is None else by_name(around.prior)
    for form in forms:
        of_year = year or form.year
        parameters = parameters_on(plan.pack, of_year)
        subject = subject_for(form, named, workbook, lexicon, parameters, prior, plan.pack.beside, around.unread)
        results.subjects[id(form)] = subject
        for compiled in plan.about(form.form.name):
            if apart and apart.get(id(form)) in compiled.tables:
                continue
            results.rules_run.add(compiled.rule.id)
            if not applies(compiled.rule, of_year):
                reason = tr("The rule is not about this year")
                results.add(form, answer(compiled.rule, subject, Status.NOT_APPLICABLE, (), reason=reason))
                continue
            for item in run_rule(compiled, subject):
                results.add(form, item)
        for (about, rule_id), error in plan.broken.items():
            if about == form.form.name:
                reason = tr(
                    "The rule could not be prepared: {error}", error=Text(error.render("zh"), error.render("en"))
                )
                results.add(form, answer(plan.rules[rule_id], subject, Status.BROKEN, (), reason=reason))
    return results


def run_rule(compiled: Compiled, subject: Subject) -> Iterable[Outcome | Batch]:
    """The answers of one rule on one form: at least one, so that a rule that found nothing to check says so."""
    if compiled.rule.written_for:
        subject = subject._replace(known_as=compiled.rule.written_for)
    missing = nothing_here(compiled.rule, subject, compiled.tables)
    if missing is not None:
        return [missing]
    try:
        answers = list(compiled.run(subject))
    except Exception as error:  # a rule that breaks is shown as broken and never stops the others
        reason = tr(
            "The rule could not run: {error}. Please report this to its author.",
            error=f"{type(error).__name__}: {error}",
        )
        return [answer(compiled.rule, subject, Status.BROKEN, (), reason=reason)]
    if not answers:
        reason = tr("The form has no place that this rule is about")
        return [answer(compiled.rule, subject, Status.NOT_APPLICABLE, (), reason=reason)]
    return answers
