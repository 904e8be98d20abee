"""The cells of a sheet as expat tells of them: everything that ``plain`` leaves over.

expat calls back four times per cell, so as much of that as possible stays in C: start tags go straight into a
dictionary (the last attributes by element name), texts into a list, and end tags are sent to a coroutine, which
keeps its state in local variables.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from typing import Final

from checker.model.workbook import Cell, CellKind
from checker.readers import limits
from checker.readers.grid import LETTERS
from checker.readers.refusals import refuse
from checker.readers.rows import SHORT, RowKeeper

__all__ = ["CellReader"]

#: Stands for the row number where no cell of the row has been met yet: no reference ends like that.
_NO_ROW: Final = "!"


class CellReader:
    """Reads the content of one ``sheetData`` element.

    ``last`` holds the last attributes by element name, ``pieces`` the texts since the last end tag.
    """

    def __init__(self, rows: RowKeeper) -> None:
        self.last: dict[str, dict[str, str]] = {"c": {}, "f": {}, "row": {}}
        self.pieces: list[str] = []
        self._rows = rows

    def read(self, finished: Callable[[], None]) -> Generator[int, str, None]:
        """To be sent the name of each element that ends; yields how many have ended. Raises ``ReadError``.

        ``finished`` is called when the cells end. An empty name asks for the count alone.
        """
        rows = self._rows
        last, pieces, texts, letters, cell_type = self.last, self.pieces, rows.texts, LETTERS, Cell
        pop, new = pieces.pop, tuple.__new__
        number_kind, text_kind = CellKind.NUMBER, CellKind.TEXT
        text_count = len(texts)
        styles = rows.styles
        row: dict[int, Cell] = {}
        runs: list[str] = []
        formula: str | None = None
        suffix = _NO_ROW
        ascending = True
        number = filled = 0
        #: Columns left of the cell that is being read.
        column = 0
        for ends in count():
            name = yield ends
            if name == "v":
                value = pop() if pieces else ""
                if pieces:
                    self._drop_stray()
            elif name == "c":
                if formula is None:
                    column += 1
                    continue
                value = ""
            elif name == "row":
                attributes = last["row"]
                if suffix is _NO_ROW:
                    number = rows.next_row(attributes.get("r"))
                elif row:
                    if filled != len(row):
                        raise refuse("CELL_TWICE", rows.place, row=number)
                    rows.finish(number, row if ascending else dict(sorted(row.items())))
                if "hidden" in attributes and attributes["hidden"] in ("1", "true"):
                    rows.hidden.add(number)
                suffix = _NO_ROW
                column = 0
                continue
            elif name == "f":
                formula = pop().strip() if pieces else ""
                if pieces:
                    self._drop_stray()
                continue
            elif name == "t":
                runs.append(pop() if pieces else "")
                if pieces:
                    self._drop_stray()
                continue
            elif name == "is":
                value = "".join(runs)
                runs.clear()
                last["c"]["t"] = "inlineStr"
            else:
                self._end_other(name, runs, finished)
                continue

            cell = last["c"]
            try:
                expected = cell["r"] == letters[column] + suffix
            except (KeyError, IndexError):
                expected = False
            if not expected:
                reference = cell.get("r")
                if suffix is _NO_ROW:
                    number = rows.next_row(last["row"].get("r"), reference)
                    suffix = str(number)
                    row = rows.cells(number)
                    filled = len(row)
                    ascending = True
                if reference is not None:
                    found = rows.column(reference, number) - 1
                    ascending = ascending and found >= column
                    column = found
                elif column >= limits.MAX_COLUMN:
                    raise refuse("OUTSIDE_GRID", rows.place, reference=f"R{number}C{column + 1}")
            if formula is not None and (last["f"] or not formula):
                formula = rows.special_formula(last["f"], formula, number, column + 1)

            kind = cell.get("t")
            if kind is None and len(value) < SHORT and value.replace(".", "", 1).isdigit() and value.isascii():
                row[column + 1] = new(cell_type, (number_kind, value, formula, styles[cell.get("s")]))
                filled += 1
            elif kind == "s" and len(value) < SHORT and value.isdecimal() and (index := int(value)) < text_count:
                row[column + 1] = new(cell_type, (text_kind, texts[index], formula, styles[cell.get("s")]))
                filled += 1
            elif name == "c":
                # A formula without a value, or with the value before it.
                valued = row.get(column + 1)
                if valued is not None:
                    row[column + 1] = valued._replace(formula=formula)
                elif formula is not None:
                    row[column + 1] = Cell(CellKind.NO_CACHE, "", formula, styles[cell.get("s")])
                    filled += 1
                column += 1
            else:
                content = rows.content(kind or "n", value, formula is not None, number, column + 1)
                if content is not None:
                    row[column + 1] = Cell(*content, formula, styles[cell.get("s")])
                    filled += 1
            formula = None

    def _end_other(self, name: str, runs: list[str], finished: Callable[[], None]) -> None:
        """An element that holds no content of a cell; nothing, where only the count is asked for."""
        if name == "rPh" and runs:
            runs.pop()
        elif name == "sheetData":
            finished()
        elif name.endswith((":Choice", "}Choice")):
            raise refuse("ALTERNATE_CELLS", self._rows.place)
        if name:
            self.pieces.clear()

    def _drop_stray(self) -> None:
        """Forget texts between elements, left where the text of the last element has been taken."""
        if any(len(piece) > limits.MAX_TEXT_LENGTH for piece in self.pieces):
            raise refuse("TEXT_TOO_LONG", self._rows.place, limit=limits.MAX_TEXT_LENGTH)
        self.pieces.clear()
