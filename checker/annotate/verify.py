"""The copy is read again before anybody gets it: every cell must say what it said.

Parts that were not touched, and of the others all cells that were not, are the same bytes in both; the rest, and what
stands around it, is read by our reader from both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
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
        edits = draft.edits.get(part.casefold(), [])
        new = b"".join(package.chunks(part)).decode()
        if new != draft.changed().get(part.casefold(), sheet.text):
            raise _differs(draft, name)
        old_part, new_part = _excerpts(sheet, new, edits)
        _compare_cells(draft, name, (_read(old_part), _read(new_part)), before, after)


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
            restyled = one is not None and two is not None and one[:3] == two[:3]
            if not restyled or before.number_format(one.style) != after.number_format(two.style):  # type: ignore[union-attr]
                raise _differs(draft, f"{name}!{address(number, column)}")


def _excerpts(sheet: SheetText, new: str, edits: list[Edit]) -> tuple[str, str]:
    """The sheet before and after, without rows and cells that are the same bytes in both."""
    if sheet.data.closed or not sheet.numbered:
        return sheet.text, new
    old_pieces, new_pieces = [], []
    position, shift = 0, 0
    for start, end, growth in _regions(sheet, edits):
        old_gap, new_gap = sheet.text[position:start], new[position + shift : start + shift]
        if old_gap != new_gap:
            return sheet.text, new
        old_pieces.append(sheet.text[start:end])
        new_pieces.append(new[start + shift : end + shift + growth])
        position, shift = end, shift + growth
    return "".join(old_pieces), "".join(new_pieces)


def _regions(sheet: SheetText, edits: list[Edit]) -> Iterator[tuple[int, int, int]]:
    """What is read again: all before the cells, what was edited of them, all behind; and how much each grew."""
    first, last = sheet.data.end, sheet.end
    spans = [
        (0, first),
        *sheet.spans(edit.start for edit in edits if first <= edit.start < last),
        (last, len(sheet.text)),
    ]
    ordered = sorted(edits, key=lambda edit: edit.start)
    index = 0
    for number, (start, end) in enumerate(spans):
        growth = 0
        closing = number == len(spans) - 1
        while index < len(ordered) and (ordered[index].start < end or ordered[index].start == start or closing):
            growth += len(ordered[index].text) - (ordered[index].end - ordered[index].start)
            index += 1
        yield start, end, growth


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
