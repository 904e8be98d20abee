"""What a line of a sheet is, by its words and figures alone: a note, a signature, a heading, a line of numbers."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from checker.locate.grid import Grid, Place
from checker.locate.headers import Header, Span
from checker.model.workbook import CellKind

__all__ = [
    "NUMBERED",
    "begins",
    "counts_columns",
    "has_figures",
    "heads_another",
    "is_band",
    "is_blank",
    "is_note",
    "may_tell",
    "signs",
    "text_at",
]

_NUMBER: Final = re.compile(r"\s*[-0-9.,%]+\s*")
_COLON: Final = re.compile("[:\uff1a]")
#: So many columns in a row that say 1, 2, 3, … are numbered, not filled in.
NUMBERED: Final = 4


def may_tell(place: Place) -> bool:
    """Whether a label may be more than the name of a row: it is wide, or something stands before a colon in it."""
    return place.right - place.left > 1 or ":" in place.text or "\uff1a" in place.text


def is_blank(grid: Grid, number: int) -> bool:
    return not any(cell.raw.strip() for cell in grid.rows.get(number, {}).values())


def is_note(grid: Grid, number: int, first: Place | None) -> bool:
    """Whether a line is a remark between or below rows, by its ``first`` label: no number stands beside it."""
    if first is None or not begins(first, grid.notes):
        return False
    beside = (cell for at, cell in grid.rows[number].items() if not first.left <= at <= first.right)
    return not any(cell.kind == CellKind.NUMBER or _NUMBER.fullmatch(cell.raw) for cell in beside)


def begins(place: Place, words: Collection[str]) -> bool:
    """Whether a label is one of ``words``, or begins with one before a colon, perhaps numbered."""
    if place.label in words:
        return True
    before = _COLON.split(place.text, maxsplit=1) if words else ()
    return len(before) > 1 and "".join(before[0].split()).rstrip("0123456789") in words


def signs(grid: Grid, number: int, first: Place | None, figures: Iterable[Span]) -> bool:
    """Whether a line is one in which people sign, by its ``first`` label: the table ends above it. One such word alone
    may name a row, if there are figures beside it."""
    if first is None or not begins(first, grid.footers):
        return False
    if first.label not in grid.footers or not has_figures(grid, number, figures):
        return True
    return sum(begins(place, grid.footers) for place in grid.by_row[number]) > 1


def is_band(place: Place, header: Header) -> bool:
    """A cell over most of the table's width is a heading between its rows or a note below it, not a row."""
    if place.right - place.left < 2:
        return False
    width = header.right - header.left + 1
    return width > 2 and min(place.right, header.right) - place.left + 1 >= max(3, width - 1)


def heads_another(grid: Grid, number: int, figures: Iterable[Span]) -> bool:
    """Whether a row below the total is the heading of another table: words where figures are due, and no figure."""
    texts = [text for span in figures if (text := text_at(grid, number, span)) is not None]
    return len(texts) > 1 and all(text.isalpha() for text in texts)


def counts_columns(grid: Grid, number: int, figures: Iterable[Span]) -> bool:
    """Whether a line above all rows, without a name, numbers the columns."""
    said = [text for span in sorted(figures) if (text := text_at(grid, number, span)) is not None]
    if len(said) < NUMBERED or not all(text.isascii() and text.isdigit() and len(text) < 4 for text in said):
        return False
    return int(said[0]) <= NUMBERED and [*map(int, said)] == [*range(int(said[0]), int(said[0]) + len(said))]


def has_figures(grid: Grid, number: int, spans: Iterable[Span]) -> bool:
    row = grid.rows.get(number)
    if row is None:
        return False
    for left, right in spans:
        for column in range(left, right + 1):
            cell = row.get(column)
            if cell is not None and (cell.kind != CellKind.TEXT or any(c.isdigit() for c in cell.raw)):
                return True
    return False


def text_at(grid: Grid, number: int, span: Span) -> str | None:
    """What a key cell says: the first non-blank cell of its span (never the anchor of a merge from above)."""
    row = grid.rows.get(number)
    if row is not None:
        for column in range(span[0], span[1] + 1):
            cell = row.get(column)
            if cell is not None and (text := cell.raw.strip()):
                return text
    return None
