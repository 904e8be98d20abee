"""The built-in ways to give marks, a file each, given by the hook that any plugin answers."""

from __future__ import annotations

from checker.model.plugin import ScoreKind
from checker.scoring.kinds import (
    bands,
    cap,
    checklist,
    equal,
    indicator,
    ladder,
    linear,
    manual,
    proportional,
    reverse,
)

__all__ = ["KINDS"]

KINDS: tuple[ScoreKind, ...] = (
    bands.KIND,
    cap.KIND,
    checklist.KIND,
    equal.KIND,
    indicator.KIND,
    ladder.KIND,
    linear.KIND,
    manual.KIND,
    proportional.KIND,
    reverse.KIND,
)
