"""Where a unit states its scores: the rows of its score table, in the words of the standard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from checker.checks.subject import Subject
from checker.locate.grid import bare
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.model.scheme import Criterion, Scheme
from checker.values.quantity import Kind

__all__ = ["ClaimRow", "Match", "claim_rows", "match", "number_of", "stated_marks"]

_STATED: Final = re.compile(r"\(([0-9]+(?:\.[0-9]+)?)([^()0-9]{0,2})\)$")
_SCORE: Final = "score"


class ClaimRow(NamedTuple):
    """One row of the score table: its indicators from the outermost in, as printed and as labels are compared."""

    row: LocatedRow
    path: tuple[str, ...]
    labels: tuple[str, ...]
    full: Fact | None
    claimed: Fact | None
    reason: Fact | None
    #: The cells of ``path``.
    cells: tuple[Fact, ...] = ()
    #: The sub-total of the rows that follow, not a row beside them.
    subtotal: bool = False

    @property
    def name(self) -> str:
        return self.path[-1]


class Match(NamedTuple):
    """Which criterion each row (by number) is about; criteria without a row, and those that several rows claim."""

    by_row: dict[tuple[int, int], Criterion]
    absent: list[Criterion]
    twice: dict[int, Criterion]


def claim_rows(scheme: Scheme, table: LocatedTable, subject: Subject) -> list[ClaimRow]:
    """The rows that name an indicator, in the order of the table."""
    claims = scheme.claims
    found: list[ClaimRow] = []
    above: list[_Level | None] = []
    for row in table.rows:
        levels = list(_levels(claims.levels, table, row))
        inner = max((index for index, level in enumerate(levels) if level is not None), default=-1)
        if inner < 0:
            continue
        innermost = levels[inner]
        assert innermost is not None
        full, claimed, reason = (
            table.fact(row, name) if name else None for name in (claims.full, claims.claimed, claims.reason)
        )
        if innermost.fact.row != row.number and not (_says(full) or _says(claimed)):
            continue
        above = [level or (above[at] if at < len(above) else None) for at, level in enumerate(levels[: inner + 1])]
        named = [level for level in above if level is not None]
        texts, labels = tuple(level.text for level in named), tuple(level.label for level in named)
        cells = tuple(level.fact for level in named)
        found.append(ClaimRow(row, texts, labels, full, claimed, reason, cells))
    return [
        this._replace(subtotal=any(_is_above(this, other) for other in found[index + 1 : index + 2]))
        for index, this in enumerate(found)
    ]


class _Level(NamedTuple):
    text: str
    label: str
    fact: Fact


def _levels(columns: Sequence[str], table: LocatedTable, row: LocatedRow) -> Iterator[_Level | None]:
    for column in columns:
        fact = table.fact(row, column)
        if not _says(fact):
            yield None
            continue
        assert fact is not None
        text = "".join(fact.quantity.raw.split())
        places = table.grid.by_row.get(fact.row, ())
        label = next((place.label for place in places if place.left <= fact.column <= place.right), text)
        yield _Level(text, label, fact)


def _says(fact: Fact | None) -> bool:
    return fact is not None and fact.quantity.kind not in (Kind.BLANK, Kind.NIL)


def _is_above(this: ClaimRow, other: ClaimRow) -> bool:
    """Whether ``this`` is the head of a group that ``other`` belongs to."""
    depth = len(this.labels)
    return len(other.labels) > depth and other.labels[:depth] == this.labels


def match(scheme: Scheme, rows: Sequence[ClaimRow], subject: Subject) -> Match:
    """The criterion of each row: by its innermost label, or by the one above it where that names this row alone."""
    by_row: dict[tuple[int, int], Criterion] = {}
    absent: list[Criterion] = []
    twice: dict[int, Criterion] = {}
    for index, criterion in enumerate(scheme.criteria):
        if criterion.claimed:
            continue
        fitting = [this for this in rows if _is_called(this, -1, criterion)]
        if not fitting:
            groups = [this for this in rows if any(_is_called(this, at, criterion) for at in range(len(this.labels)))]
            fitting = [this for this in groups if not this.subtotal] if len(groups) <= 2 else []
        fitting = [this for this in fitting if (this.row.number, this.row.block) not in by_row]
        if not fitting:
            absent.append(criterion)
        elif len(fitting) > 1:
            twice[index] = criterion
        else:
            by_row[fitting[0].row.number, fitting[0].row.block] = criterion
    return Match(by_row, absent, twice)


def _is_called(this: ClaimRow, at: int, criterion: Criterion) -> bool:
    if not _fits(this.labels[at], criterion.labels):
        return False
    outer = this.labels[:at]
    return not criterion.under or any(_fits(label, (criterion.under,)) for label in outer)


def _fits(label: str, names: tuple[str, ...]) -> bool:
    return label in names or bare(label) in names


def stated_marks(text: str, subject: Subject) -> Decimal | None:
    """The marks in brackets behind a label (``(10)``, or with the unit of marks), or None."""
    found = _STATED.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    unit = subject.lexicon.unit(found[2]) if found[2] else None
    if found[2] and (unit is None or unit.dimension != _SCORE):
        return None
    return Decimal(found[1])


def number_of(fact: Fact | None) -> Decimal | None:
    """The number that a cell holds, if it holds one."""
    return fact.quantity.number if fact is not None and fact.quantity.kind == Kind.NUMBER else None
