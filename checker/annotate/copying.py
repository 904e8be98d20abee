"""Files in, files out: the copy is written whole or not at all, the original never."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from checker.annotate.clear import Cleared, cleared
from checker.annotate.mark import Skipped, marked, result_package
from checker.annotate.refusals import CannotMarkError, cannot_mark, no_marks
from checker.engine.written import explanations_of, waiting_of
from checker.errors import CheckerError, ReadError, UsageError
from checker.marks import marks_of, result_rows, score_rows, texts_of, unlisted
from checker.marks.own import is_own
from checker.marks.sides import stands_here, walk
from checker.messages import tr
from checker.model.report import PackUsed, WorkbookReport
from checker.model.score import SchemeScore
from checker.model.workbook import Workbook
from checker.readers import read_file, workbook_in
from checker.readers.package import Package
from checker.readers.sniff import ZIP, recognise
from checker.readers.xlsx import open_xlsx

__all__ = ["Annotated", "annotate", "clear", "written_to"]


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
    reasons: Sequence[str] = (),
    language: str = "zh",
) -> Annotated:
    """Write a copy of ``source`` to ``target`` with the findings of ``report`` marked in it and result sheets added.

    Marks that ``source`` bears from an earlier time give way; explanations written beside findings, in ``source`` or in
    a copy that stands at ``target``, are kept. ``packs``, ``failures`` and ``reasons`` are those of the whole report.
    Raises ``UsageError`` if ``target`` is the source, has another ending, is a file that is no copy of ours, or cannot
    be written.
    """
    origin, goal = Path(source), Path(target)
    earlier = _protected(origin, goal)
    _, apart = written_to(goal, language)
    opened = _opened(origin)
    known = [book for book in (opened.workbook, earlier, _opened(apart).workbook) if book is not None]
    said = [one for book in known for one in (*explanations_of(book), *waiting_of(book))]
    texts = texts_of(said)
    tables = [
        result_rows(report, packs=packs, failures=failures, explanations=texts, reasons=reasons, language=language)
    ]
    waiting = unlisted(said, tables[0])
    scored = score_rows(scores, language)
    if scored.rows:
        tables.append(scored)
    try:
        package, before = _patchable(opened, report)
        made = marked(package, before, marks_of(report, language), tables, waiting, language)
    except (CannotMarkError, ReadError) as error:
        if apart.exists() and not _ours(_opened(apart).workbook):
            raise _taken(apart) from error
        _write(apart, result_package(tables, waiting))
        return Annotated(str(origin), str(apart), refused=error)
    _write(goal, made.data)
    return Annotated(str(origin), str(goal), made.cells, (*made.skipped, *_without_cell(report)))


def clear(source: str | PathLike[str], target: str | PathLike[str]) -> Cleared:
    """Write a copy of ``source`` without its marks to ``target``.

    Raises ``UsageError`` where it bears none or ``target`` cannot be used, ``ReadError`` where it cannot be read.
    """
    origin, goal = Path(source), Path(target)
    _protected(origin, goal, ours=False)
    opened = _opened(origin)
    if opened.error is not None:
        raise opened.error
    if opened.package is None:
        raise no_marks(str(origin))
    result = cleared(opened.package.data, str(origin))
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


def _patchable(opened: _Opened, report: WorkbookReport) -> tuple[Package, Workbook]:
    """A package that can be marked, the marks of an earlier time cleared, and the workbook in it."""
    error = report.error or opened.error
    if error is not None:
        raise error
    workbook, package = opened.workbook, opened.package
    if workbook is None or package is None:
        raise cannot_mark("MARK_OLD_FORMAT", report.path)
    if report.sha256 not in ("", workbook.sha256):
        raise cannot_mark("MARK_CHANGED", workbook.path)
    if not _ours(workbook):
        return package, workbook
    package = Package(cleared(package.data, workbook.path).data, workbook.path)
    return package, open_xlsx(workbook.path, package, "")


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
    earlier = _opened(goal).workbook if ours else None
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


class _Opened(NamedTuple):
    """A workbook, and the package that it is if it is of the kind that can be patched; or why it cannot be read."""

    workbook: Workbook | None = None
    package: Package | None = None
    error: ReadError | None = None


def _opened(path: Path) -> _Opened:
    """The file is read once: what is marked is what was opened, whatever becomes of the file meanwhile."""
    name = str(path)
    try:
        data = read_file(name)
        if recognise(data, name) != ZIP:
            return _Opened(workbook_in(data, name))
        package = Package(data, name)
        return _Opened(open_xlsx(name, package, sha256(data).hexdigest()), package)
    except ReadError as error:
        return _Opened(error=error)


def written_to(target: str | PathLike[str], language: str = "zh") -> tuple[Path, Path]:
    """The copy that ``annotate`` writes, and the workbook of results where there can be none."""
    goal = Path(target)
    return goal, goal.with_name(f"{goal.stem}-{tr('Check results').render(language)}.xlsx")


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
