"""The tree of a formula: frozen nodes that know where in the text they stand.

``start`` and ``end`` are offsets into the formula's text and take no part in equality, so two formulas that
say the same thing are the same tree however they are spaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula."""

    start: int = field(compare=False, repr=False)
    end: int = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as typed; never negative."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text in double quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``TRUE`` or ``FALSE``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A bare name: a dated number from ``parameters.yaml``."""

    name: str


class Select:
    """Which rows a reference takes."""

    THIS: Final = "this"  # [@column]: the row that the rule is at
    ALL: Final = "all"  # table[column]: every data row, totals left out; or a field of a form
    NAMED: Final = "named"  # table[row, column]: a named row, or a level: a class of rows
    WHERE: Final = "where"  # table[column="text", column]: rows whose column holds this text


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """Cells named by labels.

    ``book`` is the name before ``!`` (another form, or a workbook in another role), ``table`` the table or
    form; both empty for the rule's own. ``row`` is the row or level for ``NAMED`` and the column compared
    with ``text`` for ``WHERE``. ``column`` is None for ``@``: the column that the rule is at."""

    book: str
    table: str
    select: str
    row: str
    text: str
    column: str | None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function by its name in capitals."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """``operand%``: a hundredth."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``+ - * /``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``= <> < <= > >=``."""

    operator: str
    left: Node
    right: Node


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
