"""A finding as live formulas: its cells as numbers that a reader may change, and both sides reckoned over them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from checker.reports.figures import PERCENT
from checker.reports.streams import Document

__all__ = ["Block", "Figure", "block", "compared"]

#: In a formula: a text, a sheet with a cell, a cell.
_TOKEN: Final = re.compile(r"\"(?:[^\"]|\"\")*\"|'((?:[^']|'')*)'!([A-Z]{1,3}[0-9]+)|\b([A-Z]{1,3}[0-9]+)\b")
#: Differences below this are those of binary arithmetic, not of money.
_EPSILON: Final = "0.0000001"
_VERDICTS: Final = {
    "=": "ABS({difference})<={tolerance}+{epsilon}",
    "<=": "{difference}<={tolerance}+{epsilon}",
    ">=": "{difference}+{tolerance}>=-{epsilon}",
    "<": "{tolerance}-{difference}>{epsilon}",
    ">": "{difference}+{tolerance}>{epsilon}",
    "<>": "ABS({difference})>{tolerance}+{epsilon}",
}


class Figure(NamedTuple):
    """One cell that took part; ``value`` is a number, a text, or None for nothing."""

    sheet: str
    cell: str
    label: str
    text: str
    value: Decimal | str | None
    unit: str


class Block(NamedTuple):
    """``left`` and ``right`` are formulas in which ``{0}``, ``{1}``, … stand for the figures, ``verdict`` one over
    ``{left}``, ``{right}`` and ``{tolerance}`` that is true where the rule holds. ``live`` is false where the right
    side is a number that a formula of Excel cannot give. What was recorded stands beside."""

    figures: tuple[Figure, ...]
    left: str
    right: str
    verdict: str
    numeric: bool
    live: bool
    actual: Decimal | str | None
    expected: Decimal | str | None
    difference: Decimal | None
    tolerance: Decimal
    unit: str


def block(finding: Document) -> Block | None:
    """The live recomputation of a finding or place; None where nothing is compared."""
    unit, operator = finding["unit"], finding["operator"]
    numeric = finding["difference"] is not None
    if finding["actual"] is None or finding["expected"] is None or operator not in _VERDICTS:
        return None
    cells = finding.get("cells")
    figures = tuple(_figure(operand, bool(numeric and not _worded(cells))) for operand in finding["operands"])
    sides = _with_figures(cells, finding["sheet"], figures) if cells else None
    live = sides is not None
    if sides is None:
        if not numeric:
            return None
        guess = _plain_sum(finding, figures)
        live, sides = (
            guess is not None,
            guess or ("{0}" if figures else finding["actual"], _number(finding["expected"], unit)),
        )
    actual, expected = (_side(finding[key], unit, numeric) for key in ("actual", "expected"))
    verdict = _VERDICTS[operator].format(
        difference="ROUND({left}-{right},8)", tolerance="{tolerance}", epsilon=_EPSILON
    )
    if not numeric:
        verdict = "{left}" + operator + "{right}"
    difference, tolerance = (_amount(finding[key], unit) for key in ("difference", "tolerance"))
    return Block(
        figures,
        *sides,
        verdict,
        numeric,
        live,
        actual,
        expected,
        difference,
        _allowed(difference, tolerance),
        unit,
    )


def _allowed(difference: Decimal | None, tolerance: Decimal | None) -> Decimal:
    """How far apart the sides may be; nothing where a smaller difference failed all the same (two printings of one fact
    must be equal, however they were rounded)."""
    if difference is None or tolerance is None or abs(difference) <= tolerance:
        return Decimal(0)
    return tolerance


def _worded(cells: Mapping[str, str] | None) -> bool:
    """Whether a formula compares texts."""
    return cells is not None and any('"' in side for side in cells.values())


def _figure(operand: Document, numbers: bool) -> Figure:
    value: Decimal | str | None = _amount(operand["value"], operand["unit"])
    if value is None and not numbers:
        value = operand["text"].strip() or None
    return Figure(operand["sheet"], operand["cell"], operand["label"], operand["text"], value, operand["unit"])


def _side(value: str, unit: str, numeric: bool) -> Decimal | str | None:
    return _amount(value, unit) if numeric else value


def _amount(value: str | None, unit: str) -> Decimal | None:
    if value is None:
        return None
    return Decimal(value).scaleb(-2) if unit == PERCENT else Decimal(value)


def _number(value: str, unit: str) -> str:
    return format(_amount(value, unit) or Decimal(0), "f")


def _with_figures(cells: Mapping[str, str], sheet: str, figures: tuple[Figure, ...]) -> tuple[str, str] | None:
    """Both formulas with places for the figures; None where a cell is not among them."""
    places = {(figure.sheet, figure.cell): f"{{{at}}}" for at, figure in enumerate(figures)}

    def placed(found: re.Match[str]) -> str:
        if found[0].startswith('"'):
            return found[0].replace("{", "{{").replace("}", "}}")
        name = found[1].replace("''", "'") if found[1] is not None else sheet
        return places[name, found[2] or found[3]]

    try:
        left, right = (_TOKEN.sub(placed, cells[side]) for side in ("actual", "expected"))
    except KeyError:
        return None
    return left, right


def _plain_sum(finding: Document, figures: tuple[Figure, ...]) -> tuple[str, str] | None:
    """The first cell against the sum of the others, where that is what was compared."""
    values = [figure.value for figure in figures]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) != len(values) or len(values) < 2:
        return None
    actual, expected = (_amount(finding[key], finding["unit"]) for key in ("actual", "expected"))
    if numbers[0] != actual or sum(numbers[1:], Decimal(0)) != expected:
        return None
    others = [f"{{{at}}}" for at in range(1, len(numbers))]
    return "{0}", f"SUM({','.join(others)})" if len(others) > 1 else others[0]


def compared(finding: Document) -> Iterator[tuple[int, Document, Block]]:
    """The finding and its further places, each with its recomputation; the finding is number 0."""
    for number, place in enumerate((finding, *finding["places"])):
        made = block(place)
        if made is not None:
            yield number, place, made
