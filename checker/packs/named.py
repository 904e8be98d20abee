"""What rules name: which parameters one rests on, and every text in it that could be a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.formula import tree
from checker.formula.error import FormulaError
from checker.formula.parser import parse
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Parameter, Rule

__all__ = ["named", "parameters_of", "strings"]


def parameters_of(rule: Rule, pack: Pack, kinds: Mapping[str, CheckKind]) -> dict[str, tuple[Parameter, ...]]:
    """The parameters of ``pack`` that the check of ``rule`` names, in the order in which it does."""
    names = dict.fromkeys(named(rule, kinds.get(str(rule.check["kind"]))))
    return {name: pack.parameters[name] for name in names if name in pack.parameters}


def named(rule: Rule, kind: CheckKind | None) -> Iterator[str]:
    """Names of parameters, and of whatever else could be one."""
    yield from strings(rule.check)
    for reference in kind.references(rule.check) if kind is not None and kind.references is not None else ():
        yield reference.parameter
        if reference.formula:
            try:
                nodes = [*tree.walk(parse(reference.formula))]
            except FormulaError:
                continue
            yield from (node.name for node in nodes if isinstance(node, tree.Parameter))


def strings(value: object) -> Iterator[str]:
    """Every text in a structure of mappings and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
