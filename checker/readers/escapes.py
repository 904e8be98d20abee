"""The escapes in which OOXML writes characters that XML cannot hold."""

from __future__ import annotations

import re

__all__ = ["unescape"]

_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")


def unescape(text: str) -> str:
    """``_x000D_`` → carriage return. Half of a surrogate pair becomes U+FFFD."""
    return _ESCAPE.sub(_characters, text) if "_x" in text else text


def _characters(match: re.Match[str]) -> str:
    units = b"".join(int(unit[1:], 16).to_bytes(2, "little") for unit in match[0].split("_")[1::2])
    return units.decode("utf-16-le", "replace")
