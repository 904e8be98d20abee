"""The functions that formulas may call: the built-in ones, and those of plugins (``model.plugin.Function``).

``evaluate`` of a function is called with the evaluator and the argument nodes, and gives a ``Result``: an
``Estimate``, a text, a truth value, or None for blank. It reads its arguments through the evaluator
(``estimate``, ``result``, ``truth``, ``facts``), so that every cell it looks at is among the operands, and
may leave some unread, as IF does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from checker.formula.estimate import ONE, Estimate, absolute, greatest, least, rounded
from checker.formula.obstacle import Insufficient, Obstacle, Undecided, Unresolved, Unusable
from checker.formula.tree import Node, Reference
from checker.messages import tr
from checker.model.plugin import Function
from checker.values.interval import Interval
from checker.values.numbers import ZERO
from checker.values.quantity import Kind

if TYPE_CHECKING:
    from checker.formula.evaluate import Evaluator
    from checker.formula.value import Result

__all__ = ["FUNCTIONS", "checker_functions", "offer"]

Arguments = tuple[Node, ...]

_BLANK: Final = frozenset({Kind.BLANK, Kind.NIL})
_MAX_DECIMALS: Final = 20


def _sum(evaluator: Evaluator, arguments: Arguments) -> Result:
    total = Estimate(ZERO)
    looked = False
    for argument in arguments:
        if type(argument) is Reference:
            for fact in evaluator.facts(argument):
                looked = True
                if fact.quantity.kind == Kind.NUMBER:
                    evaluator.add_fact(argument.book, fact, ONE, total)
                elif fact.quantity.kind not in _BLANK:
                    raise evaluator.unusable(fact)
        else:
            looked = True
            evaluator.add(argument, ONE, total)
    if not looked:
        raise Insufficient(tr("There are no rows to add up."))
    return total


def _count(evaluator: Evaluator, arguments: Arguments) -> Result:
    count = 0
    for argument in arguments:
        if type(argument) is Reference:
            for fact in evaluator.facts(argument):
                if fact.quantity.kind in (Kind.NUMBER, Kind.DATE):
                    count += 1
                elif fact.quantity.kind in (Kind.ERROR, Kind.NO_CACHE, Kind.UNREADABLE):
                    raise evaluator.unusable(fact)
        else:
            count += isinstance(evaluator.result(argument), Estimate)
    return Estimate(Decimal(count))


def _numbers(evaluator: Evaluator, arguments: Arguments) -> Iterator[Estimate]:
    """The numbers among ``arguments``; blank cells are passed over, as Excel does."""
    for argument in arguments:
        if type(argument) is Reference:
            for fact in evaluator.facts(argument):
                if fact.quantity.kind == Kind.NUMBER:
                    number = Estimate(ZERO)
                    evaluator.add_fact(argument.book, fact, ONE, number)
                    yield number
                elif fact.quantity.kind not in _BLANK:
                    raise evaluator.unusable(fact)
        else:
            yield evaluator.estimate(argument)


def _min(evaluator: Evaluator, arguments: Arguments) -> Result:
    return least(_some(evaluator, arguments), evaluator.rounding)


def _max(evaluator: Evaluator, arguments: Arguments) -> Result:
    return greatest(_some(evaluator, arguments), evaluator.rounding)


def _some(evaluator: Evaluator, arguments: Arguments) -> list[Estimate]:
    numbers = list(_numbers(evaluator, arguments))
    if not numbers:
        facts = tuple(fact for argument in arguments for fact in evaluator.consulted(argument))
        raise Insufficient(tr("There is no number to choose from."), facts)
    return numbers


def _abs(evaluator: Evaluator, arguments: Arguments) -> Result:
    return absolute(evaluator.estimate(arguments[0]), evaluator.rounding)


def _round(evaluator: Evaluator, arguments: Arguments) -> Result:
    decimals = evaluator.estimate(arguments[1])
    places = decimals.number
    if not decimals.exact or places != places.to_integral_value() or abs(places) > _MAX_DECIMALS:
        raise Unusable(tr("ROUND takes a whole number of decimals."), evaluator.consulted(arguments[1]))
    return rounded(evaluator.estimate(arguments[0]), int(places), evaluator.rounding)


def _if(evaluator: Evaluator, arguments: Arguments) -> Result:
    condition, then, otherwise = arguments
    try:
        holds = evaluator.truth(condition)
    except Undecided as undecided:
        return _either(evaluator, then, otherwise, undecided)
    return evaluator.result(then if holds else otherwise)


def _either(evaluator: Evaluator, then: Node, otherwise: Node, undecided: Undecided) -> Result:
    """Both branches, if they meet: then all that is possible is one interval."""
    try:
        first, second = evaluator.result(then), evaluator.result(otherwise)
    except Obstacle:
        raise undecided from None
    if isinstance(first, Estimate) and isinstance(second, Estimate):
        one, other = first.interval(evaluator.rounding), second.interval(evaluator.rounding)
        if one.low <= other.high and other.low <= one.high:
            return Estimate.within(first.number, Interval(min(one.low, other.low), max(one.high, other.high)))
    elif first == second:
        return first
    raise undecided


def _and(evaluator: Evaluator, arguments: Arguments) -> Result:
    return _until(evaluator, arguments, False)


def _or(evaluator: Evaluator, arguments: Arguments) -> Result:
    return _until(evaluator, arguments, True)


def _until(evaluator: Evaluator, arguments: Arguments, decisive: bool) -> bool:
    """Reads conditions from the left up to a decisive one: ``AND([@a] <> 0, [@b] / [@a] > 1)`` divides by
    no zero."""
    doubt: Undecided | None = None
    for argument in arguments:
        try:
            if evaluator.truth(argument) is decisive:
                return decisive
        except Undecided as undecided:
            doubt = doubt or undecided
    if doubt is not None:
        raise doubt
    return not decisive


def _not(evaluator: Evaluator, arguments: Arguments) -> Result:
    return not evaluator.truth(arguments[0])


def _isblank(evaluator: Evaluator, arguments: Arguments) -> Result:
    """Blank, or a mark for "there is none", or not printed on this sheet at all."""
    argument = arguments[0]
    if type(argument) is not Reference:
        return False
    try:
        return all(fact.quantity.kind in _BLANK for fact in evaluator.facts(argument))
    except Unresolved:
        return True


_BUILT_IN: Final[Mapping[str, Function]] = {
    function.name: function
    for function in (
        Function("SUM", (1, None), _sum),
        Function("MIN", (1, None), _min),
        Function("MAX", (1, None), _max),
        Function("ABS", (1, 1), _abs),
        Function("ROUND", (2, 2), _round),
        Function("COUNT", (1, None), _count),
        Function("IF", (3, 3), _if),
        Function("AND", (1, None), _and),
        Function("OR", (1, None), _or),
        Function("NOT", (1, 1), _not),
        Function("ISBLANK", (1, 1), _isblank),
    )
}

#: By name; what a session's plugins bring is added by ``offer``.
FUNCTIONS: Final[dict[str, Function]] = dict(_BUILT_IN)


def checker_functions() -> Mapping[str, Function]:
    """The hook of plugins, answered for the built-in functions."""
    return _BUILT_IN


def offer(functions: Mapping[str, Function]) -> None:
    """Let formulas call these functions and no others, from now on and wherever formulas are read or evaluated."""
    FUNCTIONS.clear()
    FUNCTIONS.update(functions)
