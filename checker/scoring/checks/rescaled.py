"""``rescaled``: where indicators do not apply, the total is total × 100 ÷ (100 − their full marks)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.rule import Pack, Rule
from checker.scoring.checks.standard import compiled, equation, not_judged
from checker.scoring.recompute import Recomputed
from checker.scoring.total import added_claims, left_out, rescaled
from checker.values.numbers import round_to

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    return compiled(rule, pack, _judge)


def _judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    out, total, claimed = left_out(result.entries), result.total_claim, result.claimed_total
    added = added_claims(result.entries)
    if not out:
        reason = tr("Every indicator applies: there is nothing to rescale")
        yield not_judged(rule, subject, Status.NOT_APPLICABLE, reason, total)
    elif claimed is None or added is None or result.total is None:
        reason = tr("The total, or one of the scores, is blank or not a number")
        yield not_judged(rule, subject, Status.INSUFFICIENT, reason, total)
    else:
        full = number_text(result.total)
        filled = f"{number_text(added)} × {full} ÷ ({full} − {number_text(out)})"
        facts = (total, *(entry.claim for entry in result.entries))
        claimed = round_to(claimed, result.decimals)
        yield equation(
            rule, subject, claimed, rescaled(added, result), facts, filled,
            total=number_text(added), left_out=number_text(out),
        )  # fmt: skip
