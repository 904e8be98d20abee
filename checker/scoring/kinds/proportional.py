"""``proportional``: more is better. Full marks × measure ÷ target, at most full marks."""

from __future__ import annotations

from decimal import Decimal, localcontext

from checker.messages import tr
from checker.model.plugin import ScoreKind
from checker.model.score import NextStep
from checker.scoring.award import Award, between, clip, marks_text
from checker.scoring.ground import Ground, target_of
from checker.values.numbers import CONTEXT

__all__ = ["KIND"]


def _award(ground: Ground) -> Award:
    measure, target = ground.measure, target_of(ground)

    def marks(number: Decimal) -> Decimal:
        return clip(ground.full * number / target, ground.full)

    with localcontext(CONTEXT):
        central = marks(measure.number)
        options = between(marks(measure.interval.low), marks(measure.interval.high))
    short = central < ground.full
    shown = ground.figure(target)
    return Award(
        options,
        central,
        f"{marks_text(ground.full)} × {measure.text} ÷ {shown}",
        tr("{measure} falls short of {target}", measure=measure.text, target=shown) if short else None,
        NextStep(target, shown, ground.full) if short else None,
        coarse=True,
    )


KIND = ScoreKind("proportional", _award, doc=tr("More is better: full marks × measure ÷ target"))
