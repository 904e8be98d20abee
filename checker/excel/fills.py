"""The fill of a cell: read, kept as a line of text, painted over, put back."""

from __future__ import annotations

import sys
from typing import Any, Final, NamedTuple

__all__ = ["Fill", "colour_number", "colour_of", "fill_of", "paint", "put_back"]

_NO_PATTERN: Final = -4142
_SOLID: Final = 1
#: Patterns from here on are gradients, which no number describes.
_GRADIENT: Final = 4000


class Fill(NamedTuple):
    """As ``Interior`` has it. ``theme`` is 0 where the colour is not one of the theme; ``tint`` is kept as text."""

    pattern: int = _NO_PATTERN
    colour: int = 0
    theme: int = 0
    tint: str = "0"
    pattern_colour: int = 0

    @property
    def gradient(self) -> bool:
        return self.pattern >= _GRADIENT

    def __str__(self) -> str:
        return " ".join(map(str, tuple(self)))

    @classmethod
    def parse(cls, text: str) -> Fill:
        """What ``str`` gave. Anything else is no fill: a record that somebody changed."""
        parts = text.split()
        if len(parts) != len(cls._fields):
            return cls()
        try:
            pattern, colour, theme, pattern_colour = (int(parts[index]) for index in (0, 1, 2, 4))
        except ValueError:
            return cls()
        return cls(pattern, colour, theme, parts[3], pattern_colour)


def colour_number(rrggbb: str) -> int:
    """``FF9B9B`` as Excel counts colours: red in the lowest byte."""
    return int.from_bytes(bytes.fromhex(rrggbb), "little")


def fill_of(cell: Any) -> Fill:
    if sys.platform == "darwin":
        rgb = cell.color
        return Fill() if rgb is None else Fill(_SOLID, int.from_bytes(bytes(rgb), "little"))
    interior = cell.api.Interior
    pattern = int(interior.Pattern)
    if pattern == _NO_PATTERN or pattern >= _GRADIENT:
        return Fill(pattern)
    theme = int(_asked(interior, "ThemeColor") or 0)
    tint = repr(_asked(interior, "TintAndShade") or 0)
    under = 0 if pattern == _SOLID else int(interior.PatternColor)
    return Fill(pattern, int(interior.Color), max(theme, 0), tint, under)


def colour_of(cell: Any) -> int:
    """The colour of the fill, -1 where it has none of its own."""
    if sys.platform == "darwin":
        rgb = cell.color
        return -1 if rgb is None else int.from_bytes(bytes(rgb), "little")
    colour = _asked(cell.api.Interior, "Color")
    return -1 if colour is None else int(colour)


def paint(cell: Any, colour: int) -> None:
    """Make the fill plain and ``colour``."""
    if sys.platform == "darwin":
        cell.color = tuple(colour.to_bytes(3, "little"))
        return
    interior = cell.api.Interior
    interior.Pattern = _SOLID
    interior.Color = colour


def put_back(cell: Any, fill: Fill) -> None:
    """Make the fill what it was."""
    if sys.platform == "darwin":
        cell.color = None if fill.pattern == _NO_PATTERN else tuple(fill.colour.to_bytes(3, "little"))
        return
    interior = cell.api.Interior
    interior.Pattern = fill.pattern
    if fill.pattern == _NO_PATTERN:
        return
    if fill.theme:
        interior.ThemeColor = fill.theme
        interior.TintAndShade = _number(fill.tint)
    else:
        interior.Color = fill.colour
    if fill.pattern != _SOLID:
        interior.PatternColor = fill.pattern_colour


def _asked(interior: Any, name: str) -> Any:
    """A property that raises where the colour is not of a theme, or that the program does not have."""
    try:
        return getattr(interior, name)
    except Exception:  # of pywin32, which need not be there
        return None


def _number(text: str) -> Any:
    """A tint, -1 to 1, as COM wants it: it is no amount."""
    import json

    return json.loads(text)
