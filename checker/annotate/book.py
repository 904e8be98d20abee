"""The parts that say what belongs to what: the workbook, its sheets, relationships, content types."""

from __future__ import annotations

import re
from functools import cached_property
from html import escape
from itertools import count
from posixpath import dirname, join, relpath
from typing import Final, NamedTuple

from checker.annotate.draft import Draft
from checker.annotate.edits import Edit
from checker.annotate.refusals import cannot_mark
from checker.annotate.tags import Tag, attribute_span, children, find, finder, masked, root_of
from checker.readers.markup import MAIN_NAMESPACES, parse_part
from checker.readers.relationships import RELATIONSHIP_ID, Relationship

__all__ = ["Book", "SheetPart"]

_TYPES_PART: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
#: Beginning of the types of relationships, by the main namespace (transitional, strict).
_KINDS: Final = dict(
    zip(
        MAIN_NAMESPACES,
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
        strict=True,
    )
)
_CONTENT: Final = "application/vnd.openxmlformats-officedocument."
_CONTENT_TYPES: Final = {
    "worksheet": f"{_CONTENT}spreadsheetml.worksheet+xml",
    "comments": f"{_CONTENT}spreadsheetml.comments+xml",
    "styles": f"{_CONTENT}spreadsheetml.styles+xml",
}
_VML: Final = f"{_CONTENT}vmlDrawing"
_MOST_NAME: Final = 31
_MOST_SHEET_ID: Final = 65_534


class SheetPart(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    kind: str


class Book:
    """The workbook part of a package, and what is added to it. Raises ``CannotMarkError`` and ``ReadError``."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.part = next((r.part for r in draft.relationships("") if r.kind == "officeDocument"), "")
        if not self.part or self.part.endswith(".bin"):
            raise cannot_mark("MARK_STRUCTURE", draft.where, part="_rels/.rels", detail="officeDocument")
        self.relationships = draft.relationships(self.part)
        self.text = draft.text(self.part)
        self.mask = masked(self.text)
        root = root_of(self.mask)
        self.namespace = namespace_of(root) if root else ""
        if root is None or not self.namespace:
            raise cannot_mark("MARK_STRUCTURE", draft.where, part=self.part, detail="xmlns")
        self.root = root
        self._refuse()
        self.sheets = self._listed()
        self._relations: dict[str, Relations] = {}

    def _refuse(self) -> None:
        """What must not be changed."""
        draft = self.draft
        kinds = {relationship.kind for relationship in draft.relationships("")}
        if "origin" in kinds or any(e.filename.startswith("_xmlsignatures/") for e in draft.package.entries):
            raise cannot_mark("MARK_SIGNED", draft.where)
        own = {relationship.kind for relationship in self.relationships}
        if own & {"revisionHeaders", "usernames"}:
            raise cannot_mark("MARK_SHARED", draft.where)
        for macros in (r.part for r in self.relationships if r.kind == "vbaProject" and r.part):
            if any(r.kind.startswith("vbaProjectSignature") for r in draft.relationships(macros)):
                raise cannot_mark("MARK_SIGNED_MACROS", draft.where)

    def _listed(self) -> list[SheetPart]:
        by_id = {relationship.id: relationship for relationship in self.relationships}
        found: list[SheetPart] = []

        def start(name: str, given: dict[str, str]) -> None:
            if name == "sheet":
                identity = next((given[key] for key in RELATIONSHIP_ID if key in given), "")
                relationship = by_id.get(identity, Relationship("", "", ""))
                found.append(SheetPart(given.get("name", ""), relationship.part, relationship.kind))

        parse_part(self.draft.package, self.part, start)
        return found

    @property
    def relationship_namespace(self) -> str:
        return _KINDS[self.namespace]

    def part_of(self, kind: str) -> str:
        return next((r.part for r in self.relationships if r.kind == kind and r.part), "")

    def relations(self, part: str) -> Relations:
        """The relationships of ``part``, to be added to."""
        if part not in self._relations:
            self._relations[part] = Relations(self.draft, part, _KINDS[self.namespace])
        return self._relations[part]

    def beside(self, name: str) -> str:
        """The name of a part below the folder of the workbook."""
        return join(dirname(self.part), name)

    def free_sheet_name(self, wanted: str, taken: set[str]) -> str:
        """``wanted``, numbered where a sheet has that name."""
        used = {sheet.name.casefold() for sheet in self.sheets} | {name.casefold() for name in taken}
        name, number = wanted, 1
        while name.casefold() in used:
            number += 1
            name = f"{wanted[: _MOST_NAME - len(str(number)) - 3]} ({number})"
        return name

    def add_sheets(self, sheets: list[tuple[str, str, str]]) -> None:
        """List new sheets (name, part, state) behind all others."""
        listing = find(self.mask, self.root.prefix, "sheets", self.root.end)
        if listing is None or listing.closed:
            raise cannot_mark("MARK_STRUCTURE", self.draft.where, part=self.part, detail="sheets")
        end = self.mask.index(f"</{listing.name}", listing.end)
        tags = [tag for tag, _ in children(self.mask, listing.end, end) if tag.local == "sheet"]
        used = {int(tag.get("sheetId") or 0) for tag in tags}
        first = max(used, default=0) + 1
        numbers = (n for n in count(first if first + len(sheets) <= _MOST_SHEET_ID else 1) if n not in used)
        prefix, declared = relationship_prefix(self.root, _KINDS[self.namespace])
        lines = []
        for (name, part, state), number in zip(sheets, numbers, strict=False):
            identity = self.relations(self.part).add("worksheet", part)
            shown = f' state="{state}"' if state else ""
            name = escape(name, quote=True)
            lines.append(
                f'<{self.root.prefix}sheet name="{name}" sheetId="{number}"{shown}{declared} {prefix}id="{identity}"/>'
            )
        self.draft.edit(self.part, Edit(end, end, "".join(lines)))

    def renumber(self, gone: set[int]) -> None:
        """Where the workbook counts its sheets (names of one sheet, the sheet in front), count without the removed."""
        counted = (("definedName", "localSheetId"), ("workbookView", "activeTab"), ("workbookView", "firstSheet"))
        for element, attribute in counted:
            for match in finder(self.root.prefix, element).finditer(self.mask):
                tag = Tag(match.start(), match.end(), match[1], match[2], bool(match[3]))
                number = int(tag.get(attribute) or 0)
                if number in gone and attribute == "localSheetId" and tag.get(attribute):
                    end = self.mask.index(">", self.mask.index(f"</{tag.name}", tag.end)) + 1
                    self.draft.edit(self.part, Edit(tag.start, end, ""))
                elif number:
                    left = 0 if number in gone else number - sum(1 for index in gone if index < number)
                    self.draft.edit(self.part, *([set_attribute(tag, attribute, str(left))] if left != number else []))

    def declare(self, kind: str, part: str) -> None:
        """The content type of a new part; drawings of notes go by their ending."""
        mask, root = self._types
        end = mask.rindex("</")
        if kind != "vmlDrawing":
            added = f'<{root.prefix}Override PartName="/{part}" ContentType="{_CONTENT_TYPES[kind]}"/>'
            # Tools that take parts out may leave their types.
            for tag, stop in children(mask, root.end, end) if f"/{part}".casefold() in mask.casefold() else ():
                if tag.get("PartName").casefold() == f"/{part}".casefold():
                    self.draft.edit(_TYPES_PART, Edit(tag.start, stop, added))
                    return
        elif self._draws:
            return
        else:
            added, self._draws = f'<{root.prefix}Default Extension="vml" ContentType="{_VML}"/>', True
        self.draft.edit(_TYPES_PART, Edit(end, end, added))

    @cached_property
    def _draws(self) -> bool:
        """Whether drawings of notes have a content type."""
        return bool(re.search(r"""Extension\s*=\s*["']vml["']""", self._types[0], re.IGNORECASE))

    @cached_property
    def _types(self) -> tuple[str, Tag]:
        """The content types, and the start tag of them all."""
        mask = masked(self.draft.text(_TYPES_PART))
        root = root_of(mask)
        if root is None or root.closed:
            raise cannot_mark("MARK_STRUCTURE", self.draft.where, part=_TYPES_PART, detail="Types")
        return mask, root

    def undeclare(self, part: str) -> None:
        """Take away the content type of a removed part."""
        mask, root = self._types
        for tag, end in children(mask, root.end, mask.rindex("</")):
            if tag.get("PartName").casefold() == f"/{part}".casefold():
                self.draft.edit(_TYPES_PART, Edit(tag.start, end, ""))

    def finish(self) -> None:
        """Write down the relationships that were added."""
        for relations in self._relations.values():
            relations.finish()


class Relations:
    """The list of relationships of one part and what is added to it."""

    def __init__(self, draft: Draft, part: str, kinds: str) -> None:
        folder, _, name = part.rpartition("/")
        self.name = f"{folder}/_rels/{name}.rels".removeprefix("/")
        self.known = draft.relationships(part)
        self._draft, self._part, self._kinds = draft, part, kinds
        self._new: list[tuple[str, str, str]] = []

    def add(self, kind: str, part: str) -> str:
        """Refer to ``part``; gives the id of the relationship."""
        used = {relationship.id for relationship in self.known} | {identity for identity, _, _ in self._new}
        number = 1
        while f"check{number}" in used:
            number += 1
        self._new.append((f"check{number}", kind, part))
        return f"check{number}"

    def drop(self, part: str) -> None:
        """Take away what refers to a removed part."""
        mask = masked(self._draft.text(self.name))
        root = root_of(mask)
        gone = {relationship.id for relationship in self.known if relationship.part.casefold() == part.casefold()}
        for tag, end in children(mask, root.end, len(mask)) if root else ():
            if tag.get("Id") in gone:
                self._draft.edit(self.name, Edit(tag.start, end, ""))

    def finish(self) -> None:
        if not self._new:
            return
        exists = self.name in self._draft
        mask = masked(self._draft.text(self.name)) if exists else ""
        root = root_of(mask) if exists else None
        prefix = root.prefix if root else ""
        folder = dirname(self._part) or "."
        lines = "".join(
            f'<{prefix}Relationship Id="{identity}" Type="{self._kinds}/{kind}" Target="{relpath(part, folder)}"/>'
            for identity, kind, part in self._new
        )
        if root is None:
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            text = f'{head}<Relationships xmlns="{_RELATIONSHIPS}">{lines}</Relationships>'
            self._draft.add(self.name, text)
        elif root.closed:
            slash = mask.rindex("/", root.start, root.end)
            self._draft.edit(self.name, Edit(slash, root.end, f">{lines}</{root.name}>"))
        else:
            end = mask.rindex("</")
            self._draft.edit(self.name, Edit(end, end, lines))


def namespace_of(root: Tag) -> str:
    """The main namespace of a part, empty if its root is not in one."""
    uri = root.get(f"xmlns:{root.prefix[:-1]}" if root.prefix else "xmlns")
    return uri if uri in MAIN_NAMESPACES else ""


def relationship_prefix(root: Tag, namespace: str) -> tuple[str, str]:
    """The prefix under which ids of relationships are written, and its declaration if the root has none."""
    for match in re.finditer(r"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""", root.given):
        if match[2] == namespace:
            return f"{match[1]}:", ""
    return "r:", f' xmlns:r="{namespace}"'


def set_attribute(tag: Tag, name: str, value: str) -> Edit:
    """Give the attribute of a start tag another value, or the attribute."""
    offset = tag.start + 1 + len(tag.name)
    span = attribute_span(tag.given, name)
    if span is None:
        return Edit(offset, offset, f' {name}="{value}"')
    return Edit(offset + span[0], offset + span[1], value)
