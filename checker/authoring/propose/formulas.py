"""What the workbook's own formulas say, over labels instead of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable
from checker.locate.grid import Grid
from checker.model.workbook import address

__all__ = ["Said", "Spot", "quoted", "read_formulas", "sums_by_line"]

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,5})(?::\$?([A-Z]{1,3})\$?([0-9]{1,5}))?(?![A-Z0-9(])")
_GUARD: Final = re.compile(r'IFERROR\((.*),""\)|IF\(\$?[A-Z]{1,3}\$?[0-9]+="","",(.*)\)', re.DOTALL)
_SUM: Final = re.compile(r"[A-Z0-9:,+$() ]+")
_RATIO: Final = re.compile(r"([^/*]+)/([^/*]+)")
_MOST: Final = 400


class Spot(NamedTuple):
    """A cell by its labels; ``row`` is None in a table whose rows bear no names."""

    table: FoundTable
    row: FoundRow | None
    column: FoundColumn
    number: int


class Said(NamedTuple):
    """One formula: its cell, its text (without what only hides errors), the cells it takes, and what it is: ``sum``,
    ``ratio`` or ``other``. ``terms`` is the text over labels; None where a cell has none."""

    spot: Spot
    cell: str
    formula: str
    takes: tuple[Spot, ...]
    kind: str
    terms: str | None


def read_formulas(grid: Grid, tables: Sequence[FoundTable]) -> Iterator[Said]:
    """Every formula that stands in a cell with labels."""
    for number, row in grid.rows.items():
        for at, cell in row.items():
            if cell.formula is None or (spot := _spot(tables, number, at)) is None:
                continue
            formula = _bare(cell.formula)
            takes: list[Spot] = []
            lost = False
            for first in _REFERENCE.finditer(formula):
                for line, column in _cells(first):
                    found = _spot(tables, line, column)
                    lost = lost or found is None
                    if found is not None:
                        takes.append(found)
            kind = "ratio" if _RATIO.fullmatch(formula) and "(" not in formula.split("/")[1] else "other"
            if _SUM.fullmatch(formula) and not set(re.findall(r"[A-Z]+\(", formula)) - {"SUM("}:
                kind = "sum"
            text = None if lost or not takes else _terms(formula, spot, tables)
            yield Said(spot, address(number, at), formula, tuple(takes), kind, text)


def _bare(formula: str) -> str:
    text = formula.strip().removeprefix("=")
    while (found := _GUARD.fullmatch(text)) is not None:
        text = (found[1] if found[1] is not None else found[2]).strip()
    return text


def _cells(found: re.Match[str]) -> list[tuple[int, int]]:
    left, top = _column(found[1]), int(found[2])
    if found[3] is None:
        return [(top, left)]
    right, bottom = _column(found[3]), int(found[4])
    if (right - left + 1) * (bottom - top + 1) > _MOST:
        return []
    return [(line, at) for line in range(top, bottom + 1) for at in range(left, right + 1)]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _spot(tables: Sequence[FoundTable], number: int, at: int) -> Spot | None:
    for table in tables:
        if not table.heading_bottom < number <= table.bottom:
            continue
        column = table.column_at(at)
        if column is None:
            continue
        row = table.row_at(number, at)
        if row is None and table.layout == "closed":
            return None
        return Spot(table, row, column, number)
    return None


def _terms(formula: str, here: Spot, tables: Sequence[FoundTable]) -> str | None:
    """The formula over labels: ``[@column]`` in its own row, ``table[row, column]`` elsewhere."""

    def label(found: re.Match[str]) -> str:
        spots = [spot for line, at in _cells(found) if (spot := _spot(tables, line, at)) is not None]
        if found[3] is not None and all(spot.row is None for spot in spots) and spots:
            return f"{quoted(spots[0].table.name)}[{quoted(spots[0].column.name)}]"
        return ", ".join(_named(spot, here) for spot in spots) or "?"

    text = _REFERENCE.sub(label, formula)
    return None if "?" in text else text


def _named(spot: Spot, here: Spot) -> str:
    column = quoted(spot.column.name)
    if spot.table is here.table and spot.number == here.number:
        return f"[@{column}]"
    return f"{quoted(spot.table.name)}[{quoted(spot.row.name)}, {column}]" if spot.row is not None else "?"


def quoted(name: str) -> str:
    """A name as formulas write it: in quotes where it begins with a digit or holds what is no letter."""
    plain = all(character.isalnum() or character == "_" for character in name) and not name[0].isdigit()
    return name if plain else f"'{name}'"


def sums_by_line(said: Sequence[Said], table: FoundTable) -> dict[int, list[int]]:
    """Lines of parts by the line of their total, as the formulas of ``table`` add up its rows."""
    found: dict[int, list[int]] = {}
    for one in said:
        down = one.spot.table is table and all(
            spot.table is table and spot.column.name == one.spot.column.name and spot.row is not None
            for spot in one.takes
        )
        if one.kind == "sum" and down and one.spot.row is not None and table.layout == "closed":
            found.setdefault(one.spot.number, list(dict.fromkeys(spot.number for spot in one.takes)))
    return found
