"""The same work on a Dask cluster: the scheduler hands messages to machines, and on each the messages are done by a
supervised process of its own, so that a bad file costs itself there, too, and never a Dask worker.

All machines must see the sources and the folder OUT under the same names, and have the same version of everything.
"""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import CancelledError, Future
from typing import Any, Final

from checker.audit.execution.keys import Keys
from checker.audit.execution.options import Options
from checker.audit.execution.pool import Death, LocalEngine, supervise
from checker.audit.execution.worker import Judged, Message, failed
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["ClusterEngine"]

#: Messages under way for each thread of the cluster, so that none waits for the next one.
_AHEAD: Final = 2
_SECONDS_TO_CONNECT: Final = 10
#: Workers that were started together with this command need a while to report.
_SECONDS_FOR_A_WORKER: Final = 20


class ClusterEngine:
    """The workers of a Dask scheduler. Raises ``UsageError`` if it is not installed or cannot be reached."""

    def __init__(self, options: Options, rules: str) -> None:
        try:
            from distributed import Client, KilledWorker
        except ImportError as error:
            raise UsageError(
                "EXTRA_MISSING",
                tr("A cluster needs Dask, which is not installed."),
                tr("Install it with: {command}", command='pip install "jixiao-checker[cluster]"'),
            ) from error
        try:
            self._client = Client(options.scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise self._lost(options, error) from error
        try:
            self._client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
        except TimeoutError as error:
            self._client.close()
            raise UsageError(
                "SCHEDULER_IDLE",
                tr("The scheduler has no workers."),
                tr("Start some with: {command}", command=f"dask worker {options.scheduler}"),
                options.scheduler,
            ) from error
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        self.width = max(1, sum(worker["nthreads"] for worker in workers)) * _AHEAD
        self._executor: Any = self._client.get_executor(pure=False)
        self._killed = KilledWorker
        self._options, self._rules = options, rules

    def submit(self, message: Message) -> Future[list[Judged]]:
        future: Future[list[Judged]] = self._executor.submit(_work_there, self._options, self._rules, message)
        return future

    def death(self, future: Future[list[Judged]]) -> Death | None:
        """Whole machines may go; the scheduler tries some others before it gives up."""
        try:
            error = future.exception()
        except CancelledError as lost:
            raise self._lost(self._options, lost) from lost
        return Death("CRASHED", sure=False) if isinstance(error, self._killed) else None

    def watch(self) -> None:
        """The machines watch their own processes."""

    def close(self, *, at_once: bool) -> None:
        self._executor.shutdown(wait=not at_once)  # what does not wait is cancelled
        self._client.close()

    @staticmethod
    def _lost(options: Options, error: BaseException) -> UsageError:
        return UsageError(
            "SCHEDULER_LOST",
            tr("The scheduler does not answer: {reason}.", reason=str(error) or type(error).__name__),
            tr("See that it runs, and give its address as it prints it (tcp://…)."),
            options.scheduler,
        )


_HERE: Final = threading.local()


def _work_there(options: Options, rules: str, message: Message) -> list[Judged]:
    """Do a message in a thread of a Dask worker."""
    if getattr(_HERE, "asked", None) != (options, rules):
        # Dask marks its workers as processes without children; ours end with their parent by themselves.
        multiprocessing.current_process().daemon = False
        _HERE.asked, _HERE.engine = (options, rules), LocalEngine(options._replace(jobs=1), rules)
    judged: list[Judged] = []
    for done in supervise(_HERE.engine, [message], options):
        if done.judged is None:
            assert done.error is not None
            judged += failed(options, Keys(options, rules), done.message.jobs[0], done.error)
        else:
            judged += done.judged
    return judged
