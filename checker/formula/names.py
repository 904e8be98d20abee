"""What names in a formula stand for, as the forms say: for static analysis, before any workbook is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from checker.messages import Text, tr
from checker.model.form import Column, ColumnKind, Field, Form, Table

__all__ = ["ANY", "Content", "Dimension", "FormNames", "Names", "Type"]


class Type:
    """What a part of a formula comes to."""

    NUMBER: Final = "number"
    TEXT: Final = "text"
    BOOLEAN: Final = "boolean"
    ANY: Final = "any"  # known only when the cell is read: targets, plugin functions


class Dimension(NamedTuple):
    """What a number measures: powers of base quantities (``money¹``), and how many base units make one.

    ``scale`` is None after multiplication by a bare number, which may convert 万元 to 元 or count something.
    """

    powers: tuple[tuple[str, int], ...]
    scale: Decimal | None = Decimal(1)

    def fits(self, other: Dimension) -> bool:
        """Whether the two can be added or compared."""
        if self.powers != other.powers:
            return False
        return self.scale is None or other.scale is None or self.scale == other.scale

    def times(self, other: Dimension, sign: int = 1) -> Dimension:
        """Of the product, or with ``sign`` −1 of the quotient."""
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        scale = None
        if self.scale is not None and other.scale is not None:
            scale = self.scale * other.scale if sign > 0 else self.scale / other.scale
        return Dimension(tuple(sorted((name, power) for name, power in powers.items() if power)), scale)


class Content(NamedTuple):
    """What a part of a formula holds. ``dimension`` None fits all (bare numbers). ``many``: a cell per
    row."""

    type: str
    dimension: Dimension | None = None
    many: bool = False


ANY: Final = Content(Type.ANY)
_RATE: Final = Dimension(())
_COUNT: Final = "count"


class Names(Protocol):
    """Resolves the names of formulas. ``book`` and ``table`` are as in ``tree.Reference``; each method
    gives nothing for a book or table that there is not."""

    @property
    def current(self) -> tuple[str, ...]:
        """The columns that the rule runs over, which ``@`` stands for."""
        ...

    @property
    def table(self) -> str:
        """The rule's own table; empty if it has none."""
        ...

    def books(self) -> Iterable[str]: ...

    def tables(self, book: str) -> Iterable[str]:
        """The tables of a form, and the form's own name, under which its fields stand."""
        ...

    def rows(self, book: str, table: str) -> Iterable[str]: ...

    def levels(self, book: str, table: str) -> Iterable[str]:
        """Names of classes of rows."""
        ...

    def columns(self, book: str, table: str) -> Iterable[str]: ...

    def content(self, book: str, table: str, column: str) -> Content:
        """What the column (or field) holds; ``many`` if there is one cell per row."""
        ...

    def called(self, dimension: Dimension) -> Text | str:
        """The unit that measures ``dimension``, in words."""
        ...

    def parameters(self) -> Iterable[str]: ...

    def parameter(self, name: str) -> Content: ...


class FormNames:
    """``Names`` for a rule of ``form``.

    ``forms`` are all that can stand before ``!``, by name; ``roles`` are workbooks in other roles that hold
    the same form (last year's). ``parameters`` gives the unit of each. ``units`` is the lexicon's: quantity
    and factor by unit (``万元`` → money, 10000); the quantity ``rate`` has no dimension. Money from another
    form or workbook comes in the unit of the rule's own form.
    """

    def __init__(
        self,
        form: Form,
        *,
        forms: Mapping[str, Form],
        table: str = "",
        current: tuple[str, ...] = (),
        parameters: Mapping[str, str],
        units: Mapping[str, tuple[str, Decimal]],
        roles: Iterable[str] = (),
    ) -> None:
        self.form = form
        self.forms = forms
        self.table = table
        self.current = current
        self._parameters = parameters
        self._units = units
        self._roles = frozenset(roles)

    def books(self) -> Iterable[str]:
        return [*self.forms, *self._roles]

    def tables(self, book: str) -> Iterable[str]:
        form = self._form(book)
        return [] if form is None else [*form.tables, form.name, *form.kinds_of]

    def rows(self, book: str, table: str) -> Iterable[str]:
        found = self._table(book, table)
        return [] if found is None else [*found.rows, *found.totals]

    def levels(self, book: str, table: str) -> Iterable[str]:
        found = self._table(book, table)
        return [] if found is None else list(found.levels)

    def columns(self, book: str, table: str) -> Iterable[str]:
        found, form = self._table(book, table), self._form(book)
        if found is not None:
            return list(found.columns)
        return list(form.fields) if form is not None and form.is_a(table) else []

    def content(self, book: str, table: str, column: str) -> Content:
        found, form = self._table(book, table), self._form(book)
        if form is None:
            return ANY
        if found is not None:
            spec = found.columns.get(column)
            many = found.layout != "single"
            return ANY if spec is None else self._content(spec.kind, self._unit(book, spec, form), many)
        field = form.fields.get(column)
        return ANY if field is None else self._content(field.kind, self._unit(book, field, form), False)

    def called(self, dimension: Dimension) -> Text | str:
        powers = dimension.powers or (("rate", 1),)
        if len(powers) > 1 or powers[0][1] != 1:
            return " × ".join(name if power == 1 else f"{name}^{power}" for name, power in powers)
        wanted = powers[0][0]
        of_kind = {unit: factor for unit, (quantity, factor) in self._units.items() if quantity == wanted}
        fitting = (unit for unit, factor in of_kind.items() if not dimension.powers or factor == dimension.scale)
        if not of_kind and wanted == _COUNT:
            return tr("a count")
        return next(fitting, next(iter(of_kind), wanted))

    def parameters(self) -> Iterable[str]:
        return self._parameters

    def parameter(self, name: str) -> Content:
        return Content(Type.NUMBER, self._dimension(self._parameters[name]))

    def _form(self, book: str) -> Form | None:
        return self.form if not book or book in self._roles else self.forms.get(book)

    def _table(self, book: str, table: str) -> Table | None:
        form = self._form(book)
        return None if form is None else form.tables.get(table)

    def _content(self, kind: str, unit: str, many: bool) -> Content:
        if kind == ColumnKind.PERCENT:
            return Content(Type.NUMBER, _RATE, many)
        if kind in (ColumnKind.SCORE, ColumnKind.WEIGHT):
            return Content(Type.NUMBER, Dimension((("score", 1),)), many)
        if kind == ColumnKind.COUNT:
            return Content(Type.NUMBER, self._dimension(unit) or Dimension(((_COUNT, 1),)), many)
        if kind in ColumnKind.NUMERIC:
            return Content(Type.NUMBER, self._dimension(unit), many)
        if kind in (ColumnKind.TARGET, ColumnKind.ACTUAL, ColumnKind.DATE):
            return Content(Type.ANY, None, many)
        return Content(Type.TEXT, None, many)

    def _dimension(self, unit: str) -> Dimension | None:
        if not unit:
            return None
        quantity, factor = self._units.get(unit, (unit, Decimal(1)))
        return _RATE if quantity == "rate" else Dimension(((quantity, 1),), factor)

    def _unit(self, book: str, column: Column | Field, form: Form) -> str:
        if column.kind != ColumnKind.AMOUNT:
            return column.unit
        if book and book != self.form.name and self.form.unit:
            return self.form.unit
        return column.unit or form.unit
