"""Whole runs: known counts, the same from one worker, several, and shards; nothing done twice; stopped and resumed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

import checker
from checker.audit.execution.options import Options
from checker.audit.execution.run import Audit, Ended
from checker.audit.intake.sources import find_sources
from checker.audit.store.ledger import Ledger
from checker.audit.store.reading import open_store

from .made import SAMPLES, WORKBOOKS, Expected, dump, make_mixed, stored_results, what_came_of, workbook_of
from .running import audit, command, environment

COUNT = 40


def run(out: Path, *words: object, jobs: int = 2, **options: object) -> Ended:
    asked = Options(str(out), cwd=str(Path.cwd()), jobs=jobs, **options)  # type: ignore[arg-type]
    return Audit(asked).run(find_sources(map(str, words)).sources)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Expected]]:
    folder = tmp_path_factory.mktemp("mixed") / "in"
    return folder, make_mixed(folder, COUNT)


@pytest.fixture(scope="module")
def done(mixed: tuple[Path, Mapping[str, Expected]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``OUT`` of a run over ``mixed`` with two workers. Only for reading."""
    out = tmp_path_factory.mktemp("done")
    run(out, mixed[0])
    return out


def test_every_workbook_comes_to_what_it_must(mixed: tuple[Path, Mapping[str, Expected]], done: Path) -> None:
    assert what_came_of(done) == mixed[1]
    assert not [*(done / "spool").rglob("*.gz")]


@pytest.mark.slow
def test_one_worker_and_three_shards_come_to_the_same(
    mixed: tuple[Path, Mapping[str, Expected]], done: Path, tmp_path: Path
) -> None:
    one, shards = tmp_path / "one", tmp_path / "shards"
    run(one, mixed[0], jobs=1)
    counts = [len(run(shards, mixed[0], jobs=1, shard=(number, 3)).files) for number in (3, 1, 2)]
    assert sum(counts) == COUNT
    Audit(Options(str(shards), jobs=1)).run(None)
    assert dump(one) == dump(done)
    assert dump(shards) == dump(done)


@pytest.mark.slow
def test_nothing_unchanged_is_done_twice(mixed: tuple[Path, Mapping[str, Expected]], tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(mixed[0], folder)
    first = run(out, folder)
    again = run(out, folder)
    assert (again.unchanged, again.reused, again.run, again.exit) == (True, COUNT, first.run, first.exit)
    assert [entry.kind for entry in Ledger(out).entries()][-2:] == ["run_started", "run_unchanged"]
    (folder / "000" / "00000.xlsx").write_bytes(workbook_of(SAMPLES[1], 0))
    (folder / "000" / "00001.xlsx").unlink()
    changed = run(out, folder)
    assert (changed.unchanged, changed.reused, len(changed.files)) == (False, COUNT - 2, COUNT - 1)
    with open_store(out) as store:
        changes = store.connection.execute("SELECT DISTINCT change FROM changes ORDER BY ALL").fetchall()
    assert ("new",) in changes
    run(tmp_path / "afresh", folder)
    assert dump(out) == dump(tmp_path / "afresh")


@pytest.mark.slow
def test_what_was_said_of_a_workbook_is_part_of_it(tmp_path: Path) -> None:
    book = tmp_path / "in" / "甲.xlsx"
    book.parent.mkdir()
    shutil.copy(WORKBOOKS / SAMPLES[1], book)
    run(tmp_path / "out", book)
    book.with_name(f"{book.name}.explanations.yaml").write_text("schema: nonsense\n", encoding="utf-8")
    (file,) = run(tmp_path / "out", book).files
    assert not file.reused
    assert file.judged.status == "partly"


def test_a_copy_is_judged_as_its_original_and_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("甲", "乙"):
        (folder / name).mkdir(parents=True)
        (folder / name / "表.xlsx").write_bytes(b"<html>no workbook</html>")
    run(tmp_path / "out", folder)
    assert stored_results(tmp_path / "out") == 1
    assert {one.code for one in what_came_of(tmp_path / "out").values()} == {"FORMAT_HTML"}


SUBMISSIONS = WORKBOOKS.parent / "submissions"


@pytest.mark.slow
def test_submissions_are_judged_as_check_judges_them(tmp_path: Path) -> None:
    folders = [SUBMISSIONS, WORKBOOKS / "clean"]
    out = tmp_path / "out"
    ended = run(out, *folders)
    names = [file.source.name for file in ended.files]
    report = checker.check(names)
    with open_store(out) as store:
        documents = {document["path"]: document for document in store.documents()}
        submissions = store.connection.execute("SELECT unit, year, sources, prior FROM submissions").fetchall()
        outcomes = store.connection.execute(
            "SELECT source, sum(pass), sum(fail), sum(insufficient), sum(not_applicable) FROM outcomes GROUP BY ALL"
        ).fetchall()
    assert {(s.unit, s.year, s.workbooks, s.prior) for s in report.submissions} == {
        (unit, year, tuple(sources), tuple(prior)) for unit, year, sources, prior in submissions
    }
    assert any(len(submission.workbooks) > 1 for submission in report.submissions)
    for workbook in report.workbooks:
        document = documents[workbook.path]
        assert [finding["id"] for finding in document["findings"]] == [finding.id for finding in workbook.findings]
        assert document["counts"] == dict(workbook.counts)
    assert {
        (w.path, *(w.counts[status] for status in ("pass", "fail", "insufficient", "not_applicable")))
        for w in report.workbooks
    } == {(source, *map(int, counts)) for source, *counts in outcomes}
    assert run(out, *folders).unchanged


def of_year(target: Path, year: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(workbook_of("clean/上年结转项目.xlsx", 1, year=year))
    return target


@pytest.mark.slow
def test_last_years_accepted_workbook_is_found_in_the_store(tmp_path: Path) -> None:
    before, now = of_year(tmp_path / "2023.xlsx", "2023"), of_year(tmp_path / "2024.xlsx", "2024")
    out = tmp_path / "out"
    run(out, before)
    run(out, now)
    report = checker.check(now, prior=before)
    with open_store(out) as store:
        (document,) = store.documents()
        ((prior,),) = store.connection.execute("SELECT prior FROM submissions").fetchall()
    assert prior == [str(before)]
    assert document["counts"] == dict(report.workbooks[0].counts)
    assert document["counts"] != dict(checker.check(now).workbooks[0].counts)


@pytest.mark.slow
def test_stopped_and_resumed_comes_to_the_same(
    mixed: tuple[Path, Mapping[str, Expected]], done: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(mixed[0], "--out", out, "--jobs", "1", "--format", ""),
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(), start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    wait_for_spool(out, running)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert 0 < stored_results(out) < COUNT
    audit(mixed[0], "--out", out, "--jobs", "2", "--format", "", expected=3)
    assert dump(out) == dump(done)


def hear_ctrl_c() -> None:
    """What a shell starts in the background ignores it, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_spool(out: Path, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not [*(out / "spool").rglob("*.gz")]:
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
def test_a_killed_run_leaves_what_it_did(
    mixed: tuple[Path, Mapping[str, Expected]], done: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(mixed[0], "--out", out, "--jobs", "1", "--format", ""),
        stderr=subprocess.DEVNULL, text=True, env=environment(),
    )  # fmt: skip
    wait_for_spool(out, running)
    running.kill()
    running.wait()
    told = audit(mixed[0], "--out", out, "--jobs", "2", "--format", "", "--lang", "en", expected=3).stderr
    reused = int(told.split(" of them unchanged")[0].rpartition("; ")[2])
    assert 0 < reused < COUNT
    assert dump(out) == dump(done)
