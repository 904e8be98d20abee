"""Recomputed scores as plain text: what contradicts a claim of full marks first, then the tree of indicators, the
total and the grade, and what would earn more."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from checker.messages import Text, tr
from checker.model.report import Report, Verdict, WorkbookReport
from checker.model.score import (
    GradeScore,
    IndicatorScore,
    LevelScore,
    SchemeScore,
    Standing,
    TotalScore,
    WhatIf,
)
from checker.reports.figures import plain
from checker.reports.layout import BOLD, GREEN, RED, cut, pad, width
from checker.reports.page import Page
from checker.reports.words import patch_words, source_remark

__all__ = ["render"]

_NARROWEST, _WIDEST = 12, 44
_NONE = "—"
_WRONG, _OPEN = "✗", "?"
#: What holds for more indicators than this is told once for all.
_FEW = 3


def render(report: Report, language: str, *, columns: int = 100, colour: bool = False) -> str:
    """The scores of ``report`` in ``language`` (``zh`` or ``en``), in lines of ``columns``."""
    page = Page(language, columns, colour)
    blocks = [list(_failures(report, page))]
    blocks += [list(_workbook(workbook, page)) for workbook in report.workbooks]
    blocks.append([_verdict(report.verdict, page)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _failures(report: Report, page: Page) -> Iterator[str]:
    for failure in report.failures:
        yield from page.lines(page.quote(failure.render(page.language)), page.say(tr("Not loaded")) + "  ")
    for pack in report.packs:
        for words in patch_words(pack.patches):
            yield from page.lines(page.quote(page.say(words)))


def _workbook(workbook: WorkbookReport, page: Page) -> Iterator[str]:
    yield page.paint(page.quote(workbook.path), BOLD)
    if workbook.error is not None:
        label = page.say(tr("Not scored")) + "  "
        yield from page.lines(page.quote(workbook.error.render(page.language)), label, indent=2)
    for score in workbook.scores:
        yield from _score(score, page)
    for problem in workbook.problems:
        yield from page.lines(page.quote(page.say(problem.message)), "- ", indent=2)


def _score(score: SchemeScore, page: Page) -> Iterator[str]:
    if score.headline is not None:
        yield page.paint("\n".join(page.lines(page.quote(page.say(score.headline)), "! ", indent=2)), BOLD, RED)
    yield from page.fields(_heading(score, page), 2)
    yield ""
    common = _common(score, page)
    rows = list(_rows(score.tree, page, score.sheet, common))
    name_width = min(max([_NARROWEST, *(width(row.name) for row in rows)]), _WIDEST)
    heads = _heads(page)
    columns = [max(width(head), *(width(row.marks[at]) for row in rows), 6) for at, head in enumerate(heads)]
    head = pad("", name_width) + "".join("  " + _right(h, columns[at]) for at, h in enumerate(heads))
    yield "  " + page.paint(head + "  " + page.say(tr("Cell")), BOLD)
    for row in (*rows, _total_row(score.total, page, score.sheet)):
        line = pad(cut(row.name, name_width), name_width)
        line += "".join("  " + _right(marks, columns[at]) for at, marks in enumerate(row.marks))
        text = f"{row.mark:<2}{line}  {row.cell}".rstrip()
        yield page.paint(text, BOLD, RED) if row.mark == _WRONG else page.paint(text, BOLD) if row.strong else text
        for note in row.notes:
            yield from page.lines(note, indent=4 + row.depth * 2)
    for reason, names in common.items():
        told = tr("{reason}: {names}", reason=reason, names=page.joined(names))
        yield from page.lines(page.quote(page.say(told)), f"{_OPEN} ", indent=2)
    yield from _closing(score, page)


def _common(score: SchemeScore, page: Page) -> dict[str, list[str]]:
    """Reasons why something was not scored that hold for many indicators: told once, with their names."""
    reasons: dict[str, list[str]] = {}
    for indicator in _indicators(score.tree):
        if indicator.standing in Standing.OPEN and indicator.reason is not None:
            reasons.setdefault(page.say(indicator.reason), []).append(page.quote(indicator.name))
    return {reason: names for reason, names in reasons.items() if len(names) > _FEW}


def _indicators(nodes: Iterable[LevelScore | IndicatorScore]) -> Iterator[IndicatorScore]:
    for node in nodes:
        if isinstance(node, IndicatorScore):
            yield node
        else:
            yield from _indicators(node.children)


class _Row(NamedTuple):
    name: str
    marks: tuple[str, str, str]
    cell: str = ""
    mark: str = ""
    depth: int = 0
    strong: bool = False
    notes: tuple[str, ...] = ()


def _heads(page: Page) -> tuple[str, str, str]:
    return page.say(tr("Full")), page.say(tr("Claimed")), page.say(tr("Computed"))


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text


def _heading(score: SchemeScore, page: Page) -> Iterator[tuple[Text, str]]:
    remark = source_remark(score.source.status)
    source = page.quote(score.source.document) + (page.brackets(page.say(remark)) if remark else "")
    yield tr("Standard"), page.say(score.title)
    yield tr("Source"), source
    yield tr("Form"), page.quote(f"{score.form}  {score.sheet}")
    if score.unit:
        yield tr("Unit"), page.quote(score.unit)


def _rows(
    nodes: Iterable[LevelScore | IndicatorScore], page: Page, sheet: str, common: Container[str], depth: int = 0
) -> Iterator[_Row]:
    for node in nodes:
        indent = "  " * depth
        if isinstance(node, IndicatorScore):
            told = node.reason is not None and page.say(node.reason) in common
            if node.cell or not told:  # a row that the table lacks is named below, with all like it
                yield _indicator(node._replace(reason=None) if told else node, page, depth, sheet)
            continue
        computed = _range(node.low, node.high)
        name = indent + page.quote(node.name)
        yield _Row(name, (_marks(node.full), _marks(node.claimed), computed), strong=True)
        yield from _rows(node.children, page, sheet, common, depth + 1)


def _indicator(indicator: IndicatorScore, page: Page, depth: int, sheet: str) -> _Row:
    mark = _WRONG if indicator.agrees is False else _OPEN if indicator.standing in Standing.OPEN else ""
    where = page.place("" if indicator.sheet == sheet else indicator.sheet, indicator.cell) if indicator.cell else ""
    return _Row(
        "  " * depth + page.quote(indicator.name),
        (_marks(indicator.full), _marks(indicator.claimed), _computed(indicator, page)),
        where,
        mark,
        depth,
        notes=tuple(_notes(indicator, page)),
    )


def _computed(indicator: IndicatorScore, page: Page) -> str:
    if indicator.standing == Standing.NOT_APPLICABLE:
        return page.say(tr("n/a"))
    if not indicator.options:
        return _NONE
    parts = [_range(low, high) for low, high in indicator.options]
    return " / ".join(parts) if len(parts) <= 3 else f"{parts[0]} … {parts[-1]}"


def _notes(indicator: IndicatorScore, page: Page) -> Iterator[str]:
    """Why marks are lost, what could not be computed, and what the unit says itself."""
    if indicator.why is not None:
        yield page.quote(page.say(indicator.why))
    if indicator.filled and (indicator.why is not None or indicator.agrees is False):
        yield page.quote(indicator.filled)
    told = indicator.standing in Standing.OPEN or indicator.agrees is False
    if indicator.reason is not None and (told or indicator.standing in (Standing.JUDGEMENT, Standing.UNNAMED)):
        yield page.quote(page.say(indicator.reason))
    lost = indicator.claimed is not None and indicator.full is not None and indicator.claimed < indicator.full
    if indicator.stated and lost:
        yield page.say(tr("The unit says: {text}", text=page.quote(indicator.stated)))


def _total_row(total: TotalScore, page: Page, sheet: str) -> _Row:
    where = page.place("" if total.sheet == sheet else total.sheet, total.cell) if total.cell else ""
    claimed = total.claimed if total.claimed is not None else total.added
    marks = (_marks(total.full), _marks(claimed), _range(total.low, total.high))
    return _Row(
        page.say(tr("Total")),
        marks,
        where,
        _WRONG if total.disagrees else "",
        strong=True,
        notes=_total_notes(total, page),
    )


def _total_notes(total: TotalScore, page: Page) -> tuple[str, ...]:
    notes = []
    if total.claimed is not None and total.added is not None and total.claimed != total.added and not total.left_out:
        notes.append(tr("The claims add up to {added}", added=_marks(total.added)))
    if total.left_out:
        notes.append(tr("Rescaled: {marks} marks do not apply", marks=_marks(total.left_out)))
    if total.taken:
        notes.append(tr("{count} indicators are counted as claimed (judgement, or not computable)", count=total.taken))
    if total.unknown:
        few = [*map(page.quote, total.unknown[:_FEW]), *(["…"] if len(total.unknown) > _FEW else [])]
        notes.append(tr("{count} not scored: {names}", count=len(total.unknown), names=page.joined(few)))
    return tuple(page.say(note) for note in notes)


def _closing(score: SchemeScore, page: Page) -> Iterator[str]:
    if score.grade is not None:
        yield from page.fields([(tr("Grade"), page.say(_grade(score.grade, page)))], 2)
    if score.counts:
        counts = page.joined(f"{page.quote(level)} {count}" for level, count in score.counts)
        yield from page.fields([(tr("Indicators"), counts)], 2)
    better = list(_better(score, page))
    if better:
        yield ""
        yield page.paint(page.say(tr("What would earn more:")), BOLD)
        for line in better:
            yield from page.lines(line, "- ", indent=2)
    for tried in score.what_if:
        yield ""
        yield from _what_if(tried, page)


def _grade(grade: GradeScore, page: Page) -> Text:
    return tr(
        "claimed {claimed}; the claimed total earns {by_claim}, the computed total {allowed}",
        claimed=page.quote(grade.claimed) or _NONE,
        by_claim=grade.by_claim or _NONE,
        allowed=page.joined(grade.allowed) or _NONE,
    )


def _better(score: SchemeScore, page: Page) -> Iterator[str]:
    for indicator in score.indicators():
        step = indicator.next
        if step is None or not indicator.measure:
            continue
        yield page.say(
            tr(
                "If {name} went from {measure} to {target}, its marks would go from {before} to {after}",
                name=page.quote(indicator.name),
                measure=page.quote(indicator.measure),
                target=page.quote(step.shown),
                before=_computed(indicator, page),
                after=_marks(step.marks),
            )
        )


def _what_if(tried: WhatIf, page: Page) -> Iterator[str]:
    yield page.paint(page.say(tr("What if {supposed}:", supposed=page.quote(tried.supposed))), BOLD)
    if not tried.changes:
        yield "  " + page.say(tr("No marks would change."))
    for change in tried.changes:
        name = page.quote(change.name) or page.say(tr("Total"))
        line = tr("{name}: {before} → {after}", name=name, before=change.before, after=change.after)
        yield from page.lines(page.say(line), "- ", indent=2)


def _marks(marks: Decimal | None) -> str:
    if marks is None:
        return _NONE
    return plain(marks.normalize()) if marks else "0"


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return _NONE
    return _marks(low) if low == high else f"{_marks(low)}–{_marks(high)}"


def _verdict(verdict: Verdict, page: Page) -> str:
    unscored = verdict.undecided + verdict.insufficient + verdict.broken
    counts = tr(
        "Claims that disagree {wrong}, not scored {unscored} (exit code {exit})",
        wrong=verdict.errors,
        unscored=unscored,
        exit=verdict.exit,
    )
    if verdict.exit == 3:
        sentence, colour = tr("Something could not be scored."), RED
    elif verdict.exit:
        sentence, colour = tr("Claimed and computed scores disagree."), RED
    else:
        sentence, colour = tr("The claimed scores agree with the standard."), GREEN
    return page.paint(page.say(tr("Verdict: {sentence} {counts}", sentence=sentence, counts=counts)), BOLD, colour)
