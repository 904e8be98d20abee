"""The boxes in which notes are shown: shapes of VML, sized to their text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Final

from checker.annotate.edits import Edit
from checker.annotate.sheet import SheetText
from checker.annotate.tags import attributes, find
from checker.annotate.writing import lines_needed
from checker.readers.limits import MAX_COLUMN, MAX_ROW

__all__ = ["Grid", "added_shapes", "new_shapes", "shape_blocks", "without_shapes"]

Cell = tuple[int, int]
_NAMESPACES: Final = (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_TYPE: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
#: Shapes are numbered in blocks of so many; no two drawings of a workbook share a block.
_BLOCK: Final = 1024
#: Sizes in pixels: a line of a note, its margins, its narrow and its wide box; columns and rows that say nothing.
_LINE, _MARGIN, _NARROW, _WIDE, _COLUMN, _ROW = 17, 12, 290, 430, 64, 20
_NARROW_LINES: Final = 14
#: How many letters a line takes in the font of the notes, of 6.4 pixels each; and the width of a digit in the cells.
_LETTERS: Final = {width: int((width - _MARGIN) / Decimal("6.4")) for width in (_NARROW, _WIDE)}
_DIGIT: Final = 7
#: Hidden rows and columns have no size: a note does not reach over more than these.
_MOST_STEPS: Final = 500
#: Programs choose their own prefixes.
_PREFIX: Final = r"(?:[\w.-]+:)?"
_IDMAP: Final = re.compile(rf"""(<{_PREFIX}idmap\b[^>]*?\bdata\s*=\s*["'])([0-9, ]*)(["'])""")
_SHAPE: Final = re.compile(rf"<({_PREFIX}shape)(?=[\s>]).*?</\1>", re.DOTALL)
_NUMBER: Final = re.compile(r"_x0000_s([0-9]{1,6})\b")
_OF_ROW, _OF_COLUMN = (re.compile(rf"<{_PREFIX}{name}>\s*([0-9]+)\s*</{_PREFIX}{name}>") for name in ("Row", "Column"))


class Grid:
    """Where columns and rows of a sheet lie, in pixels, as far as a note beside a cell must know it."""

    def __init__(self, sheet: SheetText) -> None:
        self._sheet = sheet
        form = find(sheet.mask, sheet.root.prefix, "sheetFormatPr", sheet.root.end)
        self._row = _points(form.get("defaultRowHeight")) if form and form.get("defaultRowHeight") else _ROW
        width = form.get("defaultColWidth") if form else ""
        self._column = _characters(width) if width else _COLUMN
        self._columns = sheet.columns
        self.width, self.height = cache(self._width), cache(self._height)
        self._right = cache(lambda column, width: _reach(self.width, column, width, MAX_COLUMN))

    def _width(self, column: int) -> int:
        for first, last, tag in self._columns:
            if first <= column <= last:
                if tag.get("hidden") in ("1", "true"):
                    return 0
                return _characters(tag.get("width")) if tag.get("width") else self._column
        return self._column

    def _height(self, row: int) -> int:
        tag = self._sheet.row(row)
        if tag is None or ("ht=" not in tag.given and "hidden" not in tag.given):
            return self._row
        given = attributes(tag.given)
        if given.get("hidden") in ("1", "true"):
            return 0
        return _points(given["ht"]) if given.get("ht") else self._row

    def anchor(self, cell: Cell, edge: int, text: str) -> str:
        """Where the box of a note stands: right of column ``edge``, where its cell ends, as large as its text needs.
        From column, pixels, row, pixels; to the same."""
        width, lines = _NARROW, lines_needed(text, _LETTERS[_NARROW])
        if lines > _NARROW_LINES:
            width, lines = _WIDE, lines_needed(text, _LETTERS[_WIDE])
        row, column = cell[0], min(edge, MAX_COLUMN - 1)
        height = lines * _LINE + _MARGIN
        right, right_pixels = self._right(column + 1, width + 12)
        bottom, bottom_pixels = _reach(self.height, row, height + 4, MAX_ROW)
        return f"{column}, 12, {row - 1}, 4, {right - 1}, {right_pixels}, {bottom - 1}, {bottom_pixels}"


def _reach(size: Callable[[int], int], start: int, distance: int, last: int) -> tuple[int, int]:
    """The column (or row) in which so many pixels from the beginning of ``start`` end, ``last`` at most, and how far
    into it."""
    number = start
    while (here := size(number)) < distance and number < min(last, start + _MOST_STEPS):
        distance -= here
        number += 1
    return number, min(distance, size(number))


def shape_blocks(drawings: Iterable[str]) -> int:
    """The first block of numbers that no drawing uses, whether it says so or not."""
    blocks = {0}
    for text in drawings:
        blocks.update(int(word) for match in _IDMAP.finditer(text) for word in re.findall("[0-9]+", match[2]))
        blocks.update(int(number) // _BLOCK for number in _NUMBER.findall(text))
    return max(blocks) + 1


def new_shapes(anchors: Mapping[Cell, str], block: int) -> tuple[str, int]:
    """A drawing with a box for each note, and the next block that is free."""
    shapes, free = _numbered(anchors, block, "")
    data = ",".join(map(str, range(block, free)))
    text = (
        f'<xml{_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{data}"/></o:shapelayout>{_TYPE}'
        f"{shapes}</xml>"
    )
    return text, free


def added_shapes(text: str, anchors: Mapping[Cell, str], block: int) -> tuple[list[Edit], int]:
    """The edits that put boxes into a drawing that is there, and the next block that is free. Raises ``ValueError``
    where it does not end as a drawing does."""
    shapes, free = _numbered(anchors, block, _NAMESPACES)
    end = text.rindex("</xml>")
    kind = "" if re.search(r"""id\s*=\s*["']_x0000_t202["']""", text) else _TYPE.replace(" ", f"{_NAMESPACES} ", 1)
    edits = [Edit(end, end, kind + shapes)]
    match = _IDMAP.search(text)
    if match:
        blocks = ",".join(map(str, range(block, free)))
        edits.append(Edit(match.end(2), match.end(2), f",{blocks}" if match[2].strip() else blocks))
    return edits, free


def without_shapes(text: str, cells: Iterable[Cell]) -> list[Edit]:
    """The edits that take the boxes of these notes out of a drawing."""
    gone, edits = set(cells), []
    for match in _SHAPE.finditer(text):
        row, column = _OF_ROW.search(match[0]), _OF_COLUMN.search(match[0])
        if row and column and (int(row[1]) + 1, int(column[1]) + 1) in gone:
            edits.append(Edit(match.start(), match.end(), ""))
    return edits


def _numbered(anchors: Mapping[Cell, str], block: int, declared: str) -> tuple[str, int]:
    shapes = [
        _shape(cell, anchor, block * _BLOCK + number, number, declared)
        for number, (cell, anchor) in enumerate(sorted(anchors.items()), 1)
    ]
    return "".join(shapes), block + len(shapes) // _BLOCK + 1


def _shape(cell: Cell, anchor: str, number: int, layer: int, declared: str) -> str:
    row, column = cell
    return (
        f'<v:shape{declared} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;z-index:{layer};'
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _characters(width: str) -> int:
    """Pixels of a column that is so many characters wide."""
    return int(Decimal(width) * _DIGIT + Decimal("0.5"))


def _points(height: str) -> int:
    """Pixels of a row that is so many points high."""
    return int(Decimal(height) * 4 / 3 + Decimal("0.5"))
