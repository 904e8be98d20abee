"""A rule's ``when``: does the rule apply at a place?"""

from __future__ import annotations

from checker.checks.environment import Scope
from checker.checks.subject import Subject
from checker.formula.evaluate import evaluate
from checker.formula.kept import parse
from checker.formula.obstacle import Obstacle
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow

__all__ = ["Condition"]


class Condition:
    """A condition for kinds that compare no numbers. Where it cannot be told it does not hold."""

    def __init__(self, text: object) -> None:
        self.node = parse(str(text)) if text is not None else None

    def holds(self, subject: Subject, table: LocatedTable | None = None, row: LocatedRow | None = None) -> bool:
        if self.node is None:
            return True
        try:
            return evaluate(self.node, Scope(subject, table, row)).boolean is True
        except Obstacle:
            return False
