"""The fast path: whole columns at a time, for the rows where everything is a plain number and exactly right.

Anything that is not a plain number is a quiet NaN, which equals nothing. So an equality found here is a
true pass, and every other row, whatever the reason, goes to the one judge, ``compare``. Nothing is accused
here."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, getcontext, setcontext
from itertools import repeat
from typing import Any, Final, NamedTuple, Protocol, TypeGuard

from checker.formula import tree
from checker.formula.tree import Node, Reference, Select
from checker.model.fact import Fact
from checker.values.numbers import ZERO

__all__ = ["NAN", "ColumnSource", "Equality", "compile_equality", "compile_vector", "numbers"]

NAN: Final = Decimal("NaN")
_HUNDREDTH: Final = Decimal("0.01")
_QUIET: Final = Context(prec=34, traps=[])
_MAX_DECIMALS: Final = 20
_MODES: Final = {"half_up": ROUND_HALF_UP, "truncate": ROUND_DOWN}

_Run = Callable[["ColumnSource"], Any]


class ColumnSource(Protocol):
    """Where columns come from. In place of each number that is not plain (blank, text, error, approximate,
    ambiguous, with a comparator) stands ``NAN``; see ``numbers``."""

    def column(self, reference: Reference) -> Sequence[Decimal]:
        """``[@column]`` in every row that the rule runs over; for other references, each cell they mean."""
        ...

    def grains(self, reference: Reference) -> Sequence[Decimal]:
        """The grain of each number in ``column(reference)``."""
        ...

    def parameter(self, name: str) -> Decimal | str: ...


class Equality(NamedTuple):
    """Both sides row by row, and where they are exactly right. Lists of one where nothing depends on the
    row."""

    left: list[Decimal]
    right: list[Decimal]
    equal: list[bool]


def numbers(facts: Iterable[Fact]) -> list[Decimal]:
    """Facts as a column: the plain numbers, and ``NAN`` for all else."""
    return [
        NAN
        if (quantity := fact.quantity).number is None
        or quantity.approximate
        or quantity.comparator
        or quantity.alternative is not None
        else quantity.number
        for fact in facts
    ]


def compile_vector(node: Node) -> Callable[[ColumnSource], list[Decimal]] | None:
    """``node`` over all rows at once, or None if it holds what only ``evaluate`` can do.

    The result has one number per row, or one in all if no part of ``node`` depends on the row.
    """
    part = _compile(node)
    if part is None:
        return None

    def run(source: ColumnSource) -> list[Decimal]:
        outer = getcontext()
        setcontext(_QUIET)
        try:
            return _listed(part, source)
        finally:
            setcontext(outer)

    return run


def compile_equality(left: Node, right: Node, rounding: str = "half_up") -> Callable[[ColumnSource], Equality] | None:
    """``left = right`` over all rows at once, or None. A printed figure also equals what rounds to it."""
    first, second = _compile(left), _compile(right)
    if first is None or second is None:
        return None
    if rounding != "half_up" and (_divides(left) or _divides(right)):
        return None  # there a figure one unit from zero may be zero: the judge must see it
    per_row = first.rows or second.rows
    printed = next((p for p, computed in ((left, right), (right, left)) if _rounds(p, computed, rounding)), None)
    mode = _MODES.get(rounding)

    def run(source: ColumnSource) -> Equality:
        outer = getcontext()
        setcontext(_QUIET)
        try:
            one, other = _listed(first, source), _listed(second, source)
            if per_row and not first.rows:
                one *= len(other)
            elif per_row and not second.rows:
                other *= len(one)
            if printed is None:
                return Equality(one, other, list(map(operator.eq, one, other)))
            figures, computed = (one, other) if printed is left else (other, one)
            grains = [grain or NAN for grain in source.grains(printed)]
            if per_row and not (first if printed is left else second).rows:
                grains *= len(figures)
            equal = [
                figure == number or figure == number.quantize(grain, mode)
                for figure, number, grain in zip(figures, computed, grains, strict=False)
            ]
            return Equality(one, other, equal)
        finally:
            setcontext(outer)

    return run


class _Part(NamedTuple):
    """A compiled node: ``run`` gives a list if it depends on the row, else one number."""

    rows: bool
    run: _Run


def _listed(part: _Part, source: ColumnSource) -> list[Decimal]:
    result = part.run(source)
    return list(result) if part.rows else [result]


def _compile(node: Node) -> _Part | None:
    compiler = _COMPILERS.get(type(node))
    return compiler(node) if compiler is not None else None


def _number(node: tree.Number) -> _Part:
    value = node.value
    return _Part(False, lambda source: value)


def _parameter(node: tree.Parameter) -> _Part:
    def run(source: ColumnSource) -> Decimal:
        value = source.parameter(node.name)
        return value if isinstance(value, Decimal) else NAN

    return _Part(False, run)


def _reference(node: Reference) -> _Part:
    if node.select == Select.THIS:
        return _Part(True, lambda source: source.column(node))

    def run(source: ColumnSource) -> Decimal:
        cells = source.column(node)
        return cells[0] if len(cells) == 1 else NAN

    return _Part(False, run)


def _call(node: tree.Call) -> _Part | None:
    """SUM and ROUND. A NaN in a sum (a blank, to be passed over, or an error, not to be) stays a NaN."""
    if node.function == "ROUND":
        value, places = node.arguments
        if not isinstance(places, tree.Number) or places.value > _MAX_DECIMALS or places.value % 1:
            return None
        step = Decimal(1).scaleb(-int(places.value))
        return _map_one(lambda number: number.quantize(step, ROUND_HALF_UP), _compile(value))
    if node.function != "SUM":
        return None
    total: _Part | None = None
    for argument in node.arguments:
        whole = isinstance(argument, Reference) and argument.select != Select.THIS
        part = _column_sum(argument) if whole else _compile(argument)  # type: ignore[arg-type]
        if part is None:
            return None
        total = part if total is None else _map(operator.add, total, part)
    return total


def _column_sum(reference: Reference) -> _Part:
    def run(source: ColumnSource) -> Decimal:
        cells = source.column(reference)
        return sum(cells, ZERO) if cells else NAN

    return _Part(False, run)


def _negate(node: tree.Negate) -> _Part | None:
    return _map_one(operator.neg, _compile(node.operand))


def _percent(node: tree.Percent) -> _Part | None:
    return _map_one(_HUNDREDTH.__mul__, _compile(node.operand))


_OPERATORS: Final[dict[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _binary(node: tree.Binary) -> _Part | None:
    left, right = _compile(node.left), _compile(node.right)
    if left is None or right is None:
        return None
    if node.operator == "/":
        # A computed divisor may be zero within its rounding, which only the judge can tell.
        if not isinstance(node.right, Reference | tree.Number | tree.Parameter):
            return None
        right = _without_zero(right)
    return _map(_OPERATORS[node.operator], left, right)


def _without_zero(part: _Part) -> _Part:
    run = part.run
    if part.rows:
        return _Part(True, lambda source: [number or NAN for number in run(source)])
    return _Part(False, lambda source: run(source) or NAN)


def _map(function: Callable[[Decimal, Decimal], Decimal], left: _Part, right: _Part) -> _Part:
    one, other = left.run, right.run
    if left.rows and right.rows:
        return _Part(True, lambda source: list(map(function, one(source), other(source))))
    if left.rows:
        return _Part(True, lambda source: list(map(function, one(source), repeat(other(source)))))
    if right.rows:
        return _Part(True, lambda source: list(map(function, repeat(one(source)), other(source))))
    return _Part(False, lambda source: function(one(source), other(source)))


def _map_one(function: Callable[[Decimal], Decimal], part: _Part | None) -> _Part | None:
    if part is None:
        return None
    run = part.run
    if part.rows:
        return _Part(True, lambda source: list(map(function, run(source))))
    return _Part(False, lambda source: function(run(source)))


def _rounds(printed: Node, computed: Node, rounding: str) -> TypeGuard[Reference]:
    """Whether ``printed`` is one figure that ``computed``, finer than print, may round to."""
    return (
        rounding in _MODES
        and isinstance(printed, Reference)
        and any(isinstance(part, tree.Percent) or _is_product(part) for part in tree.walk(computed))
        and printed not in tree.walk(computed)
    )


def _is_product(node: Node) -> bool:
    return isinstance(node, tree.Binary) and node.operator in "*/"


def _divides(node: Node) -> bool:
    return any(isinstance(part, tree.Binary) and part.operator == "/" for part in tree.walk(node))


_COMPILERS: Final[dict[type, Callable[[Any], _Part | None]]] = {
    tree.Number: _number,
    tree.Parameter: _parameter,
    Reference: _reference,
    tree.Call: _call,
    tree.Negate: _negate,
    tree.Percent: _percent,
    tree.Binary: _binary,
}
