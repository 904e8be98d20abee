"""Habits of programs not run here, in XML and in the container: what they write can be marked and cleared."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from checker.annotate import clear

from .samples import parts, rewritten
from .test_odd_workbooks import finding, mark, workbook
from .test_producers import seen
from .test_repair import BOOK, SHEET, TYPES, added, changed, marked

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # of openpyxl


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """As Excel writes it, with notes."""
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write("B2", 1)
        sheet.write("C3", "文字")
        for cell in ("B2", "D4"):
            sheet.write_comment(cell, "官")
        sheet.autofilter("A1:C3")
    return path


COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
DRAWING = "xl/drawings/vmlDrawing1.vml"


def as_wps(source: Path) -> None:
    etc = "http://www.wps.cn/officeDocument/2017/etCustomData"
    changed(source, SHEET, "<worksheet ([^>]*)>", rf'<worksheet \1 {COMPATIBLE} xmlns:etc="{etc}"><sheetPr/>')
    changed(source, SHEET, '<autoFilter ref="A1:C3"', r'\g<0> etc:filterBottomFollowUsedRange="0"')
    changed(source, SHEET, "</worksheet>", '<extLst><ext uri="{x}"/></extLst></worksheet>')
    kind, images = "http://www.wps.cn/officeDocument/2020/cellImage", f'<etc:cellImages xmlns:etc="{etc}"/>'
    listed = f'<Relationship Id="rId9" Type="{kind}" Target="cellimages.xml"/></Relationships>'
    changed(source, "xl/_rels/workbook.xml.rels", "</Relationships>", listed)
    typed = '<Override PartName="/xl/cellimages.xml" ContentType="application/vnd.wps-officedocument.cellimage+xml"/>'
    changed(source, TYPES, "</Types>", typed + "</Types>")
    drawing = parts(source)[DRAWING].decode().replace('"', "'").replace("><", ">\r\n <")
    spoilt = source.with_name("wps.xlsx")
    rewritten(source, spoilt, {"xl/cellimages.xml": images.encode(), DRAWING: drawing.encode()}).replace(source)


def as_excel_of_today(source: Path) -> None:
    names = (
        f'{COMPATIBLE} xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
        'xmlns:mv="urn:schemas-microsoft-com:mac:vml" mc:Ignorable="xr mv" '
        'xr:uid="{00000000-0001-0000-0000-000000000000}"'
    )
    changed(source, SHEET, "<worksheet ([^>]*)>", rf"<worksheet \1 {names}>")
    choice = '<mc:AlternateContent><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
    changed(source, SHEET, "<legacyDrawing[^>]*>", rf"\g<0>{choice}")
    changed(source, BOOK, "(<workbookPr[^>]*>)", rf"\1<mc:AlternateContent {COMPATIBLE}/>")


def as_poi(source: Path) -> None:
    """The drawing counted from nought, said by its full name."""
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    changed(source, rels, r"\.\./drawings/vmlDrawing1\.vml", "/xl/drawings/vmlDrawing0.vml")
    drawing = parts(source)[DRAWING]
    other = rewritten(source, source.with_name("poi.xlsx"), {DRAWING: None, "xl/drawings/vmlDrawing0.vml": drawing})
    other.replace(source)


def with_other_prefixes(source: Path) -> None:
    """As openpyxl saves drawings of notes."""
    names = {"v": "ns0", "o": "ns1", "x": "ns2"}
    text = re.sub(
        r"(</?|xmlns:|\s)([vox])(?=[:=])", lambda match: match[1] + names[match[2]], parts(source)[DRAWING].decode()
    )
    rewritten(source, source.with_name("other.xlsx"), {DRAWING: text.encode()}).replace(source)


@pytest.mark.parametrize(
    "habit",
    [
        as_wps,
        as_excel_of_today,
        as_poi,
        with_other_prefixes,
    ],
    ids=lambda habit: habit.__name__,
)
def test_habits_of_other_programs(source: Path, habit: Callable[[Path], None]) -> None:
    habit(source)
    copy = marked(source, "B2", "C3")
    assert added(copy, source) == []
    (_, now), (_, before) = seen(copy), seen(source)
    assert now["表", "B2"].startswith(before["表", "B2"]) and now["表", "D4"] == before["表", "D4"] and len(now) == 3


def test_google_keeps_a_drawing_for_every_sheet_and_another_second_fill(tmp_path: Path) -> None:
    path = workbook(tmp_path / "source.xlsx")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    changed(path, "xl/styles.xml", "gray125", "lightGray")
    changed(path, SHEET, "</worksheet>", f'<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>')
    typed = "application/vnd.openxmlformats-officedocument.drawing+xml"
    changed(path, TYPES, "</Types>", f'<Override PartName="/xl/drawings/drawing1.xml" ContentType="{typed}"/></Types>')
    listed = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    new = {"xl/worksheets/_rels/sheet1.xml.rels": listed, "xl/drawings/drawing1.xml": f'<x:wsDr xmlns:x="{drawing}"/>'}
    rewritten(path, tmp_path / "google.xlsx", {name: text.encode() for name, text in new.items()})
    assert added(marked(tmp_path / "google.xlsx"), tmp_path / "google.xlsx") == []


def test_what_openpyxl_saved_is_cleared_of_notes_and_boxes(tmp_path: Path) -> None:
    source = workbook(tmp_path / "source.xlsx")
    saved, cleared = tmp_path / "saved.xlsx", tmp_path / "cleared.xlsx"
    openpyxl.load_workbook(mark(source, finding("B2")).copy).save(saved)
    assert not clear(saved, cleared).exact
    assert added(cleared, saved) == []


class Pipe(io.RawIOBase):
    """A file that cannot go back: sizes come behind the data, as servers send it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()
        super().close()


@pytest.mark.parametrize("way", ["streamed", "stored", "folders", "backwards", "extra fields", "names in Chinese"])
def test_containers_of_other_programs(source: Path, tmp_path: Path, way: str) -> None:
    path = tmp_path / "packed.xlsx"
    method = zipfile.ZIP_STORED if way == "stored" else zipfile.ZIP_DEFLATED
    with Pipe(path) if way == "streamed" else path.open("wb") as file, zipfile.ZipFile(file, "w", method) as package:
        if way == "folders":
            package.writestr("xl/worksheets/", b"")
        for name, data in sorted(parts(source).items(), reverse=way == "backwards"):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            if way == "extra fields":
                entry.extra, entry.comment = struct.pack("<2HBL", 0x5455, 5, 1, 1_700_000_000), "说明".encode()
            package.writestr(entry, data)
        if way == "names in Chinese":
            package.writestr("xl/media/图片.xml", b"<x/>")
        package.comment = b"packed elsewhere"
    assert added(marked(path), path) == []


def test_parts_that_are_listed_with_backslashes(source: Path, tmp_path: Path) -> None:
    """As programs on .NET before 4.6.1 zip folders."""
    listed = tmp_path / "listed.xlsx"
    with zipfile.ZipFile(listed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts(source).items():
            entry = zipfile.ZipInfo()
            entry.filename = name.replace("/", "\\")
            package.writestr(entry, data)
    done = mark(listed, finding("B2"), finding("C3", 2))
    assert done.refused is None and done.cells == 2
