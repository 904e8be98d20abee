"""``full_marks``: full marks are claimed, and the unit's own figures contradict them.

One finding that names every contradicted indicator, at the total: the first thing that a reader of the report wants to
know. Where the total is not full but a single claim is, the same is said at that claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.messages import listed, tr
from checker.model.outcome import Side, Status
from checker.model.rule import Pack, Rule
from checker.model.score import Standing
from checker.scoring.award import together
from checker.scoring.checks.standard import compiled, not_judged
from checker.scoring.headline import contradicted, contradiction, is_full
from checker.scoring.recompute import Recomputed
from checker.scoring.total import rescaled_sum

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    return compiled(rule, pack, _judge)


def _judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    whole = is_full(result)
    entries = contradicted(result)
    total = result.total_claim
    if not entries:
        unscored = [entry for entry in result.entries if entry.standing in Standing.OPEN]
        if not whole:
            yield not_judged(rule, subject, Status.NOT_APPLICABLE, tr("Full marks are not claimed"), total)
        elif unscored:
            names = listed(entry.name for entry in unscored)
            reason = tr("Could not be recomputed: {names}", names=names)
            yield not_judged(rule, subject, Status.INSUFFICIENT, reason, total)
        else:
            yield answer(rule, subject, Status.PASS, [total] if total is not None else [])
        return
    facts = [fact for entry in entries for fact in (entry.claim, *entry.facts) if fact is not None]
    if whole and total is not None:
        facts.insert(0, total)
    computed = rescaled_sum(result)
    claimed = result.claimed_total
    full = result.total if result.total is not None else Decimal(0)
    first = entries[0]
    outcome = answer(
        rule,
        subject,
        Status.FAIL,
        list(dict.fromkeys(facts)),
        left=Side("", number_text(claimed), claimed) if whole and claimed is not None else None,
        operator="≤",
        right=_side(computed.low, computed.high) if whole and computed is not None else None,
        suppose=[
            (entry.claim, entry.award.central)
            for entry in entries
            if entry.claim is not None and entry.award is not None and entry.agrees is False
        ],
        why=together([contradiction(entry) for entry in entries]),
        name=first.name,
        full=number_text(full if whole else first.full),
        count=len(entries),
    )
    yield outcome._replace(headline=whole)


def _side(low: Decimal, high: Decimal) -> Side:
    value: Decimal | str = high if low == high else f"{number_text(low)}–{number_text(high)}"
    return Side("", "", value, low, high)
