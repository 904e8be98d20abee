"""Screens across units: what is planted is found, clean populations are left alone, and every lead is worded as one."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import random
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator

from checker.audit.bureau.forms import Forms
from checker.audit.bureau.leads import Lead
from checker.audit.bureau.screens import Settings, screen, share_above, tail, write
from checker.audit.bureau.thresholds import rate_thresholds, score_thresholds
from checker.audit.store.reading import open_store
from checker.session import Session

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def forms(session: Session) -> Forms:
    return Forms.of(session)


@pytest.fixture(scope="module")
def population() -> ModuleType:
    """The functions of ``population.py``."""
    spec = importlib.util.spec_from_file_location("checker_audit_population", Path(__file__).with_name("population.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def screened(folder: Path, units: list[dict[str, object]], population: ModuleType, forms: Forms) -> list[Lead]:
    population.keep(folder, units)
    with open_store(folder) as store:
        return screen(store, forms)


def of(leads: list[Lead], name: str) -> list[Lead]:
    return [lead for lead in leads if lead.screen == name]


def test_thresholds_come_from_the_packs(forms: Forms) -> None:
    rates = {(one.form, one.column, one.limit) for one in rate_thresholds(forms, "2024")}
    assert ("项目支出绩效自评表", "执行率", Decimal(90)) in rates
    grades = {(one.scheme, one.limit) for one in score_thresholds(forms, "2024")}
    assert {("项目支出绩效自评", Decimal(90)), ("项目支出绩效自评", Decimal(80))} <= grades


def test_planted_cases_are_found_and_nothing_else(population: ModuleType, forms: Forms, tmp_path: Path) -> None:
    units = population.clean(300, 11)
    chance = random.Random(5)
    # a copy with one figure changed, in a form where every unit has four sources
    for number in (40, 41, 42):
        units[number]["amounts"] = {**units[7]["amounts"]}
        units[number]["amounts"].update({"其他资金": units[number]["amounts"]["其他资金"] + (number == 42)})
    # an explanation handed on between two units, and one that the bureau gave to eighty
    units[51]["text"] = units[50]["text"] = "受疫情影响设备到货延迟，尾款于次年一月支付，已督促供应商加快进度"
    for number in range(100, 180):
        units[number]["text"] = "按照上级统一要求，结余资金已于年底前全部缴回财政，无其他情况说明"
    # rates pushed just above the limit
    for number in range(180, 240):
        units[number]["rate"] = Decimal(90) + Decimal(chance.randint(0, 150)) / 100
    # full marks throughout
    for number in (60, 61):
        units[number]["marks"] = [(full, full) for full, _ in units[number]["marks"]]
    # carried-over funds as large as the budget
    units[70]["amounts"]["其他资金"] = units[70]["amounts"]["当年财政拨款"] * 30

    leads = screened(tmp_path, units, population, forms)
    (equal,) = of(leads, "equal")
    assert set(equal.units) == {units[number]["name"] for number in (7, 40, 41, 42)}
    (copied,) = of(leads, "copied")
    assert set(copied.units) == {units[50]["name"], units[51]["name"]} and "设备到货" in copied.message.zh
    (heap,) = of(leads, "heaping")
    assert heap.place.endswith("执行率") and "执行率说明界限" in heap.message.zh
    (full,) = of(leads, "full")
    assert set(full.units) == {units[60]["name"], units[61]["name"]}
    (outlier,) = of(leads, "outliers")
    assert outlier.units == (units[70]["name"],) and "其他资金" in outlier.message.zh

    assert len({lead.id for lead in leads}) == len(leads)
    for lead in leads:
        assert lead.limits.zh and lead.seen
        assert not any(word in lead.title.zh + lead.message.zh for word in ("错误", "违规", "造假", "虚报")), (
            lead.message.zh
        )


def test_a_clean_population_is_left_alone(population: ModuleType, forms: Forms, tmp_path: Path) -> None:
    assert screened(tmp_path, population.clean(300, 3), population, forms) == []


def test_the_summary_is_not_taken_for_a_copy(population: ModuleType, forms: Forms, tmp_path: Path) -> None:
    units = population.clean(30, 4)
    units[29]["amounts"] = units[3]["amounts"]
    population.keep(tmp_path, units)
    with open_store(tmp_path) as store:
        chosen = Settings(amounts=4)
        assert len(of(screen(store, forms, settings=chosen), "equal")) == 1
        assert of(screen(store, forms, without=["00029.xlsx"], settings=chosen), "equal") == []


def test_papers_hold_to_their_schema_and_name_what_was_run(
    population: ModuleType, forms: Forms, tmp_path: Path
) -> None:
    units = population.clean(40, 2)
    units[5]["marks"] = [(full, full) for full, _ in units[5]["marks"]]
    units[5]["name"] = "=示例单位"
    population.keep(tmp_path / "store", units)
    with open_store(tmp_path / "store") as store:
        text = write(store, forms, str(tmp_path))
    document = json.loads((tmp_path / "leads.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads((ROOT / "schemas/leads.schema.json").read_text(encoding="utf-8"))).validate(
        document
    )
    assert [one["screen"] for one in document["screens"]] == ["equal", "copied", "heaping", "full", "outliers"]
    assert "线索" in text.zh and "错误" not in text.zh.replace("不是错误", "")
    rows = list(csv.reader(io.StringIO((tmp_path / "leads.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert rows[1][4] == "'=示例单位"


@pytest.mark.parametrize(
    ("hits", "cases", "share", "chance"), [(10, 10, 0.5, 0.5**10), (0, 7, 0.3, 1.0), (1, 2, 0.5, 0.75)]
)
def test_the_chance_is_that_of_the_binomial(hits: int, cases: int, share: float, chance: float) -> None:
    assert tail(hits, cases, share) == pytest.approx(chance)


def test_a_rising_number_of_cases_is_no_heap() -> None:
    assert share_above([10, 20, 30, 40]) >= 0.6
    assert 0.5 <= share_above([40, 30, 20, 10]) <= 0.6
    assert share_above([0, 0, 5, 0]) == 0.8
