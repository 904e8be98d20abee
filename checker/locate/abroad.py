"""Forms of another workbook, seen from this one: each fact says which file it stands in, as Excel writes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from checker.locate.headers import Span
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.model.form import Column
from checker.values.quantity import Quantity

__all__ = ["AbroadForm", "cell_text", "distinct", "stands_abroad"]


class AbroadForm(LocatedForm):
    """A form of another workbook. ``file`` is how that workbook is called here (``last year/[book.xlsx]``); tables
    named in ``streamed`` are too long to be kept and cannot be looked at from outside."""

    def __init__(self, form: LocatedForm, file: str, streamed: Collection[str] = ()) -> None:
        self.__dict__.update(form.__dict__)
        self.file = file
        self.streamed = frozenset(streamed)
        self.fields = {name: _told(fact, file) for name, fact in form.fields.items()}
        self.tables = {
            name: _AbroadTable(table, file) for name, table in form.tables.items() if name not in self.streamed
        }

    @property
    def sheet(self) -> str:
        return self.file + super().sheet

    def may_lack(self, table: str) -> bool:
        return table not in self.streamed and super().may_lack(table)


class _AbroadTable(LocatedTable):
    """A table of another workbook."""

    def __init__(self, table: LocatedTable, file: str) -> None:
        self.__dict__.update(table.__dict__)
        self._facts = {}
        self._file = file

    def _read(self, row: LocatedRow, column: Column, span: Span) -> Fact:
        return _told(super()._read(row, column, span), self._file)


def _told(fact: Fact, file: str) -> Fact:
    return fact._replace(sheet=file + fact.sheet)


def stands_abroad(fact: Fact) -> bool:
    """Whether a fact stands in another workbook: no name of a sheet may hold a square bracket."""
    return "]" in fact.sheet


def cell_text(fact: Fact) -> str:
    """The address of a fact; with file and sheet where it stands in another workbook."""
    return f"{fact.sheet}!{fact.address}" if stands_abroad(fact) else fact.address


def distinct(forms: Sequence[LocatedForm]) -> list[LocatedForm]:
    """``forms`` without copies: of several that say the same in every cell the first."""
    if len(forms) < 2:
        return list(forms)
    first: dict[object, LocatedForm] = {}
    for form in forms:
        first.setdefault(_content(form), form)
    return list(first.values())


def _content(form: LocatedForm) -> object:
    """All that a form says; of one with tables too long to be kept nobody can tell."""
    kept = form.__dict__.get("_content")
    if kept is None:
        kept = form.__dict__["_content"] = _read_all(form)
    return kept


def _read_all(form: LocatedForm) -> object:
    if (isinstance(form, AbroadForm) and form.streamed) or any(table.added for table in form.tables.values()):
        return id(form)
    fields = {name: _said(fact.quantity) for name, fact in form.fields.items()}
    tables = {name: tuple(_rows(table)) for name, table in form.tables.items()}
    return form.form.name, form.year, tuple(sorted(fields.items())), tuple(sorted(tables.items()))


def _rows(table: LocatedTable) -> Iterator[tuple[str, ...]]:
    for row in (*table.rows, *table.totals.values()):
        facts = (table.fact(row, column) for column in table.table.columns)
        yield row.name, *("" if fact is None else _said(fact.quantity) for fact in facts)


def _said(quantity: Quantity) -> str:
    number = quantity.number
    said = "".join(quantity.raw.split()) if number is None else format(number.normalize(), "f")
    return f"{quantity.comparator}{said}"
