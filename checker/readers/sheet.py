"""One pass over the XML of a sheet: columns, cells, merged ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from xml.parsers.expat import XMLParserType

from checker.model.workbook import Cell, Range, RowCallback, SheetContent
from checker.readers import limits
from checker.readers.bypass import Bypass, Feed
from checker.readers.cells import CellReader
from checker.readers.grid import parse_range
from checker.readers.markup import Local, parse_main
from checker.readers.package import Package
from checker.readers.plain import read_plain_rows
from checker.readers.refusals import refuse
from checker.readers.rows import RowKeeper

__all__ = ["Budget", "SheetSource", "load_sheet", "stream_sheet"]

_BEGIN = re.compile(b"<sheetData>")


class Budget:
    """What the sheets of one workbook that are kept in memory have used so far."""

    __slots__ = ("cells", "size")

    def __init__(self) -> None:
        self.cells = 0
        self.size = 0


class SheetSource(NamedTuple):
    """Where a sheet is read from. ``place`` is ``file!sheet``; ``remark`` takes codes of oddities."""

    package: Package
    part: str
    place: str
    texts: Callable[[], list[str]]
    remark: Callable[[str], None]
    budget: Budget


def load_sheet(source: SheetSource) -> SheetContent:
    """The whole sheet. Raises ``ReadError``."""
    budget = source.budget
    budget.size += source.package.size(source.part)
    if budget.size > limits.MAX_LOADED_BYTES:
        limit = limits.MAX_LOADED_BYTES // limits.MIB
        raise refuse("SHEET_TOO_LARGE", source.place, limit=limit)
    rows: dict[int, Mapping[int, Cell]] = {}
    texts = source.texts()
    max_cells = limits.MAX_LOADED_CELLS - budget.cells - len(texts)
    keeper = RowKeeper(source.place, texts, rows.__setitem__, rows.get, max_cells, source.remark)
    outline = _Outline(source, keeper)
    outline.read()
    budget.cells += keeper.total
    if not keeper.ordered:
        source.remark("ROWS_OUT_OF_ORDER")
        rows = dict(sorted(rows.items()))
    return SheetContent(rows, tuple(outline.merges), frozenset(keeper.hidden), frozenset(outline.hidden_columns))


def stream_sheet(source: SheetSource, callback: RowCallback) -> None:
    """Call ``callback(row number, row)`` for each row with cells, keeping nothing. Raises ``ReadError``."""
    limit = limits.MAX_STREAMED_CELLS
    _Outline(source, RowKeeper(source.place, source.texts(), callback, None, limit, source.remark)).read()


class _Outline:
    """What stands before and after the cells, with the cells themselves left to others."""

    def __init__(self, source: SheetSource, rows: RowKeeper) -> None:
        self.merges: list[Range] = []
        self.hidden_columns: set[int] = set()
        self._source = source
        self._rows = rows
        self._cells = CellReader(rows)
        self._columns_seen = 0
        self._depth = 0
        #: Depth of the cells while expat is among them.
        self._inside = 0
        self._entered = False

    def read(self) -> None:
        parse_main(self._source.package, self._source.part, "worksheet", self._attach, self._route)

    def _route(self, feed: Feed) -> Bypass:
        def guarded(chunk: bytes) -> None:
            feed(chunk)
            if sum(map(len, self._cells.pieces)) > limits.MAX_TEXT_LENGTH:
                raise refuse("TEXT_TOO_LONG", self._source.place, limit=limits.MAX_TEXT_LENGTH)

        read_pieces = partial(read_plain_rows, self._rows)
        return Bypass(guarded, _BEGIN, b"<row", b"</row>", lambda: self._entered, read_pieces)

    def _attach(self, parser: XMLParserType, local: Local | None) -> None:
        start, end = self._start, self._end
        parser.StartElementHandler = start if local is None else lambda name, given: start(local(name), given)
        parser.EndElementHandler = end if local is None else lambda name: end(local(name))
        parser.CharacterDataHandler = self._cells.pieces.append

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._inside:
            self._cells.start(name, attributes)
            if self._depth > limits.MAX_DEPTH:
                self._refuse_depth()
        elif name == "sheetData":
            if self._entered:
                raise refuse("SHEET_DAMAGED", self._source.place)
            self._entered = True
            self._inside = self._depth
        elif name == "col":
            self._add_columns(attributes)
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))
        elif self._depth > limits.MAX_DEPTH:
            self._refuse_depth()

    def _end(self, name: str) -> None:
        if self._depth == self._inside:
            self._inside = 0
        elif self._inside:
            self._cells.end(name)
        else:
            self._cells.pieces.clear()
        self._depth -= 1

    def _refuse_depth(self) -> None:
        part, limit = self._source.part, limits.MAX_DEPTH
        raise refuse("XML_TOO_DEEP", self._source.place, part=part, limit=limit)

    def _add_columns(self, attributes: dict[str, str]) -> None:
        try:
            first, last = int(attributes["min"]), int(attributes["max"])
        except (KeyError, ValueError):
            first = last = 0
        self._columns_seen += last - first + 1
        # Ranges of columns do not overlap, so all together they have no more columns than the grid.
        if not 1 <= first <= last <= limits.MAX_COLUMN or self._columns_seen > limits.MAX_COLUMN:
            raise refuse("COLUMNS_DAMAGED", self._source.place)
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_columns.update(range(first, last + 1))

    def _add_merge(self, reference: str) -> None:
        merge = parse_range(reference)
        if merge is None:
            raise refuse("BAD_REFERENCE", self._source.place, reference=reference[:40])
        self.merges.append(merge)
        if len(self.merges) > limits.MAX_MERGES:
            raise refuse("TOO_MANY_MERGES", self._source.place, limit=limits.MAX_MERGES)
