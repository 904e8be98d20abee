"""YAML that means what it says, with the place of everything that it says.

YAML 1.1 turns ``32:35`` into 1955, ``0101`` into 65, ``no`` into false and ``0.10`` into a double. Here only
``true`` and ``false``, plain decimal integers, ``null`` and nothing are converted; all else stays text. What
could make a file mean something that its reader does not see (duplicate keys, anchors, tags, merge keys, a second
document) is an error. Built on the event stream, so that depth is bounded before anything is built.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from checker.errors import PackError
from checker.messages import Text, tr
from checker.packs.files import MAX_BYTES
from checker.packs.yaml_problem import explain

__all__ = ["Located", "Path", "load_yaml"]

MAX_DEPTH: Final = 40

#: Marks that turn the direction of writing: a file would read otherwise than it looks.
_UNSEEN: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Keys and indexes from the top of the document down.
Path = tuple[str | int, ...]
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Located:
    """A document and where its parts stand: lines and columns from 1, columns in characters.

    ``values`` are the places of values, ``keys`` those of the keys that name them; ``quoted`` are the values that
    begin with a quotation mark.
    """

    data: Any
    name: str
    values: Mapping[Path, Position]
    keys: Mapping[Path, Position]
    quoted: frozenset[Path] = frozenset()

    def inside(self, path: Path, offset: int) -> str:
        """``file:line:column`` of a character of the text at ``path``, which must be on one line."""
        line, column = self.values[path]
        return _where(self.name, (line, column + offset + (path in self.quoted)))

    def where(self, path: Path = (), *, key: bool = False) -> str:
        """``file:line:column`` of the value at ``path``, or of its key; of what holds it if it is not there."""
        while path:
            place = (self.keys.get(path) if key else None) or self.values.get(path)
            if place is not None:
                return _where(self.name, place)
            path = path[:-1]
        return _where(self.name, self.values.get((), (1, 1)))


def load_yaml(content: bytes, name: str) -> Located:
    """Read one document. ``name`` is the file as the user knows it.

    Raises ``PackError`` with ``where`` = ``file:line:column`` at the first thing that is not as it should be.
    """
    if len(content) > MAX_BYTES:
        raise PackError(
            "YAML_TOO_LARGE",
            tr("The file is larger than {limit} bytes.", limit=MAX_BYTES),
            tr("Split it into several files."),
            _where(name, (1, 1)),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError(
            "YAML_ENCODING",
            tr("The file is not UTF-8 text."),
            tr("Save it as UTF-8."),
            _where(name, _position(content[: error.start])),
        ) from None
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text) or _UNSEEN.search(text)
    if unprintable:
        raise PackError(
            "YAML_CHARACTER",
            tr("A control character (U+{code}) stands here.", code=f"{ord(unprintable[0]):04X}"),
            tr("Delete it."),
            _where(name, _position(text[: unprintable.start()].encode())),
        )
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        problem = explain(error, text)
    raise PackError("YAML_SYNTAX", problem.message, problem.hint, _where(name, problem.place))


class _Open:
    """A mapping or sequence that is being filled."""

    __slots__ = ("children", "key", "path")

    def __init__(self, children: dict[str, Any] | list[Any], path: Path) -> None:
        self.children = children
        self.path = path
        self.key: str | None = None


class _Builder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._values: dict[Path, Position] = {}
        self._keys: dict[Path, Position] = {}
        self._open: list[_Open] = []
        self._root: Any = None
        self._documents = 0
        self._quoted: set[Path] = set()

    def build(self, events: Iterator[yaml.Event]) -> Located:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._refuse_extras(event)
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._refuse_extras(event)
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
            elif isinstance(event, yaml.AliasEvent):
                raise self._error(
                    event, "YAML_ALIAS", tr("Aliases (*name) are not allowed."), tr("Write the value out here.")
                )
            elif isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise self._error(
                        event, "YAML_DOCUMENTS", tr("A file holds one document only."), tr("Remove the line ---.")
                    )
                if event.tags or event.version:
                    raise self._error(
                        event, "YAML_DIRECTIVE", tr("Directives (%) are not allowed."), tr("Delete this line.")
                    )
        return Located(self._root, self._name, self._values, self._keys, frozenset(self._quoted))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        value = _plain(event.value) if event.implicit[0] else event.value
        top = self._open[-1] if self._open else None
        if top is None or isinstance(top.children, list) or top.key is not None:
            path = self._put(value, event)
            if event.style in ("'", '"'):
                self._quoted.add(path)
            return
        if not isinstance(value, str):
            raise self._error(
                event,
                "YAML_KEY",
                tr("The key {key} is not a text.", key=event.value or "null"),
                tr("Put it in quotation marks."),
            )
        if value == "<<" and event.implicit[0]:
            raise self._error(
                event, "YAML_MERGE", tr("Merge keys (<<) are not allowed."), tr("Write the values out here.")
            )
        path = (*top.path, value)
        if path in self._keys:
            line, column = self._keys[path]
            raise self._error(
                event,
                "YAML_DUPLICATE_KEY",
                tr("The key {key} stands here a second time; the first is at {line}:{column}.",
                   key=value, line=line, column=column),
                tr("Keep one of the two."),
            )  # fmt: skip
        top.key = value
        self._keys[path] = _mark(event)

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._error(
                event,
                "YAML_TOO_DEEP",
                tr("The file is nested more than {limit} levels deep.", limit=MAX_DEPTH),
                tr("Look for a bracket that does not close."),
            )
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.children, dict) and top.key is None:
            raise self._error(
                event,
                "YAML_KEY",
                tr("A key must be a text, not a list or a mapping."),
                tr("Write: key, colon, space, value."),
            )
        children: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(children, self._put(children, event)))

    def _put(self, value: Any, event: yaml.Event) -> Path:
        """Put a value where it belongs and note its place; gives its path."""
        top = self._open[-1] if self._open else None
        path: Path
        if top is None:
            self._root, path = value, ()
        elif isinstance(top.children, list):
            path = (*top.path, len(top.children))
            top.children.append(value)
        else:
            assert top.key is not None
            path = (*top.path, top.key)
            top.children[top.key] = value
            top.key = None
        self._values[path] = _mark(event)
        return path

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise self._error(
                event, "YAML_ALIAS", tr("Anchors (&name) are not allowed."), tr("Write the value out where it is used.")
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._error(
                event,
                "YAML_TAG",
                tr("Tags ({tag}) are not allowed.", tag=tag),
                tr("Delete it; a text that begins with ! needs quotation marks."),
            )

    def _error(self, event: yaml.Event, code: str, message: Text, hint: Text | None = None) -> PackError:
        return PackError(code, message, hint, _where(self._name, _mark(event)))


def _plain(text: str) -> str | int | bool | None:
    if text == "" or text == "null":
        return None
    if text == "true" or text == "false":
        return text == "true"
    return int(text) if _INTEGER.fullmatch(text) else sys.intern(text)


def _mark(event: yaml.Event) -> Position:
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1


def _position(before: bytes) -> Position:
    line = before.count(b"\n") + 1
    return line, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1


def _where(name: str, place: Position) -> str:
    return f"{name}:{place[0]}:{place[1]}"
