"""Files that one process at a time may hold. The operating system lets go of them when the process ends, however that
is, so that nobody ever has to find out whether a lock was left behind, and to remove it.

(The package filelock makes the same two calls, and does not say who holds a lock.)
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

__all__ = ["held", "taken"]

#: The byte that Windows locks: nobody else can read it, so it lies behind everything that is ever written.
_FAR: Final = 2**30


#: What says that another has it: on Unix, on network file systems, on Windows.
_BUSY: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Wait for it, and hold it. Raises ``OSError`` where the file system knows no locks."""
    with lock.open("a+b") as file:
        while not _took(file, wait=True):  # Windows gives up after ten seconds
            continue
        yield  # closing the file lets go


def taken(lock: Path) -> IO[bytes] | None:
    """The file, held until it is closed; None if another has it. Raises ``OSError`` as ``held`` does."""
    file = lock.open("a+b")
    try:
        if _took(file, wait=False):
            return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _took(file: IO[bytes], *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True
