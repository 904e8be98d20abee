"""The workbooks that lie in ``workbooks/``: made from their content, right where clean, wrong where said."""

from __future__ import annotations

import importlib.util
import json
import re
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import python_calamine

ROOT = Path(__file__).parents[2] / "workbooks"
PACK = ROOT / "cn-project"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(generator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("made")
    generator.main("cn-project", target)
    return target


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.xlsx"))


def shown(path: Path) -> dict[tuple[str, int, int], Any]:
    """What every cell that is not empty shows."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1)
        for column, value in enumerate(values, start=1)
        if value != ""
    }


def formulas(path: Path) -> dict[tuple[str, int, int], str]:
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.slow
def test_what_lies_there_is_what_the_content_says(made: Path) -> None:
    assert files(made) == files(PACK), "run workbooks/generate.py"
    for name in files(made):
        assert shown(made / name) == shown(PACK / name), f"{name}: run workbooks/generate.py"
    for name in files(made / "clean"):
        assert formulas(made / "clean" / name) == formulas(PACK / "clean" / name)
    manifest = "errors/manifest.json"
    assert (made / manifest).read_text("utf-8") == (PACK / manifest).read_text("utf-8")


@pytest.mark.slow
def test_making_them_twice_gives_the_same_bytes(generator: ModuleType, made: Path, tmp_path: Path) -> None:
    generator.main("cn-project", tmp_path)
    for name in files(made):
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_every_formula_of_a_clean_sample_shows_a_value() -> None:
    counted = 0
    for path in sorted((PACK / "clean").glob("*.xlsx")):
        values = shown(path)
        for at, formula in formulas(path).items():
            assert at in values, f"{path.name} {at} {formula}"
            counted += 1
    assert counted > 50


def test_the_clean_self_evaluations_add_up(generator: ModuleType) -> None:
    """Reckoned here again from the drawn cells, without the formulas."""
    forms = generator.load_forms("cn-project")
    counted = 0
    for sample in generator._read("cn-project", "clean").values():
        for items in sample["sheets"].values():
            for item in items:
                if item["form"] == "项目支出绩效自评表":
                    _adds_up(generator.draw(forms[item["form"]], item["given"], printed=True), item["given"])
                    counted += 1
    assert counted >= 6


def _adds_up(drawing: Any, given: Any) -> None:
    def figure(table: str, row: str | int, column: str) -> Decimal:
        raw = drawing.cells[drawing.place(table, row, column)].raw
        return Decimal(raw) if raw else Decimal(0)

    total = "年度资金总额"
    for column in ("年初预算数", "全年预算数", "全年执行数"):
        assert figure("资金", total, column) == sum(
            figure("资金", row, column) for row in ("当年财政拨款", "上年结转资金", "其他资金")
        )
    rate = figure("资金", total, "全年执行数") / figure("资金", total, "全年预算数")
    assert abs(figure("资金", total, "得分") - 10 * rate) <= Decimal("0.005")
    rows = given["指标"]
    weights = {"产出指标": 0, "效益指标": 0, "满意度指标": 0}
    for index, row in enumerate(rows):
        weights[row["一级指标"]] += row["分值"]
        assert figure("指标", index, "得分") <= row["分值"]
        assert (row["得分"] < row["分值"]) == bool(row.get("偏差原因分析及改进措施")), row["三级指标"]
    assert list(weights.values()) == [50, 30, 10]
    assert figure("指标", "总分", "分值") == 100
    score = figure("资金", total, "得分")
    assert figure("指标", "总分", "得分") == score + sum(Decimal(str(row["得分"])) for row in rows)


def test_each_error_sample_differs_from_its_base_where_the_manifest_says() -> None:
    manifest = json.loads((PACK / "errors" / "manifest.json").read_text("utf-8"))
    assert sorted(manifest) == sorted(path.name for path in (PACK / "errors").glob("*.xlsx"))
    for name, entry in manifest.items():
        assert entry["rules"] and entry["what"]["zh"] and entry["what"]["en"]
        wrong, base = shown(PACK / "errors" / name), shown(PACK / entry["base"])
        assert {key[0] for key in wrong} == {key[0] for key in base}
        keys = wrong.keys() | base.keys()
        changed = {key[0] for key in keys if _as_printed(wrong.get(key)) != _as_printed(base.get(key))}
        assert changed == {entry["sheet"]}, name
        assert re.fullmatch(r"[A-Z]+[0-9]+", entry["cell"])


def _as_printed(value: Any) -> Any:
    """Rates are typed with the four decimals that their format shows."""
    return round(value, 4) if isinstance(value, float) else value
