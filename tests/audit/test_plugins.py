"""Plugins in an audit: their readers are asked wherever a file lies, and they are told when the run is over."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from checker.audit.store.reading import open_store

from .made import SAMPLES, what_came_of, what_comes_of, workbook_of
from .running import audit

pytestmark = pytest.mark.slow

_CODE = """
import io, json, os
from pathlib import Path

import pluggy
from checker.errors import ReadError
from checker.messages import Text
from checker.model.workbook import Sheet, Workbook
from checker.readers import workbook_in

hook = pluggy.HookimplMarker("checker")


@hook
def checker_open_workbook(path):
    if not path.endswith(".et"):
        return None
    if os.path.getsize(path) < 100:
        raise ReadError("ET_SHORT", Text("太短", "too short"), None, path + "!here")
    book = inside(path)
    # as a reader of large files does: each sheet is read from the file when it is asked for
    sheets = [Sheet(one.name, lambda n=n: inside(path).sheets[n].content) for n, one in enumerate(book.sheets)]
    return Workbook(path, book.sha256, "et", tuple(sheets))


def inside(path):
    return workbook_in(Path(path).read_bytes()[::-1], path)


@hook
def checker_run_finished(report, out):
    told = {"errors": report.verdict.errors, "exit": report.verdict.exit, "packs": [pack.id for pack in report.packs]}
    Path(out, "told.json").write_text(json.dumps(told))
    if os.environ.get("FAIL"):
        raise RuntimeError("nobody listens")
"""


@pytest.fixture
def plugin(tmp_path: Path) -> str:
    info = tmp_path / "plugin" / "backwards-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: backwards\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[checker]\nbackwards = backwards_plugin\n")
    (info.parent / "backwards_plugin.py").write_text(_CODE, encoding="utf-8")
    return str(info.parent)


def test_a_reader_of_a_plugin_reads_files_in_archives_and_at_addresses(tmp_path: Path, plugin: str) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    backwards = workbook_of(SAMPLES[1], 1)[::-1]
    (folder / "plain.et").write_bytes(backwards)
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("甲/b.et", workbook_of(SAMPLES[1], 2)[::-1])
        archive.writestr("甲/c.et", b"short")
        archive.writestr("甲/d.xlsx", workbook_of(SAMPLES[0], 3))
    far = tmp_path / "far"
    far.mkdir()
    (far / "e.et").write_bytes(workbook_of(SAMPLES[1], 4)[::-1])
    audit(folder, f"file://{far}", "--out", out, "--format", "", expected=3, PYTHONPATH=plugin)
    came = {Path(name).name: one for name, one in what_came_of(out).items()}
    wrong = what_comes_of(SAMPLES[1])
    assert came["plain.et"] == came["b.et"] == came["e.et"] == wrong
    assert came["d.xlsx"] == what_comes_of(SAMPLES[0])
    assert came["c.et"].code == "ET_SHORT"
    with open_store(out) as store:
        told = {Path(one["path"]).name: one for one in store.documents()}
    assert told["c.et"]["error"]["where"] == f"{folder / 'a.zip'}!甲/c.et!here"  # and not the copy that was read


def test_plugins_are_told_of_the_end_of_a_run(tmp_path: Path, plugin: str) -> None:
    book, out = tmp_path / "甲.xlsx", tmp_path / "out"
    book.write_bytes(workbook_of(SAMPLES[1], 1))
    audit(book, "--out", out, "--format", "", expected=1, PYTHONPATH=plugin)
    errors = what_comes_of(SAMPLES[1]).errors
    expected = {"errors": errors, "exit": 1, "packs": ["cn-project"]}
    assert json.loads((out / "told.json").read_text()) == expected
    told = audit(book, "--out", out, "--format", "", "--lang", "en", expected=3, PYTHONPATH=plugin, FAIL="1").stderr
    assert "nobody listens" in told
