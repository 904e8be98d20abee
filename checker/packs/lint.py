"""What can be said of rules before any workbook is seen: names that no form has, messages that cannot be filled,
rules without examples, parameters that nobody uses.

The kinds of checks are an argument: they know where below ``check:`` names and formulas stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from checker.errors import CheckerError
from checker.messages import tr
from checker.model.form import Form
from checker.model.plugin import CheckKind, Function
from checker.model.rule import Pack, Rule
from checker.packs.diagnostic import Diagnostic, of_failure, unknown
from checker.packs.lint_cases import lint_cases
from checker.packs.lint_figures import lint_figures
from checker.packs.lint_linear import lint_linear
from checker.packs.lint_message import PLACEHOLDERS, lint_message
from checker.packs.lint_names import NameCheck, Remark
from checker.packs.lint_proposed import lint_proposed
from checker.packs.lint_scoring import lint_schemes, names_used
from checker.packs.load import LoadedPacks
from checker.packs.named import named
from checker.packs.schema import suggest
from checker.packs.strict_yaml import Located, load_yaml
from checker.packs.strict_yaml import Path as Place

__all__ = ["PLACEHOLDERS", "Diagnostic", "lint"]

#: What is told of a form that has dropped a table.
_NO_TABLE: Final = frozenset({"TABLE_UNKNOWN", "FORMULA_UNKNOWN_TABLE"})


def lint(
    loaded: LoadedPacks,
    kinds: Mapping[str, CheckKind],
    *,
    functions: Mapping[str, Function] | None = None,
    packs: Collection[str] | None = None,
    score_kinds: Collection[str] = (),
) -> list[Diagnostic]:
    """Remarks on ``packs`` (default: all), each on what it wrote itself, in the order of the files; and why others
    could not be loaded.

    ``functions`` are those for formulas, when there are more than the built-in ones; ``score_kinds`` the ways to give
    marks (none: any).
    """
    used = {
        name
        for pack in loaded.packs.values()
        for rule in pack.rules
        for name in named(rule, kinds.get(str(rule.check["kind"])))
    }
    used.update(name for pack in loaded.packs.values() for name in names_used(pack))
    found = [of_failure(failure) for failure in loaded.failures if packs is None or _names_one(failure.where, packs)]
    for pack in loaded.packs.values():
        if packs is None or pack.id in packs:
            found.extend(_Linter(pack, loaded, kinds, functions).remarks(used))
            found.extend(lint_schemes(pack, NameCheck(pack, loaded.lexicon, functions), score_kinds))
    return sorted(dict.fromkeys(found), key=lambda remark: remark.order)


def _names_one(where: str, packs: Collection[str]) -> bool:
    """Whether a path leads through the folder of one of ``packs``, which bears its name."""
    return not {*Path(where).parts}.isdisjoint(packs)


class _Linter:
    def __init__(
        self,
        pack: Pack,
        loaded: LoadedPacks,
        kinds: Mapping[str, CheckKind],
        functions: Mapping[str, Function] | None,
    ) -> None:
        self.pack = pack
        self.kinds = kinds
        self.names = NameCheck(pack, loaded.lexicon, functions)
        self._documents: dict[str, Located] = {}

    def remarks(self, used_parameters: Collection[str]) -> Iterator[Diagnostic]:
        own = [rule for rule in self.pack.rules if rule.pack == self.pack.id]
        for rule in own:
            yield from self._rule(rule)
        yield from self._circles(own)
        yield from self._clashes(own)
        yield from lint_cases(self.pack, own)
        yield from lint_proposed(own, self._place)
        for form in self.pack.forms.values():
            if form.pack == self.pack.id:
                yield from self._form(form)
                yield from self._inherited(form)
        yield from self._unused(used_parameters)

    def _rule(self, rule: Rule) -> Iterator[Diagnostic]:
        document, path = self._place(rule)
        kind = self.kinds.get(str(rule.check["kind"]))
        if kind is None:
            yield Diagnostic(
                "KIND_UNKNOWN",
                document.where((*path, "check", "kind")),
                tr("There is no kind of check {kind}.", kind=rule.check["kind"]),
                suggest(str(rule.check["kind"]), self.kinds),
            )
            return
        for remark in lint_message(rule, kind, self.pack.forms[rule.form]):
            yield _placed(remark, document, (*path, "message"))
        if kind.name == "dictionary" and rule.check["in"] not in self.pack.dictionaries:
            where = document.where((*path, "check", "in"))
            yield unknown("DICTIONARY_UNKNOWN", tr("dictionary"), str(rule.check["in"]), self.pack.dictionaries, where)
        sound = True
        for reference, remark in self.names.rule(rule, kind):
            place = (*path, "check", *reference.path)
            yield _placed(remark, document, place)
            sound = sound and remark.severity != "error"
        for written, remark in lint_figures(rule, self.names):
            yield _placed(remark, document, (*path, "check", *written))
            sound = sound and remark.severity != "error"
        if sound and (kind.name != "dictionary" or rule.check["in"] in self.pack.dictionaries):
            yield from self._prepared(rule, kind, document.where((*path, "check")))

    def _prepared(self, rule: Rule, kind: CheckKind, where: str) -> Iterator[Diagnostic]:
        """Why a rule whose names are all in order cannot be run, as a workbook would first show."""
        try:
            kind.compile(rule, self.pack)
        except CheckerError as error:
            yield Diagnostic(error.code, where, error.message, error.hint)
        except Exception as error:  # a kind from a plugin may fail in any way
            told = f"{type(error).__name__}: {error}"
            message = tr("Rule {rule} could not be prepared: {error}.", rule=rule.id, error=told)
            yield Diagnostic("RULE_BROKEN", where, message, tr("Compare it with another rule of its kind."))

    def _inherited(self, form: Form) -> Iterator[Diagnostic]:
        """Rules about the forms that one of this pack is a kind of, as far as they name what it has dropped. Where it
        has dropped the whole table they have nothing to say."""
        for rule in self.pack.rules_about(form.name):
            kind = self.kinds.get(str(rule.check["kind"]))
            own = next(found for found in self.pack.rules if found.id == rule.id)
            if kind is None or (rule.pack == self.pack.id and own.form == form.name):
                continue
            if str(rule.check.get("table", "")) not in ("", *form.tables):
                continue
            found = [remark for _, remark in self.names.rule(rule, kind) if remark.code not in _NO_TABLE]
            if found and any(remark.severity == "error" for remark in found):
                yield Diagnostic(
                    "RULE_INHERITED",
                    form.origin,
                    tr("Rule {rule} is about this form too. {problem}", rule=rule.id, problem=found[0].message),
                    tr("Retire it in this form (retire:), with the reason."),
                )

    def _circles(self, rules: Iterable[Rule]) -> Iterator[Diagnostic]:
        follows = {rule.name: rule.follows for rule in self.pack.rules}
        for rule in rules:
            reached: set[str] = set()
            ahead = [*rule.follows]
            while ahead:
                name = ahead.pop()
                if name not in reached:
                    reached.add(name)
                    ahead.extend(follows.get(name, ()))
            if rule.name in reached:
                document, path = self._place(rule)
                yield Diagnostic(
                    "FOLLOWS_CIRCLE",
                    document.where((*path, "follows")),
                    tr("The rule {rule} follows, by way of others, from itself.", rule=rule.name),
                    tr("Take one of them out of the circle."),
                )

    def _clashes(self, rules: Iterable[Rule]) -> Iterator[Diagnostic]:
        by_id = {rule.id: rule for rule in rules}
        for clash in lint_linear(self.pack):
            document, path = self._place(by_id[clash.rule])
            where = document.where((*path, "check"))
            yield Diagnostic(clash.code, where, clash.message, clash.suggestion, clash.severity)

    def _form(self, form: Form) -> Iterator[Diagnostic]:
        file = form.origin.rsplit(":", 2)[0]
        document = self._document(file)
        units: list[tuple[str, Place]] = [(form.unit, ("unit",))]
        units += [(field.unit, ("fields", field.name, "unit")) for field in form.fields.values()]
        for table in form.tables.values():
            for column in table.columns.values():
                units.append((column.unit, ("tables", table.name, "columns", column.name, "unit")))
        for unit, path in units:
            if unit and unit not in self.names.units and path in document.values:
                yield unknown("UNIT_UNKNOWN", tr("unit"), unit, self.names.units, document.where(path))

    def _unused(self, used: Collection[str]) -> Iterator[Diagnostic]:
        path = Path(self.pack.root, "parameters.yaml")
        if not path.is_file():
            return
        document = self._document(str(path))
        for name in document.data["parameters"]:
            if name not in used and not name.startswith("x-"):
                yield Diagnostic(
                    "PARAMETER_UNUSED",
                    document.where(("parameters", name), key=True),
                    tr("No rule uses the parameter {name}.", name=name),
                    severity="warning",
                )

    def _place(self, rule: Rule) -> tuple[Located, Place]:
        document = self._document(rule.origin.rsplit(":", 2)[0])
        index = next(i for i, item in enumerate(document.data["rules"]) if item["id"] == rule.id)
        return document, ("rules", index)

    def _document(self, file: str) -> Located:
        if file not in self._documents:
            self._documents[file] = load_yaml(Path(file).read_bytes(), file)
        return self._documents[file]


def _placed(remark: Remark, document: Located, path: Place) -> Diagnostic:
    where = document.where(path) if remark.offset is None else document.inside(path, remark.offset)
    return Diagnostic(remark.code, where, remark.message, remark.suggestion, remark.severity)
