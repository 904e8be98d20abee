"""Which input cells of a pack's forms its rules guard, and which slips in them nobody would notice.

Two measures. *Guarded*: in which rules a cell takes part, found out by running all of them on forms filled throughout,
on the cases that a pack states to be in order, and on the samples. *Noticed*: what share of slips, one at a time, makes
some rule fail that did not fail before. Samples are the workbooks given, or else those cases: these are small and many,
so a slip counts once for each cell of a form, and as noticed if it is in one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from checker.authoring.mutation import MUTATIONS, failures, located, mutated, noticed, typed_figures
from checker.engine.cases import drawn
from checker.errors import CheckerError
from checker.locate.located import LocatedForm
from checker.model.fact import Fact
from checker.model.form import ColumnKind, Form
from checker.model.outcome import Outcome, Status
from checker.model.rule import Pack
from checker.model.workbook import CellKind, Workbook
from checker.packs.cases import load_cases
from checker.session import Session
from checker.templates import Drawing, Style, draw, to_workbook

__all__ = ["Coverage", "Guard", "InputCell", "Slips", "Spot", "coverage"]

#: How much a cell counts: money first, then figures, then what is compared as text.
WEIGHTS: Final[Mapping[str, int]] = {
    ColumnKind.AMOUNT: 5,
    ColumnKind.PERCENT: 3,
    ColumnKind.SCORE: 3,
    ColumnKind.WEIGHT: 3,
    ColumnKind.COUNT: 3,
    ColumnKind.NUMBER: 3,
    ColumnKind.TARGET: 2,
    ColumnKind.ACTUAL: 2,
    ColumnKind.CODE: 2,
    ColumnKind.DATE: 2,
    ColumnKind.TEXT: 1,
}
#: Rows of an open table that are filled: enough for rules that compare one with the next.
_ROWS: Final = 2
_YEAR: Final = "2024"


class Guard:
    """How a cell is guarded: rules compare it with others, look at it alone (filled in, readable, in range), or not."""

    COMPARED: Final = "compared"
    ALONE: Final = "alone"
    NONE: Final = "none"
    ORDER: Final = ("compared", "alone", "none")


class Spot(NamedTuple):
    """A cell of a form, wherever it stands: a table's row and column (row ``*``: any of an open table), or a field (no
    table, no row)."""

    form: str
    table: str
    row: str
    column: str

    @property
    def label(self) -> str:
        return " / ".join(part for part in self if part not in ("", "*"))


class InputCell(NamedTuple):
    spot: Spot
    kind: str
    guard: str

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


class Slips(NamedTuple):
    """How many slips of one kind were tried and noticed, and where those were that nobody noticed."""

    mutation: str
    tried: int
    noticed: int
    missed: tuple[str, ...]


class Coverage(NamedTuple):
    """``samples`` is how many there were, ``figures`` how many figures were moved, of ``typed``. ``lost`` are forms
    that were not recognised as drawn: nothing is known of their cells."""

    pack: Pack
    cells: tuple[InputCell, ...]
    slips: tuple[Slips, ...]
    samples: int
    figures: int
    typed: int
    lost: tuple[str, ...]


class _Sample(NamedTuple):
    name: str
    workbook: Workbook


def coverage(
    session: Session, pack: Pack, workbooks: Sequence[str], most: int, told: Callable[[str], None]
) -> Coverage:
    """Measure ``pack``. At most ``most`` (or so) figures of a sample are moved, always the same; ``told(name)`` before
    each sample. Raises ``ReadError`` for a workbook that cannot be read."""
    filled, lost = _filled(session, pack)
    cases = list(_cases(pack, session.loaded.packs))
    samples = [_Sample(Path(path).name, session.read(path)) for path in workbooks] or cases
    guards: dict[Spot, str] = {}
    for workbook in (filled, *(sample.workbook for sample in (*cases, *(samples if workbooks else ())))):
        for spot, guard in _guards(session, pack, workbook):
            guards[spot] = min(guard, guards.get(spot, Guard.NONE), key=Guard.ORDER.index)
    answers: dict[str, dict[str, bool]] = {name: {} for name in MUTATIONS}
    moved: set[str] = set()
    typed: set[str] = set()
    for sample in samples:
        told(sample.name)
        forms = located(session, pack.id, sample.workbook)
        spots = {(fact.sheet, fact.row, fact.column): spot for form in forms for spot, fact in _facts(form)}
        figures = [*typed_figures(forms)]
        names = {
            fact: f"{sample.name}: {' / '.join(fact.path)}"
            if workbooks
            else spots[fact.sheet, fact.row, fact.column].label
            for fact in figures
        }
        typed.update(names.values())
        before = failures(session, pack.id, sample.workbook)
        for fact, slip, wrong in mutated(sample.workbook, figures, most):
            name = names[fact]
            moved.add(name)
            if not answers[slip].get(name):
                answers[slip][name] = noticed(session, pack.id, wrong, before, fact.sheet)
    cells = tuple(
        InputCell(spot, kind, guards.get(spot, Guard.NONE)) for spot, kind in _inputs(pack, lost) if kind in WEIGHTS
    )
    slips = tuple(
        Slips(slip, len(found), sum(found.values()), tuple(name for name, noticed in found.items() if not noticed))
        for slip, found in answers.items()
    )
    return Coverage(pack, cells, slips, len(samples), len(moved), len(typed), lost)


def _line(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Pack]:
    """``pack`` and those that it extends, nearest first."""
    ahead, seen = [pack.id], set[str]()
    while ahead:
        name = ahead.pop(0)
        if name not in seen:
            seen.add(name)
            yield packs[name]
            ahead.extend(packs[name].extends)


def _cases(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[_Sample]:
    """The cases of ``pack`` that are in order, as workbooks, with those of the rules that it inherits."""
    names = {rule.id: rule.name for rule in pack.rules}
    for file in (file for one in _line(pack, packs) for file in load_cases(one)[0]):
        for case in file.cases:
            if case.kind == "pass" and case.rule in names and case.form in pack.forms:
                try:
                    drawings = drawn(case, pack)
                except CheckerError:
                    continue  # not drawn by this pack's forms, or wrong, which rules test tells
                own = {name: drawing for name, drawing in drawings.items() if name in pack.forms}
                name = names[case.rule] + (f" {case.name}" if case.name else "")
                yield _Sample(name, to_workbook(own, path=case.origin))


def _blank(form: Form) -> Drawing:
    return draw(form, year=_YEAR, rows=_ROWS)


def _forms(pack: Pack) -> Iterator[Form]:
    return (form for form in pack.forms.values() if not form.abstract)


def _inputs(pack: Pack, lost: Iterable[str]) -> Iterator[tuple[Spot, str]]:
    """The cells of each form that are to be filled in, once each, with what they hold."""
    for form in _forms(pack):
        if form.name in lost:
            continue
        drawing = _blank(form)
        inputs: dict[Spot, str] = {}
        for book in drawing.books:
            for (table, row, column), place in book.places.items():
                cell = drawing.cells.get(place)  # none where a merged cell above covers it
                if cell is not None and cell.style in Style.INPUT and cell.formula is None and not cell.kind:
                    inputs[Spot(form.name, table, _row(row), column)] = form.tables[table].columns[column].kind
            for name, place in book.fields.items():
                if drawing.cells[place].style in Style.INPUT:
                    inputs[Spot(form.name, "", "", name)] = form.fields[name].kind
        yield from inputs.items()


def _row(row: str | int) -> str:
    return row if isinstance(row, str) else "*"


def _filled(session: Session, pack: Pack) -> tuple[Workbook, tuple[str, ...]]:
    """All forms of the pack with something in every cell, and those that are not recognised so."""
    drawings = {form.name: _with_content(_blank(form)) for form in _forms(pack)}
    workbook = to_workbook(drawings)
    found = {form.form.name for form in located(session, pack.id, workbook)}
    return workbook, tuple(name for name in drawings if name not in found)


def _with_content(drawing: Drawing) -> Drawing:
    cells = dict(drawing.cells)
    for number, (place, cell) in enumerate(sorted(drawing.cells.items()), 1):
        if cell.style in Style.INPUT and not cell.kind and cell.formula is None:
            numeric = cell.holds in ColumnKind.NUMERIC
            text = cell.choices[0] if cell.choices else f"x{number}"
            cells[place] = cell._replace(
                kind=CellKind.NUMBER if numeric else CellKind.TEXT, raw="1" if numeric else text
            )
    return Drawing(
        cells, drawing.merges, drawing.widths, drawing.heights, drawing.books, drawing.bottom, drawing.landscape
    )


def _facts(form: LocatedForm) -> Iterator[tuple[Spot, Fact]]:
    """Every cell of a form where it was found."""
    for name, fact in form.fields.items():
        yield Spot(form.form.name, "", "", name), fact
    for table in form.tables.values():
        spec = table.table
        for row in (*table.rows, *table.totals.values()):
            named = row.name if row.name in spec.rows or row.name in spec.totals else "*"
            for column in spec.columns:
                cell = table.fact(row, column)
                if cell is not None:
                    yield Spot(form.form.name, spec.name, named if spec.layout != "single" else "", column), cell


def _guards(session: Session, pack: Pack, workbook: Workbook) -> Iterator[tuple[Spot, str]]:
    """In which way rules look at the cells of a workbook."""
    from checker.engine.assess import assess

    results = assess(workbook, session.plans(pack.id), session.labels, session.lexicon).results
    if results is None:
        return
    guards: dict[tuple[str, str], str] = {}
    for outcome in results.every():
        cells = _cells(outcome)
        guard = Guard.COMPARED if _compares(outcome, cells) else Guard.ALONE
        for cell in cells:
            guards[cell] = min(guard, guards.get(cell, Guard.NONE), key=Guard.ORDER.index)
    best: dict[Spot, str] = {}
    for form in located(session, pack.id, workbook):
        for spot, fact in _facts(form):
            guard = guards.get((fact.sheet, fact.address), Guard.NONE)
            best[spot] = min(guard, best.get(spot, Guard.NONE), key=Guard.ORDER.index)
    yield from best.items()


def _cells(outcome: Outcome) -> set[tuple[str, str]]:
    if outcome.status in (Status.NOT_APPLICABLE, Status.BROKEN):
        return set()
    cells = {(operand.sheet, operand.cell) for operand in outcome.operands}
    return cells | ({(outcome.sheet, outcome.cell)} if outcome.cell else set())


def _compares(outcome: Outcome, cells: set[tuple[str, str]]) -> bool:
    return len(cells) > 1 and outcome.left is not None and outcome.right is not None
