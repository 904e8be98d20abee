"""Which part belongs to which: the ``_rels`` parts of a package."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import NamedTuple
from weakref import WeakKeyDictionary

from checker.readers.markup import parse_part
from checker.readers.package import Package

__all__ = ["RELATIONSHIP_ID", "Relationship", "read_relationships"]

_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships}"
#: Name of the attribute that refers to a relationship, transitional and strict.
RELATIONSHIP_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
#: What was read of packages that are still there: several rooms ask for the same.
_known: WeakKeyDictionary[Package, dict[str, tuple[Relationship, ...]]] = WeakKeyDictionary()


class Relationship(NamedTuple):
    """``kind`` is the last word of the type (``worksheet``, ``comments``); ``part`` is empty if outside."""

    id: str
    kind: str
    part: str


def read_relationships(package: Package, part: str) -> tuple[Relationship, ...]:
    """The relationships of ``part`` (the package's own for an empty name), none if there is no such list."""
    known = _known.setdefault(package, {})
    if part not in known:
        known[part] = tuple(_read(package, part))
    return known[part]


def _read(package: Package, part: str) -> list[Relationship]:
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels".removeprefix("/")
    found: list[Relationship] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{_NAMESPACE}Relationship":
            target = attributes.get("Target", "")
            outside = attributes.get("TargetMode") == "External"
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.append(Relationship(attributes.get("Id", ""), kind, "" if outside else _resolve(part, target)))

    if relations in package:
        parse_part(package, relations, start)
    return found


def _resolve(part: str, target: str) -> str:
    target = target.replace("\\", "/")
    path = target if target.startswith("/") else join("/", dirname(part), target)
    return normpath(path).lstrip("/")
