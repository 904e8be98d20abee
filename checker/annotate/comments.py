"""The part that holds the texts of the notes: ours are added or go below those of officers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Final, NamedTuple

from checker.annotate.book import namespace_of
from checker.annotate.edits import Edit
from checker.annotate.refusals import cannot_mark
from checker.annotate.tags import Tag, children, find, finder, masked, root_of
from checker.annotate.writing import xml_text
from checker.marks import merge_note, strip_note
from checker.marks.notes import find_block
from checker.model.workbook import address
from checker.readers.escapes import unescape as unescape_characters
from checker.readers.grid import parse_cell

__all__ = ["Comments", "new_comments"]

Cell = tuple[int, int]
_NOTE_FONT: Final = '<{p}rPr><{p}sz val="9"/><{p}rFont val="SimSun"/><{p}family val="2"/></{p}rPr>'


class Note(NamedTuple):
    """One note: where its element stands, and its text."""

    start: int
    end: int
    text: str


def new_comments(namespace: str, author: str, notes: dict[Cell, str]) -> str:
    """A part with these notes alone."""
    listed = "".join(_comment("", cell, 0, text) for cell, text in sorted(notes.items()))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{namespace}"><authors>'
        f"<author>{escape(author, quote=False)}</author></authors><commentList>{listed}</commentList></comments>"
    )


class Comments:
    """A part of notes that is there. Raises ``CannotMarkError``."""

    def __init__(self, text: str, part: str, where: str) -> None:
        self._text, self._part, self._where = text, part, where
        self._mask = masked(text)
        root = root_of(self._mask)
        if root is None or not namespace_of(root):
            raise self._odd("comments")
        self._prefix = root.prefix
        self._list = self._family("commentList")
        self.notes = dict(self._read())

    def _odd(self, detail: str) -> Exception:
        return cannot_mark("MARK_STRUCTURE", self._where, part=self._part, detail=detail)

    def _family(self, name: str) -> tuple[Tag, int]:
        tag = find(self._mask, self._prefix, name)
        if tag is None:
            raise self._odd(name)
        return tag, tag.end if tag.closed else self._mask.index(f"</{tag.name}", tag.end)

    def _read(self) -> Iterator[tuple[Cell, Note]]:
        tag, end = self._list
        for comment, comment_end in children(self._mask, tag.end, end):
            cell = parse_cell(comment.get("ref"))
            if cell is not None and comment.local == "comment":
                texts = "".join(text for _, _, text in self._texts(comment.start, comment_end))
                yield cell, Note(comment.start, comment_end, texts)

    def _texts(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """The pieces of text of an element, each with its place in the part."""
        for match in finder(self._prefix, "t").finditer(self._mask, start, end):
            if not match[3]:
                close = self._mask.index("</", match.end())
                written = unescape(self._text[match.end() : close])
                yield match.end(), close, unescape_characters(written.replace("\r\n", "\n"))

    def marked(self, notes: dict[Cell, str], author: str) -> list[Edit]:
        """The edits that put our blocks into the part."""
        edits: list[Edit] = []
        new = {cell: text for cell, text in notes.items() if cell not in self.notes}
        if new:
            authors, authors_end = self._family("authors")
            number = sum(1 for _ in children(self._mask, authors.end, authors_end))
            p = self._prefix
            edits.append(self._inside(authors, authors_end, f"<{p}author>{escape(author, quote=False)}</{p}author>"))
            listed = "".join(_comment(p, cell, number, text) for cell, text in sorted(new.items()))
            edits.append(self._inside(*self._list, listed))
        for cell, text in notes.items():
            if cell in self.notes:
                edits += self._appended(self.notes[cell], text)
        return edits

    def _inside(self, tag: Tag, end: int, text: str) -> Edit:
        """``text`` at the end of an element, also of an empty one."""
        if not tag.closed:
            return Edit(end, end, text)
        return Edit(self._mask.rindex("/", tag.start, tag.end), tag.end, f">{text}</{tag.name}>")

    def _appended(self, note: Note, text: str) -> list[Edit]:
        """Our block as a run of its own behind those of the officer; a text without runs becomes one."""
        p = self._prefix
        own = _run(p, merge_note(note.text, text)[len(strip_note(note.text)) :])
        body = find(self._mask, p, "text", note.start)
        if body is None or body.start > note.end:
            raise self._odd("text")
        if body.closed:
            return [self._inside(body, body.end, own)]
        close = self._mask.index(f"</{body.name}", body.end)
        elements = list(children(self._mask, body.end, close))
        plain = [(tag, end) for tag, end in elements if tag.local == "t"]
        edits = [
            edit for tag, end in plain for edit in (Edit(tag.start, tag.start, f"<{p}r>"), Edit(end, end, f"</{p}r>"))
        ]
        behind = next((tag.start for tag, _ in elements if tag.local in ("rPh", "phoneticPr")), close)
        return [*edits, Edit(behind, behind, own)]

    def blocks(self) -> dict[Cell, str]:
        """Our blocks by cell, as they read now."""
        spans = {cell: find_block(note.text) for cell, note in self.notes.items()}
        return {cell: self.notes[cell].text[span[0] : span[1]] for cell, span in spans.items() if span}

    def cleared(self, ours: Callable[[str], bool]) -> tuple[dict[Cell, str], list[Cell], list[Edit]]:
        """The blocks that are still ``ours``; the cells whose note was that alone; the edits that take them away."""
        found = {cell: block for cell, block in self.blocks().items() if ours(block)}
        gone: list[Cell] = []
        edits: list[Edit] = []
        for cell in found:
            note = self.notes[cell]
            span = find_block(note.text)
            if span is not None and strip_note(note.text).strip():
                edits += self._cut(note, span)
            else:
                gone.append(cell)
                edits.append(Edit(note.start, note.end, ""))
        return found, gone, edits

    def _cut(self, note: Note, span: tuple[int, int]) -> Iterator[Edit]:
        """Take the characters of a block out of the pieces of text that hold them."""
        position = 0
        for start, end, text in self._texts(note.start, note.end):
            first, last = max(span[0] - position, 0), min(span[1] - position, len(text))
            if first < last:
                yield Edit(start, end, xml_text(text[:first] + text[last:]))
            position += len(text)


def _comment(prefix: str, cell: Cell, author: int, text: str) -> str:
    p = prefix
    return f'<{p}comment ref="{address(*cell)}" authorId="{author}"><{p}text>{_run(p, text)}</{p}text></{p}comment>'


def _run(prefix: str, text: str) -> str:
    p = prefix
    return f'<{p}r>{_NOTE_FONT.format(p=p)}<{p}t xml:space="preserve">{xml_text(text)}</{p}t></{p}r>'
