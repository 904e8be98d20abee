"""Packs as they come from the cache: what a workbook is recognised by is at hand, rules are read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from checker.formula.tree import Node
from checker.model.rule import Dictionary, Pack, Parameter, Rule
from checker.model.scheme import Scheme

__all__ = ["Body", "Later", "StoredPack", "head_of", "parted"]


class Body(NamedTuple):
    """What of a pack only a workbook that belongs to it asks for, with the trees of all its formulas."""

    rules: tuple[Rule, ...]
    parameters: Mapping[str, tuple[Parameter, ...]]
    schemes: Mapping[str, Scheme]
    dictionaries: Mapping[str, Dictionary]
    formulas: Mapping[str, Node]

    def joined(self, head: Pack) -> Pack:
        """The whole pack that is ``head`` without this."""
        return Pack._make(head)._replace(
            rules=self.rules, parameters=self.parameters, schemes=self.schemes, dictionaries=self.dictionaries
        )


def parted(pack: Pack, formulas: Mapping[str, Node]) -> tuple[Pack, Body]:
    """A pack in two parts: itself without what its body holds, and its body."""
    body = Body(pack.rules, pack.parameters, pack.schemes, pack.dictionaries, formulas)
    return head_of(pack), body


def head_of(pack: Pack) -> Pack:
    """A pack without what its body holds, which is not fetched for that."""
    return Pack._make(pack)._replace(rules=(), parameters={}, schemes={}, dictionaries={})


class Later(Mapping[str, object]):
    """A mapping kept as a pickle until somebody looks into it: how a form is drawn is not asked for in a check."""

    __slots__ = ("_content", "_load")

    def __init__(self, content: bytes, load: Callable[[bytes], Mapping[str, object]]) -> None:
        self._content: bytes | Mapping[str, object] = content
        self._load = load

    def _read(self) -> Mapping[str, object]:
        if isinstance(self._content, bytes):
            self._content = self._load(self._content)
        return self._content

    def __getitem__(self, key: str) -> object:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class StoredPack(Pack):
    """A pack whose body is fetched by ``fetch`` when it is first asked for."""

    _fetch: Callable[[], Body]

    @classmethod
    def of(cls, head: Pack, fetch: Callable[[], Body]) -> StoredPack:
        pack = cls._make(head)
        pack._fetch = fetch
        return pack

    @cached_property
    def _whole(self) -> Pack:
        return self._fetch().joined(self)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self._whole.rules

    @property
    def parameters(self) -> Mapping[str, tuple[Parameter, ...]]:
        return self._whole.parameters

    @property
    def schemes(self) -> Mapping[str, Scheme]:
        return self._whole.schemes

    @property
    def dictionaries(self) -> Mapping[str, Dictionary]:
        return self._whole.dictionaries

    def _replace(self, **changes: Any) -> Pack:  # type: ignore[override]
        return self._whole._replace(**changes)

    def __eq__(self, other: object) -> bool:
        return self._whole == (other._whole if isinstance(other, StoredPack) else other)

    def __ne__(self, other: object) -> bool:  # tuples have one of their own
        return not self == other

    __hash__ = None  # type: ignore[assignment]
