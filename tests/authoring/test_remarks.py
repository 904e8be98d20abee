"""Remarks on rule packs as programs read them: by the command, on a pack with three mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.cli.main import main
from checker.packs.resources import data_root

from .broken import GOOD, SOUND, write

ODD = "checks/甲,乙：a.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packs in the folder that the command runs in: one with a wrong unit, one that cannot be loaded."""
    monkeypatch.chdir(tmp_path)
    checks = GOOD["checks/a.yaml"].replace("[@预算数] * 上限", "[@执行率]")
    files = {**{name: text for name, text in GOOD.items() if name != "checks/a.yaml"}, ODD: checks}
    write(Path("packs/demo"), files)
    write(Path("packs/sound"), {**SOUND, "pack.yaml": "pack: [sound\n"})
    return tmp_path


def written(capsys: pytest.CaptureFixture[str], form: str, *more: str) -> str:
    assert main(["--lang", "zh", "rules", "lint", "--rules", "packs", "--format", form, *more]) == 2
    out = capsys.readouterr()
    assert "YAML_SYNTAX" not in out.err, "what is a remark is not told a second time"
    return out.out


@pytest.mark.slow
def test_json_is_what_its_schema_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(capsys, "json"))
    schema = json.loads(Path(data_root("schemas"), "remarks.schema.json").read_text("utf-8"))
    assert [*Draft202012Validator(schema).iter_errors(document)] == []
    found = {(one["code"], one["severity"], one["file"].replace("\\", "/"), one["line"]) for one in document["remarks"]}
    assert found == {
        ("FORMULA_UNIT", "error", f"packs/demo/{ODD}", 16),
        ("PARAMETER_UNUSED", "warning", "packs/demo/parameters.yaml", 3),
        ("YAML_SYNTAX", "error", "packs/sound/pack.yaml", 2),
    }


@pytest.mark.slow
def test_sarif_names_line_and_column(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run,) = json.loads(written(capsys, "sarif"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    results: list[dict[str, Any]] = run["results"]
    assert [rules[result["ruleIndex"]] for result in results] == [result["ruleId"] for result in results]
    (unit,) = [result for result in results if result["ruleId"] == "FORMULA_UNIT"]
    (location,) = unit["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 16, "startColumn": 63}
    assert location["physicalLocation"]["artifactLocation"]["uri"].startswith("packs/demo/checks/%E7%94%B2")
    assert unit["level"] == "error" and "万元" in unit["message"]["text"]


@pytest.mark.slow
def test_github_is_told_in_its_own_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = written(capsys, "github").splitlines()
    assert len(lines) == 3
    (unit,) = [line for line in lines if "FORMULA_UNIT" in line]
    assert unit.startswith("::error file=packs/demo/checks/甲%2C乙：a.yaml,line=16,col=63,title=FORMULA_UNIT::")
    assert "和%25相" in unit


@pytest.mark.slow
def test_remarks_go_into_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, "json", "--output", "remarks.json") == ""
    assert len(json.loads(Path("remarks.json").read_text("utf-8"))["remarks"]) == 3


def test_a_schema_is_shown_with_the_kinds_of_checks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--lang", "zh", "schema"]) == 0
    listed = capsys.readouterr().out
    assert "checks" in listed and "审核规则" in listed and "common" not in listed
    file = tmp_path / "checks.json"
    assert main(["--lang", "zh", "schema", "checks", "-o", str(file)]) == 0
    validator = Draft202012Validator(json.loads(file.read_text("utf-8")))
    rule = {
        "id": "DM-0101", "name": "total", "title": "合计", "severity": "error",
        "source": {"document": "办法", "status": "sourced"},
        "check": {"kind": "sum", "table": "收支", "total": "合计", "columns": ["预算数"]},
    }  # fmt: skip
    document = {"schema": "checker/checks@1", "form": "收支表", "rules": [rule]}
    assert [*validator.iter_errors(document)] == []
    rule["check"] = {"kind": "sum", "table": "收支", "totals": "合计"}
    assert [*validator.iter_errors(document)] != []
    capsys.readouterr()
    assert main(["--lang", "zh", "schema", "cheks"]) == 2
    assert "是否应为“checks”" in capsys.readouterr().err
