"""Find the header of a table on a grid: the band of rows that holds it, and where each column stands."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from checker.errors import ReadError
from checker.locate.grid import Grid, Place
from checker.messages import tr
from checker.model.form import Column, ColumnKind, Table
from checker.model.workbook import CellKind

__all__ = ["MOST_COPIES", "Header", "Span", "best_headers", "is_demanded", "may_stand", "too_many_copies"]

#: How far above a column label its parent heading may stand.
PARENT_REACH = 3


#: A sheet that lists more projects than this, one form below another, was made to keep a program busy.
MOST_COPIES = 500

Span = tuple[int, int]


class Header(NamedTuple):
    """A header band: rows ``top`` to ``bottom``, and for each block the sheet columns of each column found.

    ``missing`` are the columns that the form demands and the band lacks; ``doubled`` those found twice in one
    block. ``score`` counts demanded columns twice and optional ones once, so that bands can be compared.
    """

    table: Table
    top: int
    bottom: int
    blocks: tuple[Mapping[str, Span], ...]
    places: tuple[Place, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    score: int

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def left(self) -> int:
        return min(span[0] for block in self.blocks for span in block.values())

    @property
    def right(self) -> int:
        return max(span[1] for block in self.blocks for span in block.values())


def best_headers(grid: Grid, table: Table, top: int, bottom: int) -> tuple[list[Header], Header | None]:
    """The header bands of ``table`` between two rows, from the top, and the nearest band that was not enough.

    A band must hold at least half of the demanded columns, or two of money, and two columns in all where the table has
    two.
    """
    key = (id(table), top, bottom)
    if key not in grid.bands:
        grid.bands[key] = _search(grid, table, top, bottom)
    return grid.bands[key]


def may_stand(grid: Grid, table: Table) -> bool:
    """Whether the sheet has as many words as a header of ``table`` needs, wherever they stand."""
    words = grid.words
    columns = table.columns.values()
    least = min(2, sum(column.kind != ColumnKind.LABEL for column in columns))
    found = [c for c in columns if not words.isdisjoint(c.labels) or not words.isdisjoint(c.meets)]
    if len(found) < least:
        return False
    demanded = sum(map(is_demanded, columns))
    half = sum(map(is_demanded, found)) * 2 >= max(1, demanded)
    return half or sum(column.kind == ColumnKind.AMOUNT for column in found) > 1


def _search(grid: Grid, table: Table, top: int, bottom: int) -> tuple[list[Header], Header | None]:
    hits: dict[int, dict[str, list[Place]]] = {}
    dated = grid.find_dated({label for column in table.columns.values() for label in column.labels}, top, bottom)
    for column in table.columns.values():
        places = [p for p in grid.find(column.labels) if _heads(grid, p, column, table, top, bottom)] or [
            p for p in grid.find_explained(column.labels) if _heads(grid, p, column, table, top, bottom)
        ]
        if column.meets:
            crossing = column._replace(under=column.labels)
            places += [p for p in grid.find(column.meets) if _heads(grid, p, crossing, table, top, bottom)]
        places += [p for p in dated if p.label in column.labels and _heads(grid, p, column, table, top, bottom)]
        for place in places:
            hits.setdefault(place.top, {}).setdefault(column.name, []).append(place)
    if len(hits) > MOST_COPIES:
        raise too_many_copies(grid)
    bands = [band for start in sorted(hits) if (band := _band(table, start, hits)) is not None]
    good = [band for band in bands if _enough(band)]
    chosen: list[Header] = []
    for band in sorted(good, key=lambda b: (-b.score, b.top)):
        if all(band.bottom < other.top or band.top > other.bottom for other in chosen) and not _weaker(band, chosen):
            chosen.append(band)
    chosen.sort(key=lambda b: b.top)
    if chosen:
        return chosen, None
    return [], max(bands, key=lambda b: (b.score, -b.top), default=None)


def _heads(grid: Grid, place: Place, column: Column, table: Table, top: int, bottom: int) -> bool:
    """Whether a label may be the heading of ``column`` between two rows."""
    if not top <= place.top <= bottom or place.bottom - place.top > table.header_rows:
        return False  # elsewhere, or the label of a whole block beside its rows
    if column.kind in ColumnKind.NUMERIC and _has_value_beside(grid, place):
        return False  # a label with its own figure beside it heads no column
    above = column.under or column.meets
    if not above or (column.kind == ColumnKind.LABEL and place.label in above):
        return True  # such a heading says itself which block it is
    return _stands_under(grid, place, above) or _stands_after(grid, place, above)


def _has_value_beside(grid: Grid, place: Place) -> bool:
    cell = grid.cell(place.top, place.right + 1)
    return cell is not None and (cell.kind == CellKind.NUMBER or not cell.raw.strip("0123456789.,% "))


def _weaker(band: Header, chosen: Iterable[Header]) -> bool:
    """A partial echo of a complete header is another table's business, not a second copy of this one."""
    return any(other.complete and not band.complete for other in chosen)


def _enough(band: Header) -> bool:
    demanded = [c for c in band.table.columns.values() if is_demanded(c)]
    found = sum(len(block) for block in band.blocks[:1])
    least = min(2, len([c for c in band.table.columns.values() if c.kind != ColumnKind.LABEL]))
    half = (len(demanded) - len(band.missing)) * 2 >= max(1, len(demanded))
    money = sum(band.table.columns[name].kind == ColumnKind.AMOUNT for name in band.blocks[0])
    return found >= least and (half or money > 1)


def is_demanded(column: Column) -> bool:
    return not column.optional and column.kind != ColumnKind.LABEL


def _band(table: Table, start: int, hits: Mapping[int, Mapping[str, list[Place]]]) -> Header | None:
    found: dict[str, list[Place]] = {name: [*places] for name, places in hits[start].items()}
    for number in range(start + 1, start + table.header_rows):
        for name, places in hits.get(number, {}).items():
            found.setdefault(name, []).extend(places)
    taken: dict[tuple[int, int], str] = {}
    blocks: list[dict[str, Span]] = [{}]
    doubled: list[str] = []
    used: list[Place] = []
    # A word that is one column's own name and another's alias belongs to the first.
    for name, places in sorted(found.items(), key=lambda item: _rank(table.columns[item[0]], item[1])):
        if len(places) == 1:
            free = [p for p in places if (p.top, p.left) not in taken]
        else:
            column = table.columns[name]
            words = (*column.labels, *column.meets)
            best = min(words.index(place.label) for place in places)
            free = sorted(
                {
                    p
                    for p in places
                    if (p.top, p.left) not in taken and (table.side_by_side or words.index(p.label) == best)
                },
                key=lambda p: (p.left, p.top),
            )
        if not free:
            continue
        if len(free) > 1 and not table.side_by_side:  # the same word further down names a row
            free = [p for p in free if p.top == min(place.top for place in free)]
        if len(free) > 1 and not table.side_by_side:
            doubled.append(name)
            continue
        for index, place in enumerate(free):
            while len(blocks) <= index:
                blocks.append({})
            blocks[index][name] = (place.left, place.right)
            taken[place.top, place.left] = name
            used.append(place)
    if not used:
        return None
    missing = tuple(c.name for c in table.columns.values() if is_demanded(c) and c.name not in blocks[0])
    demanded = sum(1 for name in blocks[0] if is_demanded(table.columns[name]))
    return Header(
        table=table,
        top=min(place.top for place in used),
        bottom=max(min(place.bottom, place.top + PARENT_REACH) for place in used),
        blocks=tuple(blocks),
        places=tuple(used),
        missing=missing,
        doubled=tuple(doubled),
        score=demanded * 2 + len(blocks[0]) - demanded,
    )


def _rank(column: Column, places: Iterable[Place]) -> tuple[int, int]:
    words = (*column.labels, *column.meets)
    return min([words.index(place.label) for place in places]), -len(column.under)


def _stands_under(grid: Grid, place: Place, parents: Collection[str]) -> bool:
    """True if a heading above ``place`` is one of ``parents``: a merged one that covers it, or, where nobody
    merged, the nearest heading at its upper left."""
    for number in range(place.top - 1, max(0, place.top - 1 - PARENT_REACH), -1):
        above = [p for p in grid.by_row.get(number, ()) if p.left <= place.left]
        if above and (above[-1].right >= place.left or above[-1].right == above[-1].left):
            if above[-1].label in parents:
                return True
            if above[-1].right >= place.left and above[-1].right > above[-1].left:
                continue
    return False


def _stands_after(grid: Grid, place: Place, heads: Collection[str]) -> bool:
    """True if a heading at its left, before the same word stands there again, is one of ``heads``: blocks side by side
    that the heading of their labels tells apart."""
    for other in reversed(grid.by_row.get(place.top, ())):
        if other.left < place.left:
            if other.label in heads:
                return True
            if other.label == place.label:
                return False
    return False


def too_many_copies(grid: Grid) -> ReadError:
    return ReadError(
        "TOO_MANY_FORMS",
        tr("The sheet holds more than {limit} headers of one table.", limit=MOST_COPIES),
        tr("Split it into several workbooks."),
        grid.sheet.name,
    )
