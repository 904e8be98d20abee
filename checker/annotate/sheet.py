"""The cells of a sheet: which style each has, and how another is given to it with nothing else touched."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Final, NamedTuple

from checker.annotate.book import namespace_of, relationship_prefix, set_attribute
from checker.annotate.edits import Edit
from checker.annotate.refusals import cannot_mark
from checker.annotate.tags import Tag, attributes, children, find, finder, masked, root_of
from checker.model.workbook import address
from checker.readers.grid import parse_cell

__all__ = ["CellPlace", "SheetText"]

#: What comes behind the drawing of the notes, by the order of the standard.
_BEHIND_NOTES: Final = frozenset(
    (
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    )
)
_SPANS: Final = re.compile(r"([0-9]+):([0-9]+)")
Cell = tuple[int, int]


class CellPlace(NamedTuple):
    """Where a cell stands in the text. ``tag`` is None where there is none yet: it goes in at ``start``. ``style`` is
    the style that it has or, not being there, would have."""

    row: Tag | None
    tag: Tag | None
    start: int
    style: int


class SheetText:
    """The text of a sheet's part. Raises ``CannotMarkError`` for what is not built as every program builds it."""

    def __init__(self, text: str, part: str, where: str) -> None:
        self.text, self._part, self._where = text, part, where
        self.mask = masked(text)
        root = root_of(self.mask)
        if root is None or not namespace_of(root) or root.local != "worksheet":
            raise self._odd("worksheet")
        self.root = root
        data = find(self.mask, root.prefix, "sheetData", root.end)
        if data is None:
            raise self._odd("sheetData")
        self.data = data
        self.end = data.end if data.closed else self.mask.rindex(f"</{data.name}")
        self._prefix = root.prefix
        self._row_name = f"{root.prefix}row"
        self._rows, self._cells = finder(root.prefix, "row"), finder(root.prefix, "c")
        self.row, self.place = cache(self._row), cache(self._place)
        #: Numbers of rows that were found, in order, and where each begins: a search begins there.
        self._found: list[int] = []
        self._starts: list[int] = []

    @cached_property
    def numbered(self) -> bool:
        """Whether every row and every cell says first of all where it is, as programs write it."""
        return self._says_where(self._row_name) and self._says_where(f"{self._prefix}c")

    def _says_where(self, name: str) -> bool:
        every, located = (self.mask.count(words, self.data.end, self.end) for words in (f"<{name}", f'<{name} r="'))
        return every == located

    def _odd(self, detail: str) -> Exception:
        return cannot_mark("MARK_STRUCTURE", self._where, part=self._part, detail=detail)

    @cached_property
    def _every_row(self) -> tuple[list[int], list[Tag]]:
        """The numbers of the rows, and the rows; asked for only where a row is not found by its number."""
        numbers: list[int] = []
        rows: list[Tag] = []
        number = 0
        for match in self._rows.finditer(self.mask, self.data.end, self.end):
            given = re.search(r"""\sr\s*=\s*["']([0-9]{1,7})["']""", match[2])
            before, number = number, int(given[1]) if given else number + 1
            if number <= before:
                raise self._odd(f"row {number}")
            rows.append(Tag(match.start(), match.end(), match[1], match[2], bool(match[3])))
            numbers.append(number)
        return numbers, rows

    def _row(self, number: int) -> Tag | None:
        """The row of this number, None if there is none."""
        begin = f'<{self._row_name} r="{number}"'
        index = bisect_left(self._found, number)
        found = self._starting(begin, self._rows, self._starts[index - 1], self.end) if index else None
        found = found or self._starting(begin, self._rows, self.data.end, self.end)
        if found is not None:
            self._found.insert(index, number)
            self._starts.insert(index, found.start)
        elif not self.numbered:
            numbers, rows = self._every_row
            index = bisect_left(numbers, number)
            return rows[index] if index < len(numbers) and numbers[index] == number else None
        return found

    def _starting(self, begin: str, tags: re.Pattern[str], start: int, end: int) -> Tag | None:
        """The tag that begins with these very characters."""
        place = self.mask.find(begin, start, end)
        match = tags.match(self.mask, place) if place >= 0 else None
        return None if match is None else Tag(match.start(), match.end(), match[1], match[2], bool(match[3]))

    def row_end(self, row: Tag) -> int:
        """Where the element of a row ends."""
        if row.closed:
            return row.end
        close = f"</{row.name}"
        return self.mask.index(">", self.mask.index(close, row.end, self.end)) + 1

    def row_start(self, number: int) -> int:
        """Where a row that is not there yet would begin."""
        numbers, rows = self._every_row
        index = bisect_left(numbers, number)
        return rows[index].start if index < len(rows) else self.end

    def _place(self, cell: Cell) -> CellPlace:
        """Where ``cell`` stands, or goes in."""
        number, column = cell
        row = self.row(number)
        if row is None:
            return CellPlace(None, None, self.row_start(number), self._column_style(column))
        if row.closed:
            return CellPlace(row, None, row.end, self._inherited(row, column))
        end = self.mask.rindex("</", row.end, self.row_end(row))
        found = self._starting(f'<{self._prefix}c r="{address(*cell)}"', self._cells, row.end, end)
        if found is not None:
            return CellPlace(row, found, found.start, int(found.get("s") or 0))
        seen = 0
        for match in self._cells.finditer(self.mask, row.end, end):
            tag = Tag(match.start(), match.end(), match[1], match[2], bool(match[3]))
            reference = parse_cell(tag.get("r")) if tag.get("r") else (number, seen + 1)
            if reference is None or reference[0] != number or reference[1] <= seen:
                raise self._odd(f"cell {tag.get('r')}")
            seen = reference[1]
            if seen == column:
                return CellPlace(row, tag, tag.start, int(tag.get("s") or 0))
            if seen > column:
                return CellPlace(row, None, tag.start, self._inherited(row, column))
        return CellPlace(row, None, end, self._inherited(row, column))

    def _inherited(self, row: Tag, column: int) -> int:
        """The style of a cell that is not there."""
        return int(row.get("s") or 0) if row.get("customFormat") in ("1", "true") else self._column_style(column)

    def _column_style(self, column: int) -> int:
        columns = self.columns
        return next((int(tag.get("style") or 0) for first, last, tag in columns if first <= column <= last), 0)

    @cached_property
    def columns(self) -> list[tuple[int, int, Tag]]:
        """What is said of columns: first, last, tag."""
        found = []
        for match in finder(self._prefix, "col").finditer(self.mask, self.root.end, self.data.start):
            tag = Tag(match.start(), match.end(), match[1], match[2], bool(match[3]))
            found.append((int(tag.get("min") or 0), int(tag.get("max") or 0), tag))
        return found

    def restyled(self, styles: Mapping[Cell, int]) -> list[Edit]:
        """The edits that give cells these styles, cells and rows that are not there yet included."""
        edits: list[Edit] = []
        rows: dict[int, list[Cell]] = {}
        for cell in sorted(styles):
            rows.setdefault(cell[0], []).append(cell)
        lines: dict[int, str] = {}
        for number, cells in rows.items():
            row, new = self.row(number), dict[int, str]()
            for cell in cells:
                place = self.place(cell)
                if place.tag is not None:
                    edits.append(set_attribute(place.tag, "s", str(styles[cell])))
                else:
                    made = f'<{self._prefix}c r="{address(*cell)}" s="{styles[cell]}"/>'
                    new[place.start] = new.get(place.start, "") + made
            if row is None:
                (start, made), *_ = new.items()
                name = f"{self._prefix}row"
                lines[start] = lines.get(start, "") + f'<{name} r="{number}">{made}</{name}>'
            elif new and row.closed:
                slash = self.mask.rindex("/", row.start, row.end)
                edits.append(Edit(slash, row.end, f">{''.join(new.values())}</{row.name}>"))
            else:
                edits += [Edit(start, start, made) for start, made in new.items()]
            if row is not None and new:
                edits += self._wider(row, cells)
        if lines and self.data.closed:
            slash = self.mask.rindex("/", self.data.start, self.data.end)
            return [*edits, Edit(slash, self.data.end, f">{''.join(lines.values())}</{self.data.name}>")]
        return edits + [Edit(start, start, made) for start, made in lines.items()]

    def _wider(self, row: Tag, cells: list[Cell]) -> list[Edit]:
        """What a row says of the columns it spans must stay true."""
        spans = row.get("spans")
        match = _SPANS.fullmatch(spans)
        if match is None:
            return []
        first, last = min(int(match[1]), cells[0][1]), max(int(match[2]), cells[-1][1])
        widened = f"{first}:{last}"
        return [set_attribute(row, "spans", widened)] if widened != spans else []

    def drawing_of_notes(self) -> str:
        """The id of the relationship to the drawing of the notes, empty if there is none."""
        for tag, _ in children(self.mask, self._behind_cells(), self.mask.rindex("</")):
            if tag.local == "legacyDrawing":
                return next((value for name, value in attributes(tag.given).items() if name.endswith(":id")), "")
        return ""

    def refer_to_notes(self, identity: str, namespace: str) -> Edit:
        """Refer to the drawing of the notes."""
        end = self.mask.rindex("</")
        places = (tag.start for tag, _ in children(self.mask, self._behind_cells(), end) if tag.local in _BEHIND_NOTES)
        start = next(places, end)
        prefix, declared = relationship_prefix(self.root, namespace)
        return Edit(start, start, f'<{self._prefix}legacyDrawing{declared} {prefix}id="{identity}"/>')

    def _behind_cells(self) -> int:
        return self.end if self.data.closed else self.mask.index(">", self.end) + 1
