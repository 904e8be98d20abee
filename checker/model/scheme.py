"""Scoring standards as written: what is measured, what it is worth, and how marks are lost.

Written in ``rules/<pack>/scoring/*.yaml``, see ``schemas/scoring.schema.json``. Nothing here computes anything.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from checker.messages import Text

__all__ = ["Claims", "Criterion", "Grade", "Scheme", "Source", "number_or_name"]


class Source(NamedTuple):
    """Where a rule comes from. ``status`` is ``sourced``, ``inferred`` or ``unverified`` and is shown to users."""

    document: str
    article: str = ""
    status: str = "inferred"


class Claims(NamedTuple):
    """Where a unit states its scores: a table of a form, with its columns by name.

    ``levels`` are the columns that name the indicators, outermost first; the innermost that a row fills names its
    criterion. ``full`` holds full marks, ``claimed`` the marks that the unit gives itself, ``reason`` why it gave
    fewer. ``total`` is the table's closing row, ``grade`` a field of the form; each may be empty.
    """

    table: str
    levels: tuple[str, ...]
    full: str
    claimed: str
    reason: str = ""
    total: str = ""
    grade: str = ""


class Grade(NamedTuple):
    """A grade word and the lowest score that earns it (a number or the name of a parameter)."""

    word: str
    lowest: Decimal | str


class Criterion(NamedTuple):
    """One indicator of a standard.

    ``labels`` are the texts it goes by in the score table, canonical name first, normalised; ``under`` an indicator
    above it (normalised), where the same words stand twice. ``full`` is the standard's full marks (a number, a formula,
    which may be the name of a parameter, or None: the workbook's own). ``kind`` is a score kind and ``terms`` what the
    kind asks for, validated. ``claimed`` is a formula for the claim where it stands in no row of the score table.

    ``applies`` is a formula that is false where the criterion does not apply; ``not_applicable`` says what becomes of
    its marks then: ``full``, ``rescale`` (of the total) or ``zero``. ``cap`` is a formula for the greatest share of
    full marks. Empty formulas are not written.
    """

    name: str
    labels: tuple[str, ...]
    kind: str
    terms: Mapping[str, object]
    full: Decimal | str | None = None
    under: str = ""
    title: Text | None = None
    source: Source | None = None
    claimed: str = ""
    applies: str = ""
    not_applicable: str = "rescale"
    cap: str = ""
    origin: str = ""


class Scheme(NamedTuple):
    """One scoring standard. ``total`` is what all full marks add up to (a number or the name of a parameter).

    ``others`` scores the rows of the table that no criterion names (an open list of indicators), or is None.
    """

    name: str
    pack: str
    title: Text
    form: str
    source: Source
    claims: Claims
    total: Decimal | str
    grades: tuple[Grade, ...]
    criteria: tuple[Criterion, ...]
    others: Criterion | None = None
    origin: str = ""


def number_or_name(value: object) -> Decimal | str:
    """A number as written (``10%`` is 0.1), or else the name of a parameter or a formula."""
    text = str(value)
    digits = text.removesuffix("%").removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return text
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
