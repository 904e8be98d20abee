"""Marks taken away again: to the byte where nobody saved the copy since, else cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checker.annotate.book import Book, SheetPart
from checker.annotate.comments import Comments
from checker.annotate.draft import Draft, fingerprint
from checker.annotate.edits import Edit
from checker.annotate.fills import fill_in_xml
from checker.annotate.record import Done, Record, read_record, words_digest
from checker.annotate.refusals import cannot_mark, no_marks
from checker.annotate.shapes import without_shapes
from checker.annotate.sheet import SheetText
from checker.annotate.styles import Styles, fill_colour
from checker.annotate.tags import children, find
from checker.marks import mark_key
from checker.marks.own import is_own
from checker.model.workbook import address
from checker.readers.grid import parse_cell
from checker.readers.xlsx import open_xlsx

__all__ = ["Cleared", "cleared"]

Cell = tuple[int, int]


class Cleared(NamedTuple):
    """``exact``: every part is what it was before it was marked. ``kept`` are cells (sheet, cell) whose note of ours
    somebody rewrote: their words are left where they are."""

    data: bytes
    cells: int
    exact: bool
    kept: tuple[tuple[str, str], ...] = ()


def cleared(data: bytes, where: str) -> Cleared:
    """A package without the marks that ``data`` holds. Raises ``UsageError`` where it holds none."""
    workbook = open_xlsx(where, data, "")
    ours = [sheet.name for sheet in workbook.sheets if is_own(sheet)]
    if not ours:
        raise no_marks(where)
    draft = Draft(data, where)
    record = read_record(workbook) or Record((), {}, {}, {}, {})
    if record.added and _untouched(draft, record) and _taken_back(draft, record):
        return Cleared(draft.write(), len(record.marks), exact=True)
    return _Cleaning(Draft(draft.package, where), record, ours).clean()


def _untouched(draft: Draft, record: Record) -> bool:
    """Whether every part is as we left it: no program has saved the workbook since."""
    told = {**record.added, **record.edited}
    return all(part in draft and (not made or draft.fingerprint(part) == made) for part, made in told.items())


def _taken_back(draft: Draft, record: Record) -> bool:
    """Take away what was added and edited; False if that does not give what was there."""
    for part in record.added:
        draft.remove(part)
    for part, edits in record.undo.items():
        draft.edit(part, *edits)
    try:
        return all(fingerprint(content) == record.before[part] for part, content in draft.changed().items())
    except ValueError:  # edits of one place
        return False


class _Cleaning:
    """A workbook that was saved since: its parts were written anew, so marks are found by what they are."""

    def __init__(self, draft: Draft, record: Record, ours: list[str]) -> None:
        self._draft, self._record, self._ours = draft, record, ours
        self._book = Book(draft)
        part = self._book.part_of("styles")
        if not part:
            raise cannot_mark("MARK_STRUCTURE", draft.where, part=self._book.part, detail="styles")
        self._styles_part, self._styles = part, Styles(draft.text(part), part, draft.where)
        self._kept: list[tuple[str, str]] = []
        self._cells = 0

    def clean(self) -> Cleared:
        ours = [sheet for sheet in self._book.sheets if sheet.name in self._ours]
        for sheet in self._book.sheets:
            if sheet not in ours and sheet.kind == "worksheet":
                self._clean_sheet(sheet)
        self._draft.edit(self._styles_part, *self._styles.edits())
        self._remove_sheets(ours)
        self._book.finish()
        return Cleared(self._draft.write(), self._cells, exact=False, kept=tuple(self._kept))

    def _clean_sheet(self, sheet: SheetPart) -> None:
        found = self._clean_notes(sheet)
        by_key = {done.key: done for done in self._record.marks}
        places: dict[Cell, Done] = {cell: by_key[key] for cell, key in found.items() if key in by_key}
        moved = {done.key for done in places.values()}
        for done in self._record.marks:
            cell = parse_cell(done.cell)
            if done.sheet == sheet.name and done.key not in moved and cell is not None:
                places.setdefault(cell, done)
        if not places:
            return
        text = SheetText(self._draft.text(sheet.part), sheet.part, self._draft.where)
        styles: dict[Cell, int] = {}
        for cell, done in places.items():
            place = text.place(cell)
            # A cell that somebody gave another colour keeps it.
            if place.tag is not None and fill_colour(self._styles.fill_of(place.style)) == done.colour:
                fill = done.fill if done.style else fill_in_xml(done.before, self._styles.prefix)
                if fill is not None:
                    styles[cell] = self._styles.refilled(place.style, fill)
        self._cells += len(places)
        self._draft.edit(sheet.part, *text.restyled(styles))

    def _clean_notes(self, sheet: SheetPart) -> Mapping[Cell, str]:
        """Take our blocks out of the notes of a sheet; gives the keys of the marks by the cells where they stand."""
        relations = {r.kind: r.part for r in self._draft.relationships(sheet.part) if r.part}
        part = relations.get("comments", "")
        if not part:
            return {}
        words = {done.key: done.note for done in self._record.marks}
        comments = Comments(self._draft.text(part), part, self._draft.where)
        found, gone, edits = comments.cleared(lambda block: words.get(mark_key(block), "") in ("", words_digest(block)))
        self._kept += [(sheet.name, address(*cell)) for cell in comments.blocks() if cell not in found]
        self._draft.edit(part, *edits)
        drawing = relations.get("vmlDrawing", "")
        if drawing:
            self._draft.edit(drawing, *without_shapes(self._draft.text(drawing), gone))
        return {cell: mark_key(note) for cell, note in found.items()}

    def _remove_sheets(self, ours: list[SheetPart]) -> None:
        """Our sheets go; what counts sheets is told."""
        book, draft = self._book, self._draft
        gone = {index for index, sheet in enumerate(book.sheets) if sheet in ours}
        listing = find(book.mask, book.root.prefix, "sheets", book.root.end)
        assert listing is not None
        end = book.mask.index(f"</{listing.name}", listing.end)
        for index, (tag, tag_end) in enumerate(children(book.mask, listing.end, end)):
            if index in gone:
                draft.edit(book.part, Edit(tag.start, tag_end, ""))
        book.renumber(gone)
        for sheet in ours:
            relations = book.relations(sheet.part)
            for part in [sheet.part, *(r.part for r in relations.known if r.part)]:
                if part in draft:
                    draft.remove(part)
                    book.undeclare(part)
            if relations.name in draft:
                draft.remove(relations.name)
            book.relations(book.part).drop(sheet.part)
