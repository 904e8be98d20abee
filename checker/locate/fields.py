"""What stands outside the tables of a form: labels with their values, the unit stated, the year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from checker.locate.grid import Grid, Place
from checker.locate.located import Reader, field_column
from checker.model.fact import Fact
from checker.model.form import ColumnKind, Field, Form
from checker.model.label import Labels
from checker.model.workbook import Cell, Range

__all__ = ["read_fields", "stated_unit", "year_of"]

#: How far below the label that it belongs to a label may stand.
FIELD_REACH = 8
#: So many columns may lie empty between a label and its value (a merged label that lost its merge).
VALUE_REACH = 8
#: The year and the unit are looked for in so many lines from the first one filled.
YEAR_LINES = 4
UNIT_LINES = 13

#: Fields that name a body: the line with its name has often the year too.
_NAMED: Final = ("unit",)
_COLON: Final = re.compile("[:\uff1a]")


def _head(grid: Grid, segment: Range, lines: int) -> Iterator[Place]:
    """Labels of the first lines of a stretch, blank ones before them not counted."""
    first = next((row for row in grid.by_row if row >= segment.top), segment.top)
    return grid.labels_between(first, min(segment.bottom, first + lines - 1))


def stated_unit(grid: Grid, segment: Range, reader: Reader, form: Form) -> Fact | None:
    """Where the sheet says in which unit it is: a cell like "unit: ten thousand yuan"."""
    for place in _head(grid, segment, UNIT_LINES):
        unit = reader.lexicon.stated_unit(place.text)
        if unit:
            quantity = reader.lexicon.read("text", place.text, measure=ColumnKind.TEXT)
            return Fact(
                quantity=quantity._replace(unit=unit),
                sheet=grid.sheet.name,
                row=place.top,
                column=place.left,
                path=(form.name, place.text.strip()),
                unit=unit,
                kind=ColumnKind.TEXT,
                grain=Decimal(0),
            )
    return None


def year_of(grid: Grid, segment: Range, reader: Reader) -> str:
    """The year of the form: the first four-digit year in its first lines."""
    years = (reader.lexicon.year_in(place.text) for place in _head(grid, segment, YEAR_LINES))
    return next((year for year in years if year), "")


def read_fields(
    grid: Grid,
    segment: Range,
    form: Form,
    reader: Reader,
    taken: Sequence[Range],
    norm: Labels,
    stated: Fact | None,
) -> dict[str, Fact]:
    """The fields of ``form`` in one stretch of a sheet; ``taken`` are its tables, ``stated`` the sheet's own unit."""
    facts: dict[str, Fact] = {}
    labels = {label for field in form.fields.values() for label in field.labels}
    for name, field in form.fields.items():
        above = _headings(form, field)
        places = [
            p
            for p in grid.find(field.labels) or grid.find_explained(field.labels)
            if segment.top <= p.top <= segment.bottom
            and not any(r.top <= p.top <= r.bottom and r.left <= p.left <= r.right for r in taken)
            and (not above or _below_one_of(grid, p, above))
        ]
        if places:
            unit = _unit(grid, places[0], field, stated, reader)
            facts[name] = _field_fact(grid, form, field, places[0], labels, unit, reader, stated)
            continue
        inline = _inline(grid, segment, form, field, reader, norm)
        if inline is not None:
            facts[name] = inline
    return facts


def _headings(form: Form, field: Field) -> tuple[str, ...]:
    """What a field stands under; where that is a field of the form, by any of its names."""
    words = set(field.under)
    for other in form.fields.values():
        if not words.isdisjoint(other.labels):
            words.update(other.labels)
    return tuple(words)


def _below_one_of(grid: Grid, place: Place, above: tuple[str, ...]) -> bool:
    """True if one of these labels stands a few lines above ``place``, in the same columns."""
    return any(
        place.top - FIELD_REACH <= p.top < place.top and p.left <= place.right and place.left <= p.right
        for p in grid.find(above)
    )


def _unit(grid: Grid, place: Place, field: Field, stated: Fact | None, reader: Reader) -> str:
    """The unit in which a field's money is stated: by its label, the label of its block, the sheet, the form."""
    if field.kind != ColumnKind.AMOUNT:
        return field.unit
    lexicon = reader.lexicon
    beside = (
        p
        for row in range(max(1, place.top - FIELD_REACH), place.top + 1)
        for p in grid.by_row.get(row, ())
        if p.left < place.left and p.bottom >= place.top
    )
    texts = [place.text, *(p.text for p in beside)]
    own = next((unit for text in texts if (unit := lexicon.unit_in_brackets(text))), "")
    unit = own or (stated.quantity.unit if stated is not None else "")
    return unit if unit and lexicon.factor(unit, field.unit) is not None else field.unit


def _field_fact(
    grid: Grid,
    form: Form,
    field: Field,
    place: Place,
    labels: set[str],
    unit: str,
    reader: Reader,
    stated: Fact | None,
) -> Fact:
    cell, row, column = _below(grid, place) if field.place == "below" else _beside(grid, place, labels, stated)
    if cell is not None and field.role in _NAMED and _is_year(cell.raw, reader):
        cell, column = None, place.left  # the year of the sheet, printed on the line of a name left blank
    quantity = reader.quantity(cell, field.kind, unit)
    grain = reader.grain(field_column(field), unit, quantity)
    if unit != field.unit and quantity.number is not None:
        quantity, grain = reader.lexicon.convert(quantity, grain, unit, field.unit)
    return Fact(
        quantity=quantity,
        sheet=grid.sheet.name,
        row=row,
        column=column,
        path=(form.name, field.name),
        unit=field.unit,
        kind=field.kind,
        grain=grain,
        formula=cell.formula if cell is not None else None,
    )


def _is_year(text: str, reader: Reader) -> bool:
    """Whether a text says a year and nothing else."""
    said = text.strip("() （）")
    year = reader.lexicon.year_in(said)
    return bool(year) and not said.isdigit() and len(said) <= len(year) + 2


def _below(grid: Grid, place: Place) -> tuple[Cell | None, int, int]:
    """The cell under a label."""
    cell, row, column = grid.covered(place.bottom + 1, place.left)
    return (cell, row, column) if cell is not None and cell.raw.strip() else (None, place.bottom + 1, place.left)


def _beside(grid: Grid, place: Place, labels: set[str], stated: Fact | None) -> tuple[Cell | None, int, int]:
    """The first filled cell right of a label, before the next label or the unit stated on that line; an empty merged
    cell is the answer too."""
    ends = [stated.column] if stated is not None and stated.row == place.top and stated.column > place.right else []
    ends += [p.left for p in grid.by_row.get(place.top, ()) if p.left > place.right and p.label in labels]
    first = place.right + 1
    for at in range(first, min([*ends, first + VALUE_REACH])):
        merge = grid.merge_at(place.top, at)
        cell, row, column = grid.covered(place.top, at)
        if column <= place.right:
            continue
        if cell is not None and cell.raw.strip():
            return cell, row, column
        if merge is not None:
            return None, row, column
    return None, place.top, first


def _inline(grid: Grid, segment: Range, form: Form, field: Field, reader: Reader, labels: Labels) -> Fact | None:
    """A field whose label and value share one cell: ``label: value``."""
    for place in grid.labels_between(segment.top, segment.bottom):
        if _COLON.search(place.text) is None:
            continue
        before, after = _COLON.split(place.text, maxsplit=1)
        if after.strip() and labels.normalise(before) in field.labels:
            quantity = reader.lexicon.read("text", after.strip(), measure=field.kind, unit=field.unit)
            return Fact(
                quantity=quantity,
                sheet=grid.sheet.name,
                row=place.top,
                column=place.left,
                path=(form.name, field.name),
                unit=field.unit,
                kind=field.kind,
                grain=Decimal(0),
            )
    return None
