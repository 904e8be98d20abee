"""Simulated populations of units, kept in a real store: clean ones, and ones in which something odd is planted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from checker.audit.store import spool
from checker.audit.store.reading import Run, seal, write_run
from checker.audit.store.rows import LONG_TEXT
from checker.audit.store.tables import BY_RESULT, TABLES

FORM, FUNDS, SCHEME, PACK = "项目支出绩效自评表", "资金", "项目支出绩效自评", "cn-project"
SOURCES = ("当年财政拨款", "上年结转资金", "单位资金", "其他资金")
TYPICAL = (0.75, 0.12, 0.08, 0.05)
RUN = "20250301T080000-0001"

#: One unit: amounts by row (of 全年执行数), execution rate, scores by indicator (full, claimed), the explanation.
Unit = dict[str, Any]


def clean(count: int, seed: int) -> list[Unit]:
    """Units that know nothing of each other: lognormal budgets, shares that vary by a factor, rates that rise towards
    100, marks lost here and there, texts of their own."""
    chance = random.Random(seed)
    return [_unit(chance, number) for number in range(count)]


def _unit(chance: random.Random, number: int) -> Unit:
    total = chance.lognormvariate(6, 1.2)
    weights = [share * chance.lognormvariate(0, 0.5) for share in TYPICAL]
    amounts = {row: Decimal(str(round(total * w / sum(weights), 2))) for row, w in zip(SOURCES, weights, strict=True)}
    rate = Decimal(str(round(100 - min(chance.expovariate(1 / 8), 60), 2)))
    full = [10, 10, 10, 10, 15, 15, 10, 10]
    marks = [Decimal(f) - (chance.randint(1, 4) if chance.random() < 0.35 else 0) for f in full]
    if all(mark == f for mark, f in zip(marks, full, strict=True)):
        marks[0] -= 1
    words = "".join(chance.choice("因项目前期手续滞后年中追加合同支付采购招标工期天气设备验收决算") for _ in range(30))
    return {
        "name": f"示例市第{number}单位",
        "amounts": amounts,
        "rate": rate,
        "marks": list(zip(map(Decimal, full), marks, strict=True)),
        "text": words,
    }


def keep(folder: Path, units: list[Unit]) -> Path:
    """A store of these units, one workbook each."""
    together = []
    files = []
    for number, unit in enumerate(units):
        result = hashlib.sha256(f"{number} {unit['name']}".encode()).hexdigest()[:16]
        source = f"{number:05d}.xlsx"
        together.append((result, {table: _rows(table, unit) for table in BY_RESULT}))
        files.append((RUN, source, result, result * 4, 1, "2025-02-01T00:00:00", False))
    spooled = spool.write(folder, "population", together)
    seal(folder, [spooled], "population")
    spooled.unlink()
    started = datetime(2025, 3, 1, 8)
    run = Run(RUN, started, started, "0", "0", "{}", "complete", len(files), 0)
    write_run(folder, run, files, [], [])
    return folder


def _rows(table: str, unit: Unit) -> list[tuple[Any, ...]]:
    made: Callable[[Unit], list[dict[str, Any]]] = {
        "results": _results,
        "facts": _facts,
        "scores": _scores,
    }.get(table, lambda unit: [])
    names = [name for name in TABLES[table].names if name != "result"]
    return [tuple(row.get(name) for name in names) for row in made(unit)]


def _results(unit: Unit) -> list[dict[str, Any]]:
    counts = dict.fromkeys(("errors", "warnings", "notes", "waived"), 0)
    named = {
        "unit": unit["name"],
        "unit_key": unit["name"],
        "year": "2024",
        "pack": PACK,
        "edition": "",
        "document": "{}",
    }
    return [{"sha256": "", "status": "checked", "forms": [FORM], "awaits": [], **named, **counts}]


def _facts(unit: Unit) -> list[dict[str, Any]]:
    place = {"form": FORM, "qualifier": "", "sheet": "Sheet1", "measure": "", "table": FUNDS}
    total = sum(unit["amounts"].values())
    rows = []
    for letter, column, factor in (("C", "全年执行数", 1), ("B", "全年预算数", Decimal("1.06"))):
        money = {**place, "column": column, "measure": "万元", "grain": "0.01"}
        for at, (row, value) in enumerate([("年度资金总额", total), *unit["amounts"].items()], 6):
            rows.append({**money, "row": row, "cell": f"{letter}{at}", "value": str(round(value * factor, 2))})
    rate = {"row": "年度资金总额", "column": "执行率", "cell": "D6", "measure": "%", "value": str(unit["rate"])}
    rows.append({**place, **rate})
    text = unit["text"]
    if len(text) >= LONG_TEXT:
        digest = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        where = {"row": "年度资金总额", "column": "原因", "cell": "F6", "text": text[:40], "text_hash": digest}
        rows.append({**place, **where})
    return rows


def _scores(unit: Unit) -> list[dict[str, Any]]:
    place = {"scheme": SCHEME, "form": FORM, "sheet": "Sheet1", "standing": "judgement"}
    total = sum((claimed for _, claimed in unit["marks"]), Decimal(10))
    rows = [{**place, "ordinal": 0, "indicator": "", "full": "100", "claimed": str(total)}]
    for ordinal, (full, claimed) in enumerate(unit["marks"], 1):
        marks = {"full": str(full), "claimed": str(claimed)}
        rows.append({**place, "ordinal": ordinal, "indicator": f"指标{ordinal}", **marks})
    return rows
