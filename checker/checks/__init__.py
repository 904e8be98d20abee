"""The built-in kinds of checks, a file each, given by the hook that any plugin answers."""

from __future__ import annotations

from collections.abc import Iterable

from checker.checks import (
    after_year,
    agreement,
    conditional,
    copied,
    coverage,
    distinct,
    enumeration,
    extra_rows,
    hidden,
    hierarchy,
    identity,
    indicator_deduction,
    indicator_measure,
    indicator_overshoot,
    indicator_score,
    matched,
    percent_style,
    precision,
    presence,
    qualitative_band,
    quantity_price,
    ranges,
    rate,
    reading,
    residue,
    same,
    score,
    stated_unit,
    sums,
    total_formula,
    uniform,
    within,
    yearly,
    zero_total,
)
from checker.model.plugin import CheckKind

__all__ = ["KINDS", "checker_check_kinds"]

KINDS: tuple[CheckKind, ...] = (
    after_year.KIND,
    agreement.KIND,
    yearly.CARRYOVER,
    yearly.CHANGE,
    conditional.KIND,
    copied.KIND,
    coverage.KIND,
    distinct.KIND,
    enumeration.KIND,
    extra_rows.KIND,
    hidden.KIND,
    hierarchy.KIND,
    identity.IDENTITY,
    indicator_deduction.KIND,
    indicator_measure.KIND,
    indicator_overshoot.KIND,
    indicator_score.KIND,
    identity.INEQUALITY,
    matched.KIND,
    percent_style.KIND,
    precision.KIND,
    presence.KIND,
    qualitative_band.KIND,
    quantity_price.KIND,
    ranges.KIND,
    rate.KIND,
    reading.KIND,
    residue.KIND,
    same.KIND,
    score.KIND,
    stated_unit.KIND,
    sums.KIND,
    total_formula.KIND,
    uniform.KIND,
    within.KIND,
    zero_total.KIND,
)


def checker_check_kinds() -> Iterable[CheckKind]:
    """The hook of plugins, answered for the kinds that come with the program."""
    return KINDS
