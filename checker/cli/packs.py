"""The rule packs that a command is about. A pack that failed to load is told, never left out silently."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from checker.cli.output import tell
from checker.cli.parser import Parser, add_rules
from checker.errors import UsageError
from checker.messages import tr
from checker.model.rule import Pack

__all__ = ["Chosen", "add_only_pack", "loaded_packs"]


class Chosen(NamedTuple):
    """``packs`` to work on. ``exit_code`` is 0, or that of the gravest failure to load anything else."""

    packs: list[Pack]
    exit_code: int


def add_only_pack(parser: Parser) -> None:
    """``--pack``, and ``--rules``."""
    parser.add_argument("--pack", metavar="ID", help=parser.say(tr("only this rule pack")))
    add_rules(parser)


def loaded_packs(
    rules: Sequence[str], language: str, only: str | None = None, known: Collection[tuple[str, str]] = ()
) -> Chosen:
    """Every pack, or the one called ``only``. ``known`` are failures that are told elsewhere, by code and place.

    Raises ``UsageError`` for an unknown pack.
    """
    from checker.session import Session

    session = Session(rules)
    packs = session.loaded.packs
    for failure in session.failures:
        if (failure.code, failure.where) not in known:
            tell(failure.render(language))
    exit_code = max((failure.exit_code for failure in session.failures), default=0)
    if only is None:
        return Chosen(list(packs.values()), exit_code)
    if only not in packs:
        raise UsageError(
            "PACK_UNKNOWN",
            tr("There is no rule pack {pack}.", pack=only),
            tr("There are: {packs}.", packs=", ".join(packs)),
        )
    return Chosen([packs[only]], exit_code)
