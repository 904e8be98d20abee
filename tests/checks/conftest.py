"""One rule on one form, the whole way: a form file is read, drawn, recognised again, and the rule applied to it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.checks import KINDS
from checker.checks.subject import Batch, Compiled, Subject
from checker.engine.assess import recognise
from checker.engine.plan import Plan, parameters_on
from checker.engine.run import run_rule, subject_for
from checker.locate.abroad import AbroadForm
from checker.model.label import Labels
from checker.model.outcome import Outcome
from checker.model.plugin import PackSource
from checker.model.rule import Pack
from checker.model.workbook import Workbook
from checker.packs.build import build_packs, read_lexicon
from checker.packs.files import PackFiles
from checker.templates import draw, to_workbook
from checker.values.lexicon import Lexicon

ROOT = Path(__file__).parents[2]

#: A closed table of funds with a total, parts, and parts of a part; an open one of indicators with a total row.
FORM: dict[str, Any] = yaml.safe_load("""
schema: checker/form@1
form: 自评表
title: {zh: 自评表, en: Self-evaluation}
titles: [自评表]
unit: 万元
fields:
  填报单位: {kind: text, role: unit}
  项目: {kind: text, role: project, optional: true}
  等级: {kind: text, optional: true, values: [优, 良]}
  日期: {kind: date, optional: true}
  目标: {kind: text, optional: true, place: below}
  完成情况: {kind: text, optional: true, place: below}
tables:
  资金:
    beside: [项目资金]
    columns:
      来源: {kind: label}
      预算数: {kind: amount, decimals: 2}
      到位数: {kind: amount, decimals: 2, optional: true}
      执行数: {kind: amount, decimals: 2}
      执行率: {kind: percent, unit: "%", optional: true}
      分值: {kind: weight, unit: 分, optional: true}
      得分: {kind: score, unit: 分, decimals: 2, optional: true}
      原因: {kind: text, optional: true}
    rows:
      合计: {total: true}
      拨款: {part_of: [合计], optional: true}
      中央: {part_of: [拨款, 合计], optional: true}
      地方: {part_of: [拨款, 合计], optional: true}
      结转: {part_of: [合计], optional: true}
      其他: {part_of: [合计], optional: true}
    extra_rows: true
  指标:
    beside: [绩效指标]
    columns:
      一级指标: {kind: text, fill: down, optional: true}
      二级指标: {kind: text, fill: down, optional: true}
      三级指标: {kind: text, key: true}
      性质: {kind: text, optional: true}
      计量单位: {kind: text, optional: true}
      指标值: {kind: target, exact: true}
      完成值: {kind: actual, exact: true}
      分值: {kind: weight, unit: 分}
      得分: {kind: score, unit: 分, decimals: 2}
      偏差原因: {kind: text, optional: true}
    rows: open
    totals: {总分: {optional: true}}
""")

Given = Mapping[str, Any]


@cache
def _lexicon_file() -> tuple[bytes, Mapping[str, Any]]:
    path = ROOT / "rules" / "lexicon.yaml"
    return path.read_bytes(), read_lexicon(path.read_bytes(), str(path))


@cache
def _words() -> tuple[Labels, Lexicon]:
    data = _lexicon_file()[1]
    return Labels.from_mapping(data), Lexicon(data)


def build(forms: Sequence[Mapping[str, Any]], check: Mapping[str, Any], **more: Any) -> Pack:
    """A pack of these forms and one rule on the first of them; ``more`` are further keys of the rule, or
    ``parameters`` and ``dictionaries`` (texts by name)."""
    parameters, dictionaries = more.pop("parameters", {}), more.pop("dictionaries", {})
    rule = {
        "id": "TS-0001",
        "name": "the-rule",
        "title": {"zh": "规则", "en": "The rule"},
        "severity": "error",
        "source": {"document": "测试", "status": "sourced"},
        "check": dict(check),
        **more,
    }
    pack = {
        "schema": "checker/pack@1",
        "pack": "test",
        "title": {"zh": "测试", "en": "Test"},
        "edition": "2024",
        "prefix": "TS",
        "status": "inferred",
    }
    texts: dict[str, Any] = {
        "checks/a.yaml": {"schema": "checker/checks@1", "form": forms[0]["form"], "rules": [rule]},
        "pack.yaml": pack,
        **{f"forms/{number}.yaml": form for number, form in enumerate(forms)},
    }
    if parameters:
        source = {"document": "测试", "status": "sourced"}
        texts["parameters.yaml"] = {
            "schema": "checker/parameters@1",
            "parameters": {
                name: {
                    "title": {"zh": name, "en": name},
                    "values": [
                        {"since": "2000-01-01", "source": source, **({"text": v} if v.isalpha() else {"value": v})}
                    ],
                }
                for name, v in parameters.items()
            },
        }
    files = {name: yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode() for name, data in texts.items()}
    files |= {f"dictionaries/{name}.csv": text.encode() for name, text in dictionaries.items()}
    content, lexicon = _lexicon_file()
    found = PackFiles("test", PackSource("test", ROOT, "folder"), dict(sorted(files.items())), ())
    packs, failures = build_packs([found], KINDS.values(), lexicon, content)
    assert not failures, [failure.render("en") for failure in failures]
    return packs["test"]


@dataclass(frozen=True)
class Place:
    """A compiled rule, and the form that it is to be applied to."""

    compiled: Compiled
    subject: Subject

    def items(self) -> list[Outcome | Batch]:
        return list(run_rule(self.compiled, self.subject))

    def outcomes(self) -> list[Outcome]:
        """Every outcome, batches told in full."""
        told: list[Outcome] = []
        for item in self.items():
            told.extend(item) if isinstance(item, Batch) else told.append(item)
        return told


Change = Callable[[Workbook], Workbook]


def place(
    check: Mapping[str, Any] | str,
    given: Given | str,
    *,
    form: Mapping[str, Any] | None = None,
    others: Sequence[tuple[Mapping[str, Any], Given]] = (),
    year: str = "2024",
    change: Change = lambda workbook: workbook,
    prior: Sequence[Given] | None = None,
    beside: Sequence[str] = (),
    **more: Any,
) -> Place:
    """The rule ``check`` on ``form`` filled with ``given``; ``others`` are further forms of the same workbook.

    Texts are YAML. ``change`` alters the workbook before it is recognised. ``prior`` is what the form held last year, a
    sheet each; ``beside`` are names of forms of other packs, whose workbooks were not given.
    """
    own = FORM if form is None else form
    check = yaml.safe_load(check) if isinstance(check, str) else check
    given = yaml.safe_load(given) if isinstance(given, str) else given
    forms = [own, *(other for other, _ in others if other["form"] != own["form"])]
    pack = build(forms, check, **more)
    labels, lexicon = _words()
    sheets = {own["form"]: draw(pack.forms[own["form"]], given, year=year)}
    for number, (other, content) in enumerate(others):
        sheets[f"{other['form']}{number or ''}"] = draw(pack.forms[other["form"]], content, year=year)
    workbook = change(to_workbook(sheets))
    found = recognise(workbook, [pack], labels, lexicon)
    by_name: dict[str, list[Any]] = {}
    for located in found.forms:
        by_name.setdefault(located.form.name, []).append(located)
    mine = [located for located in found.forms if located.sheet == own["form"]]
    assert mine, "the form as drawn was not recognised again"
    made = Plan(pack, KINDS)
    compiled = made.about(own["form"])
    assert not made.broken, [error.render("en") for error in made.broken.values()]
    last_year: dict[str, list[Any]] | None = None
    if prior is not None:
        old = {f"{own['form']}{n or ''}": draw(pack.forms[own["form"]], content) for n, content in enumerate(prior)}
        seen = recognise(to_workbook(old), [pack], labels, lexicon).forms
        assert len(seen) == len(prior)
        last_year = {own["form"]: [AbroadForm(located, "[prior.xlsx]") for located in seen]}
    parameters = parameters_on(pack, year)
    subject = subject_for(mine[0], by_name, workbook, lexicon, parameters, last_year, beside)
    return Place(compiled[0], subject)


@pytest.fixture
def at() -> Callable[..., Place]:
    """``at(check, given, …)``: see ``place``."""
    return place


@pytest.fixture
def apply() -> Callable[..., list[Outcome]]:
    """``apply(check, given, …)``: every outcome of one rule on one form."""
    return lambda *args, **more: place(*args, **more).outcomes()


@pytest.fixture
def only(apply: Callable[..., list[Outcome]]) -> Callable[..., Outcome]:
    """Like ``apply``, where there is one outcome."""

    def one(*args: Any, **more: Any) -> Outcome:
        outcomes = apply(*args, **more)
        assert len(outcomes) == 1, [(o.status, o.cell, o.path, o.reason) for o in outcomes]
        return outcomes[0]

    return one


@pytest.fixture
def form() -> dict[str, Any]:
    """The usual form, to be changed at will."""
    return copy.deepcopy(FORM)


@pytest.fixture
def as_xls() -> Change:
    """The workbook as a reader without formula text hands it over."""

    def change(workbook: Workbook) -> Workbook:
        formats = workbook.number_formats
        return Workbook(workbook.path, "", "xls", workbook.sheets, formulas=False, load_number_formats=lambda: formats)

    return change


@pytest.fixture
def first_sheet() -> Change:
    """The workbook without its further sheets."""

    def change(workbook: Workbook) -> Workbook:
        formats = workbook.number_formats
        return Workbook(workbook.path, "", "xlsx", workbook.sheets[:1], load_number_formats=lambda: formats)

    return change
