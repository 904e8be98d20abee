"""Forms for the drawing tests, built from mappings like those of a form file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.messages import Text
from checker.model.form import Column, Field, Form, Row, Table
from checker.model.plugin import PackSource
from checker.packs.load import load_packs

ROOT = Path(__file__).parents[2]


def form_from(source: Mapping[str, Any]) -> Form:
    """A ``Form`` from a form file's mapping, as far as drawing needs it."""
    return Form(
        name=source["form"],
        pack="test",
        title=Text(source["form"], source.get("english", "")),
        titles=tuple(source.get("titles", ())),
        sheets=tuple(source.get("sheets", ())),
        unit=source.get("unit", ""),
        fields={
            name: Field(name, said.get("kind", "text"), (name,), values=tuple(said.get("values", ())))
            for name, said in source.get("fields", {}).items()
        },
        tables={name: _table(name, said) for name, said in source.get("tables", {}).items()},
        layout=source.get("layout", {}),
    )


def _table(name: str, source: Mapping[str, Any]) -> Table:
    rows = source.get("rows", {})
    return Table(
        name=name,
        layout="closed" if isinstance(rows, Mapping) else rows,
        columns={
            column: Column(
                column,
                said["kind"],
                (column,),
                under=tuple(said.get("under", ())),
                decimals=said.get("decimals"),
                fill=bool(said.get("fill")),
                key=bool(said.get("key")),
                formula=said.get("formula", ""),
                values=tuple(said.get("values", ())),
            )
            for column, said in source["columns"].items()
        },
        rows=_rows(rows if isinstance(rows, Mapping) else {}),
        totals=_rows(source.get("totals", {})),
        beside=tuple(source.get("beside", ())),
        key=next((column for column, said in source["columns"].items() if said.get("key")), ""),
        header_rows=source.get("header_rows", 1),
        extra_rows=source.get("extra_rows", False),
    )


def _rows(source: Mapping[str, Any]) -> dict[str, Row]:
    return {
        name: Row(name, (name,), tuple(said.get("part_of", ())), total=said.get("total", False))
        for name, said in source.items()
    }


@pytest.fixture
def build() -> Callable[[str], Form]:
    """A form from the text of a form file."""
    return lambda text: form_from(yaml.safe_load(text))


@pytest.fixture(scope="session")
def forms() -> Mapping[str, Form]:
    """The forms of the national pack."""
    loaded = load_packs([PackSource("built-in", ROOT / "rules" / "cn-project", "built-in")], use_cache=False)
    return loaded.packs["cn-project"].forms


@pytest.fixture
def self_evaluation(forms: Mapping[str, Form]) -> Form:
    return forms["项目支出绩效自评表"]


@pytest.fixture
def small() -> Form:
    """A closed table with a total and two parts, and an open one with levels and a total row."""
    return form_from(yaml.safe_load(SMALL))


SMALL = """
form: 小表
unit: 万元
fields:
  单位: {kind: text}
  等级: {kind: text, values: [优, 良]}
tables:
  资金:
    columns:
      来源: {kind: label}
      预算: {kind: amount}
      执行: {kind: amount}
      执行率: {kind: percent, formula: "[@执行] / [@预算]"}
      备注: {kind: text}
    rows:
      合计: {total: true}
      拨款: {part_of: [合计]}
      结转: {part_of: [合计]}
    extra_rows: true
  指标:
    columns:
      一级: {kind: text, fill: true}
      二级: {kind: text, fill: true}
      名称: {kind: text, key: true}
      分值: {kind: weight}
    rows: open
    totals: {总分: {}}
layout:
  widths: [8, 12, 12, 12, 12]
  lines:
    - title: A:E
    - fields: {单位: [A, B:C], 等级: [D, E]}
    - table: 资金
      columns: {来源: B, 预算: C, 执行: D, 执行率: E}
      beside: A
      beside_text: 资金（{unit}）
    - table: 指标
      columns: {一级: B, 二级: C, 名称: D, 分值: E}
      beside: A
      beside_text: 指标
      total_span: A:D
      rows: 3
"""
