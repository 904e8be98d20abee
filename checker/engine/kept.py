"""Located forms, or as much of them as a rule looked at, as plain data and back.

A cell that the finding names as an operand is told there: text, value and unit are not repeated here. Amounts are
plain digits in the unit beside them, as everywhere in a report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from checker.locate.abroad import AbroadForm
from checker.locate.grid import Grid
from checker.locate.headers import Header
from checker.locate.located import LocatedForm, LocatedTable, Reader
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.model.form import ColumnKind, Form, Table
from checker.model.label import Labels
from checker.model.workbook import Cell, CellKind, Range, Sheet, SheetContent, Workbook
from checker.reports.figures import PERCENT, in_unit, plain
from checker.values.lexicon import Lexicon
from checker.values.quantity import Kind, Quantity

__all__ = ["Cells", "Contradiction", "FormNamed", "Named", "form_document", "restored", "value_of"]

#: Cells of a form that were read: by table and row, and by field.
Cells = Mapping[str, Mapping[LocatedRow, Mapping[str, Fact]]]
#: Cells that a finding names, by sheet and address: text, value and unit.
Named = Mapping[tuple[str, str], tuple[str, Decimal | None, str]]
FormNamed = Callable[[str, str], Form]

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
_PERCENT: Final = "percent"
#: How a cell may come to its number, the usual way first.
_WAYS: Final = (CellKind.NUMBER, CellKind.TEXT, _PERCENT)
_EVERYWHERE: Final = Range(1, 1, 1_048_576, 16_384)


def form_document(
    form: LocatedForm,
    tables: Cells,
    columns: Mapping[str, Collection[str]],
    fields: Mapping[str, Fact],
    named: Named,
    lexicon: Lexicon,
) -> dict[str, Any]:
    """``form`` with these cells of it. Those of ``columns`` that the sheet prints are there in any case."""
    kept: dict[str, Any] = {"form": form.form.name, "pack": form.form.pack, "sheet": form.sheet}
    if form.qualifier:
        kept["qualifier"] = form.qualifier
    if form.year:
        kept["year"] = form.year
    if form.stated_unit is not None:
        kept["stated_unit"] = {**_reading(form.stated_unit, named, lexicon), "unit": form.stated_unit.unit}
    if fields:
        kept["fields"] = {name: _reading(fact, named, lexicon) for name, fact in fields.items()}
    if tables:
        kept["tables"] = {
            name: _table(form.tables[name], rows, columns.get(name, ()), named, lexicon)
            for name, rows in tables.items()
        }
    return kept


def _table(
    table: LocatedTable,
    rows: Mapping[LocatedRow, Mapping[str, Fact]],
    columns: Collection[str],
    named: Named,
    lexicon: Lexicon,
) -> dict[str, Any]:
    order = [*table.rows, *(row for row in rows if row not in table.rows)]
    kept: dict[str, Any] = {"rows": [_row(table, row, rows[row], named, lexicon) for row in order if row in rows]}
    if printed := sorted(filter(table.has, columns)):
        kept["columns"] = printed
    if table.money:
        kept["money"] = table.money
    return kept


def _row(
    table: LocatedTable, row: LocatedRow, facts: Mapping[str, Fact], named: Named, lexicon: Lexicon
) -> dict[str, Any]:
    kept: dict[str, Any] = {"row": table.label(row), "number": row.number}
    for key, value, usual in (
        ("name", row.name, kept["row"]),
        ("label", row.label, row.name),
        ("block", row.block, 0),
        ("known", row.known, True),
        ("level", row.level, ""),
        ("total", row not in table.rows, False),
    ):
        if value != usual:
            kept[key] = value
    kept["cells"] = {column: _reading(fact, named, lexicon) for column, fact in facts.items()}
    return kept


def _reading(fact: Fact, named: Named, lexicon: Lexicon) -> dict[str, Any]:
    """One cell: where it stands and how it was read; what is usual is left out."""
    quantity = fact.quantity
    kept: dict[str, Any] = {"cell": fact.address}
    said = named.get((fact.sheet, fact.address))
    if said != (quantity.raw, quantity.number, fact.unit):
        kept |= {"text": quantity.raw, "value": _amount(quantity.number, fact.unit), "unit": fact.unit}
    for key, value, usual in (
        ("kind", quantity.kind, Kind.NUMBER),
        ("decimals", quantity.decimals, 0),
        ("grain", plain(fact.grain), "0"),
        ("quantity_unit", quantity.unit, fact.unit),
        ("comparator", quantity.comparator, ""),
        ("approximate", quantity.approximate, False),
        ("alternative", _amount(quantity.alternative, fact.unit), None),
        ("notes", list(quantity.notes), []),
        ("formula", fact.formula, None),
        ("as", _way(fact, lexicon), _WAYS[0]),
    ):
        if value != usual:
            kept[key] = value
    return kept


def _way(fact: Fact, lexicon: Lexicon) -> str | None:
    """How the text of a cell comes to be its number: stored as a number or as text, shown as a percentage, in another
    unit. None where none of that gives it."""
    if fact.quantity.number is None:
        return _WAYS[0]
    own = lexicon.unit(fact.unit)
    same = own is not None and fact.kind == ColumnKind.AMOUNT
    others = (
        {unit.name: None for unit in lexicon.units.values() if own and unit.dimension == own.dimension} if same else {}
    )
    ways = (*_WAYS, *(f"{way} {unit}" for unit in others for way in _WAYS))
    return next((way for way in ways if _read(fact, way, lexicon) == fact.quantity.number), None)


def _read(fact: Fact, way: str, lexicon: Lexicon) -> Decimal | None:
    """The number that the text of a cell is when it is read in a certain way."""
    stored, _, unit = way.partition(" ")
    kind, number_format = (CellKind.NUMBER, "0.00%") if stored == _PERCENT else (stored, "General")
    measure, unit = fact.kind, unit or fact.unit
    quantity = lexicon.read(kind, fact.quantity.raw, measure=measure, unit=unit, number_format=number_format)
    if unit != fact.unit and quantity.number is not None:
        quantity, _ = lexicon.convert(quantity, fact.grain, unit, fact.unit)
    return quantity.number


def _misread(fact: Fact, way: str | None, lexicon: Lexicon) -> bool:
    """Whether the text of a cell no longer says its number; never where nobody could tell in the first place."""
    return way is not None and fact.quantity.number is not None and _read(fact, way, lexicon) != fact.quantity.number


def _amount(value: Decimal | None, unit: str) -> str | None:
    return None if value is None else plain(in_unit(value, unit))


def value_of(text: str | None, unit: str) -> Decimal | None:
    """The other way: ``97.8`` in per cent is 0.978. May raise ``ArithmeticError``."""
    if text is None:
        return None
    return Decimal(text).scaleb(-2) if unit == PERCENT else Decimal(text)


def restored(
    documents: Sequence[Mapping[str, Any]], form_named: FormNamed, named: Named, labels: Labels, lexicon: Lexicon
) -> tuple[list[LocatedForm], Workbook]:
    """The forms of ``documents`` and the workbook that they stand in, with nothing in it but these cells.

    May raise ``LookupError``, ``TypeError``, ``ValueError`` or ``ArithmeticError`` for what nobody recorded.
    """
    sheets: dict[str, Sheet] = {}
    for document in documents:
        name = str(document["sheet"])
        sheets.setdefault(name, Sheet(name.rpartition("]")[2], partial(_content, documents, name, named)))
    here = tuple(sheet for name, sheet in sheets.items() if "]" not in name)
    workbook = Workbook("", "", "xlsx", here)
    reader = Reader(workbook, lexicon)
    grids = {name: Grid(sheet, labels) for name, sheet in sheets.items()}
    forms = [
        _Restored(document, form_named(str(document["form"]), str(document["pack"])), grids, reader, named).form
        for document in documents
    ]
    return forms, workbook


def _content(documents: Sequence[Mapping[str, Any]], sheet: str, named: Named) -> SheetContent:
    rows: dict[int, dict[int, Cell]] = {}
    for cell, text, value in _texts(documents, sheet, named):
        row, column = _place(cell)
        if text.strip():
            rows.setdefault(row, {})[column] = Cell(CellKind.TEXT if value is None else CellKind.NUMBER, text)
    return SheetContent({number: dict(sorted(rows[number].items())) for number in sorted(rows)})


def _texts(
    documents: Sequence[Mapping[str, Any]], sheet: str, named: Named
) -> Iterator[tuple[str, str, str | Decimal | None]]:
    for (where, cell), (text, value, _) in named.items():
        if where == sheet and cell:
            yield cell, text, value
    for document in documents:
        if document["sheet"] == sheet:
            readings = [*document.get("fields", {}).values()]
            readings += [
                c
                for table in document.get("tables", {}).values()
                for row in table["rows"]
                for c in row["cells"].values()
            ]
            yield from ((r["cell"], r["text"], r["value"]) for r in readings if "text" in r)


def _place(cell: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(cell)
    if found is None:
        raise ValueError(cell)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class Contradiction(Exception):  # noqa: N818 - a verdict on the document
    """The text of a cell is not its number."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact.address)
        self.fact = fact


class _Restored:
    """One form made again."""

    def __init__(
        self, document: Mapping[str, Any], spec: Form, grids: Mapping[str, Grid], reader: Reader, named: Named
    ) -> None:
        self._sheet = str(document["sheet"])
        self._grid, self._reader, self._named = grids[self._sheet], reader, named
        qualifier = str(document.get("qualifier", ""))
        self._path = (spec.name, *((qualifier,) if qualifier else ()))
        fields = {
            name: self._fact(kept, (*self._path, name), spec.fields[name].kind)
            for name, kept in document.get("fields", {}).items()
        }
        tables = {name: self._table(spec.tables[name], rows) for name, rows in document.get("tables", {}).items()}
        stated = document.get("stated_unit")
        form = LocatedForm(
            spec,
            self._grid,
            _EVERYWHERE,
            fields,
            tables,
            qualifier,
            str(document.get("year", "")),
            (),
            (),
            0,
            self._stated(stated) if stated is not None else None,
        )
        file, bracket, _ = self._sheet.rpartition("]")
        self.form = _Elsewhere(form, file + bracket) if bracket else form

    def _stated(self, kept: Mapping[str, Any]) -> Fact:
        fact = self._fact(kept, (), ColumnKind.TEXT)
        return fact._replace(
            path=(self._path[0], fact.quantity.raw.strip()),
            unit=str(kept["unit"]),
            quantity=fact.quantity._replace(unit=str(kept["unit"])),
        )

    def _fact(self, kept: Mapping[str, Any], path: tuple[str, ...], kind: str) -> Fact:
        row, column = _place(kept["cell"])
        if "text" in kept:
            unit = str(kept["unit"])
            text, value = str(kept["text"]), value_of(kept["value"], unit)
        else:
            text, value, unit = self._named[self._sheet, kept["cell"]]
        quantity = Quantity(
            kept.get("kind", Kind.NUMBER),
            value,
            kept.get("quantity_unit", unit),
            text,
            int(kept.get("decimals", 0)),
            kept.get("comparator", ""),
            bool(kept.get("approximate", False)),
            value_of(kept.get("alternative"), unit),
            tuple(kept.get("notes", ())),
        )
        grain = Decimal(kept.get("grain", "0"))
        fact = Fact(quantity, self._sheet, row, column, path, unit, kind, grain, kept.get("formula"))
        if _misread(fact, kept.get("as", _WAYS[0]), self._reader.lexicon):
            raise Contradiction(fact)
        return fact

    def _table(self, spec: Table, document: Mapping[str, Any]) -> LocatedTable:
        rows = document["rows"]
        columns = {*document.get("columns", ()), *(column for row in rows for column in row["cells"])}
        blocks = 1 + max((int(row.get("block", 0)) for row in rows), default=0)
        header = Header(spec, 0, 0, tuple(dict.fromkeys(columns, (0, 0)) for _ in range(blocks)), (), (), (), 0)
        made = [(row, self._row(row)) for row in rows]
        table = _KeptTable(
            spec,
            self._grid,
            header,
            [row for kept, row in made if not kept.get("total")],
            [row for kept, row in made if kept.get("total")],
            {},
            self._reader,
            self._path,
            max((row.number for _, row in made), default=0),
        )
        table.money = str(document.get("money", ""))
        for kept, row in made:
            table.labels[row] = str(kept["row"])
            for column, cell in kept["cells"].items():
                path = (*self._path, spec.name, str(kept["row"]), column)
                table.keep(row, column, self._fact(cell, path, spec.columns[column].kind))
        return table

    def _row(self, kept: Mapping[str, Any]) -> LocatedRow:
        name = str(kept.get("name", kept["row"]))
        return LocatedRow(
            name,
            str(kept.get("label", name)),
            int(kept["number"]),
            int(kept.get("block", 0)),
            bool(kept.get("known", True)),
            str(kept.get("level", "")),
        )


class _KeptTable(LocatedTable):
    """A table of which only these cells are known. ``labels`` are the names of its rows in reports."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.labels: dict[LocatedRow, str] = {}

    def keep(self, row: LocatedRow, column: str, fact: Fact) -> None:
        self._facts[row.number, row.block, column] = fact

    def label(self, row: LocatedRow) -> str:
        return self.labels[row]

    def fact(self, row: LocatedRow, column: str) -> Fact | None:
        return self._facts.get((row.number, row.block, column))

    def vector(self, column: str) -> list[Decimal]:
        """No short cuts: every cell is looked at."""
        return [Decimal("NaN")] * len(self.rows)


class _Elsewhere(AbroadForm):
    """A form of another workbook, whose facts say so already."""

    def __init__(self, form: LocatedForm, file: str) -> None:
        self.__dict__.update(form.__dict__)
        self.file = file
        self.streamed = frozenset()
