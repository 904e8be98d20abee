"""The same form with some cells saying something else: for "what follows once this is corrected"."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from checker.checks.subject import Subject
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.values.quantity import Kind, Quantity

__all__ = ["supposing"]

_NAN: Final = Decimal("NaN")
Supposition = tuple[str, int, int, Decimal]


class _Supposed(LocatedTable):
    """A table in which some facts are replaced."""

    def __init__(self, table: LocatedTable, numbers: dict[tuple[int, int], Decimal]) -> None:
        self.__dict__.update(table.__dict__)
        self._facts = {}
        self._vectors = {}
        self._original = table
        self._numbers = numbers
        #: Where in ``rows`` something is supposed.
        self._supposed_at = [
            index for index, row in enumerate(table.rows) if any(at == row.number for at, _ in numbers)
        ]

    def fact(self, row: LocatedRow, column: str) -> Fact | None:
        fact = self._original.fact(row, column)
        if fact is None or (fact.row, fact.column) not in self._numbers:
            return fact
        return _with_number(fact, self._numbers[fact.row, fact.column])

    def vector(self, column: str) -> list[Decimal]:
        """No short cuts in the rows in which something is supposed."""
        if self.table.columns[column].fill:
            return [_NAN] * len(self.rows)
        vector = [*self._original.vector(column)]
        for index in self._supposed_at:
            vector[index] = _NAN
        return vector


def supposing(subject: Subject, suppositions: Iterable[Supposition]) -> Subject:
    """``subject`` as if each (sheet, row, column) of its workbook held the number given, on whatever form it stands."""
    numbers: dict[str, dict[tuple[int, int], Decimal]] = {}
    for sheet, row, column, number in suppositions:
        numbers.setdefault(sheet, {})[row, column] = number
    mended: dict[int, LocatedForm] = {}

    def after(form: LocatedForm) -> LocatedForm:
        if form.sheet not in numbers or form.grid.sheet not in subject.workbook.sheets:
            return form
        if id(form) not in mended:
            mended[id(form)] = _mended(form, numbers[form.sheet])
        return mended[id(form)]

    forms = {name: [after(form) for form in others] for name, others in subject.forms.items()}
    return subject._replace(form=after(subject.form), forms=forms)


def _mended(form: LocatedForm, numbers: dict[tuple[int, int], Decimal]) -> LocatedForm:
    mended = LocatedForm.__new__(LocatedForm)
    mended.__dict__.update(form.__dict__)
    mended.tables = {name: _Supposed(table, numbers) for name, table in form.tables.items()}
    mended.fields = {
        name: _with_number(fact, numbers[fact.row, fact.column]) if (fact.row, fact.column) in numbers else fact
        for name, fact in form.fields.items()
    }
    return mended


def _with_number(fact: Fact, number: Decimal) -> Fact:
    quantity = Quantity(Kind.NUMBER, number=number, unit=fact.unit, raw=f"{number:f}", decimals=fact.quantity.decimals)
    return fact._replace(quantity=quantity)
