"""The levels of a score table: how many indicators each has, and which rows lie below a label."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from checker.model.fact import Fact
from checker.scoring.claims import stated_marks
from checker.scoring.recompute import Entry, Recomputed

__all__ = ["Group", "counts", "groups"]


class Group(NamedTuple):
    """A label above others, its cell, the marks that it states in brackets, and the indicators below it."""

    path: tuple[str, ...]
    cell: Fact
    stated: Decimal | None
    entries: tuple[Entry, ...]


def counts(result: Recomputed) -> dict[str, int]:
    """How many different indicators each level has, by the name of its column."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in result.rows:
        for depth, cell in enumerate(row.cells, 1):
            found.setdefault(cell.path[-1], set()).add(row.labels[:depth])
    return {column: len(found[column]) for column in result.scheme.claims.levels if column in found}


def groups(result: Recomputed) -> list[Group]:
    """Every label above an indicator, outermost first, in the order of the table."""
    cells: dict[tuple[str, ...], tuple[Fact, list[Entry]]] = {}
    for entry in result.entries:
        row = entry.row
        if row is None:
            continue
        for depth in range(1, len(row.path)):
            cells.setdefault(row.path[:depth], (row.cells[depth - 1], []))[1].append(entry)
    return [
        Group(path, cell, stated_marks(path[-1], result.subject), tuple(entries))
        for path, (cell, entries) in cells.items()
    ]
