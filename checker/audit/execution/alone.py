"""Who is at work in a folder OUT: one run over everything by itself, or shards of one division, each once."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from checker.audit.execution.options import WHOLE, Options
from checker.audit.store.locks import held, taken
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["alone"]


@contextmanager
def alone(options: Options) -> Iterator[None]:
    """Be the one who does this part of the work below ``options.out``. ``OUT/locks/<part>.lock`` is held meanwhile, and
    says who holds it. Raises ``UsageError`` if somebody is there who must not be, or nothing can be written there."""
    folder = Path(options.out) / "locks"
    own, guard = folder / f"{options.part}.lock", folder / "guard"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with held(guard):  # between looking for others and being there oneself
            file = _taken_alone(own)
    except OSError as error:
        raise UsageError(
            "OUT_UNWRITABLE",
            tr("Nothing can be written to this folder: {reason}.", reason=error.strerror or error),
            tr("Name another folder with --out."),
            options.out,
        ) from error
    try:
        yield
    finally:
        with held(guard):
            file.close()  # Windows removes no file that is open
            own.unlink(missing_ok=True)


def _taken_alone(own: Path) -> IO[bytes]:
    for other in sorted(own.parent.glob("*.lock")):
        if not _beside(other.stem, own.stem):
            _release(other)
    file = taken(own)
    assert file is not None
    file.truncate(0)
    file.write(f"{os.getpid()} {platform.node()}\n".encode())
    file.flush()
    return file


def _beside(other: str, part: str) -> bool:
    """Whether two parts may be done at the same time: different shards of one division."""
    return other != part and WHOLE not in (other, part) and other.partition("of")[2] == part.partition("of")[2]


def _release(lock: Path) -> None:
    """Remove the lock of a process that is gone. Raises ``UsageError`` if it is not."""
    file = taken(lock)
    if file is None:
        pid, _, host = lock.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
        raise UsageError(
            "OUT_IN_USE",
            tr("Another audit is writing to this folder: process {pid} on {host}.", pid=pid or "?", host=host or "?"),
            tr(
                "Wait until it has ended, stop it, or name another folder. Side by side only the parts of one division "
                "may run, each once (--shard)."
            ),
            str(lock.parents[1]),
        )
    file.close()
    lock.unlink(missing_ok=True)
