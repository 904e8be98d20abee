"""A small pack with a scoring standard in a folder, workbooks drawn from its forms, and what comes of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.checks import KINDS as CHECKS
from checker.checks.subject import Subject
from checker.engine.assess import Assessed, assess
from checker.engine.plan import Plan
from checker.model.outcome import Outcome
from checker.model.plugin import PackSource
from checker.model.score import IndicatorScore, SchemeScore
from checker.packs import sources
from checker.packs.load import LoadedPacks, load_packs
from checker.scoring import KINDS
from checker.scoring.choose import recomputed, schemes_about
from checker.scoring.present import present
from checker.scoring.recompute import Recomputed
from checker.templates import draw, to_workbook, write_xlsx
from checker.values.lexicon import Lexicon

#: The unit's own figures, and the table in which it scores itself.
FORMS: list[dict[str, Any]] = [
    yaml.safe_load("""
schema: checker/form@1
form: 评分表
titles: [评分表]
unit: 万元
fields:
  单位名称: {kind: text, role: unit, optional: true}
  自评等级: {kind: text, optional: true}
tables:
  指标:
    columns:
      一级指标: {kind: text, fill: down}
      二级指标: {kind: text, fill: down, optional: true}
      三级指标: {kind: text, key: true}
      分值: {kind: weight, unit: 分, optional: true}
      自评得分: {kind: score, unit: 分, decimals: 2}
      扣分原因: {kind: text, optional: true}
    rows: open
    totals: {总分: {optional: true}}
"""),
    yaml.safe_load("""
schema: checker/form@1
form: 数据表
titles: [数据表]
unit: 万元
optional: true
fields: {}
tables:
  数据:
    columns: {项目: {kind: label}, 预算: {kind: amount, decimals: 2}, 决算: {kind: amount, decimals: 2}}
    rows: {支出: {}, 三公: {optional: true}, 购置: {optional: true}}
"""),
]
#: Execution 40, meetings 10, purchases 10 (may not apply), systems 40.
SCHEME: dict[str, Any] = yaml.safe_load("""
schema: checker/scoring@1
scheme: 试评
title: {zh: 试评标准, en: Trial standard}
form: 评分表
source: {document: 测试文件, status: unverified}
claims:
  table: 指标
  levels: [一级指标, 二级指标, 三级指标]
  full: 分值
  claimed: 自评得分
  reason: 扣分原因
  total: 总分
  grade: 自评等级
total: 100
grades: [{word: 优, lowest: 90}, {word: 良, lowest: 80}, {word: 差, lowest: 0}]
criteria:
  - name: 支出率
    full: 40
    kind: ladder
    measure: "数据表!数据[支出, 决算] / 数据表!数据[支出, 预算]"
    unit: "%"
    steps: [{when: ">= 80%", marks: full}, {when: ">= 70%", marks: 75%}, {otherwise: 0}]
  - name: 三公控制率
    labels: [“三公”经费控制率]
    full: 10
    kind: linear
    measure: "数据表!数据[三公, 决算] / 数据表!数据[三公, 预算]"
    unit: "%"
    best: "<= 100%"
    per: 1%
    step: 1
    points: started
  - name: 采购执行率
    full: 10
    kind: proportional
    measure: "数据表!数据[购置, 决算] / 数据表!数据[购置, 预算]"
    unit: "%"
    target: 100%
    applies: "数据表!数据[购置, 预算] > 0"
  - {name: 制度健全性, full: 40, kind: checklist, items: 4}
""")
#: (level 1, level 2, level 3, full marks, claim, reason); every claim is what the standard gives for DATA.
ROWS: list[tuple[Any, ...]] = [
    ("过程", "执行", "支出率", 40, 30),
    ("过程", "执行", "三公控制率", 10, 10),
    ("过程", "执行", "采购执行率", 10, 9),
    ("管理", "制度", "制度健全性", 40, 40),
]
DATA: dict[str, tuple[Any, Any]] = {
    "支出": ("10000.00", "7500.00"),
    "三公": ("400.00", "300.00"),
    "购置": ("1000.00", "900.00"),
}
_NAMES = ("一级指标", "二级指标", "三级指标", "分值", "自评得分", "扣分原因")


def table(*rows: Sequence[Any], total: Any = None, grade: str = "") -> dict[str, Any]:
    """The score table filled with ``rows``; a total row where ``total`` is given."""
    cells: list[dict[str, Any]] = [
        {name: value for name, value in zip(_NAMES, row, strict=False) if value is not None} for row in rows
    ]
    if total is not None:
        cells.append({"total": "总分", "自评得分": total})
    return {"单位名称": "示例局", "指标": cells, **({"自评等级": grade} if grade else {})}


def figures(**rows: tuple[Any, Any]) -> dict[str, Any]:
    return {"数据": {name: {"预算": plan, "决算": spent} for name, (plan, spent) in {**DATA, **rows}.items()}}


@dataclass
class House:
    """A pack, and what comes of workbooks under it."""

    folder: Path
    loaded: LoadedPacks
    plan: Plan

    def assess(self, claims: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> Assessed:
        forms = self.plan.pack.forms
        sheets = {"评分表": draw(forms["评分表"], claims, year="2024")}
        if data is not None:
            sheets["数据表"] = draw(forms["数据表"], data, year="2024")
        lexicon = Lexicon(self.loaded.lexicon)
        plans = {self.plan.pack.id: self.plan}
        return assess(to_workbook(sheets, path="甲.xlsx"), plans, self.loaded.labels, lexicon, every_outcome=True)

    def result(self, claims: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> Recomputed:
        assessed = self.assess(claims, data)
        assert assessed.results is not None
        subjects: list[Subject] = [s for s in assessed.results.subjects.values() if s.form.form.name == "评分表"]
        return recomputed(schemes_about(self.plan.pack, subjects[0])[0], subjects[0])

    def score(self, claims: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> SchemeScore:
        return present(self.result(claims, data))

    def indicator(self, name: str, claims: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> IndicatorScore:
        (found,) = [one for one in self.score(claims, data).indicators() if one.name == name]
        return found

    def outcomes(self, claims: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> list[Outcome]:
        report = self.assess(claims, data).report
        assert report.error is None, report.error
        return [outcome for outcome in report.outcomes if outcome.form == "评分表"]

    def save(self, path: Path, claims: Mapping[str, Any], data: Mapping[str, Any]) -> Path:
        forms = self.plan.pack.forms
        sheets = {name: draw(forms[name], given, year="2024") for name, given in (("评分表", claims), ("数据表", data))}
        write_xlsx(sheets, path)
        return path


Build = Callable[..., House]


@pytest.fixture(autouse=True)
def only_the_trial_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "checker_rule_packs", lambda: ())


@pytest.fixture
def scheme() -> dict[str, Any]:
    """The usual standard, to be changed at will."""
    return copy.deepcopy(SCHEME)


@pytest.fixture
def house(tmp_path: Path) -> Build:
    """``house(check, …, scheme=…)``: a pack of the usual forms, this standard, and rules with these checks."""

    def build(
        *checks: Mapping[str, Any],
        scheme: Mapping[str, Any] = SCHEME,
        more: Sequence[Mapping[str, Any]] = (),
        forms: Sequence[Mapping[str, Any]] = FORMS,
        follows: Mapping[int, Sequence[str]] | None = None,
        message: str = "{cell} {left} {right}",
    ) -> House:
        folder = tmp_path / "rules" / "ts"
        pack = {
            "schema": "checker/pack@1",
            "pack": "ts",
            "title": {"zh": "试", "en": "Trial"},
            "edition": "2024",
            "prefix": "TS",
            "status": "inferred",
        }
        files: dict[str, Any] = {"pack.yaml": pack}
        files |= {f"forms/{number}.yaml": form for number, form in enumerate(forms)}
        files |= {f"scoring/{number}.yaml": one for number, one in enumerate((scheme, *more))}
        rules = [
            {
                "id": f"TS-{number:04}",
                "name": f"rule-{number}",
                "title": {"zh": "规则", "en": "The rule"},
                "severity": "error",
                "source": {"document": "测试", "status": "sourced"},
                "message": {"zh": message, "en": message},
                **({"follows": list(follows[number])} if follows and number in follows else {}),
                "check": dict(check),
            }
            for number, check in enumerate(checks or [{"kind": "full_marks"}], 1)
        ]
        files["checks/a.yaml"] = {"schema": "checker/checks@1", "form": "评分表", "rules": rules}
        for name, data in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            plain = json.loads(json.dumps(data))  # YAML marks what is used twice
            file.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
        kinds = {**CHECKS, **{kind.name: kind for kind in KINDS}}
        loaded = load_packs([PackSource("test", folder, "folder")], kinds, use_cache=False)
        assert not loaded.failures, [failure.render("en") for failure in loaded.failures]
        return House(folder.parent, loaded, Plan(loaded.packs["ts"], kinds))

    return build


@pytest.fixture(name="table")
def table_fixture() -> Callable[..., dict[str, Any]]:
    """``table(row, …, total=…, grade=…)``."""
    return table


@pytest.fixture(name="figures")
def figures_fixture() -> Callable[..., dict[str, Any]]:
    """``figures(支出=(budget, spent))``, the usual ones for what is not named."""
    return figures


@pytest.fixture
def rows() -> list[tuple[Any, ...]]:
    """The usual rows of the score table."""
    return copy.deepcopy(ROWS)
