"""One wrong cell behind several failures: with another number in it, all of them would hold.

A total that was mistyped spoils its sum, the rate worked out from it and the marks for the rate, each by an amount of
its own; a part that was mistyped spoils every sum that it is in by the same amount. That one number puts right more
than one equation speaks for its being the one that was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.engine.causes import MOST_OPERANDS, slip
from checker.engine.evidence import Failure, Figures, Trials
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.rule import Severity

__all__ = ["WrongCell", "wrong_cells"]

Cell = tuple[str, str]


class WrongCell(NamedTuple):
    """One cause, and the failures that it explains (``head`` is told first)."""

    head: int
    members: frozenset[int]
    cause: Text


class _Trial(NamedTuple):
    """What ``fact`` would have to say, and what would hold then."""

    fact: Fact
    meant: Decimal
    explained: frozenset[int]


def wrong_cells(
    failures: Sequence[Failure], figures: Figures, free: Collection[int], below: Mapping[int, int]
) -> list[WrongCell]:
    """Cells that explain several failures, those first that explain the most. Only failures that are ``free`` become
    members, each of one cell; ``below`` says which others hang under which already, and they are evidence."""
    result: list[WrongCell] = []
    left = set(free)
    trials = sorted(_trials(failures, figures, left, below), key=lambda trial: -len(trial.explained))
    cells: dict[frozenset[int], set[Cell]] = {}
    for trial in trials:
        cells.setdefault(trial.explained, set()).add((trial.fact.sheet, trial.fact.address))
    for trial in trials:
        if len(cells[trial.explained]) > 1 and len(_amounts(failures, trial.explained)) < 2:
            continue  # out by one amount, and another cell would explain it as well
        members = trial.explained & left
        if not members:
            continue
        head = _head(failures, members, trial.fact)
        under = {index for index in trial.explained - members if below.get(index) == head}
        if _confirmed(failures, members | under):
            left -= members
            result.append(WrongCell(head, frozenset(members), _words(trial, failures[head], len(members | under))))
    return result


def _trials(
    failures: Sequence[Failure], figures: Figures, free: Collection[int], below: Mapping[int, int]
) -> Iterator[_Trial]:
    looked_at: dict[Cell, list[int]] = {}
    for index, failure in enumerate(failures):
        if index in free or index in below:
            for cell in dict.fromkeys((operand.sheet, operand.cell) for operand in failure.outcome.operands):
                looked_at.setdefault(cell, []).append(index)
    tried: set[tuple[Cell, Decimal]] = set()
    again = Trials()
    for index in sorted(free):
        outcome = failures[index].outcome
        if not _equation(failures[index]) or len(outcome.operands) > MOST_OPERANDS:
            continue
        for cell in dict.fromkeys((operand.sheet, operand.cell) for operand in outcome.operands):
            fact, others = figures.by_cell.get(cell), looked_at[cell]
            if fact is None or fact.quantity.number is None or len(others) < 2 or outcome.difference is None:
                continue
            for meant in (fact.quantity.number - outcome.difference, fact.quantity.number + outcome.difference):
                if (cell, meant) in tried:
                    continue
                tried.add((cell, meant))
                if not again.holds(failures[index], [(fact, meant)]):
                    continue
                explained = frozenset(i for i in others if i == index or again.holds(failures[i], [(fact, meant)]))
                if _confirmed(failures, explained):
                    yield _Trial(fact, meant, explained)


def _equation(failure: Failure) -> bool:
    return failure.outcome.operator == "="


def _confirmed(failures: Sequence[Failure], explained: Collection[int]) -> bool:
    """Whether two equations speak for it: a number that is merely large enough puts many inequalities right."""
    return sum(_equation(failures[index]) for index in explained) > 1


def _amounts(failures: Sequence[Failure], explained: Collection[int]) -> set[Decimal]:
    """By how much the equations are out."""
    differences = (failures[index].outcome.difference for index in explained if _equation(failures[index]))
    return {abs(difference) for difference in differences if difference}


def _head(failures: Sequence[Failure], members: Collection[int], fact: Fact) -> int:
    """The gravest; of several the one that points at the cell; of several the first by its place."""

    def order(index: int) -> tuple[int, bool, str, str, str]:
        outcome = failures[index].outcome
        elsewhere = (outcome.sheet, outcome.cell) != (fact.sheet, fact.address)
        return _rank(failures[index]), elsewhere, outcome.sheet, outcome.cell, outcome.rule

    return min(members, key=order)


def _rank(failure: Failure) -> int:
    return Severity.ORDER.index(failure.outcome.severity)


def _words(trial: _Trial, head: Failure, explained: int) -> Text:
    fact, number = trial.fact, trial.fact.quantity.number
    assert number is not None
    said = tr(
        "{cell} says {typed}; with {meant} instead, {count} failed checks would hold.",
        cell=fact.address if fact.sheet == head.outcome.sheet else f"{fact.sheet}!{fact.address}",
        typed=f"{number:f}",
        meant=f"{trial.meant:f}",
        count=explained,
    )
    why = slip(number, trial.meant) or tr("That cell is most likely wrong.")
    return Text(said.zh + why.zh, f"{said.en} {why.en}")
