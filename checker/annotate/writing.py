"""Text as the parts of a workbook hold it."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MOST_UNITS", "inline_text", "lines_needed", "units", "xml_text"]

#: The ampersand first: the others bring some.
_MARKUP: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "_x000D_"))
#: What XML cannot hold.
_FORBIDDEN: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What would be read as an escape and is none.
_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
#: The most that a cell or a note holds, in units of UTF-16.
MOST_UNITS: Final = 32_767


def xml_text(text: str) -> str:
    """``text`` so that readers give it back as it is; characters that cannot be stored are left out."""
    text = _ESCAPE_LIKE.sub("_x005F_", _FORBIDDEN.sub("", text)) if not text.isprintable() or "_x" in text else text
    for character, written in _MARKUP:
        if character in text:
            text = text.replace(character, written)
    return text


def inline_text(text: str) -> str:
    """What follows the attributes of a cell that holds ``text`` and nothing else, whatever the text begins with."""
    if not text:
        return "/>"
    if 2 * len(text) > MOST_UNITS and units(text) > MOST_UNITS:
        kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (MOST_UNITS - 1)]
        text = kept.decode("utf-16-le", "ignore") + "\u2026"
    # Readers may drop spaces at the ends and change line breaks unless they are told not to.
    space = "" if text.isprintable() and text[0] != " " != text[-1] else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{xml_text(text)}</t></is></c>'


def units(text: str) -> int:
    """The length of ``text`` as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def lines_needed(text: str, columns: int) -> int:
    """About how many lines ``text`` takes where a line has so many columns: Chinese characters, which are as wide as
    two letters and take two bytes in GBK, may break anywhere."""
    lines = text.split("\n")
    needed = len(lines)
    for line in lines:
        if 2 * len(line) >= columns:
            needed += (len(line.encode("gbk", "replace")) - 1) // (columns - 1)
    return needed
