"""Draws one table of a form: its header tiers, its rows, its total rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from checker.model.form import Column, ColumnKind, Table
from checker.model.workbook import Range
from checker.templates.content import Value, read_value
from checker.templates.drawing import Position, Style
from checker.templates.formulas import formula_for
from checker.templates.layout import Span, TableLine

if TYPE_CHECKING:
    from checker.templates.pen import Pen

__all__ = ["draw_table"]

Values = Mapping[str, object]


class _Row(NamedTuple):
    """A row to draw: ``key`` is its name, or its index in an open table; ``given`` the cells that were given."""

    key: str | int
    given: Values
    total: bool = False


#: Where a block is shorter than the one beside it.
_EMPTY = _Row("", {})


def draw_table(pen: Pen, line: TableLine, top: int) -> int:
    """Draw the table from row ``top`` on; the row below it."""
    table = pen.form.tables[line.table]
    for block in line.blocks:
        for name in block:
            if name not in table.columns:
                raise pen.unknown(f"{table.name}/{name}", list(table.columns))
    line = _widened(pen, line, table)
    first = _header(pen, line, table, top)
    blocks = _rows(pen, line, table)
    depth = max(len(rows) for rows in blocks)
    printed = [row.key for row in blocks[0] if isinstance(row.key, str) and not row.total]
    for block, rows in zip(line.blocks, blocks, strict=True):
        for number in range(first, first + depth):
            row = rows[number - first] if number - first < len(rows) else _EMPTY
            _row(pen, line, table, row, number, block, printed)
            if line.height is not None:
                pen.heights[number] = line.height
        _merge_levels(pen, line, table, block, first, rows)
    label_end = first + depth - 1
    if line.beside and line.total_span and line.total_span.left <= line.beside.span.left:
        label_end -= next((i for i, row in enumerate(reversed(blocks[0])) if not row.total), depth)
    pen.beside(line.beside, top, label_end)
    return first + depth


def _header(pen: Pen, line: TableLine, table: Table, top: int) -> int:
    """Draw the header tiers; the row below them. A column's own heading reaches up to the tier that covers it."""
    if not table.header_rows:
        return top
    last = top + len(line.header)
    for tier, headings in enumerate(line.header):
        for heading in headings:
            pen.print(top + tier, heading.span, heading.text, Style.HEADING)
    for block in line.blocks:
        for name, span in block.items():
            row = last
            while row > top and not any(_covers(h.span, span) for h in line.header[row - top - 1]):
                row -= 1
            pen.print(row, span, line.header_text.get(name, name), Style.HEADING, last)
    if line.header_height is not None:
        pen.heights[last] = line.header_height
    for number, headings in enumerate(line.below, last + 1):
        for heading in headings:
            pen.print(number, heading.span, heading.text, Style.HEADING)
    return last + 1 + len(line.below)


def _covers(outer: Span, inner: Span) -> bool:
    return outer.left <= inner.left and inner.right <= outer.right


def _rows(pen: Pen, line: TableLine, table: Table) -> list[list[_Row]]:
    """The rows of each block that stands side by side: of one, in nearly every table."""
    given = pen.given(table.name)
    others: list[list[_Row]] = [[] for _ in line.blocks[1:]]
    if table.layout == "closed":
        return _in_blocks(line, _closed_rows(pen, line, table, _cells(pen, table, given or {})))
    if table.layout == "single":
        return [[_Row(0, _cells(pen, table, given or {}))], *others]
    if given is None:
        blocks = _blank_rows(pen, line)
    elif isinstance(given, Sequence) and not isinstance(given, str):
        blocks = _given_rows(pen, line, table, given)
    else:
        raise pen.unknown(f"{table.name}: {given!r}", ["[{…}, …]"])
    drawn = [row.key for rows in blocks for row in rows]
    missing = [
        _Row(name, {}, total=True)
        for name, total in table.totals.items()
        if name not in drawn and (pen.printed or not total.optional)
    ]
    for row in missing:
        block = blocks[line.total_blocks.get(str(row.key), 1) - 1]
        block.insert(missing.index(row) if line.totals_first else len(block), row)
    return blocks


def _in_blocks(line: TableLine, rows: Sequence[_Row]) -> list[list[_Row]]:
    """The rows of a closed table, each in its block: a further one begins where the layout says."""
    blocks: list[list[_Row]] = [[]]
    for row in rows:
        if row.key in line.begins:
            blocks.append([])
        blocks[-1].append(row)
    return [*blocks, *([] for _ in line.blocks[len(blocks) :])]


def _blank_rows(pen: Pen, line: TableLine) -> list[list[_Row]]:
    number = line.rows if pen.rows is None else pen.rows
    prefill = line.prefill[:number] if pen.content is None else ()
    rows = [_Row(i, prefill[i] if i < len(prefill) else {}) for i in range(number)]
    depth = -(-number // len(line.blocks))
    return [rows[at * depth : (at + 1) * depth] for at in range(len(line.blocks))]


def _given_rows(pen: Pen, line: TableLine, table: Table, given: Sequence[object]) -> list[list[_Row]]:
    """The rows as given, each in the block that it names, or in the first."""
    blocks: list[list[tuple[object, Values]]] = [[] for _ in line.blocks]
    for item in given:
        cells = dict(_cells(pen, table, item))
        written = str(cells.pop("block", 1))
        block = int(written) if written.isdecimal() else 0
        total = cells.pop("total", None)
        if total is not None and str(total) not in table.totals:
            raise pen.unknown(f"{table.name}/{total}", list(table.totals))
        if not 0 < block <= len(blocks):
            raise pen.unknown(f"{table.name}/block {written}", range(1, len(blocks) + 1))
        blocks[block - 1].append((total, cells))
    index = count()
    return [
        [_Row(next(index), cells) if total is None else _Row(str(total), cells, True) for total, cells in rows]
        for rows in blocks
    ]


def _widened(pen: Pen, line: TableLine, table: Table) -> TableLine:
    """With the columns that are given and not laid out at the right: variants of a form print them."""
    given = pen.given(table.name)
    rows = list(given.values()) if table.layout == "closed" and isinstance(given, Mapping) else given
    rows = rows if isinstance(rows, Sequence) else [rows]
    named = {name for row in rows if isinstance(row, Mapping) for name in row}
    laid_out = {name for block in line.blocks for name in block}
    more = [name for name in table.columns if name in named - laid_out]
    if not more:
        return line
    spans = {name: Span(at, at) for at, name in enumerate(more, start=pen.width + 1)}
    return replace(line, blocks=(*line.blocks[:-1], {**line.blocks[-1], **spans}))


def _closed_rows(pen: Pen, line: TableLine, table: Table, given: Values) -> list[_Row]:
    """The rows that the layout names, or every one; those given besides; extra rows, where the form allows any.

    A row given as null is not printed."""
    known = [*table.rows, *table.totals]
    for name in given:
        if name not in known and not table.extra_rows:
            raise pen.unknown(f"{table.name}/{name}", known)
    usual = [name for name in known if name in line.row_text] if line.row_text else known
    names = [name for name in known if name in usual or name in given]
    head = ""
    for name in given:
        if name not in known:  # below the row that lists it, or at the end
            names.insert(names.index(head) + 1 if head else len(names), name)
            head = name if head else ""
        else:
            head = name if name in table.rows and table.rows[name].lists else ""
    return [
        _Row(name, _cells(pen, table, given.get(name, {})), total=name in table.totals)
        for name in names
        if name not in given or given[name] is not None
    ]


def _cells(pen: Pen, table: Table, given: object) -> Values:
    if not isinstance(given, Mapping):
        raise pen.unknown(f"{table.name}: {given!r}", ["{…}"])
    return given


def _row(
    pen: Pen,
    line: TableLine,
    table: Table,
    row: _Row,
    number: int,
    block: Mapping[str, Span],
    printed: Sequence[str],
) -> None:
    for name in row.given:
        if name not in block:
            raise pen.unknown(f"{table.name}/{row.key}/{name}", list(block))
    labels = _labels(line, table, row, block)
    covered = line.total_span if row.total else None
    if covered is not None:
        pen.print(number, covered, labels.pop(next(iter(labels), ""), str(row.key)), Style.HEADING)
    for name, span in block.items():
        if covered is not None and _covers(covered, span):
            continue
        if name in labels and name not in row.given:
            pen.print(number, span, labels[name], Style.for_label(labels[name]))
            pen.places[table.name, row.key, name] = (number, span.left)
            continue
        _cell(pen, line, table, row, number, table.columns[name], span, printed)


def _labels(line: TableLine, table: Table, row: _Row, block: Mapping[str, Span]) -> dict[str, str]:
    """What is printed in the columns that name the rows."""
    if isinstance(row.key, int) or row is _EMPTY:
        return {}
    columns = [name for name in block if table.columns[name].kind == ColumnKind.LABEL]
    if row.total and not columns:
        columns = [table.key] if table.key in block else list(block)[:1]
    text = line.row_text.get(row.key, row.key)
    if isinstance(text, Mapping):
        return {str(name): str(value) for name, value in text.items()}
    return dict(zip(columns[:1], [str(text)], strict=True)) | dict.fromkeys(columns[1:], "")


def _cell(
    pen: Pen,
    line: TableLine,
    table: Table,
    row: _Row,
    number: int,
    column: Column,
    span: Span,
    printed: Sequence[str],
) -> None:
    value = read_value(row.given.get(column.name), column.kind)
    formula = None
    if pen.printed and column.name not in row.given and row is not _EMPTY:
        marks = line.printed.get(column.name, {})
        mark = marks.get(str(row.key), marks.get("*") if isinstance(row.key, str) else None)
        formula = formula_for(line, table, row.key, column, printed) if mark is None else None
        value = Value("", "") if mark is None else read_value(mark, column.kind)
    if column.name in line.split:
        position = _split(pen, number, span, column, value, table.code_steps)
    else:
        position = pen.fill(number, span, column, value, choices=column.values)
    if row is _EMPTY:
        return
    pen.places[table.name, row.key, column.name] = position
    if formula is not None:
        pen.formulas[position] = (formula, table.name, row.key)


def _split(pen: Pen, number: int, span: Span, column: Column, code: Value, steps: Sequence[int]) -> Position:
    """A code part by part in the narrow cells of its column; the place of the first."""
    rest = code.raw
    for at, step in zip(range(span.left, span.right + 1), steps, strict=False):
        part, rest = rest[:step], rest[step:]
        pen.fill(number, Span(at, at), column, code._replace(kind=code.kind if part else "", raw=part))
    return number, span.left


def _merge_levels(
    pen: Pen, line: TableLine, table: Table, block: Mapping[str, Span], first: int, rows: Sequence[_Row]
) -> None:
    """Merge the runs of each level downwards: a blank repeats the cell above, and so does the same word again.

    A run ends where one of a higher level ends, at a total row and at an empty row. A cell given as ``{text: …}``
    stands alone."""
    edges = {0, len(rows)}
    for name, span in block.items():
        if not table.columns[name].fill:
            continue
        words: list[str | None] = []
        for row in rows:
            labels = _labels(line, table, row, block)
            word = labels.get(name, row.given.get(name))
            alone = row.total or isinstance(word, Mapping) or not (name in labels or row.given)
            words.append(None if alone else str(word or ""))
        run = None
        for i, word in enumerate(words):
            if i in edges or word is None or run is None or word not in ("", run):
                edges.add(i)
                run = word
        stops = sorted(edges)
        for start, stop in pairwise(stops):
            if stop - start > 1 and words[start]:
                _merge(pen, Range(first + start, span.left, first + stop - 1, span.right))


def _merge(pen: Pen, area: Range) -> None:
    pen.merges[:] = [
        m for m in pen.merges if (m.left, m.right) != (area.left, area.right) or not (area.top <= m.top <= area.bottom)
    ]
    for row in range(area.top + 1, area.bottom + 1):
        pen.cells.pop((row, area.left), None)
    pen.merges.append(area)
