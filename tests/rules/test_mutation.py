"""Move one figure of a clean sample by the smallest unit of its column: some rule must say so.

Cells that no rule guards at that size are listed in ``unguarded.txt`` by label path, with the reason; the list may
neither grow nor keep what is guarded by now. ``pytest --update-golden`` writes it anew: read the diff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.engine.assess import assess, recognise
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Status
from checker.model.workbook import Cell, Sheet, SheetContent, Workbook
from checker.session import Session

CLEAN = Path(__file__).parents[2] / "workbooks" / "cn-project" / "clean"
SAMPLES = sorted(path.stem for path in CLEAN.glob("*.xlsx"))
UNGUARDED = Path(__file__).with_name("unguarded.txt")
PACK = "cn-project"

#: One unit in the last place that the form has, as the number is stored.
STEPS = {
    ColumnKind.AMOUNT: Decimal("0.01"),
    ColumnKind.PERCENT: Decimal("0.0001"),
    ColumnKind.SCORE: Decimal("0.01"),
    ColumnKind.WEIGHT: Decimal(1),
    ColumnKind.COUNT: Decimal(1),
}
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


class Moved(NamedTuple):
    """A figure that was moved: its name, and whether a rule had something to say."""

    name: str
    found: bool


@cache
def session() -> Session:
    return Session()


def moved_figures(sample: str, times: int = 1) -> Iterator[Moved]:
    """Every figure that was typed into the sample, moved by so many units, one at a time."""
    house = session()
    workbook = house.read(CLEAN / f"{sample}.xlsx")
    before = failures(workbook)
    for fact in typed_figures(workbook):
        after = failures(changed(workbook, fact, STEPS[fact.kind] * times))
        yield Moved(f"{sample}: {' / '.join(fact.path)}", bool(after - before))


def typed_figures(workbook: Workbook) -> Iterator[Fact]:
    """The figures of all numeric columns that no formula works out, in the order of the forms."""
    house = session()
    packs = [house.loaded.packs[PACK]]
    seen: set[tuple[str, int, int]] = set()
    for form in recognise(workbook, packs, house.labels, house.lexicon).forms:
        for table in form.tables.values():
            for name, column in table.table.columns.items():
                facts = [*table.facts(name), *table.facts(name, list(table.totals.values()))] if table.has(name) else []
                for fact in facts:
                    place = (fact.sheet, fact.row, fact.column)
                    if column.kind in STEPS and fact.quantity.number is not None and fact.formula is None:
                        if place not in seen:
                            yield fact
                        seen.add(place)


def changed(workbook: Workbook, fact: Fact, step: Decimal) -> Workbook:
    """``workbook`` with the figure of ``fact`` raised by ``step``."""
    sheets = []
    for sheet in workbook.sheets:
        content = sheet.content
        if sheet.name == fact.sheet:
            row = dict(content.rows[fact.row])
            row[fact.column] = raised(row[fact.column], step)
            rows = {**content.rows, fact.row: row}
            content = SheetContent(rows, content.merges, content.hidden_rows, content.hidden_columns)
        sheets.append(Sheet(sheet.name, lambda content=content: content, state=sheet.state))  # type: ignore[misc]
    formats = workbook.number_formats
    return Workbook(workbook.path, "", workbook.source, tuple(sheets), load_number_formats=lambda: formats)


def raised(cell: Cell, step: Decimal) -> Cell:
    if cell.kind == "number":
        return cell._replace(raw=f"{Decimal(cell.raw) + step:f}")
    found = _NUMBER.search(cell.raw)
    assert found is not None, cell
    step = step * 100 if cell.raw.rstrip().endswith("%") else step
    number = f"{Decimal(found[0].replace(',', '')) + step:f}"
    return cell._replace(raw=cell.raw[: found.start()] + number + cell.raw[found.end() :])


def failures(workbook: Workbook) -> set[tuple[str, str, str]]:
    """What failed where: rule, sheet, cell."""
    house = session()
    results = assess(workbook, house.plans(PACK), house.labels, house.lexicon).results
    assert results is not None
    return {(o.rule, o.sheet, o.cell) for _, o in results.told if o.status == Status.FAIL}


def listed() -> list[str]:
    lines = UNGUARDED.read_text(encoding="utf-8").splitlines() if UNGUARDED.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_figure_moved_by_one_whole_unit_never_goes_unnoticed(sample: str) -> None:
    """A hundred times the last place: one 万元, one per cent, one mark. Nothing is excused here."""
    moved = list(moved_figures(sample, 100))
    assert len(moved) >= 30
    assert [item.name for item in moved if not item.found] == []


def test_a_figure_moved_in_its_last_place_is_noticed_or_listed(request: pytest.FixtureRequest) -> None:
    moved = [item for sample in SAMPLES for item in moved_figures(sample)]
    assert len({item.name for item in moved}) == len(moved), "label paths must tell cells apart"
    unguarded = [item.name for item in moved if not item.found]
    if request.config.getoption("--update-golden"):
        write(unguarded)
    guarded_by_now = sorted(set(listed()) - set(unguarded))
    assert guarded_by_now == [], f"take these off {UNGUARDED.name}"
    assert sorted(set(unguarded) - set(listed())) == [], "no rule guards these any more"
    assert len(listed()) == len(set(listed()))


REASONS = {
    "amounts": """
# Cells of the clean samples in which no rule notices one unit in the last place; see test_mutation.py.
# A hundred units are noticed in each of them.

# Amounts in 万元 with two decimals are rounded: 0.01 in one part or total of a sum is a tail (design §6.3), and so is
# 0.01 beside a printed rate whose interval holds both.""",
    "rates": """
# Rates over small amounts: the rounding of numerator and denominator allows the next hundredth of a per cent too.""",
    "marks": """
# Marks with two decimals: each may be a rounded share of full marks, and a total the sum of shares before rounding.""",
}


def write(unguarded: list[str]) -> None:
    sections: dict[str, list[str]] = {name: [] for name in REASONS}
    for name in unguarded:
        last = name.rpartition(" / ")[2]
        sections["marks" if last == "得分" else "rates" if last.endswith("率") else "amounts"].append(name)
    text = "\n".join("\n".join([REASONS[name], *lines]) for name, lines in sections.items())
    UNGUARDED.write_text(text.lstrip() + "\n", encoding="utf-8", newline="\n")
