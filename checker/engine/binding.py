"""To what an explanation is bound, and whether a finding is still what was explained."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from checker.messages import Text, tr
from checker.model.explanation import Bound
from checker.model.outcome import Operand
from checker.model.report import Finding
from checker.model.rule import Rule
from checker.reports.figures import in_unit, plain

__all__ = ["bound_to", "from_token", "reopened", "rule_version", "to_token"]

_DIGEST: Final = 12
#: What stands before the digest of operands that are too many to be held one by one.
_MANY: Final = "#"
#: Operands that need more characters than this are held as a digest: what is bound must fit into a cell.
MOST_CHARACTERS: Final = 8_000


def rule_version(rule: Rule) -> str:
    """A digest of the rule as written: what it checks, how grave it is, and its title."""
    return _digest([_plain(rule.check), rule.severity, *rule.title])


def bound_to(finding: Finding) -> Bound:
    """What an explanation of ``finding``, as it is now, is bound to."""
    outcome = finding.outcome
    places = (outcome, *finding.places)
    operands = sorted(
        (operand.label or operand.cell, _value(operand)) for place in places for operand in place.operands
    )
    unit = (outcome.left.unit if outcome.left else "") or (outcome.right.unit if outcome.right else "")
    if not operands:
        operands = [(" / ".join(place.path), str(place.left.value) if place.left else "") for place in places]
    # A rule that is about more than an amount (one cell filled, the other not) may fail with no difference.
    difference = plain(in_unit(outcome.difference, unit)) if outcome.difference else ""
    if sum(len(label) + len(value) for label, value in operands) > MOST_CHARACTERS:
        labels = [label for label, _ in operands]
        operands = [(_MANY + _digest(labels if difference else operands), "")]
    return Bound(rule_version(finding.rule), difference, unit, tuple(operands))


def reopened(bound: Bound, now: Bound) -> Text | None:
    """Why an explanation of ``bound`` does not hold for ``now``; None if it does.

    It holds for a smaller difference of the same sign between the same operands. Where nothing was subtracted it holds
    while the places are among those explained and say the same.
    """
    if bound.version != now.version:
        return tr("re-opened: the rule was changed after it was written")
    if bound.unit != now.unit:
        return tr("re-opened: the unit is {now} now, and was {before}", now=now.unit or "-", before=bound.unit or "-")
    if bool(bound.difference) != bool(now.difference):
        return tr("re-opened: the figures are compared in another way now")
    if not now.difference:
        return _other_words(bound, now)
    before, after = (Counter(label for label, _ in one.operands) for one in (bound, now))
    if before != after:
        return _others(next(iter((after - before) or (before - after))))
    was, amount = Decimal(bound.difference), Decimal(now.difference)
    shown = {"before": _shown(bound), "now": _shown(now)}
    if (was < 0) != (amount < 0):
        return tr("re-opened: the difference turned round, from {before} to {now}", **shown)
    if abs(amount) > abs(was):
        return tr("re-opened: the difference grew from {before} to {now}", **shown)
    return None


def to_token(bound: Bound) -> list[object]:
    """``bound`` as lists and texts, for JSON."""
    return [bound.version, bound.difference, bound.unit, [list(pair) for pair in bound.operands]]


def from_token(token: Any) -> Bound | None:
    """The other way; None for what is no such thing."""
    try:
        version, difference, unit, operands = token
        pairs = tuple((str(label), str(value)) for label, value in operands)
        if difference and not Decimal(difference).is_finite():
            return None
        return Bound(str(version), str(difference), str(unit), pairs)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _other_words(bound: Bound, now: Bound) -> Text | None:
    """Where nothing was subtracted: every cell is among those explained and says what it said."""
    labels = {label for label, _ in bound.operands}
    left = Counter(now.operands) - Counter(bound.operands)
    if not left:
        return None
    label, value = next(iter(left))
    if label not in labels:
        return _others(label)
    return tr("re-opened: {label} now says {value}", label=label, value=value or "-")


def _others(label: str) -> Text:
    if label.startswith(_MANY):
        return tr("re-opened: of its many cells some are others now, or say something else")
    return tr("re-opened: other cells take part now, such as {label}", label=label)


def _value(operand: Operand) -> str:
    if operand.value is None:
        return operand.text
    number = plain(in_unit(operand.value, operand.unit))
    return f"{number} {operand.unit}".rstrip()


def _shown(bound: Bound) -> str:
    return f"{bound.difference} {bound.unit}".rstrip()


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def _plain(value: Any) -> Any:
    """A check as written, made of what JSON has."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int) else str(value)
