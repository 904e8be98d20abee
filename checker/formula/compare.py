"""Does an equation or inequality hold here? Both sides evaluated, composed with ``values.tolerance``."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, getcontext, setcontext
from itertools import combinations
from typing import Final, NamedTuple

from checker.formula.estimate import Estimate
from checker.formula.evaluate import Evaluator, require_exact, same_words
from checker.formula.functions import FUNCTIONS
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Node, Reference
from checker.formula.value import Environment, Result, Value
from checker.model.fact import Fact
from checker.model.outcome import Status
from checker.model.plugin import Function
from checker.model.rule import Severity
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, ZERO
from checker.values.tolerance import Judgement, Verdict, judge_inequality, judge_linear, judge_printed

__all__ = ["Comparison", "compare"]

_STATUS: Final = {
    Verdict.EQUAL: Status.PASS,
    Verdict.TAIL: Status.TAIL,
    Verdict.LARGE_TAIL: Status.FAIL,
    Verdict.BEYOND: Status.FAIL,
    Verdict.UNDECIDED: Status.UNDECIDED,
}
#: Above this many percentages that can be read two ways, only one at a time and all together are tried.
_ALL_READINGS: Final = 3


class Comparison(NamedTuple):
    """Both sides and the verdict on them. ``difference`` (left − right), ``at_least`` and ``tolerance`` are
    None where words were compared. ``reread`` are facts whose other reading was taken (a bare ``1`` in a
    percent column) because only with it the comparison holds."""

    verdict: str
    left: Value
    right: Value
    operands: tuple[Fact, ...]
    difference: Decimal | None = None
    at_least: Decimal | None = None
    tolerance: Decimal | None = None
    reread: tuple[Fact, ...] = ()

    @property
    def status(self) -> str:
        """The status of the outcome (design §5)."""
        return _STATUS[self.verdict]

    @property
    def severity(self) -> str:
        """``note`` where rounding may be the whole of it; else empty: the rule's own severity."""
        return Severity.NOTE if self.verdict == Verdict.LARGE_TAIL else ""


def compare(
    left: Node,
    operator: str,
    right: Node,
    environment: Environment,
    rounding: str = "half_up",
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Comparison:
    """Compare ``left`` and ``right`` by ``operator`` (``= <> < <= > >=``).

    ``rounding`` is the form's: ``half_up``, ``truncate`` or ``balanced`` (equalities are then exact: right
    inside a table only). Raises ``Obstacle``."""
    outer = getcontext()
    setcontext(CONTEXT)
    try:
        comparison = _compare(left, operator, right, environment, rounding, functions)
        if comparison.verdict != Verdict.BEYOND:
            return comparison
        for reread in _readings(comparison.operands):
            try:
                other = _compare(left, operator, right, _Reread(environment, reread), rounding, functions)
            except Obstacle:
                continue
            if other.verdict in (Verdict.EQUAL, Verdict.TAIL):
                return other._replace(reread=reread)
        return comparison
    finally:
        setcontext(outer)


def _compare(
    left_node: Node,
    operator: str,
    right_node: Node,
    environment: Environment,
    rounding: str,
    functions: Mapping[str, Function],
) -> Comparison:
    evaluator = Evaluator(environment, rounding, functions)
    left_result = evaluator.result(left_node)
    left_operands, evaluator.operands = evaluator.operands, {}
    right_result = evaluator.result(right_node)
    left = Value.of(left_result, tuple(left_operands.values()), rounding)
    right = Value.of(right_result, tuple(evaluator.operands.values()), rounding)
    operands = tuple({**left_operands, **evaluator.operands}.values())
    if isinstance(left_result, str | bool) or isinstance(right_result, str | bool):
        evaluator.settle()
        same = same_words(left_result, right_result, operands, operator)
        return Comparison(Verdict.EQUAL if same is (operator == "=") else Verdict.BEYOND, left, right, operands)
    difference = evaluator.difference(left_result, right_result, left_node, right_node)
    evaluator.settle()
    if operator in ("=", "<>"):
        require_exact(operands)
        judgement = _judge_equation(left_result, left_node, right_result, right_node, difference, rounding)
        if operator == "<>":
            judgement = judgement._replace(verdict=_UNEQUAL[judgement.verdict], at_least=ZERO)
    else:
        judgement = judge_inequality(difference.interval(rounding), Interval.point(ZERO), operator)
    return Comparison(
        judgement.verdict, left, right, operands, difference.number, judgement.at_least, judgement.tolerance
    )


_UNEQUAL: Final = {
    Verdict.EQUAL: Verdict.BEYOND,
    Verdict.BEYOND: Verdict.EQUAL,
    Verdict.TAIL: Verdict.UNDECIDED,
    Verdict.LARGE_TAIL: Verdict.UNDECIDED,
}


def _judge_equation(
    left: Result, left_node: Node, right: Result, right_node: Node, difference: Estimate, rounding: str
) -> Judgement:
    sides = [
        (*printed, computed)
        for side, node, computed in ((left, left_node, right), (right, right_node, left))
        if (printed := _printed(side, node)) is not None and isinstance(computed, Estimate)
    ]
    if difference.linear:
        judgement = judge_linear(difference.number, difference.terms.values(), rounding)
        if judgement.verdict == Verdict.TAIL and any(
            computed.number in Interval.around(number, grain, rounding) for number, grain, computed in sides
        ):
            return judgement._replace(verdict=Verdict.EQUAL)  # the very rounding of what was computed
        return judgement
    if not sides:
        return judge_printed(ZERO, ZERO, -difference.interval(rounding), rounding, -difference.number)
    number, grain, computed = sides[0]
    judgement = judge_printed(number, grain, computed.interval(rounding), rounding, computed.number)
    return judgement._replace(difference=difference.number)


def _printed(side: Result, node: Node) -> tuple[Decimal, Decimal] | None:
    """Number and grain of a side that is one printed figure."""
    if type(node) is not Reference or not isinstance(side, Estimate):
        return None
    return side.number, next((grain for _, grain in side.terms.values()), ZERO)


def _readings(operands: Sequence[Fact]) -> Iterator[tuple[Fact, ...]]:
    """The facts to read otherwise, fewest first."""
    ambiguous = [fact for fact in operands if fact.quantity.alternative is not None]
    for size in range(1, len(ambiguous) + 1):
        if size == 1 or size == len(ambiguous) or len(ambiguous) <= _ALL_READINGS:
            yield from combinations(ambiguous, size)


class _Reread:
    """An environment in which some facts are read as their alternative."""

    def __init__(self, environment: Environment, facts: Sequence[Fact]) -> None:
        self.environment = environment
        self.blank = environment.blank
        self.parameter = environment.parameter
        self.reread = {
            fact: fact._replace(quantity=fact.quantity._replace(number=fact.quantity.alternative, alternative=None))
            for fact in facts
        }

    def facts(self, reference: Reference) -> list[Fact]:
        return [self.reread.get(fact, fact) for fact in self.environment.facts(reference)]
