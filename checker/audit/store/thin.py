"""Scores as they are kept: a document of a score says most things several times over, and is kept saying them once.

``whole(thin(document))`` is the document. What is left out is what follows from the rest: marks that are the claim, the
path of an indicator, its name in the labels of its cells, the number of a cell that is its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from checker.reports.figures import plain

__all__ = ["thin", "whole"]

Node = dict[str, Any]
#: Marks that mostly are the ones before them.
_SAME: Final = (("low", "claimed"), ("high", "low"), ("central", "high"))
#: Stands for the name of the indicator in the labels of its cells. No cell holds this character.
_NAME: Final = "\x1f"


def thin(document: Node) -> Node:
    """``document`` (of ``score_json``), changed: without what ``whole`` puts back."""
    for node, above in _nodes(document):
        if "cells" in node:
            if node["options"] == _options(node):
                del node["options"]
            if node["at_stake"] == _at_stake(node):
                del node["at_stake"]
            if node["path"] == [*above, node["name"]]:
                del node["path"]
            for cell in node["cells"]:
                if _NAME not in cell["label"] and node["name"]:
                    cell["label"] = cell["label"].replace(node["name"], _NAME)
                if cell["value"] == cell["text"]:
                    del cell["value"]
        for name, other in reversed(_SAME):
            if name in node and node[name] == node[other]:
                del node[name]
    return document


def whole(document: Node) -> Node:
    """``document``, changed: with everything that ``thin`` left out, its members in another order."""
    for node, above in _nodes(document):
        for name, other in _SAME:
            if name not in node and ("cells" in node or name != "central"):
                node[name] = node[other]
        if "cells" in node:
            node.setdefault("options", _options(node))
            node.setdefault("at_stake", _at_stake(node))
            node.setdefault("path", [*above, node["name"]])
            for cell in node["cells"]:
                cell["label"] = cell["label"].replace(_NAME, node["name"])
                cell.setdefault("value", cell["text"])
    return document


def _nodes(document: Node) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Levels (with ``children``) and indicators (with ``cells``), with the names above each."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(node, ()) for node in document["tree"]]
    while waiting:
        node, above = waiting.pop()
        yield node, above
        waiting += [(child, (*above, node["name"])) for child in node.get("children", ())]


def _options(node: Node) -> list[dict[str, str]]:
    return [{"low": node["low"], "high": node["high"]}] if node["low"] is not None else []


def _at_stake(node: Node) -> str:
    low, high = node["low"], node["high"]
    computed = node["standing"] == "computed" and low is not None and high is not None
    return plain(Decimal(high) - Decimal(low) if computed else Decimal(0))
