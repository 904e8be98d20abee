"""How much of the hand-written packs a program proposes from their blank workbooks alone.

``python tests/authoring/recovery.py [PACK]`` measures it, ``test_recovery.py`` holds it to ``recovery.json``.

A relation is a rule of the kinds below about a form that has a blank. Both packs look at the blank itself with a figure
in every cell that is to be filled in (in an open table rows with codes of every level, below a row that lists others
one such row). The relation is recovered if the generated pack compares the same cells: wherever the hand-written rule
compares, a proposed one has the same cell judged and the same cells taken. So it is the meaning that is compared, not
the names. Where the hand-written rule takes a rate over either of two denominators (IF), one of them is enough. A rule
about figures of several forms is asked of their blanks together, and is missed unless the pack of one blank has it.

A proposal accuses if it fails in a clean sample of the pack, whether that prints the form as the blank does or not.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from checker.authoring.new import new_pack
from checker.engine.assess import recognise
from checker.engine.run import run
from checker.errors import UsageError
from checker.model.form import ColumnKind, Form, Table
from checker.model.outcome import Outcome, Status
from checker.model.rule import Rule
from checker.model.workbook import CellKind, Workbook
from checker.session import Session
from checker.templates import Drawing, Style, draw, to_workbook

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "workbooks"
GOLDEN = Path(__file__).parent / "recovery.json"
#: Sums, rates and 其中 relations, and the levels of codes, which are sums too.
KINDS = ("sum", "rate", "within", "hierarchy")


class Relation(NamedTuple):
    form: str
    rule: str
    title: str
    places: int
    found: int


def packs() -> list[str]:
    """The packs that have blank workbooks."""
    return sorted({blank.parts[-3] for blank in WORKBOOKS.glob("*/blank/*.xlsx")})


def generate(folder: Path, pack: str) -> dict[str, str]:
    """A pack from every blank workbook of ``pack``; its id by the form that the blank is of."""
    session = Session()
    made: dict[str, str] = {}
    for number, blank in enumerate(sorted((WORKBOOKS / pack / "blank").glob("*.xlsx")), 1):
        name = f"new-{number:02d}"
        try:
            new_pack(folder / name, session, workbook=str(blank), prefix=f"N{number:02d}")
            made[blank.stem] = name
        except UsageError as error:
            print("-", error.render("en"), file=sys.stderr)
    return made


def relations(session: Session, pack: str, made: Mapping[str, str]) -> Iterator[Relation]:
    """What ``pack`` states of its blank forms, and in how many places the packs ``made`` of them have the same."""
    wanted = {r.id: r for r in session.loaded.packs[pack].rules if r.pack == pack and r.check["kind"] in KINDS}
    forms = session.loaded.packs[pack].forms
    workbook = to_workbook({name: filled(forms[name]) for name in made})
    theirs: dict[str, set[Shape]] = {}
    places: dict[tuple[str, str], list[bool]] = {}
    for outcome in outcomes(session, pack, workbook):
        form = outcome.form
        if outcome.rule in wanted and form in made and len(outcome.operands) > 1:
            if form not in theirs:
                own = to_workbook({form: filled(forms[form])})
                theirs[form] = {_shape(found) for found in outcomes(session, made[form], own)}
            places.setdefault((form, outcome.rule), []).append(_recovered(outcome, wanted[outcome.rule], theirs[form]))
    for (form, rule), found in sorted(places.items()):
        yield Relation(form, rule, wanted[rule].title.zh, len(found), sum(found))


def outcomes(session: Session, pack: str, workbook: Workbook) -> list[Outcome]:
    """What comes of the rules of ``pack`` in every place of a workbook."""
    plan = session.plans(pack)[pack]
    forms = recognise(workbook, [plan.pack], session.labels, session.lexicon).forms
    return list(run(plan, forms, workbook, session.lexicon, "").every())


def filled(form: Form) -> Drawing:
    """The blank form with something in every cell that is to be filled in; figures are all different."""
    drawing = draw(form, year="2024")
    if any(cell.holds == ColumnKind.CODE and cell.kind for cell in drawing.cells.values()):
        content: dict[str, Any] = {}  # the blank prints its codes
    else:
        content = {name: given for name, table in form.tables.items() if (given := _rows(table))}
    if content:
        drawing = draw(form, content, year="2024", printed=True)
    cells = dict(drawing.cells)
    for number, (place, cell) in enumerate(drawing.cells.items(), 101):
        if cell.style in Style.INPUT and (not cell.kind or cell.formula is not None):
            figure = cell.holds in ColumnKind.NUMERIC
            text = cell.choices[0] if cell.choices else f"x{number}"
            cells[place] = cell._replace(
                kind=CellKind.NUMBER if figure else CellKind.TEXT, raw=str(number) if figure else text, formula=None
            )
    return replace(drawing, cells=cells)


def _rows(table: Table) -> Any:
    """Rows that the blank does not name: codes of every level, and one below each row that lists others."""
    if table.levels:
        code = next(iter(table.levels.values())).column
        return [{code: own} for own in _codes("", table.code_steps)]
    if any(row.lists for row in table.rows.values()):
        return {
            name: {}
            for row in table.rows.values()
            for name in ([row.name, f"x{row.name}"] if row.lists else [row.name])
        }
    return None


def _codes(head: str, steps: Sequence[int]) -> Iterator[str]:
    """Codes of every level, two of the first and two of the last below each."""
    for number in (1, 2) if len(steps) == 1 or (steps and not head) else (1,) if steps else ():
        own = head + (f"{number:0{steps[0]}d}" if head else f"20{number}")
        yield own
        yield from _codes(own, steps[1:])


Shape = tuple[str, str, frozenset[str]]


def _shape(outcome: Outcome) -> Shape:
    return outcome.sheet, outcome.cell, frozenset(operand.cell for operand in outcome.operands)


def _recovered(outcome: Outcome, rule: Rule, shapes: set[Shape]) -> bool:
    sheet, cell, cells = _shape(outcome)
    ways = [cells]
    if "IF(" in str(rule.check.get("denominator", "")):  # either of two denominators, which stand in one column
        ways += [cells - {one} for one in cells - {cell} for other in cells - {one} if _column(one) == _column(other)]
    return any((sheet, cell, way) in shapes for way in ways)


def _column(cell: str) -> str:
    return cell.rstrip("0123456789")


def accusing(session: Session, pack: str, made: Mapping[str, str], step: int) -> Iterator[tuple[str, str]]:
    """Proposals that say something wrong of a clean sample (every ``step``-th), and where."""
    clean = sorted((WORKBOOKS / pack / "clean").glob("*.xlsx"))[::step]
    samples = [(path.stem, session.read(path)) for path in clean]
    for form, name in made.items():
        titles = {rule.id: rule.title.zh for rule in session.loaded.packs[name].rules}
        failed: dict[str, str] = {}
        for stem, workbook in samples:
            for outcome in outcomes(session, name, workbook):
                if outcome.status == Status.FAIL:
                    failed.setdefault(titles[outcome.rule], f"{stem}: {outcome.sheet} {outcome.cell}")
        yield from ((f"{form}: {title}", where) for title, where in failed.items())


def measured(pack: str, step: int = 1) -> dict[str, Any]:
    """What ``recovery.json`` holds of ``pack``; where that gives reasons, the places. Of the samples every ``step``-th
    is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder), pack)
        session = Session([folder])
        found = list(relations(session, pack, made))
        wrong = dict(accusing(session, pack, made, step))
        proposed = sum(len(session.loaded.packs[name].rules) for name in made.values())
    return {
        "proposed": proposed,
        "relations": len(found),
        "recovered": sum(one.found == one.places for one in found),
        "missed": {f"{r.rule} {r.form}": f"{r.found}/{r.places} {r.title}" for r in found if r.found < r.places},
        "accusing": wrong,
    }


if __name__ == "__main__":
    print(json.dumps({pack: measured(pack) for pack in sys.argv[1:] or packs()}, ensure_ascii=False, indent=1))
