"""Supervised worker processes: one that dies, hangs or eats its memory costs only the file that it was at.

Each worker is an executor of one process of Python's own: no lock, pipe or queue is shared between two, so that none
can be taken along by another, at whatever moment it is killed. (Of the pools at hand, ``multiprocessing.Pool`` waits
for ever, an executor of several processes fails everything that is waiting, and so does pebble when an idle process is
killed.) A message that a worker did not come back from is tried again job by job, and
a job of several files that nobody comes back from becomes one for each file, which says so.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple, Protocol

from checker.audit.execution.options import Options
from checker.audit.execution.worker import EXIT_MEMORY, Job, Judged, Message, work
from checker.errors import ReadError
from checker.messages import tr

__all__ = ["Death", "Done", "Engine", "LocalEngine", "supervise"]

#: A file that a worker did not come back from is tried so often by itself. Somebody else may have killed the worker.
_TRIES: Final = 5
#: What a process ends with that was killed from outside, be it by a user or for want of memory.
_KILLED: Final = -9
#: What is told where two threads of multiprocessing asked at the same time what a process ended with.
_UNKNOWN: Final = (None, 255)
#: Seconds on top of the deadline: for a process to start, and for its own watchdog to be first.
_GRACE: Final = 30.0


class Death(NamedTuple):
    """How a worker ended: the ``code`` of what is told of its file. ``sure``: it was the doing of this file."""

    code: str
    sure: bool


class Done(NamedTuple):
    """A message and what its workbooks came to; or the one job of it, and why no worker comes back from it."""

    message: Message
    judged: list[Judged] | None
    error: ReadError | None = None


class Engine(Protocol):
    """What runs messages. ``width`` is how many it takes at a time."""

    width: int

    def submit(self, message: Message) -> Future[list[Judged]]: ...

    def death(self, future: Future[list[Judged]]) -> Death | None:
        """How the worker ended that had this message; None if it did not end by an accident."""

    def watch(self) -> None:
        """Called now and then: the time to stop what takes too long."""

    def close(self, *, at_once: bool) -> None: ...


def supervise(engine: Engine, messages: Iterable[Message], options: Options) -> Iterator[Done]:
    """Do ``messages``, and give what they came to in the order in which they are done. Raises what stops everything: a
    ``CheckerError`` of a worker (its rules are others), or ``OSError`` (nothing can be written)."""
    ahead = iter(messages)
    again: deque[tuple[Message, int]] = deque()
    running: dict[Future[list[Judged]], tuple[Message, int]] = {}
    while True:
        while len(running) < engine.width:
            if again:
                message, tries = again.popleft()
            elif (found := next(ahead, None)) is not None:
                message, tries = found, 0
            else:
                break
            running[engine.submit(message)] = message, tries
        if not running:
            return
        for future in wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done:
            message, tries = running.pop(future)
            death = engine.death(future)
            if death is None:
                yield Done(message, future.result())
            elif len(message.jobs) > 1:
                again.extend((Message((job,)), 1) for job in message.jobs)
            elif tries < _TRIES and not (death.sure and tries):
                again.append((message, tries + 1))
            elif (job := message.jobs[0]).files > 1:  # together they cannot be judged
                again.extend((Message((Job((source,), lost=death.code),)), 0) for source in job.sources)
            else:
                yield Done(message, None, _lost(job, death.code, options))
        engine.watch()


def _lost(job: Job, code: str, options: Options) -> ReadError:
    message, hint = {
        "TIMEOUT": (
            tr("The check of this workbook was stopped after {seconds} seconds.", seconds=f"{options.deadline:g}"),
            tr("Open it in Excel, see whether it is unusually large, or give more time with --deadline."),
        ),
        "MEMORY": (
            tr(
                "Checking this workbook takes more than {limit} MiB of memory, so it was not checked.",
                limit=options.memory,
            ),
            tr("Delete unused rows, columns and sheets in it, or give more with --memory."),
        ),
        "CRASHED": (
            tr("The process that checked this workbook ended without a word, each time; nothing was checked in it."),
            tr(
                "It may need too much memory or be damaged. Open it in Excel or WPS, save it as .xlsx and check that "
                "file; if it happens again, please report it."
            ),
        ),
    }[code]
    return ReadError(code, message, hint, job.sources[0])


class LocalEngine:
    """Processes of this machine."""

    def __init__(self, options: Options, rules: str) -> None:
        self._options = options
        self._rules = rules
        self._context = _context()
        self._free = [_Worker(self._context) for _ in range(max(1, options.jobs))]
        self._busy: dict[Future[list[Judged]], tuple[_Worker, float, float]] = {}
        self.width = len(self._free)

    def submit(self, message: Message) -> Future[list[Judged]]:
        worker = self._free.pop()
        future = worker.executor.submit(work, self._options, self._rules, message)
        worker.find_process()
        self._busy[future] = worker, time.monotonic(), self._options.deadline * message.files + _GRACE
        return future

    def death(self, future: Future[list[Judged]]) -> Death | None:
        worker, since, limit = self._busy.pop(future)
        if not isinstance(future.exception(), BrokenExecutor):
            self._free.append(worker)
            return None
        code = worker.end(at_once=True)
        self._free.append(_Worker(self._context))
        if code == EXIT_MEMORY:
            return Death("MEMORY", sure=False)
        if worker.overdue or (code != _KILLED and time.monotonic() - since >= limit - _GRACE):
            return Death("TIMEOUT", sure=True)
        return Death("CRASHED", sure=code not in (_KILLED, *_UNKNOWN))

    def watch(self) -> None:
        for worker, since, limit in self._busy.values():
            if time.monotonic() - since > limit:
                worker.kill()

    def close(self, *, at_once: bool) -> None:
        for worker in (*self._free, *(worker for worker, _, _ in self._busy.values())):
            worker.end(at_once=at_once)


class _Worker:
    """An executor of one process, and the process once it has been started."""

    def __init__(self, context: BaseContext) -> None:
        self.executor = ProcessPoolExecutor(1, mp_context=context)
        self.overdue = False
        self._process: BaseProcess | None = None
        self._before = set(multiprocessing.active_children())

    def find_process(self) -> None:
        if self._process is None:
            self._process = next(iter(set(multiprocessing.active_children()) - self._before), None)

    def kill(self) -> None:
        self.overdue = True
        if self._process is not None:
            self._process.kill()

    def end(self, *, at_once: bool) -> int | None:
        """Give back what the process ended with."""
        if at_once and self._process is not None:
            with suppress(OSError):
                self._process.kill()
        self.executor.shutdown(wait=True, cancel_futures=True)
        return self._process.exitcode if self._process is not None else None


def _context() -> BaseContext:
    """Workers must not begin as copies of a process with threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["checker.audit.execution.worker"])
    return context
