"""What a file is by its first bytes. The name is never believed."""

from __future__ import annotations

import re
from typing import Final

from checker.errors import ReadError
from checker.readers.refusals import refuse

__all__ = ["OLE", "ZIP", "recognise"]

ZIP: Final = "zip"
OLE: Final = "ole"

_MAGIC: Final = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
_REFUSED: Final = (
    (b"%PDF-", "FORMAT_PDF"),
    (b"\x00\x05\x16\x07", "APPLE_DOUBLE"),
    (b"Rar!", "FORMAT_ARCHIVE"),
    (b"7z\xbc\xaf\x27\x1c", "FORMAT_ARCHIVE"),
    (b"\x1f\x8b", "FORMAT_ARCHIVE"),
    # Beginning-of-file records of BIFF 2, 3, 4 and of BIFF 5 and 8 outside of a compound file
    (b"\x09\x00\x04\x00", "FORMAT_OLD_XLS"),
    (b"\x09\x02\x06\x00", "FORMAT_OLD_XLS"),
    (b"\x09\x04\x06\x00", "FORMAT_OLD_XLS"),
    (b"\x09\x08\x08\x00", "FORMAT_OLD_XLS"),
    (b"\x09\x08\x10\x00", "FORMAT_OLD_XLS"),
    (b"{\\rtf", "FORMAT_OFFICE"),
)
_HTML: Final = re.compile(r"<!doctype html|<(?:html|head|body|table|meta|style|script|div|title|base|center|font)\b")
_MHTML: Final = re.compile(r"^(?:mime-version|content-type|from|subject|date):", re.MULTILINE)
#: The mark beside an open workbook: the length of a name, the name, the name in UTF-16.
_LOCK_SIZE: Final = 165
_HEAD: Final = 4096


def recognise(data: bytes, path: str) -> str:
    """``ZIP`` or ``OLE``. Raises ``ReadError`` for everything else, named as well as can be."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    raise _refusal(data, path)


def _refusal(data: bytes, path: str) -> ReadError:
    if not data.strip(b"\0"):
        return refuse("FILE_EMPTY", path)
    for magic, code in _REFUSED:
        if data.startswith(magic):
            return refuse(code, path)
    if len(data) == _LOCK_SIZE and 0 < data[0] <= 54:
        return refuse("LOCK_FILE", path)
    head = _decode(data[:_HEAD])
    if head is None:
        return refuse("FORMAT_PDF" if b"%PDF-" in data[:1024] else "FORMAT_UNKNOWN", path)
    text = head.lstrip("\ufeff \t\r\n").lower()
    if "multipart/related" in text and _MHTML.match(text):
        return refuse("FORMAT_MHTML", path)
    if text.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text or 'progid="excel.sheet"' in text:
            return refuse("FORMAT_XML_2003", path)
        if "urn:oasis:names:tc:opendocument" in text:
            return refuse("FORMAT_ODS", path)
        return refuse("FORMAT_HTML" if _HTML.search(text) else "FORMAT_XML", path)
    return refuse("FORMAT_TEXT", path)


def _decode(head: bytes) -> str | None:
    """The beginning of a text in any usual encoding; None if it is not a text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if any(byte < 32 and byte not in b"\t\n\f\r\x1a" for byte in head):
        return None
    return head.decode("utf-8", "replace")
