"""Workbook packages put together part by part, for files that no program would write."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"

Content = str | bytes


def relations(*items: tuple[str, str, str], mode: str = "") -> str:
    """A ``.rels`` part of (id, kind, target)."""
    rows = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>' for i, kind, target in items
    )
    return f'{DECLARATION}<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def workbook(sheets: str = '<sheet name="S" sheetId="1" r:id="rId1"/>', before: str = "", after: str = "") -> str:
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{sheets}</sheets>{after}</workbook>'
    )


def sheet(rows: str = "", before: str = "", after: str = "", namespace: str = MAIN) -> str:
    return f'{DECLARATION}<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(items: str) -> str:
    return f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'


def parts(rows: str) -> dict[str, Content]:
    """The parts of a workbook of one sheet with ``rows``."""
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/x"/>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        SHEET: sheet(rows),
        STRINGS: strings("<si><t>alpha</t></si><si><t>beta</t></si>"),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="10"/></cellXfs></styleSheet>',
    }


def pack(content: Mapping[str, Content], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return file.getvalue()


def book(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', /, **other: Content) -> bytes:
    """A workbook of one sheet with ``rows``; ``other`` replaces or adds parts, by name."""
    return pack({**parts(rows), **other})


def patched(data: bytes, part: str, offset: int, layout: str, *values: int, central: bool = True) -> bytes:
    """``data`` with a field of the directory entry (or the local header) of ``part`` overwritten."""
    signature, name_at = (b"PK\x01\x02", 46) if central else (b"PK\x03\x04", 30)
    changed = bytearray(data)
    at = -1
    while (at := data.find(signature, at + 1)) >= 0:
        if data[at + name_at :].startswith(part.encode()):
            struct.pack_into(layout, changed, at + offset, *values)
    assert bytes(changed) != data
    return bytes(changed)


def compound(streams: Mapping[str, bytes], fat: Mapping[int, int] | None = None) -> bytes:
    """An OLE2 file of ``streams`` (each padded to 4,096 bytes), with entries of the table overwritten."""
    sector, end = 512, 0xFFFFFFFE
    contents = {name: text.ljust(4096, b"\0") for name, text in streams.items()}
    table: list[int] = []
    entries = [("Root Entry", 5, 0xFFFFFFFF, 0xFFFFFFFF, 1 if streams else 0xFFFFFFFF, end, 0)]
    body = b""
    for number, (name, text) in enumerate(contents.items(), 1):
        padded = text + bytes(-len(text) % sector)
        start = len(table)
        table += [*range(start + 1, start + len(padded) // sector), end]
        right = number + 1 if number < len(contents) else 0xFFFFFFFF
        entries.append((name, 2, 0xFFFFFFFF, right, 0xFFFFFFFF, start, len(text)))
        body += padded
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB3I", 2 * len(name) + 2, kind, 1, left, right, child)
        + bytes(36)
        + struct.pack("<2I4x", start, size)
        for name, kind, left, right, child, start, size in entries
    )
    directory += bytes(-len(directory) % sector)
    directory_at = len(table)
    table += [*range(directory_at + 1, directory_at + len(directory) // sector), end]
    fat_at = len(table)
    fat_sectors = 1
    while (len(table) + fat_sectors) * 4 > fat_sectors * sector:
        fat_sectors += 1
    assert fat_sectors <= 109
    table += [0xFFFFFFFD] * fat_sectors
    for index, value in (fat or {}).items():
        table[index] = value
    packed = struct.pack(f"<{len(table)}I", *table).ljust(fat_sectors * sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 62, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, fat_sectors, directory_at, 0, 4096, end, 0, end, 0)
    header += struct.pack(f"<{fat_sectors}I", *range(fat_at, fat_at + fat_sectors)).ljust(436, b"\xff")
    return header + body + directory + packed


def biff(sheets: list[bytes], names: list[str] | None = None, extra: bytes = b"") -> bytes:
    """A BIFF 8 stream with one worksheet substream for each of ``sheets`` (records without BOF and EOF)."""
    titles = names or [f"S{number}" for number in range(1, len(sheets) + 1)]
    globals_head = record(0x0809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0)) + record(0x42, b"\xb0\x04") + extra
    size = len(globals_head) + sum(4 + 8 + len(title) for title in titles) + 4
    bounds = substreams = b""
    for title, records in zip(titles, sheets, strict=True):
        position = size + len(substreams)
        bounds += record(0x85, struct.pack("<IBBBB", position, 0, 0, len(title), 0) + title.encode("latin1"))
        substreams += record(0x0809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0)) + records + record(0x0A)
    return globals_head + bounds + record(0x0A) + substreams


def record(code: int, content: bytes = b"") -> bytes:
    return struct.pack("<2H", code, len(content)) + content


def number_cell(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<3Hd", row, column, 0, value))
