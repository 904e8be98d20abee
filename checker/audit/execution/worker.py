"""What a worker process does with a message: reads its workbooks, judges them, writes the rows to a spool file, and
gives back what each came to in a few words.

A worker loads rules once. It never outlives a file that takes too long: a watchdog that needs nobody's cooperation ends
the process. Memory is bounded for the whole process.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import signal
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.audit.execution.keys import Keys, digest, rules_of
from checker.audit.execution.options import Options
from checker.audit.intake import sources
from checker.audit.store import spool
from checker.audit.store.rows import Rows, rows_of
from checker.checks.subject import plain_text
from checker.engine.assess import Assessed
from checker.errors import CheckerError, ReadError
from checker.messages import Text, tr
from checker.model.explanation import Statements
from checker.model.fact import Problem
from checker.model.outcome import Status
from checker.model.report import WorkbookReport
from checker.model.rule import Severity
from checker.model.workbook import Workbook
from checker.readers import workbook_in
from checker.scores import scored
from checker.session import Path as AnyPath
from checker.session import Session, unread

__all__ = ["EXIT_MEMORY", "Job", "Judged", "Message", "SourceSession", "failed", "session_of", "work"]

#: What a process ends with that had no memory left, and one whose parent is gone.
EXIT_MEMORY, _EXIT_ORPHAN = 3, 1
_GARBAGE_THRESHOLD: Final = 100_000


class Job(NamedTuple):
    """Workbooks to judge together, last year's beside them; mostly one by itself. ``lost``: one that is judged by
    itself because nobody came back from judging it beside others, and why."""

    sources: tuple[str, ...]
    prior: tuple[str, ...] = ()
    lost: str = ""

    @property
    def files(self) -> int:
        return len(self.sources) + len(self.prior)


class Message(NamedTuple):
    """Jobs that a worker does in one go."""

    jobs: tuple[Job, ...]

    @property
    def name(self) -> str:
        """That of its spool file: the same jobs write the same file."""
        return digest(*(text for job in self.jobs for text in ("\n", *job.sources, "\r", *job.prior, job.lost)))[:16]

    @property
    def files(self) -> int:
        return sum(job.files for job in self.jobs)


class Judged(NamedTuple):
    """What one workbook came to. ``alone`` is its result by itself; empty if it is to be tried again."""

    source: str
    result: str
    alone: str
    sha256: str
    unit: str
    year: str
    status: str
    errors: int
    warnings: int
    notes: int
    error_code: str = ""

    @property
    def path(self) -> str:
        return self.source

    @property
    def key(self) -> str:
        """The unit as it counts when two are compared."""
        return plain_text(self.unit)


class SourceSession(Session):
    """A session that reads sources of every kind by name. Waivers count only if the auditor gave them: or those who are
    audited could let their own errors pass."""

    waivers_beside = False

    def read(self, path: AnyPath) -> Workbook:
        name = os.fspath(path)
        sources.refuse_archive(name)
        if sources.is_file(name):
            return super().read(name)
        content = sources.content(name)
        if self.plugins.anybody_answers("checker_open_workbook"):
            opened = self._opened_by_plugin(name, content)
            if opened is not None:
                return opened
        return workbook_in(content, name)

    def _opened_by_plugin(self, name: str, content: bytes) -> Workbook | None:
        """Plugins read files: what lies elsewhere is put into one, which stays as long as the workbook that came of it,
        for sheets are read when somebody asks for them."""
        folder = tempfile.TemporaryDirectory(prefix="checker-")
        copy = Path(folder.name) / os.path.basename(name)  # noqa: PTH119 - the name of a source is no path
        copy.write_bytes(content)
        try:
            opened = self.plugins.open_workbook(str(copy))
        except BaseException:
            folder.cleanup()
            raise
        if opened is None:
            folder.cleanup()
        else:
            weakref.finalize(opened, folder.cleanup)
        return opened

    def said(self, path: str, workbook: Workbook) -> tuple[Statements, Mapping[str, Any]] | None:
        beside = [] if sources.is_file(path) else [end for end in sources.BESIDE if sources.exists(path + end)]
        if not beside:
            return super().said(path, workbook)
        with tempfile.TemporaryDirectory(prefix="checker-") as folder:
            copy = os.path.join(folder, os.path.basename(path))  # noqa: PTH118, PTH119
            for ending in beside:
                Path(copy + ending).write_bytes(sources.content(path + ending))
            return super().said(copy, workbook)


def session_of(options: Options) -> SourceSession:
    """Rules, explanations and waivers as the options have them. Raises ``CheckerError``."""
    session = SourceSession(options.rules)
    session.grounds = True
    if options.explanations or options.waivers:
        from checker.engine.statements import given

        session.explanations, session.waivers = given(options.explanations, options.waivers, session.read)
    session.plans(options.pack)
    return session


class _Workplace(NamedTuple):
    """What a worker keeps from message to message."""

    session: SourceSession
    rules: str
    keys: Keys
    options: Options


def work(options: Options, rules: str, message: Message) -> list[Judged]:
    """Do a message; the rows go to its spool file below ``options.out``. ``rules`` is the digest of the sender's rules.
    Raises ``CheckerError`` if these are others, and ``OSError`` if the rows cannot be written."""
    place = _workplace(options)
    if place.rules != rules:
        raise ReadError(
            "RULES_DIFFER",
            tr("A worker has other rules or plugins than the process that gives out the work."),
            tr("Install the same version of everything on all machines."),
        )
    judged: list[Judged] = []
    rows: list[tuple[str, Rows]] = []
    for job in message.jobs:
        with _watched(options.deadline * job.files):
            for one, its_rows in _judge(place, job):
                judged.append(one)
                rows.append((one.result, its_rows))
    spool.write(Path(options.out), f"{options.part}/{message.name}", rows)
    return judged


def failed(options: Options, keys: Keys, job: Job, error: CheckerError) -> list[Judged]:
    """As ``work``, for a job that no worker came back from."""
    judged: list[Judged] = []
    rows: list[tuple[str, Rows]] = []
    for source in job.sources:
        assessed = Assessed(unread(source, error), None, None)
        one = _told(keys, source, assessed.report, "", *job.sources, *job.prior)
        judged.append(one)
        rows.append((one.result, rows_of(_placeless(assessed, source))))
    spool.write(Path(options.out), f"{options.part}/{Message((job,)).name}", rows)
    return judged


@cache
def _workplace(options: Options) -> _Workplace:
    _bound_memory(options.memory)
    _leave_with_parent()
    os.chdir(options.cwd or os.curdir)
    session = session_of(options)
    gc.set_threshold(_GARBAGE_THRESHOLD)
    gc.freeze()
    rules = rules_of(session)
    return _Workplace(session, rules, Keys(options, rules), options)


def _judge(place: _Workplace, job: Job) -> Iterator[tuple[Judged, Rows]]:
    """What a job comes to. A plugin that failed over it leaves something unchecked."""
    before = len(place.session.failures)
    for source, assessed, result in _assess(place, job):
        failures = place.session.failures[before:]
        if failures:
            told = [Problem(one.code, Text(one.render("zh"), one.render("en"))) for one in failures]
            report = assessed.report
            status = "partly" if report.status == "checked" else report.status
            assessed = assessed._replace(report=report._replace(status=status, problems=(*report.problems, *told)))
        yield _kept(place, source, assessed, result)


def _assess(place: _Workplace, job: Job) -> Iterator[tuple[str, Assessed, str]]:
    """Every source of a job, what came of it, and the name of the result; empty if it was judged by itself."""
    session, keys, options = place.session, place.keys, place.options
    asked: dict[str, Any] = {"pack": options.pack, "year": options.year}
    if job.files == 1:
        (source,) = job.sources
        assessed = session.assess(source, **asked)
        yield (source, *_not_compared(keys, source, assessed, job.lost)) if job.lost else (source, assessed, "")
        return
    members = session.members(job.sources, **asked)
    prior = session.members(job.prior, pack=options.pack)
    if unread_now := [one.assessed.report for one in (*members, *prior) if one.assessed is not None]:
        _leave_without_memory(unread_now[0])
        for source in job.sources:
            yield source, *_not_compared(keys, source, session.assess(source, **asked))
        return
    alone = {member.path: keys.alone(_sha256(member.path), sources.statements(member.path)) for member in members}
    last = {member.path: _sha256(member.path) for member in prior}
    results = keys.together(alone, last)
    for several, _ in session.assess_together(members, prior, **asked):
        for number, assessed in several:
            source = job.sources[number]
            _leave_without_memory(assessed.report)
            if assessed.report.error is None:
                yield source, assessed, results[source]
            else:
                yield source, *_not_compared(keys, source, session.assess(source, **asked))


def _not_compared(keys: Keys, source: str, assessed: Assessed, code: str = "") -> tuple[Assessed, str]:
    """What a workbook came to by itself, with the word that it was to be judged beside others, and the name of that
    result, under which nobody takes it for the whole."""
    report = assessed.report
    if report.error is not None:
        return assessed, ""
    reasons = {"TIMEOUT": tr("it took too long"), "MEMORY": tr("it took too much memory")}
    message = tr(
        "Checked by itself only: the comparison with the unit's other files or last year's was stopped ({reason}).",
        reason=reasons.get(code) or tr("the program failed"),
    )
    problems = (*report.problems, Problem("NOT_COMPARED", message))
    alone = keys.alone(report.sha256 or _sha256(source), sources.statements(source))
    return assessed._replace(report=report._replace(status="partly", problems=problems)), keys.failed(alone, code)


def _kept(place: _Workplace, source: str, assessed: Assessed, result: str) -> tuple[Judged, Rows]:
    """What is told and what is kept of one workbook; ``result`` is empty if it was judged by itself."""
    report = assessed.report
    _leave_without_memory(report)
    assessed = assessed._replace(report=report._replace(sha256=report.sha256 or _sha256(source)))
    judged = _told(place.keys, source, assessed.report, result)
    scores = scored(place.session, assessed).scores
    return judged, rows_of(_placeless(assessed, source), scores, judged.alone)


def _told(keys: Keys, source: str, report: WorkbookReport, result: str, *reason: str) -> Judged:
    error = report.error
    again = error is not None and (error.code in AGAIN or not report.sha256)
    alone = "" if again or not report.sha256 else keys.alone(report.sha256, sources.statements(source))
    if again and error is not None:
        result = keys.failed(report.sha256, error.code, error.message.en, *reason)
    standing = [f.outcome.severity for f in report.findings if f.outcome.status != Status.WAIVED]
    return Judged(
        source,
        result or alone,
        alone,
        report.sha256,
        report.unit,
        report.year,
        report.status,
        standing.count(Severity.ERROR),
        standing.count(Severity.WARNING),
        standing.count(Severity.NOTE),
        error.code if error else "",
    )


def _leave_without_memory(report: WorkbookReport) -> None:
    """End the process if this had no memory left: what is left of it would fall on the files that come after."""
    if report.error is not None and isinstance(report.error.__cause__, MemoryError):
        os._exit(EXIT_MEMORY)


#: Failures that may be those of the machine: a file that met one is tried again in the next run.
AGAIN: Final = frozenset({"CRASHED", "TIMEOUT", "MEMORY"})


def _placeless(assessed: Assessed, source: str) -> Assessed:
    """The same without the name of the source: a copy of the workbook elsewhere comes to the same."""
    report = assessed.report
    error = report.error
    if error is not None:
        error = type(error)(error.code, error.message, error.hint, _within(error.where, source))
    return assessed._replace(report=report._replace(path="", error=error))


def _within(where: str, source: str) -> str:
    """The place in a workbook, without what the workbook is called, or the copy of it that a plugin read."""
    if where.startswith(source):
        return where[len(source) :]
    name = os.path.basename(source)  # noqa: PTH119
    return where.partition(name)[2] if name in where else where


def _sha256(source: str) -> str:
    """That of the bytes of a source; empty if they cannot be had."""
    try:
        return sha256(sources.content(source)).hexdigest()
    except CheckerError:
        return ""


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """End the process if this takes longer, by a watchdog that no loop in Python or C can hold up."""
    if sys.platform == "win32":
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            try:
                yield
            finally:
                faulthandler.cancel_dump_traceback_later()
    else:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody catches its signal, which ends the process
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _bound_memory(mebibytes: int) -> None:
    """Let no file take more than this. Only Unix can."""
    if sys.platform != "win32":
        import resource

        limit, (_, most) = mebibytes * 2**20, resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))


def _leave_with_parent() -> None:
    """End when the process does that gives out the work, however it ends."""
    parent = parent_process()
    if parent is not None:

        def leave() -> None:
            parent.join()
            os._exit(_EXIT_ORPHAN)

        threading.Thread(target=leave, daemon=True).start()
