"""Figures that a rule holds against each other by what it names: whether they measure the same, and whether its bounds
leave room for any.

What a kind of check says of columns is taken as the comparison that it stands for, and reckoned with as formulas are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from checker.formula.error import FormulaError
from checker.formula.parser import parse
from checker.formula.render import render
from checker.formula.tree import Binary, Call, Node, Number, Parameter, Percent, Reference, Select
from checker.messages import tr
from checker.model.form import ColumnKind, Table
from checker.model.rule import Pack, Rule
from checker.packs.lint_names import NameCheck, Remark
from checker.packs.strict_yaml import Path

__all__ = ["lint_figures"]

_PERCENT: Final = "%"
#: Kinds that reckon with the cells of ``columns``.
_RECKONING: Final = frozenset({"sum", "within", "range", "hierarchy"})
_WHOLE: Final = ("total_column", "whole_column")
_BOUNDS: Final = ("at_least", "at_most")


class _Held(NamedTuple):
    """Two things held against each other; ``path`` is where below ``check:`` one of them is written."""

    path: Path
    one: Node
    other: Node


def lint_figures(rule: Rule, names: NameCheck) -> Iterator[tuple[Path, Remark]]:
    """What is amiss, and where below ``check:``. Names that there are not are told elsewhere."""
    check: Mapping[str, Any] = rule.check
    form = names.pack.forms[rule.form]
    table = form.tables.get(str(check.get("table", "")))
    none = [*_no_numbers(check, table)]
    yield from none
    try:
        held = [] if none else [*_held(check)]
    except FormulaError:
        held = []  # told where the formula is looked at
    for path, one, other in held:
        for remark in names.unlike(one, other, rule, form):
            shown = {"one": render(one), "other": render(other)}
            message = tr("{one} beside {other}: {problem}", problem=remark.message, **shown)
            yield path, remark._replace(message=message, offset=None)
    if check["kind"] == "range" and table is not None:
        yield from _bounds(check, table, names.pack)


def _held(check: Mapping[str, Any]) -> Iterator[_Held]:
    """What a check of columns or of several formulas compares."""
    match check["kind"]:
        case "sum" | "within":
            for whole in (check[key] for key in _WHOLE if key in check):
                for path, name in _listed(check, "part_columns", "less_columns"):
                    yield _Held(path, _column(name), _column(whole))
        case "range":
            for key in _BOUNDS:
                for name in check["columns"] if key in check else ():
                    yield _Held((key,), _column(name), _bound(check[key]))
        case "rate":
            quotient = Binary(0, 0, "/", parse(check["numerator"]), parse(check["denominator"]))
            yield _Held(("rate",), parse(check["rate"]), quotient)
            if "cap" in check:
                yield _Held(("cap",), parse(check["cap"]), quotient)
        case "carryover":
            yield _Held(("opening",), parse(check["opening"]), parse(check["closing"]))
        case "change":
            now, before = parse(check["current"]), parse(check["prior"])
            yield _Held(("prior",), before, now)
            yield _Held(("limit",), _bound(check["limit"]), Binary(0, 0, "/", now, before))
        case "same":
            for index, fact in enumerate(check.get("facts", ())):
                yield _Held(("facts", index), parse(fact), parse(check["facts"][0]))
            for index, (fact, other) in enumerate(check.get("pairs", ())):
                yield _Held(("pairs", index, 1), parse(other), parse(fact))
        case "matched_sum" if "row" not in check:
            columns = check.get("columns", ())
            for number, ours in enumerate(columns):
                renamed = isinstance(columns, Mapping)
                for other in check["with"]:
                    form, _, table = other.partition("!")
                    there = Reference(0, 0, form, table, Select.ALL, "", "", columns[ours] if renamed else ours)
                    path = ("columns", ours if renamed else number)
                    yield _Held(path, _column(ours), Call(0, 0, "SUM", (there,)))


def _listed(check: Mapping[str, Any], *keys: str) -> Iterator[tuple[Path, str]]:
    """The columns below ``keys``, each with where it is written."""
    for key in keys:
        for index, name in enumerate(check.get(key, ())):
            yield (key, index), name


def _no_numbers(check: Mapping[str, Any], table: Table | None) -> Iterator[tuple[Path, Remark]]:
    """Columns to be reckoned with that hold texts, codes or dates."""
    if table is None or check["kind"] not in _RECKONING:
        return
    wholes: list[tuple[Path, str]] = [((key,), check[key]) for key in _WHOLE if key in check]
    for path, name in (*wholes, *_listed(check, "columns", "part_columns", "less_columns")):
        column = table.columns.get(name)
        if column is not None and column.kind not in ColumnKind.NUMERIC:
            message = tr("The column {column} holds no figures that could be added or compared.", column=name)
            yield (
                path,
                Remark("COLUMN_TYPE", message, tr("Its kind in the form is {kind}.", kind=column.kind)),
            )


def _bounds(check: Mapping[str, Any], table: Table, pack: Pack) -> Iterator[tuple[Path, Remark]]:
    """Bounds between which there is nothing, and those of which nobody knows whether they are percentages."""
    columns = [table.columns[name] for name in check["columns"] if name in table.columns]
    for key in _BOUNDS:
        text = str(check.get(key, "0"))
        number = _number(text)
        if number is None:
            continue
        for column in columns:
            if text.endswith(_PERCENT) and column.kind != ColumnKind.PERCENT:
                message = tr(
                    "{bound} is a percentage, and the column {column} holds none.", bound=text, column=column.name
                )
                yield (key,), Remark("BOUND_PERCENT", message, tr("Write the bound in the unit of the column."))
            elif number and not text.endswith(_PERCENT) and column.kind == ColumnKind.PERCENT:
                message = tr("Is {value} a percentage or a ratio?", value=text)
                hint = tr("Write it with its sign: {example}.", example=f"{text}%")
                yield (key,), Remark("BOUND_PERCENT", message, hint)
    if not all(key in check for key in _BOUNDS):
        return
    low, high = (str(check[key]) for key in _BOUNDS)
    for day in _days((low, high), pack):
        least, most = _value(low, pack, day), _value(high, pack, day)
        if least is not None and most is not None and least > most:
            shown = {"low": low, "high": high}
            message = (
                tr("No figure is at least {low} and at most {high}.", **shown)
                if not day
                else tr("From {date} on no figure is at least {low} and at most {high}.", date=day, **shown)
            )
            yield ("at_most",), Remark("BOUNDS_ORDER", message, tr("Swap the two, or mend one."))
            return


def _days(bounds: Iterable[str], pack: Pack) -> list[str]:
    """The days on which a bound may get another value; ``""`` where neither ever does."""
    dated = {value.since or "0001-01-01" for bound in bounds for value in pack.parameters.get(bound, ())}
    return sorted(dated) or [""]


def _value(bound: str, pack: Pack, day: str) -> Decimal | None:
    number = _number(bound)
    if number is not None or bound not in pack.parameters:
        return number
    parameter = pack.parameter_at(bound, day)
    return parameter.value if parameter is not None and isinstance(parameter.value, Decimal) else None


def _number(text: str) -> Decimal | None:
    """A bound that is written as a number."""
    try:
        return Decimal(text.removesuffix(_PERCENT)) / (100 if text.endswith(_PERCENT) else 1)
    except InvalidOperation:
        return None


def _bound(value: object) -> Node:
    text = str(value).strip()
    number = _number(text)
    if number is None:
        return Parameter(0, 0, text)
    return Percent(0, 0, Number(0, 0, number * 100)) if text.endswith(_PERCENT) else Number(0, 0, number)


def _column(name: str) -> Node:
    return Reference(0, 0, "", "", Select.THIS, "", "", name)
