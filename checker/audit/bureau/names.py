"""Names of units like a given one: suggestions for people, never a match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from difflib import get_close_matches

from checker.audit.bureau.expected import Unit

__all__ = ["Near"]


class Near:
    """Names like a name. Only those that share pairs of characters with it are compared: 20,000 by 20,000 are many."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units
        self._pairs: defaultdict[str, list[str]] = defaultdict(list)
        for name in units:
            for pair in _pairs(name):
                self._pairs[pair].append(name)

    def to(self, name: str) -> tuple[str, ...]:
        shared: defaultdict[str, int] = defaultdict(int)
        for pair in _pairs(name):
            for other in self._pairs.get(pair, ()):
                shared[other] += 1
        likely = sorted(shared, key=lambda other: (-shared[other], other))[:20]
        found = get_close_matches(name, likely, 3, 0.6)
        return tuple(dict.fromkeys(self._units[other].name for other in found))


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
