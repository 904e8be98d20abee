"""Rules that a program proposed and nobody has confirmed yet: a reminder, once for each file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from checker.messages import tr
from checker.model.rule import Rule
from checker.packs.diagnostic import Diagnostic
from checker.packs.strict_yaml import Located, Path

__all__ = ["PROPOSED", "lint_proposed"]

#: The key of a rule that ``checker rules new`` proposed; whoever has looked at the rule takes it out.
PROPOSED = "x-proposed"


def lint_proposed(rules: Iterable[Rule], place: Callable[[Rule], tuple[Located, Path]]) -> Iterator[Diagnostic]:
    """A note on each file of ``rules`` that has proposals left, at the first of them. ``place`` tells where a rule is
    written."""
    waiting: dict[str, list[str]] = {}
    for rule in rules:
        document, path = place(rule)
        written = document.data
        for key in path:
            written = written[key]
        if written.get(PROPOSED):
            waiting.setdefault(document.name, []).append(document.where((*path, PROPOSED), key=True))
    for places in waiting.values():
        yield Diagnostic(
            "PROPOSAL_UNCONFIRMED",
            places[0],
            tr("Proposed rules of this file that nobody has confirmed: {count}.", count=len(places)),
            tr("Look at each: name its source and take {key} out, or delete it with its cases.", key=PROPOSED),
            severity="note",
        )
