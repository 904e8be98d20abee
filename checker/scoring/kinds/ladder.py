"""``ladder``: the first step that holds gives the marks. Where rounding leaves open which, every one that may hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from checker.messages import Text, tr
from checker.model.plugin import ScoreKind
from checker.model.score import NextStep, Standing
from checker.scoring.award import Award, marks_text, one_of
from checker.scoring.ground import Ground, Threshold, Unscored
from checker.values.interval import Interval

__all__ = ["KIND", "Step", "reached"]


class Step(NamedTuple):
    """``threshold`` None: whatever is left."""

    threshold: Threshold | None
    marks: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.threshold is None or self.threshold.holds(value)


def _award(ground: Ground) -> Award:
    measure = ground.measure
    steps = _steps(ground)
    unit = measure.unit
    step = reached(steps, measure.number)
    possible = {one.marks for value in _samples(steps, measure.interval) for one in [reached(steps, value)] if one}
    if step is None or not possible:
        raise Unscored(
            Standing.BROKEN, tr("No step of the standard covers {measure}", measure=measure.text), measure.facts
        )
    said = step.threshold.text(unit) if step.threshold else tr("none of the steps above")
    why = None
    if step.marks < ground.full:
        why = tr(
            "{measure} is on the step “{step}”, which earns {marks}",
            measure=measure.text,
            step=said,
            marks=marks_text(step.marks),
        )
    return Award(
        one_of(possible),
        step.marks,
        f"{measure.text} → {_word(said)} → {marks_text(step.marks)}",
        why,
        _next(steps, measure.number, step.marks, ground),
    )


def _word(said: str | Text) -> str:
    return said if isinstance(said, str) else "…"


def _steps(ground: Ground) -> list[Step]:
    written = ground.terms["steps"]
    assert isinstance(written, Sequence)
    return [
        Step(None, ground.marks(item["otherwise"]))
        if "otherwise" in item
        else Step(ground.threshold(item["when"]), ground.marks(item["marks"]))
        for item in written
    ]


def reached(steps: Sequence[Step], value: Decimal) -> Step | None:
    """The first step that holds for ``value``."""
    return next((step for step in steps if step.holds(value)), None)


def _samples(steps: Sequence[Step], interval: Interval) -> list[Decimal]:
    """Values that between them meet every step that some value in ``interval`` meets: which step holds changes at
    thresholds only, so the thresholds, the ends, and one value between each two of them will do."""
    edges = {step.threshold.number for step in steps if step.threshold and step.threshold.number in interval}
    points = sorted({interval.low, interval.high, *edges})
    return [*points, *((one + other) / 2 for one, other in pairwise(points))]


def _next(steps: Sequence[Step], number: Decimal, marks: Decimal, ground: Ground) -> NextStep | None:
    """The nearest threshold at which more is earned."""
    better = [
        (abs(step.threshold.number - number), step.threshold, step.marks)
        for step in steps
        if step.threshold is not None and step.marks > marks
    ]
    if not better:
        return None
    _, threshold, earned = min(better, key=lambda found: found[0])
    strict = threshold.operator in ("<", ">")
    shown = threshold.text(ground.measure.unit) if strict else ground.figure(threshold.number)
    return NextStep(threshold.number, shown, earned)


KIND = ScoreKind("ladder", _award, doc=tr("The first step that holds gives the marks"))
