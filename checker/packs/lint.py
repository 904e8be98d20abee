"""What can be said of rules before any workbook is seen: names that no form has, messages that cannot be filled,
rules without examples, parameters that nobody uses.

The kinds of checks are an argument: they know where below ``check:`` names and formulas stand. A diagnostic
is about a pack that can be loaded; what keeps a pack from loading is a failure of ``load_packs``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any, Final

from checker.errors import CheckerError
from checker.formula import tree
from checker.formula.analysis import analyse
from checker.formula.error import FormulaError
from checker.formula.names import FormNames
from checker.formula.parser import parse
from checker.messages import Text, tr
from checker.model.form import Form, Table
from checker.model.plugin import CheckKind, Function, Reference
from checker.model.rule import Pack, Rule
from checker.packs.cases import KINDS, CaseFile, load_cases
from checker.packs.load import LoadedPacks
from checker.packs.schema import suggest
from checker.packs.strict_yaml import Located, load_yaml
from checker.packs.strict_yaml import Path as Place

__all__ = ["PLACEHOLDERS", "Diagnostic", "lint"]

#: What every message may hold in braces.
PLACEHOLDERS: Final = frozenset(
    {
        "at_least", "cell", "cells", "column", "count", "difference", "filled", "formula",
        "label", "left", "right", "row", "unit", "value",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark. ``where`` is ``file:line:column``; ``severity`` is ``error`` or ``warning``."""

    code: str
    where: str
    message: Text
    suggestion: Text | None = None
    severity: str = "error"

    def render(self, language: str = "zh") -> str:
        """One line, as errors are shown."""
        return CheckerError(self.code, self.message, self.suggestion, self.where).render(language)


def lint(
    loaded: LoadedPacks,
    kinds: Mapping[str, CheckKind],
    *,
    functions: Mapping[str, Function] | None = None,
    packs: Collection[str] | None = None,
) -> list[Diagnostic]:
    """Remarks on ``packs`` (default: all), each on what it wrote itself, in the order of the files.

    ``functions`` are those for formulas, when there are more than the built-in ones.
    """
    used = {name for pack in loaded.packs.values() for rule in pack.rules for name in _parameters(rule, kinds)}
    found: list[Diagnostic] = []
    for pack in loaded.packs.values():
        if packs is None or pack.id in packs:
            found.extend(_Linter(pack, loaded, kinds, functions).remarks(used))
    return sorted(dict.fromkeys(found), key=lambda remark: _order(remark.where))


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
        self._parse: Callable[[str], tree.Node] = parse if functions is None else lambda text: parse(text, functions)
        self._units = {
            unit: (quantity, Decimal(str(factor)))
            for quantity, group in loaded.lexicon.get("units", {}).items()
            for unit, factor in group.items()
        }
        self._documents: dict[str, Located] = {}

    def remarks(self, used_parameters: Collection[str]) -> Iterator[Diagnostic]:
        own = [rule for rule in self.pack.rules if rule.pack == self.pack.id]
        for rule in own:
            yield from self._rule(rule)
        yield from self._circles(own)
        yield from self._case_files(own)
        for form in self.pack.forms.values():
            if form.pack == self.pack.id:
                yield from self._form(form)
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
        if rule.message is not None:
            allowed = PLACEHOLDERS | {*kind.placeholders}
            for name in sorted(_placeholders(rule.message) - allowed):
                yield Diagnostic(
                    "PLACEHOLDER_UNKNOWN",
                    document.where((*path, "message")),
                    tr("Nothing fills {name} in this message.", name=f"{{{name}}}"),
                    suggest(name, allowed),
                )
        told: set[tuple[str, Text]] = set()  # a table that is not there is told once, not with each of its columns
        for reference in kind.references(rule.check) if kind.references else ():
            place = (*path, "check", *reference.path)
            remarks = (
                self._formula(rule, reference, document, place)
                if reference.formula
                else self._reference(rule, reference, document.where(place))
            )
            for remark in remarks:
                if (remark.code, remark.message) not in told or reference.formula:
                    told.add((remark.code, remark.message))
                    yield remark

    def _formula(self, rule: Rule, reference: Reference, document: Located, path: Place) -> Iterator[Diagnostic]:
        form = self.pack.forms.get(reference.form or rule.form)
        if form is None:
            return
        try:
            node = self._parse(reference.formula)
        except FormulaError as error:
            yield Diagnostic(error.code, document.inside(path, error.position), error.message, error.hint)
            return
        names = FormNames(
            form,
            forms=self.pack.forms,
            table=str(rule.check.get("table", "")),
            current=_columns(rule.check, form),
            parameters={name: values[-1].unit for name, values in self.pack.parameters.items()},
            units=self._units,
        )
        for remark in analyse(node, names).diagnostics:
            advice = tr("Write {text}.", text=remark.suggestion) if remark.suggestion else None
            yield Diagnostic(remark.code, document.inside(path, remark.start), remark.message, advice, remark.severity)

    def _reference(self, rule: Rule, reference: Reference, where: str) -> Iterator[Diagnostic]:
        forms = self.pack.forms
        if reference.form and reference.form not in forms:
            yield _unknown("FORM_UNKNOWN", tr("form"), reference.form, forms, where)
            return
        form = forms[reference.form or rule.form]
        if reference.parameter and reference.parameter not in self.pack.parameters:
            yield _unknown("PARAMETER_UNKNOWN", tr("parameter"), reference.parameter, self.pack.parameters, where)
        if not reference.table:
            if reference.column and reference.column not in form.fields:
                yield _unknown("FIELD_UNKNOWN", tr("field"), reference.column, form.fields, where)
            return
        table = form.tables.get(reference.table)
        if table is None:
            yield _unknown("TABLE_UNKNOWN", tr("table"), reference.table, form.tables, where)
            return
        if reference.column and reference.column not in table.columns:
            yield _unknown("COLUMN_UNKNOWN", tr("column"), reference.column, table.columns, where)
        if reference.row and table.layout == "closed" and reference.row not in table.rows:
            yield _unknown("ROW_UNKNOWN", tr("row"), reference.row, table.rows, where)

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
                )

    def _case_files(self, rules: Iterable[Rule]) -> Iterator[Diagnostic]:
        files, errors = load_cases(self.pack)
        for error in errors:
            yield Diagnostic(error.code, error.where, error.message, error.hint)
        shown: dict[str, set[str]] = {}
        for file in files:
            yield from self._given(file)
            for case in file.cases:
                shown.setdefault(case.rule, set()).add(case.kind)
        for rule in rules:
            missing = [kind for kind in KINDS if kind not in shown.get(rule.id, ())]
            if missing:
                yield Diagnostic(
                    "CASES_MISSING",
                    rule.origin,
                    tr("The rule {rule} has no case of: {kinds}.", rule=rule.name, kinds=", ".join(missing)),
                    tr("Add them to {folder}.", folder=str(Path(self.pack.root, "cases"))),
                )

    def _given(self, file: CaseFile) -> Iterator[Diagnostic]:
        document = file.document
        for index, item in enumerate(document.data["cases"]):
            path: Place = ("cases", index)
            own = item.get("form", document.data["form"])
            if own not in self.pack.forms:
                held = "form" in item
                yield _unknown(
                    "FORM_UNKNOWN", tr("form"), own, self.pack.forms,
                    document.where((*path, "form") if held else ("form",)),
                )  # fmt: skip
            elif own in self.pack.forms:
                yield from self._content(self.pack.forms[own], item["given"], document, (*path, "given"))
            for key in ("forms", "prior"):
                for name, given in item.get(key, {}).items():
                    if name in self.pack.forms:
                        yield from self._content(self.pack.forms[name], given, document, (*path, key, name))
                    else:
                        where = document.where((*path, key, name), key=True)
                        yield _unknown("FORM_UNKNOWN", tr("form"), name, self.pack.forms, where)

    def _content(self, form: Form, given: Mapping[str, Any], document: Located, path: Place) -> Iterator[Diagnostic]:
        for name, value in given.items():
            here = (*path, name)
            table = form.tables.get(name)
            if table is not None:
                yield from self._rows(table, value, document, here)
            elif name not in form.fields:
                yield _unknown(
                    "FIELD_UNKNOWN", tr("field or table"), name, [*form.fields, *form.tables],
                    document.where(here, key=True),
                )  # fmt: skip

    def _rows(self, table: Table, value: Any, document: Located, path: Place) -> Iterator[Diagnostic]:
        rows: Iterable[tuple[str | int, Any]]
        if value is None:
            return  # the table is not printed
        if table.layout == "open" and isinstance(value, list):
            rows = enumerate(value)
        elif isinstance(value, Mapping) and table.layout == "closed":
            rows = value.items()
            if not table.extra_rows:
                for name in value:
                    if name not in table.rows:
                        yield _unknown("ROW_UNKNOWN", tr("row"), name, table.rows,
                                       document.where((*path, name), key=True))  # fmt: skip
        elif isinstance(value, Mapping) and table.layout == "single":
            rows = [("", value)]
        else:
            wanted = tr("a list of rows") if table.layout == "open" else tr("a mapping")
            yield Diagnostic(
                "CASE_SHAPE",
                document.where(path),
                tr("The table {table} is given as {kind}.", table=table.name, kind=wanted),
            )
            return
        for row, cells in rows:
            here = path if row == "" else (*path, row)
            for name in cells or {}:
                if name == "total" and table.layout == "open":
                    if cells[name] not in table.totals:
                        yield _unknown("ROW_UNKNOWN", tr("row"), str(cells[name]), table.totals,
                                       document.where((*here, name)))  # fmt: skip
                elif name not in table.columns and not (name == "block" and table.side_by_side):
                    yield _unknown("COLUMN_UNKNOWN", tr("column"), name, table.columns,
                                   document.where((*here, name), key=True))  # fmt: skip

    def _form(self, form: Form) -> Iterator[Diagnostic]:
        file = form.origin.rsplit(":", 2)[0]
        document = self._document(file)
        units: list[tuple[str, Place]] = [(form.unit, ("unit",))]
        units += [(field.unit, ("fields", field.name, "unit")) for field in form.fields.values()]
        for table in form.tables.values():
            for column in table.columns.values():
                units.append((column.unit, ("tables", table.name, "columns", column.name, "unit")))
        for unit, path in units:
            if unit and unit not in self._units:
                yield _unknown("UNIT_UNKNOWN", tr("unit"), unit, self._units, document.where(path))

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


def _parameters(rule: Rule, kinds: Mapping[str, CheckKind]) -> Iterator[str]:
    """Names of parameters in a rule, and of whatever else could be one."""
    kind = kinds.get(str(rule.check["kind"]))
    yield from _strings(rule.check)
    for reference in kind.references(rule.check) if kind and kind.references else ():
        yield reference.parameter
        if reference.formula:
            try:
                nodes = [*tree.walk(parse(reference.formula))]
            except FormulaError:
                continue
            yield from (node.name for node in nodes if isinstance(node, tree.Parameter))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _columns(check: Mapping[str, object], form: Form) -> tuple[str, ...]:
    """The columns that a rule runs over."""
    named = check.get("columns")
    if isinstance(named, list):
        return tuple(map(str, named))
    table = form.tables.get(str(check.get("table", "")))
    return tuple(table.columns) if table is not None else ()


def _placeholders(message: Text) -> set[str]:
    return {name for text in message for _, name, _, _ in Formatter().parse(text) if name}


def _unknown(code: str, what: Text, name: str, known: Iterable[str], where: str) -> Diagnostic:
    return Diagnostic(code, where, tr("There is no {what} {name}.", what=what, name=name), suggest(name, known))


def _order(where: str) -> tuple[str, int, int]:
    file, line, column = where.rsplit(":", 2)
    return file, int(line), int(column)
