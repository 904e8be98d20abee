"""The workbooks that lie in ``workbooks/``: made from their content, right where clean, wrong where said."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

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


def cells(path: Path, **how: bool) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, **how)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_what_lies_there_is_what_the_content_says(made: Path) -> None:
    assert files(made) == files(PACK), "run workbooks/generate.py"
    for name in files(made):
        assert cells(made / name) == cells(PACK / name), f"{name}: run workbooks/generate.py"
    manifest = "errors/manifest.json"
    assert (made / manifest).read_text("utf-8") == (PACK / manifest).read_text("utf-8")


def test_making_them_twice_gives_the_same_bytes(generator: ModuleType, made: Path, tmp_path: Path) -> None:
    generator.main("cn-project", tmp_path)
    for name in files(made):
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_every_sample_formula_shows_a_value() -> None:
    for path in sorted((PACK / "clean").glob("*.xlsx")):
        values = cells(path, data_only=True)
        missing = [at for at, value in cells(path).items() if str(value).startswith("=") and at not in values]
        assert not [at for at in missing if "IFERROR" not in str(cells(path)[at])], path.name


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
        wrong = cells(PACK / "errors" / name, data_only=True)
        base = cells(PACK / entry["base"], data_only=True)
        at = (entry["sheet"], entry["cell"])
        assert entry["rules"] and entry["what"]["zh"] and entry["what"]["en"]
        if "drop" not in entry and wrong.get(at) == base.get(at):
            changed = {key for key in wrong.keys() | base.keys() if wrong.get(key) != base.get(key)}
            assert changed, name
