"""``rule-paths``: the project's own folders of rule packs, found from wherever in it one works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.packs.config import rule_paths
from checker.packs.sources import folder_sources


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a folder in it."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "deep" / "down").mkdir(parents=True)
    return tmp_path / "repository"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("checker.toml", 'rule-paths = ["rules", "../shared"]'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.checker]\nrule-paths = ["rules", "../shared"]'),
    ],
)
def test_paths_are_meant_from_the_file_that_names_them(project: Path, file: str, text: str) -> None:
    (project / file).write_text(text, encoding="utf-8")
    expected = (str(project / "rules"), str(project.parent / "shared"))
    assert rule_paths(str(project)) == rule_paths(str(project / "deep" / "down")) == expected


def test_the_nearest_file_counts_and_one_that_does_not_mention_checker_is_passed_over(project: Path) -> None:
    (project / "checker.toml").write_text('rule-paths = ["far"]', encoding="utf-8")
    (project / "deep" / "checker.toml").write_text('rule-paths = ["near"]', encoding="utf-8")
    (project / "deep" / "down" / "pyproject.toml").write_text("this is = no [toml", encoding="utf-8")
    assert rule_paths(str(project / "deep" / "down")) == (str(project / "deep" / "near"),)


def test_nothing_above_the_repository_is_looked_at(project: Path) -> None:
    (project.parent / "checker.toml").write_text('rule-paths = ["others"]', encoding="utf-8")
    assert rule_paths(str(project / "deep")) == ()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"checker.toml": 'rule-paths = "rules"'}, "CONFIG_WRONG"),
        ({"checker.toml": 'rule-path = ["rules"]'}, "CONFIG_WRONG"),
        ({"checker.toml": "rule-paths = ["}, "CONFIG_WRONG"),
        ({"pyproject.toml": "[tool]\nchecker = 1  # tool.checker"}, "CONFIG_WRONG"),
        ({"checker.toml": "", "pyproject.toml": "[tool.checker]"}, "CONFIG_TWICE"),
    ],
)
def test_a_file_that_is_wrong_is_named(project: Path, files: dict[str, str], code: str) -> None:
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as told:
        rule_paths(str(project))
    assert told.value.code == code
    assert told.value.where == str(project / next(iter(files)))


def test_a_folder_named_in_several_ways_counts_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "checker.toml").write_text('rule-paths = ["rules", "more"]', encoding="utf-8")
    monkeypatch.chdir(project)
    found = folder_sources(["rules"], {"CHECKER_RULES": str(project / "rules")})
    assert [str(source.root) for source in found] == ["rules", str(project / "more")]


def test_where_there_are_no_settings_nothing_is_imported_to_read_them() -> None:
    script = "import sys; from checker.packs.sources import folder_sources as f; f([]); print('tomllib' in sys.modules)"
    environ = {**os.environ, "CHECKER_RULES": ""}
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environ, check=True)
    assert ran.stdout.strip() == "False"
