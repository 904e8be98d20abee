"""Read the rows below a header: which they are, what they are called, and where the table ends."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Final, NamedTuple

from checker.locate.grid import Grid, bare
from checker.locate.headers import Header, Span, is_demanded
from checker.locate.lines import (
    NUMBERED,
    begins,
    counts_columns,
    has_figures,
    heads_another,
    is_band,
    is_blank,
    is_note,
    may_tell,
    signs,
    text_at,
)
from checker.model.form import ColumnKind, Row, Table
from checker.model.workbook import Cell, CellKind

__all__ = [
    "LocatedRow",
    "below_heading",
    "joined_code",
    "read_rows",
    "with_unheaded",
    "with_wide_codes",
    "without_doubled",
]

#: Blank lines that may stand inside a closed table before it is taken to have ended.
GAP = 2

_CODE: Final = re.compile(r"[0-9\s.]+")
#: What stands in these columns makes no row.
_NO_FIGURES: Final = frozenset({ColumnKind.LABEL, ColumnKind.CODE})
_FIGURE: Final = re.compile(r"[0-9][0-9.,]*")


class LocatedRow(NamedTuple):
    """One row of a located table. ``name`` is canonical for known rows, the label as read for others."""

    name: str
    label: str
    number: int
    block: int = 0
    known: bool = True
    level: str = ""


class _Stretch(NamedTuple):
    """One block of columns below a header, down to the row ``bottom``; the rest as for ``read_rows``."""

    grid: Grid
    header: Header
    number: int
    block: Mapping[str, Span]
    bottom: int
    stops: Collection[str]
    abreast: Sequence[Span]

    @property
    def left(self) -> int:
        """The last column of what stands at its left: a block before it, or another table."""
        blocks = [span[1] for block in self.header.blocks[: self.number] for span in block.values()]
        return max([0, *blocks, *(span[1] for span in self.abreast if span[1] < self.header.left)])


Ranked = tuple[int, LocatedRow]
Found = tuple[list[LocatedRow], list[Ranked], int]


def with_unheaded(grid: Grid, header: Header) -> Header:
    """``header`` with the column whose heading is blank, where a table of one row leaves no doubt which it is: a figure
    stands left of the first heading, and the form has one column before it."""
    block = header.blocks[0]
    if header.table.layout != "single" or not block:
        return header
    printed = min(block, key=lambda name: block[name][0])
    before = list(header.table.columns)[: list(header.table.columns).index(printed)]
    if len(before) != 1:
        return header
    spans = list(block.values())
    number = next((n for n in range(header.bottom + 1, header.bottom + 2 + GAP) if has_figures(grid, n, spans)), 0)
    cell, row, column = grid.covered(number, header.left - 1)
    if cell is None or row != number or not (cell.kind == CellKind.NUMBER or _FIGURE.fullmatch(cell.raw.strip())):
        return header
    return header._replace(blocks=({before[0]: (column, header.left - 1), **block}, *header.blocks[1:]))


def below_heading(grid: Grid, header: Header, left: int = 0) -> Header:
    """``header`` down to its last line: the lines below the names that the form's words for a heading open, and one
    that numbers the columns of a single row; a blank line or a note may stand between. ``left`` is where the table
    beside it ends."""
    bottom = header.bottom
    for number in count(bottom + 1):
        places = [p for p in grid.by_row.get(number, ()) if left < p.left <= header.right]
        if (places and places[0].label in header.table.heading) or _numbers_columns(grid, number, header):
            bottom = number
        elif number - bottom > GAP or not (
            is_blank(grid, number) or is_note(grid, number, places[0] if places else None)
        ):
            return header._replace(bottom=bottom)
    raise AssertionError  # lines are without end


def _numbers_columns(grid: Grid, number: int, header: Header) -> bool:
    if header.table.layout != "single":
        return False
    spans = sorted(span for block in header.blocks for span in block.values())
    cells = [grid.cell(number, span[0]) for span in spans]
    said = [cell.raw.strip() for cell in cells if cell is not None]
    return len(said) >= NUMBERED and said == [str(at + 1) for at in range(len(spans))]


def with_wide_codes(header: Header) -> Header:
    """``header`` with the columns that hold codes reaching to the next heading, as far as a code has parts: where
    nobody merged the heading of codes that stand part by part, it stands over the first."""
    coded = {level.column for level in header.table.levels.values()}
    spans = [span for block in header.blocks for span in block.values()]

    def wide(span: Span) -> Span:
        after = min((left for left, _ in spans if left > span[1]), default=span[1] + 1)
        return span[0], max(span[1], min(after - 1, span[0] + len(header.table.levels) - 1))

    blocks = ({name: wide(span) if name in coded else span for name, span in block.items()} for block in header.blocks)
    return header._replace(blocks=tuple(blocks)) if coded else header


def joined_code(grid: Grid, number: int, span: Span, steps: Sequence[int]) -> Cell | None:
    """A code that stands in several narrow cells of one row, as if it stood in one; None where it does not. ``steps``
    are the lengths of its parts: a part stored as a number has lost its leading zeros."""
    cells = (grid.cell(number, at) for at in range(span[0], span[1] + 1) if _shows(grid, number, at))
    parts = [cell for cell in cells if cell is not None and cell.raw.strip()]
    said = [part.raw.strip() for part in parts]
    if len(set(said)) < 2 or not all(map(str.isdecimal, said)):
        return None  # one cell, one code written into every cell, or words beside the code
    wanted = [*steps[: len(parts)], *[0] * (len(parts) - len(steps))]
    text = "".join(part.raw.strip().zfill(length) for part, length in zip(parts, wanted, strict=True))
    return parts[0]._replace(kind=CellKind.TEXT, raw=text, formula=None)


def _shows(grid: Grid, row: int, column: int) -> bool:
    merge = grid.merge_at(row, column)
    return merge is None or (merge.top, merge.left) == (row, column)


def without_doubled(grid: Grid, header: Header, rows: Iterable[LocatedRow]) -> Header:
    """``header`` without the columns whose heading, written into neighbouring cells, heads several of them: cells of
    one row below it say different things."""

    def differ(number: int, span: Span) -> bool:
        cells = (grid.covered(number, at)[0] for at in range(span[0], span[1] + 1))
        return len({cell.raw.strip() for cell in cells if cell is not None} - {""}) > 1

    wide = [
        (block, name, span)
        for block in header.blocks
        for name, span in block.items()
        if span[1] > span[0] and header.table.columns[name].kind != ColumnKind.CODE
    ]
    numbers = [row.number for row in rows] if wide else []
    found = {name for _, name, span in wide if any(differ(number, span) for number in numbers)}
    if not found or found == header.blocks[0].keys():
        return header
    blocks = tuple({name: span for name, span in block.items() if name not in found} for block in header.blocks)
    lost = [name for name in found if is_demanded(header.table.columns[name])]
    return header._replace(
        blocks=blocks, missing=(*header.missing, *sorted(lost)), doubled=(*header.doubled, *sorted(found))
    )


def read_rows(
    grid: Grid, header: Header, bottom: int, stops: Collection[str], abreast: Sequence[Span] = ()
) -> tuple[list[LocatedRow], list[LocatedRow], int]:
    """The rows below a header, down to ``bottom`` or to where the table ends: data rows, named totals, last row.

    ``stops`` are labels that belong to other parts of the form, ``abreast`` the columns of the tables side by side with
    this one. A total that stands twice is given twice.
    """
    rows: list[LocatedRow] = []
    totals: list[Ranked] = []
    last = header.bottom
    for index, block in enumerate(header.blocks):
        if not block:
            continue
        reader = _closed if header.table.layout == "closed" else _open
        found, sums, end = reader(_Stretch(grid, header, index, block, bottom, stops, abreast))
        rows.extend(_with_levels(grid, header.table, block, found) if header.table.levels else found)
        totals.extend(sums)
        last = max(last, end)
    return rows, _best_named(totals), last


def _with_levels(
    grid: Grid, table: Table, block: Mapping[str, Span], rows: Iterable[LocatedRow]
) -> Iterator[LocatedRow]:
    """Rows with the class that the length of their code puts them in; a row without a code is in none."""
    for row in rows:
        level = next(
            (
                level.name
                for level in table.levels.values()
                if (span := block.get(level.column)) is not None
                and len("".join((_word_at(grid, row.number, table, span, block) or "").split())) == level.length
            ),
            "",
        )
        yield row._replace(level=level)


def _best_named(totals: Sequence[Ranked]) -> list[LocatedRow]:
    """Of several rows that may be one total, those that bear the best of its names: a row called by the total's own
    name is the total, one called by an alias beside it is another sum."""
    best: dict[str, int] = {}
    for rank, row in totals:
        best[row.name] = min(rank, best.get(row.name, rank))
    return [row for rank, row in totals if rank == best[row.name]]


def _closed(stretch: _Stretch) -> Found:
    grid, header, index, block, bottom, stops, abreast = stretch
    table, left = header.table, stretch.left
    names = _names(table.rows)
    groups = {beside for beside, _ in names if beside}
    group = ""
    values = [span for name, span in block.items() if table.columns[name].kind != ColumnKind.LABEL]
    figures = [span for name, span in block.items() if table.columns[name].kind not in _NO_FIGURES]
    label_edge = max((s[1] for n, s in block.items() if table.columns[n].kind == ColumnKind.LABEL), default=None)
    first_value = min(span[0] for span in values)
    lines = [*abreast, (header.left, header.right)]
    rows: list[LocatedRow] = []
    gap, last, listing = 0, header.bottom, False
    for number in range(header.bottom + 1, bottom + 1):
        places = [p for p in grid.by_row.get(number, ()) if left < p.right and p.left < first_value and p.top == number]
        if label_edge is not None:
            places = [p for p in places if p.left <= label_edge] or places
        group = next((found for p in places if (found := _one_of(groups, p.label))), group)
        known = [(p, name) for p in places if (name := _name(names, group, p.label))]
        if known:
            place, name = known[-1]
            rows.append(LocatedRow(name, place.text.strip(), number, index))
            listing = table.rows[name].lists
        elif any(p.label in stops for p in places) or signs(grid, number, places[0] if places else None, figures):
            break
        elif any(p.right >= first_value for p in places) or is_note(grid, number, places[0] if places else None):
            gap += 1  # a remark, perhaps over the whole line
            if gap > GAP:
                break
            continue
        elif has_figures(grid, number, figures) or (listing and places):
            text = places[-1].text.strip() if places else ""
            rows.append(LocatedRow(places[-1].label if places else "", text, number, index, known=False))
        elif abreast and any(cell.raw.strip() for at, cell in grid.rows.get(number, {}).items() if _within(at, lines)):
            continue  # the table beside this one is longer, or the lines are numbered
        else:  # blank, or a source that the form does not know and that gave nothing
            gap += 1
            if gap > GAP:
                break
            continue
        gap, last = 0, number
    return rows, [], last


def _within(column: int, spans: Iterable[Span]) -> bool:
    return any(left <= column <= right for left, right in spans)


def _open(stretch: _Stretch) -> Found:
    grid, header, index, block, bottom, stops, _ = stretch
    table, left = header.table, stretch.left
    sums = {label: (rank, row.name) for row in table.totals.values() for rank, label in enumerate(row.labels)}
    ends = frozenset(table.ends)
    telling = {*sums, *ends, *stops, *grid.footers, *grid.notes}
    key = block.get(table.key)
    words = [key] if key else [s for n, s in block.items() if table.columns[n].kind not in ColumnKind.NUMERIC]
    figures = [s for n, s in block.items() if table.columns[n].kind in ColumnKind.NUMERIC]
    figures_left = min((s[0] for s in figures), default=header.right)
    filled = list(block.values()) if table.layout == "single" else figures
    by_row = grid.by_row
    rows: list[LocatedRow] = []
    totals: list[Ranked] = []
    last = header.bottom
    paused = noted = False
    for number in range(header.bottom + 1, bottom + 1):
        places = by_row.get(number, ())
        for place in places:
            if place.label in telling or may_tell(place):
                break
        else:  # most rows hold words of no consequence for where the table ends
            places = ()
        if places:
            labels = [p for p in places if p.left < figures_left and p.right > left and p.top == number]
            if len(header.blocks) > 1:  # a label over several blocks speaks for the last of them
                labels = [p for p in labels if p.right < figures_left]
            total = next((p for p in labels if p.label in sums or bare(p.label) in sums), None)
            if total is not None:
                rank, name = sums.get(total.label) or sums[bare(total.label)]
                totals.append((rank, LocatedRow(name, total.text.strip(), number, index)))
                last, paused, noted = number, False, False
                continue
            first = next((p for p in places if p.right > left), None)
            if is_note(grid, number, first):
                paused = noted = True
                continue
            if any(p.label in stops or begins(p, ends) for p in labels[:2]) or signs(grid, number, first, figures):
                break
            if labels and is_band(labels[0], header):
                paused = True
                continue
        below = paused or (totals and last == totals[-1][1].number)
        if below and heads_another(grid, number, figures):
            break
        text = None
        for span in words:
            text = _word_at(grid, number, table, span, block) or None if table.levels else text_at(grid, number, span)
            if text is not None:
                break
        if text is None and not has_figures(grid, number, filled) and not _continues(grid, number, key, table, block):
            continue
        if text and table.levels and not _CODE.fullmatch(text) and not has_figures(grid, number, figures):
            continue  # words where a code is due, and no figure: a remark
        if paused and not _resumes(grid, number, text, words, figures if noted else (), table, block):
            continue
        if text is None and not rows and not totals and counts_columns(grid, number, figures):
            continue
        rows.append(LocatedRow(text or "", text or "", number, index, text is not None))
        last, paused, noted = number, False, False
        if table.layout == "single":
            break
    return rows, totals, last


def _resumes(
    grid: Grid,
    number: int,
    text: str | None,
    words: Sequence[Span],
    figures: Sequence[Span],
    table: Table,
    block: Mapping[str, Span],
) -> bool:
    """Whether a row below a heading between rows or a note is the table's again: it has a name and something beside it;
    where ``figures`` are asked for (a note may go on), a name and a figure, or several figures."""
    if figures:
        return sum(has_figures(grid, number, [span]) for span in figures) > (text is None)
    return text is not None and _goes_on(grid, number, words[0], table, block)


def _goes_on(grid: Grid, number: int, key: Span, table: Table, block: Mapping[str, Span]) -> bool:
    """Whether a row holds anything of its own beside its key: what lies below a note seldom does."""
    own = [span for name, span in block.items() if span != key and not table.columns[name].fill]
    return any(text_at(grid, number, span) is not None for span in own)


def _continues(grid: Grid, number: int, key: Span | None, table: Table, block: Mapping[str, Span]) -> bool:
    """Whether a row stands under a key merged over several rows and holds something of its own."""
    merge = grid.merge_at(number, key[0]) if key is not None else None
    return key is not None and merge is not None and merge.top < number and _goes_on(grid, number, key, table, block)


def _names(rows: Mapping[str, Row]) -> dict[tuple[str, str], str]:
    """The rows by the label beside them, if they need one, and their own."""
    return {(group, label): row.name for row in rows.values() for group in row.beside or ("",) for label in row.labels}


def _name(names: Mapping[tuple[str, str], str], group: str, label: str) -> str | None:
    """The row that a label names, in the group that the label beside it told last."""
    for place in ((group, label), ("", label), (group, bare(label)), ("", bare(label))):
        if place in names:
            return names[place]
    return None


def _one_of(groups: Collection[str], label: str) -> str | None:
    return next((word for word in (label, bare(label)) if word in groups), None)


def _word_at(grid: Grid, number: int, table: Table, span: Span, block: Mapping[str, Span]) -> str | None:
    """What a cell that names its row says; a code in several cells is one word."""
    if span[1] > span[0] and table.levels and any(block.get(level.column) == span for level in table.levels.values()):
        code = joined_code(grid, number, span, table.code_steps)
        if code is not None:
            return code.raw
    return text_at(grid, number, span)
