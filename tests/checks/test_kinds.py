"""What holds for every kind of check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.checks import KINDS
from checker.model.plugin import CheckKind

NAMES = [kind.name for kind in KINDS]


def test_names_are_unique_and_every_kind_has_tests() -> None:
    assert len(set(NAMES)) == len(NAMES)
    tested = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in NAMES if f'"kind": "{name}"' not in tested] == []


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_it_says_what_it_is_in_both_languages(kind: CheckKind) -> None:
    assert kind.doc.zh and kind.doc.en and kind.doc.zh != kind.doc.en


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_its_schema_is_one_and_names_what_it_requires(kind: CheckKind) -> None:
    schema: Any = kind.schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) <= set(schema["properties"])


@pytest.mark.parametrize("kind", ["hidden", "residue", "matched", "uniform", "precision", "total_formula"])
def test_a_condition_that_would_be_passed_over_is_not_accepted(kind: str) -> None:
    (found,) = (k for k in KINDS if k.name == kind)
    properties: Any = found.schema["properties"]
    assert not {"when", "blank", "rounding"} & set(properties)
