"""Two editions of rules to be held against each other: a pack that is loaded, or a folder of packs or of patches.

Editions of one pack bear the same id, so each is loaded apart: the packs of the folder come before those that ship.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from checker import checks
from checker.errors import CheckerError, UsageError
from checker.messages import tr
from checker.model.plugin import PackSource
from checker.model.rule import Pack
from checker.packs.load import load_packs
from checker.packs.sources import folder_sources
from checker.session import Session

__all__ = ["Edition", "Pair", "load_edition", "paired"]


class Edition(NamedTuple):
    """``packs`` are those to be compared. ``failures`` tell why others of the folder are missing."""

    name: str
    session: Session
    packs: tuple[Pack, ...]
    failures: tuple[CheckerError, ...]


class Pair(NamedTuple):
    before: Pack
    after: Pack


def load_edition(name: str, rules: Sequence[str] = ()) -> Edition:
    """The pack called ``name``, or the packs in the folder ``name`` and those that patches there change. Raises
    ``UsageError`` if there is neither."""
    session = Session(rules)
    if name in session.loaded.packs:
        return Edition(name, session, (session.loaded.packs[name],), ())
    folder = Path(name)
    if not folder.is_dir():
        raise UsageError(
            "EDITION_UNKNOWN",
            tr("{name} is neither a rule pack nor a folder.", name=name),
            tr("There are: {packs}.", packs=", ".join(session.loaded.packs)),
        )
    first = PackSource(folder.name, folder, "folder")
    places = (first, *session.plugins.rule_packs(), *folder_sources([*rules]))
    session.loaded = load_packs(places, session.kinds, own=checks.KINDS)
    packs = tuple(pack for pack in session.loaded.packs.values() if _is_of(pack, folder))
    taken = {Path(pack.root).resolve() for pack in packs}
    failures = tuple(
        failure
        for failure in session.loaded.failures
        if _below(failure.where, folder) and not (failure.code == "PACK_TWICE" and _root(failure) in taken)
    )
    return Edition(name, session, packs, failures)


def _is_of(pack: Pack, folder: Path) -> bool:
    return _below(pack.root, folder) or any(_below(patch.file, folder) for patch in pack.patches)


def _root(failure: CheckerError) -> Path:
    """The folder of the pack that a failure is about: one that ships may be met a second time."""
    return Path(failure.where.rsplit(":", 2)[0]).resolve().parent


def _below(place: str, folder: Path) -> bool:
    return bool(place) and Path(place).resolve().is_relative_to(folder.resolve())


def paired(before: Edition, after: Edition) -> tuple[list[Pair], list[Pack], list[Pack]]:
    """Packs that stand for each other, by id or because there is no other; those only before; those only after."""
    old, new = ({pack.id: pack for pack in edition.packs} for edition in (before, after))
    if len(old) == 1 and len(new) == 1:
        return [Pair(*old.values(), *new.values())], [], []
    if len(before.packs) == 1 and len(new) > 1 and set(old) <= set(new):
        new = {name: new[name] for name in old}  # one pack against a folder of all
    if len(after.packs) == 1 and len(old) > 1 and set(new) <= set(old):
        old = {name: old[name] for name in new}
    pairs = [Pair(pack, new[name]) for name, pack in old.items() if name in new]
    return pairs, [*_without(old.values(), new)], [*_without(new.values(), old)]


def _without(packs: Iterable[Pack], others: Iterable[str]) -> Iterator[Pack]:
    names = set(others)
    return (pack for pack in packs if pack.id not in names)
