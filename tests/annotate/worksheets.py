"""What Excel stumbles over in a worksheet and its notes, looked for by code that shares nothing with ours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from .container import Complain

__all__ = ["Known", "Relation", "Sheet", "every", "local", "ordered", "reference", "units"]

#: The elements of a worksheet in the order of the standard (CT_Worksheet).
_ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_REPEATED: Final = {"conditionalFormatting", "AlternateContent", "fileRecoveryPr"}
_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_LINK: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?")
#: Limits that Excel names in its specifications and in [MS-OI29500].
_ROWS, _COLUMNS, _TEXT = 1_048_576, 16_384, 32_767
_TALLEST, _WIDEST, _LINKS, _LONGEST_LINK = 409.5, 255, 65_530, 255
#: Shapes are numbered in blocks of so many.
_BLOCK: Final = 1024


class Relation(NamedTuple):
    kind: str
    part: str


class Known:
    """What is known of a package when its sheets are looked at."""

    def __init__(self, complain: Complain) -> None:
        self.complain = complain
        self.trees: dict[str, Element] = {}
        #: By part and id.
        self.relations: dict[str, dict[str, Relation]] = {}
        self.sheet_names: set[str] = set()
        self.shapes: Counter[str] = Counter()
        self.blocks: Counter[str] = Counter()
        #: How many formats of cells, of conditional formats, and shared texts there are.
        self.formats, self.dxfs, self.texts = 1, 0, 0


class Sheet:
    """One worksheet with its notes."""

    def __init__(self, package: Known, part: str) -> None:
        self.package, self.part, self.root = package, part, package.trees[part]
        self.relations = package.relations.get(part, {})

    def complain(self, words: str) -> None:
        self.package.complain(f"{self.part}: {words}")

    def look(self) -> None:
        ordered(self.package, self.root, _ORDER, self.part)
        self._columns()
        self._rows()
        self._counted()
        self._links()
        for element in self.root.iter():
            id_ = reference(element)
            if id_ and id_ not in self.relations:
                self.complain(f"{local(element)} refers to {id_}, which is not there")
        self._notes()

    def _columns(self) -> None:
        before = 0
        for column in every(self.root, "col", "cols"):
            first, last = int(column.get("min", "0")), int(column.get("max", "0"))
            if not before < first <= last <= _COLUMNS or float(column.get("width", "0")) > _WIDEST:
                self.complain(f"column {first} is out of place or too wide")
            if int(column.get("style", "0")) >= self.package.formats:
                self.complain(f"column {first} has a style that is not there")
            before = last

    def _rows(self) -> None:
        before = 0
        for row in every(self.root, "row", "sheetData"):
            number = int(row.get("r", before + 1))
            if not before < number <= _ROWS or float(row.get("ht", "0")) > _TALLEST:
                self.complain(f"row {number} is out of place or too high")
            if int(row.get("s", "0")) >= self.package.formats:
                self.complain(f"row {number} has a style that is not there")
            before, columns = number, list(self._cells(row, number))
            spans = [tuple(map(int, span.split(":"))) for span in row.get("spans", "").split()]
            if spans and any(all(not first <= column <= last for first, last in spans) for column in columns):
                self.complain(f"row {number} spans less than its cells")

    def _cells(self, row: Element, number: int) -> Iterator[int]:
        before = 0
        for cell in row:
            if local(cell) != "c":
                continue
            place = cell_of(cell.get("r", "")) if cell.get("r") else (number, before + 1)
            if place is None or place[0] != number or not before < place[1] <= _COLUMNS:
                self.complain(f"the cell {cell.get('r')} is out of place in row {number}")
                return
            before = place[1]
            self._cell(cell, f"{number}/{before}")
            yield before

    def _cell(self, cell: Element, place: str) -> None:
        if int(cell.get("s", "0")) >= self.package.formats:
            self.complain(f"the cell {place} has a style that is not there")
        kind, inside = cell.get("t", "n"), {local(child): child for child in cell}
        if kind not in ("b", "d", "e", "inlineStr", "n", "s", "str") or ("is" in inside) != (kind == "inlineStr"):
            self.complain(f"the cell {place} is of no kind")
        if kind == "s" and "v" in inside and int(inside["v"].text or "0") >= self.package.texts:
            self.complain(f"the cell {place} has a text that is not there")
        texts = (t for t in inside["is"].iter() if local(t) == "t") if "is" in inside else ()
        if units("".join(t.text or "" for t in texts)) > _TEXT:
            self.complain(f"the cell {place} holds too long a text")

    def _counted(self) -> None:
        for family in self.root:
            inside = [child for child in family if local(child) != "extLst"]
            if family.get("count") is not None and int(family.get("count", "")) != len(inside):
                self.complain(f"{local(family)} are counted wrong")
        for rule in every(self.root, "cfRule", "conditionalFormatting"):
            if int(rule.get("dxfId", "0")) >= max(self.package.dxfs, 1):
                self.complain("a conditional format has a style that is not there")

    def _links(self) -> None:
        links = every(self.root, "hyperlink", "hyperlinks")
        if len(links) > _LINKS:
            self.complain("too many links")
        for link in links:
            if cell_of(link.get("ref", "").partition(":")[0]) is None:
                self.complain(f"the link of {link.get('ref')} is at no cell")
            location = link.get("location", "")
            found = _LINK.fullmatch(location)
            if found is not None:
                name = (found[1] or found[2]).replace("''", "'")
                if name.casefold() not in self.package.sheet_names or units(location) > _LONGEST_LINK:
                    self.complain(f"the link to {location} leads nowhere")
                if found[2] is not None and not re.fullmatch(r"[^\W\d][\w.]*", found[2]):
                    self.complain(f"the link to {location} is not quoted")
            elif "!" in location:
                self.complain(f"the link to {location} is none")

    def _notes(self) -> None:
        by_kind: dict[str, list[str]] = {}
        for relation in self.relations.values():
            by_kind.setdefault(relation.kind, []).append(relation.part)
        comments = by_kind.get("comments", [])
        if len(comments) > 1:
            self.complain("there are two parts of notes")
        drawings = [self.relations.get(reference(e)) for e in every(self.root, "legacyDrawing")]
        if any(drawing is not None and drawing.kind != "vmlDrawing" for drawing in drawings):
            self.complain("the drawing of the notes is none")
        boxes: Counter[tuple[int, int]] = Counter()
        for drawing in drawings:
            if drawing is not None and drawing.part in self.package.trees:
                boxes += self._boxes(drawing.part)
        notes = self._written(comments[0]) if comments and comments[0] in self.package.trees else Counter()
        for cell in (notes - boxes).keys() | (boxes - notes).keys():
            self.complain(f"note and box of {cell} do not go together")

    def _written(self, part: str) -> Counter[tuple[int, int]]:
        root = self.package.trees[part]
        if [local(child) for child in root][:2] != ["authors", "commentList"]:
            self.complain(f"{part} is not in order")
        authors = len(every(root, "author", "authors"))
        cells: Counter[tuple[int, int]] = Counter()
        for note in every(root, "comment", "commentList"):
            cell = cell_of(note.get("ref", ""))
            if cell is None or int(note.get("authorId", "0")) >= authors:
                self.complain(f"the note {note.get('ref')} is at no cell or of nobody")
                continue
            cells[cell] += 1
            if units("".join(t.text or "" for t in note.iter() if local(t) == "t")) > _TEXT:
                self.complain(f"the note {note.get('ref')} is too long")
        for cell, times in cells.items():
            if times > 1:
                self.complain(f"two notes at {cell}")
        return cells

    def _boxes(self, part: str) -> Counter[tuple[int, int]]:
        root, package = self.package.trees[part], self.package
        blocks = {b for e in root.iter() if local(e) == "idmap" for b in re.findall("[0-9]+", e.get("data", ""))}
        package.blocks.update(blocks)
        types = {element.get("id") for element in root if local(element) == "shapetype"}
        cells: Counter[tuple[int, int]] = Counter()
        shapes = [shape for shape in root if local(shape) == "shape"]
        identities = Counter(shape.get("id", "") for shape in shapes)
        package.shapes.update(identities.keys())
        for identity, times in identities.items():
            if times > 1:
                self.complain(f"{part}: the shape {identity} is there twice")
        for shape in shapes:
            number = re.fullmatch(r"_x0000_s([0-9]+)", shape.get("id", ""))
            if number is not None and blocks and str(int(number[1]) // _BLOCK) not in blocks:
                self.complain(f"{part}: {shape.get('id')} is in no block of its drawing")
            if shape.get("type", "")[1:] not in types:
                self.complain(f"{part}: {shape.get('id')} is of no type")
            said = {local(e): (e.text or "").strip() for data in shape if local(data) == "ClientData" for e in data}
            if "Row" in said and "Column" in said:
                cells[int(said["Row"]) + 1, int(said["Column"]) + 1] += 1
            left, _, top, _, right, _, bottom, _ = map(int, said.get("Anchor", "0,0,0,0,0,0,0,0").split(","))
            if not 0 <= left <= right < _COLUMNS or not 0 <= top <= bottom < _ROWS:
                self.complain(f"{part}: {shape.get('id')} is not on the sheet")
        return cells


def ordered(known: Known, root: Element, order: Sequence[str], part: str) -> None:
    """Complain where the elements right below ``root`` are in another order than ``order``, or there twice."""
    names = [name for name in map(local, root) if name in order]
    places = [order.index(name) for name in names]
    if places != sorted(places):
        known.complain(f"{part}: the elements are not in order")
    for name, times in Counter(names).items():
        if times > 1 and name not in _REPEATED:
            known.complain(f"{part}: {name} is there twice")


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def every(root: Element, name: str, family: str = "") -> list[Element]:
    """The elements of this name; with ``family``, only right below those of that name."""
    parents = [e for e in root.iter() if local(e) == family] if family else [root]
    return [child for parent in parents for child in (parent if family else parent.iter()) if local(child) == name]


def reference(element: Element) -> str:
    """The id of a relationship that an element bears."""
    return next((v for key, v in element.attrib.items() if key.endswith("/relationships}id")), "")


def cell_of(reference: str) -> tuple[int, int] | None:
    """Row and column of ``B7``, None if that is no cell."""
    match = _CELL.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return (int(match[2]), column) if column <= _COLUMNS and int(match[2]) <= _ROWS else None


def units(text: str) -> int:
    """How long Excel takes a text to be: characters beyond the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2
