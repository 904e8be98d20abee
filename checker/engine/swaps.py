"""Money in the wrong column (or row): two equations out by the same amount in opposite directions.

Where two cells of one row, or of one column, of a table would both be right if an amount were moved from one to the
other, that amount most likely stands in the wrong one. The same amount may be carried to further tables: they share
the cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final, NamedTuple

from checker.engine.evidence import Failure, Figures, Trials
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.rule import Severity

__all__ = ["Swap", "swaps"]

#: Parts are rounded each for itself: opposite differences of parts may be so far apart, in last places.
PARTS_APART: Final = 2
#: Form, table, row, column: shorter paths are those of single fields.
TABLE_PATH: Final = 4
#: More equations than this are not compared pair by pair.
MOST_FAILURES: Final = 400


class Lane(NamedTuple):
    """Two columns (``across``: cells of one row are compared) or two rows of a table."""

    sheet: str
    table: tuple[str, ...]
    across: bool
    lines: frozenset[int]

    def holds(self, fact: Fact) -> bool:
        same_table = (fact.sheet, fact.path[:-2]) == (self.sheet, self.table)
        return same_table and (fact.column if self.across else fact.row) in self.lines


class Site(NamedTuple):
    """Two cells of one table between which ``amount`` (positive) was misplaced: ``source`` has it too much."""

    source: Fact
    target: Fact
    amount: Decimal

    @property
    def heads(self) -> tuple[str, str]:
        """What tells the two cells apart: the names of their columns, or of their rows."""
        which = -1 if self.source.row == self.target.row else -2
        return self.source.path[which], self.target.path[which]

    @property
    def lane(self) -> Lane:
        across = self.source.row == self.target.row
        cells = (self.source, self.target)
        return Lane(
            self.source.sheet, self.source.path[:-2], across, frozenset(f.column if across else f.row for f in cells)
        )


class Swap(NamedTuple):
    """One cause: where the amount stands, and the failures that it explains (``head`` first to be told)."""

    head: int
    members: frozenset[int]
    cause: Text


def swaps(failures: Sequence[Failure], figures: Figures) -> list[Swap]:
    """Misplaced amounts, the largest first. ``members`` are indexes of ``failures``; each belongs to one swap."""
    equations = [
        index
        for index, failure in enumerate(failures)
        if failure.outcome.operator == "=" and failure.outcome.difference
    ]
    if len(equations) > MOST_FAILURES:
        return []
    trials = Trials()
    found = _exact(failures, figures, trials, equations)
    result: list[Swap] = []
    taken: set[int] = set()
    for amount in sorted({site.amount for site, _ in found}, reverse=True):
        sites = [(site, pair) for site, pair in found if site.amount == amount and not taken & pair]
        if not sites:
            continue
        members = set().union(*(pair for _, pair in sites))
        members |= _parts(failures, figures, equations, [site for site, _ in sites])
        members |= _carried(failures, trials, equations, [site for site, _ in sites], members)
        members -= taken
        taken |= members
        head = _head(failures, sites, members)
        result.append(Swap(head, frozenset(members), _words([site for site, _ in sites], len(members))))
    return result


def _exact(
    failures: Sequence[Failure], figures: Figures, trials: Trials, equations: Iterable[int]
) -> list[tuple[Site, frozenset[int]]]:
    by_amount: dict[Decimal, tuple[list[int], list[int]]] = {}
    for index in equations:
        difference = failures[index].outcome.difference
        assert difference is not None
        by_amount.setdefault(abs(difference), ([], []))[difference < 0].append(index)
    found: list[tuple[Site, frozenset[int]]] = []
    for amount, (over, under) in sorted(by_amount.items(), reverse=True):
        for one in over:
            for other in under:
                site = _site(failures[one], failures[other], figures, trials, amount)
                if site is not None:
                    found.append((site, frozenset((one, other))))
    return found


def _site(one: Failure, other: Failure, figures: Figures, trials: Trials, amount: Decimal) -> Site | None:
    """Where the amount would have to be moved for both to hold; None if one wrong cell explains both."""
    shared = set(_cells(one, figures)) & set(_cells(other, figures))
    for fact in shared:
        for number in (_number(fact) - amount, _number(fact) + amount):
            if trials.holds(one, [(fact, number)]) and trials.holds(other, [(fact, number)]):
                return None
    alike = one.outcome.rule == other.outcome.rule
    for source in _cells(one, figures):
        for target in _cells(other, figures):
            if not _beside(source, target):
                continue
            if not alike and not (_elsewhere(one, source, figures) and _elsewhere(other, target, figures)):
                continue
            for giver, taker in ((source, target), (target, source)):
                moved = [(giver, _number(giver) - amount), (taker, _number(taker) + amount)]
                if moved[0][1] >= 0 and trials.holds(one, moved) and trials.holds(other, moved):
                    return Site(giver, taker, amount)
    return None


def _elsewhere(failure: Failure, fact: Fact, figures: Figures) -> bool:
    """Whether the equation holds the cell's table against another one."""
    here = [other for other in _cells(failure, figures) if other.path[:-2] == fact.path[:-2]]
    return len(here) < len(failure.outcome.operands)


def _cells(failure: Failure, figures: Figures) -> Iterator[Fact]:
    for operand in failure.outcome.operands:
        fact = figures.by_cell.get((operand.sheet, operand.cell))
        if fact is not None:
            yield fact


def _number(fact: Fact) -> Decimal:
    assert fact.quantity.number is not None  # Figures holds nothing else
    return fact.quantity.number


def _beside(one: Fact, other: Fact) -> bool:
    """Two cells of one table in one row or one column, of one unit."""
    if len(one.path) < TABLE_PATH:
        return False
    same_table = one.sheet == other.sheet and one.path[:-2] == other.path[:-2] and one.unit == other.unit
    return same_table and (one.row == other.row) != (one.column == other.column)


def _parts(failures: Sequence[Failure], figures: Figures, equations: Iterable[int], sites: Sequence[Site]) -> set[int]:
    """Pairs of failures about further rows of the same two columns, out by about the same in opposite directions."""
    cells = [(index, fact) for index in equations for fact in _cells(failures[index], figures)]
    members: set[int] = set()
    for lane in {site.lane for site in sites}:
        by_line: dict[int, list[tuple[int, Fact]]] = {}
        for index, fact in cells:
            if lane.holds(fact):
                by_line.setdefault(fact.row if lane.across else fact.column, []).append((index, fact))
        for entries in by_line.values():
            for (one, first), (other, second) in combinations(entries, 2):
                if _beside(first, second) and _opposite(failures[one], failures[other], first):
                    members |= {one, other}
    return members


def _opposite(one: Failure, other: Failure, fact: Fact) -> bool:
    first, second = one.outcome.difference, other.outcome.difference
    assert first is not None and second is not None
    return (first < 0) != (second < 0) and abs(first + second) <= fact.grain * PARTS_APART


def _carried(
    failures: Sequence[Failure], trials: Trials, equations: Iterable[int], sites: Sequence[Site], members: set[int]
) -> set[int]:
    """Failures that no longer fail once the amount is put back: they looked at the same cells."""
    moved = {(fact.sheet, fact.address): (fact, number) for site in sites for fact, number in _put_back(site)}
    carried: set[int] = set()
    for index in equations:
        if index not in members:
            touched = [moved[cell] for o in failures[index].outcome.operands if (cell := (o.sheet, o.cell)) in moved]
            if touched and trials.holds(failures[index], touched):
                carried.add(index)
    return carried


def _put_back(site: Site) -> list[tuple[Fact, Decimal]]:
    return [(site.source, _number(site.source) - site.amount), (site.target, _number(site.target) + site.amount)]


def _head(failures: Sequence[Failure], sites: Sequence[tuple[Site, frozenset[int]]], members: set[int]) -> int:
    """The gravest failure that stands at a cell where the amount is too much; of several, the first."""
    sources = {(site.source.sheet, site.source.address) for site, _ in sites}

    def order(index: int) -> tuple[int, bool, bool, int]:
        outcome = failures[index].outcome
        of_pair = any(index in pair for _, pair in sites)
        at_source = (outcome.sheet, outcome.cell) in sources
        return Severity.ORDER.index(outcome.severity), not of_pair, not at_source, index

    return min(members, key=order)


def _words(sites: Sequence[Site], explained: int) -> Text:
    first = sites[0]
    too_much, too_little = first.heads
    places = dict.fromkeys(f"{site.source.sheet}!{site.source.address} / {site.target.address}" for site in sites)
    return tr(
        "{amount} too much under {giver} and as much too little under {taker}, while both together agree: "
        "{amount} {unit} most likely stands under the wrong one ({places}). It explains {count} failed checks.",
        amount=f"{first.amount:f}",
        unit=first.source.unit,
        giver=too_much,
        taker=too_little,
        places=listed(places),
        count=explained,
    )
