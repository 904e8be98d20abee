"""How much of the hand-written packs a program proposes from their blank workbooks alone.

``python tests/authoring/recovery.py`` prints the table and every miss; ``test_recovery.py`` holds it to
``recovery.json``. A relation is a rule of the kinds below about one form. It is recovered if, on the clean samples, the
generated pack compares the same cells: wherever the hand-written rule compares, a proposed one has the same cell judged
and the same cells taken. So it is the meaning that is compared, not the names.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.authoring.new import new_pack
from checker.engine.assess import recognise
from checker.errors import CheckerError
from checker.model.outcome import Outcome
from checker.session import Session

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "workbooks"
GOLDEN = Path(__file__).parent / "recovery.json"
#: Sums, rates and 其中 relations, and the levels of codes, which are sums too.
KINDS = ("sum", "rate", "within", "hierarchy")


class Relation(NamedTuple):
    pack: str
    form: str
    rule: str
    kind: str
    title: str
    places: int
    found: int


def generate(folder: Path, only: str = "") -> dict[tuple[str, str], str]:
    """A pack from every blank workbook; its id by the pack and form that the blank is of."""
    session = Session()
    made: dict[tuple[str, str], str] = {}
    for number, blank in enumerate(sorted(WORKBOOKS.glob("*/blank/*.xlsx")), 1):
        if only in str(blank):
            key = (blank.parts[-3], blank.stem)
            name = f"new-{number:02d}"
            try:
                new_pack(folder / name, session, workbook=str(blank), prefix=f"N{number:02d}")
                made[key] = name
            except CheckerError as error:
                print("-", *key, error, file=sys.stderr)
    return made


def relations(folder: Path, made: dict[tuple[str, str], str]) -> Iterator[Relation]:
    session = Session([str(folder)])
    packs = session.loaded.packs
    for pack in sorted({key[0] for key in made}):
        wanted = {r.id: r for r in packs[pack].rules if r.pack == pack and r.check["kind"] in KINDS}
        blanks = {
            form: _printed(session, pack, WORKBOOKS / pack / "blank" / f"{form}.xlsx") for p, form in made if p == pack
        }
        samples = sorted((WORKBOOKS / pack / "clean").glob("*.xlsx"))
        places: dict[tuple[str, str], list[bool]] = {}
        for sample in samples:
            drawn = _printed(session, pack, sample)
            hand = session.assess(sample, pack=pack, every_outcome=True).report.outcomes
            for form in sorted({o.form for o in hand if o.rule in wanted}):
                name = made.get((pack, form))
                theirs = session.assess(sample, pack=name, every_outcome=True).report.outcomes if name else ()
                shapes = {_shape(o) for o in theirs}
                if not drawn.get(form, set()) <= blanks.get(form, {}).get(form, set()):
                    continue  # another province's print of the form, with more rows or columns than the blank
                mine = [o for o in hand if o.rule in wanted and o.form == form and len(o.operands) > 1]
                for outcome in mine:
                    places.setdefault((form, outcome.rule), []).append(_recovered(outcome, shapes))
        for (form, rule), found in sorted(places.items()):
            if (pack, form) in made or any(key[1] == form for key in made):
                kind, title = str(wanted[rule].check["kind"]), wanted[rule].title.zh
                yield Relation(pack, form, rule, kind, title, len(found), sum(found))


def _printed(session: Session, pack: str, path: Path) -> dict[str, set[tuple[str, str]]]:
    """The columns and named rows that each form of a workbook prints."""
    workbook = session.read(path)
    found: dict[str, set[tuple[str, str]]] = {}
    for form in recognise(workbook, [session.loaded.packs[pack]], session.labels, session.lexicon).forms:
        for name, table in form.tables.items():
            rows = [row for row in table.named if row in table.table.rows]
            found.setdefault(form.form.name, set()).update((name, key) for key in (*table.header.blocks[0], *rows))
    return found


Shape = tuple[str, str, frozenset[str]]


def _shape(outcome: Outcome) -> Shape:
    return outcome.sheet, outcome.cell, frozenset(operand.cell for operand in outcome.operands)


def _recovered(outcome: Outcome, shapes: set[Shape]) -> bool:
    """The same cells; a blank part that one of the two leaves out makes no difference."""
    sheet, cell, cells = _shape(outcome)
    filled = {operand.cell for operand in outcome.operands if operand.text.strip()} | {cell}
    return any(s == sheet and c == cell and (filled <= taken <= cells or taken == cells) for s, c, taken in shapes)


def main(only: str = "") -> dict[str, dict[str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder), only)
        found = list(relations(Path(folder), made))
    table: dict[str, dict[str, int]] = {}
    for one in found:
        counts = table.setdefault(one.pack, {"relations": 0, "recovered": 0})
        counts["relations"] += 1
        counts["recovered"] += one.found == one.places
    for pack, counts in table.items():
        print(f"{pack:32}{counts['relations']:5}{counts['recovered']:5}")
    for one in found:
        if one.found < one.places:
            print(f"{one.rule} {one.form} {one.kind} {one.found}/{one.places} {one.title}")
    return table


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), ensure_ascii=False, indent=1))
