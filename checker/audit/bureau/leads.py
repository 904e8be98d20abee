"""Leads (线索): what is odd across units. A lead says where an auditor may look; it is never a finding, and each says
what else can be behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from checker.checks.subject import plain_text
from checker.messages import Text, tr

__all__ = ["SCHEMA", "Lead", "Seen", "document", "lead", "rows", "titles"]

SCHEMA: Final = "checker/leads@1"


class Seen(NamedTuple):
    """A cell that the lead is about, with what stands in it."""

    unit: str
    source: str
    sheet: str
    cell: str
    text: str


class Lead(NamedTuple):
    """``id`` is stable over runs: screen, place and units, no amount. ``about`` is the form or scoring standard.
    ``counts`` are the numbers it rests on, ``seen`` the cells, as many as are worth showing."""

    id: str
    screen: str
    title: Text
    message: Text
    limits: Text
    about: str
    year: str
    place: str
    units: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    seen: tuple[Seen, ...]


def lead(
    screen: str,
    words: tuple[Text, Text, Text],
    about: str,
    year: str,
    place: str,
    units: Sequence[str],
    counts: Iterable[tuple[str, object]],
    seen: Iterable[Seen],
    mark: str = "",
) -> Lead:
    """A lead with its id. ``words`` are title, message and limits; ``mark`` tells leads of one place
    and units apart."""
    named = "\0".join((screen, about, year, place, mark, *map(plain_text, units)))
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    shown = tuple((key, str(value)) for key, value in counts)
    return Lead(digest, screen, *words, about, year, place, tuple(units), shown, tuple(seen))


def document(leads: Sequence[Lead], screens: Sequence[tuple[str, Text, Text]]) -> dict[str, Any]:
    """The leads for programs and pages: ``schemas/leads.schema.json``. ``screens`` are all that were run, with their
    titles and limits: a screen without leads was run too."""
    return {
        "schema": SCHEMA,
        "caution": caution()._asdict(),
        "screens": [
            {
                "screen": screen,
                "title": title._asdict(),
                "limits": limits._asdict(),
                "leads": sum(one.screen == screen for one in leads),
            }
            for screen, title, limits in screens
        ],
        "leads": [
            {
                "id": one.id,
                "screen": one.screen,
                "title": one.title._asdict(),
                "message": one.message._asdict(),
                "limits": one.limits._asdict(),
                "about": one.about,
                "year": one.year,
                "place": one.place,
                "units": list(one.units),
                "counts": dict(one.counts),
                "seen": [cell._asdict() for cell in one.seen],
            }
            for one in leads
        ],
    }


def caution() -> Text:
    return tr("Leads show where to look. They accuse nobody: each has innocent explanations, which stand with it.")


def titles() -> list[Text]:
    names = (tr("Lead"), tr("Form or standard"), tr("Year"), tr("Place"), tr("Units"), tr("What is odd"))
    return [*names, tr("What else it can be"), tr("Cells"), tr("Number of the lead")]


def rows(leads: Iterable[Lead]) -> Iterator[list[str]]:
    for one in leads:
        cells = "\n".join(f"[{cell.source}]{cell.sheet}!{cell.cell} {cell.text}".rstrip() for cell in one.seen)
        units = "\n".join(one.units)
        yield [one.title.zh, one.about, one.year, one.place, units, one.message.zh, one.limits.zh, cells, one.id]
