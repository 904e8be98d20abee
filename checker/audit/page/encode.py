"""How much goes into one file: texts once, messages without their figures, documents in pieces that are opened one by
one. All of it is JSON, gzipped and in base64, so that no text of a cell can end a script or begin a tag.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import IO, Any, Final

__all__ = ["Pieces", "Strings", "packed", "without_figures"]

#: Stands where a figure was taken out of a message.
_HOLE: Final = "\0"
_FIGURE: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
#: Documents of one group that are packed together: enough to take little room, few enough to be opened at once.
_A_PIECE: Final = 200
#: Documents that wait for others of their group.
_WAITING: Final = 20_000


class Strings:
    """Texts that occur often, each kept once and known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def listed(self) -> list[str]:
        return list(self._numbers)


def without_figures(text: str) -> tuple[str, str]:
    """``text`` with holes for its figures, and the figures: what a rule says of a thousand cells is kept once."""
    if _HOLE in text:
        return text, ""
    return _FIGURE.sub(_HOLE, text), " ".join(_FIGURE.findall(text))


def packed(value: object) -> bytes:
    """``value`` as the page reads it: the same bytes each time."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A file name that is no text holds lone surrogates, which have no UTF-8.
    return b64encode(gzip.compress(text.encode("utf-8", "replace"), 9, mtime=0))


class Pieces:
    """Documents put away by group, and where each one went. What is alike is packed together and takes little room."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._waiting: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        self._count = 0
        self._pieces = 0
        #: Of every document, by its number: the piece it is in, and its place there.
        self.places: dict[int, tuple[int, int]] = {}

    def add(self, number: int, group: str, document: Mapping[str, Any]) -> None:
        """Put away document ``number``; where it goes is known when all are in and ``close`` was called."""
        waiting = self._waiting.setdefault(group, [])
        waiting.append((number, document))
        self._count += 1
        if len(waiting) >= _A_PIECE:
            self._put(self._waiting.pop(group))
        elif self._count > _WAITING:
            self._put(self._waiting.pop(max(self._waiting, key=lambda name: len(self._waiting[name]))))

    def close(self) -> None:
        """Pack what still waits, small groups with their neighbours."""
        rest: list[tuple[int, Mapping[str, Any]]] = []
        for group in sorted(self._waiting):
            rest += self._waiting[group]
            if len(rest) >= _A_PIECE:
                self._put(rest)
                rest = []
        if rest:
            self._put(rest)
        self._waiting = {}

    def _put(self, documents: list[tuple[int, Mapping[str, Any]]]) -> None:
        for place, (number, _) in enumerate(documents):
            self.places[number] = (self._pieces, place)
        body = packed([document for _, document in documents])
        self._file.write(b'<script type="text/plain" id="piece-%d">%s</script>\n' % (self._pieces, body))
        self._pieces += 1
        self._count -= len(documents)
