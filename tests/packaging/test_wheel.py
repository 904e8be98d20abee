"""What is installed is what is in the tree: the wheel (made by way of the sdist) finds its rules and schemas."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from checker.packs.load import load_packs
from checker.packs.sources import checker_rule_packs

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("build")
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)]
    if importlib.util.find_spec("hatchling"):
        command.insert(3, "--no-isolation")
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (found,) = out.glob("*.whl")
    return found


def test_an_installed_wheel_has_the_rules_and_schemas_of_the_tree(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    # The dependencies are those of the environment that runs the tests.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index", str(wheel)],
        check=True, timeout=120,
    )  # fmt: skip
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [python, "-c", SCRIPT],
        capture_output=True, text=True, cwd=tmp_path, timeout=120, encoding="utf-8",
        env={**environ, "CHECKER_CACHE": str(tmp_path / "cache"), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    installed = json.loads(ran.stdout)
    assert Path(installed["package"]).is_relative_to(site)
    assert Path(installed["rules"]).is_relative_to(installed["package"])
    tree = load_packs(checker_rule_packs(), use_cache=False)
    assert installed["failures"] == [failure.code for failure in tree.failures] == []
    assert installed["packs"] == {p.id: [p.digest, [rule.id for rule in p.rules]] for p in tree.packs.values()}
    assert installed["packs"]
    assert installed["schemas"] == {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.json")}
