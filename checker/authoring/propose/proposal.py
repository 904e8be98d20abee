"""A rule that is proposed, with its evidence and the cells in which it can be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from checker.authoring.propose.found import FoundTable
from checker.messages import Text, tr

__all__ = ["FORM", "LIKELY", "LISTED", "SURE", "Place", "Proposal", "enumerated", "named"]

#: Stands for the name of the form where a rule names a field of it; the name is given when the form has one.
FORM: Final = "@form"
SURE: Final = "sure"  # the workbook's own formula
LIKELY: Final = "likely"  # words and layout
#: Stands for a row that whoever fills in the form puts below another.
LISTED: Final = "A"

#: A cell by table, row (empty: any row of an open table) and column.
Place = tuple[FoundTable, str, str]

_REFERENCE: Final = re.compile(r"(?:'[^']*'|\w+)?\[@?(?:(?P<row>'[^']*'|[^],']+), )?(?P<column>'[^']*'|[^],']+)\]")
_OPERATOR: Final = re.compile(r" *([-+*/]) *")


class Proposal(NamedTuple):
    """A rule for a person to judge. ``slug`` is its English name, ``title`` what it says, ``check`` the mapping below
    ``check:``, ``evidence`` why a program thinks so, ``sure`` how sure it is. ``place`` are the cells in which it can
    be shown, the one that is judged first."""

    slug: str
    title: Text
    check: Mapping[str, Any]
    evidence: Text
    sure: str
    place: tuple[Place, ...]


def named(formula: str) -> Text:
    """A formula over labels, as titles say it."""

    def said(language: str) -> str:
        def one(found: re.Match[str]) -> str:
            column, row = (found[group].strip("'") if found[group] else "" for group in ("column", "row"))
            if row:
                return tr("“{column}” of “{row}”", column=column, row=row).render(language)
            return tr("“{column}”", column=column).render(language)

        ends = [0, *(found.end() for found in _REFERENCE.finditer(formula))]
        starts = [*(found.start() for found in _REFERENCE.finditer(formula)), len(formula)]
        between = [_OPERATOR.sub(r" \1 ", formula[end:start]) for end, start in zip(ends, starts, strict=True)]
        names = [*map(one, _REFERENCE.finditer(formula)), ""]
        return "".join(text + name for text, name in zip(between, names, strict=True)).strip()

    return Text(said("zh"), said("en"))


def enumerated(names: Sequence[str]) -> Text:
    """Several names, as titles say them."""
    also, quoted = tr(", "), [tr("“{column}”", column=name) for name in names]
    return Text(*(between.join(texts) for between, texts in zip(also, zip(*quoted, strict=True), strict=True)))
