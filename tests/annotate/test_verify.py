"""The copy is read again and compared: whatever an edit spoils is seen, in the cell that it touched and around it."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from checker.annotate.draft import Draft
from checker.annotate.edits import Edit
from checker.annotate.refusals import CannotMarkError
from checker.annotate.sheet import SheetText
from checker.annotate.verify import verify
from checker.errors import ReadError
from checker.readers import open_workbook

PART = "xl/worksheets/sheet1.xml"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        percent = book.add_format({"num_format": "0.00%"})
        for row in range(6):
            sheet.write_row(row, 0, [row, row + 0.25, "文字"])
        sheet.write(2, 3, 0.5, percent)
        sheet.merge_range("F1:G2", "合并")
    return path


def copy_after(source: Path, *changes: tuple[str, str], further: tuple[str, str] | None = None) -> None:
    """Verify a copy in which of the sheet each first text was replaced by the second, once. ``further`` is a change of
    the copy that the draft does not know of."""
    data = source.read_bytes()
    draft = Draft(data, str(source))
    text = draft.text(PART)
    for old, new in changes:
        start = text.index(old)
        # The least that changes, as marks do it.
        while old and new and old[0] == new[0]:
            old, new, start = old[1:], new[1:], start + 1
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        draft.edit(PART, Edit(start, start + len(old), new))
    copy = draft.write()
    if further is not None:
        other = Draft(copy, str(source))
        start = other.text(further[0]).index(further[1])
        other.edit(further[0], Edit(start, start + 1, "?"))
        copy = other.write()
    verify(draft, open_workbook(source), copy, {PART: ("表", SheetText(text, PART, ""))})


def test_styles_and_empty_cells_may_change(source: Path) -> None:
    copy_after(
        source,
        ('<c r="B3">', '<c s="0" r="B3">'),
        ('</row><row r="5"', '<c r="Z4"/></row><row r="5"'),
        ("</sheetData>", '<row r="9"><c r="A9"/></row></sheetData>'),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<v>2.25</v>", "<v>2.26</v>"),
        ('<c r="B3">', '<c r="B3" t="str">'),
        ('<c r="D3" s="1">', '<c r="D3" s="0">'),
        ('<c r="B3">', '<c r="E3">'),
        ('<row r="3"', '<row r="8"'),
        ('<row r="3"', '<row hidden="1" r="3"'),
        ("</row>", '<c r="Z1"><v>1</v></c></row>'),
        ("</sheetData>", '<row r="9"><c r="A9"><v>1</v></c></row></sheetData>'),
        ('<mergeCell ref="F1:G2"/>', '<mergeCell ref="F1:G3"/>'),
        ('<c r="B3"><v>2.25</v></c>', ""),
        ('<c r="B3">', '<!--<c r="B3">'),
        ('<c r="B3"><v>', '<c r="B3"><v>2.25</v></c><c r="B3"><v>'),
        ('<row r="3"', '</sheetData><row r="3"'),
    ],
)
def test_whatever_says_something_else_is_seen(source: Path, old: str, new: str) -> None:
    with pytest.raises((CannotMarkError, ReadError)):
        copy_after(source, (old, new))


def test_a_change_in_two_places_that_hides_what_is_between_is_seen(source: Path) -> None:
    with pytest.raises((CannotMarkError, ReadError)):
        copy_after(source, ('<c r="B2">', '<!--<c r="B2">'), ('<c r="B4">', '--><c r="B4">'))


@pytest.mark.parametrize(("part", "at"), [(PART, "2.25"), ("xl/sharedStrings.xml", "文"), ("docProps/app.xml", "E")])
def test_what_nobody_wanted_to_change_is_seen(source: Path, part: str, at: str) -> None:
    with pytest.raises(CannotMarkError):
        copy_after(source, ('<c r="B3">', '<c s="0" r="B3">'), further=(part, at))
