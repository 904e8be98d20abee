"""Where a formula's references lead, from the place that a rule is at."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.checks.subject import Subject
from checker.formula.obstacle import Unresolved
from checker.formula.tree import Reference, Select
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind

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
        form = self._form(reference.book)
        whole_form = reference.table == form.form.name or (not reference.table and self.table is None)
        if reference.select == Select.ALL and whole_form:
            return [self._field(form, reference.column or "")]
        if reference.select == Select.THIS:
            table: LocatedTable | None = self.table
        elif reference.table:
            table = form.tables.get(reference.table)
        else:
            table = self.table
        if table is None:
            absent = NotPrinted if form.may_lack(reference.table) else Unresolved
            raise absent(tr("Table {table} was not found", table=reference.table))
        if column is None or not table.has(column):
            of_form = table.table.columns.get(column or "")
            absent = NotPrinted if of_form is not None and of_form.optional else Unresolved
            raise absent(tr("Table {table} has no column {column} here", table=table.name, column=column or "@"))
        facts = [fact for row in self._rows(table, reference) if (fact := table.fact(row, column)) is not None]
        return facts if form is self.subject.form else [self._in_own_unit(fact) for fact in facts]

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

    def _form(self, book: str) -> LocatedForm:
        if not book or book == self.subject.form.form.name:
            return self.subject.form
        forms = self.subject.counterparts(book)
        if len(forms) != 1:
            raise NotPrinted(tr("The workbook has no single form {form} to compare with", form=book))
        return forms[0]

    def _field(self, form: LocatedForm, name: str) -> Fact:
        fact = form.fields.get(name)
        if fact is None:
            spec = form.form.fields.get(name)
            absent = Unresolved if spec is not None and spec.mandatory else NotPrinted
            raise absent(tr("The label {label} was not found on the sheet", label=name))
        return fact

    def _in_own_unit(self, fact: Fact) -> Fact:
        own = self.subject.form.form.unit
        if fact.kind != ColumnKind.AMOUNT or not own or fact.unit == own:
            return fact
        quantity, grain = self.subject.lexicon.convert(fact.quantity, fact.grain, fact.unit, own)
        return fact._replace(quantity=quantity, grain=grain, unit=own)
