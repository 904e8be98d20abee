"""Formulas of a layout: which cells have one, and how its labels become addresses.

In a layout, ``[@column]`` is the cell of that column in the same row, ``[row, column]`` the cell of a named
row, ``[column]`` all data rows of the column; ``table[…]`` says the same of another table of the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from checker.errors import PackError
from checker.messages import tr
from checker.model.form import Column, ColumnKind, Table
from checker.model.workbook import address
from checker.templates.drawing import Position
from checker.templates.layout import TableLine

__all__ = ["formula_for", "resolve"]

_REFERENCE: Final = re.compile(r"([^\s\[\]+\-*/(),]*)\[(@?)([^\]]+)\]")
#: What adds up in any table, and what adds up only down a list of indicators.
_ADDITIVE: Final = frozenset({ColumnKind.AMOUNT, ColumnKind.COUNT})
_MARKS: Final = frozenset({ColumnKind.SCORE, ColumnKind.WEIGHT})

Places = Mapping[tuple[str, str | int, str], Position]


def formula_for(line: TableLine, table: Table, row: str | int, column: Column, printed: Sequence[str]) -> str | None:
    """The formula of one cell, in labels; None where the filer types.

    The layout's own word comes first (an empty one means: none), then sums for total rows, then the column's
    formula. ``printed`` are the named rows that stand on the sheet."""
    said = line.formulas.get(column.name, {})
    for key in (row, "*"):
        if isinstance(key, str) and key in said:
            return _guarded(said[key], table, row)
    if row in table.totals:
        if column.kind in _ADDITIVE | _MARKS and not table.levels:
            return f"SUM([{column.name}])"
    elif row in table.rows and table.rows[str(row)].total and column.kind in _ADDITIVE:
        parts = [name for name in printed if _parent(table, name, printed) == row]
        if parts:
            return f"SUM({', '.join(f'[{part}, {column.name}]' for part in parts)})"
    return _guarded(column.formula, table, row)


def _guarded(formula: str, table: Table, row: str | int) -> str | None:
    """Nothing shows in a row of an open table that has no name yet, nor of a quotient whose figures are missing."""
    if not formula:
        return None
    if "/" in formula:
        formula = f'IFERROR({formula},"")'
    return f'IF([@{table.key}]="","",{formula})' if isinstance(row, int) and table.key else formula


def _parent(table: Table, name: str, printed: Sequence[str]) -> str | None:
    row = table.rows.get(name)
    if row is None:  # an extra row: a further part of the total row
        return next((total for total in printed if total in table.rows and table.rows[total].total), None)
    return next((parent for parent in row.part_of if parent in printed), None)


def resolve(formula: str, table: str, row: str | int, places: Places) -> str:
    """The formula with addresses for labels. Raises PackError for a label that is not on the sheet."""

    def reference(match: re.Match[str]) -> str:
        where = match[1] or table
        if match[2]:
            return _at(places, where, row, match[3].strip(), formula)
        named, _, column = (part.strip() for part in match[3].rpartition(","))
        if named:
            return _at(places, where, named, column, formula)
        cells = [
            position
            for (owner, at, name), position in places.items()
            if owner == where and name == column and isinstance(at, int)
        ]
        return ",".join(_runs(cells)) or "0"

    resolved = _REFERENCE.sub(reference, formula)
    return re.sub(r"SUM\(([^()]*)\)", lambda match: f"SUM({_joined(match[1])})", resolved)


def _at(places: Places, table: str, row: str | int, column: str, formula: str) -> str:
    try:
        return address(*places[table, row, column])
    except KeyError:
        raise PackError(
            "layout-formula",
            tr(
                "The formula {formula} in a layout names {cell}, which the form does not draw.",
                formula=formula,
                cell=f"{table}[{row}, {column}]",
            ),
        ) from None


def _joined(arguments: str) -> str:
    """``E8, E9, E10`` as Excel's users write it: ``E8:E10``."""
    parts = [part.strip() for part in arguments.split(",")]
    cells = [re.fullmatch(r"([A-Z]+)([0-9]+)", part) for part in parts]
    joined: list[str] = []
    start = 0
    for at in range(1, len(parts) + 1):
        first, before, here = cells[start], cells[at - 1], cells[at] if at < len(parts) else None
        if first and before and here and here[1] == first[1] and int(here[2]) == int(before[2]) + 1:
            continue
        joined.append(parts[start] if at - start == 1 else f"{parts[start]}:{parts[at - 1]}")
        start = at
    return ",".join(joined)


def _runs(cells: Sequence[Position]) -> list[str]:
    return _joined(",".join(address(*cell) for cell in sorted(cells, key=lambda c: (c[1], c[0])))).split(",")
