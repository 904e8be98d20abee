"""A rule on a form and the scoring standard that is about it: what these checks have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Final

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.rule import Pack, Rule
from checker.scoring.choose import recomputed, schemes_about
from checker.scoring.recompute import Recomputed

__all__ = ["Judge", "compiled", "equation", "marks_side", "not_judged"]

Judge = Callable[[Rule, Subject, Recomputed], Iterable[Answer]]
_PLACES: Final = 2


def compiled(rule: Rule, pack: Pack, judge: Judge, without: str = Status.NOT_APPLICABLE) -> Compiled:
    """``judge`` applied with the standard that the rule names, or that is about the form; ``without`` is the answer
    where the pack has none. Raises ``PackError`` for a standard that the pack does not have."""
    name = str(rule.check.get("scheme", ""))
    if name and name not in pack.schemes:
        raise PackError(
            "SCHEME_UNKNOWN",
            tr("The pack has no scoring standard {scheme}.", scheme=name),
            tr("There are: {names}.", names=", ".join(pack.schemes) or "-"),
            rule.origin,
        )

    def run(subject: Subject) -> Iterator[Answer]:
        schemes = schemes_about(pack, subject, name)
        if not schemes:
            reason = tr("The rule pack has no scoring standard about this form")
            yield answer(rule, subject, without, (), reason=reason)
            return
        yield from judge(rule, subject, recomputed(schemes[0], subject))

    return Compiled(rule, run, (pack.schemes[name].claims.table,) if name else ())


def not_judged(rule: Rule, subject: Subject, status: str, reason: Text, *facts: Fact | None) -> Outcome:
    return answer(rule, subject, status, [fact for fact in facts if fact is not None], reason=reason)


def marks_side(marks: Decimal | None, formula: str = "", filled: str = "") -> Side:
    """Marks as one side of a comparison."""
    return Side(formula, filled, marks, decimals=_PLACES)


def equation(
    rule: Rule,
    subject: Subject,
    claimed: Decimal,
    expected: Decimal,
    facts: Iterable[Fact | None],
    filled: str = "",
    name: object = "",
    total: str = "",
    left_out: str = "",
) -> Outcome:
    """``claimed = expected``, both exact."""
    difference = claimed - expected
    outcome = answer(
        rule,
        subject,
        Status.FAIL if difference else Status.PASS,
        [fact for fact in facts if fact is not None],
        left=Side("", number_text(claimed), claimed),
        right=Side("", filled, expected),
        difference=number_text(abs(difference)),
        filled=filled,
        expected=number_text(expected),
        name=name,
        total=total,
        left_out=left_out,
    )
    return outcome._replace(difference=difference, at_least=abs(difference)) if difference else outcome
