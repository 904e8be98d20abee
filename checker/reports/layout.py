"""Lines for a terminal: safe to print, measured in columns, broken where a reader would break them.

Text from cells is data. What could move the cursor, change colours or turn the direction of writing is taken
out before it is shown (design §10).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

__all__ = ["BOLD", "CYAN", "DIM", "GREEN", "RED", "YELLOW", "clean", "cut", "pad", "paint", "width", "wrap"]

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"
#: Closing marks that may not begin a line.
_CLOSING = frozenset("，。、；：！？）》】」』〉”’,.;:!?)]}%％…")


def clean(text: str) -> str:
    """``text`` on one line, without control, formatting or surrogate characters."""
    if text.isprintable():  # nearly always, and then nothing in it needs a closer look
        return text if text.isascii() else text.strip()
    return "".join(_harmless(character) for character in text).strip()


def _harmless(character: str) -> str:
    if character in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):
        return ""
    return "\ufffd" if category in ("Cs", "Co", "Cn") else character


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal: two for a wide character, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.combining(character) else 1


def pad(text: str, columns: int) -> str:
    """``text`` filled up with spaces to ``columns``."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """``text`` in at most ``columns``, with ``…`` where something was left out."""
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``, at least one line. Words and numbers stay whole if they fit;
    wide characters break anywhere but before a closing mark."""
    lines, line, used = [], "", 0
    for token in _tokens(text, columns):
        needed = width(token)
        if line and used + width(token.rstrip()) > columns:
            lines.append(line.rstrip())
            line, used, token = "", 0, token.lstrip()
            needed = width(token)
        line += token
        used += needed
    lines.append(line.rstrip())
    return lines


def _tokens(text: str, columns: int) -> Iterator[str]:
    """What may not be torn apart: a word with its spaces, a wide character with its closing mark."""
    token = ""
    for character in text:
        wide = _columns(character) == 2
        ended = token and (token[-1] == " " or _columns(token[-1]) == 2 or wide)
        if (ended and character != " " and character not in _CLOSING) or width(token) >= columns - 1:
            yield token
            token = ""
        token += character
    yield token


def paint(text: str, *codes: str) -> str:
    """``text`` in ANSI colours."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"
