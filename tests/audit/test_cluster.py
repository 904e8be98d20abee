"""The same run on a real Dask scheduler with worker processes: the same results, also when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .clusters import dask_cluster
from .made import dump, make_mixed, what_came_of
from .poison import install
from .running import audit, command, environment
from .test_pool import make_poisoned

pytest.importorskip("distributed", reason="extra cluster")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals of Unix")]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers that know the poison."""
    with dask_cluster(tmp_path, PYTHONPATH=str(install(tmp_path / "plugin"))) as made:
        yield made


def test_a_cluster_comes_to_the_same_and_a_poisoned_file_costs_itself(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    address, _ = cluster
    expected = make_poisoned(tmp_path / "in", ["abort", "loop", "memory"], 40)
    words = ("--format", "", "--memory", "500", "--deadline", "6")
    plugin = str(tmp_path / "plugin")
    for out, more in (("cluster", ("--scheduler", address)), ("local", ())):
        audit(tmp_path / "in", "--out", tmp_path / out, *words, *more, expected=3, PYTHONPATH=plugin)
    assert what_came_of(tmp_path / "cluster") == expected
    assert dump(tmp_path / "cluster") == dump(tmp_path / "local")


def test_a_machine_that_goes_changes_nothing(cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path) -> None:
    address, workers = cluster
    expected = make_mixed(tmp_path / "in", 200)
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(tmp_path / "in", "--out", out, "--format", "", "--scheduler", address),
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(PYTHONPATH=str(tmp_path / "plugin")),
    )  # fmt: skip
    while len([*(out / "spool").rglob("*.gz")]) < 3:
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(workers[0].pid, signal.SIGKILL)
    _, told = running.communicate(timeout=300)
    assert running.returncode == 3, told
    assert what_came_of(out) == expected


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    words = (tmp_path / "a.xlsx", "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", "--lang", "en")
    assert "SCHEDULER_LOST" in audit(*words, expected=2).stderr
