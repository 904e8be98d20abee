"""Notes and threaded comments on cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checker.readers.escapes import unescape
from checker.readers.grid import parse_cell
from checker.readers.markup import parse_part
from checker.readers.package import Package
from checker.readers.relationships import read_relationships

__all__ = ["read_comments"]

_THREADED: Final = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"


def read_comments(package: Package, sheet_part: str) -> Mapping[tuple[int, int], str]:
    """The comments of a sheet by (row, column). Raises ``ReadError``.

    The messages of a thread stand a line each, and replace the note that Excel writes beside them for older
    programs.
    """
    notes: dict[tuple[int, int], str] = {}
    threads: dict[tuple[int, int], str] = {}
    for relationship in read_relationships(package, sheet_part):
        if relationship.kind == "comments":
            _read_notes(package, relationship.part, notes)
        elif relationship.kind == "threadedComment":
            _read_threads(package, relationship.part, threads)
    return {**notes, **threads}


def _read_notes(package: Package, part: str, notes: dict[tuple[int, int], str]) -> None:
    place: tuple[int, int] | None = None
    runs: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal place
        if name == "comment":
            place = parse_cell(attributes.get("ref", ""))
            runs.clear()

    def end(name: str, text: str) -> None:
        if name == "t":
            runs.append(text)
        elif name == "rPh" and runs:
            runs.pop()
        elif name == "comment" and place is not None:
            notes[place] = unescape("".join(runs))

    parse_part(package, part, start, end)


def _read_threads(package: Package, part: str, threads: dict[tuple[int, int], str]) -> None:
    place: tuple[int, int] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal place
        if name == f"{_THREADED}threadedComment":
            place = parse_cell(attributes.get("ref", ""))

    def end(name: str, text: str) -> None:
        if name == f"{_THREADED}text" and place is not None:
            threads[place] = f"{threads[place]}\n{text}" if place in threads else text

    parse_part(package, part, start, end)
