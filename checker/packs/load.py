"""The way in to rule packs: from where they lie to packs that are ready to run.

On a cache hit neither YAML nor JSON Schema is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from checker.errors import CheckerError, PackError
from checker.formula.kept import keep, trees_of
from checker.messages import tr
from checker.model.label import Labels
from checker.model.plugin import CheckKind, PackSource
from checker.model.rule import Pack
from checker.packs import cache
from checker.packs.files import State, digest, find_packs, read_file, read_packs, state_of
from checker.packs.patches import patch_files
from checker.packs.resources import data_root
from checker.packs.stored import Body, StoredPack, parted

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
    sources: Iterable[PackSource],
    kinds: Mapping[str, CheckKind] = MappingProxyType({}),
    *,
    own: Collection[str] = (),
    use_cache: bool = True,
) -> LoadedPacks:
    """Every pack of ``sources``, the first of two that clash. A pack with mistakes is a failure, not an exception.

    The checks of ``kinds`` are validated; without kinds only the frame of a rule is. ``own`` names those that are part
    of the program: they are not looked up where packs come from the cache. Raises ``PackError`` if the program's own
    data is missing or damaged.
    """
    return _Loader(sources, kinds, own, use_cache).load()


class _Loader:
    """Finds packs in the cache, or makes them."""

    def __init__(
        self, sources: Iterable[PackSource], kinds: Mapping[str, CheckKind], own: Collection[str], use_cache: bool
    ) -> None:
        self._kinds = kinds
        self._own = own
        sources = list(sources)
        self._folders, self._strays = find_packs(sources)
        self._patches = patch_files(sources)
        self._lexicon_path = str(data_root("rules") / "lexicon.yaml")
        self._entry = ""
        self._use_cache = use_cache

    def load(self) -> LoadedPacks:
        if not self._use_cache:
            return self._made()
        compiler = cache.compiler(self._kinds, self._own) + self._patched()
        states = self._states()
        self._entry = cache.noted(states, compiler) if states else ""
        stored = cache.read(self._entry) if self._entry else None
        if stored is None:
            files, unread = read_packs(self._folders)
            self._entry = cache.key(files, self._lexicon(), compiler)
            stored = cache.read(self._entry)
            if stored is None:
                return self._made()
            if states and not unread:
                cache.note(states, compiler, self._entry)
            self._strays.extend(unread)
        packs = {name: StoredPack.of(head, partial(self._body, name)) for name, head in stored.packs.items()}
        return LoadedPacks(packs, stored.lexicon, (*self._strays, *stored.failures))

    def _made(self) -> LoadedPacks:
        """All packs made from their files, and kept."""
        from checker.packs.build import build_packs, read_lexicon

        files, unread = read_packs(self._folders)
        lexicon = read_lexicon(self._lexicon(), self._lexicon_path)
        packs, failures = build_packs(files, self._kinds.values(), lexicon, self._lexicon())
        if self._patches:
            from checker.packs.patch import apply_patches
            from checker.packs.schema import Schemas

            patches, unpatched = self._read_patches()
            packs, mistakes = apply_patches(packs, patches, Schemas(self._kinds.values()), today())
            failures = [*failures, *unpatched, *mistakes]
        if self._entry:
            parts = {name: parted(pack, trees_of(_formulas(pack, self._kinds))) for name, pack in packs.items()}
            heads = {name: head for name, (head, _) in parts.items()}
            bodies = {name: body for name, (_, body) in parts.items()}
            cache.write(self._entry, cache.Entry(heads, lexicon, tuple(failures)), bodies)
        return LoadedPacks(packs, lexicon, (*self._strays, *unread, *failures))

    def _patched(self) -> str:
        """What stands for the patches as they are today; nothing where there are none."""
        if not self._patches:
            return ""
        contents = {**dict.fromkeys(self._patches, b""), **dict(self._read_patches()[0])}
        return digest([("patches", contents)], today().encode())

    def _read_patches(self) -> tuple[list[tuple[str, bytes]], list[CheckerError]]:
        """The patches by the names of their files, and those that could not be read."""
        read: list[tuple[str, bytes]] = []
        unread: list[CheckerError] = []
        for path in self._patches:
            try:
                read.append((path, read_file(path)))
            except CheckerError as error:
                unread.append(error)
        return read, unread

    def _body(self, pack: str) -> Body:
        body = cache.body(self._entry, pack)
        if body is None:  # the entry was cleared away or damaged since its head was read
            made = self._made().packs.get(pack)
            if made is None:
                message = tr("The rule pack {pack} changed while it was in use.", pack=pack)
                raise PackError("PACK_CHANGED", message, tr("Run the command again."))
            _, body = parted(made, {})
        keep(body.formulas)
        return body

    def _lexicon(self) -> bytes:
        with open(self._lexicon_path, "rb") as file:  # noqa: PTH123
            return file.read()

    def _states(self) -> list[State]:
        """The files that packs are made from, as they are now; none where one cannot be looked at."""
        try:
            own = [state for folder in self._folders for state in folder.states()]
            return [state_of(self._lexicon_path), *own]
        except OSError:
            return []


def today() -> str:
    """The day on which patches are looked at."""
    from datetime import date

    return date.today().isoformat()


def _formulas(pack: Pack, kinds: Mapping[str, CheckKind]) -> Iterator[str]:
    """The formulas that rules hold, as far as their kinds tell, and those of scoring standards."""
    from checker.packs.scoring import formulas_of

    for scheme in pack.schemes.values():
        yield from (formula for _, formula in formulas_of(scheme))
    for rule in pack.rules:
        kind = kinds.get(str(rule.check["kind"]))
        if kind is not None and kind.references is not None:
            with suppress(Exception):  # a kind from a plugin may fail in any way; compiling the rule tells
                yield from [reference.formula for reference in kind.references(rule.check) if reference.formula]
