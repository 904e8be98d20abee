"""``bands``: judgement within the band of the words chosen, or within any band where no words are at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.plugin import ScoreKind
from checker.scoring.award import Award, options_text
from checker.scoring.ground import Ground
from checker.values.interval import Interval

__all__ = ["KIND", "Band", "bands_of", "chosen"]


class Band(NamedTuple):
    """Marks (not shares) that the words allow."""

    word: str
    marks: Interval


def _award(ground: Ground) -> Award:
    bands = bands_of(ground)
    fact = _cell(ground)
    text = fact.quantity.raw if fact is not None else ""
    band = chosen(bands, text)
    options = (band.marks,) if band is not None else tuple(sorted({band.marks for band in bands}))
    facts = (fact,) if fact is not None else ()
    return Award(
        options,
        max(option.high for option in options),
        judgement=True,
        facts=facts,
        remark=said(options, band.word if band is not None else ""),
    )


def said(options: tuple[Interval, ...], word: str = "") -> Text:
    values = options_text(options)
    return (
        tr("“{word}” allows {values}", word=word, values=values) if word else tr("Possible are {values}", values=values)
    )


def bands_of(ground: Ground) -> list[Band]:
    written = ground.terms.get("bands", ())
    assert isinstance(written, Sequence)
    return [
        Band(item["word"], Interval(*sorted(ground.full * ground.number(item[key]) for key in ("from", "to"))))
        for item in written
    ]


def chosen(bands: Sequence[Band], text: str) -> Band | None:
    """The band whose words ``text`` begins with; of several the longest."""
    plain = "".join(text.split())
    fitting = [band for band in bands if plain.startswith(band.word)]
    return max(fitting, key=lambda band: len(band.word), default=None)


def _cell(ground: Ground) -> Fact | None:
    scope = ground.scope
    if "chosen" not in ground.terms or scope is None or scope.table is None or scope.row is None:
        return None
    return scope.table.fact(scope.row, str(ground.terms["chosen"]))


KIND = ScoreKind("bands", _award, judgement=True, doc=tr("Judgement within the band of the words chosen"))
