"""The schemas are sound, say what they mean, and let authors write what the examples write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from checker.packs.resources import data_root
from checker.packs.schema import Schemas, checks_schema
from checker.packs.strict_yaml import load_yaml

from .conftest import KINDS

SCHEMAS = sorted(data_root("schemas").glob("*.schema.json"))
GOLDEN = Path(__file__).parents[1] / "golden"
FOLDERS = {"forms": "form", "checks": "checks", "cases": "cases", "scoring": "scoring"}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_is_a_schema(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == path.name
    assert schema["title"]


def _objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        here = [schema] if "properties" in schema and schema.get("type") else []
        return here + [found for value in schema.values() for found in _objects(value)]
    if isinstance(schema, list):
        return [found for value in schema for found in _objects(value)]
    return []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_no_mapping_takes_keys_that_nobody_reads(path: Path) -> None:
    for schema in _objects(json.loads(path.read_text("utf-8"))):
        if schema.get("title", "").startswith("核对方式"):
            continue  # closed by each kind of check
        assert schema.get("additionalProperties") is not None, schema


@pytest.mark.parametrize("path", sorted(data_root("rules").rglob("*.yaml")), ids=lambda path: "/".join(path.parts[-3:]))
def test_what_ships_fits_its_schema(path: Path) -> None:
    name = FOLDERS.get(path.parent.name, path.stem)
    document = load_yaml(path.read_bytes(), str(path))
    assert [str(error) for error in Schemas().errors(document, name)] == []


def test_each_kind_of_check_is_judged_by_its_own_schema_only() -> None:
    assembled = checks_schema(KINDS)
    Draft202012Validator.check_schema(assembled)
    check = assembled["$defs"]["check"]
    assert check["properties"]["kind"]["enum"] == ["identity", "sum"]
    assert "oneOf" not in json.dumps(check)


def test_keys_for_notes_are_let_through() -> None:
    text = b"schema: checker/cases@1\nform: a\nx-note: why\ncases: [{rule: r, expect: pass, kind: pass, given: {}}]"
    assert Schemas().errors(load_yaml(text, "f"), "cases") == []


def _report() -> Any:
    schema = json.loads((data_root("schemas") / "report.schema.json").read_text("utf-8"))
    common = json.loads((data_root("schemas") / "common.schema.json").read_text("utf-8"))
    return Draft202012Validator(
        schema, registry=Registry().with_resource(common["$id"], Resource.from_contents(common))
    )


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_golden_reports_fit_their_schema(path: Path) -> None:
    report = json.loads(path.read_text("utf-8"))
    assert report["schema"] == "checker/report@1"
    assert [error.message for error in _report().iter_errors(report)] == []


def test_a_report_with_a_float_or_a_field_of_its_own_is_refused() -> None:
    verdict = dict.fromkeys(["errors", "warnings", "notes", "undecided", "insufficient", "broken", "exit"], 0)
    report: dict[str, Any] = {
        "schema": "checker/report@1", "packs": [], "workbooks": [], "failures": [], "verdict": verdict,
    }  # fmt: skip
    assert [*_report().iter_errors(report)] == []
    assert [*_report().iter_errors({**report, "when": "now"})] != []
    assert [*_report().iter_errors({**report, "verdict": {**verdict, "errors": 0.5}})] != []
