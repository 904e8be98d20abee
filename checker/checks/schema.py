"""Pieces of JSON Schema that the kinds share, and the references that lint follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from checker.model.plugin import Reference

__all__ = ["FORMULA", "NAME", "NAMES", "NUMBER_OR_NAME", "ROWS", "comparison_schema", "either", "references", "schema",
           "some"]  # fmt: skip

NAME: Final = {"type": "string", "minLength": 1}
NAMES: Final = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
ROWS: Final = {"oneOf": [{"type": "string"}, NAMES]}
FORMULA: Final = {"type": "string", "minLength": 1, "maxLength": 4000}
NUMBER_OR_NAME: Final = {"type": ["string", "integer"]}

#: What nothing fits: of a key that is not to be there.
NEVER: Final[Mapping[str, object]] = {"not": {}}

#: Keys of every kind that compares figures.
COMPARISON: Final[Mapping[str, object]] = {
    "when": FORMULA,
    "blank": {"enum": ["zero", "insufficient"]},
    "rounding": {"enum": ["half_up", "truncate", "balanced"]},
}


def schema(*required: str, **properties: object) -> dict[str, object]:
    """The schema of one kind: its own keys and nothing else, so that no key is accepted and then passed over."""
    return {"type": "object", "required": list(required), "properties": properties}


def comparison_schema(*required: str, **properties: object) -> dict[str, object]:
    """The schema of a kind that compares figures: it has ``when``, ``blank`` and ``rounding`` besides its own keys."""
    return schema(*required, **COMPARISON, **properties)


def either(schema: Mapping[str, object], *ways: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, object]:
    """``schema`` of a kind that can be written in several ways, of which a rule takes one: each needs some keys and may
    have others, for which the rest of the ways have no use."""
    own = [{*needed, *further} for needed, further in ways]
    alternatives = [
        {
            "required": list(needed),
            "properties": dict.fromkeys(sorted({key for keys in own for key in keys} - mine), NEVER),
        }
        for (needed, _), mine in zip(ways, own, strict=True)
    ]
    return {**schema, "oneOf": alternatives}


def some(schema: Mapping[str, object], *ways: tuple[str, ...]) -> dict[str, object]:
    """``schema`` of a kind that needs at least one of some sets of keys."""
    return {**schema, "anyOf": [{"required": list(needed)} for needed in ways]}


_FORMULAS: Final = (
    "formula",
    "when",
    "if",
    "then",
    "rate",
    "numerator",
    "denominator",
    "cap",
    "opening",
    "closing",
    "current",
    "prior",
)
_COLUMNS: Final = (
    "columns",
    "column",
    "total_column",
    "part_columns",
    "less_columns",
    "whole_column",
    "target",
    "actual",
    "weight",
    "score",
    "amount",
    "quantity",
    "price",
    "reason",
    "direction",
    "unit",
    "key",
)
_ROWS: Final = ("total", "whole", "parts", "less", "rows")


def references(check: Mapping[str, object]) -> Iterable[Reference]:
    """What a check names: its formulas, and the columns and rows of its table."""
    for key in _FORMULAS:
        text = check.get(key)
        if isinstance(text, str):
            yield Reference((key,), formula=text)
    for key in ("facts", "formulas"):
        for path, text in _named(key, check.get(key)):
            yield Reference(path, formula=text)
    table = check.get("table")
    if not isinstance(table, str):
        return
    yield Reference(("table",), table=table)
    for key in _COLUMNS:
        for path, name in _named(key, check.get(key)):
            yield Reference(path, table=table, column=name)
    for key in _ROWS:
        for path, name in _named(key, check.get(key)):
            if name not in ("all", "every", "parts"):
                yield Reference(path, table=table, row=name)


def _named(key: str, value: object) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield (key,), value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield (key, index), item
