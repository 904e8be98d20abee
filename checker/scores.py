"""Workbooks in, claimed and recomputed scores out: what ``checker score`` and ``checker.score`` do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os.path import exists
from typing import NamedTuple

from checker.checks.environment import Scope
from checker.checks.subject import Subject
from checker.engine import statements
from checker.engine.assess import Assessed
from checker.engine.suppose import supposing
from checker.engine.written import explanations_of
from checker.errors import ReadError, UsageError
from checker.formula.error import FormulaError
from checker.formula.evaluate import evaluate
from checker.formula.kept import parse
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Compare, Node, Reference
from checker.messages import tr
from checker.model.explanation import Explanation
from checker.model.fact import Problem
from checker.model.outcome import Status
from checker.model.report import Report, Verdict, WorkbookReport
from checker.model.rule import Pack
from checker.model.scheme import Scheme
from checker.model.score import Change, IndicatorScore, SchemeScore, Standing, TotalScore, WhatIf
from checker.scoring.award import marks_text, options_parts
from checker.scoring.choose import recomputed, schemes_about
from checker.scoring.present import present
from checker.session import Path, Progress, Session, run_together
from checker.values.interval import Interval

__all__ = ["Supposed", "check_and_score", "disagreements", "score", "scored", "suppositions", "verdict"]

_UNSCORED, _DISAGREES = 3, 1


class Supposed(NamedTuple):
    """A cell and the number that it is supposed to hold."""

    text: str
    cell: Reference
    number: Node


def suppositions(texts: Iterable[str]) -> list[Supposed]:
    """``table[row, column]=number``, as formulas write it. Raises ``UsageError``."""
    found: list[Supposed] = []
    for text in texts:
        try:
            node = parse(text)
        except FormulaError as error:
            raise UsageError("WHAT_IF", error.message, error.hint, text) from error
        if not (isinstance(node, Compare) and node.operator == "=" and isinstance(node.left, Reference)):
            raise UsageError(
                "WHAT_IF",
                tr("“What if” names one cell and its number."),
                tr("Write it as {example}.", example="form!table[row, column]=80%"),
                text,
            )
        found.append(Supposed(text, node.left, node.right))
    return found


def score(
    paths: Path | Sequence[Path],
    *,
    rules: Iterable[Path] = (),
    pack: str | None = None,
    year: str | None = None,
    prior: Path | Sequence[Path] = (),
    together: bool = False,
    what_if: Iterable[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Recompute the scores that workbooks claim. Arguments are as for ``check``; ``what_if`` are cells with other
    numbers (``form!table[row, column]=80%``), each tried by itself.

    The report holds scores and no findings. Its verdict counts claims that disagree as errors and indicators that could
    not be scored as insufficient, undecided or broken. Raises ``UsageError``.
    """
    session = Session(rules)
    session.plugins.score_kinds()  # a plugin that fails is told with the rest of what could not be loaded
    supposed = suppositions(what_if)
    used: set[str] = set()
    report = run_together(
        session,
        paths,
        lambda assessed: _scored(session, assessed, supposed, used),
        pack=pack,
        year=year or "",
        prior=prior,
        together=together,
        progress=progress,
    )
    for one in supposed:
        if one.text not in used:
            raise UsageError(
                "WHAT_IF",
                tr("No scored form has this cell, or it names several."),
                tr("Name form, table, row and column as `checker forms` and the standard do."),
                one.text,
            )
    return report._replace(verdict=verdict(report))


def check_and_score(
    paths: Path | Sequence[Path],
    *,
    rules: Iterable[Path] = (),
    pack: str | None = None,
    year: str | None = None,
    prior: Path | Sequence[Path] = (),
    together: bool = False,
    explanations: Sequence[Path] = (),
    waivers: Sequence[Path] = (),
    copies: Iterable[Path] = (),
) -> Report:
    """The report of ``check``, each workbook with its scores besides, from one reading. Arguments are as for ``check``.

    ``copies`` are what an earlier run wrote: explanations in them count; those that cannot be read are passed over.
    """
    session = Session(rules)
    session.plugins.score_kinds()
    if explanations or waivers:
        session.explanations, session.waivers = statements.given(explanations, waivers, session.read)
    session.explanations = (*session.explanations, *_written(session, copies))
    report = run_together(
        session,
        paths,
        lambda assessed: assessed.report._replace(scores=scored(session, assessed).scores),
        pack=pack,
        year=year or "",
        prior=prior,
        together=together,
    )
    report = statements.told_unmatched(report, session.explanations, session.waivers)
    session.plugins.run_finished(report)
    return report


def _written(session: Session, copies: Iterable[Path]) -> Iterator[Explanation]:
    for copy in filter(exists, copies):
        try:
            yield from explanations_of(session.read(copy))
        except ReadError:
            continue


def scored(session: Session, assessed: Assessed) -> WorkbookReport:
    """The report of one workbook that was read already, with scores in the place of findings."""
    return _scored(session, assessed, (), set())


def _scored(session: Session, assessed: Assessed, supposed: Sequence[Supposed], used: set[str]) -> WorkbookReport:
    """The report of one workbook, with scores in the place of findings."""
    report = assessed.report
    if assessed.results is None:
        return report
    packs = [session.loaded.packs[name] for name in (report.pack, *report.further_packs)]
    scores: list[SchemeScore] = []
    for subject in assessed.results.subjects.values():
        found = _scheme(packs, subject)
        if found is not None:
            scores.append(_one(found, subject, supposed, used))
    problems = list(report.problems)
    if not scores:
        message = tr("The rule pack has no scoring standard about the forms of this workbook, so nothing was scored")
        problems.append(Problem("NO_SCHEME", message))
    return report._replace(
        status="checked" if scores and not problems else "partly",
        counts=dict.fromkeys(Status.ORDER, 0),
        findings=(),
        outcomes=(),
        titles={},
        problems=tuple(problems),
        scores=tuple(scores),
    )


def _scheme(packs: Sequence[Pack], subject: Subject) -> Scheme | None:
    for pack in packs:
        if subject.form.form.name in pack.forms and (schemes := schemes_about(pack, subject)):
            return schemes[0]
    return None


def _one(scheme: Scheme, subject: Subject, supposed: Sequence[Supposed], used: set[str]) -> SchemeScore:
    before = present(recomputed(scheme, subject))
    tried: list[WhatIf] = []
    for one in supposed:
        changed = _supposing(subject, one)
        if changed is not None:
            used.add(one.text)
            tried.append(WhatIf(one.text, tuple(_changes(before, present(recomputed(scheme, changed))))))
    return before._replace(what_if=tuple(tried))


def _supposing(subject: Subject, one: Supposed) -> Subject | None:
    """``subject`` with the cell saying so; None where it has no such cell, or several."""
    scope = Scope(subject)
    try:
        facts = scope.facts(one.cell)
        number = evaluate(one.number, scope).number
    except Obstacle:
        return None
    if len(facts) != 1 or number is None:
        return None
    (fact,) = facts
    return supposing(subject, [(fact.sheet, fact.row, fact.column, number)])


def _changes(before: SchemeScore, after: SchemeScore) -> Iterable[Change]:
    for one, other in zip(before.indicators(), after.indicators(), strict=True):
        if (one.options, one.standing) != (other.options, other.standing):
            yield Change(one.name, _marks(one), _marks(other))
    totals = [_total(part.total) for part in (before, after)]
    if totals[0] != totals[1]:
        yield Change("", *totals)


def _marks(indicator: IndicatorScore) -> str:
    """The marks on the figures as they stand, and all that rounding allows where that is more."""
    if indicator.central is None:
        return "-"
    options = " / ".join(options_parts(tuple(Interval(*option) for option in indicator.options)))
    return options if indicator.low == indicator.high else f"{marks_text(indicator.central)} ({options})"


def _total(total: TotalScore) -> str:
    return "-" if total.low is None or total.high is None else options_parts((Interval(total.low, total.high),))[0]


def disagreements(score: SchemeScore) -> int:
    """How many claims are not possible: of indicators, of the total, of the grade."""
    count = sum(indicator.agrees is False for indicator in score.indicators()) + score.total.disagrees
    grade = score.grade
    if grade is not None and grade.claimed and grade.by_claim and not grade.claimed.startswith(grade.by_claim):
        count += 1
    return count


def verdict(report: Report) -> Verdict:
    """The verdict on a report of scores: claims that disagree are its errors."""
    scores = [score for workbook in report.workbooks for score in workbook.scores]
    standings = [indicator.standing for score in scores for indicator in score.indicators()]
    wrong = sum(map(disagreements, scores))
    unscored = report.failures or any(workbook.status != "checked" for workbook in report.workbooks)
    unscored = bool(unscored or not report.workbooks or any(standing in Standing.OPEN for standing in standings))
    return Verdict(
        errors=wrong,
        warnings=0,
        notes=0,
        undecided=standings.count(Standing.UNDECIDED),
        insufficient=standings.count(Standing.MISSING) + standings.count(Standing.ABSENT),
        broken=standings.count(Standing.BROKEN),
        exit=_UNSCORED if unscored else _DISAGREES if wrong else 0,
    )
