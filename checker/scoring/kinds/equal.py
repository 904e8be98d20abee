"""``equal``: full marks where the measure is the target; else so many marks, or in proportion (the lesser over the
greater)."""

from __future__ import annotations

from decimal import Decimal, localcontext

from checker.messages import tr
from checker.model.plugin import ScoreKind
from checker.model.score import NextStep
from checker.scoring.award import Award, between, clip, one_of
from checker.scoring.ground import Ground
from checker.values.numbers import CONTEXT, ZERO

__all__ = ["KIND"]

_PROPORTIONAL = "proportional"


def _award(ground: Ground) -> Award:
    measure, target = ground.measure, ground.number(ground.terms["target"])
    otherwise = ground.terms.get("otherwise", 0)
    proportional = otherwise == _PROPORTIONAL
    other = ZERO if proportional else ground.marks(otherwise)
    low, high = measure.interval

    def marks(number: Decimal) -> Decimal:
        if number == target:
            return ground.full
        if not proportional:
            return other
        if number * target <= 0:
            return ZERO
        return clip(ground.full * min(number / target, target / number), ground.full)

    with localcontext(CONTEXT):
        central = marks(measure.number)
        ends = [marks(low), marks(high), *([ground.full] if target in measure.interval else [])]
    options = between(min(ends), max(ends)) if proportional else one_of([*ends, *([other] if low < high else [])])
    shown = ground.figure(target)
    short = central < ground.full
    return Award(
        options,
        central,
        f"{measure.text} = {shown}",
        tr("{measure} is not {target}", measure=measure.text, target=shown) if short else None,
        NextStep(target, shown, ground.full) if short else None,
        coarse=proportional,
    )


KIND = ScoreKind("equal", _award, doc=tr("Full marks where the measure equals the target"))
