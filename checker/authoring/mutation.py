"""Errors put into a workbook one cell at a time: does any rule notice?

A rule notices if something fails that did not fail before. What is moved are figures that were typed in: what a formula
works out is wrong only where its parts are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from checker.checks.subject import Batch
from checker.engine.assess import recognise
from checker.engine.plan import applies, parameters_on
from checker.engine.run import by_name, run_rule, subject_for
from checker.locate.located import LocatedForm
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Status
from checker.model.workbook import Cell, Sheet, SheetContent, Workbook
from checker.session import Session

__all__ = [
    "MUTATIONS",
    "STEPS",
    "Place",
    "changed",
    "chosen",
    "failures",
    "located",
    "mutated",
    "noticed",
    "raised",
    "typed_figures",
]

#: One unit in the last place that forms have, as the number is stored.
STEPS: Final = {
    ColumnKind.AMOUNT: Decimal("0.01"),
    ColumnKind.PERCENT: Decimal("0.0001"),
    ColumnKind.SCORE: Decimal("0.01"),
    ColumnKind.WEIGHT: Decimal(1),
    ColumnKind.COUNT: Decimal(1),
}
_SIGNED: Final = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")

#: Sheet, row, column.
Place = tuple[str, int, int]
Failures = set[tuple[str, str, str]]


def typed_figures(forms: Iterable[LocatedForm]) -> Iterator[Fact]:
    """The figures of all numeric columns that no formula works out, in the order of the forms."""
    seen: set[Place] = set()
    for form in forms:
        for table in form.tables.values():
            for name, column in table.table.columns.items():
                facts = [*table.facts(name), *table.facts(name, list(table.totals.values()))] if table.has(name) else []
                for fact in facts:
                    place = (fact.sheet, fact.row, fact.column)
                    if column.kind in STEPS and fact.quantity.number is not None and fact.formula is None:
                        if place not in seen:
                            yield fact
                        seen.add(place)


def chosen(figures: Sequence[Fact], most: int) -> Sequence[Fact]:
    """All of ``figures``, or of more than ``most`` every second, third … one."""
    return figures[:: max(1, -(-len(figures) // most))]


def failures(session: Session, pack: str, workbook: Workbook) -> Failures:
    """What failed where: rule, sheet, cell."""
    return set(_failing(session, pack, workbook, ""))


def noticed(session: Session, pack: str, workbook: Workbook, before: Failures, sheet: str) -> bool:
    """Whether something fails that did not fail ``before``. The rules about forms on ``sheet``, where the slip is, are
    asked first, since the first that notices is enough."""
    return any(failure not in before for failure in _failing(session, pack, workbook, sheet))


def _failing(session: Session, pack: str, workbook: Workbook, first: str) -> Iterator[tuple[str, str, str]]:
    """What fails, rule by rule, beginning with those about the forms on the sheet ``first``."""
    plan = session.plans(pack)[pack]
    forms = located(session, pack, workbook)
    named = by_name(forms)
    for form in sorted(forms, key=lambda form: form.sheet != first):
        parameters = parameters_on(plan.pack, form.year)
        subject = subject_for(form, named, workbook, session.lexicon, parameters, beside=plan.pack.beside)
        for compiled in plan.about(form.form.name):
            if applies(compiled.rule, form.year):
                for outcome in run_rule(compiled, subject):
                    if not isinstance(outcome, Batch) and outcome.status == Status.FAIL:
                        yield outcome.rule, outcome.sheet, outcome.cell


def located(session: Session, pack: str, workbook: Workbook) -> tuple[LocatedForm, ...]:
    """The forms of ``pack`` in a workbook."""
    return recognise(workbook, [session.loaded.packs[pack]], session.labels, session.lexicon).forms


def changed(workbook: Workbook, cells: Mapping[Place, Cell | None]) -> Workbook:
    """``workbook`` with other ``cells``; None for an empty one."""
    sheets = []
    for sheet in workbook.sheets:
        content = sheet.content
        mine = {(row, column): cell for (name, row, column), cell in cells.items() if name == sheet.name}
        if mine:
            touched = {number: dict(content.rows[number]) for number, _ in mine}
            for (number, column), cell in mine.items():
                if cell is None:
                    touched[number].pop(column, None)
                else:
                    touched[number][column] = cell
            rows = {**content.rows, **touched}
            content = SheetContent(rows, content.merges, content.hidden_rows, content.hidden_columns)
        sheets.append(Sheet(sheet.name, lambda content=content: content, state=sheet.state))  # type: ignore[misc]
    formats = workbook.number_formats
    return Workbook(workbook.path, "", workbook.source, tuple(sheets), load_number_formats=lambda: formats)


def _figure(cell: Cell) -> Decimal:
    """The figure of a cell with its sign."""
    text = cell.raw if cell.kind == "number" else "".join(_SIGNED.findall(cell.raw)[:1])
    return Decimal(text.replace(",", "") or 0)


def raised(cell: Cell, step: Decimal) -> Cell:
    """The cell with its figure raised by ``step``; whatever stands around a figure in a text stays."""
    return _worked(cell, lambda number, scale: number + step * scale)


def _worked(cell: Cell, work: Callable[[Decimal, int], Decimal]) -> Cell:
    """``work`` on the figure of a cell; its second argument is 100 where per cents are typed as text."""
    if cell.kind == "number":
        return cell._replace(raw=f"{work(Decimal(cell.raw), 1):f}")
    found = _NUMBER.search(cell.raw)
    assert found is not None, cell
    number = work(Decimal(found[0].replace(",", "")), 100 if cell.raw.rstrip().endswith("%") else 1)
    return cell._replace(raw=cell.raw[: found.start()] + f"{number:f}" + cell.raw[found.end() :])


class _Ground(NamedTuple):
    """A workbook with its typed figures by place."""

    workbook: Workbook
    figures: Mapping[Place, Fact]

    def cell(self, fact: Fact) -> Cell:
        sheet = next(sheet for sheet in self.workbook.sheets if sheet.name == fact.sheet)
        return sheet.rows[fact.row][fact.column]


Changes = Mapping[Place, Cell | None]


def _place(fact: Fact) -> Place:
    return fact.sheet, fact.row, fact.column


def _by(work: Callable[[Fact], Callable[[Decimal, int], Decimal]]) -> Callable[[_Ground, Fact], Changes]:
    def change(ground: _Ground, fact: Fact) -> Changes:
        cell = ground.cell(fact)
        other = _worked(cell, work(fact))
        return {} if _figure(other) == _figure(cell) else {_place(fact): other}

    return change


def _swapped(ground: _Ground, fact: Fact) -> Changes:
    """The figure exchanged with that below it, or at its right."""
    for row, column in ((1, 0), (0, 1)):
        other = ground.figures.get((fact.sheet, fact.row + row, fact.column + column))
        if other is not None and other.kind == fact.kind and other.quantity.number != fact.quantity.number:
            mine, theirs = ground.cell(fact), ground.cell(other)
            if mine.kind == theirs.kind:
                return {
                    _place(fact): mine._replace(raw=theirs.raw),
                    _place(other): theirs._replace(raw=mine.raw),
                }
    return {}


#: What can go wrong with one figure, from the slightest slip; each gives the cells that then say something else, none
#: where it would change nothing.
MUTATIONS: Final[Mapping[str, Callable[[_Ground, Fact], Changes]]] = {
    "last_place": _by(lambda fact: lambda number, scale: number + STEPS[fact.kind] * scale),
    "hundred_places": _by(lambda fact: lambda number, scale: number + STEPS[fact.kind] * 100 * scale),
    "swap": _swapped,
    "tenfold": _by(lambda fact: lambda number, scale: number * 10),
    "ten_thousandfold": _by(lambda fact: lambda number, scale: number * 10_000),
    "sign": _by(lambda fact: lambda number, scale: -number),
    "blank": lambda ground, fact: {_place(fact): None},
}


def mutated(
    workbook: Workbook, figures: Sequence[Fact], most: int, names: Sequence[str] = tuple(MUTATIONS)
) -> Iterator[tuple[Fact, str, Workbook]]:
    """``workbook`` with one slip after the other in at most ``most`` (or so) of its typed ``figures``."""
    ground = _Ground(workbook, {_place(fact): fact for fact in figures})
    for fact in chosen(figures, most):
        for name in names:
            changes = MUTATIONS[name](ground, fact)
            if changes:
                yield fact, name, changed(workbook, changes)
