"""From the mappings of check and parameter files, already valid against their schemas, to rules and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from string import Formatter
from typing import Any, Final

from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.rule import Parameter, Rule, Severity, Source
from checker.packs.forms import text_of
from checker.packs.strict_yaml import Located, Path

__all__ = ["ParametersRead", "RulesRead", "read_checks", "read_parameters"]

Raw = Mapping[str, Any]
_PERCENT: Final = "%"


@dataclass(frozen=True, slots=True)
class RulesRead:
    """Rules of one file. ``replaced`` gives, by the id of a parent's rule, the reason and the new rule's id."""

    rules: tuple[Rule, ...]
    replaced: Mapping[str, tuple[Text, str]]
    places: Mapping[str, Located]
    errors: tuple[PackError, ...]


@dataclass(frozen=True, slots=True)
class ParametersRead:
    """Parameters of one file. ``replaced`` names those that take the place of a parent's, with the reason."""

    parameters: Mapping[str, tuple[Parameter, ...]]
    replaced: Mapping[str, Text]
    errors: tuple[PackError, ...]


def read_checks(document: Located, pack: str) -> RulesRead:
    """The rules of one file, and all that is wrong with them taken by themselves."""
    errors: list[PackError] = []
    replaced: dict[str, tuple[Text, str]] = {}
    rules: list[Rule] = []
    data: Raw = document.data
    for index, item in enumerate(data["rules"]):
        path: Path = ("rules", index)
        applies = item.get("applies", {})
        for key in ("from", "until"):
            _real_date(applies.get(key), document, (*path, "applies", key), errors)
        _in_order(applies.get("from", ""), applies.get("until", ""), document, (*path, "applies"), errors)
        if "message" in item:
            _fillable(text_of(item["message"]), document, (*path, "message"), errors)
        if "explain" in item and item["severity"] != Severity.WARNING:
            message = tr("Only a warning is explained; this rule is none.")
            errors.append(PackError("EXPLAIN_SEVERITY", message, None, document.where((*path, "explain"), key=True)))
        if "replace" in item:
            replaced[item["replace"]["rule"]] = text_of(item["replace"]["reason"]), item["id"]
        rules.append(
            Rule(
                id=item["id"],
                name=item["name"],
                pack=pack,
                form=item.get("form", data["form"]),
                title=text_of(item["title"]),
                severity=item["severity"],
                source=_source(item["source"]),
                check=item["check"],
                message=_optional_text(item, "message"),
                rationale=_optional_text(item, "rationale"),
                remedy=_optional_text(item, "remedy"),
                catalogue=tuple(item.get("catalogue", ())),
                follows=tuple(item.get("follows", ())),
                since=applies.get("from", ""),
                until=applies.get("until", ""),
                region=applies.get("region", ""),
                origin=document.where((*path, "id")),
                explain=tuple(item.get("explain", {}).get("needs", ())),
            )
        )
    return RulesRead(tuple(rules), replaced, {rule.id: document for rule in rules}, tuple(errors))


def read_parameters(document: Located) -> ParametersRead:
    """The parameters of one file; the values of each in the order of ``since``, none overlapping."""
    errors: list[PackError] = []
    parameters: dict[str, tuple[Parameter, ...]] = {}
    replaced: dict[str, Text] = {}
    for name, item in document.data["parameters"].items():
        if name.startswith("x-"):
            continue
        path: Path = ("parameters", name)
        if "replace" in item:
            replaced[name] = text_of(item["replace"])
        values = [
            _parameter(name, item, value, document, (*path, "values", index), errors)
            for index, value in enumerate(item["values"])
        ]
        values.sort(key=lambda value: value.since)
        for earlier, later in pairwise(values):
            if later.since == earlier.since or (earlier.until and later.since <= earlier.until):
                errors.append(
                    PackError(
                        "PARAMETER_OVERLAP",
                        tr("{name} has two values from {date} on.", name=name, date=later.since or "-"),
                        tr("Give each value its own dates."),
                        document.where(path, key=True),
                    )
                )
        parameters[name] = tuple(values)
    return ParametersRead(parameters, replaced, tuple(errors))


def _parameter(name: str, item: Raw, value: Raw, document: Located, path: Path, errors: list[PackError]) -> Parameter:
    unit = item.get("unit", "")
    for key in ("since", "until"):
        _real_date(value.get(key), document, (*path, key), errors)
    _in_order(value.get("since", ""), value.get("until", ""), document, path, errors)
    if ("value" in value) == ("text" in value):
        errors.append(
            PackError("PARAMETER_VALUE", tr("Give either value (a number) or text."), None, document.where(path))
        )
        number: Decimal | str = ""
    elif "text" in value:
        number = value["text"]
    else:
        written = str(value["value"])
        number = Decimal(written.removesuffix(_PERCENT))
        if written.endswith(_PERCENT):
            number /= 100
        elif unit == _PERCENT:
            errors.append(
                PackError(
                    "PARAMETER_PERCENT",
                    tr("Is {value} a percentage or a ratio?", value=written),
                    tr("Write it with its sign: {example}.", example=f"{written}%"),
                    document.where((*path, "value")),
                )
            )
    return Parameter(
        name=name,
        value=number,
        unit=unit,
        source=_source(value["source"]),
        since=value.get("since", ""),
        until=value.get("until", ""),
        title=text_of(item.get("title", name)),
    )


def _source(item: Raw) -> Source:
    return Source(item["document"], item.get("article", ""), item["status"])


def _optional_text(item: Raw, key: str) -> Text | None:
    return text_of(item[key]) if key in item else None


def _real_date(value: Any, document: Located, path: Path, errors: list[PackError]) -> None:
    if value is None:
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        hint = tr("Write year, month and day of a day that there is, like {example}.", example="2021-12-31")
        errors.append(PackError("DATE_WRONG", tr("There is no day {date}.", date=value), hint, document.where(path)))


def _in_order(since: str, until: str, document: Located, path: Path, errors: list[PackError]) -> None:
    if since and until and until < since:
        message = tr("This ends on {until}, before it begins on {since}.", until=until, since=since)
        errors.append(PackError("DATES_ORDER", message, tr("Swap the two days, or mend one."), document.where(path)))


def _fillable(text: Text, document: Located, path: Path, errors: list[PackError]) -> None:
    """A message may hold ``{name}`` and nothing cleverer: no attribute, index, conversion or format."""
    for language in dict.fromkeys(text):
        try:
            parts = [*Formatter().parse(language)]
        except ValueError:
            parts = [("", "", "", None)]
        for _, name, spec, conversion in parts:
            if name is not None and (not name.isidentifier() or spec or conversion):
                errors.append(
                    PackError(
                        "MESSAGE_BRACES",
                        tr("The braces of this message are not in order."),
                        tr("Only a plain name may stand in braces; a brace as such is written twice."),
                        document.where(path),
                    )
                )
                return
