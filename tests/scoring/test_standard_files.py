"""Scoring files: what their schema lets through, what they are read as, what lint says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import checker
from checker.model.label import Labels
from checker.packs.resources import data_root
from checker.packs.schema import Schemas
from checker.packs.scoring import SchemeRead, formulas_of, read_scheme
from checker.packs.strict_yaml import load_yaml


def errors(scheme: dict[str, Any]) -> list[str]:
    text = yaml.safe_dump(scheme, allow_unicode=True, sort_keys=False).encode()
    return [error.code for error in Schemas().errors(load_yaml(text, "f"), "scoring")]


def read(scheme: dict[str, Any]) -> SchemeRead:
    text = yaml.safe_dump(scheme, allow_unicode=True, sort_keys=False).encode()
    return read_scheme(load_yaml(text, "f"), "ts", Labels())


@pytest.mark.parametrize("path", sorted(Path(data_root("rules")).glob("*/scoring/*.yaml")), ids=lambda path: path.stem)
def test_standards_that_ship_fit_the_schema(path: Path) -> None:
    document = load_yaml(path.read_bytes(), str(path))
    assert [error.render("en") for error in Schemas().errors(document, "scoring")] == []
    assert read_scheme(document, "x", Labels()).errors == ()


def test_the_usual_standard_is_in_order(scheme: dict[str, Any]) -> None:
    assert errors(scheme) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "linear", "measure": "1"}, "KEY_MISSING"),
        ({"kind": "manual", "measure": "1"}, "KEY_UNKNOWN"),
        ({"kind": "ladder", "measure": "1", "steps": [{"when": "90%", "marks": 1}]}, "VALUE_MALFORMED"),
        ({"kind": "reverse", "measure": "1", "target": 1, "not_applicable": "skip"}, "VALUE_UNKNOWN"),
        ({"kind": "bands", "bands": []}, "VALUE_EMPTY"),
    ],
)
def test_a_mistake_in_a_kind_is_told_as_that_kinds(scheme: dict[str, Any], change: dict[str, Any], code: str) -> None:
    scheme["criteria"][0] = {"name": "支出率", **change}
    assert code in errors(scheme)


def test_a_kind_of_a_plugin_brings_its_own_terms(scheme: dict[str, Any]) -> None:
    scheme["criteria"][0] = {"name": "支出率", "kind": "stars", "stars": 5}
    assert errors(scheme) == []
    assert read(scheme).scheme.criteria[0].terms == {"stars": 5}


def test_labels_are_normalised_and_terms_are_the_kinds_own(scheme: dict[str, Any]) -> None:
    found = read(scheme)
    assert found.errors == ()
    criterion = found.scheme.criteria[1]
    assert criterion.labels == ("三公控制率", "三公经费控制率")
    assert set(criterion.terms) == {"measure", "unit", "best", "per", "step", "points"}

    assert ("criteria", 2, "applies") in [path for path, _ in formulas_of(found.scheme)]


def test_names_that_stand_twice_are_refused(scheme: dict[str, Any]) -> None:
    scheme["criteria"][1]["labels"] = ["支出率"]
    assert [error.code for error in read(scheme).errors] == ["NAME_TWICE"]
    scheme["criteria"][1]["under"] = "管理"
    assert read(scheme).errors == ()


def test_nothing_stands_after_otherwise(scheme: dict[str, Any]) -> None:
    scheme["criteria"][0]["steps"].reverse()
    assert [error.code for error in read(scheme).errors] == ["STEP_ORDER"]


def steps(*written: tuple[str, int]) -> dict[str, Any]:
    return {"steps": [{"when": when, "marks": marks} if when else {"otherwise": marks} for when, marks in written]}


def bands(*written: tuple[str, str]) -> dict[str, Any]:
    words = ("甲", "乙")
    return {
        "kind": "bands",
        "bands": [{"word": w, "from": f, "to": t} for w, (f, t) in zip(words, written, strict=False)],
    }


@pytest.mark.parametrize(
    ("where", "change", "code"),
    [
        (0, steps((">= 70%", 30), (">= 80%", 40), ("", 0)), "STEP_UNREACHABLE"),
        (0, steps(("> 80%", 40), ("< 80%", 0)), "STEP_GAP"),
        (0, steps((">= 80%", 41), ("", 0)), "MARKS_ABOVE_FULL"),
        (0, steps((">= 80%", 40), (">= 70%", 0), ("", 20)), "STEP_ORDER"),
        (0, {"measure": "数据表!数据[没有, 决算] / 1"}, "FORMULA_UNKNOWN_ROW"),
        (0, {"measure": "数据表!数据[支出, 决算] + [@分值]"}, "FORMULA_UNIT"),
        (0, {"measure": "数据表!数据[支出, 决算] /"}, "FORMULA_SYNTAX"),
        (1, {"best": "<= 界限"}, "PARAMETER_UNKNOWN"),
        (2, {"target": "界限"}, "PARAMETER_UNKNOWN"),
        (3, {"full": 30}, "WEIGHTS_TOTAL"),
        (3, {"kind": "astrology"}, "SCORE_KIND_UNKNOWN"),
        (3, bands(("80%", "100%"), ("0%", "60%")), "BAND_GAP"),
        (3, bands(("100%", "80%")), "BAND_WRONG"),
    ],
)  # fmt: skip
def test_lint_finds_what_no_workbook_is_needed_for(
    house: Any, scheme: dict[str, Any], where: int, change: dict[str, Any], code: str
) -> None:
    criterion = scheme["criteria"][where]
    if "kind" in change:
        criterion = {"name": criterion["name"], "full": criterion["full"]}
    scheme["criteria"][where] = {**criterion, **change}
    found = [remark for remark in checker.lint([house(scheme=scheme).folder], ["ts"]) if "scoring" in remark.where]
    assert code in [remark.code for remark in found]


def test_lint_has_nothing_to_say_of_the_usual_standard(house: Any) -> None:
    assert [r for r in checker.lint([house().folder], ["ts"]) if "scoring" in r.where] == []


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"table": "没有"}, "TABLE_UNKNOWN"),
        ({"claimed": "没有"}, "COLUMN_UNKNOWN"),
        ({"levels": ["没有"]}, "COLUMN_UNKNOWN"),
        ({"total": "没有"}, "ROW_UNKNOWN"),
        ({"grade": "没有"}, "FIELD_UNKNOWN"),
    ],
)
def test_lint_looks_up_where_the_claims_stand(
    house: Any, scheme: dict[str, Any], claims: dict[str, Any], code: str
) -> None:
    scheme["claims"] |= claims
    found = checker.lint([house(scheme=scheme).folder], ["ts"])
    assert code in [remark.code for remark in found if "scoring" in remark.where]


def test_lint_knows_the_standards_that_rules_name(house: Any, scheme: dict[str, Any]) -> None:
    scheme["grades"].reverse()
    found = checker.lint([house({"kind": "grade", "scheme": "没有"}, scheme=scheme).folder], ["ts"])
    assert {"SCHEME_UNKNOWN", "GRADE_ORDER"} <= {remark.code for remark in found}


def test_thresholds_are_looked_at_on_each_day_that_they_changed(house: Any, scheme: dict[str, Any]) -> None:
    """A parameter that stands in order today and stood out of order before."""
    scheme["grades"] = [{"word": "优", "lowest": "优的下限"}, {"word": "良", "lowest": 80}]
    built = house(scheme=scheme)
    source = "source: {document: 办法, status: sourced}"
    values = f"[{{since: 2020-01-01, value: 75, {source}}}, {{since: 2022-01-01, value: 90, {source}}}]"
    text = f"schema: checker/parameters@1\nparameters: {{优的下限: {{values: {values}}}}}\n"
    Path(built.folder, "ts", "parameters.yaml").write_text(text, "utf-8")
    found = [remark for remark in checker.lint([built.folder], ["ts"]) if remark.code == "GRADE_ORDER"]
    told = [remark.message.en for remark in found]
    assert told == ["On 2020-01-01: The grades do not stand in order, best first."]
