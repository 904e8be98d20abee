"""Marks of ``checker annotate`` are taken away in Excel, and those of Excel by ``checker annotate --clear``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from com_model import Area
from opened import FEW, PUBLISHED, opened, state, texts

import checker
from checker.annotate import annotate, clear
from checker.excel.own import RECORD, own_titles
from checker.excel.results import EXPLANATION
from checker.marks import mark_key, marks_of
from checker.marks.sides import walk

RESULTS, SCORES = own_titles()


def annotated(path: Path, copy: Path, language: str = "zh") -> None:
    report, scores = checker.check(path), checker.score(path).workbooks[0].scores
    done = annotate(path, report.workbooks[0], scores, copy, packs=report.packs, language=language)
    assert done.refused is None


def plain(path: Path) -> dict[str, Any]:
    """A workbook as openpyxl reads it, in the terms of ``state``; authors and sizes of notes aside."""
    with opened(path) as desk:
        return state(desk.store)


def keys(store: Any) -> set[str]:
    return {key for name in store.names() for note in store.notes(name).values() if (key := mark_key(note))}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", FEW[:2], ids=lambda path: path.parent.parent.name)
def test_excel_clears_what_the_command_marked(path: Path, tmp_path: Path, language: str) -> None:
    copy = tmp_path / path.name
    annotated(path, copy, language)
    with opened(copy) as desk:
        assert len(keys(desk.store)) == len(marks_of(checker.check(path).workbooks[0]))
        code, told = desk.press("clear")
        assert (code, keys(desk.store)) == (0, set()), told
        assert state(desk.store) == plain(path)


@pytest.mark.parametrize("path", FEW[:2], ids=lambda path: path.parent.parent.name)
def test_the_command_clears_what_excel_marked(path: Path, tmp_path: Path) -> None:
    marked, cleared = tmp_path / "marked.xlsx", tmp_path / "cleared.xlsx"
    with opened(path) as desk:
        desk.press("score")
        desk.press("check")
        count = len(keys(desk.store))
        desk.store.save_copy(str(marked))
    done = clear(marked, cleared)
    assert done.cells == count
    assert plain(cleared) == plain(path)


@pytest.mark.slow
def test_excel_marks_anew_what_the_command_marked(tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    annotated(PUBLISHED, copy)
    said = []
    for path in (copy, PUBLISHED):
        with opened(path) as desk:
            desk.press("check")
            said.append((keys(desk.store), texts(desk.store, RESULTS)))
    assert said[0] == said[1]


@pytest.mark.slow
def test_the_command_marks_anew_what_excel_marked(tmp_path: Path) -> None:
    marked, again = tmp_path / "marked.xlsx", tmp_path / "again.xlsx"
    said = "按财预〔2021〕5号调增3.2万元"
    with opened(PUBLISHED) as desk:
        desk.press("check")
        row = next(n for n, row in enumerate(texts(desk.store, RESULTS), 1) if row[1] == "警告")
        desk.store.write(RESULTS, Area(row, EXPLANATION + 1, row, EXPLANATION + 1), [[said]])
        before = keys(desk.store)
        desk.store.save_copy(str(marked))
    annotated(marked, again)
    with opened(again) as desk:
        assert keys(desk.store) == before
        (explained,) = [row for row in texts(desk.store, RESULTS) if row[EXPLANATION] == said]
        assert explained[13] == "已说明/豁免"
        assert [name for name in desk.store.names() if name.startswith(RECORD)] == [RECORD]
        desk.press("check")
        (explained,) = [row for row in texts(desk.store, RESULTS) if row[EXPLANATION] == said]
        assert explained[13] == "已说明/豁免"


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [*FEW[:2], *(pytest.param(path, marks=pytest.mark.slow) for path in FEW[2:])],
    ids=lambda path: path.parent.parent.name,
)
def test_marked_copies_have_the_findings_of_the_original(path: Path, tmp_path: Path) -> None:
    """Our sheets, notes and colours are no part of what is checked."""
    file = checker.check(path)
    annotated(path, tmp_path / "annotated.xlsx")
    with opened(path) as desk:
        desk.press("score")
        desk.press("check")
        desk.store.save_copy(str(tmp_path / "marked.xlsx"))
    for name in ("annotated.xlsx", "marked.xlsx"):
        report = checker.check(tmp_path / name)
        assert ids(report.workbooks[0]) == ids(file.workbooks[0]), name
        assert report.workbooks[0].counts == file.workbooks[0].counts
        assert report.workbooks[0].problems == file.workbooks[0].problems
        assert report.workbooks[0].remarks == file.workbooks[0].remarks
        assert report.verdict == file.verdict


def ids(report: Any) -> list[tuple[str, str]]:
    return [(number, finding.id) for number, finding in walk(report.findings)]


@pytest.mark.slow
def test_openpyxl_opens_what_the_command_cleared(tmp_path: Path) -> None:
    marked, cleared = tmp_path / "marked.xlsx", tmp_path / "cleared.xlsx"
    with opened(PUBLISHED) as desk:
        desk.press("check")
        desk.store.save_copy(str(marked))
    clear(marked, cleared)
    assert openpyxl.load_workbook(cleared).sheetnames == openpyxl.load_workbook(PUBLISHED).sheetnames
