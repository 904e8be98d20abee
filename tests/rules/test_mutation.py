"""Move one figure of a clean sample by the smallest unit of its column: some rule must say so.

Cells that no rule guards are listed in ``unguarded/<pack>.txt`` by label path, with the reason; the lists may
neither grow nor keep what is guarded by now. ``pytest --update-golden`` writes them anew: read the diff.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.authoring.mutation import failures, located, mutated, noticed, typed_figures
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
PACKS = sorted(path.parent.name for path in WORKBOOKS.glob("*/content"))
UNGUARDED = Path(__file__).with_name("unguarded")
#: Of a workbook with more figures every second, third … one is moved; of those in the quick suite fewer.
MOST_FIGURES, QUICK_FIGURES = 60, 8
#: The slip that moves a figure by so many last places.
MUTATION = {1: "last_place", 100: "hundred_places"}


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
    before = failures(session(), pack, workbook)
    figures = list(typed_figures(located(session(), pack, workbook)))
    for fact, _, after in mutated(workbook, figures, most, [MUTATION[times]]):
        yield Moved(f"{sample.stem}: {' / '.join(fact.path)}", noticed(session(), pack, after, before, fact.sheet))


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


@pytest.mark.parametrize(
    "pack",
    [pack if pack in ("cn-project", "hn-department") else pytest.param(pack, marks=pytest.mark.slow) for pack in PACKS],
)
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
