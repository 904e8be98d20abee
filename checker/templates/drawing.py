"""A drawing: a form with every cell in its place, before it becomes a file or a workbook in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from checker.model.workbook import Range

__all__ = ["Book", "Drawing", "Placed", "Position", "Style", "stack"]

Position = tuple[int, int]

_REFERENCE: Final = re.compile(r'("[^"]*")|(?<![A-Za-z0-9_$.])(\$?[A-Z]{1,3})([0-9]+)(?![0-9A-Za-z_(.!])')


class Style:
    """How a cell looks. The writer knows what each name means."""

    TITLE: Final = "title"
    YEAR: Final = "year"
    UNIT: Final = "unit"
    NOTE: Final = "note"
    PLAIN: Final = "plain"  # text without a frame
    HEADING: Final = "heading"  # printed words, centred
    ROW_LABEL: Final = "row_label"  # printed words at the left, their leading spaces kept
    TEXT: Final = "text"  # to be filled in with words
    CENTRE: Final = "centre"  # to be filled in with something short
    NUMBER: Final = "number"  # to be filled in with an amount

    #: What the filer fills in; everything else is printed.
    INPUT: Final = frozenset({"text", "centre", "number"})
    UNFRAMED: Final = frozenset({"title", "year", "unit", "note", "plain"})

    @classmethod
    def for_label(cls, text: str) -> str:
        """A label indented with spaces keeps to the left; any other stands in the middle."""
        return cls.ROW_LABEL if text[:1].isspace() else cls.HEADING


class Placed(NamedTuple):
    """One cell. ``kind`` is a ``CellKind`` or empty for a cell that holds nothing; ``raw`` is its text or
    digits.

    ``formula`` is the text after ``=`` and ``raw`` then what it shows. ``format`` is a number format,
    ``holds`` the ``ColumnKind`` that belongs here and ``choices`` the words to choose from.
    """

    style: str
    kind: str = ""
    raw: str = ""
    formula: str | None = None
    format: str = ""
    holds: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """Where the cells of one copy of the form stand: by (table, row name or index from 0, column), and by
    field."""

    places: Mapping[tuple[str, str | int, str], Position]
    fields: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A form drawn. Rows and columns count from 1; widths are in characters from column A on, heights in
    points.

    ``books`` is the address book of each copy, ``breaks`` the rows after which a new page begins, ``bottom``
    the last row.
    """

    cells: Mapping[Position, Placed]
    merges: tuple[Range, ...]
    widths: tuple[float, ...]
    heights: Mapping[int, float]
    books: tuple[Book, ...]
    bottom: int
    landscape: bool = False
    breaks: tuple[int, ...] = field(default=())

    def place(self, table: str, row: str | int, column: str, *, copy: int = 0) -> Position:
        """The cell of ``column`` in a row of ``table``, told by its name or, in an open table, counted from 0.

        Raises KeyError when the drawing has no such cell."""
        return self.books[copy].places[table, row, column]

    def place_field(self, name: str, *, copy: int = 0) -> Position:
        """The cell that holds the value of field ``name``. Raises KeyError when the drawing has none."""
        return self.books[copy].fields[name]


def stack(drawings: Sequence[Drawing], *, gap: int = 1) -> Drawing:
    """The drawings below one another on one sheet, ``gap`` empty rows and a page break between them.

    Formulas move as Excel moves them: references to rows follow, rows fixed with ``$`` stay."""
    cells: dict[Position, Placed] = {}
    merges: list[Range] = []
    heights: dict[int, float] = {}
    books: list[Book] = []
    breaks: list[int] = []
    down = 0
    for drawing in drawings:
        if down:
            breaks.append(down)
        for (row, column), cell in drawing.cells.items():
            formula = None if cell.formula is None else _moved(cell.formula, down)
            cells[row + down, column] = cell._replace(formula=formula)
        merges += [Range(m.top + down, m.left, m.bottom + down, m.right) for m in drawing.merges]
        heights |= {row + down: height for row, height in drawing.heights.items()}
        breaks += [row + down for row in drawing.breaks]
        books += [
            Book(
                {key: (row + down, column) for key, (row, column) in book.places.items()},
                {key: (row + down, column) for key, (row, column) in book.fields.items()},
            )
            for book in drawing.books
        ]
        down += drawing.bottom + gap
    widest = max(drawings, key=lambda drawing: sum(drawing.widths))
    return Drawing(
        cells=cells,
        merges=tuple(merges),
        widths=widest.widths,
        heights=heights,
        books=tuple(books),
        bottom=max(down - gap, 0),
        landscape=widest.landscape,
        breaks=tuple(breaks),
    )


def _moved(formula: str, down: int) -> str:
    def move(match: re.Match[str]) -> str:
        return match[1] or f"{match[2]}{int(match[3]) + down}"

    return _REFERENCE.sub(move, formula)
