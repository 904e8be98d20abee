"""What belongs in a cell: its name and kind in the form, the rules that look at it, and what is open there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from checker.engine.assess import Assessed
from checker.locate.located import LocatedForm
from checker.marks.sides import walk
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.form import Column, ColumnKind, Field
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.rule import Severity
from checker.model.workbook import address
from checker.reports.words import severity_word

__all__ = ["findings_at", "hints", "lines"]

_MOST_RULES: Final = 6
_KINDS: Final = {
    ColumnKind.AMOUNT: tr("an amount"),
    ColumnKind.PERCENT: tr("a percentage"),
    ColumnKind.SCORE: tr("marks earned"),
    ColumnKind.WEIGHT: tr("full marks"),
    ColumnKind.COUNT: tr("a whole number"),
    ColumnKind.NUMBER: tr("a number"),
    ColumnKind.CODE: tr("a code from the official list"),
    ColumnKind.DATE: tr("a date"),
    ColumnKind.TEXT: tr("words"),
    ColumnKind.TARGET: tr("a target: a figure with its unit, or words"),
    ColumnKind.ACTUAL: tr("what was achieved: a figure with its unit, or words"),
    ColumnKind.LABEL: tr("the name of the row"),
}


def lines(texts: Iterable[Text]) -> Text:
    """One text below the other."""
    given = list(texts)
    return Text("\n".join(text.zh for text in given), "\n".join(text.en for text in given))


def hints(assessed: Assessed, sheet: str, row: int, column: int) -> Text:
    """What there is to say about a cell (of a merged area the first). ``assessed`` must hold every outcome."""
    cell = f"{sheet}!{address(row, column)}"
    forms = [subject.form for subject in assessed.results.subjects.values()] if assessed.results else []
    here = [form for form in forms if form.sheet == sheet]
    found = next((found for form in here for found in _facts(form, row, column)), None)
    problems = [*_open(assessed, sheet, row, column)]
    if found is None:
        inside = next((form for form in here if _within(form, row, column)), None)
        what = tr("{cell} belongs to no form that is known; no rule says what stands there.", cell=cell)
        if inside is not None:
            what = tr("{cell} in “{form}” is a heading or text; nothing is filled in there.", cell=cell,
                      form=inside.form.title)  # fmt: skip
        return lines((what, *problems))
    form, fact, spec = found
    return lines(
        (
            tr("{cell} in “{form}”: {label}", cell=cell, form=form.form.title, label=" / ".join(fact.path[1:])),
            tr("What belongs here: {what}", what=_what(fact, spec)),
            *problems,
            *_rules(assessed, sheet, address(row, column)),
        )
    )


def findings_at(assessed: Assessed, sheet: str, row: int, column: int) -> list[Finding]:
    """The findings that point to a cell, the gravest first, what is explained or waived included."""
    place = sheet, address(row, column)
    return [
        finding
        for _, finding in walk(assessed.report.findings)
        if any((outcome.sheet, outcome.cell) == place for outcome in (finding.outcome, *finding.places))
    ]


def _facts(form: LocatedForm, row: int, column: int) -> Iterator[tuple[LocatedForm, Fact, Column | Field]]:
    """The fact that a cell of the form holds, with its column or field."""
    for name, fact in form.fields.items():
        if (fact.row, fact.column) == (row, column):
            yield form, fact, form.form.fields[name]
    for table in form.tables.values():
        for block, columns in enumerate(table.header.blocks):
            found = table.by_place.get((row, block))
            for name, (first, last) in columns.items():
                if found is not None and first <= column <= last and (read := table.fact(found, name)) is not None:
                    yield form, read, table.table.columns[name]


def _within(form: LocatedForm, row: int, column: int) -> bool:
    area = form.range
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _what(fact: Fact, spec: Column | Field) -> Text:
    what = _KINDS.get(fact.kind, _KINDS[ColumnKind.TEXT])
    if fact.unit and fact.kind in ColumnKind.NUMERIC:
        what = tr("{what}, in {unit}", what=what, unit=fact.unit)
    if spec.decimals and fact.kind in ColumnKind.NUMERIC:
        what = tr("{what}, with {count} decimals", what=what, count=spec.decimals)
    if spec.values:
        what = tr("{what}: one of {values}", what=what, values=" / ".join(spec.values))
    return tr("{what}; must not be blank", what=what) if spec.mandatory else what


def _rules(assessed: Assessed, sheet: str, cell: str) -> Iterator[Text]:
    """Those that compare the cell with others come first."""
    titles = assessed.report.titles
    looking = [
        outcome
        for outcome in assessed.report.outcomes
        if outcome.status != Status.NOT_APPLICABLE and outcome.rule in titles and _looks_at(outcome, sheet, cell)
    ]
    rules = list(dict.fromkeys(one.rule for one in sorted(looking, key=lambda one: len(one.operands) < 2)))
    if not rules:
        yield tr("No rule looks at this cell.")
        return
    yield tr("Rules that look at it:")
    for rule in rules[:_MOST_RULES]:
        yield tr("- {what} ({rule})", what=titles[rule], rule=rule)
    if len(rules) > _MOST_RULES:
        yield tr("and {count} more rules", count=len(rules) - _MOST_RULES)


def _looks_at(outcome: Outcome, sheet: str, cell: str) -> bool:
    return (outcome.sheet, outcome.cell) == (sheet, cell) or any(
        (operand.sheet, operand.cell) == (sheet, cell) for operand in outcome.operands
    )


def _open(assessed: Assessed, sheet: str, row: int, column: int) -> Iterator[Text]:
    """What is found there, of a further place of a finding in the words about that place."""
    cell = sheet, address(row, column)
    for finding in findings_at(assessed, sheet, row, column):
        places = (finding.outcome, *finding.places)
        here = next(place for place in places if (place.sheet, place.cell) == cell)
        what = finding.message if here is finding.outcome else here.message or finding.title
        yield tr("[{severity}] {what}", severity=severity_word(finding.outcome.severity), what=what)
        if finding.outcome.status == Status.WAIVED:
            yield tr("This is explained or waived.")
        elif finding.remedy is not None:
            yield tr("What to do: {remedy}", remedy=finding.remedy)
        elif finding.outcome.severity == Severity.ERROR:
            yield tr("What to do: {remedy}", remedy=tr("correct it"))
