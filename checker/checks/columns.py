"""Columns of a located table for the fast path of formulas: rows where everything is plain and exactly right."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from checker.checks.environment import Scope
from checker.checks.subject import Subject
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Reference, Select
from checker.formula.vector import NAN, numbers
from checker.locate.located import LocatedTable

__all__ = ["Columns"]


class Columns:
    """The ``ColumnSource`` of a rule that runs once per data row of ``table``, or once on the form if there is none."""

    __slots__ = ("_scope", "subject", "table")

    def __init__(self, subject: Subject, table: LocatedTable | None) -> None:
        self.subject = subject
        self.table = table
        self._scope = Scope(subject, table)

    def column(self, reference: Reference) -> Sequence[Decimal]:
        table = None if reference.book else self.table
        if table is not None and reference.select == Select.THIS:
            name = reference.column
            if name is None or not table.has(name):
                return [NAN] * len(table.rows)
            return table.vector(name)
        if table is not None and reference.select == Select.ALL and reference.table == table.name:
            return table.vector(reference.column or "")
        try:
            return numbers(self._scope.facts(reference))
        except Obstacle:
            return [NAN]

    def grains(self, reference: Reference) -> Sequence[Decimal]:
        if self.table is not None and reference.select == Select.THIS and not reference.book:
            return [fact.grain for fact in self.table.facts(reference.column or "")]
        try:
            return [fact.grain for fact in self._scope.facts(reference)]
        except Obstacle:
            return [NAN]

    def parameter(self, name: str) -> Decimal | str:
        try:
            return self._scope.parameter(name)
        except Obstacle:
            return NAN
