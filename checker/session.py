"""Everything put together for a caller: plugins, packs, readers, engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from os.path import realpath
from typing import TYPE_CHECKING, Any, TypeVar

from checker.engine import traces
from checker.engine.assess import Assessed, assess, judge, recognise
from checker.engine.plan import Plan
from checker.engine.verdict import verdict
from checker.errors import CheckerError, ReadError, UsageError
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.report import PackUsed, Report, Submission, WorkbookReport
from checker.model.rule import Severity
from checker.model.workbook import Workbook
from checker.packs.load import LoadedPacks, load_packs
from checker.plugins.manager import Plugins, load_plugins
from checker.values.lexicon import Lexicon

if TYPE_CHECKING:
    from checker.engine.run import Around
    from checker.engine.submission import Member, Remarks, Seen
    from checker.model.explanation import Explanation, Statements, Waiver
    from checker.model.label import Labels

__all__ = ["Path", "Progress", "Session", "check", "run_together", "unread"]

Path = str | PathLike[str]
Progress = Callable[[int, int, str], None]


class Session:
    """Plugins and packs loaded once, for any number of workbooks.

    ``explanations`` and ``waivers``, of findings in any of them, count beside what is said in a workbook itself and in
    the files beside it; of those the waivers only with ``waivers_beside``. With ``grounds`` findings keep what they can
    be derived from again (see ``engine.grounds``).
    """

    explanations: Sequence[Explanation] = ()
    waivers: Sequence[Waiver] = ()
    waivers_beside: bool = True
    grounds: bool = False

    def __init__(self, rules: Iterable[Path] = ()) -> None:
        from checker import checks, scoring
        from checker.formula import functions
        from checker.packs import sources

        parts = (
            ("checker.checks", checks),
            ("checker.formula", functions),
            ("checker.packs", sources),
            ("checker.scoring", scoring),
        )
        self.plugins: Plugins = load_plugins(parts)
        functions.offer(self.plugins.functions())
        scoring.ask_for_kinds(self.plugins.score_kinds)
        self.kinds = self.plugins.check_kinds()
        places = (*self.plugins.rule_packs(), *sources.folder_sources([fspath(folder) for folder in rules]))
        self.loaded: LoadedPacks = load_packs(places, self.kinds, own=checks.KINDS)
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
        if opened is None:
            from checker.readers import open_workbook

            opened = open_workbook(path)
        return self.matched(opened)

    def matched(self, workbook: Workbook) -> Workbook:
        """The workbook with what plugins know of its sheets."""
        workbook.told_forms = self.plugins.match_forms(workbook)
        return workbook

    def assess(self, path: Path, *, pack: str | None = None, year: str = "", every_outcome: bool = False) -> Assessed:
        """Check one file; whatever is wrong with it becomes its report."""
        plans, words = self.plans(pack), (self.labels, self.lexicon)

        def assessed() -> Assessed:
            workbook = self.read(path)
            said, kept = self.said(fspath(path), workbook), self.grounds
            return assess(workbook, plans, *words, year=year, every_outcome=every_outcome, grounds=kept, said=said)

        return _guarded(fspath(path), assessed)

    def said(self, path: str, workbook: Workbook) -> tuple[Statements, Mapping[str, Any]] | None:
        """What was said about the findings of a workbook, with the lexicon to judge it by; None if nothing was."""
        if not (self.explanations or self.waivers or traces.are_there(path, workbook)):
            return None
        from checker.engine import statements

        beside = self.waivers_beside
        about = statements.about(path, workbook, self.explanations, self.waivers, waivers_beside=beside)
        return about, self.loaded.lexicon

    def members(
        self, paths: Sequence[Path], *, pack: str | None = None, year: str = "", progress: Progress | None = None
    ) -> list[Member]:
        """Workbooks read and recognised, to be checked by ``assess_together`` (or to be last year's there)."""
        from checker.engine.submission import Seen, read_members

        plans = self.plans(pack)

        def recognised(path: str) -> Seen | Assessed:
            workbook = self.read(path)
            found = recognise(workbook, [plan.pack for plan in plans.values()], self.labels, self.lexicon)
            if found.pack is None:
                return judge(workbook, found, plans, self.labels, self.lexicon)
            return Seen(workbook, found)

        def told(number: int, path: str) -> None:
            if progress is not None:
                progress(number, len(paths), path)

        return read_members(
            [fspath(path) for path in paths], lambda path: _guarded(path, lambda: recognised(path)), year, told
        )

    def assess_together(
        self,
        members: Sequence[Member],
        prior: Sequence[Member] = (),
        *,
        together: bool = False,
        pack: str | None = None,
        year: str = "",
        every_outcome: bool = False,
    ) -> Iterator[tuple[list[tuple[int, Assessed]], Submission | None]]:
        """Check workbooks submission by submission; see ``engine.submission``."""
        from checker.engine.submission import assess_together

        plans, words = self.plans(pack), (self.labels, self.lexicon)

        def judged(member: Member, around: Around, remarks: Remarks) -> Assessed:
            seen = member.seen
            if seen is None:
                assert member.assessed is not None
                return member.assessed
            return _guarded(
                member.path,
                lambda: judge(
                    *seen,
                    plans,
                    *words,
                    year=year,
                    every_outcome=every_outcome,
                    grounds=self.grounds,
                    around=around,
                    remarks=remarks,
                    said=self.said(member.path, seen.workbook),
                ),
            )

        return assess_together(members, prior, judged, together=together)

    def packs_used(self, workbooks: Iterable[WorkbookReport]) -> tuple[PackUsed, ...]:
        names = sorted({name for workbook in workbooks for name in (workbook.pack, *workbook.further_packs) if name})
        packs = (self.loaded.packs[name] for name in names)
        return tuple(PackUsed(one.id, one.edition, one.digest, one.status, one.remarks, one.patches) for one in packs)


_T = TypeVar("_T")


def _guarded(path: str, work: Callable[[], _T]) -> _T | Assessed:
    """What ``work`` on one file gives, or, whatever goes wrong, a report that says so."""
    try:
        return work()
    except CheckerError as error:
        _forget_frames(error)
        return Assessed(unread(path, error), None, None)
    except Exception as error:  # a defect of ours on one file must not cost the others theirs
        wrapped = ReadError(
            "INTERNAL",
            tr(
                "Internal error {kind}: {detail}. Nothing can be said about this workbook.",
                kind=type(error).__name__,
                detail=error,
            ),
            tr("Please report this, with the output of the same command under CHECKER_DEBUG=1."),
            path,
        )
        wrapped.__cause__ = error
        return Assessed(unread(path, wrapped), None, None)


def _forget_frames(error: BaseException | None) -> None:
    """A report that is kept must not keep the files and workbooks of whoever met the error."""
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def unread(path: str, error: CheckerError) -> WorkbookReport:
    """The report of a workbook about which nothing can be said."""
    return WorkbookReport(path=path, status="unread", error=error, counts=dict.fromkeys(Status.ORDER, 0))


def check(
    paths: Path | Sequence[Path],
    *,
    rules: Iterable[Path] = (),
    pack: str | None = None,
    year: str | None = None,
    every_outcome: bool = False,
    fail_on: str = Severity.ERROR,
    prior: Path | Sequence[Path] = (),
    together: bool = False,
    explanations: Path | Sequence[Path] = (),
    waivers: Path | Sequence[Path] = (),
    grounds: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Check workbooks and give one report for all of them, in their order.

    Workbooks of one unit and year are one submission: their rules see each other's forms. ``together`` makes one
    submission of all, whatever they name. ``prior`` are last year's workbooks, not checked themselves; those of last
    year among ``paths`` serve as well.

    ``rules`` are further folders of rule packs, ``pack`` names the only pack to use, ``year`` the year where forms do
    not say. ``every_outcome`` keeps passes in the report. ``explanations`` and ``waivers`` are files of them; workbooks
    with a sheet of findings hold explanations too. ``grounds`` are for ``checker replay``. ``progress(number, total,
    path)`` is called before each file, and once more when done.

    Raises ``UsageError`` for a pack that does not exist, ``PackError`` and ``ReadError`` for files of explanations and
    waivers; what is wrong with a workbook is in its part of the report.
    """
    session = Session(rules)
    session.grounds = grounds
    if explanations or waivers:
        from checker.engine import statements

        session.explanations, session.waivers = statements.given(_listed(explanations), _listed(waivers), session.read)
    report = run_together(
        session,
        paths,
        lambda assessed: assessed.report,
        pack=pack,
        year=year or "",
        every_outcome=every_outcome,
        fail_on=fail_on,
        prior=prior,
        together=together,
        progress=progress,
    )
    if explanations or waivers:
        report = statements.told_unmatched(report, session.explanations, session.waivers)
    session.plugins.run_finished(report)
    return report


def run_together(
    session: Session,
    paths: Path | Sequence[Path],
    told: Callable[[Assessed], WorkbookReport],
    *,
    pack: str | None = None,
    year: str = "",
    every_outcome: bool = False,
    fail_on: str = Severity.ERROR,
    prior: Path | Sequence[Path] = (),
    together: bool = False,
    progress: Progress | None = None,
) -> Report:
    """As ``check``; ``told`` makes of each workbook, while what it was made from is at hand, its part of the report."""
    files = _listed(paths)
    failures: list[CheckerError] = []
    options: dict[str, Any] = {"pack": pack, "year": year, "every_outcome": every_outcome}
    reports: dict[int, WorkbookReport] = {}
    submissions: list[Submission] = []
    last_year = _listed(prior)
    if len(files) == 1 and not last_year:  # as nearly always: nothing to wait for
        if progress is not None:
            progress(1, 1, fspath(files[0]))
        alone = reports[0] = told(session.assess(files[0], **options))
        if alone.status != "unread":
            submissions.append(Submission(alone.unit, alone.year, (alone.path,)))
    else:
        members = session.members(files, pack=pack, year=year, progress=progress)
        known = {realpath(member.path): member for member in members}
        new = session.members([path for path in last_year if realpath(path) not in known], pack=pack)
        failures += [m.assessed.report.error for m in new if m.assessed is not None and m.assessed.report.error]
        given = [*(known[realpath(path)] for path in last_year if realpath(path) in known), *new]
        for assessed, submission in session.assess_together(members, given, together=together, **options):
            reports.update((number, told(one)) for number, one in assessed)
            submissions += [submission] if submission is not None else []
    if progress is not None:
        progress(len(files) + 1, len(files), "")
    workbooks = [reports[number] for number in range(len(files))]
    failures = [*session.failures, *failures]  # plugins may have failed while files were read
    return Report(
        packs=session.packs_used(workbooks),
        workbooks=tuple(workbooks),
        verdict=verdict(workbooks, failures, fail_on),
        failures=tuple(failures),
        submissions=tuple(submissions),
        reasons=tuple(session.loaded.lexicon["explanations"]["reasons"]),
    )


def _listed(paths: Path | Sequence[Path]) -> list[Path]:
    return [paths] if isinstance(paths, str | PathLike) else list(paths)
