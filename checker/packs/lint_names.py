"""Whether the names that rules and formulas use are names that their forms have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from checker.formula import tree
from checker.formula.analysis import analyse
from checker.formula.error import FormulaError
from checker.formula.names import FormNames
from checker.formula.parser import parse
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.plugin import CheckKind, Function, Reference
from checker.model.rule import Pack, Rule
from checker.packs.conditions import settled
from checker.packs.schema import suggest

__all__ = ["NameCheck", "Remark"]


class Remark(NamedTuple):
    """Something amiss with a name; ``offset`` is where in a formula it stands."""

    code: str
    message: Text
    suggestion: Text | None = None
    severity: str = "error"
    offset: int | None = None


class NameCheck:
    """Looks names up in the forms, parameters and dictionaries of one pack, and in the forms of the packs beside it.

    ``functions`` are those for formulas, when there are more than the built-in ones.
    """

    def __init__(self, pack: Pack, lexicon: Mapping[str, Any], functions: Mapping[str, Function] | None = None) -> None:
        self.pack = pack
        self.forms = pack.every_form
        self.units = {
            unit: (quantity, Decimal(str(factor)))
            for quantity, group in lexicon.get("units", {}).items()
            for unit, factor in group.items()
        }
        self._roles = tuple(lexicon.get("books", {}).get("prior", ()))
        self._parse: Callable[[str], tree.Node] = parse if functions is None else lambda text: parse(text, functions)

    def rule(self, rule: Rule, kind: CheckKind) -> Iterator[tuple[Reference, Remark]]:
        """What is amiss in a rule, with what it names there."""
        form = self.pack.forms[rule.form]
        table = str(rule.check.get("table", ""))
        current = _columns(rule.check, form)
        told: set[Remark] = set()  # a table that is not there is told once, not with each of its columns
        for reference in kind.references(rule.check) if kind.references else ():
            other = form if not reference.form or form.is_a(reference.form) else self.forms.get(reference.form)
            if other is None:
                yield reference, _unknown("FORM_UNKNOWN", tr("form"), reference.form, self.forms)
            elif reference.formula:
                here = (table, current, rule.written_for) if other is form else ("", (), "")
                for remark in self.formula(reference.formula, other, *here):
                    yield reference, remark
            else:
                for remark in self._reference(reference, other):
                    if remark not in told:
                        told.add(remark)
                        yield reference, remark

    def formula(
        self, text: str, form: Form, table: str = "", current: tuple[str, ...] = (), known_as: str = ""
    ) -> Iterator[Remark]:
        """What is amiss in a formula about ``form``, at the rows of ``table`` and the columns ``current``; it may call
        the form ``known_as`` too."""
        try:
            node = self._parse(text)
        except FormulaError as error:
            yield Remark(error.code, error.message, error.hint, offset=error.position)
            return
        names = FormNames(
            form,
            forms={**self.forms, known_as: form} if known_as else self.forms,
            table=table,
            current=current,
            parameters={name: values[-1].unit for name, values in self.pack.parameters.items()},
            units=self.units,
            roles=self._roles,
        )
        for found in analyse(node, names).diagnostics:
            advice = tr("Write {text}.", text=found.suggestion) if found.suggestion else None
            yield Remark(found.code, found.message, advice, found.severity, found.start)
        for one in settled(node):
            message = tr("This is always {answer} where the formula gets here.", answer=str(one.answer).upper())
            advice = tr("Look at the order of the conditions, and at their limits.")
            yield Remark("FORMULA_UNREACHED", message, advice, "warning", one.node.start)

    def _reference(self, reference: Reference, form: Form) -> Iterator[Remark]:
        if reference.parameter and reference.parameter not in self.pack.parameters:
            yield _unknown("PARAMETER_UNKNOWN", tr("parameter"), reference.parameter, self.pack.parameters)
        if not reference.table:
            if reference.column and reference.column not in form.fields:
                yield _unknown("FIELD_UNKNOWN", tr("field"), reference.column, form.fields)
            return
        table = form.tables.get(reference.table)
        if table is None:
            yield _unknown("TABLE_UNKNOWN", tr("table"), reference.table, form.tables)
            return
        if reference.column and reference.column not in table.columns:
            yield _unknown("COLUMN_UNKNOWN", tr("column"), reference.column, table.columns)
        if reference.row and table.layout == "closed" and reference.row not in table.rows:
            yield _unknown("ROW_UNKNOWN", tr("row"), reference.row, table.rows)


def _unknown(code: str, what: Text, name: str, known: Mapping[str, object]) -> Remark:
    return Remark(code, tr("There is no {what} {name}.", what=what, name=name), suggest(name, known))


def _columns(check: Mapping[str, object], form: Form) -> tuple[str, ...]:
    """The columns that a rule runs over."""
    named = check.get("columns")
    if isinstance(named, list):
        return tuple(map(str, named))
    table = form.tables.get(str(check.get("table", "")))
    return tuple(table.columns) if table is not None else ()
