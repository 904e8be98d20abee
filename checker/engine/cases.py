"""Run the cases that rules come with: draw the form, find it again, apply the rule, compare the answer.

A case goes the whole way that a workbook goes, reading of a file aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.checks.subject import Batch
from checker.engine.assess import recognise
from checker.engine.plan import Plan, parameters_on
from checker.engine.run import by_name, run_rule, subject_for
from checker.errors import CheckerError, PackError
from checker.locate.abroad import AbroadForm
from checker.locate.located import LocatedForm
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.rule import Pack
from checker.packs.cases import Case, Given, load_cases
from checker.templates import Drawing, draw, stack, to_workbook
from checker.values.lexicon import Lexicon

__all__ = ["CaseFailure", "CasesReport", "answers", "drawn", "run_case", "run_cases", "telling"]

#: The year of a case that names none.
YEAR = "2024"
#: What the other workbooks of a case are called.
BESIDE, LAST_YEAR = "[beside.xlsx]", "[prior.xlsx]"
#: Of several places the answer that says most stands for the case.
WEIGHT = (
    Status.BROKEN,
    Status.FAIL,
    Status.UNDECIDED,
    Status.TAIL,
    Status.PASS,
    Status.INSUFFICIENT,
    Status.WAIVED,
    Status.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that came out otherwise, or could not be run. ``where`` is ``file:line:column``."""

    where: str
    message: Text

    def render(self, language: str = "zh") -> str:
        return f"{self.where}: {self.message.render(language)}"


@dataclass(frozen=True, slots=True)
class CasesReport:
    total: int
    failures: tuple[CaseFailure, ...]


def run_cases(plans: Mapping[str, Plan], labels: Labels, lexicon: Lexicon) -> CasesReport:
    """All cases of all packs in ``plans``."""
    total = 0
    failures: list[CaseFailure] = []
    for plan in plans.values():
        files, errors = load_cases(plan.pack)
        failures.extend(CaseFailure(error.where, error.message) for error in errors)
        for file in files:
            for case in file.cases:
                total += 1
                failures.extend(run_case(case, plan, labels, lexicon))
    return CasesReport(total, tuple(failures))


def run_case(case: Case, plan: Plan, labels: Labels, lexicon: Lexicon) -> Iterable[CaseFailure]:
    """What is wrong with one case; nothing if it comes out as expected."""
    compiled = next((c for c in plan.about(case.form) if c.rule.id == case.rule), None)
    if compiled is None:
        broken = plan.broken.get((case.form, case.rule))
        why = broken.message if broken is not None else tr("rule {rule} is not about this form", rule=case.rule)
        yield CaseFailure(case.origin, why)
        return
    try:
        outcomes = answers(case, plan, labels, lexicon)
    except CheckerError as error:
        yield CaseFailure(case.origin, error.message)
        return
    told = telling(outcomes)
    if told.status != case.expect:
        yield CaseFailure(
            case.origin,
            tr(
                "{rule} ({kind}): expected {expected}, came out {found}. {why}",
                rule=compiled.rule.name,
                kind=case.kind,
                expected=case.expect,
                found=told.status,
                why=_why(told),
            ),
        )
        return
    for name, wanted, found in (
        ("difference", case.difference, told.difference),
        ("at_least", case.at_least, told.at_least),
    ):
        if wanted is not None and wanted != found:
            yield CaseFailure(case.origin, _differs(compiled.rule.name, name, wanted, found))
    if case.severity is not None and case.severity != told.severity:
        yield CaseFailure(case.origin, _differs(compiled.rule.name, "severity", case.severity, told.severity))


def telling(outcomes: Iterable[Outcome]) -> Outcome:
    """The answer that stands for a case."""
    return min(outcomes, key=lambda outcome: WEIGHT.index(outcome.status))


def drawn(case: Case, pack: Pack) -> dict[str, Drawing]:
    """The forms of a case, by name. Raises ``PackError``."""
    year = case.year or YEAR
    given: dict[str, Given | Sequence[Given]] = {case.form: case.given, **case.forms}
    for name in given:
        if name not in pack.every_form:
            raise PackError("FORM_UNKNOWN", tr("The pack has no form {form}.", form=name), where=case.origin)
    known = dict(pack.every_form)
    if case.layout:
        known[case.form] = known[case.form]._replace(layout=case.layout)
    return {name: _drawn(known[name], content, year) for name, content in given.items()}


def answers(case: Case, plan: Plan, labels: Labels, lexicon: Lexicon) -> list[Outcome]:
    """What comes of the rule of a case, in every place. Raises ``PackError``."""
    year = case.year or YEAR
    pack = plan.pack
    drawings = drawn(case, pack)
    own = {name: drawing for name, drawing in drawings.items() if name in pack.forms}
    workbook = to_workbook(own, path=case.origin, hidden={case.form: case.hidden})
    forms = recognise(workbook, [pack], labels, lexicon).forms
    mine = [form for form in forms if form.form.name == case.form and form.sheet == case.form]
    if not mine:
        raise PackError("CASE_FORM", tr("the form as drawn was not recognised again"), where=case.origin)
    if others := {name: drawing for name, drawing in drawings.items() if name in pack.beside}:
        beside = to_workbook(others, path=case.origin)
        found = recognise(beside, [pack._replace(forms=pack.beside)], labels, lexicon).forms
        forms = (*forms, *(AbroadForm(form, BESIDE) for form in found))
    prior = by_name(_last_year(case, plan, year, labels, lexicon)) if case.prior else None
    parameters = parameters_on(pack, year)
    subject = subject_for(mine[0], by_name(forms), workbook, lexicon, parameters, prior, pack.beside)
    compiled = next(c for c in plan.about(case.form) if c.rule.id == case.rule)
    outcomes: list[Outcome] = []
    for item in run_rule(compiled, subject):
        outcomes.extend(item) if isinstance(item, Batch) else outcomes.append(item)
    return outcomes


def _drawn(form: Form, content: Given | Sequence[Given], year: str) -> Drawing:
    """One form, or one below another where the case gives several of it."""
    listed = content if isinstance(content, Sequence) else [content]
    drawings = [draw(form, given, year=year) for given in listed]
    return drawings[0] if len(drawings) == 1 else stack(drawings)


def _last_year(case: Case, plan: Plan, year: str, labels: Labels, lexicon: Lexicon) -> list[LocatedForm]:
    forms = plan.pack.forms
    drawings = {name: _drawn(forms[name], content, str(int(year) - 1)) for name, content in case.prior.items()}
    found = recognise(to_workbook(drawings, path=case.origin), [plan.pack], labels, lexicon).forms
    return [AbroadForm(form, LAST_YEAR) for form in found]


def _why(outcome: Outcome) -> Text:
    if outcome.reason is not None:
        return outcome.reason
    if outcome.message is not None:
        return outcome.message
    sides = [str(side.value) for side in (outcome.left, outcome.right) if side is not None]
    text = f"{outcome.cell} {f' {outcome.operator} '.join(sides)}"
    return Text(text, text)


def _differs(rule: str, what: str, wanted: Decimal | str, found: Decimal | str | None) -> Text:
    return tr("{rule}: {what} should be {wanted} and is {found}", rule=rule, what=what, wanted=wanted, found=found)
