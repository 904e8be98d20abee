"""A small sheet of real facts to evaluate formulas on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from checker.formula.obstacle import Unresolved
from checker.formula.tree import Reference, Select
from checker.formula.vector import numbers
from checker.messages import Text
from checker.model.fact import Fact
from checker.values.quantity import Kind, Quantity


def quantity(text: str) -> Quantity:
    """As typed: ``97.80%``, ``—``, ``#REF!``, ``=`` (never calculated), ``~20`` (about 20), ``1|0.01`` (ambiguous)."""
    if not text.strip():
        return Quantity(Kind.BLANK, raw=text)
    if text in ("—", "/"):
        return Quantity(Kind.NIL, raw=text)
    if text.startswith("#"):
        return Quantity(Kind.ERROR, raw=text)
    if text == "=":
        return Quantity(Kind.NO_CACHE, raw="")
    if text in ("TRUE", "FALSE"):
        return Quantity(Kind.BOOLEAN, raw=text)
    approximate = text.startswith("~")
    digits, _, alternative = text.removeprefix("~").partition("|")
    number = digits.removesuffix("%")
    if not number.replace(".", "", 1).removeprefix("-").isdigit():
        return Quantity(Kind.TEXT, raw=text)
    decimals = len(number.partition(".")[2])
    value = Decimal(number).scaleb(-2) if digits.endswith("%") else Decimal(number)
    return Quantity(
        Kind.NUMBER,
        value,
        raw=text,
        decimals=decimals,
        approximate=approximate,
        alternative=Decimal(alternative) if alternative else None,
    )


class Sheet:
    """Rows of texts by label and column. ``grains`` gives the grain of a column (default 0.01; of a percentage as
    printed). ``this`` and ``current`` are where the rule stands; rows in ``totals`` are no data rows."""

    def __init__(
        self,
        rows: Mapping[str, Mapping[str, str]],
        *,
        this: str = "",
        current: str = "",
        blank: str = "insufficient",
        grains: Mapping[str, str] | None = None,
        totals: Sequence[str] = (),
        levels: Mapping[str, Sequence[str]] | None = None,
        books: Mapping[str, Sheet] | None = None,
        parameters: Mapping[str, Decimal | str] | None = None,
        name: str = "表",
    ) -> None:
        self.blank = blank
        self.this = this or next(iter(rows))
        self.current = current
        self.totals = totals
        self.levels = levels or {}
        self.books = books or {}
        self.parameters = parameters or {}
        columns = list(dict.fromkeys(column for row in rows.values() for column in row))
        self.rows: dict[str, dict[str, Fact]] = {}
        for number, (label, row) in enumerate(rows.items(), 1):
            self.rows[label] = {
                column: self._fact(name, number, columns.index(column) + 1, label, column, text, grains or {})
                for column, text in row.items()
            }

    @staticmethod
    def _fact(sheet: str, row: int, at: int, label: str, column: str, text: str, grains: Mapping[str, str]) -> Fact:
        read = quantity(text)
        percent = text.endswith("%")
        default = Decimal(1).scaleb(-read.decimals - 2) if percent else Decimal("0.01")
        grain = Decimal(grains[column]) if column in grains else default
        return Fact(read, sheet, row, at, (label, column), "万元", "percent" if percent else "amount", grain)

    def facts(self, reference: Reference) -> list[Fact]:
        if reference.book:
            return self.books[reference.book].facts(
                Reference(0, 0, "", *[getattr(reference, n) for n in ("table", "select", "row", "text", "column")])
            )
        column = self.current if reference.column is None else reference.column
        data = [label for label in self.rows if label not in self.totals]
        if reference.select == Select.THIS:
            labels = [self.this]
        elif reference.select == Select.NAMED:
            labels = list(self.levels.get(reference.row, [reference.row]))
        elif reference.select == Select.WHERE:
            labels = [label for label in data if self.rows[label][reference.row].quantity.raw == reference.text]
        else:
            labels = data
        try:
            return [self.rows[label][column] for label in labels]
        except KeyError as error:
            raise Unresolved(Text("", f"no {error}")) from None

    def parameter(self, name: str) -> Decimal | str:
        try:
            return self.parameters[name]
        except KeyError:
            raise Unresolved(Text("", f"no parameter {name}")) from None

    # As a source of columns

    def column(self, reference: Reference) -> list[Decimal]:
        return numbers(self._vector(reference))

    def grains(self, reference: Reference) -> list[Decimal]:
        return [fact.grain for fact in self._vector(reference)]

    def _vector(self, reference: Reference) -> list[Fact]:
        if reference.select != Select.THIS:
            return self.facts(reference)
        return [row[reference.column or self.current] for row in self.rows.values()]


@pytest.fixture(scope="session")
def sheet() -> type[Sheet]:
    """``sheet(rows, …)`` makes an environment; its rows are mappings of column to text."""
    return Sheet


@pytest.fixture(scope="session")
def line() -> object:
    """``line(a="1.00", b="")`` is a sheet of one row."""

    def make(blank: str = "insufficient", grains: Mapping[str, str] | None = None, **cells: str) -> Sheet:
        return Sheet({"行": cells}, blank=blank, grains=grains)

    return make
