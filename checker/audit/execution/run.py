"""A run of ``checker audit``, put together: sources, what is known of them, workers, submissions, store."""

from __future__ import annotations

import json
import secrets
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.audit.execution.keys import Keys, engine, rules_of
from checker.audit.execution.known import by_result, known_files, last_run
from checker.audit.execution.options import MESSAGE, Options
from checker.audit.execution.pool import Engine, LocalEngine, supervise
from checker.audit.execution.progress import Progress
from checker.audit.execution.shards import File, gathered, in_shard, list_shard
from checker.audit.execution.together import Belonging, belonging
from checker.audit.execution.worker import Job, Judged, Message, SourceSession, failed, session_of
from checker.audit.intake.sources import Source
from checker.audit.store.ledger import Ledger
from checker.audit.store.parts import connect
from checker.audit.store.rows import rows_of_rules
from checker.audit.store.sealing import Run, compact, seal, write_run
from checker.model.rule import Severity

__all__ = ["Audit", "Ended"]

#: So many spool files make a part of the store: fewer take more room there, more take more memory while it is made.
_SEALED_AT_ONCE: Final = 64
#: Messages for each worker, where there are too few files for whole ones.
_SHARES: Final = 4


class Ended(NamedTuple):
    """How a run ended. ``run`` is its name; empty for a shard. ``unchanged``: nothing differs from that run, so that no
    other was added. ``exit`` is as for ``checker check``."""

    run: str
    files: Sequence[File]
    exit: int
    unchanged: bool = False

    @property
    def reused(self) -> int:
        return sum(file.reused for file in self.files)

    def count(self, status: str) -> int:
        return sum(file.judged.status == status for file in self.files)

    @property
    def findings(self) -> tuple[int, int, int]:
        """Errors, warnings, notes."""
        judged = [file.judged for file in self.files]
        return sum(one.errors for one in judged), sum(one.warnings for one in judged), sum(one.notes for one in judged)


class Audit:
    """One run with its options. Raises ``CheckerError`` for packs, explanations and waivers that cannot be used."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.folder = Path(options.out)
        self.session: SourceSession = session_of(options)
        self.rules = rules_of(self.session)
        self.keys = Keys(options, self.rules)
        self.started = _now()
        self.name = f"{self.started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self.ledger = Ledger(self.folder)

    def run(self, sources: Sequence[Source] | None) -> Ended:
        """Go over the sources; None: over those of all shards, which are done. What was done before is not done again.

        Nobody else may do the same meanwhile (see ``alone``). However it ends, what was done is in the store, or in the
        spool, where the next run finds it. Raises ``KeyboardInterrupt`` when it was stopped, by Ctrl-C or a signal to
        end.
        """
        shard = self.options.shard
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.options.fresh and (self.folder / "store").exists():
            (self.folder / "store").rename(self.folder / f"store.{self.name}")
        packs = {pack.id: pack.digest for pack in self.session.loaded.packs.values()}
        self.ledger.run_started(self.name, options=self._told_options(), engine=engine(), packs=packs)
        self._seal()
        files: dict[str, File] = {}
        submissions: list[Belonging] = []
        complete = False
        with _signals():
            try:
                if sources is None:
                    files.update((file.source.name, file) for file in gathered(self.folder, self.keys.base))
                else:
                    mine = [source for source in sources if shard is None or in_shard(source, shard)]
                    self._read(mine, files)
                submissions = self._together(files)
                complete = True
            finally:
                superseded = {f.judged.alone for f in files.values()} - {f.judged.result for f in files.values()}
                self._seal(superseded if complete else ())
                if not complete and files and shard is None:
                    self._keep(files, (), "interrupted")
        done = [files[name] for name in sorted(files)]
        if shard is not None:
            list_shard(self.folder, shard, self.keys.base, done)
            return Ended("", done, self._exit(done))
        before = last_run(self.folder)
        same = {name: file.judged.result for name, file in files.items()}
        if before is not None and before.same(self.rules, engine(), json.dumps(self._told_options()), same):
            self.ledger.run_unchanged(self.name, same_as=before.run, files=len(done))
            return Ended(before.run, done, self._exit(done), unchanged=True)
        self._keep(files, submissions, "complete")
        compact(self.folder, record=self.ledger.parts_compacted)
        return Ended(self.name, done, self._exit(done))

    def _read(self, sources: Sequence[Source], files: dict[str, File]) -> None:
        """Judge each file by itself, unless it is known."""
        known = known_files(self.folder, sources, self.keys)
        by_name = {source.name: source for source in sources}
        files.update((name, File(by_name[name], judged, True)) for name, judged in known.items())
        jobs = [Job((source.name,)) for source in sources if source.name not in known]
        for judged in self._done(jobs, len(sources)):
            files[judged.source] = File(by_name[judged.source], judged, False)

    def _together(self, files: dict[str, File]) -> list[Belonging]:
        """Judge what belongs together once more, beside each other and last year's, unless that is known."""
        judged = [files[name].judged for name in sorted(files)]
        with connect(self.folder, heads=True) as connection:
            belonging_files = belonging(judged, self.keys, connection)
            wanted = {r for one in belonging_files for s, r in one.results.items() if r != files[s].judged.result}
            stored = by_result(connection, wanted)
        jobs = []
        for one in belonging_files:
            results = {s: r for s, r in one.results.items() if r != files[s].judged.result}
            if not stored.keys() >= set(results.values()):
                jobs.append(one.job)
                continue
            for source, result in results.items():
                files[source] = files[source]._replace(judged=stored[result]._replace(source=source))
        for again in self._done(jobs, sum(job.files for job in jobs)):
            files[again.source] = files[again.source]._replace(judged=again, reused=False)
        return belonging_files

    def _done(self, jobs: Sequence[Job], total: int) -> Iterator[Judged]:
        """What jobs come to. Whatever stops it, no worker is left."""
        if not jobs:
            return
        engine = self._engine()
        progress = Progress(total, self.options.language)
        progress.add(total - sum(job.files for job in jobs), 0)
        at_once = True
        try:
            for done in supervise(engine, _messages(jobs, engine.width), self.options):
                judged = done.judged
                if judged is None:
                    assert done.error is not None
                    judged = failed(self.options, self.keys, done.message.jobs[0], done.error)
                yield from judged
                progress.add(len(judged), sum(one.errors + one.warnings + one.notes for one in judged))
            at_once = False
        finally:
            engine.close(at_once=at_once)
            progress.end()

    def _engine(self) -> Engine:
        if self.options.scheduler:
            from checker.audit.execution.cluster import ClusterEngine

            return ClusterEngine(self.options, self.rules)
        return LocalEngine(self.options, self.rules)

    def _seal(self, superseded: Iterable[str] = ()) -> None:
        """Put into the store what stands in the spool, that of an earlier run that was stopped included."""
        part = self.options.part
        spools = sorted((self.folder / "spool").glob(f"{part if self.options.shard else '*'}/*.jsonl.gz"))
        for first in range(0, len(spools), _SEALED_AT_ONCE):
            several = spools[first : first + _SEALED_AT_ONCE]
            seal(
                self.folder,
                several,
                f"{self.name}-{part}-{first // _SEALED_AT_ONCE}",
                record=lambda sealed: self.ledger.part_sealed(self.name, sealed),
                superseded=superseded,
            )
            for spool in several:
                spool.unlink(missing_ok=True)

    def _keep(self, files: dict[str, File], submissions: Iterable[Belonging], status: str) -> None:
        name = self.name
        rows = [
            (name, f.source.name, f.judged.result, f.judged.sha256, f.source.size, f.source.modified, f.reused)
            for _, f in sorted(files.items())
        ]
        groups = [(name, one.unit, one.year, [*one.job.sources], [*one.job.prior]) for one in submissions]
        reused = sum(file.reused for file in files.values())
        options = json.dumps(self._told_options())
        run = Run(name, self.started, _now(), engine(), self.rules, options, status, len(files), reused)
        errors, warnings, notes = Ended(name, [*files.values()], 0).findings
        counts = {"errors": errors, "warnings": warnings, "notes": notes}
        rules = rows_of_rules(self.rules, self.session.loaded.packs.values())
        write_run(
            self.folder, run, rows, groups, rules,
            record=lambda written: self.ledger.run_ended(run, counts, written).hash,
        )  # fmt: skip

    def _exit(self, files: Sequence[File]) -> int:
        """As ``checker check``: 3 if anything was not checked, 1 for findings at or above ``fail_on``."""
        if self.session.failures or not files or any(file.judged.status != "checked" for file in files):
            return 3
        grave = Severity.ORDER.index(self.options.fail_on) + 1
        return 1 if any(Ended("", files, 0).findings[:grave]) else 0

    def _told_options(self) -> dict[str, Any]:
        """Those that decide what comes out."""
        options = self.options
        names = ("pack", "year", "explanations", "waivers", "shard")
        return {name: value for name in names if (value := getattr(options, name))}


def _messages(jobs: Sequence[Job], width: int) -> Iterator[Message]:
    """Jobs in messages of so many files, fewer where there are few."""
    most = max(1, min(MESSAGE, -(-sum(job.files for job in jobs) // (width * _SHARES))))
    several: list[Job] = []
    for job in jobs:
        several.append(job)
        if sum(one.files for one in several) >= most:
            yield Message(tuple(several))
            several = []
    if several:
        yield Message(tuple(several))


@contextmanager
def _signals() -> Iterator[None]:
    """A signal to end stops as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
