"""Excel would open what we write without offering to repair it, as far as can be told without Excel: none of the things
it is known to stumble over is in a copy that was not in its original, marked, marked again or cleared."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from checker.annotate import annotate, clear

from .repair import complaints
from .samples import SAMPLES, checked, parts, rewritten, scored
from .test_odd_workbooks import finding, mark, workbook

BOOK, SHEET, TYPES = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"


def added(copy: Path | str, source: Path | str) -> list[str]:
    """What Excel would stumble over in ``copy`` and would not in ``source``."""
    return sorted((Counter(complaints(copy)) - Counter(complaints(source))).elements())


def marked(source: Path, *cells: str) -> str:
    """A copy with findings in these cells. What is cleared of it opens as the original does."""
    done = mark(source, *(finding(cell, number) for number, cell in enumerate(cells or ("B2", "C3"), 1)))
    assert done.refused is None, done.refused.render("en")
    clear(done.copy, source.with_name("back.xlsx"))
    assert added(source.with_name("back.xlsx"), source) == []
    return done.copy


def changed(path: Path, part: str, old: str, new: str) -> Path:
    """The package with a piece of one of its parts exchanged."""
    text, times = re.subn(old, lambda match: match.expand(new), parts(path)[part].decode(), count=1)
    assert times == 1, f"{old} is not in {part}"
    other = path.with_name(f"changed-{path.name}")
    rewritten(path, other, {part: text.encode()})
    return other.replace(path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return workbook(tmp_path / "source.xlsx")


def check_sample(sample: Path, folder: Path) -> None:
    report = checked(sample)
    copy, again, back = (folder / f"{name}.xlsx" for name in ("copy", "again", "back"))
    options = {"packs": report.packs, "failures": report.failures}
    found = report.workbooks[0]._replace(sha256="")
    for origin, target in ((sample, copy), (copy, again)):
        # What is found in a copy is what was found in the sample: the second check is spared.
        done = annotate(origin, found, scored(sample).workbooks[0].scores, target, **options)
        assert done.refused is None
    clear(again, back)
    for file in (copy, again, back):
        assert added(file, sample) == []
        file.unlink()


def test_a_sample_opens(tmp_path: Path) -> None:
    check_sample(next(path for path in SAMPLES if path.name == "支出计划调整不平.xlsx"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in SAMPLES}), ids=lambda path: path.parent.name + path.name
)
def test_so_do_all(folder: Path, tmp_path: Path, stride: int) -> None:
    for sample in [path for path in SAMPLES if path.parent == folder][::stride]:
        check_sample(sample, tmp_path)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A marked copy with a bit of all that we write."""
    source = tmp_path_factory.mktemp("copy") / "source.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(1, 0, ["甲", 1, 2])
        sheet.set_column("A:B", 12)
        sheet.write_comment("B2", "已核对")
        book.add_worksheet("别").write_comment("A1", "另")
        book.define_name("表!局部", "=表!$A$1")
    return Path(marked(source, "B2", "C3", "F9"))


COMMENTS, DRAWING, STYLES = "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/styles.xml"
RELATIONS, RESULTS = "xl/worksheets/_rels/sheet1.xml.rels", "xl/worksheets/sheet3.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "complaint"),
    [
        (SHEET, "<legacyDrawing", '<legacyDrawing r:id="rId1"/><legacyDrawing', "legacyDrawing is there twice"),
        (SHEET, "<pageMargins", '<hyperlinks><hyperlink ref="A0"/></hyperlinks><pageMargins', "is at no cell"),
        (SHEET, "(<legacyDrawing[^>]*>)", r"<tableParts/>\1", "the elements are not in order"),
        (SHEET, 'legacyDrawing r:id="', r"\g<0>no", "refers to"),
        (SHEET, 'r="F9" s="', r"\g<0>9", "a style that is not there"),
        (SHEET, '<row r="9"', '<row r="1"', "row 1 is out of place"),
        (SHEET, 'r="C2"', 'r="A2"', "the cell A2 is out of place"),
        (SHEET, 'spans="[0-9:]*"', 'spans="1:1"', "spans less than its cells"),
        (SHEET, 'width="[0-9.]*"', 'width="256"', "too wide"),
        (RESULTS, 'ht="24"', 'ht="410"', "too high"),
        (RESULTS, "&#x27;表", "&#x27;无", "leads nowhere"),
        (RESULTS, 'location="&#x27;表&#x27;', 'location="表 1', "leads nowhere"),
        (RESULTS, ">检查结果<", f">{'长' * 32_768}<", "too long a text"),
        (RESULTS, '<t>|<t xml:space="preserve">', "<t>\1", "no well-formed XML"),
        (STYLES, '<cellXfs count="', r"\g<0>1", "cellXfs are counted wrong"),
        (STYLES, '(<cellXfs.*fontId=")', r"\g<1>9", "a fontId that is not there"),
        (STYLES, "gray125", "solid", "the first two fills"),
        (COMMENTS, 'ref="F9"', 'ref="B2"', "two notes"),
        (COMMENTS, 'ref="F9"', 'ref="F8"', "do not go together"),
        (COMMENTS, 'authorId="1"', 'authorId="7"', "of nobody"),
        (DRAWING, '(id="_x0000_s)[0-9]+(" type)', r"\g<1>9999\2", "is in no block"),
        (DRAWING, "s3073", "s1025", "the shape _x0000_s1025 is there twice"),
        (DRAWING, "<x:Row>8</x:Row>", "<x:Row>7</x:Row>", "do not go together"),
        (DRAWING, "<x:Anchor>6,", "<x:Anchor>16384,", "is not on the sheet"),
        ("xl/drawings/vmlDrawing2.vml", "s2049", "s1025", "the shape _x0000_s1025 is in two drawings"),
        (BOOK, 'sheetId="3"', 'sheetId="1"', "sheetId: 1 is there twice"),
        (BOOK, 'sheetId="3"', 'sheetId="65535"', "a sheetId is out of range"),
        (BOOK, 'name="检查结果"', 'name="表"', "names of sheets"),
        (BOOK, 'name="检查结果"', 'name="a/b"', "cannot be called"),
        (BOOK, 'localSheetId="0"', 'localSheetId="9"', "a name belongs to a sheet"),
        (BOOK, "表!", "无!", "is of a sheet that is not there"),
        (BOOK, "<workbookView ", '<workbookView activeTab="9" ', "the sheet in front is not there"),
        (TYPES, "(<Override[^>]*comments1.xml[^>]*>)", r"\1\1", "is there twice"),
        (TYPES, "<Override[^>]*sheet3.xml[^>]*>", "", "sheet3.xml is said to be application/xml"),
        (TYPES, "comments1.xml", "comments9.xml", "there is no /xl/comments9.xml"),
        (RELATIONS, "(<Relationship [^>]*>)", r"\1\1", "there twice"),
        (RELATIONS, "comments1.xml", "comments9.xml", "which is not there"),
    ],
)
def test_what_would_be_repaired_is_seen(
    copy: Path, tmp_path: Path, part: str, old: str, new: str, complaint: str
) -> None:
    assert complaints(copy) == []
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copy.read_bytes())
    found = complaints(changed(path, part, old, new))
    assert any(complaint in one for one in found), found


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda data, at: data[: at + 14] + b"\0\0\0\0" + data[at + 18 :], "checksum or sizes"),
        (lambda data, at: data[: at + 30] + b"X" + data[at + 31 :], "another local header"),
        (lambda data, at: data[:at] + b"gap" + data[at:], "something between"),
    ],
)
def test_so_is_a_damaged_container(
    copy: Path, tmp_path: Path, spoil: Callable[[bytes, int], bytes], complaint: str
) -> None:
    with zipfile.ZipFile(copy) as package:
        last = package.infolist()[-1]
    data = spoil(copy.read_bytes(), last.header_offset)
    if b"gap" in data:
        end = data.rindex(b"PK\5\6")
        shifted = int.from_bytes(data[end + 16 : end + 20], "little") + 3
        place = data.rindex(b"PK\1\2")
        offset = last.header_offset + 3
        data = data[: place + 42] + offset.to_bytes(4, "little") + data[place + 46 :]
        data = data[: end + 16] + shifted.to_bytes(4, "little") + data[end + 20 :]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(data)
    assert any(complaint in one for one in complaints(path))


@pytest.mark.parametrize("name", ["O'Brien 表", "a!b", "表 (1)", "1月", "R1C1", "一,二;三", "&<>"])
def test_links_lead_to_sheets_of_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet(name).write("B2", 1)
    done = mark(path, finding("B2", sheet=name))
    assert done.cells == 1 and complaints(done.copy) == []


def test_many_notes_get_many_blocks_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("表", "二"):
            book.add_worksheet(name).write_comment("A1", "核对")
    wanted = [finding(f"B{row}", row, sheet="二") for row in range(1, 1_030)]
    wanted.append(finding("C2", 2_000))
    done = mark(path, *wanted)
    assert done.cells == len(wanted) and complaints(done.copy) == []


# Rare workbooks


@pytest.mark.parametrize("part", ["comments1", "worksheets/sheet2"])
def test_a_content_type_that_waits_for_its_part_is_taken(source: Path, part: str) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kind = f"{kind}.{'comments' if part == 'comments1' else 'worksheet'}+xml"
    changed(source, TYPES, "</Types>", f'<Override PartName="/xl/{part}.xml" ContentType="{kind}"/></Types>')
    assert added(marked(source), source) == []


def test_no_sheet_refers_to_two_drawings_of_notes(source: Path) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    changed(source, SHEET, "</worksheet>", rf'<legacyDrawing xmlns:r="{office}" r:id="rId9"/>\g<0>')
    done = mark(source, finding("B2"))
    assert done.refused is not None or added(done.copy, source) == []


def test_sheets_are_numbered_below_the_limit(source: Path) -> None:
    changed(source, BOOK, 'sheetId="1"', 'sheetId="65534"')
    assert added(marked(source), source) == []


@pytest.mark.slow
def test_a_workbook_full_of_formats_is_refused(source: Path) -> None:
    styles = parts(source)["xl/styles.xml"].decode()
    one = re.search(r"<cellXfs[^>]*>\s*(<xf .*?(?:/>|</xf>))", styles, re.DOTALL)
    assert one
    changed(source, "xl/styles.xml", "(?s)<cellXfs.*</cellXfs>", f'<cellXfs count="65430">{one[1] * 65_430}</cellXfs>')
    done = mark(source, finding("B2"))
    assert done.refused is not None and done.refused.code == "MARK_STRUCTURE"


def test_the_first_two_fills_are_left_to_excel(source: Path) -> None:
    none = '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    changed(source, "xl/styles.xml", "(?s)<fills.*</fills>", none)
    assert complaints(marked(source)) == []


@pytest.mark.parametrize(("area", "cell"), [("B2:XFD4", "B2"), ("", "XFD1"), ("", "A1048576"), ("", "XFD1048576")])
def test_boxes_of_notes_stay_on_the_sheet(source: Path, area: str, cell: str) -> None:
    if area:
        changed(source, SHEET, "</sheetData>", rf'\g<0><mergeCells><mergeCell ref="{area}"/></mergeCells>')
    assert added(marked(source, cell), source) == []


def test_no_sheet_in_sight_is_one_that_was_cleared(source: Path) -> None:
    book = openpyxl.load_workbook(marked(source))
    book.active = book.views[0].firstSheet = book.sheetnames.index("检查结果")
    book.save(source.with_name("saved.xlsx"))
    clear(source.with_name("saved.xlsx"), source.with_name("cleared.xlsx"))
    assert f"{BOOK}: the sheet in front is not there" not in complaints(source.with_name("cleared.xlsx"))


def test_texts_are_cut_where_excel_counts(source: Path) -> None:
    done = mark(source, finding("B2", text="\U00020bb7" * 20_000))
    assert complaints(done.copy) == []


def test_a_note_that_is_full_gets_no_more(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book["表"]["B2"].comment = Comment("长" * 32_760, "李四")
    book.save(source)
    assert added(marked(source), source) == []
