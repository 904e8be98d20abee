"""JSON Schema for the files that people write, with messages that people can act on.

The schemas lie in ``schemas/``; they refer to each other by file name and to nothing outside. Those of the check
kinds are put into the schema of ``checks`` under ``if``/``then``, so that a mistake in one kind is not told
as a mistake in all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.plugin import CheckKind
from checker.packs.resources import data_root
from checker.packs.strict_yaml import Located

__all__ = ["Schemas", "checks_schema", "suggest"]

_MOST: Final = 20  # errors shown per file


class Schemas:
    """Validators for ``pack``, ``form``, ``checks``, ``parameters``, ``scoring``, ``cases`` and ``lexicon``."""

    def __init__(self, kinds: Iterable[CheckKind] = ()) -> None:
        self._kinds = tuple(kinds)
        self._validators: dict[str, Any] = {}

    def errors(self, document: Located, name: str) -> list[PackError]:
        """What is wrong with ``document``, in the order of the file; empty if nothing is."""
        found = {(e.where, e.code): e for error in self._validator(name).iter_errors(document.data)
                 for e in _errors(_deepest(error), document)}  # fmt: skip
        return sorted(found.values(), key=lambda error: _line(error.where))[:_MOST]

    def _validator(self, name: str) -> Any:
        if name not in self._validators:
            schema = checks_schema(self._kinds) if name == "checks" else _read(name)
            self._validators[name] = Draft202012Validator(schema, registry=_registry())
        return self._validators[name]


def checks_schema(kinds: Iterable[CheckKind]) -> dict[str, Any]:
    """The schema of ``checks/*.yaml`` with the sub-schemas of ``kinds`` put in."""
    schema = dict(_read("checks"))
    kinds = sorted(kinds, key=lambda kind: kind.name)
    if kinds:
        check = dict(schema["$defs"]["check"])
        check["properties"] = {"kind": {"enum": [kind.name for kind in kinds]}}
        check["allOf"] = [
            {"if": {"properties": {"kind": {"const": kind.name}}}, "then": _closed(kind.schema)} for kind in kinds
        ]
        schema["$defs"] = {**schema["$defs"], "check": check}
    return schema


def suggest(word: str, known: Iterable[str]) -> Text | None:
    """Advice that names the nearest known word, if one is near."""
    near = get_close_matches(word, [*known], n=1, cutoff=0.5)
    return tr("Did you mean {name}?", name=near[0]) if near else None


def _closed(schema: Mapping[str, object]) -> dict[str, Any]:
    closed: dict[str, Any] = {"additionalProperties": False, **schema}
    closed["properties"] = {"kind": True, **closed.get("properties", {})}
    closed["patternProperties"] = {"^x-": True, **closed.get("patternProperties", {})}
    return closed


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((data_root("schemas") / f"{name}.schema.json").read_text("utf-8"))
    return schema


@cache
def _registry() -> Any:
    common = _read("common")
    registry: Any = Registry()
    return registry.with_resource(common["$id"], Resource.from_contents(common))


def _deepest(error: ValidationError) -> ValidationError:
    """Of the alternatives that all failed, the mistake that lies deepest: what the author most likely meant."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return error


def _errors(error: ValidationError, document: Located) -> Iterator[PackError]:
    path = tuple(error.absolute_path)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    match error.validator:
        case "additionalProperties" if error.validator_value is False:
            known = [*schema.get("properties", {})]
            for key in sorted({*error.instance} - {*known}):
                if not key.startswith("x-"):
                    yield PackError(
                        "KEY_UNKNOWN",
                        tr("The key {key} is not known here.", key=key),
                        tr("A text with a comma or a colon in it needs quotation marks.")
                        if error.instance[key] is None and " " in key
                        else suggest(key, known) or tr("Known: {names}.", names=", ".join(known)),
                        document.where((*path, key), key=True),
                    )
        case "required":
            for key in error.validator_value:
                if key not in error.instance:
                    yield PackError("KEY_MISSING", tr("The key {key} is missing here.", key=key), None,
                                    document.where(path))  # fmt: skip
        case "dependentRequired":
            for key in (key for wanted in error.validator_value.values() for key in wanted):
                yield PackError("KEY_MISSING", tr("The key {key} is missing here.", key=key), None,
                                document.where(path))  # fmt: skip
        case "type":
            yield _type_error(error, document.where(path))
        case "enum" | "const":
            allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
            yield PackError(
                "VALUE_UNKNOWN",
                tr("{value} is not allowed here.", value=_shown(error.instance)),
                suggest(str(error.instance), map(str, allowed))
                or tr("Allowed: {names}.", names=", ".join(map(_shown, allowed))),
                document.where(path),
            )
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            yield PackError("NAME_MALFORMED", tr("{value} cannot be a name.", value=error.instance),
                            tr("Names in formulas may not hold {marks}.", marks="[ ] @ ! \" ' = , ;"),
                            document.where((*path, error.instance), key=True))  # fmt: skip
        case "pattern":
            yield PackError("VALUE_MALFORMED", tr("{value} is not written as it must be.", value=error.instance),
                            tr("It must match {pattern}.", pattern=error.validator_value),
                            document.where(path))  # fmt: skip
        case "minItems" | "minLength" | "minProperties":
            yield PackError("VALUE_EMPTY", tr("Something must be given here."), None, document.where(path))
        case _:
            yield PackError("VALUE_WRONG", tr("This value is wrong: {problem}.", problem=error.message), None,
                            document.where(path))  # fmt: skip


def _type_error(error: ValidationError, where: str) -> PackError:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else [*wanted]
    hint = None
    if "string" in kinds and isinstance(error.instance, int | bool):
        hint = tr("Put it in quotation marks.")
    names = tr(" or ").zh, tr(" or ").en
    words = [_type_name(kind) for kind in kinds if kind != "null"]
    return PackError(
        "VALUE_TYPE",
        tr(
            "{value} stands where {kind} is wanted.",
            value=_shown(error.instance),
            kind=Text(names[0].join(w.zh for w in words), names[1].join(w.en for w in words)),
        ),
        hint,
        where,
    )


def _type_name(kind: str) -> Text:
    match kind:
        case "string":
            return tr("a text")
        case "integer" | "number":
            return tr("a whole number")
        case "boolean":
            return tr("true or false")
        case "array":
            return tr("a list")
        case _:
            return tr("a mapping")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _line(where: str) -> tuple[int, int]:
    _, line, column = where.rsplit(":", 2)
    return int(line), int(column)
