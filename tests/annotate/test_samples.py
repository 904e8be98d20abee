"""Every sample workbook can be marked without loss, and cleared again to the byte."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
from openpyxl.worksheet.merge import MergedCellRange

import checker
from checker.annotate import annotate, clear
from checker.marks import marks_of

from .samples import PUBLISHED, SAMPLES, checked, content, parts, scored

#: Those of the quick suite: one as it was published, one with many findings; all of them are in the slow one.
QUICK = [path for path in SAMPLES if path.name in (PUBLISHED.name, "支出计划调整不平.xlsx")]


def check_sample(sample: Path, folder: Path) -> None:
    report = checked(sample)
    before = sample.read_bytes()
    copy, again, back = (folder / f"{name}.xlsx" for name in ("copy", "again", "back"))
    options = {"packs": report.packs, "failures": report.failures}
    done = annotate(sample, report.workbooks[0], scored(sample).workbooks[0].scores, copy, **options)
    assert done.refused is None
    assert sample.read_bytes() == before

    old, new = content(sample), content(copy)
    assert {name: new[name] for name in old} == old
    assert "检查结果" in new
    assert new["_checker"][0] == "very_hidden"

    named = {mark.sheet for mark in marks_of(report.workbooks[0])}
    raw, marked = parts(sample), parts(copy)
    touched = {name for name in raw if marked[name] != raw[name]}
    sheets = {name for name in touched if name.startswith("xl/worksheets/sheet")}
    assert len(sheets) == len(named & old.keys())
    assert touched - sheets <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        *(name for name in raw if name.startswith(("xl/worksheets/_rels/", "xl/comments", "xl/drawings/vml"))),
    }
    with zipfile.ZipFile(sample) as one, zipfile.ZipFile(copy) as other:
        assert other.namelist()[: len(one.namelist())] == one.namelist()
        for info in one.infolist():
            assert other.getinfo(info.filename).date_time == info.date_time

    with patch.object(MergedCellRange, "format", lambda _: None):  # borders, which openpyxl takes very long for
        book = openpyxl.load_workbook(copy)
    for mark in marks_of(report.workbooks[0]):
        cell = book[mark.sheet][mark.cell]
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            assert cell.comment is not None
            assert mark.findings[0] in cell.comment.text

    # What is marked says the same to a check, and marking it again changes nothing.
    found = checker.check(copy)
    assert found.workbooks[0].findings == report.workbooks[0].findings
    assert found.workbooks[0].counts == report.workbooks[0].counts
    annotate(copy, found.workbooks[0], scored(sample).workbooks[0].scores, again, **options)
    assert again.read_bytes() == copy.read_bytes()

    cleared = clear(copy, back)
    assert cleared.exact
    assert parts(back) == raw
    for file in (copy, again, back):
        file.unlink()


@pytest.mark.parametrize("sample", QUICK, ids=lambda path: path.stem)
def test_samples_are_marked_and_cleared(sample: Path, tmp_path: Path) -> None:
    check_sample(sample, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in SAMPLES}), ids=lambda path: path.parent.name + path.name
)
def test_so_are_all(folder: Path, tmp_path: Path, stride: int) -> None:
    for sample in [path for path in SAMPLES if path.parent == folder][::stride]:
        check_sample(sample, tmp_path)


@pytest.mark.slow
def test_libreoffice_opens_marked_copies_with_their_notes(tmp_path: Path) -> None:
    """And what LibreOffice saved of them can still be cleared: cells, fills and notes as in the original."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder, saved, plain = tmp_path / "copies", tmp_path / "saved", tmp_path / "plain"
    folder.mkdir()
    chosen = SAMPLES[::40]
    for number, sample in enumerate(chosen):
        report = checked(sample)
        annotate(sample, report.workbooks[0], (), folder / f"{number}.xlsx", packs=report.packs)
        shutil.copy(sample, folder / f"original{number}.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run([office, profile, "--headless", "--terminate_after_init"], capture_output=True, check=False)
    convert = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*convert, str(saved), *map(str, folder.glob("*.xlsx"))], capture_output=True, check=True)
    plain.mkdir()
    for number, sample in enumerate(chosen):
        marked, original = openpyxl.load_workbook(saved / f"{number}.xlsx"), saved / f"original{number}.xlsx"
        for mark in marks_of(checked(sample).workbooks[0]):
            cell = marked[mark.sheet][mark.cell]
            assert isinstance(cell, openpyxl.cell.cell.MergedCell) or mark.findings[0] in cell.comment.text
        cleared = clear(saved / f"{number}.xlsx", plain / f"{number}.xlsx")
        assert not cleared.exact and not cleared.kept
        assert content(plain / f"{number}.xlsx") == content(original)
        assert _looks(plain / f"{number}.xlsx") == _looks(original)


def _looks(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    """Fills, notes and number formats of all cells that have a value, and widths."""
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.comment is not None:
                    note = cell.comment.text if cell.comment else None
                    fill = cell.fill.fgColor.rgb if cell.fill.fill_type else None
                    found[sheet.title, cell.coordinate] = (fill, note, cell.number_format, cell.font.b)
        for letter, column in sheet.column_dimensions.items():
            found[sheet.title, letter] = (round(column.width, 1), column.hidden)
    return found
