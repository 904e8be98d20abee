"""Everything put together for a caller: plugins, packs, readers, engine. What ``import checker`` offers is made
here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from os import PathLike, fspath
from typing import TYPE_CHECKING, NamedTuple

from checker.engine.assess import Assessed, assess, recognise
from checker.engine.plan import Plan
from checker.errors import CheckerError, ReadError, UsageError
from checker.locate.located import LocatedForm
from checker.messages import Text, tr
from checker.model.outcome import Outcome, Status
from checker.model.report import PackUsed, Report, Verdict, WorkbookReport
from checker.model.rule import Pack, Rule, Severity
from checker.model.workbook import Range, Workbook
from checker.packs.load import LoadedPacks, load_packs
from checker.plugins.manager import Plugins, load_plugins
from checker.values.lexicon import Lexicon

if TYPE_CHECKING:
    from checker.engine.cases import CasesReport
    from checker.model.label import Labels
    from checker.packs.lint import Diagnostic

__all__ = ["Candidate", "Recognition", "Session", "check", "explain", "forms", "lint", "list_rules", "run_cases"]

Path = str | PathLike[str]
Progress = Callable[[int, int, str], None]


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
    """What a workbook was recognised as. ``candidates`` are the forms found; ``nearest`` what came near if none was."""

    path: str
    pack: str
    candidates: tuple[Candidate, ...]
    nearest: tuple[Candidate, ...]


class Session:
    """Plugins and packs loaded once, for any number of workbooks."""

    def __init__(self, rules: Iterable[Path] = ()) -> None:
        from checker import checks
        from checker.packs import sources

        self.plugins: Plugins = load_plugins((("checker.checks", checks), ("checker.packs", sources)))
        self.kinds = self.plugins.check_kinds()
        places = (*self.plugins.rule_packs(), *sources.folder_sources([fspath(folder) for folder in rules]))
        self.loaded: LoadedPacks = load_packs(places, self.kinds.values())
        self.lexicon = Lexicon(self.loaded.lexicon)
        self._plans: dict[str, Plan] = {}

    @property
    def failures(self) -> tuple[CheckerError, ...]:
        """Plugins and packs that could not be loaded: shown in every report."""
        return (*self.plugins.failures, *self.loaded.failures)

    @property
    def labels(self) -> Labels:
        return self.loaded.labels

    def plans(self, pack: str | None = None) -> dict[str, Plan]:
        """The packs ready to run: all, or the one named. Raises ``UsageError`` for a pack that is not there."""
        if pack is not None and pack not in self.loaded.packs:
            raise UsageError(
                "PACK_UNKNOWN",
                tr("There is no rule pack {pack}.", pack=pack),
                tr("There are: {packs}.", packs=", ".join(self.loaded.packs) or "-"),
            )
        for name, found in self.loaded.packs.items():
            if name not in self._plans and pack in (None, name):
                self._plans[name] = Plan(found, self.kinds)
        return {name: made for name, made in self._plans.items() if pack in (None, name)}

    def read(self, path: Path) -> Workbook:
        """Open a workbook by whichever reader knows it. Raises ``ReadError``."""
        opened = self.plugins.open_workbook(fspath(path))
        if opened is not None:
            return opened
        from checker.readers import open_workbook

        return open_workbook(path)

    def assess(self, path: Path, *, pack: str | None = None, year: str = "", every_outcome: bool = False) -> Assessed:
        """Check one file; whatever is wrong with it becomes its report."""
        name = fspath(path)
        plans = self.plans(pack)
        try:
            return assess(self.read(path), plans, self.labels, self.lexicon, year=year, every_outcome=every_outcome)
        except CheckerError as error:
            return Assessed(unread(name, error), None, None)
        except Exception as error:  # a defect of ours on one file must not cost the others theirs
            wrapped = ReadError(
                "INTERNAL",
                tr(
                    "Internal error {kind}: {detail}. Nothing can be said about this workbook.",
                    kind=type(error).__name__,
                    detail=error,
                ),
                tr("Please report this, with the output of the same command under CHECKER_DEBUG=1."),
                name,
            )
            wrapped.__cause__ = error
            return Assessed(unread(name, wrapped), None, None)

    def packs_used(self, workbooks: Iterable[WorkbookReport]) -> tuple[PackUsed, ...]:
        names = sorted({workbook.pack for workbook in workbooks if workbook.pack})
        packs = (self.loaded.packs[name] for name in names)
        return tuple(PackUsed(pack.id, pack.edition, pack.digest, pack.status, pack.remarks) for pack in packs)


def unread(path: str, error: CheckerError) -> WorkbookReport:
    """The report of a workbook about which nothing can be said."""
    return WorkbookReport(path=path, status="unread", error=error, counts=dict.fromkeys(Status.ORDER, 0))


def verdict(workbooks: Sequence[WorkbookReport], failures: Sequence[CheckerError], fail_on: str) -> Verdict:
    """Counts over everything, and the exit code: 3 if anything was not checked, 1 for findings at or above
    ``fail_on``, else 0."""
    graded = [finding.outcome.severity for workbook in workbooks for finding in workbook.findings]
    counts = {status: sum(workbook.counts.get(status, 0) for workbook in workbooks) for status in Status.ORDER}
    grave = Severity.ORDER[: Severity.ORDER.index(fail_on) + 1]
    unfinished = failures or any(workbook.status != "checked" for workbook in workbooks) or not workbooks
    if any(failure.exit_code == UsageError.exit_code for failure in failures) and not workbooks:
        exit_code = UsageError.exit_code
    else:
        exit_code = 3 if unfinished else 1 if any(severity in grave for severity in graded) else 0
    return Verdict(
        errors=graded.count(Severity.ERROR),
        warnings=graded.count(Severity.WARNING),
        notes=graded.count(Severity.NOTE),
        undecided=counts[Status.UNDECIDED],
        insufficient=counts[Status.INSUFFICIENT],
        broken=counts[Status.BROKEN],
        exit=exit_code,
    )


def check(
    paths: Path | Sequence[Path],
    *,
    rules: Iterable[Path] = (),
    pack: str | None = None,
    year: str | None = None,
    every_outcome: bool = False,
    fail_on: str = Severity.ERROR,
    progress: Progress | None = None,
) -> Report:
    """Check workbooks and give one report for all of them.

    ``rules`` are further folders of rule packs, ``pack`` names the only pack to use, ``year`` the year where forms do
    not say. ``every_outcome`` keeps passes in the report. ``progress(number, total, path)`` is called before each file,
    and once more when done. Raises ``UsageError`` for a pack that does not exist; what is wrong with a file is in its
    part of the report.
    """
    files = [paths] if isinstance(paths, str | PathLike) else list(paths)
    session = Session(rules)
    workbooks = []
    for number, path in enumerate(files, 1):
        if progress is not None:
            progress(number, len(files), fspath(path))
        assessed = session.assess(path, pack=pack, year=year or "", every_outcome=every_outcome)
        workbooks.append(assessed.report)
    if progress is not None:
        progress(len(files) + 1, len(files), "")
    report = Report(
        packs=session.packs_used(workbooks),
        workbooks=tuple(workbooks),
        verdict=verdict(workbooks, session.failures, fail_on),
        failures=session.failures,
    )
    session.plugins.run_finished(report)
    return report


def forms(path: Path, *, rules: Iterable[Path] = ()) -> Recognition:
    """What a workbook is recognised as, with the evidence. Raises ``ReadError``."""
    session = Session(rules)
    found = recognise(session.read(path), list(session.loaded.packs.values()), session.labels, session.lexicon)
    return Recognition(
        path=fspath(path),
        pack=found.pack.id if found.pack is not None else "",
        candidates=tuple(map(_candidate, found.forms)),
        nearest=tuple(map(_candidate, found.nearest)),
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


def list_rules(rules: Iterable[Path] = ()) -> LoadedPacks:
    """All rule packs that can be loaded, and why any cannot."""
    return Session(rules).loaded


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
    return analyse(session.loaded, session.kinds, packs=packs)


def run_cases(rules: Iterable[Path] = (), pack: str | None = None) -> CasesReport:
    """Run the cases that rules come with; see ``checker.engine.cases``."""
    from checker.engine.cases import run_cases as run

    session = Session(rules)
    return run(session.plans(pack), session.labels, session.lexicon)
