"""Formulas written out again: in labels, in one canonical spelling, or with the numbers filled in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from checker.formula import tree
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Node, Reference, Select
from checker.formula.value import Environment
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.values.numbers import format_amount, format_percent
from checker.values.quantity import Kind

__all__ = ["fill", "render", "with_cells"]

_LEVELS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3}
_SIGNED, _POSTFIX, _VALUE = 4, 5, 6
_PRINTED_SIGNS = {"-": "−", "*": "×", "/": "÷", "<>": "≠", "<=": "≤", ">=": "≥"}
#: Stands for a reference that leads to no cell.
_NOWHERE = "\0"
#: A filled-in column shows so many figures.
_SHOWN = 8


def render(node: Node) -> str:
    """The canonical spelling: ``parse(render(node)) == node``."""
    return _write(node, _label, lambda sign: sign)[0]


def fill(node: Node, environment: Environment, blank: str = "( )") -> str:
    """``node`` with the numbers in place of the labels: ``100.00 + 20.00 − ( )``.

    Numbers have the places of their unit, rates are percentages, what is not a number is as typed;
    ``blank`` stands for nothing, and for a row or column that the sheet does not print."""

    def leaf(part: Node) -> str:
        if isinstance(part, Reference):
            return _filled(part, environment, blank)
        if isinstance(part, tree.Parameter):
            try:
                value = environment.parameter(part.name)
            except Obstacle:
                return blank
            return format(value, "f") if isinstance(value, Decimal) else value
        return _label(part)

    return _write(node, leaf, lambda sign: _PRINTED_SIGNS.get(sign, sign))[0]


def with_cells(node: Node, environment: Environment, sheet: str) -> str:
    """``node`` as a formula of Excel over the cells that its labels lead to, those of ``sheet`` without its name.
    Nothing where that is no formula: a label stands for no cell outside a list of arguments."""

    def leaf(part: Node) -> str:
        if isinstance(part, Reference):
            try:
                cells = [_cell(fact, sheet) for fact in environment.facts(part)]
            except Obstacle:
                return _NOWHERE
            return ", ".join(cells) or _NOWHERE
        if isinstance(part, tree.Parameter):
            try:
                value = environment.parameter(part.name)
            except Obstacle:
                return _NOWHERE
            return format(value, "f") if isinstance(value, Decimal) else _text(value)
        return _label(part)

    written = _write(node, leaf, lambda sign: sign)[0]
    written = written.replace(f"({_NOWHERE}, ", "(").replace(f", {_NOWHERE}", "")
    return "" if _NOWHERE in written else written


def _cell(fact: Fact, sheet: str) -> str:
    return fact.address if fact.sheet == sheet else "'{}'!{}".format(fact.sheet.replace("'", "''"), fact.address)


def _write(node: Node, leaf: Callable[[Node], str], sign: Callable[[str], str]) -> tuple[str, int]:
    """The text of ``node`` and how tightly it binds."""
    if isinstance(node, tree.Binary | tree.Compare):
        level = _LEVELS[node.operator]
        comparison = level == 1
        left = _bracketed(_write(node.left, leaf, sign), level + comparison)
        right = _bracketed(_write(node.right, leaf, sign), level + 1)
        return f"{left} {sign(node.operator)} {right}", level
    if isinstance(node, tree.Negate):
        return sign("-") + _bracketed(_write(node.operand, leaf, sign), _SIGNED), _SIGNED
    if isinstance(node, tree.Percent):
        return _bracketed(_write(node.operand, leaf, sign), _POSTFIX) + "%", _POSTFIX
    if isinstance(node, tree.Call):
        arguments = (_write(argument, leaf, sign)[0] for argument in node.arguments)
        return f"{node.function}({', '.join(arguments)})", _VALUE
    return leaf(node), _VALUE


def _bracketed(written: tuple[str, int], level: int) -> str:
    text, own = written
    return text if own >= level else f"({text})"


def _label(node: Node) -> str:
    if isinstance(node, tree.Number):
        return format(node.value, "f")
    if isinstance(node, tree.Text):
        return _text(node.value)
    if isinstance(node, tree.Boolean):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node, tree.Parameter):
        return _name(node.name)
    if isinstance(node, Reference):
        return _reference(node)
    raise TypeError(node)


def _reference(node: Reference) -> str:
    book = f"{_name(node.book)}!" if node.book else ""
    table = _name(node.table) if node.table else ""
    column = "@" if node.column is None else _name(node.column, inner=True)
    if node.select == Select.THIS:
        place = f"@{column}"
    elif node.select == Select.NAMED:
        place = f"{_name(node.row, inner=True)}, {column}"
    elif node.select == Select.WHERE:
        place = f"{_name(node.row, inner=True)}={_text(node.text)}, {column}"
    else:
        place = f"*, {column}" if node.column is None else column
    return f"{book}{table}[{place}]"


def _name(name: str, *, inner: bool = False) -> str:
    from checker.formula.lexer import is_bare_name

    return name if is_bare_name(name, inner=inner) else "'" + name.replace("'", "''") + "'"


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _filled(reference: Reference, environment: Environment, blank: str) -> str:
    try:
        facts = environment.facts(reference)
    except Obstacle:
        return blank
    if not facts:
        return blank
    figures = [_figure(fact, blank) for fact in facts]
    if len(figures) > _SHOWN:
        figures[_SHOWN - 2 : -1] = ["…"]
    return ", ".join(figures)


def _figure(fact: Fact, blank: str) -> str:
    """A fact as it is shown: with the places of its unit, but never with fewer than it has."""
    quantity = fact.quantity
    if quantity.kind != Kind.NUMBER or quantity.number is None:
        return quantity.raw.strip() or blank
    percent = fact.kind == ColumnKind.PERCENT
    places = _places(quantity.number)
    if fact.grain:
        places = max(places, _places(fact.grain))
    if percent:
        return format_percent(quantity.number, max(places - 2, 0 if fact.grain else quantity.decimals))
    return format_amount(quantity.number, max(places, 0 if fact.grain else quantity.decimals), grouping=False)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
