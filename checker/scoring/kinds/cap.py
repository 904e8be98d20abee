"""``cap``: judgement, at most the measured share of full marks."""

from __future__ import annotations

from decimal import Decimal

from checker.messages import tr
from checker.model.plugin import ScoreKind
from checker.scoring.award import Award, between, clip, marks_text, options_text
from checker.scoring.ground import Ground
from checker.values.numbers import ZERO

__all__ = ["KIND"]


def _award(ground: Ground) -> Award:
    measure = ground.measure
    most = ground.full * clip(measure.interval.high, Decimal(1))
    central = ground.full * clip(measure.number, Decimal(1))
    options = between(ZERO, most)
    return Award(
        options,
        central,
        f"≤ {marks_text(ground.full)} × {measure.text}",
        tr("{measure} allows at most that share of {full}", measure=measure.text, full=marks_text(ground.full))
        if central < ground.full
        else None,
        judgement=True,
        remark=tr("Possible are {values}", values=options_text(options)),
    )


KIND = ScoreKind("cap", _award, judgement=True, doc=tr("Judgement, at most the measured share of full marks"))
