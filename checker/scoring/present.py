"""A recomputed standard as a report shows it: a tree of levels and indicators, the total, the grade."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from checker.checks.subject import operand
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.outcome import Operand
from checker.model.score import (
    GradeScore,
    IndicatorScore,
    LevelScore,
    NextStep,
    SchemeScore,
    Standing,
    TotalScore,
)
from checker.scoring.award import marks_text
from checker.scoring.claims import stated_marks
from checker.scoring.headline import headline
from checker.scoring.levels import counts
from checker.scoring.recompute import Entry, Recomputed
from checker.scoring.total import added_claims, bands, left_out, rescaled_sum, sum_of, word_for
from checker.values.numbers import ZERO, round_to

__all__ = ["present"]

Node = LevelScore | IndicatorScore


def present(result: Recomputed) -> SchemeScore:
    scheme, subject = result.scheme, result.subject
    return SchemeScore(
        scheme=scheme.name,
        title=scheme.title,
        source=scheme.source,
        form=subject.form.form.name,
        sheet=subject.form.sheet,
        unit=subject.form.qualifier or subject.form.role("unit"),
        tree=_tree(result, result.entries, 0),
        total=_total(result),
        grade=_grade(result),
        counts=tuple(counts(result).items()),
        headline=headline(result),
    )


def _tree(result: Recomputed, entries: Iterable[Entry], depth: int) -> tuple[Node, ...]:
    """Entries in order, those that follow each other under one label together."""
    nodes: list[Node] = []
    group: list[Entry] = []

    def close() -> None:
        if group:
            nodes.append(_level(result, tuple(group), depth))
            group.clear()

    for entry in entries:
        if len(entry.path) <= depth + 1:
            close()
            nodes.append(_indicator(result, entry))
            continue
        if group and group[0].path[depth] != entry.path[depth]:
            close()
        group.append(entry)
    close()
    return tuple(nodes)


def _level(result: Recomputed, entries: tuple[Entry, ...], depth: int) -> LevelScore:
    summed = sum_of(entries)
    known = [entry.full for entry in entries if entry.full is not None]
    claims = [entry.claimed for entry in entries if entry.claimed is not None]
    name = entries[0].path[depth]
    return LevelScore(
        name=name,
        full=sum(known, ZERO) if len(known) == len(entries) else None,
        claimed=sum(claims, ZERO) if claims else None,
        low=None if summed.unknown else summed.low,
        high=None if summed.unknown else summed.high,
        stated=stated_marks(name, result.subject),
        children=_tree(result, entries, depth + 1),
    )


def _indicator(result: Recomputed, entry: Entry) -> IndicatorScore:
    award, measure, fact = entry.award, entry.measure, entry.claim
    row = entry.row
    return IndicatorScore(
        name=entry.name,
        path=entry.path,
        kind=entry.kind,
        standing=entry.standing,
        full=entry.full,
        full_own=entry.standard is None and entry.full is not None,
        claimed=entry.claimed,
        low=award.low if award is not None else None,
        high=award.high if award is not None else None,
        central=award.central if award is not None else None,
        options=tuple((option.low, option.high) for option in award.options) if award is not None else (),
        agrees=entry.agrees,
        measure=entry.measured,
        formula=measure.formula if measure is not None else "",
        filled=_filled(entry),
        why=_why(entry),
        reason=entry.reason,
        stated=row.reason.quantity.raw.strip() if row is not None and row.reason is not None else "",
        next=_next(result, entry),
        sheet=fact.sheet if fact is not None else "",
        cell=fact.address if fact is not None else "",
        cells=_cells(entry.facts),
    )


def _filled(entry: Entry) -> str:
    """The measure with numbers, and what the standard makes of it."""
    parts = [entry.measure.filled if entry.measure is not None else "", entry.award.filled if entry.award else ""]
    return "; ".join(part for part in parts if part)


def _why(entry: Entry) -> Text | None:
    """The reason for each deduction, with what rounding leaves open."""
    award = entry.award
    if award is None or award.judgement or award.low == award.high:
        return award.why if award is not None else None
    if award.ceiling:
        return award.why
    stake = tr("rounding leaves {marks} marks open", marks=marks_text(award.high - award.low))
    return tr("{one}; {other}", one=award.why, other=stake) if award.why is not None else stake


def _next(result: Recomputed, entry: Entry) -> NextStep | None:
    step = entry.award.next if entry.award is not None else None
    return step._replace(marks=round_to(step.marks, result.decimals)) if step is not None else None


def _cells(facts: Iterable[Fact]) -> tuple[Operand, ...]:
    return tuple(operand(fact) for fact in dict.fromkeys(facts))


def _total(result: Recomputed) -> TotalScore:
    summed, computed = sum_of(result.entries), rescaled_sum(result)
    fact = result.total_claim
    return TotalScore(
        full=result.total,
        claimed=result.claimed_total,
        added=added_claims(result.entries),
        low=computed.low if computed is not None else None,
        high=computed.high if computed is not None else None,
        left_out=left_out(result.entries),
        taken=summed.taken,
        unknown=tuple(entry.name for entry in result.entries if entry.standing in Standing.OPEN),
        sheet=fact.sheet if fact is not None else "",
        cell=fact.address if fact is not None else "",
    )


def _grade(result: Recomputed) -> GradeScore | None:
    grades = bands(result)
    if not grades:
        return None
    computed, fact = rescaled_sum(result), result.grade_claim
    marks: set[Decimal] = set(computed or ())
    marks |= {band.lowest for band in grades if computed is not None and band.lowest in computed}
    allowed = {word_for(one, grades) for one in marks}
    claimed = result.claimed_total
    return GradeScore(
        claimed=fact.quantity.raw.strip() if fact is not None else "",
        by_claim=word_for(claimed, grades) if claimed is not None else "",
        allowed=tuple(band.word for band in grades if band.word in allowed),
        sheet=fact.sheet if fact is not None else "",
        cell=fact.address if fact is not None else "",
    )
