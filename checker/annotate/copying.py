"""Files in, files out: the copy is written whole or not at all, the original never."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from checker.annotate.clear import Cleared, cleared, explanations_of
from checker.annotate.mark import Skipped, marked, result_package
from checker.annotate.refusals import CannotMarkError, cannot_mark, no_marks
from checker.errors import CheckerError, ReadError, UsageError
from checker.marks import marks_of, result_rows, score_rows
from checker.marks.own import is_own
from checker.marks.sides import stands_here, walk
from checker.messages import tr
from checker.model.report import PackUsed, WorkbookReport
from checker.model.score import SchemeScore
from checker.model.workbook import Workbook
from checker.readers import open_workbook
from checker.readers.xlsx import open_xlsx

__all__ = ["Annotated", "annotate", "clear"]


class Annotated(NamedTuple):
    """``copy`` is the file that was written: a marked copy or, where ``refused`` says why there is none, a workbook
    with the result sheets alone. ``cells`` were marked; ``skipped`` were not, or not with all."""

    source: str
    copy: str
    cells: int = 0
    skipped: tuple[Skipped, ...] = ()
    refused: CheckerError | None = None


def annotate(
    source: str | PathLike[str],
    report: WorkbookReport,
    scores: Iterable[SchemeScore],
    target: str | PathLike[str],
    *,
    packs: Sequence[PackUsed] = (),
    failures: Sequence[CheckerError] = (),
    language: str = "zh",
) -> Annotated:
    """Write a copy of ``source`` to ``target`` with the findings of ``report`` marked in it and result sheets added.

    Marks that ``source`` bears from an earlier time give way; explanations written beside findings, in ``source`` or in
    a copy that stands at ``target``, are kept. ``packs`` and ``failures`` are those of the whole report. Raises
    ``UsageError`` if ``target`` is the source, has another ending, is a file that is no copy of ours, or cannot be
    written.
    """
    origin, goal = Path(source), Path(target)
    earlier = _protected(origin, goal)
    apart = _apart(goal, language)
    workbook = _opened(origin)
    explanations = _explanations(workbook) | _explanations(earlier) | _explanations(_opened(apart))
    tables = [result_rows(report, packs=packs, failures=failures, explanations=explanations, language=language)]
    scored = score_rows(scores, language)
    if scored.rows:
        tables.append(scored)
    try:
        data, before = _patchable(origin, workbook, report)
        listed = {finding.id for _, finding in walk(report.findings)}
        unlisted = {finding: text for finding, text in explanations.items() if finding not in listed}
        made = marked(data, before, marks_of(report, language), tables, unlisted, language)
    except (CannotMarkError, ReadError) as error:
        if apart.exists() and not _ours(_opened(apart)):
            raise _taken(apart) from error
        _write(apart, result_package(tables))
        return Annotated(str(origin), str(apart), refused=error)
    _write(goal, made.data)
    return Annotated(str(origin), str(goal), made.cells, (*made.skipped, *_without_cell(report)))


def clear(source: str | PathLike[str], target: str | PathLike[str]) -> Cleared:
    """Write a copy of ``source`` without its marks to ``target``.

    Raises ``UsageError`` where it bears none or ``target`` cannot be used, ``ReadError`` where it cannot be read.
    """
    origin, goal = Path(source), Path(target)
    _protected(origin, goal, ours=False)
    if open_workbook(origin).source != "xlsx":
        raise no_marks(str(origin))
    result = cleared(origin.read_bytes(), str(origin))
    _write(goal, result.data)
    return result


def _without_cell(report: WorkbookReport) -> Iterator[Skipped]:
    """The findings that the sheet of findings alone tells of."""
    for _, finding in walk(report.findings):
        outcome = finding.outcome
        if not outcome.cell:
            yield Skipped(outcome.sheet, "", tr("“{title}” is not about one cell; see the list", title=finding.title))
        elif not stands_here(outcome.sheet):
            yield Skipped(outcome.sheet, outcome.cell, tr("the cell is in another workbook; see the list"))


def _patchable(origin: Path, workbook: Workbook | None, report: WorkbookReport) -> tuple[bytes, Workbook]:
    """The bytes of a workbook that can be marked, those of an earlier time cleared, and the workbook in them."""
    if report.error is not None:
        raise report.error
    workbook = workbook or open_workbook(origin)
    if workbook.source != "xlsx":
        raise cannot_mark("MARK_OLD_FORMAT", str(origin))
    data = origin.read_bytes()
    if not _ours(workbook):
        return data, workbook
    data = cleared(data, str(origin)).data
    return data, open_xlsx(str(origin), data, "")


def _protected(origin: Path, goal: Path, *, ours: bool = True) -> Workbook | None:
    """The copy of ours that stands at ``goal``, None if nothing does. Raises ``UsageError`` if nothing may be written
    there."""
    if os.path.realpath(origin) == os.path.realpath(goal):
        raise UsageError(
            "OUTPUT_IS_INPUT",
            tr("The copy would overwrite the workbook itself."),
            tr("Name another file with --output."),
            str(goal),
        )
    if origin.suffix.lower() != goal.suffix.lower():
        raise UsageError(
            "COPY_ENDING",
            tr("The copy must have the ending of the workbook ({ending}).", ending=origin.suffix),
            where=str(goal),
        )
    if not goal.exists():
        return None
    earlier = _opened(goal) if ours else None
    if not _ours(earlier):
        raise _taken(goal)
    return earlier


def _taken(goal: Path) -> UsageError:
    return UsageError(
        "OUTPUT_EXISTS",
        tr("{path} exists already and was left as it is.", path=goal.name),
        tr("Choose another name."),
        str(goal),
    )


def _ours(workbook: Workbook | None) -> bool:
    """Whether a workbook is one that we wrote: a marked copy, or result sheets alone."""
    return workbook is not None and any(map(is_own, workbook.sheets))


def _opened(path: Path) -> Workbook | None:
    try:
        return open_workbook(path)
    except ReadError:
        return None


def _explanations(workbook: Workbook | None) -> dict[str, str]:
    return {} if workbook is None else explanations_of(workbook)


def _apart(goal: Path, language: str) -> Path:
    return goal.with_name(f"{goal.stem}-{tr('Check results').render(language)}.xlsx")


def _write(path: Path, data: bytes) -> None:
    """All of it, or nothing."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with draft.open("xb") as file:
                file.write(data)
            os.replace(draft, path)  # noqa: PTH105 - atomic on every system
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            "OUTPUT_NOT_WRITTEN",
            tr("{path} cannot be written: {reason}.", path=str(path), reason=error.strerror or str(error)),
        ) from error
