"""A marked copy of a package: colours, notes, result sheets, and the record that takes them back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from checker.annotate.book import Book
from checker.annotate.comments import Comments, new_comments
from checker.annotate.draft import Draft
from checker.annotate.edits import applied
from checker.annotate.pages import plain_page, table_page
from checker.annotate.record import Done, done, said_rows, undo_rows
from checker.annotate.refusals import cannot_mark
from checker.annotate.separate import empty_package
from checker.annotate.shapes import Grid, added_shapes, new_shapes, shape_blocks
from checker.annotate.sheet import SheetText
from checker.annotate.styles import EMPTY, Styles
from checker.annotate.tags import attributes, finder, masked, root_of
from checker.annotate.verify import verify
from checker.annotate.writing import MOST_UNITS, units
from checker.marks import COLOURS, Mark, Table
from checker.marks.notes import joined
from checker.marks.own import RECORD
from checker.messages import Text, tr
from checker.model.explanation import Explanation
from checker.model.workbook import Range, Workbook, address
from checker.readers.grid import parse_cell, parse_range
from checker.readers.package import Package

__all__ = ["Marked", "Skipped", "marked", "result_package"]

Cell = tuple[int, int]
_WORKSHEETS, _COMMENTS, _DRAWINGS = "worksheets/sheet{}.xml", "comments{}.xml", "drawings/vmlDrawing{}.vml"
_VERY_HIDDEN: Final = "veryHidden"


class Skipped(NamedTuple):
    """A cell that was not marked, or not with all, and why. It is listed among the findings all the same."""

    sheet: str
    cell: str
    reason: Text


class Marked(NamedTuple):
    data: bytes
    cells: int
    skipped: tuple[Skipped, ...]


class _Place(NamedTuple):
    """A mark at the cell that bears it; ``edge`` is the last column that the cell covers."""

    mark: Mark
    edge: int


def marked(
    package: Package,
    before: Workbook,
    marks: Sequence[Mark],
    tables: Sequence[Table],
    unlisted: Sequence[Explanation],
    language: str,
) -> Marked:
    """``package``, which was opened as ``before``, with ``marks`` and with a sheet for each of ``tables``; read again
    and compared. ``unlisted`` are explanations that the tables do not show.

    Raises ``CannotMarkError`` for what cannot be marked without loss, ``ReadError`` for what cannot be read.
    """
    work = _Marking(Draft(package, before.path), language)
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.sheet, []).append(mark)
    for sheet, of_sheet in by_sheet.items():
        work.mark_sheet(sheet, of_sheet)
    work.finish(tables, unlisted)
    copy = work.draft.write()
    verify(work.draft, before, copy, work.sheets)
    return Marked(copy, len(work.done), tuple(work.skipped))


def result_package(tables: Sequence[Table], unlisted: Sequence[Explanation]) -> bytes:
    """A workbook with nothing but the result sheets, whose links lead nowhere, and what their rows are about."""
    work = _Marking(Draft(empty_package(), ""), "")
    unlinked = [table._replace(rows=tuple(row._replace(link="") for row in table.rows)) for table in tables]
    work.finish(unlinked, unlisted, undo=False)
    return work.draft.write()


class _Marking:
    """One workbook while it is marked."""

    def __init__(self, draft: Draft, language: str) -> None:
        self.draft = draft
        self.sheets: dict[str, tuple[str, SheetText]] = {}
        self.done: list[Done] = []
        self.skipped: list[Skipped] = []
        self._book = Book(draft)
        self._author = tr("Performance check").render(language)
        self._block = 0
        self._styles_part = self._book.part_of("styles")
        text = draft.text(self._styles_part) if self._styles_part else EMPTY.format(self._book.namespace)
        self._styles = Styles(text, self._styles_part or "styles.xml", draft.where)

    def mark_sheet(self, name: str, marks: Iterable[Mark]) -> None:
        part = next((sheet.part for sheet in self._book.sheets if sheet.name == name and sheet.kind == "worksheet"), "")
        if not part:
            self.skipped += [Skipped(name, mark.cell, tr("there is no such sheet")) for mark in marks]
            return
        sheet = SheetText(self.draft.text(part), part, self.draft.where)
        self.sheets[part] = name, sheet
        places = self._places(sheet, name, marks)
        styles: dict[Cell, int] = {}
        for cell, (mark, _) in places.items():
            before, colour = sheet.place(cell).style, COLOURS[mark.colour]
            styles[cell] = self._styles.coloured(before, colour)
            place = name, address(*cell)
            self.done.append(done(mark.key, colour, place, before, self._styles.fill_of(before), mark.note))
        self.draft.edit(part, *sheet.restyled(styles))
        self._write_notes(part, name, sheet, places)

    def _places(self, sheet: SheetText, name: str, marks: Iterable[Mark]) -> dict[Cell, _Place]:
        """Each mark at its cell, or at the first of the merged cells that hides it."""
        wanted: list[tuple[Cell, Mark]] = []
        for mark in marks:
            cell = parse_cell(mark.cell)
            if cell is None:
                self.skipped.append(Skipped(name, mark.cell, tr("this is not a cell")))
            else:
                wanted.append((cell, mark))
        merged = _merged(sheet, sorted(cell for cell, _ in wanted))
        places: dict[Cell, _Place] = {}
        for cell, mark in wanted:
            area = merged.get(cell)
            home, edge = ((area.top, area.left), area.right) if area else (cell, cell[1])
            if home in places:
                first = places[home].mark
                mark = first._replace(note=joined(first.note, mark.note))
            places[home] = _Place(mark, edge)
        return places

    def _write_notes(self, part: str, name: str, sheet: SheetText, places: Mapping[Cell, _Place]) -> None:
        relations = self._book.relations(part)
        kinds = {relationship.kind: relationship.part for relationship in relations.known if relationship.part}
        comments = kinds.get("comments", "")
        threads = _threads(self.draft, kinds["threadedComment"]) if "threadedComment" in kinds else frozenset()
        self.skipped += [
            Skipped(name, address(*cell), tr("it has a threaded comment, so it was coloured and got no note"))
            for cell in places
            if cell in threads
        ]
        notes = {cell: place.mark.note for cell, place in places.items() if cell not in threads}
        if not notes:
            return
        known: frozenset[Cell] = frozenset()
        if comments:
            there = Comments(self.draft.text(comments), comments, self.draft.where)
            known = frozenset(there.notes)
            full = {cell for cell in known & notes.keys() if units(there.notes[cell].text + notes[cell]) >= MOST_UNITS}
            self.skipped += [
                Skipped(name, address(*cell), tr("its note is full, so it was coloured and got no more"))
                for cell in sorted(full)
            ]
            notes = {cell: note for cell, note in notes.items() if cell not in full}
            self.draft.edit(comments, *there.marked(notes, self._author))
        else:
            comments = self.draft.free_name(self._book.beside(_COMMENTS))
            self.draft.add(comments, new_comments(self._book.namespace, self._author, notes))
            self._book.declare("comments", comments)
            relations.add("comments", comments)
        grid = Grid(sheet)
        boxes = {cell: grid.anchor(cell, places[cell].edge, text) for cell, text in notes.items() if cell not in known}
        self._draw(part, sheet, boxes)

    def _draw(self, part: str, sheet: SheetText, boxes: Mapping[Cell, str]) -> None:
        """Give each new note its box."""
        if not boxes:
            return
        if not self._block:
            parts = (part for part in self.draft.parts if not part.endswith(".rels"))
            drawings = (part for part in parts if part.endswith(".vml") or "/vmldrawing" in part)
            self._block = shape_blocks(map(self.draft.text, drawings))
        relations = self._book.relations(part)
        identity = sheet.drawing_of_notes()
        drawing = next((r.part for r in relations.known if identity and r.id == identity), "")
        if identity and not drawing:
            raise cannot_mark("MARK_STRUCTURE", self.draft.where, part=part, detail="legacyDrawing")
        if drawing:
            try:
                edits, self._block = added_shapes(self.draft.text(drawing), boxes, self._block)
            except ValueError as error:
                raise cannot_mark("MARK_STRUCTURE", self.draft.where, part=drawing, detail="xml") from error
            self.draft.edit(drawing, *edits)
            return
        drawing = self.draft.free_name(self._book.beside(_DRAWINGS))
        text, self._block = new_shapes(boxes, self._block)
        self.draft.add(drawing, text)
        self._book.declare("vmlDrawing", drawing)
        identity = relations.add("vmlDrawing", drawing)
        self.draft.edit(part, sheet.refer_to_notes(identity, self._book.relationship_namespace))

    def finish(self, tables: Sequence[Table], unlisted: Sequence[Explanation], *, undo: bool = True) -> None:
        """Add our sheets, and write down what they are about and, with ``undo``, how to take all of it back."""
        book, draft = self._book, self.draft
        listed: list[tuple[str, str, str]] = []
        for table in tables:
            name = book.free_sheet_name(table.name, {name for name, _, _ in listed})
            part = draft.free_name(book.beside(_WORKSHEETS))
            draft.add(part, table_page(table, self._styles, book.namespace))
            listed.append((name, part, ""))
        own = draft.free_name(book.beside(_WORKSHEETS))
        draft.add(own, "")
        listed.append((book.free_sheet_name(RECORD, set()), own, _VERY_HIDDEN))
        for _, part, _ in listed:
            book.declare("worksheet", part)
        book.add_sheets(listed)
        self._finish_styles()
        book.finish()
        del draft.added[own]
        about = {row: token for table in tables for row, token in table.seen.items()}
        rows = [*said_rows(unlisted, about), *(undo_rows(draft, tuple(self.done), own) if undo else ())]
        draft.add(own, plain_page(rows, book.namespace))

    def _finish_styles(self) -> None:
        if self._styles_part:
            self.draft.edit(self._styles_part, *self._styles.edits())
            return
        part = self._book.beside("styles.xml")
        if part in self.draft:  # one that nothing refers to
            part = self.draft.free_name(self._book.beside("styles{}.xml"))
        self.draft.add(part, applied(self._styles.text, self._styles.edits()))
        self._book.declare("styles", part)
        self._book.relations(self._book.part).add("styles", part)


def _threads(draft: Draft, part: str) -> frozenset[Cell]:
    """The cells that have threaded comments."""
    mask = masked(draft.text(part))
    root = root_of(mask)
    found = finder(root.prefix if root else "", "threadedComment").finditer(mask)
    cells = (parse_cell(attributes(match[2]).get("ref", "")) for match in found)
    return frozenset(cell for cell in cells if cell is not None)


def _merged(sheet: SheetText, cells: Sequence[Cell]) -> dict[Cell, Range]:
    """The merged areas in which ``cells``, in order, lie."""
    found: dict[Cell, Range] = {}
    for match in finder(sheet.root.prefix, "mergeCell").finditer(sheet.mask, sheet.end):
        area = parse_range(attributes(match[2]).get("ref", ""))
        if area is None:
            continue
        for cell in cells[bisect_left(cells, (area.top, 0)) : bisect_left(cells, (area.bottom + 1, 0))]:
            if area.left <= cell[1] <= area.right:
                found[cell] = area
    return found
