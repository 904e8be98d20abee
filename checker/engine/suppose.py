"""The same form with some cells saying something else: for "what follows once this is corrected"."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from checker.checks.subject import Subject
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.values.quantity import Kind, Quantity

__all__ = ["supposing"]

Supposition = tuple[str, int, int, Decimal]


class _Supposed(LocatedTable):
    """A table in which some facts are replaced."""

    def __init__(self, table: LocatedTable, numbers: dict[tuple[int, int], Decimal]) -> None:
        self.__dict__.update(table.__dict__)
        self._facts = {}
        self._vectors = {}
        self._numbers = numbers

    def fact(self, row: LocatedRow, column: str) -> Fact | None:
        fact = super().fact(row, column)
        if fact is None or (fact.row, fact.column) not in self._numbers:
            return fact
        number = self._numbers[fact.row, fact.column]
        return fact._replace(
            quantity=Quantity(
                Kind.NUMBER, number=number, unit=fact.unit, raw=f"{number:f}", decimals=fact.quantity.decimals
            ),
        )

    def vector(self, column: str) -> list[Decimal]:
        """No short cuts: what is supposed must be seen."""
        return [Decimal("NaN")] * len(self.rows)


def supposing(subject: Subject, suppositions: Iterable[Supposition]) -> Subject:
    """``subject`` as if each (sheet, row, column) held the number given."""
    numbers = {(row, column): number for sheet, row, column, number in suppositions if sheet == subject.form.sheet}
    form = subject.form
    mended = LocatedForm.__new__(LocatedForm)
    mended.__dict__.update(form.__dict__)
    mended.tables = {name: _Supposed(table, numbers) for name, table in form.tables.items()}
    forms = {name: [mended if other is form else other for other in others] for name, others in subject.forms.items()}
    return subject._replace(form=mended, forms=forms)
