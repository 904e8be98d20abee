"""One pass over the XML of a sheet: values, formulas, errors, merges and what is hidden.

The cells are the hot path of the whole program. expat calls back four times per cell, so as much of that as
possible stays in C: start tags go straight into a dictionary (the last attributes by element name), texts
into a list, and end tags are sent to a coroutine, which keeps its state in local variables. Only the parts
before and after the cells are read by ordinary handlers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from math import isfinite
from typing import Final
from xml.parsers.expat import XMLParserType

from checker.model.workbook import Cell, CellKind, Range, Row, RowCallback, SheetContent, address
from checker.readers import limits
from checker.readers.formulas import SharedFormula
from checker.readers.grid import LETTERS, parse_cell, parse_range
from checker.readers.markup import Local, parse_main
from checker.readers.package import Package
from checker.readers.refusals import refuse
from checker.readers.texts import unescape

__all__ = ["Budget", "SheetSource", "load_sheet", "stream_sheet"]

_TRUE = ("1", "true")
_FALSE = ("0", "false")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: Most numbers that are not mere digits: small enough to be finite.
_is_number = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
#: Stands for the row number where no cell of the row has been met yet; equal to no reference.
_NO_ROW: Final = "!"
#: A text within one element must come in one piece: at least ``MAX_TEXT_LENGTH`` characters of UTF-8.
_TEXT_BUFFER: Final = 4 * limits.MIB


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
    rows: dict[int, Row] = {}
    reading = _Reading(source, rows.__setitem__, rows.get, limits.MAX_LOADED_CELLS - budget.cells)
    reading.run()
    budget.cells += reading.filled
    if not reading.ordered:
        source.remark("ROWS_OUT_OF_ORDER")
        rows = dict(sorted(rows.items()))
    return SheetContent(
        rows,
        tuple(reading.merges),
        frozenset(reading.hidden_rows),
        frozenset(reading.hidden_columns),
    )


def stream_sheet(source: SheetSource, callback: RowCallback) -> None:
    """Call ``callback(row number, row)`` for each row with cells, keeping nothing. Raises ``ReadError``."""
    _Reading(source, callback, None, limits.MAX_STREAMED_CELLS).run()


class _Integers(dict[str | None, int]):
    """Style numbers by their text; no style is style 0."""

    def __missing__(self, text: str | None) -> int:
        self[text] = number = int(text or 0)
        return number


@dataclass(slots=True)
class _Reading:
    """The state of one pass. ``known`` finds a row that was emitted before, where rows are kept."""

    source: SheetSource
    emit: RowCallback
    known: Callable[[int], Row | None] | None
    max_cells: int
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    ordered: bool = True
    filled: int = 0

    _parser: XMLParserType = field(init=False)
    _last: dict[str, dict[str, str]] = field(default_factory=lambda: {"c": {}, "f": {}, "row": {}})
    _pieces: list[str] = field(default_factory=list)
    _cells: Generator[int, str, None] | None = None
    _local: Local | None = None
    _ends_outside: int = 0
    _markup: int = 0
    _columns_seen: int = 0
    _shared: dict[str, SharedFormula] = field(default_factory=dict)
    _shared_length: int = 0
    #: Column → last row and formula of an array formula that reaches over several cells.
    _arrays: dict[int, tuple[int, str]] = field(default_factory=dict)

    def run(self) -> None:
        parse_main(self.source.package, self.source.part, "worksheet", self._attach, self._guard)

    # Before and after the cells

    def _attach(self, parser: XMLParserType, local: Local | None) -> None:
        self._parser, self._local = parser, local
        parser.buffer_size = _TEXT_BUFFER
        parser.CharacterDataHandler = self._pieces.append
        self._handle(self._start_outside, self._end_outside)

    def _handle(
        self, start: Callable[[str, dict[str, str]], None], end: Callable[[str], object]
    ) -> None:
        local = self._local
        if local is not None:
            self._parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
            self._parser.EndElementHandler = lambda name: end(local(name))
        else:
            self._parser.StartElementHandler = start
            self._parser.EndElementHandler = end

    def _start_outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            if self._cells is not None:
                raise refuse("SHEET_DAMAGED", self.source.place)
            self._cells = cells = self._read_cells(self._parser)
            next(cells)
            # White space between elements: a pretty-printed file, where it must be told from texts.
            pretty = any(self._pieces)
            self._pieces.clear()
            self._handle(self._start_pretty if pretty else self._last.__setitem__, cells.send)
        elif name == "col":
            self._add_columns(attributes)
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))

    def _end_outside(self, name: str) -> None:
        self._ends_outside += 1

    def _start_pretty(self, name: str, attributes: dict[str, str]) -> None:
        self._pieces.clear()
        self._last[name] = attributes

    def _add_columns(self, attributes: dict[str, str]) -> None:
        try:
            first, last = int(attributes["min"]), int(attributes["max"])
        except (KeyError, ValueError):
            first = last = 0
        self._columns_seen += last - first + 1
        # Ranges of columns do not overlap, so all together they have no more columns than the grid.
        if not 1 <= first <= last <= limits.MAX_COLUMN or self._columns_seen > limits.MAX_COLUMN:
            raise refuse("COLUMNS_DAMAGED", self.source.place)
        if attributes.get("hidden") in _TRUE:
            self.hidden_columns.update(range(first, last + 1))

    def _add_merge(self, reference: str) -> None:
        merge = parse_range(reference)
        if merge is None:
            raise refuse("BAD_REFERENCE", self.source.place, reference=reference[:40])
        self.merges.append(merge)
        if len(self.merges) > limits.MAX_MERGES:
            raise refuse("TOO_MANY_MERGES", self.source.place, limit=limits.MAX_MERGES)

    def _guard(self, chunk: bytes) -> None:
        """Bound the depth and the stray text after each chunk.

        Start tags go by uncounted. But the levels that are open are at most the ``<`` and ``/>`` seen so far
        less twice the elements that have ended.
        """
        if 0 in chunk:
            chunk = chunk.replace(b"\0", b"")  # UTF-16
        self._markup += chunk.count(b"<") + chunk.count(b"/>")
        ended = self._ends_outside + (self._cells.send("") if self._cells else 0)
        if self._markup - 2 * ended > limits.MAX_SHEET_DEPTH:
            raise refuse(
                "XML_TOO_DEEP", self.source.place, part=self.source.part, limit=limits.MAX_SHEET_DEPTH
            )
        if len(self._pieces) > 4 and sum(map(len, self._pieces)) > limits.MAX_TEXT_LENGTH:
            raise refuse("TEXT_TOO_LONG", self.source.place, limit=limits.MAX_TEXT_LENGTH)

    # The cells

    def _read_cells(self, parser: XMLParserType) -> Generator[int, str, None]:
        """Take the names of elements that end, yield how many have ended so far."""
        pieces, last, arrays = self._pieces, self._last, self._arrays
        pop = pieces.pop
        texts = self.source.texts()
        text_count = len(texts)
        styles = _Integers()
        new = tuple.__new__
        runs: list[str] = []
        row: dict[int, Cell] = {}
        formula: str | None = None
        special: dict[str, str] | None = None
        value: str | None
        # Column of the last cell; cells put into this row; all cells so far.
        column = filled = total = ends = number = 0
        suffix = _NO_ROW
        ascending = True
        while True:
            name = yield ends
            ends += 1
            if name == "v":
                value = pop() if pieces else ""
                if pieces:
                    self._drop_stray()
            elif name == "c":
                if formula is None and special is None:
                    column += 1
                    if pieces:
                        pieces.clear()
                    continue
                value = None
            elif name == "row":
                attributes = last["row"]
                if suffix is _NO_ROW:
                    number = self._begin_row(attributes, number, None)
                elif row:
                    if filled != len(row):
                        raise refuse("CELL_TWICE", self.source.place, row=number)
                    total += filled
                    if total > self.max_cells:
                        raise refuse("TOO_MANY_CELLS", self.source.place, limit=self.max_cells)
                    if not ascending:
                        row = dict(sorted(row.items()))
                    if arrays:
                        self._fill_arrays(row, number)
                    self.emit(number, row)
                if "hidden" in attributes and attributes["hidden"] in _TRUE:
                    self.hidden_rows.add(number)
                suffix = _NO_ROW
                column = 0
                continue
            elif name == "f":
                formula = pop() if pieces else None
                special = last["f"] or None
                if pieces:
                    self._drop_stray()
                continue
            elif name == "is":
                value = unescape("".join(runs))
                runs.clear()
                last["c"]["t"] = "inlineStr"
            elif name == "t":
                runs.append(pop() if pieces else "")
                if pieces:
                    self._drop_stray()
                continue
            elif name:
                if name == "rPh" and runs:
                    runs.pop()
                elif name == "sheetData":
                    self.filled = total
                    self._handle(self._start_outside, self._end_outside)
                elif name.endswith((":Choice", "}Choice")):
                    raise refuse("ALTERNATE_CELLS", self.source.place)
                pieces.clear()
                continue
            else:
                continue

            cell = last["c"]
            try:
                expected = cell["r"] == LETTERS[column] + suffix
            except (KeyError, IndexError):
                expected = False
            if not expected:
                reference = cell.get("r")
                if suffix is _NO_ROW:
                    number = self._begin_row(last["row"], number, reference)
                    suffix = str(number)
                    row = dict(self.known(number) or ()) if self.known else {}
                    filled = len(row)
                    ascending = True
                if reference is not None:
                    found = self._find_column(reference, number) - 1
                    ascending = ascending and found >= column
                    column = found
                elif column >= limits.MAX_COLUMN:
                    raise refuse("OUTSIDE_GRID", self.source.place, reference=f"{number}:{column + 1}")
            if special is not None:
                formula = self._special_formula(special, formula, number, column + 1)
                special = None

            if (
                "t" not in cell
                and value
                and (
                    (len(value) < 40 and value.isascii() and value.replace(".", "", 1).isdigit())
                    or _is_number(value)
                )
            ):
                row[column + 1] = new(Cell, (CellKind.NUMBER, value, formula, styles[cell.get("s")]))
                filled += 1
            elif value and cell.get("t") == "s":
                ...
            formula = None
