"""``presence``: cells that must be filled."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.conditions import Condition
from checker.checks.schema import FORMULA, NAME, NAMES, ROWS, references, schema
from checker.checks.subject import (
    Answer,
    Compiled,
    Subject,
    absent_rows,
    answer,
    batch,
    form_path,
    is_blank,
    names,
    selected_rows,
)
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Kind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    fields, columns = names(check.get("fields")), names(check.get("columns"))
    table_name = str(check.get("table", ""))
    condition = Condition(check.get("when"))

    def places(subject: Subject) -> Iterator[tuple[Fact, bool]]:
        for name in fields:
            fact = subject.form.fields.get(name)
            if fact is not None:
                yield fact, condition.holds(subject)
        table = subject.table(table_name)
        if table is not None:
            for row in selected_rows(table, check.get("rows")):
                facts = [fact for column in columns if (fact := table.fact(row, column)) is not None]
                applies = bool(facts) and condition.holds(subject, table, row)
                yield from ((fact, applies) for fact in facts)

    def told(subject: Subject, fact: Fact, status: str) -> Outcome:
        return answer(rule, subject, status, (fact,), left=Side("", "", fact.quantity.raw.strip()), operator="")

    def run(subject: Subject) -> Iterator[Answer]:
        filled: list[Fact] = []
        left_out: list[Fact] = []
        for fact, applies in places(subject):
            if not applies:
                left_out.append(fact)
            elif not is_blank(fact) or (fact.quantity.kind == Kind.NIL and fact.kind == "text"):
                filled.append(fact)
            else:
                yield told(subject, fact, Status.FAIL)
        if filled:
            yield batch(rule, filled, lambda fact: told(subject, fact, Status.PASS))
        if left_out:
            yield batch(
                rule,
                left_out,
                lambda fact: answer(rule, subject, Status.NOT_APPLICABLE, (fact,)),
                Status.NOT_APPLICABLE,
            )
        table = subject.table(table_name)
        if table is not None:
            yield from absent_rows(rule, subject, table, check.get("rows"))
        for name in fields:
            if name not in subject.form.fields:
                spec = subject.form.form.fields.get(name)
                yield answer(
                    rule,
                    subject,
                    Status.NOT_APPLICABLE if spec is not None and spec.optional else Status.INSUFFICIENT,
                    (),
                    path=form_path(subject, name),
                    reason=tr("The label {label} was not found on the sheet", label=name),
                )

    return Compiled(rule, run, (table_name,) if table_name else (), per_row=bool(columns) and not fields)


KIND = CheckKind(
    "presence",
    schema(fields=NAMES, table=NAME, when=FORMULA, columns=NAMES, rows=ROWS),
    _compile,
    references,
    tr("A cell must be filled"),
)
