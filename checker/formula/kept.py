"""Formulas of packs, parsed once: their trees are kept with the packs, so that a start needs no parser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from checker.formula.error import FormulaError
from checker.formula.tree import Node

__all__ = ["keep", "parse", "trees_of"]

#: By text. A tree never changes, so whoever writes the same formula may have the same tree.
_TREES: Final[dict[str, Node]] = {}


def parse(text: str) -> Node:
    """As ``parser.parse`` with the built-in functions. Raises ``FormulaError``."""
    tree = _TREES.get(text)
    if tree is None:
        from checker.formula.parser import parse as parse_anew

        tree = _TREES[text] = parse_anew(text)
    return tree


def keep(trees: Mapping[str, Node]) -> None:
    """Take ``trees`` (by text) as parsed."""
    _TREES.update(trees)


def trees_of(texts: Iterable[str]) -> dict[str, Node]:
    """The trees of ``texts``, by text; what cannot be parsed is left out, for whoever compiles the rule to say so."""
    trees: dict[str, Node] = {}
    for text in texts:
        try:
            trees[text] = parse(text)
        except FormulaError:
            continue
    return trees
