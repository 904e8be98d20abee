"""What can be asked beside a check: what a workbook is recognised as, which rules there are and what comes of one, and
whether rule packs are sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from os import fspath
from typing import TYPE_CHECKING, NamedTuple

from checker.engine.assess import not_checked, recognise
from checker.errors import UsageError
from checker.locate.located import LocatedForm
from checker.messages import Text, tr
from checker.model.outcome import Outcome
from checker.model.rule import Pack, Rule
from checker.model.workbook import Range
from checker.packs.load import LoadedPacks
from checker.session import Path, Session

if TYPE_CHECKING:
    from checker.engine.cases import CasesReport
    from checker.packs.lint import Diagnostic

__all__ = ["Candidate", "Recognition", "explain", "forms", "lint", "load_packs", "run_cases"]


class Candidate(NamedTuple):
    """One form seen in a workbook, with what speaks for it and what it lacks."""

    pack: str
    form: str
    sheet: str
    range: Range
    year: str
    score: Decimal
    evidence: tuple[Text, ...]
    missing: tuple[Text, ...]


class Recognition(NamedTuple):
    """What a workbook was recognised as. ``candidates`` are the forms found; ``nearest`` what came near if none was;
    ``not_checked`` says what is left out: sheets that may be several forms, figures that stand in none."""

    path: str
    pack: str
    candidates: tuple[Candidate, ...]
    nearest: tuple[Candidate, ...]
    not_checked: tuple[Text, ...] = ()


def forms(path: Path, *, rules: Iterable[Path] = ()) -> Recognition:
    """What a workbook is recognised as, with the evidence. Raises ``ReadError``."""
    session = Session(rules)
    found = recognise(session.read(path), list(session.loaded.packs.values()), session.labels, session.lexicon)
    return Recognition(
        path=fspath(path),
        pack=found.pack.id if found.pack is not None else "",
        candidates=tuple(map(_candidate, found.every_form)),
        nearest=tuple(map(_candidate, found.nearest)),
        not_checked=tuple(not_checked(found)),
    )


def _candidate(form: LocatedForm) -> Candidate:
    return Candidate(
        pack=form.form.pack,
        form=form.form.name,
        sheet=form.sheet,
        range=form.range,
        year=form.year,
        score=Decimal(form.score),
        evidence=tuple(item.message for item in form.evidence),
        missing=tuple(problem.message for problem in form.problems),
    )


def load_packs(rules: Iterable[Path] = ()) -> LoadedPacks:
    """All rule packs that can be loaded, by id, with their forms and rules; and why any cannot.

    ``rules`` are folders of packs beside those of the program, of plugins and of the project's settings.
    """
    session = Session(rules)
    return LoadedPacks(session.loaded.packs, session.loaded.lexicon, session.failures)


def explain(
    rule: str, path: Path | None = None, *, rules: Iterable[Path] = ()
) -> tuple[Rule, Pack, tuple[Outcome, ...]]:
    """A rule by id or name, its pack, and what came of it in a workbook. Raises ``UsageError`` if there is none."""
    session = Session(rules)
    for pack in session.loaded.packs.values():
        for found in pack.rules:
            if rule in (found.id, found.name):
                return found, pack, _outcomes_of(session, found, pack, path) if path is not None else ()
    from difflib import get_close_matches

    names = [name for pack in session.loaded.packs.values() for r in pack.rules for name in (r.id, r.name)]
    near = get_close_matches(rule, names, 3)
    raise UsageError(
        "RULE_UNKNOWN",
        tr("There is no rule {rule}.", rule=rule),
        tr("Did you mean {names}?", names=", ".join(near)) if near else tr("See checker rules list."),
    )


def _outcomes_of(session: Session, rule: Rule, pack: Pack, path: Path) -> tuple[Outcome, ...]:
    assessed = session.assess(path, pack=pack.id, every_outcome=True)
    if assessed.report.error is not None:
        raise assessed.report.error
    return tuple(outcome for outcome in assessed.report.outcomes if outcome.rule == rule.id)


def lint(rules: Iterable[Path] = (), packs: Sequence[str] | None = None) -> list[Diagnostic]:
    """Remarks on rule packs, without any workbook; see ``checker.packs.lint``."""
    from checker.packs.lint import lint as analyse

    session = Session(rules)
    return analyse(session.loaded, session.kinds, packs=packs, score_kinds=[*session.plugins.score_kinds()])


def run_cases(rules: Iterable[Path] = (), pack: str | None = None) -> CasesReport:
    """Run the cases that rules come with; see ``checker.engine.cases``."""
    from checker.engine.cases import run_cases as run

    session = Session(rules)
    return run(session.plans(pack), session.labels, session.lexicon)
