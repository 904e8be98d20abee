"""What holds for every kind of check."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker import checks
from checker.checks import KINDS
from checker.model.plugin import CheckKind

NAMES = [*KINDS]


def test_every_kind_of_every_module_is_known_by_its_name() -> None:
    modules = [import_module(f"checker.checks.{module.name}") for module in pkgutil.iter_modules(checks.__path__)]
    declared = {id(kind): kind for module in modules for kind in vars(module).values() if isinstance(kind, CheckKind)}
    assert sorted(kind.name for kind in declared.values()) == sorted(NAMES)
    assert {name: KINDS[name].name for name in KINDS} == {name: name for name in NAMES}


def test_a_kind_is_imported_when_it_is_looked_up() -> None:
    script = (
        "import sys; from checker.checks import KINDS; KINDS['rate']; 'sum' in KINDS; KINDS.get('nobody');"
        "print(*sorted({f'checker.checks.{name}' for name in ('rate', 'sums', 'hierarchy')} & {*sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == ["checker.checks.rate"]


def test_every_kind_has_tests() -> None:
    tested = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in NAMES if f'"kind": "{name}"' not in tested] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is_in_both_languages(name: str) -> None:
    kind = KINDS[name]
    assert kind.doc.zh and kind.doc.en and kind.doc.zh != kind.doc.en


@pytest.mark.parametrize("name", NAMES)
def test_its_schema_is_one_and_names_what_it_requires(name: str) -> None:
    schema: Any = KINDS[name].schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) <= set(schema["properties"])


@pytest.mark.parametrize("kind", ["hidden", "residue", "matched", "uniform", "precision", "total_formula"])
def test_a_condition_that_would_be_passed_over_is_not_accepted(kind: str) -> None:
    properties: Any = KINDS[kind].schema["properties"]
    assert not {"when", "blank", "rounding"} & set(properties)
