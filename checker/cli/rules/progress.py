"""How far a long command is: one line on stderr that is written over, on a terminal only."""

from __future__ import annotations

import sys
from types import TracebackType

__all__ = ["Progress"]

#: Of so many steps one is shown: a terminal is slow.
_EVERY = 7


class Progress:
    """Counts steps of ``total`` (0: nobody knows how many); leaves no line behind."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._terminal:
            sys.stderr.write("\r\x1b[K")

    def next(self, name: str) -> None:
        """``name`` is begun."""
        self._done += 1
        if self._terminal and self._done % _EVERY == 0:
            of = f"/{self._total}" if self._total else ""
            sys.stderr.write(f"\r\x1b[K{self._done}{of}  {name}")
            sys.stderr.flush()
