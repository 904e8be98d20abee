"""Packs made from their files: read strictly, validated, inherited.

A pack with any mistake is left out whole, and so is what extends it: half a pack would look like a clean
workbook. All mistakes of a pack are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from checker.errors import CheckerError, PackError
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.label import Labels
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Parameter, Rule
from checker.packs.files import PackFiles, digest
from checker.packs.forms import inherit_form, read_form, text_of
from checker.packs.rules import RulesRead, read_checks, read_parameters
from checker.packs.schema import Schemas, suggest
from checker.packs.strict_yaml import Located, load_yaml

__all__ = ["build_packs", "read_lexicon"]

T = TypeVar("T")
Raw = Mapping[str, Any]


def read_lexicon(content: bytes, name: str) -> dict[str, Any]:
    """The lexicon's mapping. Raises ``PackError``: nothing can be read without it."""
    document = load_yaml(content, name)
    for error in Schemas().errors(document, "lexicon"):
        raise error
    lexicon: dict[str, Any] = document.data
    return lexicon


def build_packs(
    found: Sequence[PackFiles], kinds: Iterable[CheckKind], lexicon: Raw, lexicon_content: bytes
) -> tuple[dict[str, Pack], list[CheckerError]]:
    """Every pack that is in order, by id, parents before children; and all mistakes of the others."""
    builder = _Builder(Schemas(kinds), Labels.from_mapping(lexicon), lexicon_content)
    builder.read_heads(found)
    for pack in list(builder.heads):
        builder.build(pack, ())
    return {pack: built.pack for pack, built in builder.built.items()}, builder.failures


@dataclass(frozen=True, slots=True)
class _Head:
    files: PackFiles
    document: Located


@dataclass(frozen=True, slots=True)
class _Built:
    """A pack, with what its children need: its forms as written, and the files of all its ancestors and itself."""

    pack: Pack
    raw_forms: Mapping[str, Raw]
    files: Mapping[str, Mapping[str, bytes]]


@dataclass(slots=True)
class _Draft:
    """What a pack has so far: first its parents', then its own."""

    forms: dict[str, Form]
    raw_forms: dict[str, Raw]
    rules: dict[str, Rule]
    parameters: dict[str, tuple[Parameter, ...]]
    retired: dict[str, Text]
    files: dict[str, Mapping[str, bytes]]
    remarks: dict[Text, None]


class _Builder:
    def __init__(self, schemas: Schemas, labels: Labels, lexicon_content: bytes) -> None:
        self.heads: dict[str, _Head] = {}
        self.built: dict[str, _Built] = {}
        self.failures: list[CheckerError] = []
        self._failed: set[str] = set()
        self._origins: dict[str, str] = {}
        self._schemas = schemas
        self._labels = labels
        self._lexicon_content = lexicon_content

    def read_heads(self, found: Sequence[PackFiles]) -> None:
        for files in found:
            document = self._document(files.files["pack.yaml"], files.name("pack.yaml"), "pack", self.failures)
            if document is None:
                continue
            pack = document.data["pack"]
            if pack in self.heads:
                self.failures.append(
                    PackError(
                        "PACK_TWICE",
                        tr("The pack {pack} is already at {place}.", pack=pack, place=self.heads[pack].files.root),
                        tr("Give one of the two another id."),
                        document.where(("pack",)),
                    )
                )
            else:
                self.heads[pack] = _Head(files, document)

    def build(self, pack: str, below: tuple[str, ...]) -> _Built | None:
        """The pack, made once; None if it has mistakes, which are then in ``failures``."""
        if pack in self.built:
            return self.built[pack]
        if pack in self._failed:
            return None
        head = self.heads[pack]
        errors: list[CheckerError] = []
        parents = [
            parent
            for index, name in enumerate(head.document.data.get("extends", ()))
            for parent in [self._parent(pack, name, head.document.where(("extends", index)), below, errors)]
            if parent is not None
        ]
        built = None if errors else self._assemble(pack, head, parents, errors)
        if errors or built is None:
            self._failed.add(pack)
            self.failures.extend(errors)
            return None
        self._origins.update({rule.id: rule.origin for rule in built.pack.rules})
        self.built[pack] = built
        return built

    def _parent(
        self, pack: str, name: str, where: str, below: tuple[str, ...], errors: list[CheckerError]
    ) -> _Built | None:
        chain = (*below, pack)
        if name in chain:
            circle = " → ".join((*chain[chain.index(name) :], name))
            errors.append(
                PackError("PACK_CYCLE", tr("Packs extend each other in a circle: {packs}.", packs=circle), None, where)
            )
            return None
        if name not in self.heads:
            errors.append(
                PackError("PACK_UNKNOWN", tr("There is no pack {pack}.", pack=name), suggest(name, self.heads), where)
            )
            return None
        parent = self.build(name, chain)
        if parent is None:
            errors.append(
                PackError(
                    "PACK_PARENT",
                    tr("The pack {pack}, which this one extends, has mistakes.", pack=name),
                    tr("Mend {place} first.", place=self.heads[name].files.root),
                    where,
                )
            )
        return parent

    def _assemble(self, pack: str, head: _Head, parents: Sequence[_Built], errors: list[CheckerError]) -> _Built | None:
        data = head.document.data
        draft = self._inherited(parents, head.document, errors)
        self._add_forms(pack, head, draft, errors)
        self._add_rules(pack, head, draft, errors)
        self._add_parameters(head, draft, errors)
        if not draft.forms and not errors:
            errors.append(
                PackError(
                    "PACK_EMPTY", tr("The pack has no forms."), tr("Put them into forms/."), head.document.where()
                )
            )
        if errors:
            return None
        files = {**draft.files, pack: head.files.files}
        return _Built(
            Pack(
                id=pack,
                title=text_of(data["title"]),
                edition=data["edition"],
                status=data["status"],
                digest=digest(sorted(files.items()), self._lexicon_content),
                forms=draft.forms,
                rules=tuple(draft.rules.values()),
                parameters=draft.parameters,
                extends=tuple(data.get("extends", ())),
                prefix=data["prefix"],
                retired=draft.retired,
                remarks=tuple(dict.fromkeys([*map(text_of, data.get("remarks", ())), *draft.remarks])),
                root=head.files.root,
            ),
            draft.raw_forms,
            files,
        )

    def _inherited(self, parents: Sequence[_Built], document: Located, errors: list[CheckerError]) -> _Draft:
        draft = _Draft({}, {}, {}, {}, {}, {}, {})
        where = document.where(("extends",))
        for parent in parents:
            pack = parent.pack
            _take(tr("form"), draft.forms, pack.forms, where, errors)
            _take(tr("parameter"), draft.parameters, pack.parameters, where, errors)
            draft.raw_forms.update(parent.raw_forms)
            draft.rules.update({rule.id: rule for rule in pack.rules})
            draft.retired.update(pack.retired)
            draft.files.update(parent.files)
            draft.remarks.update(dict.fromkeys(pack.remarks))
        for index, item in enumerate(document.data.get("retire", ())):
            self._retire(
                item["rule"], text_of(item["reason"]), draft, document.where(("retire", index, "rule")), errors
            )
        return draft

    def _add_forms(self, pack: str, head: _Head, draft: _Draft, errors: list[CheckerError]) -> None:
        own: dict[str, str] = {}
        inherited = dict(draft.raw_forms)
        for name, content in head.files.below("forms"):
            document = self._document(content, name, "form", errors)
            if document is None:
                continue
            data: Raw = document.data
            form, parent = data["form"], data.get("extends")
            where = document.where(("form",))
            if form in own:
                errors.append(_twice(tr("form"), form, own[form], where))
                continue
            own[form] = where
            if form in inherited and parent != form:
                errors.append(
                    PackError(
                        "FORM_INHERITED",
                        tr("The form {form} comes from a parent pack already.", form=form),
                        tr("Write extends: {form} to change it.", form=form),
                        where,
                    )
                )
                continue
            if parent is not None:
                if parent not in inherited:
                    errors.append(
                        PackError(
                            "FORM_UNKNOWN",
                            tr("No parent pack has a form {form}.", form=parent),
                            suggest(parent, inherited),
                            document.where(("extends",)),
                        )
                    )
                    continue
                data, mistakes = inherit_form(inherited[parent], document)
                errors.extend(mistakes)
            read, mistakes = read_form(document, data, pack, self._labels)
            errors.extend(mistakes)
            draft.forms[form] = read
            draft.raw_forms[form] = data

    def _add_rules(self, pack: str, head: _Head, draft: _Draft, errors: list[CheckerError]) -> None:
        forms_known = not errors  # a form with mistakes is missing for that reason
        files = [
            read_checks(document, pack)
            for name, content in head.files.below("checks")
            for document in [self._document(content, name, "checks", errors)]
            if document is not None
        ]
        for file in files:
            errors.extend(file.errors)
            for parent, (reason, successor) in file.replaced.items():
                self._retire(parent, reason, draft, _origin(file, successor), errors)
        prefix = head.document.data["prefix"]
        names = {rule.name: rule.origin for rule in draft.rules.values()}
        for file in files:
            for rule in file.rules:
                if not rule.id.startswith(prefix + "-"):
                    errors.append(
                        PackError(
                            "RULE_PREFIX",
                            tr("The id {rule} does not begin with the prefix of its pack.", rule=rule.id),
                            tr("Ids here begin with {prefix}.", prefix=prefix + "-"),
                            rule.origin,
                        )
                    )
                other = draft.rules[rule.id].origin if rule.id in draft.rules else self._origins.get(rule.id)
                if other is not None:
                    errors.append(_twice(tr("rule"), rule.id, other, rule.origin))
                elif rule.id in draft.retired:
                    errors.append(_twice(tr("rule"), rule.id, head.document.where(("retire",)), rule.origin))
                elif rule.name in names:
                    errors.append(_twice(tr("rule name"), rule.name, names[rule.name], rule.origin))
                if forms_known and rule.form not in draft.forms:
                    errors.append(
                        PackError(
                            "FORM_UNKNOWN",
                            tr("The pack has no form {form}.", form=rule.form),
                            suggest(rule.form, draft.forms),
                            rule.origin,
                        )
                    )
                draft.rules.setdefault(rule.id, rule)
                names.setdefault(rule.name, rule.origin)
        for file in files:
            for rule in file.rules:
                for name in rule.follows:
                    if name not in names:
                        errors.append(
                            PackError(
                                "RULE_UNKNOWN",
                                tr("There is no rule {rule} to follow.", rule=name),
                                suggest(name, names),
                                rule.origin,
                            )
                        )

    def _add_parameters(self, head: _Head, draft: _Draft, errors: list[CheckerError]) -> None:
        content = head.files.files.get("parameters.yaml")
        if content is None:
            return
        document = self._document(content, head.files.name("parameters.yaml"), "parameters", errors)
        if document is None:
            return
        read = read_parameters(document)
        errors.extend(read.errors)
        for name, values in read.parameters.items():
            where = document.where(("parameters", name), key=True)
            if (name in draft.parameters) != (name in read.replaced):
                errors.append(
                    PackError(
                        "PARAMETER_INHERITED",
                        tr("The parameter {name} comes from a parent pack already.", name=name),
                        tr("Write replace: with the reason to change it."),
                        where,
                    )
                    if name in draft.parameters
                    else PackError(
                        "PARAMETER_UNKNOWN",
                        tr("No parent pack has a parameter {name} to replace.", name=name),
                        suggest(name, draft.parameters),
                        where,
                    )
                )
            draft.parameters[name] = values

    def _retire(self, rule: str, reason: Text, draft: _Draft, where: str, errors: list[CheckerError]) -> None:
        if rule in draft.rules:
            del draft.rules[rule]
            draft.retired[rule] = reason
        else:
            errors.append(
                PackError(
                    "RULE_UNKNOWN",
                    tr("No parent pack has a rule {rule}.", rule=rule),
                    suggest(rule, draft.rules),
                    where,
                )
            )

    def _document(self, content: bytes, name: str, schema: str, errors: list[CheckerError]) -> Located | None:
        try:
            document = load_yaml(content, name)
        except PackError as error:
            errors.append(error)
            return None
        found = self._schemas.errors(document, schema)
        errors.extend(found)
        return None if found else document


def _take(what: Text, mine: dict[str, T], theirs: Mapping[str, T], where: str, errors: list[CheckerError]) -> None:
    """Take over what one more parent brings; two parents may share a thing but not each bring one of its name."""
    for name, value in theirs.items():
        if mine.setdefault(name, value) is not value:
            message = tr("Two parents bring a {what} {name} of their own.", what=what, name=name)
            errors.append(PackError("PARENTS_CLASH", message, None, where))


def _origin(file: RulesRead, rule: str) -> str:
    return next(found.origin for found in file.rules if found.id == rule)


def _twice(what: Text, name: str, other: str, where: str) -> PackError:
    return PackError(
        "NAME_TWICE",
        tr("There is a {what} {name} already, at {other}.", what=what, name=name, other=other),
        tr("Names and ids are never used twice."),
        where,
    )
