"""Run the rules of a plan on the forms found in a workbook. Every rule answers for every place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from checker.checks.subject import Batch, Compiled, Subject, answer, nothing_here
from checker.engine.plan import Plan, applies, parameters_on
from checker.locate.located import LocatedForm
from checker.messages import Text, tr
from checker.model.outcome import Outcome, Status
from checker.model.workbook import Workbook
from checker.values.lexicon import Lexicon

__all__ = ["Results", "run", "run_rule", "subject_for"]


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

    def every(self) -> Iterator[Outcome]:
        """Every outcome, passes in full."""
        for _, outcome in self.told:
            yield outcome
        for batch in self.batches:
            yield from batch


def subject_for(
    form: LocatedForm,
    forms: Mapping[str, Sequence[LocatedForm]],
    workbook: Workbook,
    lexicon: Lexicon,
    parameters: Mapping[str, Decimal | str],
) -> Subject:
    return Subject(form=form, forms=forms, workbook=workbook, lexicon=lexicon, parameters=parameters)


def run(
    plan: Plan,
    forms: Sequence[LocatedForm],
    workbook: Workbook,
    lexicon: Lexicon,
    year: str,
    apart: Mapping[int, str] | None = None,
) -> Results:
    """Apply every rule of the plan to every form it is about.

    ``apart`` names, by the identity of a form, a table of it whose rules somebody else runs (see ``engine.long``).
    """
    results = Results()
    by_name: dict[str, list[LocatedForm]] = {}
    for form in forms:
        by_name.setdefault(form.form.name, []).append(form)
    for form in forms:
        of_year = year or form.year
        subject = subject_for(form, by_name, workbook, lexicon, parameters_on(plan.pack, of_year))
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
        for rule_id, error in plan.broken.items():
            if plan.rules[rule_id].form == form.form.name:
                reason = tr(
                    "The rule could not be prepared: {error}", error=Text(error.render("zh"), error.render("en"))
                )
                results.add(form, answer(plan.rules[rule_id], subject, Status.BROKEN, (), reason=reason))
    return results


def run_rule(compiled: Compiled, subject: Subject) -> Iterable[Outcome | Batch]:
    """The answers of one rule on one form: at least one, so that a rule that found nothing to check says so."""
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
