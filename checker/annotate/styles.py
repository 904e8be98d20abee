"""Styles derived from the ones that a workbook has: the same with another fill. Those there are keep their numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from checker.annotate.book import namespace_of, set_attribute
from checker.annotate.edits import Edit, applied
from checker.annotate.refusals import cannot_mark
from checker.annotate.tags import Tag, children, find, masked, root_of

__all__ = ["EMPTY", "Styles", "fill_colour"]

#: The least that a workbook can have; its namespace goes in.
EMPTY: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
#: Cells in this format hold text whatever is typed into them.
_TEXT_FORMAT: Final = 49
#: Excel takes so many formats of cells.
_MOST_FORMATS: Final = 65_430
_SIDES: Final = ("left", "right", "top", "bottom")
_COLOUR: Final = re.compile(r"""fgColor\s+rgb\s*=\s*["'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})["']""")


class _Family:
    """One list of the part (``fills``, ``cellXfs``) and what is added at its end."""

    def __init__(self, text: str, mask: str, prefix: str, name: str) -> None:
        found = find(mask, prefix, name)
        if found is None or found.closed:
            raise ValueError(name)
        self.tag: Tag = found
        self.end = mask.index(f"</{found.name}", found.end)
        self.items = [text[tag.start : end] for tag, end in children(mask, found.end, self.end)]
        self.known = len(self.items)
        self._new: dict[str, int] = {}

    def add(self, item: str) -> int:
        """The number of ``item``, added if it is not among those that were added before."""
        if item not in self._new:
            self._new[item] = len(self.items)
            self.items.append(item)
        return self._new[item]

    def edits(self) -> list[Edit]:
        new = self.items[self.known :]
        if not new:
            return []
        return [set_attribute(self.tag, "count", str(len(self.items))), Edit(self.end, self.end, "".join(new))]


class Styles:
    """The part of the styles. Raises ``CannotMarkError``."""

    def __init__(self, text: str, part: str, where: str) -> None:
        self.text, self._part, self._where = text, part, where
        mask = masked(text)
        root = root_of(mask)
        if root is None or not namespace_of(root):
            raise cannot_mark("MARK_STRUCTURE", where, part=part, detail="styleSheet")
        self.prefix = root.prefix
        try:
            self._fonts, self._fills, self._borders, self._formats = (
                _Family(text, mask, root.prefix, name) for name in ("fonts", "fills", "borders", "cellXfs")
            )
        except ValueError as error:
            raise cannot_mark("MARK_STRUCTURE", where, part=part, detail=str(error)) from error
        self.fill_of = cache(self._fill_of)
        self._derived: dict[tuple[int, str], int] = {}
        self._own: dict[tuple[int, bool, str, str, bool, str, int], int] = {}

    def _fill_of(self, style: int) -> str:
        """The fill of a style as it is written; empty for none."""
        number = int(_tag(self._format(style)).get("fillId") or 0)
        return self._fills.items[number] if 0 < number < len(self._fills.items) else ""

    def coloured(self, style: int, colour: str) -> int:
        """The style that is like ``style`` but filled with ``colour`` (RRGGBB)."""
        key = (style, colour)
        if key not in self._derived:
            self._derived[key] = self._formats.add(self._filled(style, self._add_fill(self._solid(colour))))
        return self._derived[key]

    def refilled(self, style: int, fill: str) -> int:
        """The style that is like ``style`` with its fill as it was once written; an equal one that is there serves."""
        number = 0
        if fill:
            fills = self._fills.items
            number = fills.index(fill) if fill in fills else self._add_fill(fill)
        wanted, formats = self._filled(style, number), self._formats.items
        return formats.index(wanted) if wanted in formats else self._formats.add(wanted)

    def own(
        self,
        across: str,
        *,
        size: int = 10,
        bold: bool = False,
        ink: str = "",
        fill: str = "",
        frame: bool = True,
        indent: int = 0,
    ) -> int:
        """A style of our own sheets: text, wrapped where framed; ``across`` is ``left``, ``center`` or ``right``."""
        key = (size, bold, ink, fill, frame, across, indent)
        if key not in self._own:
            self._own[key] = self._make(*key)
        return self._own[key]

    def _make(self, size: int, bold: bool, ink: str, fill: str, frame: bool, across: str, indent: int) -> int:
        p = self.prefix
        font = self._fonts.add(
            f'<{p}font>{f"<{p}b/>" if bold else ""}<{p}sz val="{size}"/>'
            + (f'<{p}color rgb="FF{ink}"/>' if ink else "")
            + f'<{p}name val="SimSun"/><{p}family val="2"/><{p}charset val="134"/></{p}font>'
        )
        lines = "".join(f'<{p}{side} style="thin"><{p}color rgb="FFBFBFBF"/></{p}{side}>' for side in _SIDES)
        border = self._borders.add(f"<{p}border>{lines}<{p}diagonal/></{p}border>") if frame else 0
        number = self._add_fill(self._solid(fill)) if fill else 0
        upright = 'vertical="top" wrapText="1"' if frame else 'vertical="center"'
        upright += f' indent="{indent}"' if indent else ""
        return self._formats.add(
            f'<{p}xf numFmtId="{_TEXT_FORMAT}" fontId="{font}" fillId="{number}" borderId="{border}" xfId="0" '
            'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<{p}alignment horizontal="{across}" {upright}/></{p}xf>'
        )

    def edits(self) -> list[Edit]:
        """What is to be changed in the part, once all styles are made. Raises ``CannotMarkError`` where Excel would
        not take so many."""
        if self._formats.known < len(self._formats.items) > _MOST_FORMATS:
            raise cannot_mark("MARK_STRUCTURE", self._where, part=self._part, detail="cellXfs")
        return [edit for family in (self._fonts, self._fills, self._borders, self._formats) for edit in family.edits()]

    def _add_fill(self, fill: str) -> int:
        """The first two are Excel's own: whatever stands there, it shows nothing and gray dots."""
        p = self.prefix
        for kind in ("none", "gray125")[len(self._fills.items) :]:
            self._fills.add(f'<{p}fill><{p}patternFill patternType="{kind}"/></{p}fill>')
        return self._fills.add(fill)

    def _solid(self, colour: str) -> str:
        p = self.prefix
        return (
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/><{p}bgColor indexed="64"/>'
            f"</{p}patternFill></{p}fill>"
        )

    def _format(self, style: int) -> str:
        items = self._formats.items
        return items[style] if 0 <= style < len(items) else items[0]

    def _filled(self, style: int, number: int) -> str:
        return _with(_with(self._format(style), "fillId", str(number)), "applyFill", "1" if number else "0")


def fill_colour(fill: str) -> str:
    """RRGGBB of a solid fill, empty for any other."""
    match = _COLOUR.search(fill)
    return match[1].upper() if match else ""


def _tag(item: str) -> Tag:
    tag = root_of(item)
    assert tag is not None
    return tag


def _with(item: str, name: str, value: str) -> str:
    return applied(item, [set_attribute(_tag(item), name, value)])
