"""One comparison at one place: what every numeric kind of check comes down to (design §4, §5, §6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from checker.checks.environment import NotPrinted, Scope
from checker.checks.show import MOST_PLACES, number_text, side_text
from checker.checks.subject import (
    Answer,
    Batch,
    fill_message,
    form_path,
    is_blank,
    label_text,
    operand,
)
from checker.errors import PackError
from checker.formula.compare import Comparison, compare
from checker.formula.error import FormulaError
from checker.formula.evaluate import evaluate, facts_of
from checker.formula.kept import parse
from checker.formula.obstacle import Absent, DivisionByZero, Insufficient, Obstacle, Undecided
from checker.formula.render import fill, render, with_cells
from checker.formula.tree import Binary, Call, Compare, Node, Reference, walk
from checker.formula.value import Value
from checker.locate.abroad import cell_text, stands_abroad
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.rule import Rule
from checker.values.numbers import places_of

__all__ = [
    "Assertion",
    "Refine",
    "Refinement",
    "assertion",
    "comparison_in",
    "comparison_of",
    "judge",
    "judge_quietly",
    "precondition",
    "read_formula",
]

PERCENT = "%"
#: Both sides of a judged comparison may be changed by the kind of check that asked for it.
Refine = Callable[["Assertion", Comparison, Scope], "Refinement | None"]
_QUIET: Final = (Status.PASS, Status.NOT_APPLICABLE)


class Refinement(NamedTuple):
    """What a kind knows better than plain comparison: another status or severity, and the likely slip."""

    status: str
    severity: str = ""
    cause: Text | None = None
    message: Text | None = None


class Assertion(NamedTuple):
    """``left operator right`` wherever ``when`` holds. ``blank`` and ``rounding`` as in ``Scope`` and ``compare``."""

    rule: Rule
    left: Node
    operator: str
    right: Node
    when: Node | None = None
    blank: str = "insufficient"
    rounding: str = "half_up"
    #: With ``blank: zero``: a blank right side is a figure too, not a sum of which nobody filled in a part.
    either: bool = False


def read_formula(rule: Rule, key: str) -> Node:
    """The formula under ``check.key``. Raises ``PackError`` naming the rule and what to type."""
    return _read(rule, key, str(rule.check[key]))


def _read(rule: Rule, key: str, text: str) -> Node:
    try:
        return parse(text)
    except FormulaError as error:
        raise PackError(
            error.code,
            tr(
                "Rule {rule}, {key}, character {at}: {message}",
                rule=rule.id,
                key=key,
                at=error.position + 1,
                message=error.message,
            ),
            error.hint,
            where=rule.origin,
        ) from error


def comparison_of(rule: Rule, key: str = "formula") -> Compare:
    """The formula under ``check.key``, which must be a comparison."""
    return comparison_in(rule, str(rule.check[key]), key)


def comparison_in(rule: Rule, text: str, key: str) -> Compare:
    """One formula of those under ``check.key``, which must be a comparison."""
    node = _read(rule, key, text)
    if not isinstance(node, Compare):
        raise PackError(
            "FORMULA_NOT_COMPARISON",
            tr("Rule {rule}: {key} must compare two sides, like a = b + c", rule=rule.id, key=key),
            where=rule.origin,
        )
    return node


def assertion(
    rule: Rule, left: Node, operator: str, right: Node, rounding: str, blank: str = "insufficient"
) -> Assertion:
    """An assertion with what the rule's ``check`` says of ``when``, ``blank`` and ``rounding``."""
    when = read_formula(rule, "when") if "when" in rule.check else None
    return Assertion(
        rule,
        left,
        operator,
        right,
        when,
        str(rule.check.get("blank", blank)),
        str(rule.check.get("rounding", rounding)),
    )


def judge(
    this: Assertion,
    scope: Scope,
    refine: Refine | None = None,
    path: Sequence[str] | None = None,
    *,
    printed: bool = False,
) -> Outcome:
    """The answer at one place, whatever comes in the way.

    ``printed``: the left side is a derived figure that may be left out; where it is, there is nothing to judge (that
    it should be there is another rule's business).
    """
    return _settle(this, scope, refine, path, printed).tell()


def judge_quietly(this: Assertion, scope: Scope, refine: Refine | None = None, *, printed: bool = False) -> Answer:
    """As ``judge``; an answer that nobody has to read is put into words only when asked for."""
    settled = _settle(this, scope, refine, None, printed)
    if settled.status in _QUIET:
        return Batch(this.rule, (0,), (), (), lambda _: settled.tell(), settled.status)
    return settled.tell()


class _Settled(NamedTuple):
    """A status, and what puts it into words."""

    status: str
    tell: Callable[[], Outcome]


def _settle(
    this: Assertion, scope: Scope, refine: Refine | None, path: Sequence[str] | None, printed: bool
) -> _Settled:
    def told(status: str, facts: Sequence[Fact], reason: Text, awaits: str = "") -> _Settled:
        return _Settled(status, lambda: _told(this, scope, status, facts, reason, path, awaits))

    early = precondition(this, scope)
    if early is not None:
        return early
    left = facts_of(this.left, scope)
    right = facts_of(this.right, scope)
    if this.operator == "=" and _only_abroad(left) and not _only_abroad(right):
        this, left, right = this._replace(left=this.right, right=this.left), right, left
    facts = left + right
    if printed and left and all(map(is_blank, left)):
        return told(Status.NOT_APPLICABLE, facts, tr("The cell is blank"))
    if facts and all(map(is_blank, facts)):
        return told(Status.NOT_APPLICABLE, facts, tr("Every cell is blank"))
    nothing = this.blank == "zero" and (this.either or (bool(left) and all(f.quantity.number == 0 for f in left)))
    if this.operator == "=" and right and all(map(is_blank, right)) and not nothing:
        # A total whose parts nobody filled in is not a total of nothing, unless it is 0.
        return told(Status.INSUFFICIENT, right, tr("What it should equal is blank"))
    try:
        comparison = compare(this.left, this.operator, this.right, scope, this.rounding)
    except NotPrinted as obstacle:
        return told(Status.NOT_APPLICABLE, facts, obstacle.reason)
    except DivisionByZero as obstacle:
        return told(Status.NOT_APPLICABLE, facts, obstacle.reason)
    except Undecided as obstacle:
        return told(Status.UNDECIDED, facts, obstacle.reason)
    except Obstacle as obstacle:
        awaits = obstacle.awaits if isinstance(obstacle, Absent) else ""
        return told(Status.INSUFFICIENT, obstacle.facts + facts, obstacle.reason, awaits)
    refined = refine(this, comparison, scope) if refine is not None else None
    status = refined.status if refined else comparison.status
    return _Settled(status, lambda: _compared(this, scope, comparison, refined, path))


def _only_abroad(facts: Sequence[Fact]) -> bool:
    """Whether all that was looked at stands in other workbooks: nothing of it can be blamed here."""
    return bool(facts) and all(map(stands_abroad, facts))


def _compared(
    this: Assertion, scope: Scope, comparison: Comparison, refined: Refinement | None, path: Sequence[str] | None
) -> Outcome:
    rule = this.rule
    status = refined.status if refined else comparison.status
    severity = (refined.severity if refined else "") or comparison.severity or rule.severity
    left, right = _side(this.left, comparison.left, scope), _side(this.right, comparison.right, scope)
    left, right = (
        _measured(this.left, left, comparison.left, right),
        _measured(this.right, right, comparison.right, left),
    )
    operands = _unique(comparison.left.operands + comparison.right.operands)
    first = operands[0] if operands else None
    message = None
    if status == Status.FAIL:
        template = (refined.message if refined else None) or rule.message or rule.title
        message = fill_message(template, _parameters(this, comparison, left, right, first, scope))
    return Outcome(
        rule=rule.id,
        status=status,
        severity=severity,
        sheet=first.sheet if first else scope.subject.form.sheet,
        cell=first.address if first else "",
        path=tuple(path) if path is not None else _path(scope, first),
        form=scope.subject.form.form.name,
        left=left,
        operator=this.operator,
        right=right,
        difference=comparison.difference,
        at_least=comparison.at_least,
        tolerance=comparison.tolerance,
        operands=tuple(operand(fact) for fact in operands),
        message=message,
        reason=tr("read as a ratio, not as a percentage, or the other way round") if comparison.reread else None,
        cause=refined.cause if refined else None,
    )


def precondition(this: Assertion, scope: Scope) -> _Settled | None:
    """The answer where ``when`` is false or cannot be told; None where it holds."""
    if this.when is None:
        return None
    try:
        value = evaluate(this.when, scope, this.rounding)
    except Obstacle as obstacle:
        facts, reason = obstacle.facts, obstacle.reason
        awaits = obstacle.awaits if isinstance(obstacle, Absent) else ""
        undecided, insufficient = isinstance(obstacle, Undecided), isinstance(obstacle, Insufficient) and not awaits
        status = Status.UNDECIDED if undecided else Status.NOT_APPLICABLE if insufficient else Status.INSUFFICIENT
    else:
        if value.boolean is True:
            return None
        facts, reason = value.operands, tr("The rule's precondition does not hold here")
        status, awaits = Status.NOT_APPLICABLE, ""
    return _Settled(status, lambda: _told(this, scope, status, facts, reason, awaits=awaits))


def _told(
    this: Assertion,
    scope: Scope,
    status: str,
    facts: Sequence[Fact],
    reason: Text,
    path: Sequence[str] | None = None,
    awaits: str = "",
) -> Outcome:
    facts = _unique(tuple(facts))
    first = facts[0] if facts else None
    return Outcome(
        rule=this.rule.id,
        status=status,
        severity=this.rule.severity,
        sheet=first.sheet if first else scope.subject.form.sheet,
        cell=first.address if first else "",
        path=tuple(path) if path is not None else _path(scope, first),
        form=scope.subject.form.form.name,
        left=Side(render(this.left), "", None),
        operator=this.operator,
        right=Side(render(this.right), "", None),
        operands=tuple(operand(fact) for fact in facts),
        reason=reason,
        awaits=awaits,
    )


def _path(scope: Scope, first: Fact | None) -> tuple[str, ...]:
    """The label path of the place: of its first cell, or of its row or column."""
    if first is not None:
        return first.path
    parts = [*form_path(scope.subject)]
    if scope.table is not None:
        parts.append(scope.table.name)
        if scope.row is not None:
            parts.append(scope.table.label(scope.row))
        if scope.column is not None:
            parts.append(scope.column)
    return tuple(parts)


def _side(node: Node, value: Value, scope: Scope) -> Side:
    facts = value.operands
    unit = "" if not facts else PERCENT if facts[0].kind == ColumnKind.PERCENT else facts[0].unit
    decimals = None
    if isinstance(node, Reference) and facts:
        decimals = facts[0].quantity.decimals
    elif facts:
        decimals = max(fact.quantity.decimals for fact in facts)
        if value.number is not None:  # a share of a sum has more places than what was summed
            decimals = max(decimals, min(places_of(value.number), MOST_PLACES))
    interval = value.interval
    shown: Decimal | str | None = value.number
    if shown is None:
        shown = value.text if value.text is not None else None if value.boolean is None else str(value.boolean)
    return Side(
        formula=render(node),
        filled=fill(node, scope),
        value=shown,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        unit=unit,
        decimals=decimals,
        cells=with_cells(node, scope, scope.subject.form.sheet),
    )


def _measured(node: Node, side: Side, value: Value, other: Side) -> Side:
    """A quotient, product or count has none of its figures' measure; beside a figure it is shown as that figure is."""
    if value.estimate is None or (value.terms is not None and not any(map(_changes_measure, walk(node)))):
        return side
    decimals = None if other.decimals is None else max(other.decimals, 2)
    return side._replace(unit=other.unit, decimals=decimals)


def _changes_measure(part: Node) -> bool:
    return (isinstance(part, Binary) and part.operator in "*/") or (isinstance(part, Call) and part.function == "COUNT")


def _parameters(
    this: Assertion, comparison: Comparison, left: Side, right: Side, first: Fact | None, scope: Scope
) -> dict[str, object]:
    unit = left.unit
    quotient = comparison.right.estimate is not None and comparison.right.terms is None
    places = right.decimals if quotient else _places(comparison.difference, left, right)
    return {
        "cell": cell_text(first) if first else "",
        "label": label_text(first.path if first else _path(scope, first)),
        "value": first.quantity.raw.strip() if first else "",
        "left": side_text(left),
        "right": side_text(right),
        "difference": number_text(abs(comparison.difference), unit, places)
        if comparison.difference is not None
        else "",
        "at_least": number_text(comparison.at_least, unit) if comparison.at_least is not None else "",
        "formula": f"{left.formula} {this.operator} {right.formula}",
        "filled": f"{left.filled} {this.operator} {right.filled}",
        "unit": unit,
        "row": scope.row.label if scope.row is not None else "",
        "column": scope.column or "",
        "cells": listed(map(cell_text, comparison.operands)),
    }


def _places(difference: Decimal | None, *sides: Side) -> int | None:
    """A difference is shown with the places of what it was taken of."""
    if difference is None:
        return None
    return max([min(places_of(difference), MOST_PLACES), *(side.decimals or 0 for side in sides)])


def _unique(facts: tuple[Fact, ...]) -> list[Fact]:
    return list({(fact.sheet, fact.row, fact.column): fact for fact in facts}.values())
