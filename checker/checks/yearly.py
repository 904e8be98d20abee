"""``carryover`` and ``change``: this year's figures beside last year's.

Both need last year's workbook; without it the answer is "insufficient", never a pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, assertion, judge_quietly, read_formula
from checker.checks.places import absent_places, places
from checker.checks.ranges import bound
from checker.checks.schema import FORMULA, NAME, NAMES, NUMBER_OR_NAME, ROWS, comparison_schema, references
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.formula.tree import Binary, Call
from checker.messages import tr
from checker.model.outcome import Outcome, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["CARRYOVER", "CHANGE"]


def _carryover(rule: Rule, pack: Pack) -> Compiled:
    opening, closing = read_formula(rule, "opening"), read_formula(rule, "closing")
    this = assertion(rule, opening, "=", closing, pack.forms[rule.form].rounding)
    return _beside_last_year(rule, this)


def _change(rule: Rule, pack: Pack) -> Compiled:
    current, prior = read_formula(rule, "current"), read_formula(rule, "prior")
    growth = Call(0, 0, "ABS", (Binary(0, 0, "/", Binary(0, 0, "-", current, prior), prior),))
    this = assertion(rule, growth, "<=", bound(rule.check["limit"]), pack.forms[rule.form].rounding)
    return _beside_last_year(rule, this)


def _beside_last_year(rule: Rule, this: Assertion) -> Compiled:
    """The assertion at each place of its rule, once there is a last year to hold it against."""

    def run(subject: Subject) -> Iterator[Answer]:
        if subject.prior is None:
            yield _no_prior(rule, subject)
            return
        for scope in places(rule, subject, this.blank):
            yield judge_quietly(this, scope)
        yield from absent_places(rule, subject)

    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else ())


def _no_prior(rule: Rule, subject: Subject) -> Outcome:
    return answer(rule, subject, Status.INSUFFICIENT, (), reason=tr("Last year's workbook was not given"))


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
