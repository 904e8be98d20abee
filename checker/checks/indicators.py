"""Rows of indicators: target, achievement, full marks, marks, as the checks on them read it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from checker.checks.conditions import Condition
from checker.checks.subject import Compiled, Subject, answer
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Status
from checker.model.rule import Rule
from checker.values.interval import Interval
from checker.values.quantity import Kind
from checker.values.target import Comparison, Target, TargetKind, comparable, target_of

__all__ = ["Indicator", "compiled_rows", "indicator", "indicators", "met"]


class Indicator(NamedTuple):
    """One indicator. ``comparison`` brings both to one unit, or says why they cannot be."""

    row: LocatedRow
    target_fact: Fact
    actual_fact: Fact
    target: Target
    actual: Target
    comparison: Comparison

    @property
    def quantitative(self) -> bool:
        """A target with a number or a date that something can be held against."""
        return self.target.kind in (TargetKind.NUMBER, TargetKind.DATE)

    @property
    def blank(self) -> bool:
        return TargetKind.BLANK in (self.target.kind, self.actual.kind)


def indicators(table: LocatedTable, subject: Subject, check: Mapping[str, object]) -> Iterator[Indicator]:
    """Every row of ``table`` that has a target and an achievement column."""
    for row in table.rows:
        found = indicator(table, row, subject, check)
        if found is not None:
            yield found


def indicator(table: LocatedTable, row: LocatedRow, subject: Subject, check: Mapping[str, object]) -> Indicator | None:
    """The indicator in ``row``, or None if the table has no target or achievement column."""
    target, actual = table.fact(row, str(check["target"])), table.fact(row, str(check["actual"]))
    if target is None or actual is None:
        return None
    direction, unit = (_text(table, row, check.get(key)) for key in ("direction", "unit"))
    lexicon = subject.lexicon
    wanted = target_of(target.quantity, lexicon, unit=unit, comparator=direction)
    reached = target_of(actual.quantity, lexicon, unit=unit)
    return Indicator(row, target, actual, wanted, reached, comparable(wanted, reached))


def _text(table: LocatedTable, row: LocatedRow, column: object) -> str:
    fact = table.fact(row, str(column)) if column else None
    return fact.quantity.raw.strip() if fact is not None and fact.quantity.kind != Kind.BLANK else ""


def met(target: Target, wanted: Interval, reached: Interval) -> bool | None:
    """Whether a target is met; None where the target does not say which way is better."""
    if target.kind == TargetKind.DATE:
        return reached.low <= wanted.high if target.comparator not in (">", "≥") else reached.high >= wanted.low
    if target.upper is not None:
        return wanted.low <= reached.low and reached.high <= wanted.high
    compared: dict[str, Callable[[Decimal, Decimal], bool]] = {
        "≥": lambda a, b: a >= b,
        ">": lambda a, b: a > b,
        "≤": lambda a, b: a <= b,
        "<": lambda a, b: a < b,
        "=": lambda a, b: a == b,
    }
    if target.comparator in compared:
        return compared[target.comparator](reached.low, wanted.low)
    return True if reached.low == wanted.low else None


def compiled_rows(rule: Rule, each: Callable[[Subject, LocatedTable, Indicator], Outcome | None]) -> Compiled:
    """A check that answers for each indicator."""
    table_name = str(rule.check["table"])
    condition = Condition(rule.check.get("when"))

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        for indicator in indicators(table, subject, rule.check):
            if not condition.holds(subject, table, indicator.row):
                facts = (indicator.actual_fact, indicator.target_fact)
                yield answer(rule, subject, Status.NOT_APPLICABLE, facts)
                continue
            outcome = each(subject, table, indicator)
            if outcome is not None:
                yield outcome

    return Compiled(rule, run, (table_name,), per_row=True)
