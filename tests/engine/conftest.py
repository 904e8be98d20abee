"""A small pack in a folder, workbooks drawn from its forms, and the engine on both."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.checks import KINDS
from checker.engine.assess import Assessed, assess
from checker.engine.plan import Plan
from checker.model.plugin import CheckKind, PackSource
from checker.model.report import WorkbookReport
from checker.model.workbook import Workbook
from checker.packs.load import LoadedPacks, load_packs
from checker.templates import draw, stack, to_workbook, write_xlsx
from checker.values.lexicon import Lexicon

FORM: dict[str, Any] = yaml.safe_load("""
schema: checker/form@1
form: 自评表
title: {zh: 自评表, en: Self-evaluation}
titles: [自评表]
unit: 万元
fields:
  填报单位: {kind: text, role: unit, optional: true}
  项目名称: {kind: text, role: project, optional: true}
tables:
  资金:
    columns:
      来源: {kind: label}
      预算数: {kind: amount, decimals: 2}
      执行数: {kind: amount, decimals: 2}
      执行率: {kind: percent, optional: true}
      分值: {kind: weight, optional: true}
      得分: {kind: score, decimals: 2, optional: true}
    rows:
      合计: {total: true}
      拨款: {part_of: [合计], optional: true}
      结转: {part_of: [合计], optional: true}
    extra_rows: true
""")
PLAN_FORM: dict[str, Any] = yaml.safe_load("""
schema: checker/form@1
form: 计划表
titles: [计划表]
unit: 万元
optional: true
fields: {}
tables:
  计划:
    columns: {名称: {kind: text, key: true}, 金额: {kind: amount, decimals: 2}}
    rows: open
    totals: {合计: {optional: true}}
""")


def rule(number: int, name: str, check: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A rule as written; ``more`` are further keys."""
    return {
        "id": f"EN-{number:04}",
        "name": name,
        "title": {"zh": f"规则{number}", "en": f"Rule {number}"},
        "severity": "error",
        "source": {"document": "测试", "status": "sourced"},
        "check": dict(check),
        **more,
    }


SUM = rule(1, "total", {"kind": "sum", "table": "资金", "total": "合计", "columns": ["预算数", "执行数"]})
RATE = rule(
    2,
    "rate",
    {"kind": "rate", "table": "资金", "rate": "[@执行率]", "numerator": "[@执行数]", "denominator": "[@预算数]"},
    follows=["total", "zero"],
)
ZERO = rule(3, "zero", {"kind": "zero_total", "table": "资金", "total": "合计", "columns": ["预算数", "执行数"]})
FILLED = rule(4, "filled", {"kind": "presence", "table": "资金", "columns": ["执行率"]})


@dataclass
class House:
    """A pack, and what comes of workbooks under it."""

    folder: Path
    loaded: LoadedPacks
    plan: Plan
    kinds: Mapping[str, CheckKind] = field(default_factory=dict)

    def workbook(self, *given: Mapping[str, Any], form: str = "自评表", year: str = "2024", **others: Any) -> Workbook:
        """``given`` one below another on a sheet of ``form``; ``others`` are further forms by name, a sheet each."""
        forms = self.plan.pack.forms
        sheets = {form: stack([draw(forms[form], content, year=year) for content in given])}
        sheets |= {name: draw(forms[name], content, year=year) for name, content in others.items()}
        return to_workbook(sheets, path="甲.xlsx")

    def assess(self, workbook: Workbook, **more: Any) -> Assessed:
        lexicon = Lexicon(self.loaded.lexicon)
        return assess(workbook, {self.plan.pack.id: self.plan}, self.loaded.labels, lexicon, **more)

    def report(self, *given: Mapping[str, Any], **more: Any) -> WorkbookReport:
        return self.assess(self.workbook(*given, **more), every_outcome=True).report

    def save(self, path: Path, *given: Mapping[str, Any]) -> Path:
        """The same as a file."""
        form = self.plan.pack.forms["自评表"]
        write_xlsx({"自评表": stack([draw(form, content, year="2024") for content in given])}, path)
        return path


Build = Callable[..., House]


def house_in(place: Path) -> Build:
    """As ``house``, its pack in a folder below ``place``."""

    def build(
        *rules: Mapping[str, Any],
        forms: Sequence[Mapping[str, Any]] = (FORM,),
        about: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        parameters: Mapping[str, Any] | None = None,
        kinds: Mapping[str, CheckKind] = KINDS,
        known: Mapping[str, CheckKind] | None = None,
    ) -> House:
        folder = place / "rules" / "en"
        pack = {
            "schema": "checker/pack@1",
            "pack": "en",
            "title": {"zh": "引擎", "en": "Engine"},
            "edition": "2024",
            "prefix": "EN",
            "status": "inferred",
        }
        files: dict[str, Any] = {"pack.yaml": pack}
        for number, form in enumerate(forms):
            files[f"forms/{number}.yaml"] = form
        everywhere = {forms[0]["form"]: rules, **(about or {})}
        names = {item["name"] for listed in everywhere.values() for item in listed}
        for form_name, listed in everywhere.items():
            if listed:
                files[f"checks/{form_name}.yaml"] = {
                    "schema": "checker/checks@1",
                    "form": form_name,
                    "rules": [following(item, names) for item in listed],
                }
        if parameters:
            files["parameters.yaml"] = {"schema": "checker/parameters@1", "parameters": dict(parameters)}
        for name, data in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            plain = json.loads(json.dumps(data))  # YAML marks what is used twice
            file.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
        loaded = load_packs([PackSource("test", folder, "folder")], kinds, use_cache=False)
        assert not loaded.failures, [failure.render("en") for failure in loaded.failures]
        chosen = kinds if known is None else known
        return House(folder.parent, loaded, Plan(loaded.packs["en"], chosen), chosen)

    return build


@pytest.fixture
def house(tmp_path: Path) -> Build:
    """``house(rule, …)``: a pack of these rules about the form 自评表."""
    return house_in(tmp_path)


def following(item: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The rule without those that it would follow and that are not there."""
    follows = [name for name in item.get("follows", ()) if name in names]
    rest = {key: value for key, value in item.items() if key != "follows"}
    return rest | ({"follows": follows} if follows else {})


def funds(**rows: Any) -> dict[str, Any]:
    """``合计=(预算数, 执行数, 执行率)``; None leaves the row away."""
    names = ("预算数", "执行数", "执行率", "分值", "得分")
    return {"资金": {row: cells and dict(zip(names, cells, strict=False)) for row, cells in rows.items()}}


@pytest.fixture(name="funds")
def funds_fixture() -> Callable[..., dict[str, Any]]:
    return funds


@pytest.fixture
def rules() -> dict[str, dict[str, Any]]:
    """The rules of these tests by name."""
    return {item["name"]: copy.deepcopy(item) for item in (SUM, RATE, ZERO, FILLED)}


@pytest.fixture(name="rule")
def rule_fixture() -> Callable[..., dict[str, Any]]:
    return rule


@pytest.fixture
def plan_form() -> dict[str, Any]:
    return copy.deepcopy(PLAN_FORM)


@pytest.fixture
def self_form() -> dict[str, Any]:
    return copy.deepcopy(FORM)
