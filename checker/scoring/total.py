"""Totals of a recomputed standard: added up, rescaled where indicators do not apply, and the grade that they earn."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import NamedTuple

from checker.model.score import Standing
from checker.scoring.recompute import Entry, Recomputed
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, ZERO, round_to

__all__ = ["Band", "Sum", "added_claims", "bands", "left_out", "rescaled", "sum_of", "word_for"]


class Sum(NamedTuple):
    """``taken`` indicators were counted as claimed, ``unknown`` ones not at all."""

    low: Decimal
    high: Decimal
    taken: int = 0
    unknown: int = 0


def sum_of(entries: tuple[Entry, ...]) -> Sum:
    """What ``entries`` earn together."""
    low = high = ZERO
    taken = unknown = 0
    for entry in entries:
        counted = entry.counted()
        if counted is None:
            unknown += 1
            continue
        low, high = low + counted.low, high + counted.high
        taken += entry.standing not in (Standing.COMPUTED, Standing.NOT_APPLICABLE)
    return Sum(low, high, taken, unknown)


def added_claims(entries: tuple[Entry, ...]) -> Decimal | None:
    """The marks claimed, added up; None if one is neither claimed nor said not to apply, or if there are none."""
    total = ZERO
    if all(entry.claimed is None for entry in entries):
        return None
    for entry in entries:
        if entry.claimed is not None:
            total += entry.claimed
        elif entry.standing == Standing.NOT_APPLICABLE and entry.criterion is not None:
            if entry.criterion.not_applicable == "full" and entry.full is not None:
                total += entry.full
        elif entry.standing != Standing.ABSENT:
            return None
    return total


def left_out(entries: tuple[Entry, ...]) -> Decimal:
    """Full marks of what does not apply and for which the total is rescaled."""
    return sum(
        (
            entry.full
            for entry in entries
            if entry.standing == Standing.NOT_APPLICABLE
            and entry.full is not None
            and entry.criterion is not None
            and entry.criterion.not_applicable == "rescale"
        ),
        ZERO,
    )


def rescaled(marks: Decimal, result: Recomputed) -> Decimal:
    """``marks`` × total ÷ (total − what does not apply), as marks are rounded."""
    out = left_out(result.entries)
    if not out or result.total is None or result.total <= out:
        return marks
    with localcontext(CONTEXT):
        return round_to(marks * result.total / (result.total - out), result.decimals)


def rescaled_sum(result: Recomputed) -> Interval | None:
    """What all indicators earn together; None if for some nothing is known."""
    summed = sum_of(result.entries)
    if summed.unknown:
        return None
    return Interval(rescaled(summed.low, result), rescaled(summed.high, result))


class Band(NamedTuple):
    word: str
    lowest: Decimal


def bands(result: Recomputed) -> tuple[Band, ...]:
    """The grades whose lowest scores are known, best first."""
    found = (
        (grade.word, result.subject.parameters.get(grade.lowest) if isinstance(grade.lowest, str) else grade.lowest)
        for grade in result.scheme.grades
    )
    return tuple(Band(word, lowest) for word, lowest in found if isinstance(lowest, Decimal))


def word_for(marks: Decimal, grades: tuple[Band, ...]) -> str:
    """The grade of ``marks``: the first whose lowest score is reached; empty below all of them."""
    return next((band.word for band in grades if marks >= band.lowest), "")
