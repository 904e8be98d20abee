"""Titles of forms on a sheet, and the stretches that they head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.locate.grid import Grid, Place
from checker.locate.headers import MOST_COPIES, too_many_copies
from checker.model.form import Form
from checker.model.workbook import Range

__all__ = ["Titled", "segments"]


class Titled(NamedTuple):
    """A title on a sheet, and the forms that bear it: a form shares the titles of one that it is a kind of."""

    forms: tuple[Form, ...]
    place: Place

    def names(self, form: Form) -> bool:
        return any(other is form for other in self.forms)


def segments(grid: Grid, forms: Sequence[Form]) -> list[tuple[Range, Titled | None]]:
    """Stretches of the sheet from one form's title to the next; the whole sheet when there is no title."""
    titles = _titles(grid, forms)
    last = grid.last_row
    width = 16384
    if not titles:
        return [(Range(1, 1, last, width), None)]
    if len(titles) > MOST_COPIES:
        raise too_many_copies(grid)
    starts = [titled.place.top for titled in titles]
    starts[0] = 1
    ends = [start - 1 for start in starts[1:]] + [last]
    return [(Range(s, 1, e, width), t) for s, e, t in zip(starts, ends, titles, strict=True) if e >= s]


def _titles(grid: Grid, forms: Sequence[Form]) -> list[Titled]:
    """Every title on the sheet: of those that a line holds the longest."""
    longest: dict[int, int] = {}
    bearers: dict[int, list[Form]] = {}
    for form in forms:
        for number, length in _titles_of(grid, form).items():
            if length > longest.get(number, 0):
                longest[number], bearers[number] = length, [form]
            elif length == longest[number]:
                bearers[number].append(form)
    # A title repeated on the line below (a running head) starts nothing new.
    result: list[Titled] = []
    for number in sorted(bearers):
        place = grid.by_row[number][0]
        if not result or number - result[-1].place.top > 2:
            result.append(Titled(tuple(bearers[number]), place))
    return result


def _titles_of(grid: Grid, form: Form) -> dict[int, int]:
    """The lines that hold a title of ``form``, with the length of the longest; looked for once."""
    found = grid.titled.get(id(form))
    if found is None:
        headings = grid.headings
        found = grid.titled[id(form)] = {}
        for title in form.titles:
            if title in headings.text:
                for number, label in headings.lines:
                    if title in label and len(label) <= len(title) * 2 + 12:
                        found[number] = max(len(title), found.get(number, 0))
    return found
