"""``claimed_total``: the total claimed, and each sub-total that is printed, is what the claims add up to.

Where indicators do not apply, the total may be the sum or the sum rescaled: which, the check ``rescaled`` says.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject
from checker.messages import tr
from checker.model.outcome import Status
from checker.model.rule import Pack, Rule
from checker.scoring.checks.standard import compiled, equation, not_judged
from checker.scoring.claims import ClaimRow, number_of
from checker.scoring.recompute import Entry, Recomputed
from checker.scoring.total import added_claims, rescaled
from checker.values.numbers import round_to

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    return compiled(rule, pack, _judge)


def _judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    total, claimed, added = result.total_claim, result.claimed_total, added_claims(result.entries)
    if total is None:
        reason = tr("The score table prints no total")
        yield not_judged(rule, subject, Status.NOT_APPLICABLE, reason)
    elif claimed is None or added is None:
        blank = [entry.claim for entry in result.entries if entry.claim is not None and entry.claimed is None]
        reason = tr("The total, or one of the scores, is blank or not a number")
        yield not_judged(rule, subject, Status.INSUFFICIENT, reason, total, *blank)
    else:
        claimed = round_to(claimed, result.decimals)
        also = rescaled(added, result)
        expected = also if claimed == also else added
        facts = (total, *(entry.claim for entry in result.entries))
        yield equation(rule, subject, claimed, expected, facts, _added(result.entries))
    for row in result.rows:
        if row.subtotal:
            yield from _subtotal(rule, subject, result, row)


def _subtotal(rule: Rule, subject: Subject, result: Recomputed, row: ClaimRow) -> Iterator[Answer]:
    below = tuple(
        entry
        for entry in result.entries
        if entry.row is not None and entry.row is not row and entry.row.labels[: len(row.labels)] == row.labels
    )
    claimed, added = number_of(row.claimed), added_claims(below)
    if claimed is not None and added is not None and below:
        facts = (row.claimed, *(entry.claim for entry in below))
        yield equation(rule, subject, round_to(claimed, result.decimals), added, facts, _added(below), name=row.name)


def _added(entries: tuple[Entry, ...]) -> str:
    return " + ".join(number_text(entry.claimed) for entry in entries if entry.claimed is not None)
