"""The formulas of layouts show what Excel would show."""

from __future__ import annotations

import pytest

from checker.errors import PackError
from checker.model.workbook import CellKind
from checker.templates.calculate import calculate
from checker.templates.drawing import Placed, Position, Style

NUMBER, TEXT, ERROR, NO_CACHE = CellKind.NUMBER, CellKind.TEXT, CellKind.ERROR, CellKind.NO_CACHE

CELLS: dict[Position, Placed] = {
    (1, 1): Placed(Style.NUMBER, NUMBER, "10"),
    (2, 1): Placed(Style.NUMBER, NUMBER, "0.1"),
    (3, 1): Placed(Style.NUMBER, TEXT, "7"),
    (4, 1): Placed(Style.NUMBER),
    (5, 1): Placed(Style.NUMBER, TEXT, "—"),
    (6, 1): Placed(Style.NUMBER, ERROR, "#REF!"),
    (7, 1): Placed(Style.NUMBER, NO_CACHE, "", "SUM(A1:A2)"),
}


def show(formula: str) -> tuple[str, str]:
    cells = CELLS | {(1, 9): Placed(Style.NUMBER)}
    calculate(cells, {(1, 9): formula})
    assert cells[1, 9].formula == formula
    return cells[1, 9].kind, cells[1, 9].raw


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("A1+A2", (NUMBER, "10.1")),
        ("A1-A2*3", (NUMBER, "9.7")),
        ("-A1", (NUMBER, "-10")),
        ("A1/3", (NUMBER, "3.3333333333333333")),
        ("A1/A4", (ERROR, "#DIV/0!")),
        ("A1+A3", (NUMBER, "17")),
        ("A1+A5", (ERROR, "#VALUE!")),
        ("A1+A6", (ERROR, "#REF!")),
        ("A1+A7", (NO_CACHE, "")),
        ("SUM(A1:A5)", (NUMBER, "10.1")),
        ("SUM(A1:A5,A3,5)", (NUMBER, "15.1")),
        ("MIN(1,A1)", (NUMBER, "1")),
        ("MAX(A1:A4)", (NUMBER, "10")),
        ("ROUND(2.345,2)", (NUMBER, "2.35")),
        ("ROUND(-2.345,2)", (NUMBER, "-2.35")),
        ('IFERROR(A1/A4,"")', (TEXT, "")),
        ('IFERROR(A1/A2,"")', (NUMBER, "100")),
        ("$A$1+A$2", (NUMBER, "10.1")),
        ('IF(A4="","",A1)', (TEXT, "")),
        ('IF(A1="","",A1/2)', (NUMBER, "5")),
        ("IF(A4=0,1,2)", (NUMBER, "1")),
        ("A1:A2", (ERROR, "#VALUE!")),
    ],
)
def test_what_a_formula_shows(formula: str, shown: tuple[str, str]) -> None:
    assert show(formula) == shown


@pytest.mark.parametrize("formula", ["NOW()", "A1**2", "A1>1", "__import__('os')", "A1.real", "I1+1", "1+", "True"])
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(PackError):
        show(formula)


def test_formulas_may_rest_on_each_other_in_any_order() -> None:
    cells = dict(CELLS)
    cells |= {(row, 9): Placed(Style.NUMBER) for row in (1, 2, 3)}
    calculate(cells, {(1, 9): "I2+I3", (2, 9): "I3*2", (3, 9): "A1"})
    assert [cells[row, 9].raw for row in (1, 2, 3)] == ["30", "20", "10"]
