"""The examples that rules come with: what is given, and what must come of it.

Cases are no part of a compiled pack: they are read by ``checker rules test`` and by lint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from checker.errors import PackError
from checker.messages import tr
from checker.model.rule import Pack, Patch
from checker.packs.files import read_file
from checker.packs.schema import Schemas, suggest
from checker.packs.strict_yaml import Located, load_yaml

__all__ = ["KINDS", "Case", "CaseFile", "load_cases"]

#: What a case is an example of; every rule needs one of each.
KINDS: Final = ("pass", "fail", "boundary", "blank")

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One example. ``rule`` is the rule's id. ``given`` is what ``form`` holds; ``forms`` and ``prior`` are what other
    forms and last year's hold, by form name (a list where the form stands several times). ``difference``, ``at_least``
    and ``severity`` are what the outcome must show, None where the case does not say. ``hidden`` are rows by number and
    columns by letter that nobody sees, or ``sheet`` for all of it. ``layout`` draws ``form`` otherwise than its own.
    ``origin`` is ``file:line:column``."""

    rule: str
    form: str
    kind: str
    expect: str
    given: Given
    name: str = ""
    forms: Mapping[str, Given | Sequence[Given]] = field(default_factory=dict)
    prior: Mapping[str, Given | Sequence[Given]] = field(default_factory=dict)
    difference: Decimal | None = None
    at_least: Decimal | None = None
    severity: str | None = None
    year: str = ""
    hidden: tuple[str, ...] = ()
    layout: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    document: Located
    cases: tuple[Case, ...]


def load_cases(pack: Pack) -> tuple[list[CaseFile], list[PackError]]:
    """The cases in the pack's own folder, and all that is wrong with their files."""
    schemas = Schemas()
    files: list[CaseFile] = []
    errors: list[PackError] = []
    ids = {rule.name: rule.id for rule in pack.rules} | {rule.id: rule.id for rule in pack.rules}
    changed = {name for patch in pack.patches for name in patch.rules}
    corrected: set[str] = set()
    for patch in pack.patches:
        file, found = _of_patch(patch, pack, schemas)
        files += [file] if file is not None else []
        errors.extend(found)
        corrected.update(case.rule for case in (file.cases if file is not None else ()))
    for path in sorted(Path(pack.root, "cases").rglob("*.yaml")):
        try:
            document = load_yaml(read_file(str(path)), str(path))
        except PackError as error:
            errors.append(error)
            continue
        found = schemas.errors(document, "cases")
        errors.extend(found)
        if found:
            continue
        cases: list[Case] = []
        for index, item in enumerate(document.data["cases"]):
            rule, where = item["rule"], document.where(("cases", index, "rule"))
            if rule in changed and (rule not in ids or ids[rule] in corrected):
                continue  # retired by a patch, or it brings the cases of its own wording
            if rule in ids:
                case = _case(item, ids[rule], document.data["form"], where)
                cases.append(replace(case, severity=None) if rule in changed else case)
            else:
                errors.append(
                    PackError("RULE_UNKNOWN", tr("The pack has no rule {rule}.", rule=rule), suggest(rule, ids), where)
                )
        files.append(CaseFile(document, tuple(cases)))
    return files, errors


def _of_patch(patch: Patch, pack: Pack, schemas: Schemas) -> tuple[CaseFile | None, list[PackError]]:
    """The cases that a patch brings of rules that ``pack`` wrote."""
    document = load_yaml(read_file(patch.file), patch.file)
    items = document.data.get("cases", [])
    if not items:
        return None, []
    data = {"schema": "checker/cases@1", "form": items[0]["form"], "cases": items}
    located = replace(document, data=data)
    if errors := schemas.errors(located, "cases"):
        return None, errors
    own = {rule.id for rule in pack.rules if rule.pack == pack.id}
    numbered = [(index, item) for index, item in enumerate(items) if item["rule"] in own]
    cases = [_case(i, i["rule"], i["form"], located.where(("cases", index, "rule"))) for index, i in numbered]
    return CaseFile(located, tuple(cases)), []


def _case(item: Mapping[str, Any], rule: str, form: str, where: str) -> Case:
    return Case(
        rule=rule,
        form=item.get("form", form),
        kind=item["kind"],
        expect=item["expect"],
        given=item["given"],
        name=item.get("name", ""),
        forms=item.get("forms", {}),
        prior=item.get("prior", {}),
        difference=_number(item.get("difference")),
        at_least=_number(item.get("at_least")),
        severity=item.get("severity"),
        year=item.get("year", ""),
        hidden=tuple(str(part) for part in item.get("hidden", ())),
        layout=item.get("layout", {}),
        origin=where,
    )


def _number(value: Any) -> Decimal | None:
    if value is None:
        return None
    text = str(value)
    return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else Decimal(text)
