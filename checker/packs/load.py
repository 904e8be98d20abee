"""The way in to rule packs: from where they lie to packs that are ready to run.

On a cache hit neither YAML nor JSON Schema is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from checker.errors import CheckerError, PackError
from checker.formula.kept import keep
from checker.messages import tr
from checker.model.label import Labels
from checker.model.plugin import CheckKind, PackSource
from checker.model.rule import Pack
from checker.packs import cache
from checker.packs.files import PackFiles, State, digest, find_packs, read_file, read_packs, state_of
from checker.packs.patches import patch_files
from checker.packs.resources import data_root
from checker.packs.stored import Body, StoredPack, head_of, parted

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
        self._use_cache = use_cache
        self._damaged: set[str] = set()

    def load(self) -> LoadedPacks:
        if not self._use_cache:
            return self._made(*read_packs(self._folders), "")
        compiler = cache.compiler(self._kinds, self._own) + self._patched()
        states = self._states()
        entry = cache.noted(states, compiler) if states else ""
        stored = cache.read(entry) if entry else None
        if stored is None:
            files, unread = read_packs(self._folders)
            entry = cache.key(files, self._lexicon(), compiler)
            stored = cache.read(entry)
            if stored is None:
                return self._made(files, unread, entry)
            if states and not unread:
                cache.note(states, compiler, entry)
            self._strays.extend(unread)
        names = stored.names
        packs = {
            pack: StoredPack.of(head, partial(self._body, pack, names[pack])) for pack, head in stored.packs.items()
        }
        return LoadedPacks(packs, stored.lexicon, (*self._strays, *stored.failures))

    def _made(self, files: Sequence[PackFiles], unread: Iterable[CheckerError], entry: str) -> LoadedPacks:
        """All packs of ``files``: those that the cache holds, and the others made anew. They are kept as ``entry``, if
        that is a name."""
        from checker.packs.build import build_packs, read_lexicon
        from checker.packs.shelf import Shelf

        written, shelf = self._lexicon(), None
        lexicon = read_lexicon(written, self._lexicon_path)
        if entry:
            compiler = cache.compiler(self._kinds, self._own)
            shelf = Shelf(self._kinds, written, compiler, self._damaged, self._body)
        packs, failures = build_packs(files, self._kinds.values(), lexicon, written, shelf)
        if self._patches:
            from checker.packs.patch import apply_patches
            from checker.packs.schema import Schemas

            patches, unpatched = self._read_patches()
            whole, (packs, mistakes) = packs, apply_patches(packs, patches, Schemas(self._kinds.values()), today())
            failures = [*failures, *unpatched, *mistakes]
            for name, pack in packs.items():
                if shelf is not None and pack is not whole[name]:
                    shelf.put(pack, {}, digest([], entry.encode(), name.encode()))
        if shelf is not None:
            heads = {name: head_of(pack) for name, pack in packs.items()}
            names = {name: shelf.names[name] for name in packs}
            cache.write(entry, cache.Entry(heads, names, lexicon, tuple(failures)))
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

    def _body(self, pack: str, name: str) -> Body:
        """The body of a pack kept under ``name``."""
        body = cache.body(name)
        if body is None:  # the file was cleared away or damaged since its head was read
            self._damaged.add(name)
            files, unread = read_packs(self._folders)
            compiler = cache.compiler(self._kinds, self._own) + self._patched()
            made = self._made(files, unread, cache.key(files, self._lexicon(), compiler)).packs.get(pack)
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
