"""The figures of a workbook, for asking what else says the same number; and rules run again as if a cell said
otherwise.

Nothing here accuses: it finds what speaks for one explanation of a failure rather than another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from checker.checks.subject import Compiled, Subject
from checker.engine.run import run_rule
from checker.engine.suppose import supposing
from checker.locate.located import LocatedForm
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Status

__all__ = ["Failure", "Figures", "Trials"]

Cell = tuple[str, str]
#: A workbook with more figures than this is not searched for explanations.
MOST_FIGURES = 20_000
#: So many answers of rules that are run again are awaited at most.
PATIENCE = 20_000
#: A number of fewer digits than this stands in many places by chance.
TELLING_DIGITS = 3


class Failure(NamedTuple):
    """One failed outcome with what is needed to ask it again."""

    outcome: Outcome
    compiled: Compiled
    subject: Subject


class Figures:
    """Every amount and count of the located forms, by cell and by value."""

    def __init__(self, forms: Sequence[LocatedForm]) -> None:
        self._forms = forms

    @cached_property
    def _facts(self) -> Sequence[Fact]:
        facts: list[Fact] = []
        for form in self._forms:
            facts.extend(_of_form(form))
            if len(facts) > MOST_FIGURES:
                return ()
        return facts

    @cached_property
    def by_cell(self) -> Mapping[Cell, Fact]:
        return {(fact.sheet, fact.address): fact for fact in self._facts}

    @cached_property
    def by_value(self) -> Mapping[Decimal, Sequence[Fact]]:
        found: dict[Decimal, list[Fact]] = {}
        for fact in self._facts:
            number = fact.quantity.number
            if number is not None:
                found.setdefault(abs(number), []).append(fact)
        return found

    def like(self, value: Decimal, unit: str, but: Iterable[Cell] = ()) -> list[Fact]:
        """The figures of that value and unit, signs aside, in other cells than ``but``; none if the value is of too
        few digits to tell anything."""
        if significant_digits(value) < TELLING_DIGITS:
            return []
        left_out = set(but)
        return [
            fact
            for fact in self.by_value.get(abs(value), ())
            if fact.unit == unit and (fact.sheet, fact.address) not in left_out
        ]


def significant_digits(value: Decimal) -> int:
    """Digits of ``value`` without zeros at either end."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def _of_form(form: LocatedForm) -> Iterator[Fact]:
    for table in form.tables.values():
        rows = (*table.rows, *table.totals.values())
        for name, column in table.table.columns.items():
            if column.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT, ColumnKind.NUMBER) and table.has(name):
                yield from (fact for fact in table.facts(name, rows) if fact.quantity.number is not None)
    for fact in form.fields.values():
        if fact.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT, ColumnKind.NUMBER) and fact.quantity.number is not None:
            yield fact


class Trials:
    """Rules run again, as long as there is patience for it: explanations are worth a second, not a minute. Afterwards
    nothing holds, so that nothing more is explained."""

    def __init__(self, patience: int = PATIENCE) -> None:
        self._left = patience

    def holds(self, failure: Failure, suppositions: Sequence[tuple[Fact, Decimal]]) -> bool:
        """Whether the failed rule no longer fails at its place once the cells of ``suppositions`` say these numbers."""
        if self._left <= 0:
            return False
        items = [(fact.sheet, fact.row, fact.column, number) for fact, number in suppositions]
        mended = supposing(failure.subject, items)
        asked, fails = failure.outcome, False
        for answer in run_rule(failure.compiled, mended):
            if isinstance(answer, Outcome):
                self._left -= 1
                fails |= answer.status in (Status.FAIL, Status.BROKEN) and answer.path == asked.path
            else:
                self._left -= len(answer)
        return not fails
