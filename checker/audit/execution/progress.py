"""How far a run is, on stderr: one line that is written over on a terminal, a line for each hundred files elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from checker.messages import tr

__all__ = ["Progress"]

_EVERY = 100
#: Seconds between two states of the line.
_PAUSE = 0.2


class Progress:
    """Counts files of ``total`` as they are done."""

    def __init__(self, total: int, language: str, stream: TextIO | None = None) -> None:
        self._total = total
        self._language = language
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._begin = self._shown = time.monotonic()
        self._done = self._findings = 0

    def add(self, files: int, findings: int) -> None:
        before, self._done, self._findings = self._done, self._done + files, self._findings + findings
        now = time.monotonic()
        if self._terminal:
            if now - self._shown >= _PAUSE:
                self._shown = now
                self._stream.write(f"\r\x1b[K{self._line(now)}")
                self._stream.flush()
        elif before // _EVERY < self._done // _EVERY:
            self._stream.write(self._line(now) + "\n")
            self._stream.flush()

    def end(self) -> None:
        """Leave no line behind on a terminal."""
        if self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self, now: float) -> str:
        rate = self._done / max(now - self._begin, 1e-6)
        left = max(self._total - self._done, 0) / rate if rate else 0.0
        return tr(
            "{done} of {total} files, {rate} a second, {left} left, {findings} findings so far",
            done=self._done,
            total=self._total,
            rate=f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}",
            left=_span(left),
            findings=self._findings,
        ).render(self._language)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
