"""The copy is read again before anybody gets it: every cell must say what it said.

Parts that were not touched, and of sheets all but the styles of cells, are the same bytes in both; where more of a
sheet was changed than can be told from its tags, our reader reads the whole sheet from both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple, cast
from zipfile import ZipInfo

from checker.annotate.draft import Draft
from checker.annotate.edits import Edit
from checker.annotate.refusals import cannot_mark
from checker.annotate.sheet import SheetText
from checker.model.workbook import SheetContent, Workbook, address
from checker.readers import limits
from checker.readers.package import Package
from checker.readers.sheet import Budget, SheetSource, load_sheet
from checker.readers.xlsx import open_xlsx

__all__ = ["verify"]

_SPANS: Final = re.compile("[0-9]+:[0-9]+")


def verify(draft: Draft, before: Workbook, copy: bytes, sheets: dict[str, tuple[str, SheetText]]) -> None:
    """Compare ``copy``, which ``draft`` wrote, with the original, opened as ``before``. ``sheets`` are those with
    marks: part → name, text.

    Raises ``CannotMarkError`` on any difference, and ``ReadError`` where the copy cannot be read.
    """
    package = Package(copy, draft.where)
    after = open_xlsx(draft.where, package, "")
    _compare_books(draft, before, after)
    _compare_parts(draft, package, copy)
    for part, (name, sheet) in sheets.items():
        new = b"".join(package.chunks(part))
        if new != (draft.changed().get(part.casefold()) or sheet.text.encode()):
            raise _differs(draft, name)
        given = _styles_given(sheet, draft.edits.get(part.casefold(), ()))
        if given is None:
            _compare_cells(draft, name, (_read(sheet.text), _read(new.decode())), before, after)
        else:
            _compare_styles(draft, name, given, before, after)


def _differs(draft: Draft, detail: str) -> Exception:
    return cannot_mark("MARK_DIFFERS", draft.where, detail=detail)


def _compare_books(draft: Draft, before: Workbook, after: Workbook) -> None:
    kept = after.sheets[: len(before.sheets)]
    names = [[(sheet.name, sheet.state) for sheet in sheets] for sheets in (before.sheets, kept)]
    if names[0] != names[1]:
        raise _differs(draft, "sheets")
    if before.date1904 != after.date1904 or before.defined_names != after.defined_names:
        raise _differs(draft, "names")


def _compare_parts(draft: Draft, package: Package, copy: bytes) -> None:
    """Every part that was not edited is there as it was packed, byte for byte, and listed as it was."""
    new = {entry.filename: entry for entry in package.entries}
    for entry, piece in draft.kept():
        other = new.get(entry.filename)
        if other is None or _listing(other) != _listing(entry) or not copy.startswith(piece, other.header_offset):
            raise _differs(draft, entry.filename)


def _listing(entry: ZipInfo) -> tuple[int, ...]:
    return entry.CRC, entry.file_size, entry.compress_size, entry.compress_type, entry.flag_bits


def _compare_styles(
    draft: Draft, place: str, given: Iterable[tuple[int, int]], before: Workbook, after: Workbook
) -> None:
    for old, new in given:
        if before.number_format(old) != after.number_format(new):
            raise _differs(draft, place)


def _compare_cells(
    draft: Draft, name: str, contents: tuple[SheetContent, SheetContent], before: Workbook, after: Workbook
) -> None:
    old, new = contents
    if old._replace(rows={}) != new._replace(rows={}) or old.rows.keys() != new.rows.keys():
        raise _differs(draft, name)
    for number, row in old.rows.items():
        other = new.rows[number]
        for column in row.keys() | other.keys():
            one, two = row.get(column), other.get(column)
            if one == two:
                continue
            if one is None or two is None or one[:3] != two[:3]:
                raise _differs(draft, f"{name}!{address(number, column)}")
            _compare_styles(draft, f"{name}!{address(number, column)}", [(one.style, two.style)], before, after)


def _styles_given(sheet: SheetText, edits: Iterable[Edit]) -> set[tuple[int, int]] | None:
    """The styles that cells had and were given, if that, cells that hold nothing, and what refers to notes is all that
    was edited; None if it is not, or cannot be told by looking at the tags alone."""
    mask, shapes = sheet.mask, _shapes(re.escape(sheet.root.prefix))
    given: set[tuple[int, int]] = set()
    for start, end, text in edits:
        tag = mask[mask.rfind("<", 0, start) : start]
        old = mask[start:end]
        if old.isdecimal() and text.isdecimal() and shapes.before_style.fullmatch(tag) and mask[end] == '"':
            given.add((int(old), int(text)))
        elif old:
            if not (_SPANS.fullmatch(old) and _SPANS.fullmatch(text) and shapes.before_spans.fullmatch(tag)):
                return None
        elif style := shapes.style.fullmatch(text):
            rest = mask[start : mask.find(">", start)]
            if not shapes.begun.fullmatch(tag) or "'" in rest or ' s="' in rest:
                return None
            given.add((0, int(style[1])))
        elif start >= sheet.end:
            if not shapes.notes.fullmatch(text) or mask[start - 1 : start + 1] != "><":
                return None
        elif not (sheet.numbered and any(made.fullmatch(text) and at.fullmatch(tag) for made, at in shapes.additions)):
            return None
    return given


class _Shapes(NamedTuple):
    """What the tag up to an edit, or the edit, must look like. ``additions`` are cells and rows, each with the tag that
    they may stand behind."""

    before_style: re.Pattern[str]
    before_spans: re.Pattern[str]
    begun: re.Pattern[str]
    style: re.Pattern[str]
    notes: re.Pattern[str]
    additions: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@cache
def _shapes(p: str) -> _Shapes:
    cells = rf'(?:<{p}c r="[A-Z]+[0-9]+" s="[0-9]+"/>)+'
    given = "(?: [^<>']*)?"
    additions = (
        (cells, rf"<{p}row{given}(?<!/)>|</{p}c>|<{p}c{given}/>"),
        (rf'(?:<{p}row r="[0-9]+">{cells}</{p}row>)+', rf"<{p}sheetData{given}(?<!/)>|</{p}row>|<{p}row{given}/>"),
    )
    return _Shapes(
        re.compile(rf'<{p}c{given} s="'),
        re.compile(rf'<{p}row{given} spans="'),
        re.compile(f"<{p}c"),
        re.compile(' s="([0-9]+)"'),
        re.compile(rf'<{p}legacyDrawing(?: xmlns:r="[^"<>]*")? [\w.-]+:id="\w+"/>'),
        tuple((re.compile(made), re.compile(behind)) for made, behind in additions),
    )


class _Excerpt(Package):
    """One part, in memory."""

    def __init__(self, text: str) -> None:
        self.where = ""
        self._content = text.encode()

    def size(self, part: str) -> int:
        return len(self._content)

    def chunks(self, part: str) -> Iterator[bytes]:
        yield self._content


def _read(text: str) -> SheetContent:
    # The shared texts are the same bytes in both: that a cell refers to the same number says all.
    numbers = cast("list[str]", range(limits.MAX_TEXTS // 2))
    return load_sheet(SheetSource(_Excerpt(text), "", "", lambda: numbers, lambda code: None, Budget()))
