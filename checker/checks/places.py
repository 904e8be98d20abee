"""An assertion at every place of its rule: each row, each column, or once on the form; many rows at once where they are
exactly right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checker.checks.assertion import Assertion, Refine, judge_quietly
from checker.checks.columns import Columns
from checker.checks.environment import Scope
from checker.checks.subject import Answer, Batch, Compiled, Subject, absent_rows, selected_rows
from checker.formula.tree import Node, Reference, Select, walk
from checker.formula.vector import compile_equality
from checker.model.outcome import Outcome
from checker.model.rule import Rule

__all__ = ["absent_places", "compiled", "looks_at_rows_alone", "places", "row_by_row"]


def places(rule: Rule, subject: Subject, blank: str = "insufficient") -> Iterator[Scope]:
    """Where a rule applies: each row or each column that its ``check`` names, or the form as a whole."""
    check = rule.check
    if "table" not in check:
        yield Scope(subject, blank=blank)
        return
    table = subject.table(str(check["table"]))
    if table is None:
        return
    columns = check.get("columns")
    if isinstance(columns, list):
        for column in columns:
            if table.has(str(column)):
                yield Scope(subject, table, None, str(column), blank)
        return
    for row in selected_rows(table, check.get("rows")):
        yield Scope(subject, table, row, None, blank)


def absent_places(rule: Rule, subject: Subject) -> Iterator[Outcome]:
    """The answers for rows that a rule names and the sheet does not print."""
    table = subject.table(str(rule.check.get("table", "")))
    if table is not None and not isinstance(rule.check.get("columns"), list):
        yield from absent_rows(rule, subject, table, rule.check.get("rows"))


def compiled(rule: Rule, this: Assertion, refine: Refine | None = None, *, printed: bool = False) -> Compiled:
    """An assertion applied at each place of its rule; ``printed`` as for ``judge``."""

    quick = row_by_row(this)

    def run(subject: Subject) -> Iterator[Answer]:
        if quick is not None:
            yield from quick(subject, lambda scope: judge_quietly(this, scope, refine, printed=printed))
            return
        for scope in places(rule, subject, this.blank):
            yield judge_quietly(this, scope, refine, printed=printed)
        yield from absent_places(rule, subject)

    nodes = (this.left, this.right) if this.when is None else (this.left, this.right, this.when)
    tables = (str(rule.check["table"]),) if "table" in rule.check else ()
    return Compiled(rule, run, tables, looks_at_rows_alone(rule, nodes))


def looks_at_rows_alone(rule: Rule, nodes: Sequence[Node]) -> bool:
    """True if the rule runs row by row and nothing outside the row takes part."""
    if "table" not in rule.check or "columns" in rule.check:
        return False
    references = (part for node in nodes for part in walk(node) if isinstance(part, Reference))
    return all(part.select == Select.THIS and not part.book for part in references)


Judge = Callable[[Scope], Answer]
RowByRow = Callable[[Subject, Judge], Iterator[Answer]]


def row_by_row(this: Assertion) -> RowByRow | None:
    """The fast path for an equation over all data rows of a table, or once on a form: what is exactly right passes as
    one batch, all else goes to the judge. None where the rule is of another shape."""
    check = this.rule.check
    if this.operator != "=" or this.when is not None or "columns" in check or check.get("rows", "all") != "all":
        return None
    equality = compile_equality(this.left, this.right, this.rounding)
    if equality is None:
        return None

    def run(subject: Subject, judge_at: Judge) -> Iterator[Answer]:
        if "table" not in check:
            left, right, equal = equality(Columns(subject, None))
            scope = Scope(subject, blank=this.blank)
            exact = equal == [True]
            yield Batch(this.rule, (0,), left, right, lambda _: judge_at(scope)) if exact else judge_at(scope)
            return
        table = subject.table(str(check["table"]))
        if table is None:
            return
        rows = table.rows
        left, right, equal = equality(Columns(subject, table))
        if len(equal) != len(rows):
            yield from (judge_at(Scope(subject, table, row, None, this.blank)) for row in rows)
            return
        right_rows = [index for index, same in enumerate(equal) if same]
        if right_rows:
            yield Batch(
                this.rule,
                right_rows,
                left,
                right,
                lambda index: judge_at(Scope(subject, table, rows[index], None, this.blank)),
            )
        if len(right_rows) != len(rows):
            for row, same in zip(rows, equal, strict=True):
                if not same:
                    yield judge_at(Scope(subject, table, row, None, this.blank))

    return run
