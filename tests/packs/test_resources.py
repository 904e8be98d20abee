"""The program's data is found in a tree and in an installed package, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

import checker
from checker.errors import PackError
from checker.packs import resources
from checker.packs.resources import data_root


@pytest.mark.parametrize("kind", ["rules", "schemas"])
def test_a_source_tree_has_its_data_beside_the_package(kind: str) -> None:
    assert data_root(kind) == Path(checker.__path__[0]).parent / kind


def test_an_installed_package_has_its_data_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "site-packages" / "checker" / "_data" / "rules"
    inside.mkdir(parents=True)
    (tmp_path / "site-packages" / "rules").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "site-packages" / "checker")
    assert data_root("rules") == inside


def test_anything_else_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PackError, match="DATA_UNKNOWN"):
        data_root("workbooks")
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "checker")
    with pytest.raises(PackError, match="DATA_MISSING"):
        data_root("rules")
