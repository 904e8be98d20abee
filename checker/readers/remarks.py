"""Oddities that a reader smoothed over: the codes in ``Workbook.remarks``, in words."""

from __future__ import annotations

from functools import cache

from checker.messages import Text, tr

__all__ = ["remarks"]


@cache
def remarks() -> dict[str, Text]:
    """Code → what was met and how it was taken. A code never changes its meaning."""
    return {
        "TEXT_IN_NUMBER_CELL": tr("Cells stored as numbers hold something else; they were read as text."),
        "UNKNOWN_CELL_TYPE": tr("Cells have an unknown type; they were read as text."),
        "ROWS_OUT_OF_ORDER": tr("Rows are stored out of order; they were put in order."),
        "SHEET_WITHOUT_CELLS": tr("Chart, dialog and macro sheets have no cells and were not read."),
        "XLS_REPAIRED": tr("The .xls file is slightly damaged; what could be read was read."),
        "XLS_NO_LAYOUT": tr("Merged cells and hidden rows and columns of the .xls file could not be read."),
        "LIVE_READING": tr(
            "Limited reading: no copy of the open workbook could be read, so the program was asked for its cells. "
            "What only a file tells (digits as stored, formulas that a protected sheet hides) could not be checked."
        ),
    }
