"""The categories that officers sort findings by, from the kind of check that made them."""

from __future__ import annotations

from functools import cache
from typing import Final

from checker.messages import Text, tr
from checker.model.rule import Rule

__all__ = ["category"]

_SCORES: Final = frozenset(
    (
        "score",
        "recomputed",
        "full_marks",
        "grade",
        "level_counts",
        "rescaled",
        "weights",
        "claimed_total",
        "uniform",
        "constant",
        "qualitative_band",
        "indicator_score",
        "indicator_deduction",
        "indicator_measure",
        "indicator_overshoot",
    )
)
_FILLING: Final = frozenset(
    (
        "presence",
        "reading",
        "residue",
        "distinct",
        "precision",
        "enumeration",
        "agreement",
        "hidden",
        "extra_rows",
        "rows_printed",
        "after_year",
        "date_order",
        "stated_unit",
        "percent_style",
        "dictionary",
        "codes",
        "coverage",
        "copied",
        "contradicted",
        "complete",
        "statement",
        "once",
        "accompanied",
        "total_formula",
    )
)
_YEARS: Final = frozenset(("carryover", "change"))


def category(rule: Rule) -> Text:
    """Scores, how the form is filled in, the year before, or (kinds of plugins too) figures that must agree."""
    return _category(str(rule.check.get("kind")))


@cache
def _category(kind: str) -> Text:
    if kind in _SCORES:
        return tr("Scores")
    if kind in _FILLING:
        return tr("Filling in")
    return tr("Year on year") if kind in _YEARS else tr("Figures")
