"""JSON Schema for the files that people write, with messages that people can act on.

The schemas lie in ``schemas/``; they refer to each other by file name and to nothing outside. Those of the check
kinds are put into the schema of ``checks`` under ``if``/``then``, so that a mistake in one kind is not told
as a mistake in all of them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from checker.errors import PackError, UsageError
from checker.messages import Text, tr
from checker.model.plugin import CheckKind
from checker.packs.resources import data_root
from checker.packs.strict_yaml import Located

__all__ = ["Schemas", "checks_schema", "published", "schema_names", "suggest"]

_SUFFIX: Final = ".schema.json"
_COMMON: Final = "common"
_MOST: Final = 20  # errors shown per file


class Schemas:
    """Validators for ``pack``, ``form``, ``checks``, ``parameters``, ``scoring``, ``cases`` and ``lexicon``."""

    def __init__(self, kinds: Iterable[CheckKind] = ()) -> None:
        self._kinds = tuple(kinds)
        self._validators: dict[str, Any] = {}

    def errors(self, document: Located, name: str) -> list[PackError]:
        """What is wrong with ``document``, in the order of the file; empty if nothing is."""
        if document.data is None:
            message = tr("There is nothing in this file.")
            return [PackError("FILE_EMPTY", message, tr("Write its content, or delete it."), document.where())]
        found = {(e.where, e.code): e for error in self._validator(name).iter_errors(document.data)
                 for e in _errors(_deepest(error), document)}  # fmt: skip
        errors = sorted(found.values(), key=lambda error: _line(error.where))
        if len(errors) > _MOST:
            message = tr("There are {count} more mistakes in this file.", count=len(errors) - _MOST)
            errors[_MOST:] = [PackError("MISTAKES_MORE", message, tr("Mend those above first."), errors[_MOST].where)]
        return errors

    def _validator(self, name: str) -> Any:
        if name not in self._validators:
            schema = checks_schema(self._kinds) if name == "checks" else _read(name)
            self._validators[name] = Draft202012Validator(schema, registry=_registry())
        return self._validators[name]


def checks_schema(kinds: Iterable[CheckKind]) -> dict[str, Any]:
    """The schema of ``checks/*.yaml`` with the sub-schemas of ``kinds`` put in; without kinds, of the frame alone."""
    schema = dict(_read("checks"))
    check = {key: value for key, value in schema["$defs"]["check"].items() if key != "allOf"}
    keys = schema["$defs"]["keys"]["properties"]
    kind = {key: value for key, value in check["properties"]["kind"].items() if key != "enum"}
    kinds = sorted(kinds, key=lambda kind: kind.name)
    if kinds:
        kind["enum"] = [one.name for one in kinds]
        check["allOf"] = [
            {"if": {"properties": {"kind": {"const": one.name}}}, "then": _closed(one, keys)} for one in kinds
        ]
    check["properties"] = {"kind": kind}
    schema["$defs"] = {**schema["$defs"], "check": check}
    return schema


def schema_names() -> dict[str, str]:
    """The schemas there are, with their titles."""
    files = os.listdir(data_root("schemas"))  # noqa: PTH208 - start-up time
    found = {file.removesuffix(_SUFFIX) for file in files if file.endswith(_SUFFIX)}
    return {name: _read(name)["title"] for name in sorted(found - {_COMMON})}


def published(name: str, kinds: Iterable[CheckKind]) -> dict[str, Any]:
    """A schema in one piece, as files are validated with it. Raises ``UsageError`` for a name that there is not."""
    if name not in schema_names():
        message = tr("There is no schema {name}.", name=name)
        hint = suggest(name, schema_names()) or tr("Known: {names}.", names=", ".join(schema_names()))
        raise UsageError("SCHEMA_UNKNOWN", message, hint)
    schema = checks_schema(kinds) if name == "checks" else _read(name)
    common = {"title": _read(_COMMON)["title"], "$defs": _read(_COMMON)["$defs"]}
    whole: dict[str, Any] = _within({**schema, "$defs": {**schema.get("$defs", {}), _COMMON: common}})
    return whole


def _within(part: Any) -> Any:
    """``part`` with what it refers to in the file ``common`` found in its own definitions."""
    if isinstance(part, Mapping):
        outside = f"{_COMMON}{_SUFFIX}#"
        return {
            key: value.replace(outside, f"#/$defs/{_COMMON}") if key == "$ref" else _within(value)
            for key, value in part.items()
        }
    return [_within(item) for item in part] if isinstance(part, list) else part


def suggest(word: str, known: Iterable[str]) -> Text | None:
    """Advice that names the nearest known word, if one is near."""
    near = get_close_matches(word, [*known], n=1, cutoff=0.5)
    return tr("Did you mean {name}?", name=near[0]) if near else None


def _closed(kind: CheckKind, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one kind, which takes no key that it does not name; ``keys`` say what those of its keys mean that
    it does not describe itself."""
    closed: dict[str, Any] = {"additionalProperties": False, **kind.schema}
    if kind.doc.zh:
        closed = {"title": f"{kind.doc.zh} / {kind.doc.en}", **closed}
    described = {
        name: {**_about(keys.get(name, {}), own), **own} if isinstance(own, Mapping) else own
        for name, own in closed.get("properties", {}).items()
    }
    closed["properties"] = {"kind": True, **described}
    closed["patternProperties"] = {"^x-": True, **closed.get("patternProperties", {})}
    return closed


def _about(key: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a key of several kinds, with those examples that this one would take."""
    judge = Draft202012Validator(own, registry=_registry())
    examples = [example for example in key.get("examples", ()) if judge.is_valid(example)]
    described = {name: value for name, value in key.items() if name != "examples"}
    return {**described, "examples": examples} if examples else described


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((data_root("schemas") / f"{name}.schema.json").read_text("utf-8"))
    return schema


@cache
def _registry() -> Any:
    common = _read(_COMMON)
    registry: Any = Registry()
    return registry.with_resource(common["$id"], Resource.from_contents(common))


def _deepest(error: ValidationError) -> ValidationError:
    """Of the alternatives that all failed, the mistake that lies deepest, in that with the fewest: what the author most
    likely meant."""
    while error.context:
        mistakes = Counter(inner.schema_path[0] for inner in error.context)
        error = max(error.context, key=lambda inner: (_depth(inner), -mistakes[inner.schema_path[0]]))
    return error


def _depth(error: ValidationError) -> int:
    """How deep a mistake lies; a key too many lies where it is missed elsewhere."""
    depth = len(error.absolute_path)
    return depth - 1 if error.validator == "not" else depth


def _errors(error: ValidationError, document: Located) -> Iterator[PackError]:
    path = tuple(error.absolute_path)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    here, limit = document.where(path), error.validator_value
    match error.validator:
        case "additionalProperties" if limit is False:
            known = [*schema.get("properties", {})]
            for key in sorted({*error.instance} - {*known}):
                if not key.startswith("x-"):
                    yield PackError(
                        "KEY_UNKNOWN",
                        tr("The key {key} is not known here.", key=_shown(key)),
                        tr("A text with a comma or a colon in it needs quotation marks.")
                        if error.instance[key] is None and " " in key
                        else suggest(key, known) or tr("Known: {names}.", names=", ".join(known)),
                        document.where((*path, key), key=True),
                    )
        case "required":
            described = schema if "properties" in schema or error.parent is None else error.parent.schema
            yield from (_missing(key, described, here) for key in limit if key not in error.instance)
        case "dependentRequired":
            wanted = [key for keys in limit.values() for key in keys if key not in error.instance]
            yield from (_missing(key, schema, here) for key in wanted)
        case "not" if error.parent is not None:
            way = error.parent.validator_value[error.schema_path[0]]
            message = tr("The key {key} does not go with {names}.", key=str(path[-1]), names=", ".join(way["required"]))
            hint = tr("Delete the one that is not meant.")
            yield PackError("KEY_AGAINST", message, hint, document.where(path, key=True))
        case "type":
            yield _type_error(error, here)
        case "enum" | "const":
            allowed = limit if error.validator == "enum" else [limit]
            yield PackError(
                "VALUE_UNKNOWN",
                tr("{value} is not allowed here.", value=_shown(error.instance)),
                suggest(str(error.instance), map(str, allowed))
                or tr("Allowed: {names}.", names=", ".join(map(_shown, allowed))),
                here,
            )
        case "pattern" | "maxLength" | "minLength" if "propertyNames" in error.absolute_schema_path:
            yield PackError("NAME_MALFORMED", tr("{value} cannot be a name.", value=_shown(error.instance)),
                            tr("Names in formulas may not hold {marks}.", marks="[ ] @ ! \" ' = , ;"),
                            document.where((*path, error.instance), key=True))  # fmt: skip
        case "pattern":
            examples = [*map(str, schema.get("examples", ()))]
            hint = (
                tr("Write it like {examples}.", examples=", ".join(examples))
                if examples
                else tr("It must match {pattern}.", pattern=limit)
            )
            message = tr("{value} is not written as it must be.", value=_shown(error.instance))
            yield PackError("VALUE_MALFORMED", message, hint, here)
        case "minItems" | "minLength" | "minProperties":
            yield PackError("VALUE_EMPTY", tr("Something must be given here."), None, here)
        case "minimum":
            yield _beyond(error.instance, tr("The least is {limit}.", limit=limit), here)
        case "maximum":
            yield _beyond(error.instance, tr("The greatest is {limit}.", limit=limit), here)
        case "maxLength":
            message = tr("This text is longer than {limit} characters.", limit=limit)
            yield PackError("VALUE_TOO_LONG", message, tr("Shorten it, or split it in two."), here)
        case "uniqueItems":
            repeated = next(item for at, item in enumerate(error.instance) if item in error.instance[:at])
            message = tr("{value} stands in this list twice.", value=_shown(repeated))
            yield PackError("VALUE_TWICE", message, tr("Keep one of the two."), here)
        case _:
            yield PackError("VALUE_WRONG", tr("This value is wrong: {problem}.", problem=_shown(error.message)), None,
                            here)  # fmt: skip


def _missing(key: str, schema: Mapping[str, Any], where: str) -> PackError:
    """A key that is not there, with what it would say where the schema tells."""
    about = schema.get("properties", {}).get(key)
    while isinstance(about, Mapping) and "title" not in about and "description" not in about and "$ref" in about:
        file, _, name = about["$ref"].partition("#/$defs/")
        about = _read(file.partition(".")[0])["$defs"].get(name) if file else None
    hint = None
    if isinstance(about, Mapping) and (told := about.get("title") or about.get("description")):
        zh, _, en = told.partition(" / ")
        hint = tr("It says: {what}.", what=Text(zh, en or zh))
    return PackError("KEY_MISSING", tr("The key {key} is missing here.", key=key), hint, where)


def _beyond(value: object, limit: Text, where: str) -> PackError:
    return PackError("VALUE_BEYOND", tr("{value} is not possible here.", value=_shown(value)), limit, where)


def _type_error(error: ValidationError, where: str) -> PackError:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else [*wanted]
    hint = None
    if "string" in kinds and isinstance(error.instance, int | bool):
        hint = tr("Put it in quotation marks.")
    elif "array" in kinds:
        hint = tr("A list stands in square brackets: [one, two].")
    elif "object" in kinds:
        hint = tr("Write a line for each key, or braces: {example}.", example="{key: value}")
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
