"""What a pack writes itself, put into its draft: forms, rules, parameters, dictionaries and scoring standards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.errors import CheckerError, PackError
from checker.messages import Text, tr
from checker.model.label import Labels
from checker.model.rule import Rule
from checker.packs.dictionaries import read_dictionary
from checker.packs.draft import Draft, twice
from checker.packs.files import PackFiles
from checker.packs.forms import inherit_form, read_form
from checker.packs.rules import RulesRead, read_checks, read_parameters
from checker.packs.schema import Schemas, suggest
from checker.packs.scoring import read_scheme
from checker.packs.strict_yaml import Located, load_yaml

__all__ = ["Documents", "Head", "Own"]

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    files: PackFiles
    document: Located


@dataclass(frozen=True, slots=True)
class Documents:
    """Reads files against their schemas."""

    schemas: Schemas
    labels: Labels

    def read(self, content: bytes, name: str, schema: str, errors: list[CheckerError]) -> Located | None:
        try:
            document = load_yaml(content, name)
        except PackError as error:
            errors.append(error)
            return None
        found = self.schemas.errors(document, schema)
        errors.extend(found)
        return None if found else document


@dataclass(slots=True)
class Own:
    """One pack's own parts on their way into its ``draft``; what is wrong with them goes into ``errors``."""

    pack: str
    head: Head
    draft: Draft
    documents: Documents
    errors: list[CheckerError]
    _retiring: dict[str, Located] = field(default_factory=dict)

    def add(self) -> None:
        self._add_forms()
        forms_known = not self.errors  # a form with mistakes is missing for that reason
        self._add_parameters()
        self._add_dictionaries()
        self._add_rules(forms_known)
        self._add_schemes(forms_known)
        self._check_retired()

    def _read(self, folder: str, schema: str) -> Iterator[Located]:
        for name, content in self.head.files.below(folder):
            document = self.documents.read(content, name, schema, self.errors)
            if document is not None:
                yield document

    def _add_forms(self) -> None:
        documents: dict[str, Located] = {}
        for document in self._read("forms", "form"):
            form, where = document.data["form"], document.where(("form",))
            if form in documents:
                self.errors.append(twice(tr("form"), form, documents[form].where(("form",)), where))
            else:
                documents[form] = document
        inherited = frozenset(self.draft.forms)
        made: set[str] = set()
        for form in self._parents_first(documents):
            document = documents[form]
            data: Raw = document.data
            name = data.get("extends")
            if form in inherited and name != form:
                message = tr("The form {form} comes from a parent pack already.", form=form)
                hint = tr("Write extends: {form} to change it.", form=form)
                self._error("FORM_INHERITED", message, hint, document.where(("form",)))
                continue
            parent = None
            if name is not None:
                known = inherited if name == form else inherited - documents.keys() | made
                if name not in known:
                    if name == form or name not in documents:  # the mistakes of one written here are told
                        message = tr("There is no form {form} to extend, here or in a parent pack.", form=name)
                        hint = suggest(name, known) or tr("Delete extends:, or name the form of a parent pack.")
                        self._error("FORM_UNKNOWN", message, hint, document.where(("extends",)))
                    continue
                parent = self.draft.forms[name]
                data, mistakes = inherit_form(self.draft.raw_forms[name], document)
                self.errors.extend(mistakes)
            read, mistakes = read_form(document, data, self.pack, self.documents.labels, parent)
            self.errors.extend(mistakes)
            self.draft.forms[form] = read
            self.draft.raw_forms[form] = data
            self._retiring[form] = document
            made.add(form)

    def _parents_first(self, documents: Mapping[str, Located]) -> list[str]:
        """The forms of ``documents``, those that others extend before them."""
        ordered: dict[str, None] = {}

        def visit(form: str, below: tuple[str, ...]) -> None:
            name = documents[form].data.get("extends")
            if name in below:
                message = tr("Forms extend each other in a circle: {forms}.", forms=" → ".join((*below, form, name)))
                hint = tr("Take one of them out of the circle.")
                self._error("FORM_CYCLE", message, hint, documents[form].where(("extends",)))
            elif name in documents and name != form and name not in ordered:
                visit(name, (*below, form))
            ordered[form] = None

        for form in documents:
            if form not in ordered:
                visit(form, ())
        return [*ordered]

    def _check_retired(self) -> None:
        """A form retires rules that would be about it, were they not retired."""
        for name, document in self._retiring.items():
            form = self.draft.forms[name]
            about = [rule.id for rule in self.draft.rules.values() if form.is_a(rule.form)]
            for index, item in enumerate(document.data.get("retire", ())):
                if item["rule"] not in about:
                    message = tr("No rule {rule} is about a form that this one extends.", rule=item["rule"])
                    where = document.where(("retire", index, "rule"))
                    self._error("RULE_UNKNOWN", message, suggest(item["rule"], about), where)

    def _add_rules(self, forms_known: bool) -> None:
        draft = self.draft
        files = [read_checks(document, self.pack) for document in self._read("checks", "checks")]
        for file in files:
            self.errors.extend(file.errors)
            for parent, (reason, successor) in file.replaced.items():
                draft.retire(parent, reason, _origin(file, successor), self.errors)
        names = {rule.name: rule.origin for rule in draft.rules.values()}
        for rule in (rule for file in files for rule in file.rules):
            self._check_rule(rule, names)
            if forms_known and rule.form not in draft.forms:
                message = tr("The pack has no form {form}.", form=rule.form)
                self._error("FORM_UNKNOWN", message, suggest(rule.form, draft.forms), rule.origin)
            draft.rules.setdefault(rule.id, rule)
            names.setdefault(rule.name, rule.origin)
        for rule in (rule for file in files for rule in file.rules):
            for name in rule.follows:
                if name not in names:
                    message = tr("There is no rule {rule} to follow.", rule=name)
                    self._error("RULE_UNKNOWN", message, suggest(name, names), rule.origin)

    def _check_rule(self, rule: Rule, names: Mapping[str, str]) -> None:
        """Whether its id and name are its own; ``names`` are those in use, with where they stand."""
        draft, prefix = self.draft, self.head.document.data["prefix"]
        if not rule.id.startswith(prefix + "-"):
            message = tr("The id {rule} does not begin with the prefix of its pack.", rule=rule.id)
            self._error("RULE_PREFIX", message, tr("Ids here begin with {prefix}.", prefix=prefix + "-"), rule.origin)
        if rule.id in draft.rules:  # those of other packs begin with other prefixes
            self.errors.append(twice(tr("rule"), rule.id, draft.rules[rule.id].origin, rule.origin))
        elif rule.id in draft.retired:
            self.errors.append(twice(tr("rule"), rule.id, self.head.document.where(("retire",)), rule.origin))
        elif rule.name in names:
            self.errors.append(twice(tr("rule name"), rule.name, names[rule.name], rule.origin))

    def _add_parameters(self) -> None:
        content = self.head.files.files.get("parameters.yaml")
        if content is None:
            return
        name = self.head.files.name("parameters.yaml")
        document = self.documents.read(content, name, "parameters", self.errors)
        if document is None:
            return
        known = self.draft.parameters
        read = read_parameters(document)
        self.errors.extend(read.errors)
        for name in read.parameters:
            where = document.where(("parameters", name), key=True)
            if name in known and name not in read.replaced:
                message = tr("The parameter {name} comes from a parent pack already.", name=name)
                self._error("PARAMETER_INHERITED", message, tr("Write replace: with the reason to change it."), where)
            elif name in read.replaced and name not in known:
                message = tr("No parent pack has a parameter {name} to replace.", name=name)
                self._error("PARAMETER_UNKNOWN", message, suggest(name, known), where)
        known.update(read.parameters)

    def _add_dictionaries(self) -> None:
        known = self.draft.dictionaries
        for file, content in self.head.files.below("dictionaries"):
            dictionary, mistakes = read_dictionary(content, file)
            self.errors.extend(mistakes)
            if dictionary is None:
                continue
            if dictionary.name in known:
                message = tr("There is a dictionary {name} here or in a parent pack already.", name=dictionary.name)
                self._error("NAME_TWICE", message, tr("Names and ids are never used twice."), f"{file}:1:1")
            known[dictionary.name] = dictionary

    def _add_schemes(self, forms_known: bool) -> None:
        known, inherited = self.draft.schemes, frozenset(self.draft.schemes)
        for document in self._read("scoring", "scoring"):
            read = read_scheme(document, self.pack, self.documents.labels)
            self.errors.extend(read.errors)
            scheme = read.scheme
            if (scheme.name in inherited) != (read.replaced is not None):
                if scheme.name in inherited:
                    message = tr("The scoring standard {name} comes from a parent pack already.", name=scheme.name)
                    hint: Text | None = tr("Write replace: with the reason to change it.")
                else:
                    message = tr("No parent pack has a scoring standard {name} to replace.", name=scheme.name)
                    hint = suggest(scheme.name, inherited)
                self._error("SCHEME_INHERITED", message, hint, scheme.origin)
            elif scheme.name in known and scheme.name not in inherited:
                self.errors.append(twice(tr("scoring standard"), scheme.name, known[scheme.name].origin, scheme.origin))
            if forms_known and scheme.form not in self.draft.forms:
                message = tr("The pack has no form {form}.", form=scheme.form)
                self._error("FORM_UNKNOWN", message, suggest(scheme.form, self.draft.forms), document.where(("form",)))
            known[scheme.name] = scheme

    def _error(self, code: str, message: Text, hint: Text | None, where: str) -> None:
        self.errors.append(PackError(code, message, hint, where))


def _origin(file: RulesRead, rule: str) -> str:
    return next(found.origin for found in file.rules if found.id == rule)
