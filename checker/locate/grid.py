"""One sheet seen as labels: normalised texts, merged cells resolved, repeated texts seen as one."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.model.label import Labels
from checker.model.workbook import Cell, CellKind, PlainRow, Range, Sheet

if TYPE_CHECKING:
    from checker.locate.headers import Header
    from checker.locate.located import LocatedForm

__all__ = ["Grid", "Place", "bare"]

#: A label longer than this is prose; it may still be a value or a note.
LONGEST_LABEL = 60
#: A title is looked for in wide cells, and in the first lines of a sheet.
TITLE_LINES = 6
TITLE_WIDTH = 4

_BRACKETS: Final = re.compile(r"\([^()]*\)")


def bare(label: str) -> str:
    """A label without what it says in brackets: how a form's word is found where a sheet explains it."""
    return _BRACKETS.sub("", label) if "(" in label else label


class Place(NamedTuple):
    """A label found on the sheet: its rectangle (a merged cell, or repeated cells side by side, count as one)."""

    top: int
    left: int
    bottom: int
    right: int
    label: str
    text: str


def _texts(row: Mapping[int, Cell]) -> Iterator[tuple[int, str]]:
    return ((column, cell.raw) for column, cell in row.items() if cell.kind == CellKind.TEXT)


class Headings(NamedTuple):
    """Lines of a sheet that may hold a title: number and label of each, and all labels in one text."""

    lines: tuple[tuple[int, str], ...]
    text: str


class Grid:
    """The labels of one sheet by row and by word.

    Programs that export these workbooks either merge a label over several cells, or write it into every one of
    them, or both; here it is one ``Place`` in each case.
    """

    def __init__(self, sheet: Sheet, labels: Labels) -> None:
        self.sheet = sheet
        self.rows = sheet.rows
        self._merges_by_row: dict[int, list[Range]] = {}
        for merge in sheet.merges:
            if merge.bottom - merge.top < 2000:
                for row in range(merge.top, merge.bottom + 1):
                    self._merges_by_row.setdefault(row, []).append(merge)
        #: How many cells hold text.
        self.texts = 0
        self.by_row: dict[int, tuple[Place, ...]] = {}
        self.by_label: dict[str, list[Place]] = {}
        #: Header bands found so far, by table and stretch of rows.
        self.bands: dict[tuple[int, int, int], tuple[list[Header], Header | None]] = {}
        self._labels = labels
        self.normalise = labels.normalise
        self.notes, self.footers = labels.notes, labels.footers
        #: Forms looked for so far, by form, stretch of rows and title.
        self.tried: dict[tuple[int, Range, Place | None], LocatedForm | None] = {}
        #: Titles looked for so far, by form: the lines that hold one, and its length.
        self.titled: dict[int, dict[int, int]] = {}
        self._index(labels)

    def _index(self, labels: Labels) -> None:
        normalise = labels.kept
        by_label = self.by_label
        new, place_type = tuple.__new__, Place
        for number, row in self.rows.items():
            merged = number in self._merges_by_row
            places: list[Place] = []
            last: Place | None = None
            for column, text in row.texts() if type(row) is PlainRow else _texts(row):
                self.texts += 1
                label = normalise(text) if len(text) <= LONGEST_LABEL else text.strip()
                if not label:
                    last = None
                    continue
                merge = self.merge_at(number, column) if merged else None
                if merge is not None:
                    top, left, bottom, right = merge
                    if (number, column) != (top, left):
                        if self._same_as_anchor(merge, text):
                            continue
                        top, left, bottom, right = number, column, number, column
                else:
                    top, left, bottom, right = number, column, number, column
                if last is not None and last.label == label and last.right + 1 == left and last.top == top:
                    place = Place(top, last.left, last.bottom, right, label, last.text)
                    places[-1] = place
                    siblings = by_label[label]
                    siblings[-1] = place
                else:
                    place = new(place_type, (top, left, bottom, right, label, text))
                    places.append(place)
                    if label in by_label:
                        by_label[label].append(place)
                    else:
                        by_label[label] = [place]
                last = place
            if places:
                self.by_row[number] = tuple(places)

    def _same_as_anchor(self, merge: Range, text: str) -> bool:
        anchor = self.rows.get(merge.top, {}).get(merge.left)
        return anchor is None or anchor.raw.strip() == text.strip()

    def merge_at(self, row: int, column: int) -> Range | None:
        """The merged range that covers a cell, if any."""
        for merge in self._merges_by_row.get(row, ()):
            if merge.left <= column <= merge.right:
                return merge
        return None

    def cell(self, row: int, column: int) -> Cell | None:
        line = self.rows.get(row)
        return line.get(column) if line is not None else None

    def covered(self, row: int, column: int) -> tuple[Cell | None, int, int]:
        """The cell that shows at a place: the cell itself, or the anchor of the merged range over it."""
        merge = self.merge_at(row, column)
        if merge is not None:
            return self.cell(merge.top, merge.left), merge.top, merge.left
        return self.cell(row, column), row, column

    def labels_between(self, top: int, bottom: int) -> Iterator[Place]:
        """Labels whose first row lies between two rows, in reading order."""
        for row, places in self.by_row.items():
            if row > bottom:
                return
            if row >= top:
                yield from places

    def find(self, labels: Mapping[str, object] | tuple[str, ...]) -> list[Place]:
        """Every place of any of these (normalised) labels, in reading order."""
        found = [place for label in labels for place in self.by_label.get(label, ())]
        return sorted(found) if len(found) > 1 else found

    def find_explained(self, labels: tuple[str, ...]) -> list[Place]:
        """Every place whose label is one of these but for brackets, under that name."""
        return sorted(place for label in labels for place in self._explained.get(label, ()))

    def find_dated(self, labels: Collection[str], top: int, bottom: int) -> list[Place]:
        """Every place between two rows whose label is one of these with a year in place of the word for it, under that
        name. The newest year among them is the first of the words, the year before it the second."""
        if not self._dated:
            return []
        words = self._labels.years
        dated = [
            (year, place._replace(label=rest))
            for year, rest, place in self._dated
            if top <= place.top <= bottom and any(word + rest in labels for word in words)
        ]
        newest = max((year for year, _ in dated), default=0)
        named = (p._replace(label=words[newest - y] + p.label) for y, p in dated if newest - y < len(words))
        return sorted(place for place in named if place.label in labels)

    @cached_property
    def _dated(self) -> list[tuple[int, str, Place]]:
        numbers = [label for label in self.by_label if label[:4].isdigit() and len(label) > 4]
        found = ((self._labels.dated(label), self.by_label[label]) for label in numbers)
        return [(*dated, place) for dated, places in found if dated is not None for place in places]

    @cached_property
    def _explained(self) -> dict[str, list[Place]]:
        explained: dict[str, list[Place]] = {}
        for label in [label for label in self.by_label if "(" in label]:
            name = bare(label)
            explained.setdefault(name, []).extend(place._replace(label=name) for place in self.by_label[label])
        return explained

    @cached_property
    def headings(self) -> Headings:
        """Where a title may stand: in a wide cell, alone on its line, or in the first lines."""
        lines = tuple(
            (number, places[0].label)
            for number, places in self.by_row.items()
            if number <= TITLE_LINES or places[0].right - places[0].left >= TITLE_WIDTH or len(places) == 1
        )
        return Headings(lines, "\n".join(label for _, label in lines))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name under which ``find``, ``find_explained`` and ``find_dated`` find something."""
        dated = {word + rest for _, rest, _ in self._dated for word in self._labels.years}
        return frozenset(self.by_label.keys() | self._explained.keys() | dated)

    @property
    def last_row(self) -> int:
        return max(self.rows, default=0)
