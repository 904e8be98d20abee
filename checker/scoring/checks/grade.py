"""``grade``: the grade word is that of the total claimed. A longer word that begins with the right one counts as it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.messages import tr
from checker.model.outcome import Side, Status
from checker.model.rule import Pack, Rule
from checker.scoring.checks.standard import compiled, not_judged
from checker.scoring.recompute import Recomputed
from checker.scoring.total import bands, word_for

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    return compiled(rule, pack, _judge)


def _judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    fact, total, claimed = result.grade_claim, result.total_claim, result.claimed_total
    grades = bands(result)
    word = "".join(fact.quantity.raw.split()) if fact is not None else ""
    if not grades:
        reason = tr("The standard has no grades")
        yield not_judged(rule, subject, Status.NOT_APPLICABLE, reason, fact, total)
    elif not word:
        yield not_judged(rule, subject, Status.NOT_APPLICABLE, tr("No grade is claimed"), fact, total)
    elif claimed is None:
        yield not_judged(
            rule, subject, Status.INSUFFICIENT, tr("The total score is blank or not a number"), total, fact
        )
    else:
        expected = word_for(claimed, grades)
        right = bool(expected) and word.startswith(expected)
        facts = [found for found in (fact, total) if found is not None]
        yield answer(
            rule,
            subject,
            Status.PASS if right else Status.FAIL,
            facts,
            left=Side("", word, word),
            right=Side("", number_text(claimed), expected),
            expected=expected,
            total=number_text(claimed),
        )
