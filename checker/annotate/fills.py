"""Fills as styles write them and as Excel tells of them (pattern, colour, theme, tint, colour of the pattern), so that
marks of the one can be taken away by the other."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from checker.annotate.tags import attributes, root_of

__all__ = ["bgr", "fill_in_words", "fill_in_xml", "rrggbb"]

_NONE, _SOLID, _GRADIENT = -4142, 1, 4000
_COLOUR: Final = re.compile(r"<(?:\w+:)?fgColor\b([^>]*)>")
_WORDS: Final = re.compile(r"(-?[0-9]+) ([0-9]+) ([0-9]+) (\S+) ([0-9]+)")


def bgr(colour: str) -> int:
    """``FF9B9B`` as Excel counts colours: red in the lowest byte."""
    return int.from_bytes(bytes.fromhex(colour), "little")


def rrggbb(number: int) -> str:
    """The inverse of ``bgr``."""
    return (number & 0xFFFFFF).to_bytes(3, "little").hex().upper()


@cache
def fill_in_words(fill: str) -> str:
    """The line for a fill as a style writes it. What has no number (gradients, indexed colours) is near enough or said
    to be a gradient, which nobody paints over."""
    root = root_of(fill)
    if not fill or root is None or 'patternType="none"' in fill:
        return f"{_NONE} 0 0 0 0"
    if "gradientFill" in fill:
        return f"{_GRADIENT} 0 0 0 0"
    match = _COLOUR.search(fill)
    given = attributes(match[1]) if match else {}
    if given.get("theme", "").isdecimal():
        return f"{_SOLID} 0 {int(given['theme']) + 1} {given.get('tint', '0')} 0"
    colour = given.get("rgb", "")[-6:]
    return f"{_SOLID} {bgr(colour)} 0 0 0" if re.fullmatch("[0-9A-Fa-f]{6}", colour) else f"{_GRADIENT} 0 0 0 0"


def fill_in_xml(words: str, prefix: str) -> str | None:
    """A fill as styles write it from its line: empty for none, None where it cannot be told."""
    match = _WORDS.fullmatch(words)
    if match is None or int(match[1]) >= _GRADIENT:
        return None
    if int(match[1]) == _NONE:
        return ""
    tint = f' tint="{match[4]}"' if match[4] not in ("0", "0.0") else ""
    colour = f'theme="{int(match[3]) - 1}"{tint}' if int(match[3]) else f'rgb="FF{rrggbb(int(match[2]))}"'
    p = prefix
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor {colour}/><{p}bgColor indexed="64"/>'
        f"</{p}patternFill></{p}fill>"
    )
