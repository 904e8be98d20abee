"""``manual``: a person decides, between nothing and full marks."""

from __future__ import annotations

from checker.messages import tr
from checker.model.plugin import ScoreKind
from checker.scoring.award import Award, between
from checker.scoring.ground import Ground
from checker.values.numbers import ZERO

__all__ = ["KIND"]


def _award(ground: Ground) -> Award:
    return Award(between(ZERO, ground.full), ground.full, judgement=True)


KIND = ScoreKind("manual", _award, judgement=True, doc=tr("Judgement between nothing and full marks"))
