"""Single cells read as facts: what they say, and how exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from checker.model.form import Column, ColumnKind
from checker.model.workbook import Cell, CellKind, Workbook
from checker.values.lexicon import Lexicon
from checker.values.numbers import number_format_facts
from checker.values.quantity import Kind, Quantity

__all__ = ["Reader"]

BLANK: Final = Quantity(Kind.BLANK)
_NO_GRAIN: Final = Decimal(0)


_WORDY: Final = frozenset({ColumnKind.TEXT, ColumnKind.TARGET, ColumnKind.ACTUAL, ColumnKind.LABEL})


def _is_words(formula: str) -> bool:
    """``=8个`` was typed as a target and stored as a formula by the program that exported it: no spreadsheet program
    accepts such a formula, and none has calculated it."""
    return not set(formula) & set("(!:$") and any(ord(character) > 0x2E7F for character in formula)


class Reader:
    """Reads single cells as facts: the words of the lexicon, the number formats of the workbook."""

    def __init__(self, workbook: Workbook, lexicon: Lexicon) -> None:
        self.workbook = workbook
        self.lexicon = lexicon

        self.plain_styles = _PlainStyles(workbook)

    def quantity(self, cell: Cell | None, measure: str, unit: str) -> Quantity:
        """What ``cell`` says when read as ``measure`` in ``unit``."""
        if cell is None:
            return BLANK
        if cell.kind == CellKind.NO_CACHE and measure in _WORDY and _is_words(cell.formula or ""):
            return self.lexicon.read(CellKind.TEXT, f"={cell.formula}", measure=measure, unit=unit)
        number_format = self.workbook.number_format(cell.style) if cell.style else "General"
        return self.lexicon.read(
            cell.kind,
            cell.raw,
            measure=measure,
            unit=unit,
            number_format=number_format,
            date1904=self.workbook.date1904,
        )

    def grain(self, column: Column, unit: str, quantity: Quantity) -> Decimal:
        """One unit in the last place that counts, in the unit of the quantity (design §6.1). Zero for exact columns.

        Places stored beyond the declared ones narrow the interval; fewer never widen it. A rate counts as printed
        unless its form declares more.
        """
        if quantity.number is None or column.exact or column.kind in ColumnKind.EXACT:
            return _NO_GRAIN
        if column.kind == ColumnKind.AMOUNT and self.lexicon.is_exact_unit(unit):
            return _NO_GRAIN
        places = max(quantity.decimals, column.decimals or 0)
        if column.kind == ColumnKind.PERCENT:
            places += 2
        return Decimal(1).scaleb(-places)


class _PlainStyles(dict[int, bool]):
    """By style: whether a stored number is shown as the number it is (not as a date, not as a percentage)."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__({0: True})
        self._workbook = workbook

    def __missing__(self, style: int) -> bool:
        shown = number_format_facts(self._workbook.number_format(style))
        self[style] = plain = not (shown.date or shown.percent or shown.points)
        return plain
