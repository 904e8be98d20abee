"""The workbook of results that is given where the workbook itself cannot be marked."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from checker.annotate.styles import EMPTY
from checker.readers.markup import MAIN_NAMESPACES

__all__ = ["empty_package"]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{_KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (f'<workbook xmlns="{MAIN_NAMESPACES[0]}" xmlns:r="{_KINDS}"><sheets></sheets></workbook>'),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{_KINDS}/styles" Target="styles.xml"/></Relationships>'
    ),
}


def empty_package() -> bytes:
    """A workbook without sheets, to which sheets are added. The same bytes each time."""
    stream = BytesIO()
    styles = EMPTY.format(MAIN_NAMESPACES[0]).removeprefix(_HEAD)
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name, text in {**_PARTS, "xl/styles.xml": styles}.items():
            package.writestr(ZipInfo(name), (_HEAD + text).encode(), ZIP_DEFLATED)
    return stream.getvalue()
