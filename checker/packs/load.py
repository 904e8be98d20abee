"""The way in to rule packs: from where they lie to packs that are ready to run.

On a cache hit neither YAML nor JSON Schema is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from checker.errors import CheckerError
from checker.formula.kept import keep, trees_of
from checker.model.label import Labels
from checker.model.plugin import CheckKind, PackSource
from checker.model.rule import Pack
from checker.packs import cache
from checker.packs.files import find_packs
from checker.packs.resources import data_root

__all__ = ["LoadedPacks", "load_packs"]


class LoadedPacks:
    """Packs by id, parents before the packs that extend them; the lexicon; and why any pack is missing."""

    def __init__(
        self, packs: Mapping[str, Pack], lexicon: Mapping[str, Any], failures: tuple[CheckerError, ...]
    ) -> None:
        self.packs = packs
        self.lexicon = lexicon
        self.failures = failures

    @cached_property
    def labels(self) -> Labels:
        """What brings labels to the form in which the packs' forms hold them."""
        return Labels.from_mapping(self.lexicon)


def load_packs(
    sources: Iterable[PackSource], kinds: Iterable[CheckKind] = (), *, use_cache: bool = True
) -> LoadedPacks:
    """Every pack of ``sources``, the first of two that clash. A pack with mistakes is a failure, not an exception.

    The checks of ``kinds`` are validated; without kinds only the frame of a rule is. Raises ``PackError`` if the
    program's own data is missing or damaged.
    """
    kinds = tuple(kinds)
    found, unread = find_packs(sources)
    lexicon_path = data_root("rules") / "lexicon.yaml"
    lexicon_content = lexicon_path.read_bytes()
    entry = cache.key(found, kinds, lexicon_content) if use_cache else ""
    compiled = cache.read(entry) if entry else None
    if compiled is None:
        from checker.packs.build import build_packs, read_lexicon

        lexicon = read_lexicon(lexicon_content, str(lexicon_path))
        packs, failures = build_packs(found, kinds, lexicon, lexicon_content)
        formulas = trees_of(_formulas(packs.values(), {kind.name: kind for kind in kinds}))
        compiled = cache.Compiled(packs, lexicon, tuple(failures), formulas)
        if entry:
            cache.write(entry, compiled)
    keep(compiled.formulas)
    return LoadedPacks(compiled.packs, compiled.lexicon, (*unread, *compiled.failures))


def _formulas(packs: Iterable[Pack], kinds: Mapping[str, CheckKind]) -> Iterator[str]:
    """The formulas that rules hold, as far as their kinds tell."""
    for pack in packs:
        for rule in pack.rules:
            kind = kinds.get(str(rule.check["kind"]))
            if kind is not None and kind.references is not None:
                with suppress(Exception):  # a kind from a plugin may fail in any way; compiling the rule tells
                    yield from [reference.formula for reference in kind.references(rule.check) if reference.formula]
