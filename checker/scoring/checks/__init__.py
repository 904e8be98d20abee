"""The checks that rest on a scoring standard, a file each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from checker.checks.subject import Compiled
from checker.model.rule import Pack, Rule
from checker.scoring.checks import claimed_total, full_marks, grade, level_counts, recomputed, rescaled, weights

__all__ = ["COMPILERS"]

COMPILERS: Final[Mapping[str, Callable[[Rule, Pack], Compiled]]] = {
    "claimed_total": claimed_total.compile_rule,
    "full_marks": full_marks.compile_rule,
    "grade": grade.compile_rule,
    "level_counts": level_counts.compile_rule,
    "recomputed": recomputed.compile_rule,
    "rescaled": rescaled.compile_rule,
    "weights": weights.compile_rule,
}
