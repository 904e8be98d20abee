"""The tree of a formula: frozen nodes that know where in the text they stand.

``start`` and ``end`` are offsets into the formula's text and take no part in equality, so two formulas that
say the same thing are the same tree however they are spaced."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

__all__ = [
    "Binary",
    "Boolean",
    "Call",
    "Compare",
    "Negate",
    "Node",
    "Number",
    "Parameter",
    "Percent",
    "Reference",
    "Select",
    "Text",
    "children",
    "walk",
]


class Node:
    """Any part of a formula. Nodes are equal if they are of one class and all but their places is equal."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start: Final = start
        self.end: Final = end

    def _content(self) -> list[object]:
        return [getattr(self, name) for name in type(self).__slots__]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and type(self) is type(other) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self), *self._content()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._content()))})"


class Number(Node):
    """A number as typed; never negative."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: Decimal) -> None:
        super().__init__(start, end)
        self.value: Final = value


class Text(Node):
    """A text in double quotes."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: str) -> None:
        super().__init__(start, end)
        self.value: Final = value


class Boolean(Node):
    """``TRUE`` or ``FALSE``."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: bool) -> None:
        super().__init__(start, end)
        self.value: Final = value


class Parameter(Node):
    """A bare name: a dated number from ``parameters.yaml``."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end)
        self.name: Final = name


class Select:
    """Which rows a reference takes."""

    THIS: Final = "this"  # [@column]: the row that the rule is at
    ALL: Final = "all"  # table[column]: every data row, totals left out; or a field of a form
    NAMED: Final = "named"  # table[row, column]: a named row, or a level: a class of rows
    WHERE: Final = "where"  # table[column="text", column]: rows whose column holds this text


class Reference(Node):
    """Cells named by labels.

    ``book`` is the name before ``!`` (another form, or a workbook in another role), ``table`` the table or
    form; both empty for the rule's own. ``row`` is the row or level for ``NAMED`` and the column compared
    with ``text`` for ``WHERE``. ``column`` is None for ``@``: the column that the rule is at."""

    __slots__ = ("book", "column", "row", "select", "table", "text")

    def __init__(
        self, start: int, end: int, book: str, table: str, select: str, row: str, text: str, column: str | None
    ) -> None:
        super().__init__(start, end)
        self.book: Final = book
        self.table: Final = table
        self.select: Final = select
        self.row: Final = row
        self.text: Final = text
        self.column: Final = column


class Call(Node):
    """A function by its name in capitals."""

    __slots__ = ("arguments", "function")

    def __init__(self, start: int, end: int, function: str, arguments: tuple[Node, ...]) -> None:
        super().__init__(start, end)
        self.function: Final = function
        self.arguments: Final = arguments


class Negate(Node):
    __slots__ = ("operand",)

    def __init__(self, start: int, end: int, operand: Node) -> None:
        super().__init__(start, end)
        self.operand: Final = operand


class Percent(Node):
    """``operand%``: a hundredth."""

    __slots__ = ("operand",)

    def __init__(self, start: int, end: int, operand: Node) -> None:
        super().__init__(start, end)
        self.operand: Final = operand


class Binary(Node):
    """``+ - * /``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, start: int, end: int, operator: str, left: Node, right: Node) -> None:
        super().__init__(start, end)
        self.operator: Final = operator
        self.left: Final = left
        self.right: Final = right


class Compare(Node):
    """``= <> < <= > >=``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, start: int, end: int, operator: str, left: Node, right: Node) -> None:
        super().__init__(start, end)
        self.operator: Final = operator
        self.left: Final = left
        self.right: Final = right


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below ``node``, in the order of the text."""
    if isinstance(node, Binary | Compare):
        return (node.left, node.right)
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Negate | Percent):
        return (node.operand,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """``node`` and all nodes below it, in the order of the text."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))
