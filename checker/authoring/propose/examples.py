"""Examples for proposed rules: figures are made up, the engine says what comes of them. A rule whose examples do not
come out as they should is not proposed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from checker.authoring.propose.proposal import LISTED, Place, Proposal
from checker.engine.cases import answers, telling
from checker.engine.plan import Plan
from checker.errors import CheckerError
from checker.model.form import ColumnKind
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.packs.cases import Case
from checker.values.lexicon import Lexicon

__all__ = ["examples"]

#: The code of a part in an open table, and one below it.
_CODE: Final = "201"
_BELOW: Final = "20101"
_SETTLED: Final = (Status.PASS, Status.TAIL, Status.FAIL, Status.UNDECIDED, Status.INSUFFICIENT, Status.NOT_APPLICABLE)


def examples(
    proposal: Proposal, rule: str, form: str, plan: Plan, labels: Labels, lexicon: Lexicon
) -> list[dict[str, Any]] | None:
    """The four cases of a rule; None where they do not come out."""
    left, *right = proposal.place
    figures = {spot: _figure(spot, number) for number, spot in enumerate(dict.fromkeys(right), 1)}
    figures.pop(left, None)
    first = Decimal(1)

    def told(figure: Decimal | None, others: Mapping[Place, Decimal]) -> tuple[Outcome | None, dict[str, Any]]:
        given = _given({left: figure, **others} if figure is not None else dict.fromkeys(proposal.place), proposal)
        case = Case(rule, form, "pass", "pass", given)
        try:
            return telling(answers(case, plan, labels, lexicon)), given
        except (CheckerError, ValueError, KeyError):
            return None, given

    probe, _ = told(first, figures)
    if probe is None or probe.right is None or not isinstance(probe.right.value, Decimal):
        return None
    wanted = probe.right.value.quantize(Decimal("0.0001")).normalize()
    percent = _kind(left) == ColumnKind.PERCENT
    step = Decimal("0.1") if percent else Decimal("0.01")
    found: list[dict[str, Any]] = []
    for kind, figure, expected in (
        ("pass", wanted, (Status.PASS, Status.TAIL)),
        ("fail", wanted + (1 if not percent else Decimal("0.5")), (Status.FAIL,)),
        ("boundary", wanted + step, _SETTLED),
        ("blank", None, (Status.NOT_APPLICABLE, Status.INSUFFICIENT)),
    ):
        outcome, given = told(figure, {} if figure is None else figures)
        if outcome is None or outcome.status not in expected:
            return None
        found.append({"rule": rule, "kind": kind, "expect": outcome.status, "given": given})
    return found


def _kind(spot: Place) -> str:
    table, _, name = spot
    if table.layout == "fields":
        return ColumnKind.PERCENT
    return next((column.kind for column in table.columns if column.name == name), ColumnKind.AMOUNT)


def _figure(spot: Place, number: int) -> Decimal:
    return Decimal(number * 10)


def _given(figures: Mapping[Place, Decimal | None], proposal: Proposal) -> dict[str, Any]:
    """The figures as a case gives them: tables, rows, columns."""
    from checker.authoring.propose.write import key_of

    given: dict[str, Any] = {}
    tables = {id(table): table for table, _, _ in proposal.place}
    for table in tables.values():
        own = {(row, column): value for (at, row, column), value in figures.items() if at is table}
        cells: dict[str, dict[str, Any]] = {}
        for (row, column), value in own.items():
            percent = _kind((table, row, column)) == ColumnKind.PERCENT
            text = "" if value is None else f"{(value * 100).normalize():f}%" if percent else _text(value)
            cells.setdefault(row, {})[column] = text
        if table.layout == "fields":
            given |= cells.get("", {})
        elif table.layout == "closed":
            given[table.name] = cells
        elif table.layout == "single":
            given[table.name] = cells.get("", {})
        else:
            key = next(column for column in table.columns if column.name == key_of(table))
            name = _CODE if key.kind == ColumnKind.CODE else LISTED
            rows = [{key.name: name, **cells.pop("", {})}]
            if LISTED in cells:
                rows.append({key.name: _BELOW, **cells.pop(LISTED)})
            rows += [{"total": row, **values} for row, values in cells.items()]
            given[table.name] = rows
    return given


def _text(value: Decimal) -> str | int:
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
