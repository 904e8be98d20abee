"""The schemas are sound, say what they mean, and let authors write what the examples write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from checker.packs.resources import data_root
from checker.packs.schema import Schemas, checks_schema, published, schema_names
from checker.packs.strict_yaml import load_yaml

from .conftest import KINDS, OURS

SCHEMAS = sorted(data_root("schemas").glob("*.schema.json"))
GOLDEN = Path(__file__).parents[1] / "golden"
#: Those that rule authors write by, in an editor.
WRITTEN = ("cases", "checks", "common", "form", "pack", "parameters")
FOLDERS = {"forms": "form", "checks": "checks", "cases": "cases", "scoring": "scoring"}
#: Lines of the schemas are not longer than this.
LINE = 117
FOLDERS_OF = {name: folder for folder, name in FOLDERS.items()}


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
    assembled = checks_schema(KINDS.values())
    Draft202012Validator.check_schema(assembled)
    check = assembled["$defs"]["check"]
    assert check["properties"]["kind"]["enum"] == ["identity", "sum"]
    assert "oneOf" not in json.dumps(check)


def test_the_committed_schema_of_checks_is_that_which_files_are_validated_with(request: pytest.FixtureRequest) -> None:
    path = Path(data_root("schemas"), "checks.schema.json")
    made = checks_schema(OURS.values())
    if request.config.getoption("--update-golden"):
        path.write_text(_laid_out(made) + "\n", encoding="utf-8", newline="\n")
    assert json.loads(path.read_text("utf-8")) == made, "run pytest --update-golden"


def _laid_out(value: Any, indent: str = "", before: int = 0) -> str:
    """JSON as the schemas are written: what fits on a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or len(indent) + before + len(line) < LINE:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        items = [_laid_out(item, inner) for item in value]
    else:
        names = [json.dumps(name, ensure_ascii=False) + ": " for name in value]
        items = [name + _laid_out(one, inner, len(name)) for name, one in zip(names, value.values(), strict=True)]
    left, right = "[]" if isinstance(value, list) else "{}"
    return left + "\n" + ",\n".join(inner + item for item in items) + "\n" + indent + right


@pytest.mark.parametrize("name", [*schema_names()])
def test_a_schema_shown_stands_alone(name: str) -> None:
    schema = published(name, OURS.values())
    assert "common.schema.json" not in json.dumps(schema)
    validator = Draft202012Validator(schema)
    validator.check_schema(schema)
    samples = (
        sorted(Path(data_root("rules")).rglob(f"{FOLDERS_OF.get(name, '')}/*.yaml"))[:5] if name in FOLDERS_OF else []
    )
    for sample in samples:
        assert [*validator.iter_errors(load_yaml(sample.read_bytes(), str(sample)).data)] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_key_is_described_in_both_languages_with_an_example(name: str) -> None:
    schema = json.loads(Path(data_root("schemas"), f"{name}.schema.json").read_text("utf-8"))
    for path, key in _keys(schema):
        told = key.get("title") or key.get("description") or ""
        assert all(told.partition(" / ")[::2]), f"{path}: in Chinese / in English"
        values = {"enum", "const"} & {*key} or key.get("type") == "boolean"
        refers = str(key.get("$ref", "")).endswith(("/severity", "/standing"))
        assert values or refers or key.get("examples") or path.startswith("$defs/keys/"), f"{path}: an example"


def _keys(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """What schemas say of each key of a mapping, but not of a bare ``kind``, which stands there to be let through."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties" and path[-1:] != ("if",):
                yield from (
                    ("/".join((*path, key)), one)
                    for key, one in value.items()
                    if isinstance(one, dict) and one != {"not": {}}
                )
            yield from _keys(value, (*path, name))
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from _keys(value, (*path, str(index)))


@pytest.mark.parametrize("name", WRITTEN)
def test_examples_are_allowed(name: str) -> None:
    path = Path(data_root("schemas"), f"{name}.schema.json")
    whole = json.loads(path.read_text("utf-8"))
    common = json.loads(Path(data_root("schemas"), "common.schema.json").read_text("utf-8"))
    registry: Any = Registry().with_resources([
        (document["$id"], Resource.from_contents(document)) for document in (whole, common)
    ])  # fmt: skip
    for place, key in [*_keys(whole), *((f"$defs/{name}", one) for name, one in whole.get("$defs", {}).items())]:
        here = {**key, "$defs": whole.get("$defs", {}), "$id": whole["$id"]}
        for example in key.get("examples", ()):
            assert [*Draft202012Validator(here, registry=registry).iter_errors(example)] == [], place


@pytest.mark.parametrize(
    "path", sorted(Path(data_root("rules")).rglob("*.yaml")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_editors_are_told_the_schema(path: Path) -> None:
    head = path.read_text("utf-8").partition("\n")[0]
    name = FOLDERS.get(path.parent.name, path.stem)
    schema = os.path.relpath(Path(data_root("schemas"), f"{name}.schema.json"), path.parent).replace(os.sep, "/")
    assert head == f"# yaml-language-server: $schema={schema}"


def test_keys_for_notes_are_let_through() -> None:
    text = b"schema: checker/cases@1\nform: a\nx-note: why\ncases: [{rule: r, expect: pass, kind: pass, given: {}}]"
    assert Schemas().errors(load_yaml(text, "f"), "cases") == []


def _report() -> Any:
    schema = json.loads((data_root("schemas") / "report.schema.json").read_text("utf-8"))
    common = json.loads((data_root("schemas") / "common.schema.json").read_text("utf-8"))
    return Draft202012Validator(
        schema, registry=Registry().with_resource(common["$id"], Resource.from_contents(common))
    )


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("full*.json")), ids=lambda path: path.name)
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


@pytest.mark.parametrize(
    ("check", "code", "told"),
    [
        ("{kind: sum, table: t, total: 合计}", "KEY_MISSING", "columns"),
        ("{kind: sum, table: t, columns: [a]}", "KEY_MISSING", "total"),
        ("{kind: sum, table: t, total_column: a}", "KEY_MISSING", "part_columns"),
        ("{kind: sum, table: t, total: 合计, columns: [a], rows: all}", "KEY_AGAINST", "rows"),
        ("{kind: sum, table: t, total: 合计, total_column: a, part_columns: [b]}", "KEY_AGAINST", "total"),
        ("{kind: within, table: t, whole_column: a, part_columns: [b], whole: 合计}", "KEY_AGAINST", "whole"),
        ("{kind: within, table: t, columns: [a]}", "KEY_MISSING", "whole"),
        ("{kind: identity, table: t}", "KEY_MISSING", "formula"),
        ('{kind: inequality, formula: "1 > 2", formulas: ["1 > 2"]}', "KEY_AGAINST", "formulas"),
        ("{kind: same, table: t}", "KEY_MISSING", "facts"),
        ("{kind: enumeration, table: t, values: [是]}", "KEY_MISSING", "column"),
        ("{kind: range, table: t, columns: [a]}", "KEY_MISSING", "at_least"),
    ],
)
def test_a_kind_that_is_written_in_several_ways_takes_one(check: str, code: str, told: str) -> None:
    text = (
        "schema: checker/checks@1\nform: f\nrules:\n  - id: DM-0101\n    name: n\n    title: t\n    severity: error\n"
        f"    source: {{document: d, status: sourced}}\n    check: {check}\n"
    )
    (error,) = Schemas(OURS.values()).errors(load_yaml(text.encode(), "a.yaml"), "checks")
    assert error.code == code and f"key {told} " in error.message.en
    assert error.where.startswith("a.yaml:9:")
