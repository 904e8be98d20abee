"""Patches applied to packs: rules retired, re-graded or corrected, by whom, on what grounds, and until when.

A patch with any mistake, or one that has expired, is not applied at all, and is told: the rules then hold as their
packs wrote them. What was applied stands in ``Pack.patches`` and in every report, and the pack's digest tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from checker.errors import CheckerError, PackError
from checker.messages import Text, tr
from checker.model.rule import Pack, Parameter, Patch, Rule
from checker.packs.forms import text_of
from checker.packs.rules import read_checks, read_parameters
from checker.packs.schema import Schemas, suggest
from checker.packs.strict_yaml import Located, Path, load_yaml

__all__ = ["apply_patches"]

_ACTIONS = ("deactivate", "regrade", "correct")
_PARAMETERS = "parameters"
#: What of a rule may be corrected.
_FIELDS = ("check", "message", "title", "remedy", "rationale")


class _Change(NamedTuple):
    """What a patch does to one rule: ``rule`` as it is from now on, None where it is retired."""

    id: str
    rule: Rule | None
    reason: Text
    told: Text


class _Values(NamedTuple):
    """Other values of a parameter, wherever it had ``old`` ones."""

    name: str
    old: tuple[Parameter, ...]
    new: tuple[Parameter, ...]
    told: Text


def apply_patches(
    packs: Mapping[str, Pack], files: Sequence[tuple[str, bytes]], schemas: Schemas, today: str
) -> tuple[dict[str, Pack], list[CheckerError]]:
    """The packs with the patches in ``files`` (name and content) as they stand on ``today`` (``yyyy-mm-dd``); and what
    is wrong with patches."""
    patched = dict(packs)
    failures: list[CheckerError] = []
    taken: dict[str, str] = {}
    for name, content in files:
        try:
            document = load_yaml(content, name)
        except PackError as error:
            failures.append(error)
            continue
        errors: list[CheckerError] = [*schemas.errors(document, "patch")] or [*_out_of_date(document, today)]
        reader = _Reader(document, packs, schemas, taken, today, errors)
        changes = [] if errors else list(reader.changes())
        values = [] if errors else list(reader.values())
        if errors:
            failures.extend(errors)
            continue
        taken.update(dict.fromkeys(reader.touched, name))
        for pack in patched.values():
            digest = sha256(content.replace(b"\r\n", b"\n")).hexdigest()
            patched[pack.id] = _patched(pack, document, changes, values, digest)
    return patched, failures


def _out_of_date(document: Located, today: str) -> Iterator[CheckerError]:
    data = document.data
    places: list[tuple[Path, str]] = [((key,), data.get(key, today)) for key in ("published", "until")]
    for index, item in enumerate(data.get("deactivate", ())):
        places += [(("deactivate", index, key), item.get(key, today)) for key in ("from", "until")]
    for path, day in places:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield PackError("DATE_WRONG", tr("There is no day {date}.", date=day), None, document.where(path))
    if data.get("until", today) < today:
        message = tr("The patch {patch} expired on {date} and was not applied.", patch=data["id"], date=data["until"])
        yield PackError("PATCH_EXPIRED", message, tr("Delete the file, or get a new one."), document.where(("until",)))
    if not any(data.get(key) for key in (*_ACTIONS, _PARAMETERS)):
        yield PackError("PATCH_EMPTY", tr("The patch changes nothing."), None, document.where())


class _Reader:
    """One patch that fits its schema; what is wrong with it goes into ``errors``."""

    def __init__(
        self,
        document: Located,
        packs: Mapping[str, Pack],
        schemas: Schemas,
        taken: Mapping[str, str],
        today: str,
        errors: list[CheckerError],
    ) -> None:
        self._document = document
        self._data: Mapping[str, Any] = document.data
        self._packs = packs
        self._rules = {rule.id: rule for pack in packs.values() for rule in pack.rules}
        self._schemas = schemas
        self._taken = taken
        self.touched: dict[str, str] = {}
        self._today = today
        self._errors = errors

    def changes(self) -> Iterator[_Change]:
        """What it does today."""
        for action in _ACTIONS:
            for index, item in enumerate(self._data.get(action, ())):
                rule = self._rule(item["rule"], (action, index, "rule"))
                if rule is not None and self._in_force(item, (action, index)):
                    yield from getattr(self, f"_{action}")(rule, item, (action, index))
        corrected = {item["rule"] for item in self._data.get("correct", ())}
        shown = {item["rule"] for item in self._data.get("cases", ())}
        for index, item in enumerate(self._data.get("correct", ())):
            if "check" in item["with"] and item["rule"] not in shown:
                message = tr("Rule {rule} gets another check, and no case shows what comes of it.", rule=item["rule"])
                hint = tr("Write cases: with at least one that passes and one that fails.")
                self._error("PATCH_CASES", message, hint, ("correct", index, "with", "check"))
        for index, item in enumerate(self._data.get("cases", ())):
            if item["rule"] not in corrected:
                message = tr("The patch does not correct rule {rule}.", rule=item["rule"])
                self._error("RULE_UNKNOWN", message, suggest(item["rule"], corrected), ("cases", index, "rule"))

    def _rule(self, name: str, path: Path) -> Rule | None:
        if name not in self._rules:
            message = tr("No installed pack has a rule {rule}.", rule=name)
            self._error("RULE_UNKNOWN", message, suggest(name, self._rules), path)
        elif self._first(name, path):
            return self._rules[name]
        return None

    def _first(self, name: str, path: Path) -> bool:
        """Whether nothing has changed this rule or parameter before."""
        if place := self.touched.get(name) or self._taken.get(name):
            message = tr("{name} is already changed by the patch at {place}.", name=name, place=place)
            self._error("PATCH_TWICE", message, tr("Put both changes into one patch."), path)
            return False
        self.touched[name] = self._document.where(path)
        return True

    def values(self) -> Iterator[_Values]:
        """Other values of parameters, as if the pack's own file said so; places are those of the patch."""
        for index, item in enumerate(self._data.get(_PARAMETERS, ())):
            name, pack, path = item["name"], self._packs.get(item["pack"]), (_PARAMETERS, index)
            if pack is None:
                message = tr("There is no pack {pack}.", pack=item["pack"])
                self._error("PACK_UNKNOWN", message, suggest(item["pack"], self._packs), (*path, "pack"))
            elif name not in pack.parameters:
                message = tr("There is no parameter “{name}”.", name=name)
                self._error("PARAMETER_UNKNOWN", message, suggest(name, pack.parameters), (*path, "name"))
            elif self._first(f"{pack.id} {name}", (*path, "name")):
                old, reason = pack.parameters[name], text_of(item["reason"])
                title = {"zh": old[0].title.zh, "en": old[0].title.en}
                written = {name: {"title": title, "unit": old[0].unit, "values": item["values"]}}
                as_file = {"schema": "checker/parameters@1", "parameters": written}
                located = self._moved(path, ("parameters", name), as_file)
                mistakes = self._schemas.errors(located, "parameters")
                if mistakes:
                    self._errors.extend(mistakes)
                    continue
                read = read_parameters(located)
                self._errors.extend(read.errors)
                told = tr("sets {name} anew: {reason}", name=old[0].title, reason=reason)
                yield _Values(name, old, read.parameters[name], told)

    def _moved(self, here: Path, there: Path, data: Mapping[str, Any]) -> Located:
        """``data`` as a document of its own, of which what lies below ``there`` is written below ``here``."""
        document, depth = self._document, len(here)
        values, keys = (
            {(*there, *place[depth:]): where for place, where in places.items() if place[:depth] == here}
            for places in (document.values, document.keys)
        )
        return replace(document, data=data, values=values, keys=keys, quoted=frozenset())

    def _in_force(self, item: Mapping[str, Any], path: Path) -> bool:
        """Whether it is so today. What is over is told: the rule is run again, and nobody should be surprised."""
        if item.get("until", self._today) < self._today:
            message = tr("The rule {rule} was retired until {date}.", rule=item["rule"], date=item["until"])
            self._error("PATCH_EXPIRED", message, tr("Delete the entry, or get a new patch."), (*path, "until"))
            return False
        return bool(item.get("from", self._today) <= self._today)

    def _deactivate(self, rule: Rule, item: Mapping[str, Any], path: Path) -> Iterator[_Change]:
        reason = text_of(item["reason"])
        yield _Change(rule.id, None, reason, tr("retires {rule}: {reason}", rule=rule.id, reason=reason))

    def _regrade(self, rule: Rule, item: Mapping[str, Any], path: Path) -> Iterator[_Change]:
        from checker.reports.words import severity_word

        reason, severity = text_of(item["reason"]), item["severity"]
        told = tr("makes {rule} a {severity}: {reason}", rule=rule.id, severity=severity_word(severity), reason=reason)
        yield _Change(rule.id, rule._replace(severity=severity), reason, told)

    def _correct(self, rule: Rule, item: Mapping[str, Any], path: Path) -> Iterator[_Change]:
        """As if the rule's own file said so; places are those of the patch."""
        written, inside = item["with"], (*path, "with")
        whole = {
            "id": rule.id,
            "name": rule.name,
            "title": {"zh": rule.title.zh, "en": rule.title.en},
            "severity": rule.severity,
            "source": {"document": rule.source.document, "status": rule.source.status},
            "check": rule.check,
            **written,
        }
        as_file = {"schema": "checker/checks@1", "form": rule.form, "rules": [whole]}
        located = self._moved(inside, ("rules", 0), as_file)
        mistakes = self._schemas.errors(located, "checks")
        if mistakes:
            self._errors.extend(mistakes)
            return
        read = read_checks(located, rule.pack)
        self._errors.extend(read.errors)
        new = rule._replace(**{field: getattr(read.rules[0], field) for field in _FIELDS if field in written})
        reason = text_of(item["reason"])
        yield _Change(rule.id, new, reason, tr("corrects {rule}: {reason}", rule=rule.id, reason=reason))

    def _error(self, code: str, message: Text, hint: Text | None, path: Path) -> None:
        self._errors.append(PackError(code, message, hint, self._document.where(path)))


def _patched(pack: Pack, document: Located, changes: Iterable[_Change], values: Iterable[_Values], digest: str) -> Pack:
    """The pack with those of ``changes`` that are about its rules, and of ``values`` about its parameters."""
    ids = {rule.id for rule in pack.rules}
    mine = {change.id: change for change in changes if change.id in ids}
    anew = [value for value in values if pack.parameters.get(value.name) == value.old]
    if not mine and not anew:
        return pack
    rules = [mine[rule.id].rule if rule.id in mine else rule for rule in pack.rules]
    data = document.data
    patch = Patch(
        id=data["id"],
        title=text_of(data["title"]),
        published=data["published"],
        document=data["document"],
        approver=data["approver"],
        until=data.get("until", ""),
        changes=(*(change.told for change in mine.values()), *(value.told for value in anew)),
        rules=tuple(name for rule in pack.rules if rule.id in mine for name in (rule.id, rule.name)),
        file=document.name,
    )
    return pack._replace(
        rules=tuple(rule for rule in rules if rule is not None),
        retired={**pack.retired, **{change.id: change.reason for change in mine.values() if change.rule is None}},
        digest=sha256(f"{pack.digest}\n{digest}".encode()).hexdigest(),
        parameters={**pack.parameters, **{value.name: value.new for value in anew}},
        patches=(*pack.patches, patch),
    )
