"""``conditional``: where one thing holds, another must."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import Assertion, judge_quietly, read_formula
from checker.checks.environment import NotPrinted, Scope
from checker.checks.places import absent_places, looks_at_rows_alone, places
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, comparison_schema, references
from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.formula.evaluate import evaluate, facts_of
from checker.formula.obstacle import Insufficient, Obstacle, Undecided
from checker.formula.render import fill, render
from checker.formula.tree import Call, Compare, Node, Reference, walk
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    condition, then = read_formula(rule, "if"), read_formula(rule, "then")
    if "when" in rule.check:
        condition = Call(0, 0, "AND", (read_formula(rule, "when"), condition))
    rounding = str(rule.check.get("rounding", pack.forms[rule.form].rounding))
    blank = str(rule.check.get("blank", "insufficient"))
    this = (
        Assertion(rule, then.left, then.operator, then.right, condition, blank, rounding)
        if isinstance(then, Compare) and _numeric(then)
        else None
    )

    def run(subject: Subject) -> Iterator[Answer]:
        for scope in places(rule, subject, blank):
            if this is not None:
                yield judge_quietly(this, scope)
            else:
                yield _logical(rule, subject, scope, condition, then, rounding)
        yield from absent_places(rule, subject)

    rows_alone = "columns" not in rule.check and looks_at_rows_alone(rule, (condition, then))
    return Compiled(rule, run, (str(rule.check["table"]),) if "table" in rule.check else (), rows_alone)


def _numeric(node: Compare) -> bool:
    """A comparison of figures has a difference to tell; anything else is only true or false."""
    from checker.formula import tree

    return not any(isinstance(part, tree.Text | tree.Boolean) for part in tree.walk(node))


def _logical(rule: Rule, subject: Subject, scope: Scope, condition: Node, then: Node, rounding: str) -> Outcome:
    facts = facts_of(then, scope) or facts_of(condition, scope)
    applies = False
    try:
        applies = evaluate(condition, scope, rounding).boolean is True
        if not applies:
            reason = tr("The rule's precondition does not hold here")
            return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=reason)
        if absent := _not_printed(then, scope):
            return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=absent.reason)
        holds = evaluate(then, scope, rounding).boolean is True
    except NotPrinted as obstacle:
        return answer(rule, subject, Status.NOT_APPLICABLE, facts, reason=obstacle.reason)
    except Undecided as obstacle:
        return answer(rule, subject, Status.UNDECIDED, facts, reason=obstacle.reason)
    except Insufficient as obstacle:
        # A blank before the condition means that it does not hold; one behind it is what the rule asks about.
        status = Status.INSUFFICIENT if applies else Status.NOT_APPLICABLE
        return answer(rule, subject, status, facts, reason=obstacle.reason)
    except Obstacle as obstacle:
        return answer(rule, subject, Status.INSUFFICIENT, facts, reason=obstacle.reason)
    outcome = answer(
        rule,
        subject,
        Status.PASS if holds else Status.FAIL,
        facts,
        left=Side(render(condition), fill(condition, scope), "TRUE"),
        operator="=>",
        right=Side(render(then), fill(then, scope), "TRUE" if holds else "FALSE"),
        formula=f"{render(condition)} => {render(then)}",
        filled=f"{fill(condition, scope)} => {fill(then, scope)}",
    )
    others = [f for f in facts_of(condition, scope) if f not in facts]
    if others:
        from checker.checks.subject import operand

        outcome = outcome._replace(operands=(*outcome.operands, *(operand(fact) for fact in others)))
    return outcome


def _not_printed(then: Node, scope: Scope) -> NotPrinted | None:
    """Why nothing that the rule asks for can be filled in on this sheet, if so."""
    absent = None
    for part in walk(then):
        if isinstance(part, Reference):
            try:
                scope.facts(part)
            except NotPrinted as obstacle:
                absent = obstacle
            except Obstacle:
                return None
            else:
                return None
    return absent


KIND = CheckKind(
    "conditional",
    comparison_schema("if", "then", table=NAME, rows=ROWS, columns=NAMES, then=FORMULA, **{"if": FORMULA}),
    _compile,
    references,
    tr("Where one thing holds, another must"),
)
