"""Files that a reader must survive: each kind by name, with what is to come of it.

``python -m tests.readers.hostile DIRECTORY`` writes them all for a look with other programs.
"""

from __future__ import annotations

import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from .packages import (
    DECLARATION,
    MAIN,
    OFFICE,
    RELATIONS,
    SHEET,
    STRICT,
    STRINGS,
    biff,
    book,
    compound,
    number_cell,
    pack,
    parts,
    patched,
    record,
    relations,
    sheet,
    strings,
    workbook,
)

__all__ = ["KINDS", "LARGE", "READ", "Kind"]

READ: Final = "read"
ONE: Final = '<row r="1"><c r="A1"><v>1</v></c></row>'
RELS: Final = "xl/_rels/workbook.xml.rels"
STRICT_OFFICE: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(NamedTuple):
    """``expected`` is ``read`` or a code; ``name`` what the file is called."""

    make: Callable[[], bytes]
    expected: str
    name: str = "book.xlsx"


def whole(xml: str | bytes, part: str = SHEET) -> bytes:
    return book(**{part: xml})


def cell(inner: str, attributes: str = 'r="A1"') -> bytes:
    return book(f'<row r="1"><c {attributes}>{inner}</c></row>')


def in_sheet(before: str, rows: str = ONE) -> bytes:
    return whole(f"{DECLARATION}{before}<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>")


def entity_sheet(declarations: str, use: str) -> bytes:
    return in_sheet(f"<!DOCTYPE worksheet [{declarations}]>", f'<row r="1"><c r="A1" t="str"><v>{use}</v></c></row>')


def laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return entity_sheet(f'<!ENTITY l0 "ha">{lines}', "&l9;")


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def flipped(part: str) -> bytes:
    """A package with one byte of the stored text of ``part`` changed, so that its checksum is wrong."""
    data = pack(parts(ONE), zipfile.ZIP_STORED)
    at = data.index(b"<v>1</v>" if part == SHEET else b"alpha")
    return data[: at + 3] + b"7" + data[at + 4 :]


def archive(entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in entries:
            target.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def with_entry(name: str, content: bytes = b"x") -> bytes:
    return archive([*((n, t.encode() if isinstance(t, str) else t) for n, t in parts(ONE).items()), (name, content)])


def renamed(change: Callable[[str], str]) -> bytes:
    return pack({change(name): text for name, text in parts(ONE).items()})


def other_main(kind: str, target: str, content: str = "<x/>") -> bytes:
    return pack({"_rels/.rels": relations(("r", kind, target)), target: content})


def open_document() -> bytes:
    return archive([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")])


def overlapping() -> bytes:
    """Two entries of the directory that share one run of bytes."""
    data = with_entry("xl/media/a.bin", b"y" * 100)
    directory = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    last = data.rindex(b"PK\x01\x02", 0, end)
    twin = bytearray(data[last:end])
    twin[46 + len("xl/media/a.bi")] = ord("X")
    changed = bytearray(data[:end] + bytes(twin) + data[end:])
    at = changed.index(b"PK\x05\x06")
    count = struct.unpack_from("<H", data, end + 10)[0] + 1
    struct.pack_into("<2H2I", changed, at + 8, count, count, at - directory, directory)
    return bytes(changed)


def rows_of(count: int, columns: int, text: str = '<c r="{letter}{row}"><v>1</v></c>') -> str:
    letters = [chr(65 + number) for number in range(columns)]
    return "".join(
        f'<row r="{row}">{"".join(text.format(letter=letter, row=row) for letter in letters)}</row>'
        for row in range(1, count + 1)
    )


def implied(rows: int, columns: int) -> bytes:
    return book(f"<row>{'<c><v>1</v></c>' * columns}</row>" * rows)


def nested(levels: int, filler: str = "") -> str:
    return f"<a>{filler}" * levels + "</a>" * levels


def sheets(count: int, name: str = "S{}") -> bytes:
    listing = "".join(f'<sheet name="{name.format(n)}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count + 1))
    return whole(workbook(listing), "xl/workbook.xml")


def commented(comments: str, target: str = "../comments1.xml") -> bytes:
    return book(
        **{
            "xl/worksheets/_rels/sheet1.xml.rels": relations(("r1", "comments", target)),
            "xl/comments1.xml": f'<comments xmlns="{MAIN}"><commentList>{comments}</commentList></comments>',
        }
    )


def styled(xml: str) -> bytes:
    return whole(f'{DECLARATION}<styleSheet xmlns="{MAIN}">{xml}</styleSheet>', "xl/styles.xml")


def xls(*records: bytes, extra: bytes = b"", stream: str = "Workbook") -> bytes:
    return compound({stream: biff([b"".join(records)], extra=extra)})


def broken_stream(change: Callable[[bytes], bytes]) -> bytes:
    return compound({"Workbook": change(biff([number_cell(0, 0, 1.5) * 3]))})


def shared_formula_bomb() -> bytes:
    text = "+".join(["A1"] * 10_000)
    master = f'<row r="1"><c r="B1"><f t="shared" si="0" ref="B1:B9999">{text}</f><v>1</v></c></row>'
    child = '<row r="{0}"><c r="B{0}"><f t="shared" si="0"/><v>1</v></c></row>'
    return book(master + "".join(child.format(row) for row in range(2, 6000)))


def array_bomb() -> bytes:
    text = '<row r="{0}"><c r="A{0}"><f t="array" ref="A1:XFD1048576">SUM(1)</f><v>1</v></c></row>'
    return book("".join(text.format(row) for row in range(1, 200)))


def as_much_as_may_be() -> bytes:
    """Just below the limits, in the forms that take longest to read."""
    texts = "".join(f"<si><r><t>{number}</t></r></si>" for number in range(325_000))
    row = '<row><c t="s"><f>A1</f><v>1</v></c>' + '<c t="s"><v>5</v></c>' * 15 + "</row>"
    return book(row * 20_200, **{STRINGS: strings(texts)})


def stored_methods(method: int) -> bytes:
    data = pack(parts(ONE))
    data = patched(data, SHEET, 10, "<H", method)
    return patched(data, SHEET, 8, "<H", method, central=False)


FILES: Final[dict[str, Kind]] = {
    "empty file": Kind(lambda: b"", "FILE_EMPTY"),
    "one byte": Kind(lambda: b"P", "FORMAT_TEXT"),
    "only zero bytes": Kind(lambda: bytes(70_000), "FILE_EMPTY"),
    "csv": Kind(lambda: "项目,金额\n甲,1\n".encode(), "FORMAT_TEXT", "a.csv"),
    "csv in GBK named xls": Kind(lambda: "项目,金额\n甲,1\n".encode("gbk"), "FORMAT_TEXT", "a.xls"),
    "text in UTF-16": Kind(lambda: "项目\t金额\n".encode("utf-16"), "FORMAT_TEXT", "a.xls"),
    "html table": Kind(lambda: b"\n <table><tr><td>1</td></tr></table>", "FORMAT_HTML", "a.xls"),
    "html of Excel": Kind(
        lambda: b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=gbk>',
        "FORMAT_HTML",
        "a.xls",
    ),
    "html with byte order mark": Kind(lambda: b"\xef\xbb\xbf<!DOCTYPE html><html>", "FORMAT_HTML", "a.xls"),
    "html in UTF-16": Kind(lambda: "<html><body>".encode("utf-16"), "FORMAT_HTML", "a.xls"),
    "mhtml": Kind(
        lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "FORMAT_MHTML", "a.xls"
    ),
    "xml spreadsheet 2003": Kind(
        lambda: (
            b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
            b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        "FORMAT_XML_2003",
        "a.xls",
    ),
    "other xml": Kind(lambda: b'<?xml version="1.0"?><data/>', "FORMAT_XML"),
    "flat OpenDocument": Kind(
        lambda: b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "FORMAT_ODS"
    ),
    "pdf": Kind(lambda: b"%PDF-1.7\n%\xe2\xe3", "FORMAT_PDF", "a.pdf"),
    "pdf after rubbish": Kind(lambda: b"\0\1\2\n%PDF-1.4\n", "FORMAT_PDF"),
    "rich text": Kind(lambda: b"{\\rtf1 x}", "FORMAT_OFFICE"),
    "rar": Kind(lambda: b"Rar!\x1a\x07\x00xx", "FORMAT_ARCHIVE"),
    "7z": Kind(lambda: b"7z\xbc\xaf\x27\x1c\0\0", "FORMAT_ARCHIVE"),
    "gzip": Kind(lambda: b"\x1f\x8b\x08\0\0", "FORMAT_ARCHIVE"),
    "png": Kind(lambda: b"\x89PNG\r\n\x1a\n\0\0\0", "FORMAT_UNKNOWN"),
    "program": Kind(lambda: b"\x7fELF\x02\x01\x01\0", "FORMAT_UNKNOWN"),
    "AppleDouble": Kind(lambda: b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "APPLE_DOUBLE", "._a.xlsx"),
    "lock mark": Kind(
        lambda: b"\x05Admin".ljust(55) + b"\x05\0" + "Admin".ljust(54).encode("utf-16-le"), "LOCK_FILE", "~$a.xlsx"
    ),
    "BIFF 2": Kind(lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00", "FORMAT_OLD_XLS", "a.xls"),
    "BIFF 4": Kind(lambda: b"\x09\x04\x06\x00\x00\x04\x10\x00\0\0", "FORMAT_OLD_XLS", "a.xls"),
    "BIFF 8 without a compound file": Kind(lambda: biff([number_cell(0, 0, 1)]), "FORMAT_OLD_XLS", "a.xls"),
}

ZIPS: Final[dict[str, Kind]] = {
    "docx": Kind(lambda: other_main("officeDocument", "word/document.xml"), "FORMAT_OFFICE"),
    "pptx": Kind(lambda: other_main("officeDocument", "ppt/presentation.xml"), "FORMAT_OFFICE"),
    "docx under another name": Kind(lambda: other_main("officeDocument", "main.xml"), "PART_WRONG"),
    "package without a document": Kind(lambda: other_main("thumbnail", "x.xml"), "FORMAT_OFFICE"),
    "xlsb": Kind(lambda: other_main("officeDocument", "xl/workbook.bin"), "FORMAT_XLSB", "a.xlsb"),
    "ods": Kind(open_document, "FORMAT_ODS", "a.ods"),
    "zip of workbooks": Kind(lambda: archive([("a.xlsx", book()), ("b.xlsx", book())]), "FORMAT_ARCHIVE"),
    "empty zip": Kind(lambda: archive([]), "FORMAT_ARCHIVE"),
    "package relations missing": Kind(
        lambda: pack({n: t for n, t in parts(ONE).items() if n != "_rels/.rels"}), "PART_MISSING"
    ),
    "cut in half": Kind(lambda: cut(book(), 0.5), "FILE_TRUNCATED"),
    "last bytes cut": Kind(lambda: book()[:-20], "FILE_TRUNCATED"),
    "only the magic": Kind(lambda: b"PK\x03\x04", "FILE_TRUNCATED"),
    "bytes before the zip": Kind(lambda: b"MZ\x90\0" + book(), "FORMAT_UNKNOWN"),
    "bytes after the zip": Kind(lambda: book() + bytes(100), READ),
    "directory out of place": Kind(lambda: book()[:-6] + struct.pack("<I", 0xFFFFFF) + b"\0\0", "ZIP_DAMAGED"),
    "checksum of a sheet": Kind(lambda: flipped(SHEET), "ZIP_DAMAGED"),
    "checksum of the texts": Kind(lambda: flipped(STRINGS), "ZIP_DAMAGED"),
    "broken deflate stream": Kind(
        lambda: (lambda d: d[: d.index(SHEET.encode()) + 26] + b"\xff" * 20 + d[d.index(SHEET.encode()) + 46 :])(
            book()
        ),
        "ZIP_DAMAGED",
    ),
    "encrypted entry": Kind(lambda: patched(book(), SHEET, 8, "<H", 1), "ENCRYPTED"),
    "bzip2": Kind(lambda: pack(parts(ONE), zipfile.ZIP_BZIP2), "ZIP_METHOD"),
    "lzma": Kind(lambda: pack(parts(ONE), zipfile.ZIP_LZMA), "ZIP_METHOD"),
    "unknown method": Kind(lambda: stored_methods(99), "ZIP_METHOD"),
    "stored": Kind(lambda: pack(parts(ONE), zipfile.ZIP_STORED), READ),
    "duplicate part": Kind(lambda: with_entry(SHEET, b"<x/>"), "ZIP_DUPLICATE"),
    "duplicate but for case": Kind(lambda: with_entry(SHEET.upper(), b"<x/>"), "ZIP_DUPLICATE"),
    "traversal": Kind(lambda: with_entry("../../etc/passwd"), "ZIP_UNSAFE_NAME"),
    "drive letter": Kind(lambda: with_entry("C:/windows/x"), "ZIP_UNSAFE_NAME"),
    "zero byte in a name": Kind(
        lambda: with_entry("xl/media/Q.bin").replace(b"xl/media/Q", b"xl/media/\0"), "ZIP_UNSAFE_NAME"
    ),
    "backslashes in names": Kind(lambda: renamed(lambda name: name.replace("/", "\\")), READ),
    "leading slashes in names": Kind(lambda: renamed(lambda name: f"/{name}"), READ),
    "names in capitals": Kind(lambda: renamed(str.upper), READ),
    "25,000 entries": Kind(
        lambda: archive([(f"x/{n}", b"") for n in range(25_000)], zipfile.ZIP_STORED), "ZIP_TOO_MANY_ENTRIES"
    ),
    "overlapping entries": Kind(overlapping, "ZIP_DAMAGED"),
    "declared smaller than it is": Kind(lambda: patched(book(), SHEET, 24, "<I", 50), "ZIP_DAMAGED"),
    "declared larger than it is": Kind(lambda: patched(book(), SHEET, 24, "<I", 9_000), READ),
    "declared 4 GiB": Kind(lambda: patched(book(), SHEET, 24, "<I", 0xFFFFFFF0), "ZIP_TOO_LARGE"),
    "500 MiB in media": Kind(lambda: with_entry("xl/media/a.bin", bytes(500 * 1024 * 1024)), "ZIP_TOO_LARGE"),
    "ratio": Kind(lambda: whole(sheet(" " * 40_000_000)), "ZIP_RATIO"),
    "100 MiB file": Kind(lambda: book() + bytes(105 * 1024 * 1024), "FILE_TOO_LARGE"),
}

MARKUP: Final[dict[str, Kind]] = {
    "billion laughs": Kind(laughs, "XML_DTD"),
    "external entity": Kind(lambda: entity_sheet('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "XML_DTD"),
    "parameter entity": Kind(lambda: entity_sheet('<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;', ""), "XML_DTD"),
    "external document type": Kind(lambda: in_sheet('<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'), "XML_DTD"),
    "document type in the texts": Kind(lambda: whole(f"<!DOCTYPE sst><sst xmlns='{MAIN}'/>", STRINGS), "XML_DTD"),
    "document type in the workbook": Kind(
        lambda: whole(f"<!DOCTYPE workbook>{workbook().removeprefix(DECLARATION)}", "xl/workbook.xml"), "XML_DTD"
    ),
    "undefined entity": Kind(lambda: cell("<v>&nope;</v>"), "XML_DAMAGED"),
    "unclosed": Kind(lambda: whole(sheet(ONE)[:-20]), "XML_DAMAGED"),
    "crossed tags": Kind(lambda: book('<row r="1"><c r="A1"><v>1</c></v></row>'), "XML_DAMAGED"),
    "nothing in the part": Kind(lambda: whole(""), "XML_DAMAGED"),
    "two roots": Kind(lambda: whole(sheet(ONE) + "<x/>"), "XML_DAMAGED"),
    "bad UTF-8": Kind(
        lambda: whole(sheet('<row r="1"><c r="A1" t="str"><v>@</v></c></row>').encode().replace(b"@", b"\xff")),
        "XML_DAMAGED",
    ),
    "zero byte": Kind(lambda: whole(sheet('<row r="1"><c r="A1" t="str"><v>\0</v></c></row>')), "XML_DAMAGED"),
    "control character": Kind(lambda: cell("<v>\x01</v>", 'r="A1" t="str"'), "XML_DAMAGED"),
    "declared as GB2312": Kind(lambda: whole(sheet(ONE).replace("UTF-8", "GB2312")), READ),
    "unknown encoding": Kind(lambda: whole(sheet(ONE).replace("UTF-8", "x-nope")), READ),
    "UTF-16": Kind(lambda: whole(sheet(ONE).replace("UTF-8", "UTF-16").encode("utf-16")), READ),
    "byte order mark": Kind(lambda: whole(b"\xef\xbb\xbf" + sheet(ONE).encode()), READ),
    "deep among the cells": Kind(lambda: book(nested(1_500_000)), "XML_TOO_DEEP"),
    "deep behind comments": Kind(lambda: book(nested(900_000, "<!--</</-->")), "XML_TOO_DEEP"),
    "deep in UTF-16": Kind(
        lambda: whole(sheet(nested(900_000, "<b/>")).replace("UTF-8", "UTF-16").encode("utf-16")), "XML_TOO_DEEP"
    ),
    "deep after the cells": Kind(lambda: whole(sheet(ONE, after=nested(1_500_000))), "XML_TOO_DEEP"),
    "deep in the workbook": Kind(lambda: whole(workbook(after=nested(100_000)), "xl/workbook.xml"), "XML_TOO_DEEP"),
    "deep in the texts": Kind(
        lambda: book('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{STRINGS: strings(nested(100_000))}),
        "XML_TOO_DEEP",
    ),
    "attribute of 20 MB": Kind(lambda: cell("<v>1</v>", f'r="A1" x="{"y" * 20_000_000}"'), "XML_TAG_TOO_LONG"),
    "comment of 20 MB": Kind(lambda: book(f"<!--{'y' * 20_000_000}-->{ONE}"), "XML_TAG_TOO_LONG"),
    "100,000 attributes": Kind(
        lambda: cell("<v>1</v>", 'r="A1" ' + " ".join(f'a{n}=""' for n in range(100_000))), "XML_TOO_MANY_NAMES"
    ),
    "100,000 names": Kind(lambda: book("".join(f"<n{n}/>" for n in range(100_000))), "XML_TOO_MANY_NAMES"),
    "CDATA": Kind(lambda: cell("<v><![CDATA[12]]></v>"), READ),
    "comments among the cells": Kind(lambda: book(f"<!-- a -->{ONE}<!-- </row> -->"), READ),
    "processing instructions": Kind(lambda: book(f"<?a b?>{ONE}<?c </row>?>"), READ),
    "white space everywhere": Kind(
        lambda: whole(sheet("\n <row r='1'>\n  <c r='A1'>\n   <v>1</v>\n  </c>\n </row>\n", before="\n ")), READ
    ),
    "text among the cells": Kind(lambda: book(f"hello{ONE}world"), READ),
    "text of 5 MB": Kind(lambda: cell(f"<v>{'x' * 5_000_000}</v>", 'r="A1" t="str"'), "TEXT_TOO_LONG"),
    "text of 5 MB in place": Kind(
        lambda: cell(f"<is><t>{'y' * 5_000_000}</t></is>", 'r="A1" t="inlineStr"'), "TEXT_TOO_LONG"
    ),
    "text of 5 MB with a comment": Kind(
        lambda: cell(f"<!-- --><v>{'y' * 5_000_000}</v>", 'r="A1" t="str"'), "TEXT_TOO_LONG"
    ),
    "number of 5 million digits": Kind(lambda: cell(f"<v>{'7' * 5_000_000}</v>"), "TEXT_TOO_LONG"),
    "shared text of 5 MB": Kind(
        lambda: book(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            **{STRINGS: strings(f"<si><t>{'z' * 5_000_000}</t></si>")},
        ),
        "TEXT_TOO_LONG",
    ),
    "700,000 shared texts": Kind(
        lambda: book(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            **{STRINGS: strings("".join(f"<si><t>{n}</t></si>" for n in range(700_000)))},
        ),
        "TOO_MANY_TEXTS",
    ),
    "texts of 60 MB": Kind(
        lambda: book(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            **{STRINGS: strings("".join(f"<si><t>{n * 7919 % 99991}{'q' * 90}</t></si>" for n in range(550_000)))},
        ),
        "PART_TOO_LARGE",
    ),
    "uniqueCount of 4 thousand million": Kind(
        lambda: whole(strings("<si><t>a</t></si>").replace("<sst ", '<sst uniqueCount="4294967295" '), STRINGS), READ
    ),
}

PARTS: Final[dict[str, Kind]] = {
    "workbook part missing": Kind(
        lambda: pack({n: t for n, t in parts(ONE).items() if n != "xl/workbook.xml"}), "PART_MISSING"
    ),
    "sheet part missing": Kind(lambda: pack({n: t for n, t in parts(ONE).items() if n != SHEET}), "PART_MISSING"),
    "texts missing but used": Kind(
        lambda: pack({n: t for n, t in parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>').items() if n != STRINGS}),
        "PART_MISSING",
    ),
    "styles missing": Kind(lambda: pack({n: t for n, t in parts(ONE).items() if n != "xl/styles.xml"}), "PART_MISSING"),
    "no styles, no texts": Kind(
        lambda: book(**{RELS: relations(("rId1", "worksheet", "worksheets/sheet1.xml"))}), READ
    ),
    "relations of the workbook missing": Kind(
        lambda: pack({n: t for n, t in parts(ONE).items() if n != RELS}), "PART_MISSING"
    ),
    "sheet outside of the file": Kind(
        lambda: book(**{RELS: relations(("rId1", "worksheet", "http://127.0.0.1/"), mode=' TargetMode="External"')}),
        "PART_MISSING",
    ),
    "sheet target climbs out": Kind(
        lambda: book(**{RELS: relations(("rId1", "worksheet", "../../../../etc/passwd"))}), "PART_MISSING"
    ),
    "sheet with the root of a chart": Kind(lambda: whole(f'<chartsheet xmlns="{MAIN}"/>'), "PART_WRONG"),
    "sheet without a namespace": Kind(
        lambda: whole(f"<worksheet><sheetData>{ONE}</sheetData></worksheet>"), "PART_WRONG"
    ),
    "chart sheet": Kind(lambda: book(**{RELS: relations(("rId1", "chartsheet", "worksheets/sheet1.xml"))}), READ),
    "no sheets": Kind(lambda: whole(workbook(""), "xl/workbook.xml"), "NO_SHEETS"),
    "2,000 sheets": Kind(lambda: sheets(2_000), "TOO_MANY_SHEETS"),
    "1,000 sheets of one part": Kind(lambda: sheets(1_000), READ),
    "two sheets of one name": Kind(lambda: sheets(2, "same"), "SHEET_TWICE"),
    "strict": Kind(
        lambda: pack({n: str(t).replace(MAIN, STRICT).replace(OFFICE, STRICT_OFFICE) for n, t in parts(ONE).items()}),
        READ,
    ),
    "prefixed": Kind(
        lambda: whole(
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        ),
        READ,
    ),
    "alternate content in the workbook": Kind(
        lambda: whole(
            workbook(
                before='<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                '<mc:Choice Requires="x15"><sheets/></mc:Choice></mc:AlternateContent>'
            ),
            "xl/workbook.xml",
        ),
        READ,
    ),
    "alternate content among the cells": Kind(
        lambda: book(
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:Choice Requires="x15">{ONE}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
        ),
        "ALTERNATE_CELLS",
    ),
    "alternate content after the cells": Kind(
        lambda: whole(
            sheet(
                ONE,
                after='<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>',
            )
        ),
        READ,
    ),
    "comments part missing": Kind(lambda: commented("", "../nothing.xml"), "PART_MISSING"),
    "comment nowhere": Kind(lambda: commented('<comment ref="??"><text><t>x</t></text></comment>'), READ),
    "comments not well-formed": Kind(lambda: commented("<comment"), "XML_DAMAGED"),
    "200,000 styles": Kind(lambda: styled(f"<cellXfs>{'<xf/>' * 200_000}</cellXfs>"), READ),
    "styles nested in styles": Kind(lambda: styled(nested(10_000)), "XML_TOO_DEEP"),
    "100,000 names defined": Kind(
        lambda: whole(
            workbook(
                after="<definedNames>"
                + "".join(f'<definedName name="n{n}">S!A{n}</definedName>' for n in range(100_000))
                + "</definedNames>"
            ),
            "xl/workbook.xml",
        ),
        READ,
    ),
    "relations without end": Kind(
        lambda: book(
            **{RELS: f'<Relationships xmlns="{RELATIONS}">' + "<Relationship/>" * 100_000 + "</Relationships>"}
        ),
        "PART_MISSING",
    ),
    "external link": Kind(lambda: cell("<f>'http://127.0.0.1/[x.xlsx]S'!A1</f><v>1</v>"), READ),
    "formula that calls a program": Kind(lambda: cell("<f>cmd|'/c calc'!A0</f><v>1</v>"), READ),
}

CELLS: Final[dict[str, Kind]] = {
    "sparse corners": Kind(
        lambda: book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
        READ,
    ),
    "column ZZZ": Kind(lambda: book('<row r="9"><c r="ZZZ9"><v>1</v></c></row>'), "OUTSIDE_GRID"),
    "row of 20 digits": Kind(
        lambda: book('<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>'), "OUTSIDE_GRID"
    ),
    "row 0": Kind(lambda: book('<row r="0"><c r="A0"><v>1</v></c></row>'), "OUTSIDE_GRID"),
    "row -1": Kind(lambda: book('<row r="-1"><c r="A1"><v>1</v></c></row>'), "OUTSIDE_GRID"),
    "reference ??": Kind(lambda: book('<row r="1"><c r="??"><v>1</v></c></row>'), "BAD_REFERENCE"),
    "cell in the wrong row": Kind(lambda: book('<row r="1"><c r="A2"><v>1</v></c></row>'), "CELL_IN_WRONG_ROW"),
    "cell twice": Kind(lambda: book('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "CELL_TWICE"),
    "value twice": Kind(lambda: cell("<v>1</v><v>2</v>"), "CELL_TWICE"),
    "row twice": Kind(
        lambda: book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'), "CELL_TWICE"
    ),
    "row in two halves": Kind(
        lambda: book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>'), READ
    ),
    "rows backwards": Kind(
        lambda: book('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'), READ
    ),
    "cells backwards": Kind(lambda: book('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), READ),
    "row within a row": Kind(lambda: book(f'<row r="1">{ONE}</row>'), READ),
    "20,000 cells without references in a row": Kind(lambda: implied(1, 20_000), "OUTSIDE_GRID"),
    "unknown type": Kind(lambda: cell("<v>1</v>", 'r="A1" t="zz"'), READ),
    "text where a number should be": Kind(lambda: cell("<v>abc</v>"), READ),
    "number without end": Kind(lambda: cell("<v>1e999</v>"), READ),
    "text number -1": Kind(lambda: cell("<v>-1</v>", 'r="A1" t="s"'), "TEXT_MISSING"),
    "text number 99": Kind(lambda: cell("<v>99</v>", 'r="A1" t="s"'), "TEXT_MISSING"),
    "text number of 5,000 digits": Kind(lambda: cell(f"<v>{'9' * 5_000}</v>", 'r="A1" t="s"'), "TEXT_MISSING"),
    "text number is a word": Kind(lambda: cell("<v>two</v>", 'r="A1" t="s"'), "TEXT_MISSING"),
    "style is a word": Kind(lambda: cell("<v>1</v>", 'r="A1" s="bold"'), "STYLE_DAMAGED"),
    "style out of range": Kind(lambda: cell("<v>1</v>", 'r="A1" s="999999"'), READ),
    "errors of new functions": Kind(lambda: cell("<v>#SPILL!</v>", 'r="A1" t="e"'), READ),
    "shared formula without a first": Kind(lambda: cell('<f t="shared" si="7"/><v>1</v>'), READ),
    "shared formulas without end": Kind(shared_formula_bomb, "TOO_MANY_FORMULAS"),
    "shared formula of 1 MB": Kind(
        lambda: cell(f'<f t="shared" si="0" ref="A1:A2">{"1+" * 500_000}1</f><v>1</v>'), "FORMULA_TOO_LONG"
    ),
    "brackets without end": Kind(lambda: cell(f'<f t="shared" si="0" ref="A1:A2">{"[" * 32_000}</f><v>1</v>'), READ),
    "array over everything": Kind(lambda: cell('<f t="array" ref="A1:XFD1048576">SUM(1)</f><v>1</v>'), READ),
    "arrays over everything": Kind(array_bomb, "TOO_MANY_ARRAYS"),
    "merge of everything": Kind(
        lambda: whole(sheet(ONE, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), READ
    ),
    "300,000 merges": Kind(
        lambda: whole(sheet(ONE, after="".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 300_001)))),
        "TOO_MANY_MERGES",
    ),
    "merge of nothing": Kind(lambda: whole(sheet(ONE, after='<mergeCell ref="A1:"/><mergeCell/>')), "BAD_REFERENCE"),
    "merge outside": Kind(lambda: whole(sheet(ONE, after='<mergeCell ref="A1:A9999999"/>')), "BAD_REFERENCE"),
    "columns over and over": Kind(
        lambda: whole(sheet(ONE, before='<cols><col min="1" max="16384" hidden="1"/></cols>' * 50)), "COLUMNS_DAMAGED"
    ),
    "columns backwards": Kind(
        lambda: whole(sheet(ONE, before='<cols><col min="9" max="2"/></cols>')), "COLUMNS_DAMAGED"
    ),
    "columns without numbers": Kind(lambda: whole(sheet(ONE, before="<cols><col/></cols>")), "COLUMNS_DAMAGED"),
    "a million cells": Kind(lambda: book(rows_of(40_000, 26)), "TOO_MANY_CELLS"),
    "a million cells without references": Kind(lambda: implied(100, 10_000), "TOO_MANY_CELLS"),
    "a million rows with nothing": Kind(
        lambda: book("".join(f'<row r="{n}" ht="14.25" customHeight="1"/>' for n in range(1, 1_048_577))), READ
    ),
    "a million rows that are not plain": Kind(lambda: book("<row></row>" * 1_100_000), "OUTSIDE_GRID"),
    "plain and other rows by turns": Kind(
        lambda: book("".join(f'<row r="{n}"></row><row></row>' for n in range(1, 400_000, 2))), READ
    ),
    "a million hidden rows": Kind(
        lambda: book("".join(f'<row r="{n}" hidden="1"/>' for n in range(1, 1_048_577))), READ
    ),
    "styles without cells": Kind(lambda: book(rows_of(80_000, 26, '<c r="{letter}{row}" s="1"/>')), READ),
    "100 MB of cells": Kind(
        lambda: book(rows_of(100_000, 26, '<c r="{letter}{row}" s="1" t="n"></c>')), "SHEET_TOO_LARGE"
    ),
    "as much as may be": Kind(as_much_as_may_be, READ),
    "cells twice over": Kind(lambda: whole(sheet(ONE, after=f"<sheetData>{ONE}</sheetData>")), "SHEET_DAMAGED"),
    "cells in a comment before the cells": Kind(
        lambda: whole(sheet(ONE, before='<!-- <sheetData><row r="9"><c r="A9"><v>6</v></c></row> -->')), READ
    ),
}

XLS: Final[dict[str, Kind]] = {
    "xls": Kind(lambda: xls(number_cell(0, 0, 1.5)), READ, "a.xls"),
    "xls named et": Kind(lambda: xls(number_cell(0, 0, 1.5)), READ, "a.et"),
    "xls named xlsx": Kind(lambda: xls(number_cell(0, 0, 1.5)), READ),
    "encrypted xlsx": Kind(lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "ENCRYPTED"),
    "encrypted xls": Kind(lambda: xls(extra=record(0x2F, bytes(6))), "ENCRYPTED", "a.xls"),
    "doc": Kind(lambda: compound({"WordDocument": b"x"}), "FORMAT_OFFICE", "a.xls"),
    "other compound file": Kind(lambda: compound({"Thing": b"x"}), "FORMAT_UNKNOWN", "a.xls"),
    "compound magic alone": Kind(lambda: OLE_MAGIC, "XLS_DAMAGED", "a.xls"),
    "compound file of zeros": Kind(lambda: OLE_MAGIC + bytes(4096), "XLS_DAMAGED", "a.xls"),
    "compound file of ones": Kind(lambda: OLE_MAGIC + b"\xff" * 9000, "XLS_DAMAGED", "a.xls"),
    "chain that turns back": Kind(
        lambda: compound({"Workbook": biff([number_cell(0, 0, 1.5) * 700])}, {3: 0}), "XLS_DAMAGED", "a.xls"
    ),
    "directory that turns back": Kind(
        lambda: (lambda d: d.replace(struct.pack("<I", 0xFFFFFFFF) * 3, struct.pack("<I", 0) * 3))(
            compound({"Workbook": biff([number_cell(0, 0, 1.5)])})
        ),
        READ,
        "a.xls",
    ),
    "table of 4 thousand million sectors": Kind(
        lambda: (lambda d: d[:44] + b"\xff" * 4 + d[48:])(xls(number_cell(0, 0, 1.5))), READ, "a.xls"
    ),
    "xls cut in half": Kind(lambda: cut(xls(number_cell(0, 0, 1.5) * 900), 0.5), "XLS_DAMAGED", "a.xls"),
    "rubbish for a stream": Kind(lambda: compound({"Workbook": b"\xde\xad" * 3000}), "XLS_DAMAGED", "a.xls"),
    "stream of zeros": Kind(lambda: compound({"Workbook": b""}), "XLS_DAMAGED", "a.xls"),
    "record cut": Kind(lambda: broken_stream(lambda s: s[:-10]), "XLS_DAMAGED", "a.xls"),
    "sheet nowhere": Kind(lambda: broken_stream(_moved), "XLS_DAMAGED", "a.xls"),
    "no sheets in xls": Kind(lambda: compound({"Workbook": biff([])}), "NO_SHEETS", "a.xls"),
    "xls corners": Kind(lambda: xls(number_cell(0, 0, 1), number_cell(65535, 255, 2)), READ, "a.xls"),
    "xls with the last column in every row": Kind(
        lambda: compound_big(b"".join(number_cell(row, 255, 1) for row in range(65_536))), "XLS_TOO_LARGE", "a.xls"
    ),
    "cells out of the grid": Kind(lambda: xls(number_cell(0, 300, 1)), "XLS_DAMAGED", "a.xls"),
    "texts that are not there": Kind(
        lambda: xls(record(0xFD, struct.pack("<3HI", 0, 0, 0, 99))), "XLS_DAMAGED", "a.xls"
    ),
    "table of texts too short": Kind(
        lambda: xls(number_cell(0, 0, 1), extra=record(0xFC, struct.pack("<2I", 9, 99_999_999))), "XLS_DAMAGED", "a.xls"
    ),
    "two million empty records": Kind(lambda: compound_big(record(0x99) * 2_100_000), "XLS_TOO_LARGE", "a.xls"),
}


def compound_big(records: bytes) -> bytes:
    """As ``xls``, for streams too long for a table that the header lists: one in sectors of 4,096 bytes."""
    stream = biff([records])
    sector, end = 4096, 0xFFFFFFFE
    stream += bytes(-len(stream) % sector)
    used = len(stream) // sector
    fat_sectors = -(-(used + 2 + 109) // 1024)
    table = [*range(1, used), end, end, *([0xFFFFFFFD] * fat_sectors)]
    entry = struct.Struct("<64sHBB3I36x2I4x")
    directory = entry.pack("Root Entry".encode("utf-16-le"), 22, 5, 1, *([0xFFFFFFFF] * 2), 1, end, 0)
    directory += entry.pack("Workbook".encode("utf-16-le"), 18, 2, 1, *([0xFFFFFFFF] * 3), 0, len(stream))
    header = OLE_MAGIC + bytes(16) + struct.pack("<5H6x", 62, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 0, fat_sectors, used, 0, 4096, end, 0, end, 0)
    header += struct.pack(f"<{fat_sectors}I", *range(used + 1, used + 1 + fat_sectors)).ljust(436, b"\xff")
    fat = struct.pack(f"<{len(table)}I", *table).ljust(fat_sectors * sector, b"\xff")
    return header.ljust(sector, b"\0") + stream + directory.ljust(sector, b"\0") + fat


def _moved(stream: bytes) -> bytes:
    at = stream.index(b"\x85\0") + 4
    return stream[:at] + struct.pack("<I", 0x7FFFFFFF) + stream[at + 4 :]


KINDS: Final[dict[str, Kind]] = {**FILES, **ZIPS, **MARKUP, **PARTS, **CELLS, **XLS}

#: Kinds that take a second or more to make and read.
LARGE: Final = frozenset(
    {
        "a million cells",
        "a million cells without references",
        "a million hidden rows",
        "a million rows that are not plain",
        "plain and other rows by turns",
        "a million rows with nothing",
        "as much as may be",
        "styles without cells",
        "100 MB of cells",
        "300,000 merges",
        "500 MiB in media",
        "shared formulas without end",
        "texts of 60 MB",
        "two million empty records",
    }
)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for title, kind in KINDS.items():
        (folder / f"{title.replace('/', ' ')} {kind.name}").write_bytes(kind.make())
