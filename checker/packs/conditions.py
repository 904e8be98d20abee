"""Conditions in formulas that can never be true, or never false, given those that lead to them.

Comparisons are taken as bounds on linear forms (``[@a] - [@b] >= 5``), exactly; what cannot be read so bounds nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from checker.formula import tree
from checker.formula.tree import Node
from checker.packs.linear import ONE, Linear, linear_of

__all__ = ["Bound", "Settled", "known_by", "settled"]

_OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED: Final = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Settled(NamedTuple):
    """``node`` is a condition that is always ``answer`` where the formula gets to it."""

    node: Node
    answer: bool


class Bound(NamedTuple):
    """What is bounded, and by what: ``form`` ``operator`` ``limit``."""

    form: Hashable
    operator: str
    limit: Fraction


def known_by(conditions: Iterable[Node]) -> tuple[Bound, ...]:
    """What is sure where all of ``conditions`` are true."""
    return tuple(bound for condition in conditions for bound in _bounds(condition, True))


def settled(node: Node, known: tuple[Bound, ...] = ()) -> Iterator[Settled]:
    """The conditions in ``node`` that are settled before any cell is read; ``known`` is what led here. What ``node``
    itself comes to is settled too where something did."""
    if isinstance(node, tree.Call) and node.function == "IF":
        condition, *branches = node.arguments
        yield from _judged(condition, known)
        for branch, answer in zip(branches, (True, False), strict=False):
            yield from settled(branch, (*known, *_bounds(condition, answer)))
    elif isinstance(node, tree.Call) and node.function in ("AND", "OR"):
        yield from _judged(node, known)
    else:
        if known and isinstance(node, tree.Compare):
            yield from _judged(node, known)
        for part in tree.children(node):
            yield from settled(part, known)


def _judged(condition: Node, known: tuple[Bound, ...]) -> Iterator[Settled]:
    for answer in (True, False):
        bounds = _bounds(condition, answer)
        if bounds and not _possible((*known, *bounds)) and _possible(known):
            yield Settled(condition, not answer)


def _bounds(condition: Node, answer: bool) -> tuple[Bound, ...]:
    """What is sure of cells where ``condition`` is ``answer``."""
    match condition:
        case tree.Call(function="NOT"):
            return _bounds(condition.arguments[0], not answer)
        case tree.Call(function="AND" | "OR") if (condition.function == "AND") == answer:
            return tuple(bound for part in condition.arguments for bound in _bounds(part, answer))
        case tree.Compare():
            operator = condition.operator if answer else _OPPOSITE[condition.operator]
            difference = linear_of(condition.left).plus(linear_of(condition.right), Fraction(-1))
            limit = -difference.get(ONE, Fraction(0))
            unknowns = Linear({name: value for name, value in difference.items() if name != ONE})
            if not unknowns:
                return ()
            first = next(iter(sorted(unknowns, key=repr)))
            if unknowns[first] < 0:
                operator = _TURNED[operator]
            return (Bound(frozenset(unknowns.scaled.items()), operator, limit / unknowns[first]),)
        case tree.Call():  # true or false, like ISBLANK: one or nothing
            return (Bound(frozenset(linear_of(condition).items()), "=", Fraction(int(answer))),)
    return ()


def _possible(bounds: tuple[Bound, ...]) -> bool:
    """Whether numbers can lie within all of ``bounds``."""
    for form in {bound.form for bound in bounds}:
        here = [bound for bound in bounds if bound.form == form]
        least = max((b.limit for b in here if b.operator in ("=", ">", ">=")), default=None)
        most = min((b.limit for b in here if b.operator in ("=", "<", "<=")), default=None)
        if least is None or most is None:
            continue
        shut = any(b.operator in ("<", ">", "<>") and b.limit == least for b in here)
        if least > most or (least == most and shut):
            return False
    return True
