"""Workers that abort, crash, hang, eat memory or are killed cost the file that did it, and no other."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from checker.audit.store.reading import open_store

from .made import SAMPLES, Expected, dump, make_mixed, what_came_of, what_comes_of, workbook_of
from .poison import CODES, install
from .running import audit, command, environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="poisons of Unix")


def make_poisoned(folder: Path, poisons: list[str], clean: int) -> dict[str, Expected]:
    """Clean workbooks with the poisons among them."""
    expected: dict[str, Expected] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(clean):
        place = folder / f"good{number:04}.xlsx"
        place.write_bytes(workbook_of(SAMPLES[0], number))
        expected[str(place)] = what_comes_of(SAMPLES[0])
    for name in poisons:
        place = folder / f"{name}.xlsx"
        place.write_bytes(workbook_of(SAMPLES[0], 99_999))
        expected[str(place)] = Expected("unread", 0, 0, 0, CODES[name.rstrip("0123456789")])
    return expected


@pytest.mark.slow
def test_a_worker_that_aborts_costs_its_file(tmp_path: Path) -> None:
    expected = make_poisoned(tmp_path / "in", ["abort", "memory"], 6)
    plugin = install(tmp_path / "plugin")
    words = (tmp_path / "in", "--out", tmp_path / "out", "--jobs", "2", "--format", "", "--memory", "700")
    audit(*words, expected=3, PYTHONPATH=str(plugin))
    assert what_came_of(tmp_path / "out") == expected
    again = audit(*words, "--lang", "en", expected=3, PYTHONPATH=str(plugin)).stderr
    assert "6 of them unchanged" in again  # what crashed is tried again


@pytest.mark.slow
def test_who_cannot_be_judged_beside_others_is_judged_alone(tmp_path: Path) -> None:
    """Two submissions of two files each, at one of which the process dies, and at the other the reader fails."""
    alone = {}
    for number, name in enumerate(("pair1", "pair2", "odd1", "odd2", "good1", "good2")):
        place = tmp_path / "in" / f"{name}.xlsx"
        place.parent.mkdir(exist_ok=True)
        sample = ("clean/年度科普项目.xlsx", "errors/执行率计算错误.xlsx")[number % 2]
        place.write_bytes(workbook_of(sample, number // 2))
        alone[str(place)] = what_comes_of(sample)
    out, plugin = tmp_path / "out", install(tmp_path / "plugin")
    words = (tmp_path / "in", "--out", out, "--jobs", "1", "--format", "", "--lang", "en")
    told = audit(*words, expected=3, PYTHONPATH=str(plugin)).stderr
    assert "6 files: 2 checked, 4 in part, 0 not read" in told
    with open_store(out) as store:
        problems = {one["path"]: [problem["code"] for problem in one["problems"]] for one in store.documents()}
    for name, came in what_came_of(out).items():
        lonely = not Path(name).name.startswith("good")
        assert problems[name] == (["NOT_COMPARED"] if lonely else [])
        assert came == alone[name]._replace(status="partly" if lonely else "checked")
    again = audit(*words, expected=3, PYTHONPATH=str(plugin)).stderr  # it is tried again, to the same end
    assert "2 of them unchanged" in again and "Nothing has changed" in again


@pytest.mark.slow
def test_the_whole_poison_set(tmp_path: Path) -> None:
    expected = make_poisoned(tmp_path / "in", [f"{name}{number}" for name in CODES for number in (1, 2)], 60)
    words = ("--jobs", "2", "--format", "", "--memory", "500", "--deadline", "6")
    audit(tmp_path / "in", "--out", tmp_path / "out", *words, expected=3, PYTHONPATH=str(install(tmp_path / "plugin")))
    assert what_came_of(tmp_path / "out") == expected


@pytest.mark.slow
def test_workers_killed_at_random_change_nothing(tmp_path: Path) -> None:
    expected = make_mixed(tmp_path / "in", 300)
    running = subprocess.Popen(
        command(tmp_path / "in", "--out", tmp_path / "out", "--jobs", "2", "--format", ""),
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(),
    )  # fmt: skip
    killed = kill_at_random(running, random.Random(3))
    _, told = running.communicate(timeout=300)
    assert running.returncode == 3, told
    assert killed and what_came_of(tmp_path / "out") == expected
    audit(tmp_path / "in", "--out", tmp_path / "calm", "--jobs", "2", "--format", "", expected=3)
    assert dump(tmp_path / "out") == dump(tmp_path / "calm")


def kill_at_random(running: subprocess.Popen[str], numbers: random.Random) -> list[int]:
    """Kill workers now and then until the run ends; gives which, as it goes on."""
    killed: list[int] = []

    def kill() -> None:
        while running.poll() is None:
            time.sleep(numbers.uniform(1.0, 3.0))
            for pid in workers(running.pid)[:1]:
                try:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                except ProcessLookupError:
                    continue

    thread = threading.Thread(target=kill)
    thread.start()
    thread.join()
    return killed


def workers(pid: int) -> list[int]:
    """The processes below ``pid`` that check workbooks, the one that makes them aside, in no order."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    servers = {child for child, parent in parents.items() if parent == pid}
    found = [child for child, parent in parents.items() if parent in servers]
    random.shuffle(found)
    return found


@pytest.mark.slow
def test_no_worker_outlives_the_process_that_gives_out_the_work(tmp_path: Path) -> None:
    make_mixed(tmp_path / "in", 40)
    running = subprocess.Popen(
        command(tmp_path / "in", "--out", tmp_path / "out", "--jobs", "2", "--format", ""),
        stderr=subprocess.DEVNULL, text=True, env=environment(),
    )  # fmt: skip
    while not (left := workers(running.pid)):
        assert running.poll() is None
        time.sleep(0.05)
    running.kill()
    running.wait()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in left):
        assert time.monotonic() < deadline
        time.sleep(0.05)
