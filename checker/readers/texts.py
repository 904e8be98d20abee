"""The table of texts that the cells of all sheets share."""

from __future__ import annotations

import re
from functools import partial
from xml.parsers.expat import XMLParserType

from checker.readers import limits
from checker.readers.bypass import Bypass, Feed
from checker.readers.escapes import unescape
from checker.readers.markup import Local, parse_main
from checker.readers.package import Package
from checker.readers.plain import read_plain_texts
from checker.readers.refusals import refuse

__all__ = ["read_shared_texts"]

_BEGIN = re.compile(rb"<sst(?: [^<>]*)?>")


def read_shared_texts(package: Package, part: str) -> list[str]:
    """The shared texts in the order of the part, phonetic guides left out. Raises ``ReadError``."""
    if package.size(part) > limits.MAX_PART_BYTES:
        raise refuse("PART_TOO_LARGE", package.where, part=part, limit=limits.MAX_PART_BYTES // limits.MIB)
    reading = _Reading(package, part)
    parse_main(package, part, "sst", reading.attach, reading.route)
    reading.check()
    if any(len(text) > limits.MAX_TEXT_LENGTH for text in reading.texts):
        raise refuse("TEXT_TOO_LONG", package.where, limit=limits.MAX_TEXT_LENGTH)
    return reading.texts


class _Reading:
    def __init__(self, package: Package, part: str) -> None:
        self.texts: list[str] = []
        self._package = package
        self._part = part
        self._runs: list[str] = []
        self._pieces: list[str] = []
        #: Elements that are open; 0 before the root.
        self._depth = 0

    def attach(self, parser: XMLParserType, local: Local | None) -> None:
        self._depth = 1
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end if local is None else lambda name: self._end(local(name))
        parser.CharacterDataHandler = self._pieces.append

    def route(self, feed: Feed) -> Bypass:
        def guarded(chunk: bytes) -> None:
            feed(chunk)
            self.check()

        read_pieces = partial(read_plain_texts, self.texts)
        return Bypass(guarded, _BEGIN, b"<si", b"</si>", lambda: self._depth == 1, read_pieces)

    def check(self) -> None:
        if self._depth > limits.MAX_DEPTH:
            raise refuse("XML_TOO_DEEP", self._package.where, part=self._part, limit=limits.MAX_DEPTH)
        if len(self.texts) > limits.MAX_TEXTS:
            raise refuse("TOO_MANY_TEXTS", self._package.where, limit=limits.MAX_TEXTS)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._pieces.clear()

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "t":
            self._runs.append("".join(self._pieces))
        elif name == "si":
            self.texts.append(unescape("".join(self._runs)))
            self._runs.clear()
        elif name == "rPh" and self._runs:
            self._runs.pop()
        elif name.endswith(("}Choice", ":Choice")):
            raise refuse("ALTERNATE_CELLS", self._package.where)
        self._pieces.clear()
