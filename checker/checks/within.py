"""``within``: a part is not greater than its whole (其中 rows and columns)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.assertion import assertion, judge_quietly
from checker.checks.environment import Scope
from checker.checks.schema import NAME, NAMES, ROWS, comparison_schema, either, references
from checker.checks.subject import Answer, Compiled, Subject, absent_row, absent_rows, names, selected_rows
from checker.checks.sums import NumberedRows
from checker.formula.tree import Reference, Select
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    table_name = str(check["table"])
    rounding = pack.forms[rule.form].rounding

    def down(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        whole = str(check["whole"])
        if table is None:
            return
        if table.row(whole) is None:
            yield absent_row(rule, subject, table, whole)
            return
        yield from absent_rows(rule, subject, table, check.get("parts"))
        parts = selected_rows(table, check["parts"]) if "parts" in check else table.parts(whole)
        for column in names(check["columns"]):
            if not table.has(column):
                continue
            for part in parts:
                this = assertion(rule, NumberedRows.reference(part), "<=", _row(whole), rounding)
                yield judge_quietly(this, NumberedRows(subject, table, None, column, this.blank))

    def across(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        whole = str(check["whole_column"])
        if table is None or not table.has(whole):
            return
        yield from absent_rows(rule, subject, table, check.get("rows"))
        for row in selected_rows(table, check.get("rows")):
            for part in names(check["part_columns"]):
                if table.has(part):
                    this = assertion(rule, _column(part), "<=", _column(whole), rounding)
                    yield judge_quietly(this, Scope(subject, table, row, None, this.blank))

    if "whole_column" in check:
        return Compiled(rule, across, (table_name,), per_row=True)
    return Compiled(rule, down, (table_name,))


def _row(name: str) -> Reference:
    return Reference(0, 0, "", "", Select.NAMED, name, "", None)


def _column(name: str) -> Reference:
    return Reference(0, 0, "", "", Select.THIS, "", "", name)


KIND = CheckKind(
    "within",
    either(
        comparison_schema(
            "table",
            table=NAME,
            columns=NAMES,
            whole=NAME,
            parts=NAMES,
            whole_column=NAME,
            part_columns=NAMES,
            rows=ROWS,
        ),
        (("whole", "columns"), ("parts",)),
        (("whole_column", "part_columns"), ("rows",)),
    ),
    _compile,
    references,
    tr("A part is not greater than its whole"),
)
