"""Where a formula's references lead, from the place that a rule is at."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.checks.subject import Subject
from checker.formula.obstacle import Absent, Unresolved, Unusable
from checker.formula.tree import Reference, Select
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import listed, tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.values.numbers import places_of

__all__ = ["NotPrinted", "Scope"]


class NotPrinted(Unresolved):
    """The form may lack the row, column or table, and this sheet does: the rule has nothing to say here."""


class Scope(NamedTuple):
    """One place that a rule is applied to: a form, and a row or a column of one of its tables where it has one."""

    subject: Subject
    table: LocatedTable | None = None
    row: LocatedRow | None = None
    column: str | None = None
    blank: str = "insufficient"

    def parameter(self, name: str) -> Decimal | str:
        value = self.subject.parameters.get(name)
        if value is None:
            raise Unresolved(tr("The pack has no value for parameter {name} in this year", name=name))
        return value

    def facts(self, reference: Reference) -> Sequence[Fact]:
        """See ``formula.evaluate.Environment``. Money from a form in another unit comes in this form's unit."""
        column = self.column if reference.column is None else reference.column
        if reference.select == Select.THIS and not reference.book and self.table and self.row and column:
            here = self.table.fact(self.row, column)  # what nearly every reference asks for
            if here is not None:
                return (here,)
        forms = self._forms(reference.book)
        if forms[0] is self.subject.form:
            return self._on(forms[0], reference, column)
        found: list[Fact] = []
        not_printed: NotPrinted | None = None
        for form in forms:
            try:
                found.extend(map(self._in_own_unit, self._on(form, reference, column)))
            except NotPrinted as obstacle:
                not_printed = obstacle
        if not found and not_printed is not None:
            raise not_printed
        return found

    def _on(self, form: LocatedForm, reference: Reference, column: str | None) -> Sequence[Fact]:
        whole_form = form.form.is_a(reference.table) or (not reference.table and self.table is None)
        if reference.select == Select.ALL and whole_form:
            return [self._field(form, reference.column or "")]
        name = reference.table or (self.table.name if self.table is not None else "")
        own = form is self.subject.form
        here = own and (reference.select == Select.THIS or not reference.table)
        table = self.table if here else form.tables.get(name)
        if table is None:
            absent = NotPrinted if form.may_lack(name) else Unresolved
            raise absent(tr("Table {table} was not found", table=name))
        if column is None or not table.has(column):
            of_form = table.table.columns.get(column or "")
            absent = NotPrinted if of_form is not None and of_form.optional else Unresolved
            raise absent(tr("Table {table} has no column {column} here", table=table.name, column=column or "@"))
        rows = self._rows(table, reference) if own or reference.select != Select.THIS else (self._namesake(table),)
        return [fact for row in rows if (fact := table.fact(row, column)) is not None]

    def _rows(self, table: LocatedTable, reference: Reference) -> Sequence[LocatedRow]:
        if reference.select == Select.THIS:
            if self.row is None:
                raise Unresolved(tr("The rule is not at a row"))
            return (self.row,)
        if reference.select == Select.ALL:
            return table.rows
        if reference.select == Select.WHERE:
            wanted = "".join(reference.text.split())
            return [
                row
                for row in table.rows
                if (fact := table.fact(row, reference.row)) is not None and "".join(fact.quantity.raw.split()) == wanted
            ]
        if reference.row in table.table.levels:
            return [row for row in table.rows if row.level == reference.row]
        row = table.row(reference.row)
        if row is None:
            twice = len(table.named.get(reference.row, ())) > 1
            if twice:
                raise Unresolved(tr("Row {row} stands more than once", row=reference.row))
            of_form = table.table.rows.get(reference.row) or table.table.totals.get(reference.row)
            absent = NotPrinted if of_form is not None and of_form.optional else Unresolved
            raise absent(tr("The sheet has no row {row}", row=reference.row))
        return (row,)

    def _namesake(self, table: LocatedTable) -> LocatedRow:
        """The row of another table that is called as the row that the rule is at."""
        if self.row is None:
            raise Unresolved(tr("The rule is not at a row"))
        name = self.row.name or self.row.label
        row = table.row(name)
        if row is None:
            twice = len(table.named.get(name, ())) > 1
            if twice:
                raise Unresolved(tr("Row {row} stands more than once", row=name))
            raise NotPrinted(tr("The sheet has no row {row}", row=name))
        return row

    def _forms(self, book: str) -> Sequence[LocatedForm]:
        """The forms that ``book`` means here: this one, this one of last year, or those that go with it."""
        subject = self.subject
        if not book or book in (subject.form.form.name, subject.known_as):
            return (subject.form,)
        if book in subject.lexicon.prior_books:
            forms = subject.last_year()
        else:
            forms = [form for form in subject.counterparts(book) if form is not subject.form]
            if not forms and book in subject.beside and not subject.forms.get(book):
                raise Absent(tr("No workbook with the form {form} was given", form=book), book)
        if not forms:
            raise NotPrinted(tr("The workbook has no single form {form} to compare with", form=book))
        if len(forms) > 1 and not any(form.role("project") for form in forms):
            # Projects have a form each; of another form one is an old or a damaged copy, and adding them up is wrong.
            sheets = listed(form.sheet for form in forms)
            raise Unresolved(
                tr("Form {form} stands more than once, with other content ({sheets})", form=book, sheets=sheets)
            )
        return forms

    def _field(self, form: LocatedForm, name: str) -> Fact:
        fact = form.fields.get(name)
        if fact is None:
            spec = form.form.fields.get(name)
            absent = Unresolved if spec is not None and spec.mandatory else NotPrinted
            raise absent(tr("The label {label} was not found on the sheet", label=name))
        return fact

    def _in_own_unit(self, fact: Fact) -> Fact:
        own = self.subject.form.unit
        if fact.kind != ColumnKind.AMOUNT or not own or fact.unit == own or fact.quantity.number is None:
            return fact
        if self.subject.lexicon.factor(fact.unit, own) is None:
            raise Unusable(tr("{cell} is not in a unit of money", cell=f"{fact.sheet}!{fact.address}"), (fact,))
        quantity, grain = self.subject.lexicon.convert(fact.quantity, fact.grain, fact.unit, own)
        places = (
            places_of(quantity.number.normalize()) if quantity.number is not None else 0
        )  # none but those that say something
        return fact._replace(quantity=quantity._replace(decimals=places), grain=grain, unit=own)
