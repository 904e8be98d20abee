"""What a unit's self-given marks come to when its own standard is applied to its own figures.

A tree: levels hold levels and indicators. Marks are rounded as the score column is; figures behind them were rounded
too, so computed marks are a range. What could not be computed says why.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from checker.messages import Text
from checker.model.outcome import Operand
from checker.model.scheme import Source

__all__ = [
    "Change",
    "GradeScore",
    "IndicatorScore",
    "LevelScore",
    "NextStep",
    "SchemeScore",
    "Standing",
    "TotalScore",
    "WhatIf",
]


class Standing:
    """Where the marks of one indicator come from."""

    COMPUTED: Final = "computed"  # a formula of the standard gives them
    JUDGEMENT: Final = "judgement"  # a person gives them; the standard bounds them
    NOT_APPLICABLE: Final = "not_applicable"
    MISSING: Final = "missing"  # a form, a row or a cell that is needed is not there or blank
    UNDECIDED: Final = "undecided"  # the figures are too coarse to say
    UNNAMED: Final = "unnamed"  # a row that the standard does not name: not recomputed
    ABSENT: Final = "absent"  # the table has no row for it
    BROKEN: Final = "broken"  # the standard itself cannot be applied

    #: What was asked for and could not be scored.
    OPEN: Final = frozenset({"missing", "undecided", "absent", "broken"})


class NextStep(NamedTuple):
    """What would earn more: the measure at ``target`` (as ``shown``) earns ``marks``."""

    target: Decimal
    shown: str
    marks: Decimal


class IndicatorScore(NamedTuple):
    """One indicator. ``options`` are the marks that are possible, each a range (low, high); ``low`` and ``high`` bound
    them, None where nothing could be computed; ``central`` are those on the figures as they stand. ``full`` is the
    standard's, or else the workbook's own (``full_own``).

    ``agrees`` is None where claim and computation cannot be compared. ``why`` is the reason for lost marks, ``reason``
    why there is no computation.
    """

    name: str
    path: tuple[str, ...]
    kind: str
    standing: str
    full: Decimal | None = None
    full_own: bool = False
    claimed: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    central: Decimal | None = None
    options: tuple[tuple[Decimal, Decimal], ...] = ()
    agrees: bool | None = None
    measure: str = ""
    formula: str = ""
    filled: str = ""
    why: Text | None = None
    reason: Text | None = None
    #: What the unit itself wrote about lost marks.
    stated: str = ""
    next: NextStep | None = None
    sheet: str = ""
    cell: str = ""
    cells: tuple[Operand, ...] = ()

    @property
    def at_stake(self) -> Decimal:
        """How many marks rounding leaves open."""
        computed = self.standing == Standing.COMPUTED and self.low is not None and self.high is not None
        return self.high - self.low if computed else Decimal(0)  # type: ignore[operator]


class LevelScore(NamedTuple):
    """A level above indicators, with its sub-totals. ``stated`` are the full marks that its label states."""

    name: str
    full: Decimal | None
    claimed: Decimal | None
    low: Decimal | None
    high: Decimal | None
    stated: Decimal | None = None
    children: tuple["LevelScore | IndicatorScore", ...] = ()


class TotalScore(NamedTuple):
    """The whole. ``claimed`` is the total as printed, ``added`` what the claims add up to; ``low`` and ``high`` are
    recomputed, rescaled where indicators do not apply (``left_out`` marks). ``taken`` indicators were counted as
    claimed: judgement, or not computable; ``unknown`` are the names of those that could not be scored. ``low`` and
    ``high`` are None where for some of them nothing is known at all."""

    full: Decimal | None
    claimed: Decimal | None
    added: Decimal | None
    low: Decimal | None
    high: Decimal | None
    left_out: Decimal = Decimal(0)
    taken: int = 0
    unknown: tuple[str, ...] = ()
    sheet: str = ""
    cell: str = ""

    @property
    def disagrees(self) -> bool:
        """Whether the total claimed is not what was computed, all of it."""
        if self.claimed is None or self.low is None or self.high is None or self.unknown:
            return False
        return not self.low <= self.claimed <= self.high


class GradeScore(NamedTuple):
    """The grade: as claimed, by the claimed total, and all that the computed total allows."""

    claimed: str
    by_claim: str
    allowed: tuple[str, ...]
    sheet: str = ""
    cell: str = ""


class Change(NamedTuple):
    """Marks before and after; of the total where ``name`` is empty."""

    name: str
    before: str
    after: str


class WhatIf(NamedTuple):
    """What would be otherwise if a cell said something else: ``supposed`` as it was asked for."""

    supposed: str
    changes: tuple[Change, ...]


class SchemeScore(NamedTuple):
    """One scoring standard applied to one form. ``headline`` says what is wrong with a claim of full marks.

    ``counts`` is how many indicators each level has, by the name of its column.
    """

    scheme: str
    title: Text
    source: Source
    form: str
    sheet: str
    unit: str
    tree: tuple[LevelScore | IndicatorScore, ...]
    total: TotalScore
    grade: GradeScore | None = None
    counts: tuple[tuple[str, int], ...] = ()
    headline: Text | None = None
    what_if: tuple[WhatIf, ...] = ()

    def indicators(self) -> tuple[IndicatorScore, ...]:
        """Every indicator, in the order of the table."""
        return tuple(_leaves(self.tree))


def _leaves(nodes: tuple[LevelScore | IndicatorScore, ...]) -> list[IndicatorScore]:
    found: list[IndicatorScore] = []
    for node in nodes:
        if isinstance(node, IndicatorScore):
            found.append(node)
        else:
            found.extend(_leaves(node.children))
    return found
