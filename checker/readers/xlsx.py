"""Workbooks of the OOXML kind: ``.xlsx``, ``.xlsm`` and their templates."""

from __future__ import annotations

from functools import cache, partial

from checker.model.workbook import RowCallback, Sheet, SheetContent, Workbook
from checker.readers import limits
from checker.readers.comments import read_comments
from checker.readers.escapes import unescape
from checker.readers.markup import parse_part
from checker.readers.package import Package
from checker.readers.refusals import refuse
from checker.readers.relationships import RELATIONSHIP_ID, Relationship, read_relationships
from checker.readers.sheet import Budget, SheetSource, load_sheet, stream_sheet
from checker.readers.styles import read_number_formats
from checker.readers.texts import read_shared_texts

__all__ = ["open_xlsx"]

_STATES = {"hidden": "hidden", "veryHidden": "very_hidden"}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_DOCUMENTS = ("word/", "ppt/", "visio/")


def open_xlsx(path: str, data: bytes | Package, sha256: str) -> Workbook:
    """The workbook in the package ``data``, its sheets unread. Raises ``ReadError``."""
    package = data if isinstance(data, Package) else Package(data, path)
    part = _workbook_part(package)
    relationships = read_relationships(package, part)
    listing = _Listing(package, part)
    kinds = {relationship.kind: relationship.part for relationship in relationships}
    remarks: list[str] = []

    def remark(code: str) -> None:
        if code not in remarks:
            remarks.append(code)

    @cache
    def texts() -> list[str]:
        shared = kinds.get("sharedStrings", "")
        return read_shared_texts(package, shared) if shared else []

    budget = Budget()
    by_id = {relationship.id: relationship for relationship in relationships}
    sheets = []
    for name, state, relationship_id in listing.sheets:
        relationship = by_id.get(relationship_id)
        if relationship is None or relationship.part not in package:
            raise refuse("PART_MISSING", f"{path}!{name}", part=relationship.part if relationship else name)
        source = SheetSource(package, relationship.part, f"{path}!{name}", texts, remark, budget)
        sheets.append(_sheet(name, state, relationship, source))
    styles = kinds.get("styles", "")
    return Workbook(
        path=path,
        sha256=sha256,
        source="xlsx",
        sheets=tuple(sheets),
        date1904=listing.date1904,
        defined_names=listing.names,
        remarks=remarks,
        load_number_formats=partial(read_number_formats, package, styles) if styles else None,
    )


def _sheet(name: str, state: str, relationship: Relationship, source: SheetSource) -> Sheet:
    if relationship.kind != "worksheet":
        source.remark("SHEET_WITHOUT_CELLS")
        return Sheet(name, partial(SheetContent, {}), state=state)

    def stream(callback: RowCallback) -> None:
        stream_sheet(source, callback)

    return Sheet(
        name,
        partial(load_sheet, source),
        state=state,
        stream=stream,
        load_comments=partial(read_comments, source.package, source.part),
        size=source.package.size(source.part),
    )


def _workbook_part(package: Package) -> str:
    """The main part of the package, if that is a workbook."""
    if "mimetype" in package and next(package.chunks("mimetype"), b"").startswith(_OPEN_DOCUMENT):
        raise refuse("FORMAT_ODS", package.where)
    if "_rels/.rels" not in package:
        if "xl/workbook.xml" in package:
            raise refuse("PART_MISSING", package.where, part="_rels/.rels")
        raise refuse("FORMAT_ARCHIVE", package.where)
    for relationship in read_relationships(package, ""):
        if relationship.kind == "officeDocument":
            if relationship.part.endswith(".bin"):
                raise refuse("FORMAT_XLSB", package.where)
            if relationship.part.startswith(_DOCUMENTS):
                raise refuse("FORMAT_OFFICE", package.where)
            return relationship.part
    raise refuse("FORMAT_OFFICE", package.where)


class _Listing:
    """What the main part lists: sheets as (name, state, relationship), names, the date system."""

    def __init__(self, package: Package, part: str) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.date1904 = False
        self._local_names: list[tuple[str, str | None, str]] = []
        self._package = package
        self._part = part
        self._root = ""
        self._name: tuple[str, str | None] = ("", None)
        parse_part(package, part, self._start, self._end)
        if not self.sheets:
            raise refuse("NO_SHEETS", package.where)
        seen: set[str] = set()
        for name, _, _ in self.sheets:
            if name.casefold() in seen:
                raise refuse("SHEET_TWICE", package.where, name=name)
            seen.add(name.casefold())

    @property
    def names(self) -> dict[str, str]:
        """Defined names; those of one sheet as ``sheet!name``."""
        names = {}
        for name, sheet, text in self._local_names:
            number = int(sheet) if sheet and sheet.isdecimal() and len(sheet) < 6 else len(self.sheets)
            names[f"{self.sheets[number][0]}!{name}" if number < len(self.sheets) else name] = text
        return names

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._root:
            self._root = name
            if name != "workbook":
                raise refuse("PART_WRONG", self._package.where, part=self._part)
        elif name == "sheet":
            state = _STATES.get(attributes.get("state", ""), "visible")
            relationship = next((attributes[key] for key in RELATIONSHIP_ID if key in attributes), "")
            self.sheets.append((unescape(attributes.get("name", "")), state, relationship))
            if len(self.sheets) > limits.MAX_SHEETS:
                raise refuse("TOO_MANY_SHEETS", self._package.where, limit=limits.MAX_SHEETS)
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904") in ("1", "true")
        elif name == "definedName":
            self._name = (unescape(attributes.get("name", "")), attributes.get("localSheetId"))

    def _end(self, name: str, text: str) -> None:
        if name == "definedName":
            self._local_names.append((*self._name, text))
