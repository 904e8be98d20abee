"""The ``layout:`` part of a form, read into lines. The language is described in :mod:`checker.templates`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from checker.errors import PackError
from checker.messages import tr
from checker.model.form import ColumnKind, Form
from checker.templates.drawing import Style

__all__ = [
    "Beside",
    "BlankLine",
    "FieldsLine",
    "GroupLine",
    "Heading",
    "Layout",
    "Line",
    "Span",
    "TableLine",
    "TextLine",
    "read_layout",
]

_SPAN: Final = re.compile(r"([A-Z]{1,2})(?::([A-Z]{1,2}))?")
_TEXT_KINDS: Final = {
    "title": Style.TITLE,
    "year": Style.YEAR,
    "unit": Style.UNIT,
    "note": Style.NOTE,
    "text": Style.PLAIN,
}


class Span(NamedTuple):
    """Columns from ``left`` to ``right``, both included, counted from 1."""

    left: int
    right: int


class Heading(NamedTuple):
    """A cell of a header tier."""

    span: Span
    text: str


class Beside(NamedTuple):
    """The label of a block at its left."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """Printed words. A text of None is the usual one of its kind."""

    style: str
    texts: tuple[tuple[Span, str | None], ...]
    height: float | None = None


@dataclass(frozen=True, slots=True)
class FieldsLine:
    """Fields on one line, each with the spans of its label and its value, or one span for both in one
    cell."""

    fields: Mapping[str, tuple[Span, ...]]
    labels: Mapping[str, str]
    below: bool = False
    plain: bool = False
    beside: Beside | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class TableLine:
    table: str
    #: The spans of the columns, one mapping for each block that stands side by side.
    blocks: tuple[Mapping[str, Span], ...]
    header: tuple[tuple[Heading, ...], ...] = ()
    header_text: Mapping[str, str] = field(default_factory=dict)
    header_height: float | None = None
    row_text: Mapping[str, object] = field(default_factory=dict)
    rows: int = 1
    #: Rows of a closed table with which its second block begins, its third, and so on.
    begins: tuple[str, ...] = ()
    total_span: Span | None = None
    totals_first: bool = False
    formulas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    printed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    prefill: tuple[Mapping[str, object], ...] = ()
    #: In which block a total row stands where it is not the first.
    total_blocks: Mapping[str, int] = field(default_factory=dict)
    #: Lines of the heading below the columns' names.
    below: tuple[tuple[Heading, ...], ...] = ()
    #: Columns whose codes stand part by part in the cells of their span.
    split: frozenset[str] = frozenset()
    beside: Beside | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Lines below one another under a common label, or ``abreast`` at the same height."""

    lines: tuple[Line, ...]
    abreast: bool = False
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class BlankLine:
    count: int


Line = TextLine | FieldsLine | TableLine | GroupLine | BlankLine


@dataclass(frozen=True, slots=True)
class Layout:
    widths: tuple[float, ...]
    lines: tuple[Line, ...]
    landscape: bool = False


def read_layout(form: Form) -> Layout:
    """The layout of ``form``, or a plain one when it has none: its fields, then its tables, below one
    another.

    Raises PackError when the mapping does not follow the language."""
    source = form.layout or _plain_layout(form)
    try:
        return Layout(
            widths=tuple(float(str(width)) for width in _list(source["widths"])),
            lines=tuple(_line(_mapping(line)) for line in _list(source["lines"])),
            landscape=source.get("orientation") == "landscape",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(
            "layout",
            tr("The layout of {form} cannot be read: {reason}.", form=form.name, reason=str(error)),
            hint=tr("Compare it with the layout language described in checker.templates."),
            where=form.origin,
        ) from error


def _line(source: Mapping[str, object]) -> Line:
    height = float(str(source["height"])) if "height" in source else None
    beside = Beside(_span(source["beside"]), str(source.get("beside_text", ""))) if "beside" in source else None
    if "table" in source:
        return _table(source, beside, height)
    for kind in ("fields", "fields_below", "sign"):
        if kind in source:
            spans = {
                name: tuple(_span(s) for s in _list(value)) if isinstance(value, list) else (_span(value),)
                for name, value in _mapping(source[kind]).items()
            }
            return FieldsLine(
                spans,
                {name: str(text) for name, text in _mapping(source.get("field_text", {})).items()},
                below=kind == "fields_below",
                plain=kind == "sign" or bool(source.get("plain", False)),
                beside=beside,
                height=height,
            )
    for kind in ("lines", "abreast"):
        if kind in source:
            lines = tuple(_line(_mapping(line)) for line in _list(source[kind]))
            return GroupLine(lines, abreast=kind == "abreast", beside=beside)
    if "blank" in source:
        return BlankLine(int(str(source["blank"])))
    for kind, style in _TEXT_KINDS.items():
        value = source.get(kind)
        if isinstance(value, Mapping):
            return TextLine(style, tuple((_span(s), str(text)) for s, text in value.items()), height)
        if value is not None and kind != "text":
            text = source.get("text")
            return TextLine(style, ((_span(value), None if text is None else str(text)),), height)
    raise ValueError(f"unknown line {dict(source)}")


def _table(source: Mapping[str, object], beside: Beside | None, height: float | None) -> TableLine:
    columns = source["columns"]
    blocks = _list(columns) if isinstance(columns, list) else [columns]
    return TableLine(
        table=str(source["table"]),
        blocks=tuple({name: _span(span) for name, span in _mapping(block).items()} for block in blocks),
        header=_tiers(source.get("header", [])),
        below=_tiers(source.get("below", [])),
        total_blocks={name: int(str(at)) for name, at in _mapping(source.get("total_blocks", {})).items()},
        split=frozenset(str(name) for name in _list(source.get("split", []))),
        header_text={name: str(text) for name, text in _mapping(source.get("header_text", {})).items()},
        header_height=float(str(source["header_height"])) if "header_height" in source else None,
        row_text=_mapping(source.get("row_text", {})),
        rows=int(str(source.get("rows", 1))),
        begins=tuple(str(name) for name in _list(source.get("begins", []))),
        total_span=_span(source["total_span"]) if "total_span" in source else None,
        totals_first=source.get("totals") == "first",
        formulas={
            column: {row: str(text) for row, text in _mapping(rows).items()}
            for column, rows in _mapping(source.get("formulas", {})).items()
        },
        printed={column: dict(_mapping(rows)) for column, rows in _mapping(source.get("printed", {})).items()},
        prefill=tuple(_mapping(row) for row in _list(source.get("prefill", []))),
        beside=beside,
        height=height,
    )


def _tiers(source: object) -> tuple[tuple[Heading, ...], ...]:
    return tuple(
        tuple(Heading(_span(_mapping(cell)["span"]), str(_mapping(cell)["text"])) for cell in _list(tier))
        for tier in _list(source)
    )


def _span(text: object) -> Span:
    match = _SPAN.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a span of columns")
    left = _number(match[1])
    right = _number(match[2]) if match[2] else left
    if right < left:
        raise ValueError(f"{text!r} ends before it begins")
    return Span(left, right)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not a mapping")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{value!r} is not a list")
    return list(value)


def _plain_layout(form: Form) -> Mapping[str, object]:
    """Letters A for labels, B on for values; tables whole, their own label at the left."""
    from checker.model.workbook import column_letters

    widest = max([2, *(len(table.columns) + 1 for table in form.tables.values())])
    whole = f"A:{column_letters(widest)}"
    lines: list[object] = [{"title": whole}, {"year": whole}]
    if form.unit:
        lines.append({"unit": whole})
    for name, field_ in form.fields.items():
        if field_.place == "below":
            lines.append({"fields_below": {name: whole}})
        else:
            lines.append({"fields": {name: ["A", f"B:{column_letters(widest)}"]}})
    for name, table in form.tables.items():
        line: dict[str, object] = {
            "table": name,
            "columns": {column: column_letters(at) for at, column in enumerate(table.columns, start=2)},
        }
        labels = [name for name, column in table.columns.items() if column.kind == ColumnKind.LABEL]
        if len(labels) > 1 and any(row.beside for row in table.rows.values()):  # groups of rows, and the rows
            line["row_text"] = {
                row.name: {labels[-1]: row.name, **({labels[-2]: row.beside[0]} if row.beside else {})}
                for row in table.rows.values()
            }
        if table.beside:
            line |= {"beside": "A", "beside_text": table.beside[0]}
        groups = _groups(tuple(column.under[:1] for column in table.columns.values()))
        if groups:
            line["header"] = [groups]
        lines.append(line)
    return {"widths": [14] * widest, "lines": lines}


def _groups(heads: tuple[tuple[str, ...], ...]) -> list[object]:
    """One header cell for each run of columns that stand under the same head."""
    groups: list[object] = []
    for at, head in enumerate(heads):
        if head and (at == 0 or heads[at - 1] != head):
            from checker.model.workbook import column_letters

            end = at
            while end + 1 < len(heads) and heads[end + 1] == head:
                end += 1
            groups.append({"text": head[0], "span": f"{column_letters(at + 2)}:{column_letters(end + 2)}"})
    return groups
