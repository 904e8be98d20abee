"""Texts of a workbook: the shared table, and the escapes in which OOXML writes control characters."""

from __future__ import annotations

import re
from xml.parsers.expat import XMLParserType

from checker.readers import limits
from checker.readers.markup import Local, parse_main
from checker.readers.package import Package
from checker.readers.refusals import refuse

__all__ = ["read_shared_texts", "unescape"]

_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")


def unescape(text: str) -> str:
    """``_x000D_`` → carriage return. Half of a surrogate pair becomes U+FFFD."""
    return _ESCAPE.sub(_characters, text) if "_x" in text else text


def _characters(match: re.Match[str]) -> str:
    units = b"".join(int(unit[1:], 16).to_bytes(2, "little") for unit in match[0].split("_")[1::2])
    return units.decode("utf-16-le", "replace")


def read_shared_texts(package: Package, part: str) -> list[str]:
    """The shared texts in the order of the part, phonetic guides left out. Raises ``ReadError``."""
    if package.size(part) > limits.MAX_PART_BYTES:
        raise refuse("PART_TOO_LARGE", package.where, part=part, limit=limits.MAX_PART_BYTES // limits.MIB)
    texts: list[str] = []
    runs: list[str] = []
    pieces: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        pieces.clear()

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if name == "t":
            runs.append(pieces[0] if len(pieces) == 1 else "".join(pieces))
        elif name == "si":
            text = runs[0] if len(runs) == 1 else "".join(runs)
            runs.clear()
            texts.append(_ESCAPE.sub(_characters, text) if "_x" in text else text)
        elif name == "rPh" and runs:
            runs.pop()
        elif name.endswith(("}Choice", ":Choice")):
            raise refuse("ALTERNATE_CELLS", package.where)
        pieces.clear()

    def guard(chunk: bytes) -> None:
        if depth > limits.MAX_DEPTH:
            raise refuse("XML_TOO_DEEP", package.where, part=part, limit=limits.MAX_DEPTH)
        if len(texts) > limits.MAX_TEXTS:
            raise refuse("TOO_MANY_TEXTS", package.where, limit=limits.MAX_TEXTS)

    def attach(parser: XMLParserType, local: Local | None) -> None:
        parser.StartElementHandler = start
        parser.EndElementHandler = end if local is None else lambda name: end(local(name))
        parser.CharacterDataHandler = pieces.append

    parse_main(package, part, "sst", attach, guard)
    if max(map(len, texts), default=0) > limits.MAX_TEXT_LENGTH:
        raise refuse("TEXT_TOO_LONG", package.where, limit=limits.MAX_TEXT_LENGTH)
    return texts
