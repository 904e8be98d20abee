"""``carryover`` and ``change``: this year's figures beside last year's.

Both need last year's workbook; without it the answer is "insufficient", never a pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, Refine, assertion, judge_quietly, precondition, read_formula
from checker.checks.environment import Scope
from checker.checks.places import absent_places, places
from checker.checks.ranges import bound
from checker.checks.same import one_fact
from checker.checks.schema import FORMULA, NAME, NAMES, NUMBER_OR_NAME, ROWS, comparison_schema, references
from checker.checks.subject import Answer, Compiled, Subject, answer, is_blank
from checker.formula.evaluate import facts_of
from checker.formula.obstacle import Absent
from checker.formula.tree import Binary, Call, Reference
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["CARRYOVER", "CHANGE"]


def _carryover(rule: Rule, pack: Pack) -> Compiled:
    opening, closing = read_formula(rule, "opening"), read_formula(rule, "closing")
    this = assertion(rule, opening, "=", closing, pack.forms[rule.form].rounding)
    copied = isinstance(opening, Reference) and isinstance(closing, Reference)
    return _beside_last_year(rule, this, one_fact if copied else None)


def _change(rule: Rule, pack: Pack) -> Compiled:
    current, prior = read_formula(rule, "current"), read_formula(rule, "prior")
    growth = Call(0, 0, "ABS", (Binary(0, 0, "/", Binary(0, 0, "-", current, prior), prior),))
    this = assertion(rule, growth, "<=", bound(rule.check["limit"]), pack.forms[rule.form].rounding)
    return _beside_last_year(rule, this)


def _beside_last_year(rule: Rule, this: Assertion, refine: Refine | None = None) -> Compiled:
    """The assertion at each place of its rule; where there is no last year to hold it against, that is said once."""

    def run(subject: Subject) -> Iterator[Answer]:
        scopes = list(places(rule, subject, this.blank))
        try:
            subject.last_year()
        except Absent as absent:
            yield _without(absent, rule, subject, any(_asks(this, scope) for scope in scopes))
            return
        yield from (judge_quietly(this, scope, refine) for scope in scopes)
        yield from absent_places(rule, subject)

    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else ())


def _asks(this: Assertion, scope: Scope) -> bool:
    """Whether this year has a figure there that last year's is wanted for."""
    early = precondition(this, scope)
    if early is not None and early.status == Status.NOT_APPLICABLE:
        return False
    return not all(map(is_blank, (*facts_of(this.left, scope), *facts_of(this.right, scope))))


def _without(absent: Absent, rule: Rule, subject: Subject, asked: bool) -> Outcome:
    if asked:
        return answer(rule, subject, Status.INSUFFICIENT, (), reason=absent.reason, awaits=absent.awaits)
    reason = tr("The form has no place that this rule is about")
    return answer(rule, subject, Status.NOT_APPLICABLE, (), reason=reason)


CARRYOVER = CheckKind(
    "carryover",
    comparison_schema("opening", "closing", opening=FORMULA, closing=FORMULA, table=NAME, rows=ROWS, columns=NAMES),
    _carryover,
    references,
    tr("This year's opening balance is last year's closing balance"),
)
CHANGE = CheckKind(
    "change",
    comparison_schema(
        "current",
        "prior",
        "limit",
        current=FORMULA,
        prior=FORMULA,
        limit=NUMBER_OR_NAME,
        table=NAME,
        rows=ROWS,
        columns=NAMES,
    ),
    _change,
    references,
    tr("A change from last year beyond a limit needs a reason"),
)
