"""What the screens across units find and what they tell in vain: ``python tests/benchmarks/screens.py [POPULATIONS]``.

Recall of what is planted, over sizes of slip, and false leads on clean populations of 300 units (see
``tests/audit/population.py``). Then the time of all screens on 4,000 units, in ratio to one aggregate over the facts.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType
from typing import Any

from checker.audit.bureau.forms import Forms
from checker.audit.bureau.leads import Lead
from checker.audit.bureau.screens import screen
from checker.audit.store.reading import open_store
from checker.session import Session

POPULATION = Path(__file__).parents[1] / "audit" / "population.py"
UNITS = 300


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("population", POPULATION)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def leads(population: ModuleType, units: list[dict[str, Any]], forms: Forms) -> list[Lead]:
    with TemporaryDirectory() as folder:
        population.keep(Path(folder), units)
        with open_store(folder) as store:
            return screen(store, forms)


def false_leads(population: ModuleType, forms: Forms, populations: int) -> None:
    told: Counter[str] = Counter()
    for seed in range(populations):
        told.update(lead.screen for lead in leads(population, population.clean(UNITS, seed), forms))
    print(f"clean: {populations} populations of {UNITS} units, false leads {dict(told) or 'none'}")


def heaps(population: ModuleType, forms: Forms, populations: int) -> None:
    for share in (4, 8, 16, 32, 64):
        found = 0
        for seed in range(populations):
            units, chance = population.clean(UNITS, 1000 + seed), random.Random(seed)
            for unit in units[:share]:
                unit["rate"] = Decimal(90) + Decimal(chance.randint(0, 150)) / 100
            found += any(lead.screen == "heaping" for lead in leads(population, units, forms))
        print(f"heaping: {share} of {UNITS} units moved just above the limit: found in {found} of {populations}")


def outliers(population: ModuleType, forms: Forms, populations: int) -> None:
    for factor in (3, 10, 30, 100):
        found = 0
        for seed in range(populations):
            units = population.clean(UNITS, 2000 + seed)
            units[7]["amounts"]["其他资金"] *= factor
            found += any(
                lead.screen == "outliers" and units[7]["name"] in lead.units for lead in leads(population, units, forms)
            )
        print(f"outliers: one part of one unit times {factor}: found in {found} of {populations}")


def copies(population: ModuleType, forms: Forms, populations: int) -> None:
    for changed in (0, 1, 2, 3):
        found = 0
        for seed in range(populations):
            units = population.clean(UNITS, 3000 + seed)
            units[9]["amounts"] = dict(units[3]["amounts"])
            for row in population.SOURCES[-changed:] if changed else ():
                units[9]["amounts"][row] += Decimal("1.37")
            units[9]["text"] = units[3]["text"]
            told = leads(population, units, forms)
            found += any(lead.screen == "equal" and units[9]["name"] in lead.units for lead in told)
            assert any(lead.screen == "copied" and units[9]["name"] in lead.units for lead in told)
        print(f"equal figures: a copy with {changed} of 4 sources changed (and the total): {found} of {populations}")


def time(population: ModuleType, forms: Forms) -> None:
    units = population.clean(4_000, 1)
    with TemporaryDirectory() as folder:
        population.keep(Path(folder), units)
        with open_store(folder) as store:
            started = perf_counter()
            store.connection.execute('SELECT form, "column", sum(value) FROM facts GROUP BY ALL').fetchall()
            aggregate, started = perf_counter() - started, perf_counter()
            screen(store, forms)
            print(f"4,000 units: all screens {(perf_counter() - started) / aggregate:.0f} x one aggregate of the facts")


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    known = Forms.of(Session())
    made = load()
    for part in (false_leads, heaps, outliers, copies):
        part(made, known, rounds)
    time(made, known)
