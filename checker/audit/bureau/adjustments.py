"""What a bureau has decided about its summary: eliminations between units (冲抵), and units that are not added up.

Kept as a CSV, a decision a line, each with who decided and why: an adjustment without them explains nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, NamedTuple

from checker.audit.bureau.forms import Forms
from checker.audit.bureau.lists import Heading, Line, read_list
from checker.checks.subject import plain_text
from checker.messages import Text, tr
from checker.model.form import Form
from checker.values.quantity import Kind

__all__ = ["Adjustment", "Place", "read_adjustments"]


class Place(NamedTuple):
    """One figure of a form, the same in every file. A field has neither table nor row."""

    form: str
    table: str
    row: str
    column: str

    @property
    def label(self) -> str:
        return " / ".join(part for part in self if part)


class Adjustment(NamedTuple):
    """One decision. With a ``place``: ``amount`` in ``measure`` is added to the sum of the units there (negative for an
    elimination), good to ``grain``. Without: ``unit`` is left out of the sum altogether."""

    line: int
    unit: str
    place: Place | None
    amount: Decimal
    measure: str
    grain: Decimal
    decided_by: str
    reason: str


_LEFT_OUT: Final = "left_out"
_ADDED: Final = "added"


def headings() -> tuple[Heading, ...]:
    return (
        Heading("kind", tr("Kind of adjustment"), mandatory=True),
        Heading("unit", tr("Unit"), (tr("Name of the unit"),)),
        Heading("form", tr("Official form"), (tr("Form"),)),
        Heading("table", tr("Table")),
        Heading("row", tr("Row")),
        Heading("column", tr("Column")),
        Heading("amount", tr("Amount of the adjustment"), (tr("Amount"),)),
        Heading("decided_by", tr("Decided by"), mandatory=True),
        Heading("reason", tr("Reason"), mandatory=True),
    )


def read_adjustments(path: str, forms: Forms) -> tuple[Adjustment, ...]:
    """The decisions in a list. Raises ``UsageError`` with line and column of the first mistake."""
    kinds = {_LEFT_OUT: tr("left out of the sum"), _ADDED: tr("added to the sum")}
    words = {plain_text(word): key for key, text in kinds.items() for word in (key, *text)}
    found = []
    for line in read_list(path, headings()):
        kind = words.get(plain_text(line.text("kind")))
        if kind is None:
            message = tr("{text} is no kind of adjustment.", text=line.text("kind"))
            hint = tr("It is {one} or {other}.", one=kinds[_ADDED], other=kinds[_LEFT_OUT])
            raise line.wrong("kind", "ADJUSTMENT_KIND", message, hint)
        said = (line.text("decided_by"), line.text("reason"))
        if kind == _LEFT_OUT:
            if not line.text("unit"):
                raise line.wrong("unit", "ADJUSTMENT_UNIT", tr("A unit that is left out must be named."))
            if line.text("amount"):
                message = tr("A unit that is left out has no amount: all of its figures are left out.")
                raise line.wrong("amount", "ADJUSTMENT_AMOUNT", message)
            found.append(Adjustment(line.line, line.text("unit"), None, Decimal(0), "", Decimal(0), *said))
        else:
            place, form = _place(line, forms)
            found.append(Adjustment(line.line, line.text("unit"), place, *_amount(line, place, form, forms), *said))
    return tuple(found)


def _place(line: Line, forms: Forms) -> tuple[Place, Form]:
    name = forms.called(line.text("form"))
    if not name:
        message = tr("No rule pack knows a form {form}.", form=line.text("form") or "-")
        raise line.wrong("form", "ADJUSTMENT_FORM", message, _near(line.text("form"), forms.names))
    form, table, column = forms.by_name[name], line.text("table"), line.text("column")
    if not table:
        with_it = [t.name for t in form.tables.values() if column in t.columns]
        table = with_it[0] if len(with_it) == 1 and line.text("row") else ""
    if table and table not in form.tables:
        message = tr("The form {form} has no table {table}.", form=name, table=table)
        raise line.wrong("table", "ADJUSTMENT_PLACE", message, _near(table, form.tables))
    columns = form.tables[table].columns if table else form.fields
    if column not in columns:
        message = tr("The form {form} has no column or field {column} here.", form=name, column=column or "-")
        raise line.wrong("column", "ADJUSTMENT_PLACE", message, _near(column, columns))
    if table:
        spec, row = form.tables[table], line.text("row")
        rows = [*spec.rows, *spec.totals]
        if not row or (spec.layout == "closed" and row not in rows):
            message = tr("The table {table} has no row {row}.", table=table, row=row or "-")
            raise line.wrong("row", "ADJUSTMENT_PLACE", message, _near(row, rows))
    return Place(name, table, line.text("row") if table else "", column), form


def _amount(line: Line, place: Place, form: Form, forms: Forms) -> tuple[Decimal, str, Decimal]:
    """The amount in the unit of its column, and one unit in its last place; digits beyond those that the form declares
    make it more exact, fewer do not make it less so."""
    spec = form.tables[place.table].columns[place.column] if place.table else form.fields[place.column]
    unit = spec.unit or form.unit
    quantity = forms.lexicon.read("text", line.text("amount"), measure=spec.kind, unit=unit)
    if quantity.kind != Kind.NUMBER or quantity.number is None or quantity.approximate or quantity.comparator:
        message = tr("{text} is no amount.", text=line.text("amount") or "-")
        raise line.wrong("amount", "ADJUSTMENT_AMOUNT", message, tr("Write digits, with a minus for an elimination."))
    exact = forms.lexicon.is_exact_unit(unit) or getattr(spec, "exact", False)
    places = max(quantity.decimals, spec.decimals or 0)
    return quantity.number, unit, Decimal(0) if exact else Decimal(1).scaleb(-places)


def _near(word: str, known: Iterable[str]) -> Text | None:
    near = get_close_matches(word, list(known), 3, 0.4)
    return tr("Did you mean {names}?", names=", ".join(near)) if near else None
