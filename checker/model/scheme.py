"""Scoring standards as written: what is measured, what it is worth, and how marks are lost.

Written in ``rules/<pack>/scoring/*.yaml``, see ``schemas/scoring.schema.json``. Nothing here computes anything.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from checker.messages import Text

__all__ = ["Claims", "Criterion", "Grade", "Scheme", "Source"]


class Source(NamedTuple):
    """Where a rule comes from. ``status`` is ``sourced``, ``inferred`` or ``unverified`` and is shown to users."""

    document: str
    article: str = ""
    status: str = "inferred"


class Claims(NamedTuple):
    """Where a unit states its scores: a table of a form, with its columns by name.

    ``levels`` are the columns that name the indicators, outermost first; the innermost that a row fills names its
    criterion. ``full`` holds full marks, ``claimed`` the marks that the unit gives itself, ``reason`` why it gave fewer.
    ``total`` is the table's closing row, ``grade`` a field of the form; each may be empty.
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
    above it, where the same words stand twice. ``full`` is the standard's full marks (a number, the name of a
    parameter, or None: the workbook's own). ``kind`` is a score kind and ``terms`` what the kind asks for, validated.
    """

    name: str
    labels: tuple[str, ...]
    kind: str
    terms: Mapping[str, object]
    full: Decimal | str | None = None
    under: str = ""
    title: Text | None = None
    source: Source | None = None
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
