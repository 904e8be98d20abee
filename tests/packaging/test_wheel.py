"""What is installed is what is in the tree: the wheel (made by way of the sdist) finds its rules and schemas."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.packs.load import load_packs
from checker.packs.sources import checker_rule_packs

from .conftest import ROOT, Home

pytestmark = pytest.mark.slow

SCRIPT = """
import json
import checker
from checker.packs.load import load_packs
from checker.packs.resources import data_root
from checker.packs.sources import checker_rule_packs

loaded = load_packs(checker_rule_packs())
print(json.dumps({
    "package": str(checker.__path__[0]),
    "rules": str(data_root("rules")),
    "failures": [failure.code for failure in loaded.failures],
    "packs": {pack.id: [pack.digest, [rule.id for rule in pack.rules]] for pack in loaded.packs.values()},
    "schemas": {path.name: path.read_text("utf-8") for path in data_root("schemas").glob("*.json")},
}))
"""


def test_an_installed_wheel_has_the_rules_and_schemas_of_the_tree(wheel: Path, home: Callable[..., Home]) -> None:
    made = home(wheel)
    ran = made.run("-c", SCRIPT)
    assert ran.returncode == 0, ran.stderr
    installed = json.loads(ran.stdout)
    assert Path(installed["package"]).is_relative_to(made.site)
    assert Path(installed["rules"]).is_relative_to(installed["package"])
    tree = load_packs(checker_rule_packs(), use_cache=False)
    assert installed["failures"] == [failure.code for failure in tree.failures] == []
    assert installed["packs"] == {p.id: [p.digest, [rule.id for rule in p.rules]] for p in tree.packs.values()}
    assert installed["packs"]
    assert installed["schemas"] == {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.json")}
