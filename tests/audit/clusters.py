"""A real Dask scheduler on loopback with worker processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .running import environment

WORKERS = 2


def start(*words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(**more), start_new_session=True,
    )  # fmt: skip


@contextmanager
def dask_cluster(folder: Path, **more: str) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler and its workers, of one thread each; ``more`` goes into their environment."""
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert scheduler.stderr is not None
    address = next(found[0] for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    words = ("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    workers = [start(*words, **more) for _ in range(WORKERS)]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
