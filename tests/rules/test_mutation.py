"""Move one figure of a clean sample by the smallest unit of its column: some rule must say so.

Cells that no rule guards are listed in ``unguarded/<pack>.txt`` by label path, with the reason; the lists may
neither grow nor keep what is guarded by now. ``pytest --update-golden`` writes them anew: read the diff.
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

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
PACKS = sorted(path.parent.name for path in WORKBOOKS.glob("*/content"))
UNGUARDED = Path(__file__).with_name("unguarded")
#: Of a workbook with more figures every second, third … one is moved; of those in the quick suite fewer.
MOST_FIGURES, QUICK_FIGURES = 60, 8

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


def samples(pack: str) -> list[Path]:
    return sorted((WORKBOOKS / pack / "clean").glob("*.xlsx"))


def moved_figures(pack: str, sample: Path, times: int, most: int) -> Iterator[Moved]:
    """The figures that were typed into the sample, moved by so many units, one at a time."""
    workbook = session().read(sample)
    before = failures(pack, workbook)
    figures = list(typed_figures(pack, workbook))
    for fact in figures[:: 1 + len(figures) // most]:
        after = failures(pack, changed(workbook, fact, STEPS[fact.kind] * times))
        yield Moved(f"{sample.stem}: {' / '.join(fact.path)}", bool(after - before))


def typed_figures(pack: str, workbook: Workbook) -> Iterator[Fact]:
    """The figures of all numeric columns that no formula works out, in the order of the forms."""
    house = session()
    packs = [house.loaded.packs[pack]]
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


def failures(pack: str, workbook: Workbook) -> set[tuple[str, str, str]]:
    """What failed where: rule, sheet, cell."""
    house = session()
    results = assess(workbook, house.plans(pack), house.labels, house.lexicon).results
    assert results is not None
    return {(o.rule, o.sheet, o.cell) for _, o in results.told if o.status == Status.FAIL}


def listed(pack: str, what: str) -> list[str]:
    """The lines of the pack's list below ``what``."""
    file = UNGUARDED / f"{pack}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    begin = lines.index(f"[{what}]") + 1 if f"[{what}]" in lines else len(lines)
    rest = lines[begin:]
    end = next((number for number, line in enumerate(rest) if line.startswith("[")), len(rest))
    return [line for line in rest[:end] if line and not line.startswith("#")]


def unguarded(pack: str, chosen: list[Path], times: int, most: int = MOST_FIGURES) -> list[str]:
    moved = [item for sample in chosen for item in moved_figures(pack, sample, times, most)]
    assert len(moved) >= min(15, most // 2)
    assert len({item.name for item in moved}) == len(moved), "label paths must tell cells apart"
    return [item.name for item in moved if not item.found]


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_a_figure_that_moves_is_noticed_or_listed(pack: str, request: pytest.FixtureRequest) -> None:
    """By one whole unit (a hundred last places: one 万元, one per cent, one mark), and by one last place."""
    found = {what: unguarded(pack, samples(pack), times) for what, times in (("whole unit", 100), ("last place", 1))}
    if request.config.getoption("--update-golden"):
        write(pack, found)
    for what, names in found.items():
        lines = listed(pack, what)
        assert sorted(set(lines) - set(names)) == [], f"take these off {pack}.txt"
        assert sorted(set(names) - set(lines)) == [], f"no rule guards these any more ({what})"


@pytest.mark.parametrize("pack", PACKS)
def test_a_whole_unit_is_noticed_in_the_first_sample(pack: str) -> None:
    assert set(unguarded(pack, samples(pack)[:1], 100, QUICK_FIGURES)) <= set(listed(pack, "whole unit"))


INTRODUCTION = """
# Figures of the clean samples that may move without any rule noticing; see test_mutation.py.
#
# [whole unit]: moved by a hundred last places (one 万元, one per cent, one mark). What stands here is stated once in
# the workbook and nothing follows from it: no rule can know it.
# [last place]: moved by one last place. Amounts in 万元 with two decimals are rounded: 0.01 in one part or total of a
# sum is a tail (design §6.3), and so is 0.01 beside a printed rate whose interval holds both. Rates over small amounts
# allow the next hundredth of a per cent too. Marks with two decimals may each be a rounded share of full marks."""


def write(pack: str, found: dict[str, list[str]]) -> None:
    parts = [INTRODUCTION.lstrip(), *("\n".join([f"[{what}]", *names]) for what, names in found.items())]
    UNGUARDED.mkdir(exist_ok=True)
    (UNGUARDED / f"{pack}.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
