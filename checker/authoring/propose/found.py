"""What stands on a blank sheet, as it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from checker.model.form import ColumnKind

__all__ = ["FoundColumn", "FoundField", "FoundRow", "FoundTable", "Layout", "clean"]


class FoundColumn(NamedTuple):
    """A column: its name in the form, the heading as printed, what it holds and the word that says so, where it
    stands (first and last column of the sheet, line of its heading), and the headings above it. ``part``: a heading
    says that it is a part of the column before it."""

    name: str
    label: str
    kind: str
    word: str
    left: int
    right: int
    line: int
    above: tuple[str, ...] = ()
    unit: str = ""
    decimals: int | None = None
    part: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in ColumnKind.NUMERIC


@dataclass(slots=True, eq=False)
class FoundRow:
    """A row with a label. ``indent`` is how far the label stands in, ``number`` its line on the sheet. ``empty``: nil
    marks stand where its figures would. ``lists``: its parts are listed below it by whoever fills in the form. What it
    is part of is found later."""

    name: str
    label: str
    text: str
    number: int
    left: int
    indent: int
    block: int = 0
    total: bool = False
    beside: str = ""
    empty: bool = False
    lists: bool = False
    part_of: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class FoundTable:
    """A table: ``closed`` with ``rows``, ``open`` with ``totals`` only, or ``single``."""

    name: str
    columns: list[FoundColumn]
    top: int
    heading_bottom: int
    bottom: int
    layout: str = "closed"
    rows: list[FoundRow] = field(default_factory=list)
    totals: list[FoundRow] = field(default_factory=list)
    beside: str = ""
    heading: list[str] = field(default_factory=list)
    side_by_side: bool = False
    #: Rows of one label that nothing tells apart: they are left out.
    doubtful: list[FoundRow] = field(default_factory=list)
    #: The heading that tells this block from those beside it.
    head: str = ""
    blocks: list[list[FoundColumn]] = field(default_factory=list)

    @property
    def figures(self) -> list[FoundColumn]:
        return [column for column in self.columns if column.is_figure]

    @property
    def amounts(self) -> list[FoundColumn]:
        return [column for column in self.columns if column.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)]

    def column_at(self, at: int) -> FoundColumn | None:
        for block in self.blocks or [self.columns]:
            for index, column in enumerate(block):
                if column.left <= at <= column.right:
                    return next((c for c in self.columns if c.name == block[index].name), column)
        return None

    def row_at(self, number: int, at: int) -> FoundRow | None:
        rows = [row for row in (*self.rows, *self.totals) if row.number == number and row.left < at]
        return max(rows, key=lambda row: row.left, default=None)


class FoundField(NamedTuple):
    name: str
    label: str
    kind: str
    place: str
    role: str
    cell: str


class Layout(NamedTuple):
    """A sheet as a form: its title, unit (and the cell that states it), fields and tables."""

    #: ``notes`` are cells and texts of notes.
    sheet: str
    title: str
    title_cell: str
    unit: str
    unit_cell: str
    fields: tuple[FoundField, ...]
    tables: tuple[FoundTable, ...]
    notes: tuple[tuple[str, str], ...] = ()


def clean(name: str) -> str:
    """A label as a name: without what formulas use."""
    return "".join(character for character in name if character not in "[]@!\"'=,;\n、*")[:60].rstrip(":").strip()
