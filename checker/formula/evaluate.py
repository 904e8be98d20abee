"""Evaluation: exact decimals, the interval that rounding leaves open, and every cell that was looked at.

Blank is not zero unless the environment says so, and SUM, MIN, MAX and COUNT pass blanks over, as Excel
does. What cannot be reckoned with is raised as an ``Obstacle``, never replaced by a number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, getcontext, setcontext
from typing import Any, Final

from checker.formula import tree
from checker.formula.estimate import ONE, Estimate, Key, product, quotient
from checker.formula.functions import FUNCTIONS
from checker.formula.obstacle import DivisionByZero, Insufficient, Obstacle, Undecided, Unusable
from checker.formula.tree import Node, Reference
from checker.formula.value import Environment, Result, Value
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.plugin import Function
from checker.values.interval import ZeroDivision, ZeroInside
from checker.values.numbers import CONTEXT, ZERO
from checker.values.quantity import Kind
from checker.values.tolerance import Verdict, judge_linear, judge_threshold

__all__ = ["Evaluator", "evaluate", "facts_of", "require_exact", "same_words"]

_HUNDREDTH: Final = Decimal("0.01")


def evaluate(
    node: Node,
    environment: Environment,
    rounding: str = "half_up",
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Value:
    """What ``node`` comes to. ``rounding`` is the form's; raises ``Obstacle``."""
    evaluator = Evaluator(environment, rounding, functions)
    outer = getcontext()
    setcontext(CONTEXT)
    try:
        result = evaluator.result(node)
        if evaluator.missing:
            evaluator.settle()
    finally:
        setcontext(outer)
    return Value.of(result, tuple(evaluator.operands.values()), rounding)


def facts_of(node: Node, environment: Environment) -> tuple[Fact, ...]:
    """Every cell that ``node`` names, whether or not evaluation would get to it; each once."""
    found: dict[Key, Fact] = {}
    for part in tree.walk(node):
        if isinstance(part, Reference):
            try:
                facts = environment.facts(part)
            except Obstacle:
                continue
            for fact in facts:
                found[part.book, fact.sheet, fact.row, fact.column] = fact
    return tuple(found.values())


class Evaluator:
    """One evaluation: what functions work with. ``missing`` collects blanks that were needed, so that all
    are named."""

    __slots__ = ("_blank_is_zero", "environment", "functions", "missing", "operands", "rounding")

    def __init__(self, environment: Environment, rounding: str, functions: Mapping[str, Function]) -> None:
        self.environment = environment
        self.rounding = rounding
        self.functions = functions
        self.operands: dict[Key, Fact] = {}
        self.missing: list[Fact] = []
        self._blank_is_zero = environment.blank == "zero"

    def result(self, node: Node) -> Result:
        """What ``node`` comes to, of whatever type."""
        return _RESULT[type(node)](self, node)

    def estimate(self, node: Node) -> Estimate:
        """``node`` as a number."""
        total = Estimate(ZERO)
        _ADD[type(node)](self, node, ONE, total)
        return total

    def add(self, node: Node, factor: Decimal, total: Estimate) -> None:
        """Add ``factor`` times the number ``node`` to ``total``."""
        _ADD[type(node)](self, node, factor, total)

    def truth(self, node: Node) -> bool:
        """``node`` as a condition. Raises ``Undecided`` where rounding leaves it open."""
        result = self.result(node)
        if result is None:
            raise Insufficient(tr("The condition is blank."), self.consulted(node))
        if not isinstance(result, bool):
            raise Unusable(tr("A condition must be true or false."), self.consulted(node))
        return result

    def facts(self, reference: Reference) -> Sequence[Fact]:
        """The cells of ``reference``, noted as operands."""
        facts = self.environment.facts(reference)
        book, operands = reference.book, self.operands
        for fact in facts:
            operands[book, fact.sheet, fact.row, fact.column] = fact
        return facts

    def fact(self, reference: Reference) -> Fact:
        """The one cell of ``reference``."""
        facts = self.environment.facts(reference)
        if len(facts) != 1:
            if not facts:
                raise Insufficient(tr("There is no such row."))
            if reference.book and len({(fact.sheet, fact.path[:2]) for fact in facts}) > 1:
                reason = tr("Several forms {form} stand here that differ, and one is needed", form=reference.book)
                raise Unusable(reason, tuple(facts))
            raise Unusable(tr("One cell is needed here and {count} were found.", count=len(facts)), tuple(facts))
        fact = facts[0]
        self.operands[reference.book, fact.sheet, fact.row, fact.column] = fact
        return fact

    def add_fact(self, book: str, fact: Fact, factor: Decimal, total: Estimate) -> None:
        """Add ``factor`` times ``fact``, which holds a number, to ``total``."""
        total.number += factor * fact.quantity.number  # type: ignore[operator]
        if fact.grain:
            total.add_term((book, fact.sheet, fact.row, fact.column), factor, fact.grain)

    def consulted(self, node: Node) -> tuple[Fact, ...]:
        """The cells that ``node`` names, for saying which stand in the way."""
        return facts_of(node, self.environment)

    def unusable(self, fact: Fact) -> Unusable:
        """The obstacle that ``fact`` is to reckoning."""
        return Unusable(_why(fact), (fact,))

    def settle(self) -> None:
        """Raise ``Insufficient`` if a needed cell was blank. Called before anything hangs on a number."""
        if self.missing:
            missing = tuple(self.missing)
            raise Insufficient(tr("Blank: {cells}.", cells=listed(map(_cell, missing[:5]))), missing)

    def number_or_blank(self, result: Result, node: Node) -> Estimate:
        """``result`` of ``node`` as an operand of reckoning: blank counts by the policy of the
        environment."""
        if isinstance(result, Estimate):
            return result
        if result is None:
            if not self._blank_is_zero:
                self.missing.extend(fact for fact in self.consulted(node) if fact.quantity.number is None)
            return Estimate(ZERO)
        raise Unusable(tr("A number is needed here, and this is not one."), self.consulted(node))

    # Each kind of node, as a number times a factor

    def _add_number(self, node: tree.Number, factor: Decimal, total: Estimate) -> None:
        total.number += factor * node.value

    def _add_reference(self, node: Reference, factor: Decimal, total: Estimate) -> None:
        fact = self.fact(node)
        quantity = fact.quantity
        if quantity.kind == Kind.NUMBER:
            total.number += factor * quantity.number  # type: ignore[operator]
            if fact.grain:
                total.add_term((node.book, fact.sheet, fact.row, fact.column), factor, fact.grain)
        elif quantity.kind == Kind.BLANK or quantity.kind == Kind.NIL:
            if not self._blank_is_zero:
                self.missing.append(fact)
        else:
            raise self.unusable(fact)

    def _add_negate(self, node: tree.Negate, factor: Decimal, total: Estimate) -> None:
        self.add(node.operand, -factor, total)

    def _add_percent(self, node: tree.Percent, factor: Decimal, total: Estimate) -> None:
        self.add(node.operand, factor * _HUNDREDTH, total)

    def _add_binary(self, node: tree.Binary, factor: Decimal, total: Estimate) -> None:
        operator = node.operator
        if operator == "+" or operator == "-":
            _ADD[type(node.left)](self, node.left, factor, total)
            _ADD[type(node.right)](self, node.right, factor if operator == "+" else -factor, total)
            return
        left, right = self.estimate(node.left), self.estimate(node.right)
        if operator == "*":
            total.add(product(left, right, self.rounding), factor)
            return
        self.settle()
        try:
            total.add(quotient(left, right, self.rounding), factor)
        except ZeroInside:
            raise Undecided(tr("The divisor may be zero: it was rounded."), self.consulted(node.right)) from None
        except ZeroDivision:
            raise DivisionByZero(tr("The divisor is zero."), self.consulted(node.right)) from None

    def _add_result(self, node: Node, factor: Decimal, total: Estimate) -> None:
        total.add(self.number_or_blank(self.result(node), node), factor)

    # Each kind of node, as it is

    def _literal(self, node: tree.Text | tree.Boolean) -> Result:
        return node.value

    def _parameter(self, node: tree.Parameter) -> Result:
        value = self.environment.parameter(node.name)
        return Estimate(value) if isinstance(value, Decimal) else value

    def _reference(self, node: Reference) -> Result:
        fact = self.fact(node)
        kind = fact.quantity.kind
        if kind == Kind.NUMBER:
            number = Estimate(ZERO)
            self.add_fact(node.book, fact, ONE, number)
            return number
        if kind in (Kind.BLANK, Kind.NIL):
            return None
        if kind == Kind.TEXT:
            return fact.quantity.raw
        if kind == Kind.BOOLEAN:
            return fact.quantity.raw.strip().upper() in ("TRUE", "1")
        raise self.unusable(fact)

    def _call(self, node: tree.Call) -> Result:
        result: Result = self.functions[node.function].evaluate(self, node.arguments)
        return result

    def _compare(self, node: tree.Compare) -> bool:
        """Whether the comparison holds for certain; raises ``Undecided`` if rounding leaves it open.

        Linear sides that agree as printed count as equal: a printed 50.00% is at least 50%, a printed 0.00
        is zero."""
        left, right = self.result(node.left), self.result(node.right)
        operator = node.operator
        if isinstance(left, str | bool) or isinstance(right, str | bool):
            return same_words(left, right, self.consulted(node), operator) is (operator == "=")
        difference = self.difference(left, right, node.left, node.right)
        self.settle()
        if operator in ("=", "<>"):
            require_exact(self.consulted(node))
        interval = difference.interval(self.rounding)
        if difference.linear:
            terms = difference.terms.values()
            verdict = judge_linear(difference.number, terms, self.rounding).verdict
            if verdict == Verdict.EQUAL:
                return operator in ("=", "<=", ">=")
            if operator in ("=", "<>") and verdict == Verdict.BEYOND:
                return operator == "<>"
        if operator not in ("=", "<>"):
            verdict = judge_threshold(interval, operator, ZERO).verdict
            if verdict != Verdict.UNDECIDED:
                return verdict == Verdict.EQUAL
        elif not difference.linear and ZERO not in interval:
            return operator == "<>"
        raise Undecided(tr("Rounding leaves open whether this holds."), self.consulted(node))

    def difference(self, left: Result, right: Result, left_node: Node, right_node: Node) -> Estimate:
        """``left − right``, in coefficient form if both are linear."""
        total = Estimate(ZERO)
        total.add(self.number_or_blank(left, left_node), ONE)
        total.add(self.number_or_blank(right, right_node), -ONE)
        return total


def same_words(left: Result, right: Result, facts: tuple[Fact, ...], operator: str) -> bool:
    """Whether two texts (blank is the empty one) or two truth values are the same; case, width and outer
    spaces count for nothing. Raises ``Unusable`` for any other pair and for an ``operator`` that only
    numbers have."""
    if operator not in ("=", "<>"):
        raise Unusable(tr("Only numbers can be compared with {operator}.", operator=operator), facts)
    if isinstance(left, bool) and isinstance(right, bool):
        return left is right
    texts = [word or "" for word in (left, right) if word is None or isinstance(word, str)]
    if len(texts) != 2:
        raise Unusable(tr("Two things of different kinds are compared."), facts)
    first, second = (unicodedata.normalize("NFKC", text).strip().casefold() for text in texts)
    return first == second


def require_exact(facts: Iterable[Fact]) -> None:
    """Raise ``Unusable`` if one of ``facts`` is approximate: no equality may rest on it."""
    for fact in facts:
        if fact.quantity.approximate:
            raise Unusable(
                tr(
                    "{cell} says “{raw}”, which is not an exact number.",
                    cell=_cell(fact),
                    raw=fact.quantity.raw,
                ),
                (fact,),
            )


def _cell(fact: Fact) -> str:
    return f"{fact.sheet}!{fact.address}"


def _why(fact: Fact) -> Text:
    kind, raw = fact.quantity.kind, fact.quantity.raw
    if kind == Kind.ERROR:
        return tr("{cell} holds the error {raw}.", cell=_cell(fact), raw=raw)
    if kind == Kind.NO_CACHE:
        return tr("{cell} holds a formula that was never calculated.", cell=_cell(fact))
    return tr("{cell} says “{raw}”, which is not a number.", cell=_cell(fact), raw=raw)


_Add = Callable[[Evaluator, Any, Decimal, Estimate], None]
_Read = Callable[[Evaluator, Any], Result]
_ADD: Final[Mapping[type, _Add]] = {
    tree.Number: Evaluator._add_number,
    tree.Reference: Evaluator._add_reference,
    tree.Negate: Evaluator._add_negate,
    tree.Percent: Evaluator._add_percent,
    tree.Binary: Evaluator._add_binary,
    tree.Parameter: Evaluator._add_result,
    tree.Call: Evaluator._add_result,
    tree.Compare: Evaluator._add_result,
    tree.Text: Evaluator._add_result,
    tree.Boolean: Evaluator._add_result,
}
_RESULT: Final[Mapping[type, _Read]] = {
    tree.Number: Evaluator.estimate,
    tree.Negate: Evaluator.estimate,
    tree.Percent: Evaluator.estimate,
    tree.Binary: Evaluator.estimate,
    tree.Text: Evaluator._literal,
    tree.Boolean: Evaluator._literal,
    tree.Parameter: Evaluator._parameter,
    tree.Reference: Evaluator._reference,
    tree.Call: Evaluator._call,
    tree.Compare: Evaluator._compare,
}
