"""Installed plugins, found without ``importlib.metadata``: its import costs more than a whole check may.

Reads ``entry_points.txt`` of every distribution on the path, as ``importlib.metadata`` would, and looks closer
only where the group ``checker`` is mentioned. A test holds the two against each other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

__all__ = ["EntryPoint", "find"]

GROUP: Final = "checker"
_MENTIONED: Final = f"[{GROUP}]".encode()


class EntryPoint(NamedTuple):
    """``name = value`` in the group ``checker`` of a distribution; ``value`` is ``module`` or ``module:object``."""

    name: str
    value: str
    distribution: str
    version: str

    def load(self) -> object:
        """Import it. Raises whatever that raises."""
        from importlib import import_module

        module, _, attributes = self.value.partition("[")[0].strip().partition(":")
        found: object = import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            found = getattr(found, attribute)
        return found


def find(path: Sequence[str] | None = None) -> Iterator[EntryPoint]:
    """Entry points of the group, in the order of the path; of a distribution installed twice only the first."""
    seen: set[str] = set()
    for folder in sys.path if path is None else path:
        try:
            with os.scandir(folder or ".") as entries:
                names = sorted(e.name for e in entries if e.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
        for name in names:
            distribution, _, version = name.rpartition(".")[0].partition("-")
            known = distribution.lower().replace("-", "_").replace(".", "_")
            if known in seen:
                continue
            seen.add(known)
            try:
                with open(f"{folder or '.'}/{name}/entry_points.txt", "rb") as file:  # noqa: PTH123
                    content = file.read()
            except OSError:
                continue
            if _MENTIONED in content:
                yield from _parse(content.decode("utf-8", "replace"), distribution, version)


def _parse(text: str, distribution: str, version: str) -> Iterator[EntryPoint]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and line and line[0] not in "#;":
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.strip(), distribution, version)
