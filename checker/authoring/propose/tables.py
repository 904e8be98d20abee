"""What stands where on a blank sheet: tables with their rows, and fields, told by their shape and by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.authoring.propose.found import FoundColumn, FoundField, FoundRow, FoundTable, Layout, clean
from checker.authoring.propose.headings import Headings
from checker.authoring.propose.words import FIGURES, Words
from checker.locate.grid import Grid, Place, bare
from checker.model.form import ColumnKind
from checker.model.workbook import Cell, CellKind, address

__all__ = ["read_sheet"]


def read_sheet(grid: Grid, words: Words, formats: Sequence[str]) -> Layout | None:
    """What a sheet shows; None where it has no title or nothing to fill in."""
    return _Sheet(grid, words, formats).read()


class _Sheet(Headings):
    def read(self) -> Layout | None:
        lines = sorted(self.grid.by_row)
        self.names: dict[str, int] = {}
        if not lines:
            return None
        title = self.grid.by_row[lines[0]][0]
        unit, unit_cell = self._unit()
        tables: list[FoundTable] = []
        loose: list[int] = []
        last = self.grid.last_row
        number = title.bottom + 1
        while number <= last:
            heads = self.begins(number)
            if heads:
                found = self._tables(number, heads)
                tables.extend(found)
                number = max(table.bottom for table in found) + 1
            else:
                loose.append(number)
                number += 1
        fields = tuple(self._fields(loose, unit_cell))
        if not tables and not fields:
            return None
        return Layout(
            self.grid.sheet.name, self._title(title), address(title.top, title.left), unit, unit_cell, fields,
            tuple(tables), tuple(self._notes()),
        )  # fmt: skip

    def _notes(self) -> Iterator[tuple[str, str]]:
        """The cells of notes, and what they say."""
        for places in self.grid.by_row.values():
            for place in places:
                if self.words.is_note(place.text):
                    yield address(place.top, place.left), place.text

    def _title(self, place: Place) -> str:
        """The title without the year that stands before it and the unit behind."""
        year = self.words.lexicon.year_in(place.text)
        said = self.words.labels.normalise(place.text.split()[0] if len(place.text.split()) > 1 else place.text)
        if year and said.startswith(year):
            said = said[len(year) :]
            for mark in sorted(self.words.lexicon.date["year"], key=len, reverse=True):
                said = said.removeprefix(mark)
        return said.split("(")[0] or said

    def _unit(self) -> tuple[str, str]:
        lexicon, usual = self.words.lexicon, str(self.words.data["usual_unit"])
        every = [place for number in sorted(self.grid.by_row) for place in self.grid.by_row[number]]
        for read in (lexicon.stated_unit, lexicon.unit_in_brackets):
            for place in every:
                unit = read(place.text)
                if unit and lexicon.factor(unit, usual) is not None:
                    return unit, address(place.top, place.left)
        return usual, ""

    def _tables(self, top: int, heads: list[Place]) -> list[FoundTable]:
        bottom, heading = self.bottom_of(top, heads)
        beside = [place for place in self.labels(top) if self.is_tall(place) and place.left < heads[0].left]
        columns = self.columns(top, bottom, heads)
        blocks = self.side_by_side(columns)
        end = self._end(bottom, columns)
        found: list[FoundTable] = []
        same = [tuple(c.label for c in block) for block in blocks]
        alike = len(blocks) > 1 and not all(block[0].above for block in blocks) and self._alike(same)
        if len(blocks) > 1 and self._alike(same) and len({b[0].above for b in blocks}) < len(blocks):
            alike = True
        for index, block in enumerate([blocks[0]] if alike else blocks):
            head = block[0].above[0] if block[0].above and len(blocks) > 1 and not alike else ""
            name = head or (bare(beside[-1].label) if beside else "") or self._headed(block)
            table = FoundTable(
                self._name(name), self.named(block), top, bottom, end, beside=beside[-1].label if beside else "",
                heading=heading, head=head, side_by_side=alike,
            )  # fmt: skip
            table.blocks = [self.named(b) for b in blocks] if alike else [table.columns]
            left = max((c.right for b in blocks[:index] for c in b), default=beside[-1].right if beside else 0)
            self._rows(table, left)
            found.append(table)
        bottoms = [max([bottom, *(r.number for r in (*t.rows, *t.totals))]) for t in found]
        for table in found:
            table.bottom = max(end, *bottoms)
        return found

    def _headed(self, block: Sequence[FoundColumn]) -> str:
        """What the rows of a table without a label of its own are called, where the heading says more than "item"."""
        first = block[0]
        told = first.kind == ColumnKind.LABEL and first.label != self.words.data["unnamed"]
        return first.name if told and not self.words.field(first.label)[0] else ""

    @staticmethod
    def _alike(blocks: Sequence[tuple[str, ...]]) -> bool:
        return all(set(block) <= set(blocks[0]) for block in blocks)

    def _name(self, wanted: str) -> str:
        name = clean(wanted) or self.words.data["unnamed_table"]
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}{self.names[name]}"

    def _end(self, bottom: int, columns: Sequence[FoundColumn]) -> int:
        """The last line of the table below a heading."""
        figures = [c for c in columns if c.kind in FIGURES]
        first = min(c.left for c in figures) if figures else columns[0].left
        right = max(c.right for c in columns)
        number = bottom
        empty = 0
        while number < self.grid.last_row:
            places = self.labels(number + 1)
            has_cells = number + 1 in self.grid.rows
            if any(self.words.is_note(p.text) or p.right >= right > first for p in places if p.left <= columns[0].left):
                break
            if self.begins(number + 1) and any(
                self.words.kind_of(p.label)[0] in FIGURES and p.left >= first for p in places
            ) and not all(p.left < first for p in places):  # fmt: skip
                break
            spans = [c for c in columns if c.is_figure]
            if any(c.left <= p.left <= c.right and not self.is_tall(p) for p in places for c in spans):
                break
            if places and self._is_field_line(number + 1, places, columns, first):
                break
            empty = 0 if has_cells else empty + 1
            if empty > 40:
                break
            number += 1
        while number > bottom and number not in self.grid.rows:
            number -= 1
        return max(number, bottom + 1)

    def _is_field_line(
        self, number: int, places: Sequence[Place], columns: Sequence[FoundColumn], first: int
    ) -> bool:  # fmt: skip
        """A label whose value is merged otherwise than the columns, or whose text ends with a colon and a blank."""
        if self.words.field(places[0].label)[0]:
            return True
        spans = {(c.left, c.right) for c in columns}
        merge = self.grid.merge_at(number, places[-1].right + 1)
        if merge is not None and merge.top == number and merge.left == places[-1].right + 1:
            figures = [c for c in columns if merge.left <= c.left <= merge.right]
            beyond = merge.right > max(c.right for c in columns)
            if (len(figures) > 1 or beyond) and (merge.left, merge.right) not in spans:
                return True
        return False

    def _rows(self, table: FoundTable, left: int) -> None:
        """The rows of ``table``, its layout, and its totals. ``left`` is where what stands at its left ends."""
        for index, block in enumerate(table.blocks):
            figures = [c for c in block if c.is_figure] or [c for c in block if c.kind in FIGURES]
            if not figures:
                continue
            edge = min(c.left for c in figures)
            before = max([left, *(c.right for b in table.blocks[:index] for c in b)])
            table.rows.extend(self._labelled(table, block, before, edge, index))
        self._shape(table)

    def _labelled(
        self, table: FoundTable, block: Sequence[FoundColumn], left: int, edge: int, index: int
    ) -> Iterator[FoundRow]:
        keyed = [c for c in block if c.kind in (ColumnKind.LABEL, ColumnKind.TEXT) and c.left < edge]
        for number in range(table.heading_bottom + 1, table.bottom + 1):
            places = [
                p for p in self.labels(number) if p.left < edge and (p.left > left or self._closes(p, left, edge))
            ]
            own = [p for p in places if p.bottom == p.top or not self.is_tall(p)]
            if not own:
                continue
            place = own[-1]
            words = [c for c in keyed if c.left <= place.left <= c.right]
            if not words and keyed and not self.words.is_total(place.label) and len(keyed) > 1:
                continue
            text = place.text.rstrip()
            indent = len(text) - len(text.lstrip())
            beside = next((p.label for p in reversed(self._besides(number, left, place))), "")
            cells = [self.grid.cell(number, c.left) for c in block if c.is_figure]
            filled = [c for c in cells if c is not None]
            empty = bool(filled) and len(filled) == len(cells) and all(map(self._is_nil, filled))
            yield FoundRow(
                clean(bare(place.label) or place.label), place.label, text, number, place.left, indent, index,
                beside=beside, empty=empty, lists=bool(re.search(self.words.data["listed"], text)),
            )  # fmt: skip

    def _closes(self, place: Place, left: int, edge: int) -> bool:
        """Whether a total's label begins below the label of the whole block."""
        return self.words.is_total(place.label) and left < place.right < edge and place.bottom == place.top

    def _is_nil(self, cell: Cell) -> bool:
        return cell.kind == CellKind.TEXT and self.words.is_nothing(cell.raw)

    def _besides(self, number: int, left: int, place: Place) -> list[Place]:
        """Labels merged over this and other rows at the left of its own."""
        return [
            p
            for top in range(max(1, number - 12), number + 1)
            for p in self.labels(top)
            if left < p.left < place.left and p.bottom >= number and p.bottom > p.top
        ]

    def _shape(self, table: FoundTable) -> None:
        """Closed, open or single; names made unique."""
        last = max((row.number for row in table.rows), default=table.bottom)
        size = last - table.heading_bottom
        totals = [row for row in table.rows if self.words.is_total(row.name)]
        others = [row for row in table.rows if row not in totals]
        coded = any(c.kind == ColumnKind.CODE and c.word not in self.words.data["lines"] for c in table.columns)
        leveled = coded or [c for c in table.columns if c.name in self.words.data["fill"]]
        if not table.rows and size <= 1:
            table.layout = "single"
        elif leveled or len(others) * 2 < size - len(totals) or not others:
            table.layout, table.totals, table.rows = "open", totals, []
        self._head_of_rows(table)
        every = [*table.rows, *table.totals]
        for at, row in enumerate(every):  # the same word below another row is that one's part
            if row.beside or sum(other.label == row.label for other in every) < 2:
                continue
            head = next((o for o in reversed(every[:at]) if o.indent < row.indent and o.block == row.block), None)
            if head is not None and any(other.label == row.label for other in every[:at]):
                row.beside, row.name = head.label, clean(bare(head.label) + row.name)
        labels = [row.label for row in every]
        for row in every:  # a name that is another row's label tells nothing
            if row.name != row.label and (row.name in labels or sum(o.name == row.name for o in every) > 1):
                row.name = clean(row.label)
        for row in every:  # the same word in several groups bears the name of its group
            if sum(other.label == row.label for other in every) > 1 and row.beside:
                row.name = clean(bare(row.beside) + row.name)
        seen: set[str] = set()
        for row in every:
            while row.name in seen:
                row.name += "2"
            seen.add(row.name)
        twice = {row.label for row in every if sum(o.label == row.label for o in every) > 1 and row.name == row.label}
        told = {row.label for row in every if row.beside and row.name != row.label}
        doubtful = [row for row in every if row.label in twice - told]
        table.doubtful = doubtful
        table.rows = [row for row in table.rows if row not in doubtful]
        table.totals = [row for row in table.totals if row not in doubtful]

    @staticmethod
    def _head_of_rows(table: FoundTable) -> None:
        """The column in which the labels of rows stand holds labels, whatever its heading says."""
        if table.layout != "closed" or any(c.kind == ColumnKind.LABEL for c in table.columns):
            return
        for at, column in enumerate(table.columns):
            if any(column.left <= row.left <= column.right for row in table.rows):
                table.columns[at] = column._replace(kind=ColumnKind.LABEL)
                return

    def _is_number_of_form(self, text: str) -> bool:
        """The number that an official form bears in its corner, or its year."""
        return any(text.endswith(word) for word in self.words.data["numbered"]) and any(c.isdigit() for c in text)

    def _fields(self, lines: Sequence[int], unit_cell: str) -> Iterator[FoundField]:
        known: set[str] = set()
        for number in lines:
            for place in self.labels(number):
                text = place.text.strip()
                if self.words.is_note(text) or (number <= 3 and self.words.lexicon.year_in(text)):
                    continue
                after = self.grid.cell(number, place.right + 1)
                beside = after is not None and any(p.left == place.right + 1 for p in self.labels(number))
                under = any(p.left <= place.left <= p.right for p in self.labels(place.bottom + 1))
                colon = text.endswith((":", "\uff1a"))
                below = (
                    beside and not under and not colon and not self.words.lexicon.year_in(after.raw if after else "")
                )
                if not colon and self._is_number_of_form(text):
                    continue
                _, what = self.words.field(place.label)
                kind = what.get("kind") or ("date" if self.words.kind_of(place.label)[0] == "date" else "")
                own = clean(bare(place.label) or place.label)
                if not own or own in known or len(own) > 40:
                    continue
                known.add(own)
                guessed = self.words.kind_of(place.label)[0]
                numeric = guessed if guessed in ColumnKind.NUMERIC and not below else ""
                yield FoundField(
                    own, place.label, kind or numeric or "text", "below" if below else "right",
                    what.get("role", ""), address(place.top, place.left),
                )  # fmt: skip
