"""What a case or a sample writes into one cell, turned into what a workbook would store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Final, NamedTuple

from checker.errors import PackError
from checker.messages import tr
from checker.model.form import ColumnKind
from checker.model.workbook import CellKind

__all__ = ["Value", "digits", "number_format", "read_value"]

_PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
#: Columns in which a text made of digits stays text, as Excel's users mean it.
_WORDS: Final = frozenset({ColumnKind.TEXT, ColumnKind.CODE, ColumnKind.LABEL, ColumnKind.DATE})
_STORED: Final = Context(prec=17)  # Excel stores doubles with at most 17 significant digits


class Value(NamedTuple):
    """``kind`` is a ``CellKind``, or empty for nothing. ``format`` is empty for the column's usual one."""

    kind: str
    raw: str
    formula: str | None = None
    format: str = ""


def read_value(value: object, holds: str) -> Value:
    """``value`` as it stands in a case's ``given:`` for a cell that ``holds`` a ``ColumnKind``.

    A number, or a text that is plainly one, is a number cell; any other text is text. A mapping says it
    outright: ``{text: "100"}``, ``{number: "0.978", format: "0.00%"}``, ``{error: "#REF!"}``,
    ``{formula: "=SUM(A1:A3)", value: 6}`` (without ``value`` it was never calculated). Raises PackError.
    """
    if value is None or value == "":
        return Value("", "")
    if isinstance(value, bool):
        return Value(CellKind.BOOLEAN, str(value).upper())
    if isinstance(value, (int, float, Decimal)):
        return Value(CellKind.NUMBER, digits(Decimal(str(value))))
    if isinstance(value, str):
        if holds not in _WORDS and _PLAIN_NUMBER.fullmatch(value):
            return Value(CellKind.NUMBER, digits(Decimal(value)))
        return Value(CellKind.TEXT, value)
    if isinstance(value, Mapping):
        said = _said(value, holds)
        if said is not None:
            return said
    raise PackError(
        "cell-content",
        tr("{value} is not something that a cell can hold.", value=repr(value)),
        hint=tr("Write a number, a text, or one of text, number, formula, error as a mapping."),
    )


def _said(value: Mapping[str, object], holds: str) -> Value | None:
    keys = set(value)
    if keys == {"text"}:
        return Value(CellKind.TEXT, str(value["text"]))
    if keys == {"error"}:
        return Value(CellKind.ERROR, str(value["error"]))
    if "number" in keys and keys <= {"number", "format"}:
        if not _PLAIN_NUMBER.fullmatch(str(value["number"])):
            return None
        return Value(CellKind.NUMBER, digits(Decimal(str(value["number"]))), format=str(value.get("format", "")))
    if "formula" in keys and keys <= {"formula", "value", "error", "format"}:
        formula = str(value["formula"]).removeprefix("=")
        shown = {"error": value["error"]} if "error" in keys else value.get("value")
        cached = read_value(shown, holds)
        return Value(
            cached.kind or CellKind.NO_CACHE,
            cached.raw,
            formula,
            str(value.get("format", "")) or cached.format,
        )
    return None


def digits(number: Decimal) -> str:
    """The digits that a workbook stores: no exponent, no closing zeros, at most 17 significant."""
    number = _STORED.plus(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def number_format(holds: str, decimals: int | None) -> str:
    """The usual number format of a column of this kind."""
    places = "." + "0" * decimals if decimals else ""
    if holds == ColumnKind.AMOUNT:
        return "#,##0" + (".00" if decimals is None else places)
    if holds == ColumnKind.PERCENT:
        return "0" + (".00" if decimals is None else places) + "%"
    if holds == ColumnKind.SCORE:
        return "0" + (".00" if decimals is None else places)
    if holds == ColumnKind.CODE:
        return "@"
    return "0" + places if holds == ColumnKind.NUMBER and decimals is not None else "General"
