"""``linear``: so many marks are lost for each so much beyond what is best.

A part of ``per`` counts whole (``started``), not at all (``completed``) or in proportion (``pro_rata``); where the
standard does not say, any of these is possible (``either``).
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from checker.messages import tr
from checker.model.plugin import ScoreKind
from checker.model.score import NextStep, Standing
from checker.scoring.award import Award, between, clip, marks_text, one_of
from checker.scoring.ground import Ground, Threshold, Unscored, figure
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, ZERO

__all__ = ["KIND"]

#: So many different marks are told one by one; more are a range.
_MOST = 12
_WHOLE = {"started": ROUND_CEILING, "completed": ROUND_FLOOR}


def _award(ground: Ground) -> Award:
    measure = ground.measure
    best = ground.threshold(ground.terms["best"])
    per, step = ground.number(ground.terms["per"]), ground.marks(ground.terms["step"])
    lowest = ground.marks(ground.terms.get("lowest", 0))
    points = str(ground.terms.get("points", "either"))
    if per <= 0:
        raise Unscored(Standing.BROKEN, tr("“per” must be more than 0"))

    def marks(distance: Decimal, counted: str) -> Decimal:
        times = distance / per
        if counted in _WHOLE:
            times = times.to_integral_value(_WHOLE[counted])
        return clip(max(ground.full - times * step, lowest), ground.full)

    with localcontext(CONTEXT):
        near, far = _distances(measure.interval, best)
        distance = _distance(measure.number, best)
        central = marks(distance, "pro_rata" if points == "either" else points)
        if points == "either":
            options = between(marks(near, "completed"), marks(far, "started"))
        elif points == "pro_rata":
            options = between(marks(near, points), marks(far, points))
        else:
            first, last = ((edge / per).to_integral_value(_WHOLE[points]) for edge in (near, far))
            whole = [marks((first + count) * per, points) for count in range(min(int(last - first), _MOST) + 1)]
            options = one_of(whole) if last - first <= _MOST else between(marks(near, points), marks(far, points))
    if not distance:
        return Award(options, central, f"{measure.text} {best.text(measure.unit)}")
    shown, beyond = ground.figure(best.number), figure(distance, measure.unit)
    lost = ground.full - central
    why = tr(
        "{measure} is {distance} beyond “{best}”: {step} lost for each {per}",
        measure=measure.text,
        distance=beyond,
        best=best.text(measure.unit),
        step=marks_text(step),
        per=ground.figure(per),
    )
    filled = f"{marks_text(ground.full)} − {beyond} ÷ {ground.figure(per)} × {marks_text(step)}"
    return Award(
        options,
        central,
        filled,
        why if lost else None,
        NextStep(best.number, shown, ground.full) if lost else None,
        coarse=points in ("either", "pro_rata"),
    )


def _distance(number: Decimal, best: Threshold) -> Decimal:
    """How far ``number`` is from where full marks are given."""
    if best.operator in ("<=", "<"):
        return max(number - best.number, ZERO)
    if best.operator in (">=", ">"):
        return max(best.number - number, ZERO)
    return abs(number - best.number)


def _distances(interval: Interval, best: Threshold) -> tuple[Decimal, Decimal]:
    ends = [_distance(end, best) for end in interval]
    return (ZERO if best.number in interval else min(ends)), max(ends)


KIND = ScoreKind("linear", _award, doc=tr("Marks are lost for each so much beyond what is best"))
