"""``level_counts``: each level has as many indicators as the standard has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject, answer, form_path
from checker.messages import tr
from checker.model.outcome import Side, Status
from checker.model.rule import Pack, Rule
from checker.model.scheme import number_or_name
from checker.scoring.checks.standard import compiled
from checker.scoring.levels import counts
from checker.scoring.recompute import Recomputed

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    return compiled(rule, pack, _judge)


def _judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    expected = rule.check["expected"]
    assert isinstance(expected, Mapping)
    found = counts(result)
    table = subject.table(result.scheme.claims.table)
    for column, written in expected.items():
        wanted = number_or_name(written)
        if isinstance(wanted, str):
            wanted = subject.parameters.get(wanted, wanted)
        path = form_path(subject, result.scheme.claims.table, column)
        if table is None or not table.has(column) or not isinstance(wanted, Decimal):
            reason = tr("Table {table} has no column {column} here", table=result.scheme.claims.table, column=column)
            yield answer(rule, subject, Status.INSUFFICIENT, (), path=path, reason=reason)
            continue
        number = Decimal(found.get(column, 0))
        if not number and wanted:
            reason = tr("Column {column} of table {table} names no indicator", table=table.name, column=column)
            yield answer(rule, subject, Status.INSUFFICIENT, (), path=path, reason=reason)
            continue
        first = next((cell for row in result.rows for cell in row.cells if cell.path[-1] == column), None)
        outcome = answer(
            rule,
            subject,
            Status.PASS if number == wanted else Status.FAIL,
            [first] if first is not None else [],
            path=path,
            left=Side("", number_text(number), number),
            right=Side("", number_text(wanted), wanted),
            name=column,
            expected=number_text(wanted),
        )
        yield outcome._replace(difference=number - wanted) if number != wanted else outcome
