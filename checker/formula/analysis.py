"""What can be said of a formula before any workbook is seen: names that do not exist, texts that are
reckoned with, money added to percentages, conditions that are always true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from itertools import combinations
from typing import Any, Final, NamedTuple

from checker.formula import tree
from checker.formula.evaluate import evaluate
from checker.formula.names import ANY, Content, Names, Type
from checker.formula.obstacle import Obstacle
from checker.formula.render import render
from checker.formula.tree import Node, Reference, Select
from checker.messages import Text, tr
from checker.model.rule import Severity

__all__ = ["Analysis", "Diagnostic", "analyse"]


class Diagnostic(NamedTuple):
    """Something wrong between the offsets ``start`` and ``end`` of the formula. ``suggestion`` is what to
    type in its place, or empty. ``severity`` is ``error`` or ``warning``."""

    code: str
    start: int
    end: int
    message: Text
    suggestion: str = ""
    severity: str = Severity.ERROR


class Analysis(NamedTuple):
    """What the formula comes to, and all that is wrong with it in the order of the text."""

    content: Content
    diagnostics: tuple[Diagnostic, ...]


def analyse(node: Node, names: Names) -> Analysis:
    """Check ``node`` against the forms that ``names`` knows."""
    analyser = _Analyser(names)
    content = analyser.single(node)
    if content.type == Type.BOOLEAN:
        analyser.dead(node)
    return Analysis(content, tuple(sorted(analyser.found, key=lambda diagnostic: diagnostic.start)))


_ADDRESS: Final = re.compile(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}")
_NUMBER: Final = Content(Type.NUMBER)
_TEXT: Final = Content(Type.TEXT)
_BOOLEAN: Final = Content(Type.BOOLEAN)


class _Nowhere:
    """The environment of constants."""

    blank = "zero"

    def facts(self, reference: Reference) -> list[object]:
        raise LookupError(reference)

    def parameter(self, name: str) -> Decimal:
        raise LookupError(name)


class _Analyser:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.found: list[Diagnostic] = []

    def report(
        self, code: str, node: Node, message: Text, suggestion: str = "", severity: str = Severity.ERROR
    ) -> None:
        self.found.append(Diagnostic(code, node.start, node.end, message, suggestion, severity))

    def content(self, node: Node) -> Content:
        """What ``node`` holds; all that is wrong in it is reported."""
        return _CONTENTS[type(node)](self, node)

    def single(self, node: Node) -> Content:
        """As ``content``, where one cell is needed."""
        content = self.content(node)
        if content.many:
            message = tr("A whole column stands where one number is needed.")
            self.report("FORMULA_COLUMN", node, message, f"SUM({render(node)})")
        return content._replace(many=False)

    def number(self, node: Node, *, many: bool = False) -> Content:
        content = self.content(node) if many else self.single(node)
        if content.type not in (Type.NUMBER, Type.ANY):
            self.report(
                "FORMULA_TYPE",
                node,
                tr("A number is needed here, and this is {type}.", type=_called(content.type)),
            )
        return content

    def condition(self, node: Node) -> None:
        content = self.single(node)
        if content.type not in (Type.BOOLEAN, Type.ANY):
            message = tr("A condition is needed here, and this is {type}.", type=_called(content.type))
            self.report("FORMULA_TYPE", node, message)
        self.dead(node)

    def dead(self, node: Node) -> None:
        """A condition that no workbook can change."""
        always = None
        if isinstance(node, tree.Compare) and node.left == node.right:
            always = node.operator in ("=", "<=", ">=")
        elif _constant(node):
            try:
                always = evaluate(node, _Nowhere()).boolean  # type: ignore[arg-type]
            except Obstacle:
                return
        if always is not None:
            message = tr("This is always {answer}.", answer=str(always).upper())
            self.report("FORMULA_DEAD", node, message, severity=Severity.WARNING)

    # Each kind of node

    def parameter(self, node: tree.Parameter) -> Content:
        known = list(self.names.parameters())
        if node.name in known:
            return self.names.parameter(node.name)
        if _ADDRESS.fullmatch(node.name):
            message = tr("There is no parameter {name}; cells are named by their labels.", name=node.name)
            self.report("FORMULA_UNKNOWN_PARAMETER", node, message)
            return ANY
        if node.name in self.names.columns("", self.names.table):
            suggestion = f"[@{node.name}]"
        else:
            suggestion = _near(node.name, known)
        message = tr("There is no parameter “{name}”.", name=node.name)
        self.report("FORMULA_UNKNOWN_PARAMETER", node, message, suggestion)
        return ANY

    def reference(self, node: Reference) -> Content:
        names = self.names
        if node.book and not self.known("book", node, node.book, names.books()):
            return ANY
        if node.table and not self.known("table", node, node.table, names.tables(node.book)):
            return ANY
        table = node.table or names.table
        if not table:
            message = tr("The rule runs in no table, so the table must be named.")
            self.report("FORMULA_NO_TABLE", node, message)
            return ANY
        namesake = node.book and names.table  # the row of another form that is called as the row that the rule is at
        if node.select == Select.THIS and table != names.table and not namesake:
            message = tr("“@” is a row of the rule's own table, {table}.", table=names.table or "—")
            self.report("FORMULA_NO_TABLE", node, message)
            return ANY
        many = self.rows(node, table)
        columns = list(names.columns(node.book, table))
        if node.column is not None:
            if not self.known("column", node, node.column, columns):
                return ANY
            content = names.content(node.book, table, node.column)
        elif names.current:
            content = names.content(node.book, table, names.current[0])
        else:
            message = tr("“@” needs a rule that runs over columns; this one names none.")
            self.report("FORMULA_NO_COLUMN", node, message)
            return ANY
        return content._replace(many=content.many and many)

    def rows(self, node: Reference, table: str) -> bool:
        """Check the row; whether the reference means a cell per row."""
        names = self.names
        if node.select == Select.NAMED:
            levels = list(names.levels(node.book, table))
            self.known("row", node, node.row, [*names.rows(node.book, table), *levels])
            return node.row in levels
        if node.select == Select.WHERE:
            self.known("column", node, node.row, names.columns(node.book, table))
            return False
        return node.select == Select.ALL

    def known(self, what: str, node: Reference, name: str, options: Iterable[str]) -> bool:
        options = list(options)
        if name in options:
            return True
        suggestion = _near(name, options)
        self.report(f"FORMULA_UNKNOWN_{what.upper()}", node, _UNKNOWN[what](name), suggestion)
        return False

    def literal(self, node: Node) -> Content:
        return {tree.Number: _NUMBER, tree.Text: _TEXT}.get(type(node), _BOOLEAN)

    def signed(self, node: tree.Negate | tree.Percent) -> Content:
        return self.number(node.operand)

    def binary(self, node: tree.Binary) -> Content:
        left, right = self.number(node.left), self.number(node.right)
        if node.operator in "+-":
            return self.alike(node, (left, right))
        if node.operator == "/" and _constant(node.right):
            try:
                zero = not evaluate(node.right, _Nowhere()).number  # type: ignore[arg-type]
            except Obstacle:  # what it is instead of a number was reported above
                zero = False
            if zero:
                self.report("FORMULA_DIVISION_BY_ZERO", node.right, tr("The divisor is zero."))
        first, second = left.dimension, right.dimension
        if first is not None and second is not None:
            return Content(Type.NUMBER, first.times(second, 1 if node.operator == "*" else -1))
        # A bare number may convert a unit, or bring one: ten marks times a rate.
        only = second if first is None and node.operator == "*" else first
        if only is None or not only.powers:
            return _NUMBER
        return Content(Type.NUMBER, only._replace(scale=None))

    def compare(self, node: tree.Compare) -> Content:
        left, right = self.single(node.left), self.single(node.right)
        types = {left.type, right.type} - {Type.ANY}
        if len(types) == 2:
            message = tr("{left} is compared with {right}.", left=_called(left.type), right=_called(right.type))
            self.report("FORMULA_TYPE", node, message)
        elif types and types != {Type.NUMBER} and node.operator not in ("=", "<>"):
            message = tr("Only numbers can be compared with {operator}.", operator=node.operator)
            self.report("FORMULA_TYPE", node, message)
        self.alike(node, (left, right))
        return _BOOLEAN

    def alike(self, node: Node, contents: Iterable[Content]) -> Content:
        """Things that are added, compared or chosen from must measure the same."""
        known = [content.dimension for content in contents if content.dimension is not None]
        for one, other in combinations(known, 2):
            if not one.fits(other):
                message = tr(
                    "{one} and {other} are added, compared or chosen from.",
                    one=self.names.called(one),
                    other=self.names.called(other),
                )
                self.report("FORMULA_UNIT", node, message)
                return _NUMBER
        known.sort(key=lambda dimension: dimension.scale is None)
        return Content(Type.NUMBER, known[0] if known else None)

    def call(self, node: tree.Call) -> Content:
        arguments = node.arguments
        if node.function in ("SUM", "MIN", "MAX"):
            return self.alike(node, [self.number(argument, many=True) for argument in arguments])
        if node.function in ("AND", "OR", "NOT"):
            for argument in arguments:
                self.condition(argument)
            return _BOOLEAN
        if node.function == "IF":
            self.condition(arguments[0])
            branches = [self.single(argument) for argument in arguments[1:]]
            types = {branch.type for branch in branches}
            if types == {Type.NUMBER}:
                return self.alike(node, branches)
            return branches[0] if len(types) == 1 else ANY
        if node.function in ("ABS", "ROUND"):
            contents = [self.number(argument) for argument in arguments]
            return contents[0]
        contents = [self.content(argument) for argument in arguments]
        if node.function == "COUNT":
            return _NUMBER
        if node.function == "ISBLANK":
            if not isinstance(arguments[0], Reference):
                self.report("FORMULA_TYPE", arguments[0], tr("ISBLANK asks of a cell, not of a number."))
            return _BOOLEAN
        return ANY


def _called(type_: str) -> Text:
    if type_ == Type.NUMBER:
        return tr("a number")
    return tr("a text") if type_ == Type.TEXT else tr("true or false")


def _constant(node: Node) -> bool:
    return not any(isinstance(part, Reference | tree.Parameter) for part in tree.walk(node))


def _near(name: str, options: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, list(options), 1, 0.5)), "")


_UNKNOWN: Final[Mapping[str, Callable[[str], Text]]] = {
    "book": lambda name: tr("There is no form or workbook “{name}”.", name=name),
    "table": lambda name: tr("There is no table “{name}”.", name=name),
    "row": lambda name: tr("There is no row or level “{name}” in the table.", name=name),
    "column": lambda name: tr("There is no column “{name}” in the table.", name=name),
}
_CONTENTS: Final[Mapping[type, Callable[[_Analyser, Any], Content]]] = {
    tree.Number: _Analyser.literal,
    tree.Text: _Analyser.literal,
    tree.Boolean: _Analyser.literal,
    tree.Parameter: _Analyser.parameter,
    Reference: _Analyser.reference,
    tree.Negate: _Analyser.signed,
    tree.Percent: _Analyser.signed,
    tree.Binary: _Analyser.binary,
    tree.Compare: _Analyser.compare,
    tree.Call: _Analyser.call,
}
