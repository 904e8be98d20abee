"""Why a summary is not the sum of its units: the smallest sets of slips that close the gap.

A slip is what a bureau does to one unit's figure on the way into its summary: leaves it out, counts it twice, turns its
sign, or moves its point (a digit too many, another unit of money). Sets of up to four are found by meeting in the
middle. That a set closes the gap proves nothing: among many units some set does so by chance, and how many are to be
expected is estimated with it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from checker.values.numbers import CONTEXT

__all__ = ["WHOLE", "Change", "Explanation", "Search", "Slip", "changes_of", "explain"]


class Slip:
    """What may have happened to one figure."""

    OMITTED: Final = "omitted"
    DOUBLED: Final = "doubled"
    SIGN: Final = "sign"
    #: The figure entered the summary multiplied by ``factor``.
    SCALED: Final = "scaled"


class Change(NamedTuple):
    """One slip: the summary holds ``amount`` more of ``unit`` than the unit's own ``figure``."""

    unit: str
    slip: str
    figure: Decimal
    amount: Decimal
    factor: Decimal = Decimal(1)


class Explanation(NamedTuple):
    """Slips that together close the gap; ``rest`` is what they leave of it, within the tolerance."""

    changes: tuple[Change, ...]
    rest: Decimal


class Search(NamedTuple):
    """What was found. ``explanations`` are all of the smallest size (the first ``MOST_TOLD``, best first) of ``found``.
    ``searched`` is the largest size that was gone through, ``thinned`` whether there were too many figures for every
    kind of slip at that size. ``chance`` is how many sets of this size would close such a gap by chance."""

    explanations: tuple[Explanation, ...]
    found: int
    searched: int
    thinned: bool
    chance: Decimal


#: In place of a unit: the sum of all, that is, the summary's own figure.
WHOLE: Final = ""
LARGEST: Final = 4
_NOTHING: Final = Decimal(0)
MOST_TOLD: Final = 20
#: No more sets than these are listed; a gap that so many close is explained by none.
_MOST_FOUND: Final = 1000
#: How many slips are gone through at each size, so that a gap takes a fraction of a second; hundreds may be open.
_MOST: Final = {1: 1_000_000, 2: 20_000, 3: 400, 4: 250}
#: The neighbourhood of the gap in which sets are counted to see how dense they lie, in tolerances.
_WIDE: Final = 40
#: From the kinds of slips that are rare to those that are common: what is left out first where figures are many.
_COMMON: Final = ((Slip.OMITTED, Slip.DOUBLED, Slip.SIGN, Slip.SCALED), (Slip.OMITTED, Slip.DOUBLED), (Slip.OMITTED,))


def changes_of(unit: str, figure: Decimal, factors: Sequence[Decimal]) -> Iterator[Change]:
    """Every slip that may have happened to a figure; to nothing none can."""
    if not figure:
        return
    yield Change(unit, Slip.OMITTED, figure, -figure)
    yield Change(unit, Slip.DOUBLED, figure, figure)
    yield Change(unit, Slip.SIGN, figure, -2 * figure)
    for factor in factors:
        yield Change(unit, Slip.SCALED, figure, CONTEXT.multiply(figure, factor) - figure, factor)


def explain(
    gap: Decimal,
    figures: Sequence[tuple[str, Decimal]],
    tolerance: Decimal,
    factors: Sequence[Decimal] = (),
    *,
    whole: Decimal = _NOTHING,
) -> Search:
    """The smallest sets of slips that make ``gap`` = summary − sum, give or take ``tolerance`` (≥ 0).

    ``figures`` are the units' own, by unit, ``whole`` what they and all adjustments come to; ``factors`` are what one
    of them may have been multiplied by. No unit is in a set twice.
    """
    every = [change for unit, figure in figures for change in changes_of(unit, figure, factors)]
    every += [change for change in changes_of(WHOLE, whole, factors) if change.slip in (Slip.SIGN, Slip.SCALED)]
    # What is too small to be seen explains nothing, and a figure shrunk to that was as good as left out.
    every = [
        change
        for change in every
        if abs(change.amount) > tolerance
        and (change.slip != Slip.SCALED or abs(change.figure + change.amount) > tolerance)
    ]
    searched, thinned = 0, False
    for size in range(1, min(len(figures) or 1, LARGEST) + 1):
        pool, less = _pool(every, size)
        if pool is None:
            break
        searched, thinned = size, less
        search = _Sums(pool, gap, tolerance)
        found = sorted(search.sets(size), key=lambda each: (abs(each.rest), [_key(change) for change in each.changes]))
        if found:
            return Search(tuple(found[:MOST_TOLD]), len(found), size, less, search.chance(size, len(found)))
    return Search((), 0, searched, thinned, Decimal(0))


def _key(change: Change) -> tuple[str, str, Decimal]:
    return (change.unit, change.slip, change.factor)


def _pool(every: Sequence[Change], size: int) -> tuple[list[Change] | None, bool]:
    """The slips to go through at this size, and whether some kinds were left out; None if there are too many."""
    for slips in _COMMON:
        pool = [change for change in every if change.slip in slips]
        if len(pool) <= _MOST[size]:
            return pool, slips != _COMMON[0]
    return None, True


class _Sums:
    """Sets of changes by what they add up to, in whole multiples of the finest digit."""

    def __init__(self, pool: Sequence[Change], gap: Decimal, tolerance: Decimal) -> None:
        numbers = [gap, tolerance, *(change.amount for change in pool)]
        self._digit = min(int(number.as_tuple().exponent) for number in numbers)
        self._pool = sorted(pool, key=lambda change: (change.amount, _key(change)))
        self._amounts = [self._whole(change.amount) for change in self._pool]
        self._gap, self._tolerance = self._whole(gap), self._whole(tolerance)
        self._pairs: list[tuple[int, int, int]] | None = None

    def _whole(self, number: Decimal) -> int:
        return int(number.scaleb(-self._digit, CONTEXT))

    def sets(self, size: int) -> list[Explanation]:
        found = []
        for places in self._places(size):
            changes = [self._pool[place] for place in places]
            if len({change.unit for change in changes}) < size:
                continue
            rest = self._gap - sum(self._amounts[place] for place in places)
            found.append(Explanation(tuple(sorted(changes, key=_key)), Decimal(rest).scaleb(self._digit, CONTEXT)))
            if len(found) == _MOST_FOUND:
                break
        return found

    def chance(self, size: int, found: int) -> Decimal:
        """How many sets close a gap of this size by chance, by how many lie in its neighbourhood. A set is counted
        once for each order that the search comes upon it in, of which it is freed here."""
        width = max(self._tolerance, 1)
        near = sum(high - low for low, high in self._ranges(size, width * _WIDE))
        near -= sum(high - low for low, high in self._ranges(size, self._tolerance))
        orders = {1: 1, 2: 2, 3: 3, 4: 6}[size]
        share = Decimal(2 * self._tolerance + 1) / (2 * width * _WIDE - 2 * self._tolerance)
        return (Decimal(max(near, 0)) / orders * share).quantize(Decimal("0.01"))

    def _places(self, size: int) -> Iterator[tuple[int, ...]]:
        """Places in the pool, rising, of each set in reach of the gap."""
        low, high, amounts = self._gap - self._tolerance, self._gap + self._tolerance, self._amounts
        if size == 1:
            yield from ((at,) for at in range(bisect_left(amounts, low), bisect_right(amounts, high)))
        elif size in (2, 3):
            for first in self._firsts(size):
                given = sum(amounts[place] for place in first)
                start = max(bisect_left(amounts, low - given), first[-1] + 1)
                yield from ((*first, at) for at in range(start, bisect_right(amounts, high - given)))
        else:
            pairs = self._sorted_pairs()
            sums = [pair[0] for pair in pairs]
            for given, a, b in pairs:
                for at in range(bisect_left(sums, low - given), bisect_right(sums, high - given)):
                    _, c, d = pairs[at]
                    if b < c:
                        yield (a, b, c, d)

    def _ranges(self, size: int, width: int) -> Iterator[tuple[int, int]]:
        """Where, in the sums, lies what the sets come within ``width`` of the gap with."""
        low, high = self._gap - width, self._gap + width
        if size < 4:
            for first in self._firsts(size):
                given = sum(self._amounts[place] for place in first)
                yield bisect_left(self._amounts, low - given), bisect_right(self._amounts, high - given)
            return
        sums = [pair[0] for pair in self._sorted_pairs()]
        for given in sums:
            yield bisect_left(sums, low - given), bisect_right(sums, high - given)

    def _firsts(self, size: int) -> Iterator[tuple[int, ...]]:
        """All but the last of a set."""
        count = len(self._amounts)
        if size == 1:
            yield ()
        elif size == 2:
            yield from ((at,) for at in range(count))
        else:
            yield from ((a, b) for a in range(count) for b in range(a + 1, count))

    def _sorted_pairs(self) -> list[tuple[int, int, int]]:
        if self._pairs is None:
            count, amounts = len(self._amounts), self._amounts
            self._pairs = sorted((amounts[a] + amounts[b], a, b) for a in range(count) for b in range(a + 1, count))
        return self._pairs
