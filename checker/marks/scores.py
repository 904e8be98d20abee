"""The sheet of scores: what was claimed beside what the unit's own figures come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from checker.marks.sides import cell_link
from checker.marks.table import Column, Row, Table
from checker.messages import Text, tr
from checker.model.score import IndicatorScore, LevelScore, SchemeScore, Standing, TotalScore
from checker.reports.page import Page
from checker.reports.words import source_remark
from checker.scoring.award import marks_text, options_parts
from checker.values.interval import Interval

__all__ = ["score_rows"]

_NONE = "—"


def score_rows(scores: Iterable[SchemeScore], language: str = "zh") -> Table:
    """The indicators of every standard with full, claimed and computed marks; no rows where there is none."""
    page = Page(language)
    columns = (
        Column(page.say(tr("Indicator")), 40),
        Column(page.say(tr("Full")), 8, "amount"),
        Column(page.say(tr("Claimed")), 8, "amount"),
        Column(page.say(tr("Computed")), 16, "amount"),
        Column(page.say(tr("Difference")), 9, "amount"),
        Column(page.say(tr("Marks lost, and why")), 70),
        Column(page.say(tr("Cell")), 20, "link"),
    )
    rows = tuple(row for score in scores for row in _scheme(score, page))
    return Table(page.say(tr("Score check")), (page.say(tr("Score check")),), columns, rows)


def _scheme(score: SchemeScore, page: Page) -> Iterator[Row]:
    remark = source_remark(score.source.status)
    title = page.say(tr("{one}; {other}", one=score.title, other=page.quote(score.form)))
    title += page.brackets(page.say(remark)) if remark else ""
    told = page.say(score.headline) if score.headline else page.quote(score.source.document)
    yield Row((title, "", "", "", "", told, ""), "section")
    yield from _nodes(score.tree, page, 0)
    yield _total(score.total, page)
    grade = score.grade
    if grade is not None:
        why = tr(
            "the claimed total earns {by_claim}, the computed total {allowed}",
            by_claim=grade.by_claim or _NONE,
            allowed=page.joined(grade.allowed) or _NONE,
        )
        wrong = bool(grade.claimed and grade.by_claim and not grade.claimed.startswith(grade.by_claim))
        cells = (page.say(tr("Grade")), "", page.quote(grade.claimed) or _NONE, page.joined(grade.allowed), "")
        place = page.place(grade.sheet, grade.cell)
        link = cell_link(grade.sheet, grade.cell)
        yield Row((*cells, page.say(why), place), "wrong" if wrong else "level", link)


def _nodes(nodes: Iterable[LevelScore | IndicatorScore], page: Page, depth: int) -> Iterator[Row]:
    for node in nodes:
        if isinstance(node, IndicatorScore):
            yield _indicator(node, page, depth)
            continue
        low, high = node.low, node.high
        marks = (_marks(node.full), _marks(node.claimed), _range(low, high), _off(node.claimed, low, high))
        yield Row((page.quote(node.name), *marks, "", ""), "level", "", depth)
        yield from _nodes(node.children, page, depth + 1)


def _indicator(one: IndicatorScore, page: Page, depth: int) -> Row:
    kind = "wrong" if one.agrees is False else "open" if one.standing in Standing.OPEN else "plain"
    computed = _NONE
    if one.standing == Standing.NOT_APPLICABLE:
        computed = page.say(tr("n/a"))
    elif one.options:
        computed = " / ".join(options_parts(tuple(Interval(*option) for option in one.options)))
    off = "" if one.agrees else _off(one.claimed, one.low, one.high)
    cells = (page.quote(one.name), _marks(one.full), _marks(one.claimed), computed, off)
    place = page.place(one.sheet, one.cell) if one.cell else ""
    link = cell_link(one.sheet, one.cell) if one.cell else ""
    return Row((*cells, _why(one, page), place), kind, link, depth)


def _why(one: IndicatorScore, page: Page) -> str:
    """Why marks are lost, what could not be computed, and what the unit says itself."""
    told: list[str] = []
    if one.why is not None:
        told.append(page.say(one.why))
    if one.filled and (one.why is not None or one.agrees is False):
        told.append(page.quote(one.filled))
    if one.reason is not None and (one.standing != Standing.COMPUTED or one.agrees is False):
        told.append(page.say(one.reason))
    if one.stated and one.claimed is not None and one.full is not None and one.claimed < one.full:
        told.append(page.say(tr("The unit says: {text}", text=page.quote(one.stated))))
    line = told[0] if told else ""
    for other in told[1:]:
        line = page.say(tr("{one}; {other}", one=line, other=other))
    return line


def _total(total: TotalScore, page: Page) -> Row:
    claimed = total.claimed if total.claimed is not None else total.added
    told: list[Text] = []
    if total.claimed is not None and total.added is not None and total.claimed != total.added and not total.left_out:
        told.append(tr("The claims add up to {added}", added=_marks(total.added)))
    if total.left_out:
        told.append(tr("Rescaled: {marks} marks do not apply", marks=_marks(total.left_out)))
    if total.taken:
        told.append(tr("{count} indicators are counted as claimed (judgement, or not computable)", count=total.taken))
    if total.unknown:
        told.append(tr("Not scored: {names}", names=page.joined(map(page.quote, total.unknown))))
    line = page.say(told[0]) if told else ""
    for other in told[1:]:
        line = page.say(tr("{one}; {other}", one=line, other=page.say(other)))
    low, high = total.low, total.high
    marks = (_marks(total.full), _marks(claimed), _range(low, high), _off(claimed, low, high))
    place = page.place(total.sheet, total.cell) if total.cell else ""
    link = cell_link(total.sheet, total.cell) if total.cell else ""
    return Row((page.say(tr("Total")), *marks, line, place), "wrong" if total.disagrees else "level", link)


def _off(claimed: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """How far a claim is from the nearest that is possible; nothing where it is possible."""
    if claimed is None or low is None or high is None or low <= claimed <= high:
        return ""
    off = claimed - (high if claimed > high else low)
    return ("+" if off > 0 else "") + marks_text(off)


def _marks(marks: Decimal | None) -> str:
    return _NONE if marks is None else marks_text(marks)


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return _NONE
    return options_parts((Interval(low, high),))[0]
