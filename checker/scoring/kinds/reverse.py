"""``reverse``: less is better. Up to the target full marks; beyond it by one of two published formulas.

``ratio``: full × target ÷ measure (Hubei, Beijing). ``linear``: full × (1 − (measure − target) ÷ target), nothing left
at twice the target (provincial systems). ``either``: both are possible.
"""

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
    way = ground.choice("way", "either")
    ways = ("linear", "ratio") if way == "either" else (way,)

    def marks(number: Decimal, by: str) -> Decimal:
        if number <= target:
            return ground.full
        share = target / number if by == "ratio" else 1 - (number - target) / target
        return clip(ground.full * share, ground.full)

    with localcontext(CONTEXT):
        ranges = [
            option
            for by in ways
            for option in between(marks(measure.interval.low, by), marks(measure.interval.high, by))
        ]
        central = marks(measure.number, ways[-1])
    short = central < ground.full
    shown = ground.figure(target)
    return Award(
        tuple(sorted(set(ranges))),
        central,
        " | ".join(_filled(by, marks_text(ground.full), measure.text, shown) for by in ways),
        tr("{measure} is more than {target}", measure=measure.text, target=shown) if short else None,
        NextStep(target, shown, ground.full) if short else None,
        coarse=True,
    )


def _filled(way: str, full: str, measure: str, target: str) -> str:
    return f"{full} × {target} ÷ {measure}" if way == "ratio" else f"{full} × (1 − ({measure} − {target}) ÷ {target})"


KIND = ScoreKind("reverse", _award, doc=tr("Less is better: marks are lost beyond the target"))
