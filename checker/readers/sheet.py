"""One pass over the XML of a sheet: columns, cells, merged ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from xml.parsers.expat import XMLParserType

from checker.model.workbook import Cell, Range, RowCallback, SheetContent
from checker.readers import limits
from checker.readers.bypass import Bypass, Feed
from checker.readers.cells import CellReader
from checker.readers.grid import parse_range
from checker.readers.markup import Local, parse_main
from checker.readers.package import Package
from checker.readers.plain import read_plain_row
from checker.readers.refusals import refuse
from checker.readers.rows import RowKeeper

__all__ = ["Budget", "SheetSource", "load_sheet", "stream_sheet"]

#: A text within one element must come in one piece: at least ``MAX_TEXT_LENGTH`` characters of UTF-8.
_TEXT_BUFFER = 4 * limits.MIB + 65_536
_BEGIN = re.compile(b"<sheetData>")


@dataclass(slots=True)
class Budget:
    """What the sheets of one workbook that are kept in memory have used so far."""

    cells: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class SheetSource:
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
    rows: dict[int, dict[int, Cell]] = {}
    max_cells = limits.MAX_LOADED_CELLS - budget.cells
    keeper = RowKeeper(source.place, source.texts(), rows.__setitem__, rows.get, max_cells, source.remark)
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
        self._reading: Generator[int, str, None] | None = None
        self._columns_seen = 0
        self._fed = 0
        self._opened = 0
        self._ended = 0
        self._ended_before = 0

    def read(self) -> None:
        try:
            parse_main(self._source.package, self._source.part, "worksheet", self._attach, self._route)
        finally:
            if self._reading is not None:
                self._reading.close()

    def _route(self, feed: Feed) -> Bypass:
        def guarded(chunk: bytes) -> None:
            feed(chunk)
            self._guard(chunk)

        read_piece = partial(read_plain_row, self._rows)
        return Bypass(guarded, _BEGIN, b"<row", b"</row>", lambda: self._reading is not None, read_piece)

    def _attach(self, parser: XMLParserType, local: Local | None) -> None:
        parser.buffer_size = _TEXT_BUFFER
        parser.CharacterDataHandler = self._cells.pieces.append
        self._parser, self._local = parser, local
        self._handle(self._start, self._end)

    def _handle(self, start: Callable[[str, dict[str, str]], None], end: Callable[[str], object]) -> None:
        local = self._local
        if local is None:
            self._parser.StartElementHandler = start
            self._parser.EndElementHandler = end
        else:
            self._parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
            self._parser.EndElementHandler = lambda name: end(local(name))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            if self._reading is not None:
                raise refuse("SHEET_DAMAGED", self._source.place)
            self._reading = self._cells.read(self._leave_cells)
            next(self._reading)
            pieces = self._cells.pieces
            # White space between elements shows a pretty-printed file, where it must be told from texts.
            start = self._start_pretty if pieces else self._cells.last.__setitem__
            pieces.clear()
            self._handle(start, self._reading.send)
        elif name == "col":
            self._add_columns(attributes)
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))

    def _start_pretty(self, name: str, attributes: dict[str, str]) -> None:
        self._cells.pieces.clear()
        self._cells.last[name] = attributes

    def _leave_cells(self) -> None:
        self._handle(self._start, self._end)

    def _end(self, name: str) -> None:
        self._ended += 1
        if self._reading is not None:
            self._cells.pieces.clear()

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

    def _guard(self, chunk: bytes) -> None:
        """Bound the depth and the stray text after each chunk.

        Start tags go by uncounted, but a chunk opens at most as many levels as it has ``<`` and ``/>``, less
        two for each element that ended in it. The first chunks may be deep: they are too short to do harm.
        """
        ended = self._ended + (self._reading.send("") if self._reading else 0)
        if self._fed > limits.MIB:
            if 0 in chunk:
                chunk = chunk.replace(b"\0", b"")  # UTF-16
            self._opened += chunk.count(b"<") + chunk.count(b"/>") - 2 * (ended - self._ended_before)
            if self._opened > limits.MAX_SHEET_DEPTH:
                part, limit = self._source.part, limits.MAX_SHEET_DEPTH
                raise refuse("XML_TOO_DEEP", self._source.place, part=part, limit=limit)
        self._fed += len(chunk)
        self._ended_before = ended
        pieces = self._cells.pieces
        if len(pieces) > 4 and sum(map(len, pieces)) > limits.MAX_TEXT_LENGTH:
            raise refuse("TEXT_TOO_LONG", self._source.place, limit=limits.MAX_TEXT_LENGTH)
        if len(self._cells.last) > limits.MAX_DEPTH:
            raise refuse("XML_TOO_MANY_NAMES", self._source.place, part=self._source.part, limit=limits.MAX_DEPTH)
