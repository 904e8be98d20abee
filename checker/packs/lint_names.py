"""Whether the names that rules and formulas use are names that their forms have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final, NamedTuple

from checker.formula import tree
from checker.formula.analysis import analyse
from checker.formula.error import FormulaError
from checker.formula.names import Dimension, FormNames
from checker.formula.parser import parse
from checker.formula.tree import Compare, Node
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.plugin import CheckKind, Function, Reference
from checker.model.rule import Pack, Rule
from checker.packs.conditions import Bound, known_by, settled
from checker.packs.schema import suggest

__all__ = ["NameCheck", "Remark"]

#: What is told of two figures that do not measure the same.
_UNLIKE: Final = ("FORMULA_UNIT", "FORMULA_TYPE")


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
        self._counted = tuple(lexicon.get("counted_in", ()))
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
                for remark in self.formula(reference.formula, other, *here, _given(rule.check, reference)):
                    yield reference, remark
            else:
                for remark in self._reference(reference, other):
                    if remark not in told:
                        told.add(remark)
                        yield reference, remark

    def formula(
        self,
        text: str,
        form: Form,
        table: str = "",
        current: tuple[str, ...] = (),
        known_as: str = "",
        given: Sequence[str] = (),
    ) -> Iterator[Remark]:
        """What is amiss in a formula about ``form``, at the rows of ``table`` and the columns ``current``; it may call
        the form ``known_as`` too. It is looked at only where the formulas ``given`` hold."""
        try:
            node = self._parse(text)
        except FormulaError as error:
            yield Remark(error.code, error.message, error.hint, offset=error.position)
            return
        for found in analyse(node, self._names(form, table, current, known_as)).diagnostics:
            advice = tr("Write {text}.", text=found.suggestion) if found.suggestion else None
            yield Remark(found.code, found.message, advice, found.severity, found.start)
        for one in settled(node, self._conditions(given)):
            message = tr("This is always {answer} where the formula gets here.", answer=str(one.answer).upper())
            advice = tr("Look at the order of the conditions, and at their limits.")
            yield Remark("FORMULA_UNREACHED", message, advice, "warning", one.node.start)

    def unlike(self, one: Node, other: Node, rule: Rule, form: Form) -> Iterator[Remark]:
        """Why two figures of a rule about ``form`` cannot be compared; what is amiss in each is told elsewhere."""
        both = Compare(0, 0, "=", one, other)
        names = self._names(form, str(rule.check.get("table", "")), _columns(rule.check, form), rule.written_for)
        measured = [analyse(node, names).content.dimension for node in (one, other)]
        for found in analyse(both, names).diagnostics:
            if found.code == "FORMULA_UNIT" and self._are_counts(measured):
                continue
            if found.code in _UNLIKE and (found.start, found.end) == (both.start, both.end):
                yield Remark(found.code, found.message, None, found.severity)

    def _are_counts(self, measured: Iterable[Dimension | None]) -> bool:
        """Whether figures count things, at least one of them without saying what."""
        quantities = {one.powers[0][0] for one in measured if one is not None and len(one.powers) == 1}
        return "count" in quantities and quantities <= {"count", *self._counted}

    def _names(self, form: Form, table: str, current: tuple[str, ...], known_as: str) -> FormNames:
        return FormNames(
            form,
            forms={**self.forms, known_as: form} if known_as else self.forms,
            table=table,
            current=current,
            parameters={name: values[-1].unit for name, values in self.pack.parameters.items()},
            units=self.units,
            roles=self._roles,
        )

    def _conditions(self, given: Iterable[str]) -> tuple[Bound, ...]:
        nodes = []
        for text in given:
            with suppress(FormulaError):  # told where it stands
                nodes.append(self._parse(text))
        return known_by(nodes)

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


def _given(check: Mapping[str, object], reference: Reference) -> list[str]:
    """The conditions of a check under which one of its formulas is looked at."""
    given = {"when": (), "if": ("when",)}.get(str(reference.path[0]), ("when", "if"))
    return [str(check[key]) for key in given if key in check]


def _columns(check: Mapping[str, object], form: Form) -> tuple[str, ...]:
    """The columns that a rule runs over."""
    named = check.get("columns")
    if isinstance(named, list):
        return tuple(map(str, named))
    table = form.tables.get(str(check.get("table", "")))
    return tuple(table.columns) if table is not None else ()
