"""Cases of rules drawn as small tables: what is given, and which cells the rule points at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

from checker.authoring.pages.blocks import Block, Cell, Grid, Paragraph, plain
from checker.engine.cases import BESIDE, LAST_YEAR, answers, drawn, telling
from checker.engine.plan import Plan
from checker.errors import CheckerError
from checker.messages import LANGUAGES, Text, tr
from checker.model.form import ColumnKind, Form, Table
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.workbook import address
from checker.packs.cases import Case
from checker.reports.page import Page
from checker.reports.text import comparison
from checker.templates import Drawing, draw
from checker.values.lexicon import Lexicon

__all__ = ["Words", "example"]

Given = Mapping[str, Any]
#: (table, row, column) or (field,)
Spot = tuple[str | int, ...]


class Words(NamedTuple):
    """What forms are read with."""

    labels: Labels
    lexicon: Lexicon


def example(case: Case, plan: Plan, words: Words) -> tuple[Block, ...]:
    """The tables of a case, and what the rule says of them. A case that does not run says why not."""
    try:
        outcome = telling(answers(case, plan, *words))
        drawings = drawn(case, plan.pack)
    except CheckerError as error:
        return (*_grids(case, plan, {}, None), Paragraph(error.message, "quiet"))
    worded = plan.rules[case.rule].message is not None
    return (*_grids(case, plan, drawings, outcome), _said(outcome, worded))


def _said(outcome: Outcome, worded: bool) -> Paragraph:
    """What the rule says. Where it has no words of its own for a failure, both sides are added."""
    compared = Text(*(_compared(outcome, tongue) for tongue in LANGUAGES))
    if outcome.status == Status.FAIL:
        told = outcome.message or compared
        more = not worded and compared.zh and told != compared
        return Paragraph(tr("{name}: {what}", name=told, what=compared) if more else told, "found")
    if outcome.status in (Status.PASS, Status.TAIL) and compared.zh:
        return Paragraph(tr("In order: {what}.", what=compared), "fine")
    if outcome.status == Status.PASS:
        return Paragraph(tr("In order: nothing is said."), "fine")
    return Paragraph(outcome.reason or compared, "quiet")


def _compared(outcome: Outcome, language: str) -> str:
    """Both sides with numbers: how it was worked out, in a line."""
    if outcome.left is None or outcome.right is None:
        return ""
    sides = [
        side.filled or (str(side.value) if side.value is not None else "") for side in (outcome.left, outcome.right)
    ]
    if all(sides) and outcome.status in (Status.PASS, Status.TAIL):
        sign = outcome.operator if outcome.status == Status.PASS else "≈"
        return f"{sides[0]} {sign} {sides[1]}"
    return comparison(outcome, Page(language))


def _grids(case: Case, plan: Plan, drawings: Mapping[str, Drawing], outcome: Outcome | None) -> Iterator[Grid]:
    forms = plan.pack.every_form
    given: dict[str, Given | Sequence[Given]] = {case.form: case.given, **case.forms}
    for name, content in given.items():
        form = forms[name]
        sheet = f"{BESIDE}{name}" if name not in plan.pack.forms else name
        marks = _marks(drawings.get(name), outcome, sheet)
        several = len(given) > 1 or bool(case.prior)
        for number, one in enumerate([content] if isinstance(content, Mapping) else content):
            caption = tr("Form {form}", form=name) if several else None
            yield from _form(form, one, caption, {spot: mark for (copy, spot), mark in marks.items() if copy == number})
    for name, content in case.prior.items():
        form = forms[name]
        caption = tr("Form {form}, last year's", form=name)
        for one in [content] if isinstance(content, Mapping) else content:
            marks = _marks(_last_year(form, one), outcome, f"{LAST_YEAR}{name}")
            yield from _form(form, one, caption, {spot: mark for (_, spot), mark in marks.items()})


def _last_year(form: Form, content: Given) -> Drawing | None:
    try:
        return draw(form, content)
    except CheckerError:
        return None


def _marks(drawing: Drawing | None, outcome: Outcome | None, sheet: str) -> dict[tuple[int, Spot], str]:
    """Which cells of a drawing the outcome is about: by copy of the form and spot."""
    if drawing is None or outcome is None:
        return {}
    used = {operand.cell for operand in outcome.operands if operand.sheet == sheet}
    wrong = outcome.cell if outcome.sheet == sheet and outcome.status == Status.FAIL else ""
    marks: dict[tuple[int, Spot], str] = {}
    for copy, book in enumerate(drawing.books):
        fields = (((name,), place) for name, place in book.fields.items())
        for spot, place in chain(book.places.items(), fields):
            cell = address(*place)
            if cell == wrong or cell in used:
                marks[copy, spot] = "wrong" if cell == wrong else "used"
    return marks


def _form(form: Form, given: Given, caption: Text | None, marks: Mapping[Spot, str]) -> Iterator[Grid]:
    fields = [name for name in given if name not in form.tables]
    if fields:
        rows = [(_label(name, form.fields[name].english if name in form.fields else ""),
                 _cell(given[name], "text", marks.get((name,), ""))) for name in fields]  # fmt: skip
        yield Grid(caption, (), tuple(rows), picture=True)
        caption = None
    for name, content in given.items():
        if name in form.tables:
            grid = _table(form.tables[name], content, caption, marks)
            if grid is not None:
                yield grid
                caption = None
    if not given:
        yield Grid(caption, (), ((Cell(tr("(nothing filled in)")),),), picture=True)


def _table(table: Table, content: Any, caption: Text | None, marks: Mapping[Spot, str]) -> Grid | None:
    if content is None:
        return None
    rows = _rows(table, content)
    named = {column for _, _, cells in rows for column in cells}
    columns = [name for name in table.columns if name in named]
    closed = table.layout == "closed"
    body: list[tuple[Cell, ...]] = []
    for key, label, cells in rows:
        values = [
            _cell(cells.get(name), table.columns[name].kind, marks.get((table.name, key, name), "")) for name in columns
        ]
        if label and not closed:  # a total row: its word stands where the others have their name
            values[0] = Cell(label, "label") if not cells.get(columns[0]) else values[0]
            body.append(tuple(values))
        else:
            body.append((Cell(label or plain(""), "label"), *values) if closed else tuple(values))
    head = tuple(_text(name, table.columns[name].english) for name in columns)
    if not columns:
        head = (_text(table.name, table.english),)
    return Grid(caption, (_text(table.name, table.english), *head) if closed and columns else head, tuple(body), True)


def _rows(table: Table, content: Any) -> list[tuple[str | int, Text | None, Given]]:
    """Key, printed label and cells of each row. The label of an open row is in its cells."""
    if table.layout == "open":
        found: list[tuple[str | int, Text | None, Given]] = []
        index = count()
        for item in sorted(content, key=lambda item: int(item.get("block", 1))):  # as a drawing counts them
            total = item.get("total")
            cells = {key: value for key, value in item.items() if key not in ("total", "block")}
            found.append((next(index), None, cells) if total is None else (total, plain(str(total)), cells))
        return found
    if table.layout == "closed":
        rows = {**table.rows, **table.totals}
        return [
            (name, _text(name, rows[name].english if name in rows else ""), cells)
            for name, cells in content.items()
            if isinstance(cells, Mapping)
        ]
    return [("", None, content)]


def _label(name: str, english: str) -> Cell:
    return Cell(_text(name, english), "label")


def _text(name: str, english: str) -> Text:
    """A printed word, with its English beside it for those who do not read it."""
    return Text(name, f"{name} ({english})" if english else name)


def _cell(value: Any, kind: str, mark: str) -> Cell:
    return Cell(plain(_shown(value)), mark or ("number" if kind in ColumnKind.NUMERIC else ""))


def _shown(value: Any) -> str:
    """A value of a case as a reader sees it in the cell."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        if "formula" in value:
            shown = value.get("error", value.get("value"))
            formula = "=" + str(value["formula"]).removeprefix("=")
            return formula if shown is None else f"{shown} ({formula})"
        for key in ("text", "error", "number"):
            if key in value:
                return str(value[key])
    return str(value)
