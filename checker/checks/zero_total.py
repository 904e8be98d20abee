"""``zero_total``: a total that is 0 (or blank) over parts that are not.

It supposes the total to be the sum of its parts, so that the engine can say what else follows from the slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, absent_row, answer, names, selected_rows
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Kind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, total_name = str(rule.check["table"]), str(rule.check["total"])
    columns, part_names = names(rule.check["columns"]), names(rule.check.get("parts"))

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        total = table.row(total_name) if table is not None else None
        if table is None:
            return
        if total is None:
            yield absent_row(rule, subject, table, total_name)
            return
        parts = selected_rows(table, part_names) if part_names else [*table.parts(total_name), *table.extra_rows()]
        found = [_column(table, total, parts, column) for column in columns if table.has(column)]
        wrong = [(fact, amount) for fact, amount in found if _empty(fact) and amount != 0]
        # A blank total where every filled column has a blank total is an unfilled row, told by presence rules.
        for fact, amount in found:
            if (fact, amount) not in wrong:
                status = Status.PASS if fact.quantity.kind == Kind.NUMBER else Status.NOT_APPLICABLE
                yield answer(rule, subject, status, (fact,), left=_side(fact), right=None)
        zero = [(fact, amount) for fact, amount in wrong if fact.quantity.number == 0]
        for fact, _ in wrong:
            if not any(fact is other for other, _ in zero):
                yield answer(rule, subject, Status.NOT_APPLICABLE, (fact,), reason=tr("The total is blank"))
        if zero:
            facts = [fact for fact, _ in zero]
            operands = [f for column in columns for part in parts if (f := table.fact(part, column)) is not None]
            yield answer(
                rule,
                subject,
                Status.FAIL,
                [*facts, *(f for f in operands if f.quantity.number)],
                path=facts[0].path[:-1],
                left=_side(facts[0]),
                right=Side("", "", zero[0][1], unit=facts[0].unit),
                suppose=zero,
                total=total.label,
                sums=", ".join(number_text(amount, fact.unit) for fact, amount in zero),
            )

    return Compiled(rule, run, (table_name,))


def _column(table: LocatedTable, total: object, parts: object, column: str) -> tuple[Fact, Decimal]:
    fact = table.fact(total, column)  # type: ignore[arg-type]
    assert fact is not None
    figures = (table.fact(part, column) for part in parts)  # type: ignore[attr-defined]
    return fact, sum((f.quantity.number for f in figures if f and f.quantity.number is not None), Decimal(0))


def _empty(fact: Fact) -> bool:
    return fact.quantity.kind in (Kind.BLANK, Kind.NIL) or fact.quantity.number == 0


def _side(fact: Fact) -> Side:
    return Side("", "", fact.quantity.number, unit=fact.unit)


KIND = CheckKind(
    "zero_total",
    schema("table", "total", "columns", table=NAME, total=NAME, columns=NAMES, parts=NAMES),
    _compile,
    references,
    tr("A total is 0 while its parts are not"),
    ("sums", "total"),
)
