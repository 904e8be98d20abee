"""``contradicted``: words of a text cell that the figures do not bear out.

``patterns`` are the words (regular expressions, without white space), looked for in ``fields`` and in ``columns`` of
``table``; ``unless`` are texts that do not count. ``then`` is what must hold where they stand, on the form as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.checks.assertion import read_formula
from checker.checks.environment import Scope
from checker.checks.schema import FORMULA, NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names, plain_text
from checker.formula.evaluate import evaluate
from checker.formula.obstacle import Absent, Insufficient, Obstacle, Undecided
from checker.formula.render import fill, render
from checker.messages import listed, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    pattern = re.compile("|".join(f"(?:{text})" for text in names(check["patterns"])))
    unless = re.compile("|".join(f"(?:{text})" for text in names(check.get("unless"))) or "(?!)")
    fields, columns, table_name = names(check.get("fields")), names(check.get("columns")), str(check.get("table", ""))
    then = read_formula(rule, "then")
    rounding = pack.forms[rule.form].rounding

    def texts(subject: Subject) -> Iterator[Fact]:
        yield from (subject.form.fields[name] for name in fields if name in subject.form.fields)
        table = subject.table(table_name)
        if table is not None:
            for name in columns:
                if table.has(name):
                    yield from table.facts(name)

    def judge(subject: Subject, fact: Fact, said: str) -> Outcome:
        scope = Scope(subject)
        try:
            value = evaluate(then, scope, rounding)
        except Obstacle as obstacle:
            awaits = obstacle.awaits if isinstance(obstacle, Absent) else ""
            blank = isinstance(obstacle, Insufficient) and not awaits
            undecided = isinstance(obstacle, Undecided)
            status = Status.UNDECIDED if undecided else Status.NOT_APPLICABLE if blank else Status.INSUFFICIENT
            return answer(rule, subject, status, (fact, *obstacle.facts), reason=obstacle.reason, awaits=awaits)
        return answer(
            rule,
            subject,
            Status.PASS if value.boolean is True else Status.FAIL,
            (fact, *value.operands),
            left=Side("", "", fact.quantity.raw.strip()[:120]),
            operator="=>",
            right=Side(render(then), fill(then, scope), "TRUE" if value.boolean is True else "FALSE"),
            said=said,
            figures=listed(dict.fromkeys(f"{f.address}={f.quantity.raw.strip()}" for f in value.operands)),
        )

    def run(subject: Subject) -> Iterator[Outcome]:
        read = [(fact, plain_text(fact.quantity.raw)) for fact in texts(subject)]
        found = [
            (fact, match.group())
            for fact, text in read
            if (match := pattern.search(text)) is not None and unless.search(text) is None
        ]
        for fact, said in found:
            yield judge(subject, fact, said)
        if not found:
            reason = tr("No text says so")
            path = form_path(subject, *fields[:1] or (table_name,))
            yield answer(rule, subject, Status.NOT_APPLICABLE, (), path=path, reason=reason)

    return Compiled(rule, run)


KIND = CheckKind(
    "contradicted",
    schema(
        "patterns",
        "then",
        patterns=NAMES,
        unless=NAMES,
        fields=NAMES,
        table=NAME,
        columns=NAMES,
        then=FORMULA,
    ),
    _compile,
    references,
    tr("What a text says must not be contradicted by figures"),
    ("said", "figures"),
)
