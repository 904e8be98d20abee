"""Thousands of workbooks, clean, erroneous, corrupt and hostile, come to exactly what they must, whoever does the work.

In CI the pool does five thousand and the others a share of them; with ``--all-samples`` each does them all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from .clusters import dask_cluster
from .made import Expected, dump, make_mixed, what_came_of
from .running import audit

pytestmark = pytest.mark.slow

MANY, SHARE = 5000, 300


class Made:
    """Workbooks, what they must come to, and what the pool said of them."""

    def __init__(self, folder: Path, count: int) -> None:
        self.source, self.pool = folder / "in", folder / "pool"
        self.expected: Mapping[str, Expected] = make_mixed(self.source, count)
        self.audit(self.pool)

    def audit(self, out: Path, *words: object) -> None:
        audit(self.source, "--out", out, "--format", "", *words, expected=3)
        assert what_came_of(out) == self.expected


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("many"), MANY)


@pytest.fixture(scope="module")
def some(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, stride: int) -> Made:
    """What the engines other than the pool do."""
    if stride == 1:
        made: Made = request.getfixturevalue("many")
        return made
    return Made(tmp_path_factory.mktemp("some"), SHARE)


def test_the_pool_does_five_thousand(many: Made) -> None:
    assert len(many.expected) == MANY


def test_a_single_process_says_the_same(some: Made, tmp_path: Path) -> None:
    some.audit(tmp_path, "--jobs", 1)
    assert dump(tmp_path) == dump(some.pool)


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_a_cluster_says_the_same(some: Made, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="extra cluster")
    with dask_cluster(tmp_path) as (address, _):
        some.audit(tmp_path / "out", "--scheduler", address)
    assert dump(tmp_path / "out") == dump(some.pool)
