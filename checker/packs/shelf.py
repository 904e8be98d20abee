"""Packs made before, found again one by one: what has changed is made anew, with those that rest on it, and nothing
else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial

from checker.formula.kept import keep, trees_of
from checker.model.plugin import CheckKind
from checker.model.rule import Pack
from checker.packs import cache
from checker.packs.draft import Built, Raw
from checker.packs.files import PackFiles
from checker.packs.scoring import formulas_of
from checker.packs.stored import Body, StoredPack, parted

__all__ = ["Shelf"]


class Shelf:
    """What the cache holds of packs made by one compiler with one lexicon, and where they are put.

    ``names`` says, by id, under which name each pack is kept that was looked for or put here. ``damaged`` are names
    under which nothing is looked for; ``fetch`` gets the body of a pack by id and name when it is asked for.
    """

    def __init__(
        self,
        kinds: Mapping[str, CheckKind],
        lexicon: bytes,
        compiler: str,
        damaged: Iterable[str],
        fetch: Callable[[str, str], Body],
    ) -> None:
        self.names: dict[str, str] = {}
        self._kinds = kinds
        self._lexicon = lexicon
        self._compiler = compiler
        self._damaged = frozenset(damaged)
        self._fetch = fetch

    def find(self, pack: str, files: Iterable[PackFiles]) -> Pack | None:
        """The pack made of ``files``, which are its own and those of all packs that it rests on, its body still to be
        fetched; or None."""
        name = self.names[pack] = cache.key(files, self._lexicon, self._compiler)
        head = cache.head(name) if name not in self._damaged else None
        return StoredPack.of(head, partial(self._fetch, pack, name)) if head is not None else None

    def whole(self, pack: Pack) -> Built | None:
        """A pack found here with all that its children need, or None."""
        name = self.names[pack.id]
        body, forms = cache.body(name), cache.forms(name)
        if body is None or forms is None:
            return None
        keep(body.formulas)
        return Built(body.joined(pack), forms)

    def put(self, pack: Pack, forms: Mapping[str, Raw], name: str = "") -> None:
        """Keep a pack and its forms as written, under ``name`` or the one by which it was looked for."""
        if name:
            self.names[pack.id] = name
        cache.keep(self.names[pack.id], *parted(pack, trees_of(_formulas(pack, self._kinds))), forms)


def _formulas(pack: Pack, kinds: Mapping[str, CheckKind]) -> Iterator[str]:
    """The formulas that rules hold, as far as their kinds tell, and those of scoring standards."""
    for scheme in pack.schemes.values():
        yield from (formula for _, formula in formulas_of(scheme))
    for rule in pack.rules:
        kind = kinds.get(str(rule.check["kind"]))
        if kind is not None and kind.references is not None:
            with suppress(Exception):  # a kind from a plugin may fail in any way; compiling the rule tells
                yield from [reference.formula for reference in kind.references(rule.check) if reference.formula]
