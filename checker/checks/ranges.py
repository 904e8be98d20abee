"""``range``: figures lie between bounds, which may be parameters."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from checker.checks.assertion import assertion, judge_quietly
from checker.checks.environment import Scope
from checker.checks.schema import NAME, NAMES, NUMBER_OR_NAME, ROWS, comparison_schema, references, some
from checker.checks.subject import Answer, Compiled, Subject, absent_rows, names, selected_rows
from checker.formula.tree import Node, Number, Parameter, Percent, Reference, Select
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND", "bound"]


def bound(value: object) -> Node:
    """A bound as written: a number, a percentage, or the name of a parameter."""
    text = str(value).strip()
    try:
        if text.endswith("%"):
            return Percent(0, 0, Number(0, 0, Decimal(text[:-1])))
        number = Decimal(text)
    except InvalidOperation:
        return Parameter(0, 0, text)
    return Number(0, 0, number)


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    table_name = str(check["table"])
    rounding = pack.forms[rule.form].rounding
    blank = str(check.get("blank", "insufficient"))
    bounds = [(op, bound(check[key])) for key, op in (("at_least", ">="), ("at_most", "<=")) if key in check]
    asserted = {
        column: [assertion(rule, _here(column), operator, limit, rounding) for operator, limit in bounds]
        for column in names(check["columns"])
    }

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        if table is None:
            return
        for column, within in asserted.items():
            if not table.has(column):
                continue
            yield from absent_rows(rule, subject, table, check.get("rows"))
            for row in selected_rows(table, check.get("rows")):
                scope = Scope(subject, table, row, None, blank)
                for this in within:
                    yield judge_quietly(this, scope)

    return Compiled(rule, run, (table_name,), per_row=True)


def _here(column: str) -> Reference:
    return Reference(0, 0, "", "", Select.THIS, "", "", column)


KIND = CheckKind(
    "range",
    some(
        comparison_schema(
            "table",
            "columns",
            table=NAME,
            columns=NAMES,
            rows=ROWS,
            at_least=NUMBER_OR_NAME,
            at_most=NUMBER_OR_NAME,
        ),
        ("at_least",),
        ("at_most",),
    ),
    _compile,
    references,
    tr("Figures lie between bounds"),
)
