"""The part of a formula that counts at one place: of each IF the branch that is taken."""

from __future__ import annotations

from checker.checks.environment import Scope
from checker.formula.evaluate import evaluate
from checker.formula.obstacle import Obstacle
from checker.formula.tree import Binary, Call, Negate, Node, Percent

__all__ = ["taken"]


def taken(node: Node, scope: Scope) -> Node:
    """``node`` without the branches that play no part; as it is where that cannot be told."""
    if isinstance(node, Call) and node.function == "IF":
        condition, then, otherwise = node.arguments
        try:
            holds = evaluate(condition, scope).boolean
        except Obstacle:
            return node
        return taken(then if holds else otherwise, scope)
    if isinstance(node, Binary):
        return Binary(node.start, node.end, node.operator, taken(node.left, scope), taken(node.right, scope))
    if isinstance(node, Call):
        return Call(node.start, node.end, node.function, tuple(taken(one, scope) for one in node.arguments))
    if isinstance(node, Negate):
        return Negate(node.start, node.end, taken(node.operand, scope))
    return Percent(node.start, node.end, taken(node.operand, scope)) if isinstance(node, Percent) else node
