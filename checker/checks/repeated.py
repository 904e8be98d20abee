"""``repeated``: a table that a workbook prints several times says the same each time, cell by cell.

Told of the first copy; a difference points at the later one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Answer, Compiled, Subject, answer, batch, plain_text
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name = str(rule.check["table"])

    def told(subject: Subject, here: Fact, there: Fact, status: str) -> Outcome:
        left, right = (Side("", "", fact.quantity.raw.strip()) for fact in (here, there))
        return answer(rule, subject, status, (here, there), left=left, right=right, expected=there.quantity.raw.strip())

    def passed(subject: Subject, alike: Mapping[Fact, Fact], here: Fact) -> Outcome:
        return told(subject, here, alike[here], Status.PASS)

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        copies = [other for other in subject.forms.get(subject.form.form.name, ()) if table_name in other.tables]
        here = [copy for copy in copies if copy.grid.sheet in subject.workbook.sheets]
        if table is None or not here or here[0] is not subject.form:
            return
        for copy in here[1:]:
            alike: dict[Fact, Fact] = {}
            for later, first in _pairs(copy.tables[table_name], table):
                if _says(later) == _says(first):
                    alike[later] = first
                else:
                    yield told(subject, later, first, Status.FAIL)
            if alike:
                yield batch(rule, list(alike), partial(passed, subject, alike))

    return Compiled(rule, run, (table_name,))


def _pairs(later: LocatedTable, first: LocatedTable) -> Iterator[tuple[Fact, Fact]]:
    """The cells that stand at the same place of two copies, by the names of their rows and columns."""
    for name, rows in later.named.items():
        for row, twin in zip(rows, first.named.get(name, ()), strict=False):
            for column in later.table.columns:
                one, other = later.fact(row, column), first.fact(twin, column)
                if one is not None and other is not None:
                    yield one, other


def _says(fact: Fact) -> object:
    """A figure by its value, anything else by its words."""
    number = fact.quantity.number
    return plain_text(fact.quantity.raw) if number is None else number


KIND = CheckKind(
    "repeated",
    schema("table", table=NAME),
    _compile,
    references,
    tr("A table that stands several times says the same each time"),
    ("expected",),
)
