"""The headings of tables on a blank sheet: where one begins, how deep it is, and which columns it names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from checker.authoring.propose.found import FoundColumn, clean
from checker.authoring.propose.words import FIGURES, Words
from checker.locate.grid import Grid, Place, bare
from checker.model.form import ColumnKind
from checker.model.workbook import CellKind
from checker.values.numbers import number_format_facts

__all__ = ["Headings"]

#: What a word says that only a heading would say: what was achieved may be a paragraph with its label.
HEADS: Final = FIGURES - {ColumnKind.ACTUAL}
#: A heading has at most so many lines below its first.
DEEPEST = 4


class Headings:
    """The labels of a sheet, and the headings among them."""

    def __init__(self, grid: Grid, words: Words, formats: Sequence[str]) -> None:
        self.grid = grid
        self.words = words
        self.formats = formats

    def labels(self, number: int) -> list[Place]:
        """What stands on a line as words: no nil marks, no numbers of columns."""
        return [
            place
            for place in self.grid.by_row.get(number, ())
            if not self.words.is_nothing(place.text) and not self._says_unit(place.text)
        ]

    def _says_unit(self, text: str) -> bool:
        """A cell that says in which unit the sheet is, and nothing else; a heading may say its own in brackets."""
        own = not self.words.kind_of(self.words.labels.normalise(text))[0]
        return own and bool(self.words.lexicon.stated_unit(text))

    def begins(self, number: int) -> list[Place]:
        """The labels of a line that begins the heading of a table; none where it does not."""
        places = [place for place in self.labels(number) if not self.is_tall(place)]
        every = self.labels(number)
        touching = sum(
            1
            for a, b in pairwise(every)
            if a.right + 1 == b.left and self._is_head(b)
        )  # fmt: skip
        if not touching or any(self.words.is_note(place.text) for place in every):
            return []
        below = self.labels(number + 1)
        figures = [p for p in places if self.words.kind_of(p.label)[0] in HEADS]
        divided = self._divides(below, places)
        return places if figures or (divided and any(self.words.kind_of(p.label)[0] in HEADS for p in below)) else []

    def _is_head(self, place: Place) -> bool:
        """Whether a label may head a column: a figure's word, or the line below divides it."""
        kind, _ = self.words.kind_of(place.label)
        if place.text.rstrip().endswith((":", "\uff1a")):
            return False
        return bool(kind) and not self.words.field(place.label)[0]

    def is_tall(self, place: Place) -> bool:
        """The label of a whole block, merged over its rows."""
        first = place.left == min(p.left for p in self.labels(place.top))
        return place.bottom > place.top and first and not self._under(place)

    def _under(self, place: Place) -> bool:
        """Whether other labels of its line are merged down like this one: then it is a heading of two lines."""
        return any(p.bottom >= place.bottom for p in self.labels(place.top) if p.left > place.right)

    def bottom_of(self, top: int, heads: list[Place]) -> tuple[int, list[str]]:
        """The last line of a heading, and the words that open its lines below the names."""
        bottom = max(place.bottom for place in heads)
        opens: list[str] = []
        first = min((p.left for p in heads), default=1)
        above: Sequence[Place] = heads
        while bottom - top < DEEPEST:
            every = [p for p in self.grid.by_row.get(bottom + 1, ()) if p.left >= first]
            below = [p for p in self.labels(bottom + 1) if p.left >= first]
            if below and below[0].label in self.words.data["heading"]:
                opens += [place.label for place in every if place.label in self.words.data["heading"]]
            elif opens or not self._divides(below, above):
                break
            bottom = max(bottom + 1, *(p.bottom for p in below if p.bottom <= top + DEEPEST))
            above = below
        return bottom, list(dict.fromkeys(opens))

    def _divides(self, below: Sequence[Place], above: Sequence[Place]) -> bool:
        """Whether a line stands under headings that reach over several columns, with headings of its own."""
        under = [
            p for p in below if any(w.left <= p.left <= w.right and w.right - w.left > p.right - p.left for w in above)
        ]
        named = [p for p in under if self.words.kind_of(p.label)[0]]
        touching = any(a.right + 1 == b.left for a, b in pairwise(below))
        return len(named) > 1 and touching and len(under) == len(below)

    def columns(self, top: int, bottom: int, heads: Sequence[Place]) -> list[FoundColumn]:
        """The columns under a heading, from left to right, each with the headings above its own."""
        first, last = min(p.left for p in heads), max(
            p.right for n in range(top, bottom + 1) for p in self.labels(n) if not self._tall_at(p, top, heads)
        )  # fmt: skip
        columns: list[FoundColumn] = []
        at = first
        while at <= last:
            stack = self._stack(at, top, bottom)
            if not stack:
                at += 1
                continue
            own = stack[-1]
            kind, word = self._kind(own, stack)
            text = own.text
            unit = self.words.lexicon.unit_in_brackets(text) if kind in ColumnKind.NUMERIC else ""
            columns.append(
                FoundColumn(
                    bare(own.label) or own.label, own.label, kind, word, max(own.left, at), own.right,
                    own.top, tuple(p.label for p in stack[:-1]), unit, self._decimals(own, bottom, kind),
                    any(p.text.strip().startswith(self.words.data["part"]) for p in stack),
                )
            )  # fmt: skip
            at = own.right + 1
        return self._undated(columns)

    def _undated(self, columns: list[FoundColumn]) -> list[FoundColumn]:
        """Headings that name a year, under the word for it: the newest is this year, the one before it last year."""
        dated = [self.words.labels.dated(column.label) for column in columns]
        newest = max((found[0] for found in dated if found is not None), default=0)
        said = self.words.labels.years
        return [
            column._replace(name=said[newest - found[0]] + found[1], label=said[newest - found[0]] + found[1])
            if found is not None and newest - found[0] < len(said)
            else column
            for column, found in zip(columns, dated, strict=True)
        ]

    def _tall_at(self, place: Place, top: int, heads: Sequence[Place]) -> bool:
        return place.top == top and place not in heads

    def _stack(self, at: int, top: int, bottom: int) -> list[Place]:
        """The headings over a column of the sheet, uppermost first."""
        found: list[Place] = []
        for number in range(top, bottom + 1):
            for place in self.grid.by_row.get(number, ()):
                opens = place.label in self.words.data["heading"]
                if place.left <= at <= place.right and place.top == number and not opens:
                    if self.words.is_nothing(place.text):
                        continue
                    if (
                        not found
                        or place.label != found[-1].label
                        or place.right - place.left < found[-1].right - found[-1].left
                    ):
                        found.append(place)
        return found

    def _kind(self, own: Place, stack: Sequence[Place]) -> tuple[str, str]:
        kind, word = self.words.kind_of(own.label)
        if not kind:
            kind, word = next((k for p in reversed(stack[:-1]) if (k := self.words.kind_of(p.label))[0]), ("text", ""))
            if kind in (ColumnKind.LABEL, ColumnKind.CODE):
                kind = ColumnKind.TEXT
        return kind, word

    def _decimals(self, own: Place, bottom: int, kind: str) -> int | None:
        """The decimals of the number format of the first cell below that has one."""
        if kind not in (ColumnKind.AMOUNT, ColumnKind.SCORE, ColumnKind.NUMBER):
            return None
        for number in range(bottom + 1, bottom + 40):
            cell = self.grid.cell(number, own.left)
            if cell is not None and cell.kind != CellKind.TEXT and cell.style < len(self.formats):
                code = self.formats[cell.style]
                if "0" in code:
                    return number_format_facts(code).places
        return 2

    def side_by_side(self, columns: Sequence[FoundColumn]) -> list[list[FoundColumn]]:
        """Columns side by side: a new block begins where labels stand again after figures."""
        blocks: list[list[FoundColumn]] = [[]]
        seen: set[str] = set()
        for column in columns:
            here = blocks[-1]
            rowish = column.kind in (ColumnKind.LABEL, ColumnKind.CODE)
            if rowish and any(c.kind in FIGURES for c in here) and (
                column.label in seen or column.kind == ColumnKind.LABEL
                or (column.above and here[0].above and column.above[0] != here[0].above[0])
            ):  # fmt: skip
                blocks.append([])
            blocks[-1].append(column)
            if rowish:
                seen.add(column.label)
        return blocks

    def named(self, block: Sequence[FoundColumn]) -> list[FoundColumn]:
        """Columns with names of their own: the same word under several headings is told apart by them; where nothing
        tells it apart, the first stands for it."""
        count: dict[str, int] = {}
        for column in block:
            count[column.name] = count.get(column.name, 0) + 1
        named: list[FoundColumn] = []
        for column in block:
            heads = [clean(head) for head in (column.above[-1], "".join(column.above))] if column.above else [""]
            wanted = [column.name] if count[column.name] == 1 else [head + column.name for head in heads]
            taken = {other.name for other in named}
            if not column.above and clean(column.name) in taken:
                continue
            name = next((name for name in map(clean, wanted) if name not in taken), "")
            named.append(column._replace(name=name or f"{clean(column.name)}{len(named) + 1}"))
        return named
