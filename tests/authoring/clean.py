"""A form filled in so that its own rules hold: figures are made up, then worked out as the rules say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from checker.authoring.mutation import Place, changed
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Status
from checker.model.workbook import Workbook
from checker.session import Session
from checker.templates import Drawing, to_workbook

from .recovery import filled, outcomes

#: Marks are left blank: what they add up to is fixed.
_MARKS: Final = frozenset({ColumnKind.WEIGHT, ColumnKind.SCORE})
#: So often figures are worked out anew.
_ROUNDS: Final = 16
_RATE: Final = Decimal("0.0001")


def clean_sample(session: Session, pack: str) -> Workbook:
    """Every form of ``pack`` filled in so that no rule fails. Raises ``AssertionError`` where no such figures are
    found."""
    workbook = to_workbook({name: _unmarked(filled(form)) for name, form in session.loaded.packs[pack].forms.items()})
    worked_out: dict[Place, str] = {}
    wrong: list[Outcome] = []
    for _ in range(_ROUNDS):
        wrong = [outcome for outcome in outcomes(session, pack, workbook) if outcome.status == Status.FAIL]
        if not wrong:
            return workbook
        figures = dict(repaired for outcome in wrong if (repaired := _repaired(outcome, worked_out)) is not None)
        rows = {sheet.name: sheet.rows for sheet in workbook.sheets}
        workbook = changed(
            workbook,
            {
                (sheet, row, column): rows[sheet][row][column]._replace(raw=f"{figure:f}")
                for (sheet, row, column), figure in figures.items()
            },
        )
    raise AssertionError([(outcome.rule, outcome.cell) for outcome in wrong])


def _unmarked(drawing: Drawing) -> Drawing:
    cells = {at: cell._replace(kind="", raw="") if cell.holds in _MARKS else cell for at, cell in drawing.cells.items()}
    return replace(drawing, cells=cells)


def _repaired(outcome: Outcome, worked_out: dict[Place, str]) -> tuple[Place, Decimal] | None:
    """A cell and the figure with which the rule holds: the one judged or, where another rule works that out, a part
    that none does. None where there is no such part: it is settled elsewhere. ``worked_out`` tells by which rule."""
    left, right = outcome.left, outcome.right
    assert left is not None and right is not None, outcome
    assert isinstance(left.value, Decimal) and isinstance(right.value, Decimal), outcome
    place = _place(outcome.sheet, outcome.cell)
    if outcome.operator == "=":
        worked_out.setdefault(place, outcome.rule)
    if worked_out.get(place, outcome.rule) == outcome.rule:
        whole = right.value == right.value.to_integral_value()
        return place, right.value if whole else right.value.quantize(_RATE)
    for operand in outcome.operands:
        part = _place(operand.sheet, operand.cell)
        if part not in worked_out and operand.value is not None:
            return part, operand.value + left.value - right.value
    return None


def _place(sheet: str, cell: str) -> Place:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return sheet, int(cell.removeprefix(letters)), column
