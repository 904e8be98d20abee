"""What makes Excel offer to repair a workbook, looked for by code that shares nothing with ours.

``complaints`` reads a package byte by byte and element by element and says in words what Excel is known to stumble over
(ECMA-376 with the limits that [MS-OI29500] names). A copy should have none that its original has not.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final
from xml.etree import ElementTree as Tree

from .container import Complain, unpacked
from .worksheets import Known, Relation, Sheet, every, local, ordered, reference, units

__all__ = ["complaints"]

_BOOK_ORDER: Final = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_STYLE_ORDER: Final = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
#: A sheet that a formula speaks of, quoted or not.
_SHEET: Final = re.compile(r"'((?:[^']|'')+)'!|([^\W\d][\w.]*)!")
_NAME, _SHEET_ID, _FORMATS, _FORBIDDEN = 31, 65_534, 65_430, set(":\\/?*[]")
_KINDS: Final = {"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}

#: How the content type of a part ends, by the kind of what leads to it.
_TYPES: Final = {
    "worksheet": ".worksheet+xml",
    "styles": ".styles+xml",
    "comments": ".comments+xml",
    "vmlDrawing": ".vmlDrawing",
}


def complaints(path: Path | str) -> list[str]:
    """All that Excel would stumble over, in words; empty for a workbook that opens."""
    found: list[str] = []
    _Package(unpacked(Path(path).read_bytes(), found.append), found.append).look()
    return found


class _Package(Known):
    def __init__(self, parts: dict[str, bytes], complain: Complain) -> None:
        super().__init__(complain)
        self.parts = parts
        self.named = {name.casefold(): name for name in parts}
        self.types: dict[str, str] = {}

    def look(self) -> None:
        self._types()
        for name in self.parts:
            if name.endswith((".xml", ".rels", ".vml")):
                self._parse(name)
        for name in self.parts:
            if name.endswith(".rels"):
                self._relate(name)
        for relation in self.relations.get("", {}).values():
            if relation.kind == "officeDocument":
                self._book(relation.part)
        for id_, times in self.shapes.items():
            if times > 1:
                self.complain(f"vml: the shape {id_} is in two drawings")
        for block, times in self.blocks.items():
            if times > 1:
                self.complain(f"vml: the block {block} is used by two drawings")

    def _parse(self, name: str) -> None:
        try:
            self.trees[name] = Tree.fromstring(self.parts[name])
        except Tree.ParseError as error:
            self.complain(f"{name}: no well-formed XML ({error.code})")
            return
        root = re.search(r"<[A-Za-z][^>]*>", self.parts[name][:20_000].decode("utf-8", "replace"))
        ignorable = re.search(r"""\w+:Ignorable\s*=\s*["']([^"']*)""", root[0]) if root else None
        if root and ignorable:
            for prefix in ignorable[1].split():
                if f"xmlns:{prefix}=" not in root[0]:
                    self.complain(f"{name}: the prefix {prefix} is ignored but not declared")

    def _types(self) -> None:
        """Every part has one content type."""
        root = Tree.fromstring(self.parts["[Content_Types].xml"])
        self.types = {(e.get("PartName") or e.get("Extension", "")).casefold(): e.get("ContentType", "") for e in root}
        defaults = Counter(e.get("Extension", "").casefold() for e in root if local(e) == "Default")
        overrides = Counter(e.get("PartName", "").casefold() for e in root if local(e) == "Override")
        for name, times in (defaults + overrides).items():
            if times > 1:
                self.complain(f"content types: {name} is there twice")
        for name in overrides:
            if name[1:] not in self.named:
                self.complain(f"content types: there is no {name}")
        for name in self.named:
            if (
                name != "[content_types].xml"
                and f"/{name}" not in overrides
                and name.rpartition(".")[2] not in defaults
            ):
                self.complain(f"content types: none for {name}")

    def _relate(self, name: str) -> None:
        folder, _, file = name.removesuffix(".rels").rpartition("_rels/")
        owner = folder + file
        if owner and owner.casefold() not in self.named:
            self.complain(f"{name}: there is no {owner}")
        owner = self.named.get(owner.casefold(), owner)
        known = self.relations.setdefault(owner, {})
        for element in self.trees.get(name, ()):
            id_, kind, target = (element.get(key, "") for key in ("Id", "Type", "Target"))
            if id_ in known or not re.fullmatch(r"[A-Za-z_][\w.-]*", id_):
                self.complain(f"{name}: the id {id_!r} is no id or there twice")
            part = ""
            if element.get("TargetMode") != "External" and not target.startswith("#"):
                part = normpath(target if target.startswith("/") else join("/", dirname(owner), target)).lstrip("/")
                if part.casefold() not in self.named:
                    self.complain(f"{name}: {id_} leads to {target}, which is not there")
                word = kind.rpartition("/")[2]
                told = self.types.get(f"/{part}".casefold()) or self.types.get(part.rpartition(".")[2].casefold(), "")
                if word in _TYPES and not told.endswith(_TYPES[word]):
                    self.complain(f"content types: {part} is said to be {told}")
            known[id_] = Relation(kind.rpartition("/")[2], self.named.get(part.casefold(), part))

    # The workbook

    def _book(self, part: str) -> None:
        root, relations = self.trees[part], self.relations.get(part, {})
        ordered(self, root, _BOOK_ORDER, part)
        by_kind = {relation.kind: relation.part for relation in relations.values()}
        if "sharedStrings" in by_kind:
            self.texts = len(every(self.trees[by_kind["sharedStrings"]], "si"))
        if "styles" in by_kind:
            self._styles(by_kind["styles"])
        sheets = every(root, "sheet", "sheets")
        names = [sheet.get("name", "") for sheet in sheets]
        self.sheet_names = {name.casefold() for name in names}
        for name in names:
            if not 0 < units(name) <= _NAME or _FORBIDDEN & set(name) or "'" in (name[0], name[-1]):
                self.complain(f"{part}: a sheet cannot be called {name}")
        self._once(part, "names of sheets", [name.casefold() for name in names])
        self._once(part, "sheetId", [sheet.get("sheetId", "") for sheet in sheets])
        if any(not 0 < int(sheet.get("sheetId", "0")) <= _SHEET_ID for sheet in sheets):
            self.complain(f"{part}: a sheetId is out of range")
        if all(sheet.get("state", "visible") != "visible" for sheet in sheets):
            self.complain(f"{part}: no sheet is visible")
        named = every(root, "definedName", "definedNames")
        self._once(part, "names", [f"{n.get('name', '').casefold()}/{n.get('localSheetId')}" for n in named])
        if any(int(name.get("localSheetId", "0")) >= len(sheets) for name in named):
            self.complain(f"{part}: a name belongs to a sheet that is not there")
        for name in named:
            for quoted, plain in _SHEET.findall(name.text or ""):
                if (
                    "[" not in quoted + plain
                    and (quoted or plain).replace("''", "'").casefold() not in self.sheet_names
                ):
                    self.complain(f"{part}: the name {name.get('name')} is of a sheet that is not there")
        for view in every(root, "workbookView", "bookViews"):
            if max(int(view.get(key, "0")) for key in ("activeTab", "firstSheet")) >= len(sheets):
                self.complain(f"{part}: the sheet in front is not there")
        for sheet in sheets:
            relation = relations.get(reference(sheet))
            if relation is None or relation.kind not in _KINDS:
                self.complain(f"{part}: {sheet.get('name')} leads nowhere")
            elif relation.kind == "worksheet" and relation.part in self.trees:
                Sheet(self, relation.part).look()

    def _styles(self, part: str) -> None:
        root = self.trees[part]
        ordered(self, root, _STYLE_ORDER, part)
        sizes = {local(family): len(family) for family in root}
        for family in root:
            if family.get("count") is not None and int(family.get("count", "")) != len(family):
                self.complain(f"{part}: {local(family)} are counted wrong")
        known = {int(e.get("numFmtId", "")) for e in every(root, "numFmt", "numFmts")}
        for kind in ("cellStyleXfs", "cellXfs"):
            for number, xf in enumerate(every(root, "xf", kind)):
                for key, family in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                    if int(xf.get(key, "0")) >= sizes.get(family, 0):
                        self.complain(f"{part}: {kind} {number} has a {key} that is not there")
                if kind == "cellXfs" and int(xf.get("xfId", "0")) >= max(sizes.get("cellStyleXfs", 0), 1):
                    self.complain(f"{part}: {kind} {number} has an xfId that is not there")
                if int(xf.get("numFmtId", "0")) >= 164 and int(xf.get("numFmtId", "0")) not in known:
                    self.complain(f"{part}: {kind} {number} has a number format that is not there")
        patterns = [inside.get("patternType", "none") for fill in every(root, "fill", "fills")[:2] for inside in fill]
        if patterns and patterns != ["none", "gray125"]:
            self.complain(f"{part}: the first two fills, which Excel keeps for itself, are others")
        self.formats, self.dxfs = sizes.get("cellXfs", 0), sizes.get("dxfs", 0)
        if self.formats > _FORMATS:
            self.complain(f"{part}: too many formats of cells")

    def _once(self, part: str, what: str, values: list[str]) -> None:
        for value, times in Counter(values).items():
            if times > 1:
                self.complain(f"{part}: {what}: {value} is there twice")
