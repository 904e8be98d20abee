"""What rules say as linear equations over cells: exactly, with fractions for coefficients.

A cell is named by table, row and column as a form names them; what is not linear (a product, a whole column, a cell of
another workbook) is taken as one unknown, the same wherever the same is written.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from checker.formula import tree
from checker.formula.error import FormulaError
from checker.formula.parser import parse
from checker.formula.tree import Node, Reference, Select
from checker.model.form import Form, Table
from checker.model.rule import Rule

__all__ = ["ONE", "Equation", "Linear", "System", "equations", "linear_of"]

#: What stands for the constant part of a linear form.
ONE: Final = "1"


class Linear(dict[Hashable, Fraction]):
    """Coefficients by unknown, none of them zero."""

    def plus(self, other: Mapping[Hashable, Fraction], times: Fraction) -> Linear:
        total = Linear(self)
        for unknown, coefficient in other.items():
            value = total.get(unknown, Fraction(0)) + times * coefficient
            if value:
                total[unknown] = value
            else:
                total.pop(unknown, None)
        return total

    @property
    def constant(self) -> Fraction | None:
        """Its value, if it holds no unknown."""
        return None if self.keys() - {ONE} else self.get(ONE, Fraction(0))

    @property
    def scaled(self) -> Linear:
        """The same equation, whatever factor it was written with."""
        unknowns = sorted(self.keys() - {ONE}, key=repr)
        return Linear({name: value / self[unknowns[0]] for name, value in self.items()}) if unknowns else self


class Equation(NamedTuple):
    """``linear`` = 0, as ``rule`` says."""

    rule: str
    linear: Linear


class _Place(NamedTuple):
    """Where a formula is read: the row and the column that its rule is at."""

    table: str
    row: str = ""
    column: str = ""


def equations(rule: Rule, form: Form) -> Iterator[Equation]:
    """What ``rule`` asks of ``form``, as far as it is an equation; one for each place that the form names."""
    check = rule.check
    try:
        if check["kind"] == "sum":
            found = _sums(check, form)
        elif check["kind"] == "identity":
            found = _identities(check, form)
        elif check["kind"] == "same" and "table" not in check:
            found = _alike(check)
        else:
            return
        for linear in found:
            if linear:
                yield Equation(rule.id, linear)
    except FormulaError:
        return  # told by others


def linear_of(node: Node) -> Linear:
    """What ``node`` adds up, wherever it is read."""
    return _linear(node, _Place(""))


def _sums(check: Mapping[str, object], form: Form) -> Iterator[Linear]:
    table = form.tables.get(str(check.get("table")))
    if table is None:
        return
    if "total_column" in check:
        for row in _rows(table, check.get("rows")):
            yield _total(
                (table.name, row, str(check["total_column"])),
                [(table.name, row, name) for name in _names(check.get("part_columns"))],
                [(table.name, row, name) for name in _names(check.get("less_columns"))],
            )
        return
    total = str(check.get("total"))
    parts = _names(check.get("parts"))
    if not parts and table.layout == "closed" and not table.extra_rows:
        below = [row for row in table.rows.values() if total in row.part_of]
        if any(len(row.part_of) > 1 for row in below) or any(r.lists for r in table.rows.values() if r.name == total):
            return  # which rows are parts depends on those that are printed
        parts = [row.name for row in below]
    if not parts:
        return
    for column in _names(check.get("columns")):
        less = [(table.name, row, column) for row in _names(check.get("less"))]
        yield _total((table.name, total, column), [(table.name, row, column) for row in parts], less)


def _total(total: Hashable, parts: Iterable[Hashable], less: Iterable[Hashable]) -> Linear:
    linear = Linear({total: Fraction(1)})
    for sign, cells in ((-1, parts), (1, less)):
        for cell in cells:
            linear = linear.plus({cell: Fraction(1)}, Fraction(sign))
    return linear


def _identities(check: Mapping[str, object], form: Form) -> Iterator[Linear]:
    table = form.tables.get(str(check.get("table", "")))
    texts = _names(check.get("formulas")) or [str(check.get("formula"))]
    for text in texts:
        node = parse(text)
        if not isinstance(node, tree.Compare) or node.operator != "=":
            continue
        for place in _places(check, table):
            yield _linear(node.left, place).plus(_linear(node.right, place), Fraction(-1))


def _alike(check: Mapping[str, object]) -> Iterator[Linear]:
    listed = check.get("pairs")
    pairs = [_names(pair) for pair in listed] if isinstance(listed, list) else []
    facts = _names(check.get("facts"))
    pairs += [[facts[0], other] for other in facts[1:]]
    here = _Place("")
    for one, other in pairs:
        yield _linear(parse(one), here).plus(_linear(parse(other), here), Fraction(-1))


def _places(check: Mapping[str, object], table: Table | None) -> Iterator[_Place]:
    if table is None:
        yield _Place("")
    elif isinstance(check.get("columns"), list):
        yield from (_Place(table.name, "", column) for column in _names(check["columns"]))
    else:
        yield from (_Place(table.name, row) for row in _rows(table, check.get("rows")))


def _rows(table: Table, wanted: object) -> list[str]:
    """Rows by name; of an open table one stands for all."""
    if isinstance(wanted, list):
        return _names(wanted)
    if table.layout != "closed":
        return [f"@{wanted or 'all'}"]
    if wanted in (None, "all", "every"):
        return [*table.rows]
    return [row.name for row in table.rows.values() if row.part_of] if wanted == "parts" else [str(wanted)]


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []


def _linear(node: Node, place: _Place) -> Linear:
    match node:
        case tree.Number():
            return Linear({ONE: Fraction(node.value)}) if node.value else Linear()
        case tree.Negate():
            return Linear().plus(_linear(node.operand, place), Fraction(-1))
        case tree.Percent():
            return Linear().plus(_linear(node.operand, place), Fraction(1, 100))
        case tree.Binary(operator="+" | "-"):
            sign = Fraction(1 if node.operator == "+" else -1)
            return _linear(node.left, place).plus(_linear(node.right, place), sign)
        case tree.Binary():
            left, right = _linear(node.left, place), _linear(node.right, place)
            if right.constant is not None and not (node.operator == "/" and not right.constant):
                return Linear().plus(left, right.constant if node.operator == "*" else 1 / right.constant)
            if node.operator == "*" and left.constant is not None:
                return Linear().plus(right, left.constant)
        case tree.Call(function="SUM"):
            if not any(_many(argument) for argument in node.arguments):
                total = Linear()
                for argument in node.arguments:
                    total = total.plus(_linear(argument, place), Fraction(1))
                return total
    return Linear({_key(node, place): Fraction(1)})


def _many(node: Node) -> bool:
    return isinstance(node, Reference) and node.select in (Select.ALL, Select.WHERE)


def _key(part: object, place: _Place) -> Hashable:
    """What tells an unknown from all others: a cell by its names, anything else by its whole expression."""
    if isinstance(part, Reference):
        table, column = part.table or place.table, part.column if part.column is not None else place.column
        if part.select == Select.NAMED and not part.book:
            return table, part.row, column
        if part.select == Select.THIS and not part.book:
            return table, place.row, column
        return part.book, table, part.select, part.row or place.row, part.text, column
    if isinstance(part, Node):
        return type(part).__name__, *(_key(getattr(part, name), place) for name in type(part).__slots__)
    return tuple(_key(item, place) for item in part) if isinstance(part, tuple) else str(part)


class _Row(NamedTuple):
    """An equation that follows, and what it follows from: so many times each of the equations, by number."""

    linear: Linear
    source: Linear


class System:
    """Equations brought to reduced form, each with those that it follows from."""

    def __init__(self, given: Iterable[Equation] = ()) -> None:
        self.given: list[Equation] = []
        self._rows: dict[Hashable, _Row] = {}  # by the unknown that no other row holds
        self._holding: dict[Hashable, set[Hashable]] = {}
        for equation in given:
            self.add(equation)

    def add(self, equation: Equation) -> tuple[Linear, frozenset[str]]:
        """What is left of ``equation`` by those before it (nothing, if it follows), and the rules that took part."""
        number = len(self.given)
        self.given.append(equation)
        left, source = self._reduced(equation.linear, Linear({number: Fraction(1)}))
        pivot = next((unknown for unknown in left if unknown != ONE), None)
        if pivot is not None:
            factor = 1 / left[pivot]
            row = _Row(Linear().plus(left, factor), Linear().plus(source, factor))
            for other in [*self._holding.get(pivot, ())]:
                old = self._rows[other]
                times = -old.linear[pivot]
                self._put(other, _Row(old.linear.plus(row.linear, times), old.source.plus(row.source, times)))
            self._put(pivot, row)
        return left, self._rules(source)

    def follows(self, equation: Equation) -> bool:
        """Whether ``equation`` says nothing that these do not."""
        return not self._reduced(equation.linear, Linear())[0]

    def fixed(self) -> Iterator[tuple[Hashable, Fraction, frozenset[str]]]:
        """Unknowns that can have one value only, with it and the rules that leave no other."""
        for pivot, row in self._rows.items():
            if row.linear.keys() <= {pivot, ONE}:
                yield pivot, -row.linear.get(ONE, Fraction(0)), self._rules(row.source)

    def _reduced(self, linear: Linear, source: Linear) -> tuple[Linear, Linear]:
        for unknown in [*linear]:
            row = self._rows.get(unknown)
            if row is not None:
                times = -linear[unknown]
                linear, source = linear.plus(row.linear, times), source.plus(row.source, times)
        return linear, source

    def _put(self, pivot: Hashable, row: _Row) -> None:
        for unknown in self._rows[pivot].linear if pivot in self._rows else ():
            self._holding[unknown].discard(pivot)
        self._rows[pivot] = row
        for unknown in row.linear:
            self._holding.setdefault(unknown, set()).add(pivot)

    def _rules(self, source: Linear) -> frozenset[str]:
        return frozenset(self.given[number].rule for number in source if isinstance(number, int))
