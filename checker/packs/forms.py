"""From the mapping of a form file, already valid against its schema, to a ``Form``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeVar

from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.form import Column, ColumnKind, Field, Form, Level, Row, Table
from checker.model.label import Labels
from checker.packs.schema import suggest
from checker.packs.strict_yaml import Located, Path

__all__ = ["inherit_form", "read_form", "text_of"]

T = TypeVar("T")
Raw = Mapping[str, Any]

#: The parts of a form whose entries are inherited one by one.
_NAMED = ("fields", "tables", "columns", "rows", "totals", "levels")
#: What a form says of itself alone.
_OWN = ("extends", "retire", "abstract")


def text_of(value: Any, english: str = "") -> Text:
    """A text as written: in Chinese only (then ``english``, or itself, stands in), or ``{zh, en}``."""
    if isinstance(value, Mapping):
        return Text(value["zh"], value.get("en") or english or value["zh"])
    return Text(value, english or value)


def inherit_form(parent: Raw, document: Located) -> tuple[Raw, list[PackError]]:
    """The parent's mapping with the child's put over it: fields, tables, columns and rows entry by entry,
    anything else replaced whole. ``drop: true`` leaves an entry out; it must be there to be left out."""
    errors: list[PackError] = []
    merged = _merge(parent, document.data, (), document, errors)
    own = {"abstract": True} if document.data.get("abstract") else {}
    return {**{key: value for key, value in merged.items() if key not in _OWN}, **own}, errors


def _merge(parent: Raw, child: Raw, path: Path, document: Located, errors: list[PackError]) -> dict[str, Any]:
    merged = dict(parent)
    for key, value in child.items():
        inherited = merged.get(key)
        here = (*path, key)
        entry = bool(path) and path[-1] in _NAMED and len(path) % 2 == 1
        if entry and isinstance(value, Mapping) and value.get("drop"):
            if key in merged:
                del merged[key]
            else:
                errors.append(
                    PackError(
                        "DROP_UNKNOWN",
                        tr("The inherited form has no {name} to leave out.", name=key),
                        suggest(key, merged),
                        document.where(here, key=True),
                    )
                )
        elif isinstance(inherited, Mapping) and isinstance(value, Mapping) and (entry or key in _NAMED):
            merged[key] = _merge(inherited, value, here, document, errors)
        elif not (entry and value is None and key in merged):
            merged[key] = value
    return merged


def read_form(
    document: Located, data: Raw, pack: str, labels: Labels, parent: Form | None = None
) -> tuple[Form, list[PackError]]:
    """The form, and all that is wrong with it; with errors the form is not to be used.

    ``data`` is the document's mapping, or what inheriting from ``parent`` made of it; places are told in the document.
    """
    reader = _Reader(document, labels)
    form = reader.form(data, pack)
    if parent is not None:
        retired = {item["rule"]: text_of(item["reason"]) for item in document.data.get("retire", ())}
        kinds_of = parent.kinds_of if parent.name == form.name else (parent.name, *parent.kinds_of)
        form = form._replace(kinds_of=kinds_of, retired={**parent.retired, **retired})
    return form, reader.errors


class _Reader:
    def __init__(self, document: Located, labels: Labels) -> None:
        self.errors: list[PackError] = []
        self._unit = ""
        self._document = document
        self._normalise = labels.normalise

    def form(self, data: Raw, pack: str) -> Form:
        name = data["form"]
        self._unit = data.get("unit", "")
        fields = self._named(data, ("fields",), self._field)
        self._distinct(("fields",), ((field.name, field.labels, field.under) for field in fields.values()))
        titles = self._words(data.get("titles"), ("titles",))
        if not titles:
            self._error("FORM_NO_TITLE", tr("A form needs a title to be recognised by."), ("form",))
        if not fields and not data.get("tables"):
            self._error("FORM_EMPTY", tr("A form needs fields or tables."), ("form",))
        return Form(
            name=name,
            pack=pack,
            title=text_of(data.get("title", name), data.get("english", "")),
            titles=titles,
            sheets=self._words(data.get("sheets"), ("sheets",)),
            unit=data.get("unit", ""),
            fields=fields,
            tables=self._named(data, ("tables",), self._table),
            rounding=data.get("rounding", "half_up"),
            optional=data.get("optional", False),
            layout=data.get("layout", {}),
            abstract=data.get("abstract", False),
            keeps_unit=data.get("keeps_unit", False),
            origin=self._document.where(("form",), key=True),
        )

    def _field(self, name: str, item: Raw, path: Path) -> Field:
        return Field(
            name=name,
            kind=item.get("kind", ColumnKind.TEXT),
            labels=self._labels(name, item, path),
            mandatory=item.get("mandatory", False),
            place=item.get("place", "right"),
            unit=item.get("unit", ""),
            values=tuple(item.get("values", ())),
            english=item.get("english", ""),
            role=item.get("role", ""),
            optional=item.get("optional", False),
            under=self._words(item.get("under"), (*path, "under")),
            decimals=item.get("decimals"),
        )

    def _table(self, name: str, item: Raw, path: Path) -> Table:
        columns = self._named(item, (*path, "columns"), self._column)
        given = item.get("rows")
        layout = "closed" if isinstance(given, Mapping) else given or ""
        rows = self._named(item, (*path, "rows"), self._row) if layout == "closed" else {}
        totals = self._named(item, (*path, "totals"), self._row)
        levels = self._named(item, (*path, "levels"), self._level)
        if not layout:
            self._error("TABLE_NO_ROWS", tr("Say what rows the table has: open, single, or the rows by name."), path)
        if not columns:
            self._error("TABLE_NO_COLUMNS", tr("A table needs columns."), path)
        if layout != "open":
            for key in ("totals", "ends", "levels"):
                if item.get(key):
                    self._error("TABLE_NOT_OPEN", tr("{key} is for open tables only.", key=key), (*path, key), key=True)
        for level in levels.values():
            self._known(level.column, columns, (*path, "levels", level.name, "column"))
        heads = ((column.name, column.labels, column.under or column.meets) for column in columns.values())
        self._distinct((*path, "columns"), heads)
        for part, entries in (("rows", rows), ("totals", totals)):
            self._distinct((*path, part), ((row.name, row.labels, row.beside) for row in entries.values()))
            self._hierarchy(entries, (*path, part))
        return Table(
            name=name,
            layout=layout,
            columns=columns,
            rows=rows,
            totals=totals,
            beside=self._words(item.get("beside"), (*path, "beside")),
            ends=self._words(item.get("ends"), (*path, "ends")),
            key=self._key(columns, layout, path),
            levels=levels,
            optional=item.get("optional", False),
            header_rows=item.get("header_rows", 1),
            heading=self._words(item.get("heading"), (*path, "heading")),
            may_be_empty=item.get("may_be_empty", False),
            extra_rows=item.get("extra_rows", False),
            side_by_side=item.get("side_by_side", False),
            stands_for=item.get("stands_for", ""),
            english=item.get("english", ""),
        )

    def _key(self, columns: Mapping[str, Column], layout: str, path: Path) -> str:
        keys = [c.name for c in columns.values() if c.key] or [
            c.name for c in columns.values() if c.kind == ColumnKind.LABEL
        ]
        if len(keys) > 1:
            self._error(
                "TABLE_KEYS",
                tr("Only one column can name the rows; here are {names}.", names=", ".join(keys)),
                (*path, "columns"),
                key=True,
            )
        if layout == "open" and columns and not keys:
            self._error(
                "TABLE_NO_KEY",
                tr("An open table needs a column that names its rows."),
                (*path, "columns"),
                hint=tr("Write key: true at that column."),
                key=True,
            )
        return keys[0] if keys else ""

    def _column(self, name: str, item: Raw, path: Path) -> Column:
        kind = item.get("kind", "")
        if not kind:
            self._error("KEY_MISSING", tr("The key {key} is missing here.", key="kind"), path)
        if item.get("decimals") is not None and kind not in ColumnKind.NUMERIC:
            self._error("DECIMALS_IDLE", tr("Only columns of numbers have decimals."), (*path, "decimals"), key=True,
                        hint=tr("Delete it, or choose a kind of numbers."))  # fmt: skip
        return Column(
            name=name,
            kind=kind,
            labels=self._labels(name, item, path),
            under=self._words(item.get("under"), (*path, "under")),
            unit=item.get("unit", self._unit if kind == ColumnKind.AMOUNT else ""),
            decimals=item.get("decimals"),
            exact=item.get("exact", kind in ColumnKind.EXACT),
            optional=item.get("optional", False),
            mandatory=item.get("mandatory", False),
            fill=item.get("fill") == "down",
            key=item.get("key", False),
            values=tuple(item.get("values", ())),
            english=item.get("english", ""),
            formula=item.get("formula", ""),
            meets=self._words(item.get("meets"), (*path, "meets")),
        )

    def _row(self, name: str, item: Raw, path: Path) -> Row:
        part_of = item.get("part_of", ())
        return Row(
            name=name,
            labels=self._labels(name, item, path),
            part_of=(part_of,) if isinstance(part_of, str) else tuple(part_of),
            total=item.get("total", False),
            optional=item.get("optional", False),
            mandatory=item.get("mandatory", False),
            english=item.get("english", ""),
            beside=self._words(item.get("beside"), (*path, "beside")),
            lists=item.get("lists", False),
        )

    def _level(self, name: str, item: Raw, path: Path) -> Level:
        for key in ("column", "length"):
            if key not in item:
                self._error("KEY_MISSING", tr("The key {key} is missing here.", key=key), path)
        return Level(name, item.get("column", ""), item.get("length", 0))

    def _named(self, holder: Raw, path: Path, read: Callable[[str, Raw, Path], T]) -> dict[str, T]:
        result: dict[str, T] = {}
        for name, item in (holder.get(str(path[-1])) or {}).items():
            if name.startswith("x-"):
                continue
            if item and item.get("drop"):
                self._error("DROP_UNKNOWN", tr("Only an inherited entry can be left out."), (*path, name), key=True)
            result[name] = read(name, item or {}, (*path, name))
        return result

    def _labels(self, name: str, item: Raw, path: Path) -> tuple[str, ...]:
        return self._words([name, *_list(item.get("aliases"))], (*path, "aliases"))

    def _words(self, value: Any, path: Path) -> tuple[str, ...]:
        words = dict.fromkeys(self._normalise(word) for word in _list(value))
        if "" in words:
            self._error("LABEL_EMPTY", tr("Nothing is left of this label but punctuation."), path)
        return tuple(words)

    def _distinct(self, path: Path, entries: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
        """No two entries may go by the same label (below the same head)."""
        seen: dict[tuple[str, str], str] = {}
        for name, labels, under in entries:
            for place in chain.from_iterable(((label, head) for head in under or ("",)) for label in labels):
                other = seen.setdefault(place, name)
                if other != name:
                    self._error(
                        "LABEL_TWICE",
                        tr("{name} and {other} both go by {label}.", name=name, other=other, label=place[0]),
                        (*path, name),
                        hint=tr("Remove one of the two; a column or field may say what it stands under."),
                        key=True,
                    )

    def _hierarchy(self, rows: Mapping[str, Row], path: Path) -> None:
        for row in rows.values():
            for index, parent in enumerate(row.part_of):
                place = (*path, row.name, "part_of", index)
                self._known(parent, rows, place)
                above, steps = {parent}, 0
                while above and row.name not in above and steps <= len(rows):
                    above = {p for name in above if name in rows for p in rows[name].part_of}
                    steps += 1
                if row.name in above:
                    message = tr("{name} is a part of itself.", name=row.name)
                    self._error("ROW_CYCLE", message, place, hint=tr("Take one of them out of the circle."))

    def _known(self, name: str, known: Mapping[str, object], path: Path) -> None:
        if name and name not in known:
            self._error("NAME_UNKNOWN", tr("There is no {name} here.", name=name), path, hint=suggest(name, known))

    def _error(self, code: str, message: Text, path: Path, *, hint: Text | None = None, key: bool = False) -> None:
        self.errors.append(PackError(code, message, hint, self._document.where(path, key=key)))


def _list(value: Any) -> list[Any]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
