"""What a run of ``checker audit`` was asked for."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

__all__ = ["DEADLINE", "FORMATS", "MEMORY", "MESSAGE", "WHOLE", "Options"]

#: Seconds and MiB that one file may take.
DEADLINE: Final = 20.0
MEMORY: Final = 2048
#: So many files are handed to a worker at a time: fewer cost calls, more are lost with a worker.
MESSAGE: Final = 16
#: The part that is everything.
WHOLE: Final = "all"
FORMATS: Final = ("html", "json", "xlsx", "sarif", "junit", "csv")


class Options(NamedTuple):
    """Options of one run. ``out`` is the folder that everything goes to; ``shard`` is (number from 1, of how many)."""

    out: str
    #: The folder that names without a root are below.
    cwd: str = ""
    rules: tuple[str, ...] = ()
    pack: str | None = None
    year: str = ""
    explanations: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    jobs: int = os.cpu_count() or 1
    scheduler: str = ""
    deadline: float = DEADLINE
    memory: int = MEMORY
    shard: tuple[int, int] | None = None
    fresh: bool = False
    fail_on: str = "error"
    formats: tuple[str, ...] = FORMATS[:3]
    language: str = "zh"

    @property
    def part(self) -> str:
        """What the parts of the store and the spool are called that this run writes."""
        return "{}of{}".format(*self.shard) if self.shard else WHOLE
