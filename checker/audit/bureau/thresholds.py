"""Thresholds that packs know: the limits by which rules decide about a rate, and the scores that earn a grade.

Nothing is listed here: whatever rate column a rule compares with a parameter has that threshold, and every scoring
standard says from which score its grades are earned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from checker.audit.bureau.forms import Forms
from checker.formula.error import FormulaError
from checker.formula.kept import parse
from checker.formula.tree import Compare, Node, Parameter, Reference, walk
from checker.model.form import ColumnKind, Form
from checker.model.rule import Pack
from checker.reports.figures import PERCENT, in_unit

__all__ = ["RateThreshold", "ScoreThreshold", "rate_thresholds", "score_thresholds"]


class RateThreshold(NamedTuple):
    """A limit, in per cent, for one column of rates; ``row`` is the table's total where it has one."""

    form: str
    table: str
    row: str
    column: str
    limit: Decimal
    name: str
    pack: str


class ScoreThreshold(NamedTuple):
    """The lowest score that earns a grade of a standard."""

    scheme: str
    limit: Decimal
    grade: str
    pack: str


_COMPARED = frozenset({"<", ">", "<=", ">=", "≤", "≥"})


def rate_thresholds(forms: Forms, year: str) -> list[RateThreshold]:
    """What rules compare columns of rates with, as it stood in ``year``."""
    found: dict[tuple[str, str, str, Decimal], RateThreshold] = {}
    totals = {(one.form, one.table): one.total for one in forms.columns()}
    for pack in forms.packs:
        for rule in pack.rules:
            form = pack.forms.get(rule.form)
            if form is None:
                continue
            for column, name in _comparisons(rule.check):
                limit = _number(pack, name, year)
                if limit is None:
                    continue
                for table in _tables_with(form, column):
                    percent = in_unit(limit, PERCENT)
                    one = RateThreshold(form.name, table, totals[form.name, table], column, percent, name, pack.id)
                    found.setdefault((form.name, table, column, percent), one)
    return sorted(found.values())


def score_thresholds(forms: Forms, year: str) -> list[ScoreThreshold]:
    """From which scores grades are earned, as it stood in ``year``; from nothing up there is no threshold."""
    found: dict[tuple[str, Decimal], ScoreThreshold] = {}
    for pack in forms.packs:
        for scheme in pack.schemes.values():
            for grade in scheme.grades:
                lowest = grade.lowest
                limit = lowest if isinstance(lowest, Decimal) else _number(pack, lowest, year)
                if limit:
                    one = ScoreThreshold(scheme.name, limit, grade.word, pack.id)
                    found.setdefault((scheme.name, limit), one)
    return sorted(found.values())


def _number(pack: Pack, name: str, year: str) -> Decimal | None:
    parameter = pack.parameter_at(name, year)
    return parameter.value if parameter is not None and isinstance(parameter.value, Decimal) else None


def _comparisons(check: object) -> Iterator[tuple[str, str]]:
    """Columns that the formulas of a check compare with a parameter, with its name."""
    for text in _texts(check):
        if not _COMPARED.intersection(text):
            continue
        try:
            tree: Node = parse(text)
        except FormulaError:  # a text that is no formula
            continue
        for node in walk(tree):
            if isinstance(node, Compare) and node.operator in _COMPARED:
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(one, Reference) and not one.book and one.column and isinstance(other, Parameter):
                        yield one.column, other.name


def _texts(check: object) -> Iterator[str]:
    if isinstance(check, str):
        yield check
    elif isinstance(check, Mapping):
        for value in check.values():
            yield from _texts(value)
    elif isinstance(check, list | tuple):
        for value in check:
            yield from _texts(value)


def _tables_with(form: Form, column: str) -> Iterator[str]:
    for table in form.tables.values():
        spec = table.columns.get(column)
        if spec is not None and spec.kind == ColumnKind.PERCENT:
            yield table.name
