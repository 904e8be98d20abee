"""What the buttons do. Each gives the sentence to show, or None where what it did can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from checker.errors import UsageError
from checker.excel.inspection import check_book, score_book
from checker.excel.marking import Unmarked, apply, clear, keys_at
from checker.excel.own import own_sheet, own_titles
from checker.excel.record import keep, recorded
from checker.excel.results import Problem, explanations, problems, write
from checker.excel.sheets import quiet, show
from checker.marks import Table, marks_of, result_rows, score_rows
from checker.messages import Text, tr
from checker.model.report import Report, WorkbookReport
from checker.model.rule import Severity
from checker.reports.words import severity_word

__all__ = ["ACTIONS"]

_LANGUAGE: Final = "zh"
#: Of cells that could not be marked so many are named for each reason.
_MOST_NAMED: Final = 8


def _check(book: Any) -> Text:
    """Check the workbook, mark it, list the findings, and show the list."""
    with quiet(book.app):
        workbook, unmarked, sheet = _marked(book)
    show(sheet)
    return _told(workbook, sheet.name, unmarked)


def _check_sheet(book: Any) -> Text:
    """The same, staying on the sheet in front and speaking of it."""
    here = book.sheets.active
    name = here.name
    with quiet(book.app):
        workbook, unmarked, sheet = _marked(book)
    show(here)
    marks = [mark for mark in marks_of(workbook) if mark.sheet == name]
    if marks:
        here.range(marks[0].cell).select()
    if not any(form.sheet == name for form in workbook.forms):
        return tr(
            "On sheet {sheet} no known form was recognised, so nothing on it was checked. The whole workbook: {told}",
            sheet=name,
            told=_told(workbook, sheet.name, unmarked),
        )
    return tr(
        "Sheet {sheet}: {count} cells have a problem. The whole workbook: {told}",
        sheet=name,
        count=len(marks),
        told=_told(workbook, sheet.name, unmarked),
    )


def _marked(book: Any) -> tuple[WorkbookReport, tuple[Unmarked, ...], Any]:
    report = check_book(book)
    workbook = report.workbooks[0]
    if workbook.error is not None:
        raise workbook.error
    known = {**recorded(book).explanations, **explanations(book)}
    protected = clear(book).protected
    marked = apply(book, marks_of(workbook))
    table = _findings(report, known, marked.unmarked, protected)
    listed = {row.cells[-1] for row in table.rows}
    keep(book, recorded(book)._replace(explanations={id: text for id, text in known.items() if id not in listed}))
    return workbook, marked.unmarked, write(book, table)


def _findings(
    report: Report, known: Mapping[str, str], unmarked: Sequence[Unmarked] = (), protected: Sequence[str] = ()
) -> Table:
    """The table of findings, with what could not be marked among its first lines."""
    table = result_rows(
        report.workbooks[0], packs=report.packs, failures=report.failures, explanations=known, language=_LANGUAGE
    )
    lines = [
        tr("Not marked, because {reason}: {places}", reason=reason, places=_places([*group]))
        for reason, group in groupby(sorted(unmarked, key=lambda one: one.reason), key=lambda one: one.reason)
    ]
    lines += [tr("Old marks were left on sheet {sheet}, which is protected.", sheet=name) for name in protected]
    return table._replace(headline=(*table.headline, *(line.render(_LANGUAGE) for line in lines)))


def _places(unmarked: Sequence[Unmarked]) -> str:
    named = [f"{one.sheet}!{one.cell}" for one in unmarked[:_MOST_NAMED]]
    return ", ".join(named) + (", …" if len(unmarked) > len(named) else "")


def _told(workbook: WorkbookReport, sheet: str, unmarked: Sequence[Unmarked]) -> Text:
    graded = [finding.outcome.severity for finding in workbook.findings]
    open_questions = sum(workbook.counts.get(status, 0) for status in ("undecided", "insufficient", "broken"))
    told = tr(
        "errors {errors}, warnings {warnings}, notes {notes}; no answer to {open} checks. "
        "All of it is in sheet “{sheet}”.",
        errors=graded.count(Severity.ERROR),
        warnings=graded.count(Severity.WARNING),
        notes=graded.count(Severity.NOTE),
        open=open_questions,
        sheet=sheet,
    )
    if unmarked:
        return tr("{told} {count} cells could not be marked; the sheet says why.", told=told, count=len(unmarked))
    return told


def _score(book: Any) -> Text:
    """Recompute the scores and show them beside those claimed."""
    report = score_book(book)
    workbook = report.workbooks[0]
    if workbook.error is not None:
        raise workbook.error
    if not workbook.scores:
        raise UsageError(
            "EXCEL_NO_SCORES",
            tr("There is no scoring standard about the forms of this workbook."),
            tr("Press “Check” for everything else."),
        )
    with quiet(book.app):
        sheet = write(book, score_rows(workbook.scores, _LANGUAGE))
    show(sheet)
    return tr(
        "Scores recomputed: {errors} claims do not agree. They are in sheet “{sheet}”.",
        errors=report.verdict.errors,
        sheet=sheet.name,
    )


def _next(book: Any) -> Text | None:
    """Go to the next cell that has a problem, in the order of the list, and say what it is in the status bar."""
    listed = _listed(book)[1]
    places = list(dict.fromkeys((problem.sheet, problem.cell) for problem in listed))
    if not places:
        return tr("There are no problems in the list.")
    here = book.sheets.active.name, _selected(book)
    place = places[(places.index(here) + 1) % len(places) if here in places else 0]
    sheet = next((sheet for sheet in book.sheets if sheet.name == place[0]), None)
    if sheet is None or sheet.visible not in (True, -1):
        return tr("{place} is on a sheet that is hidden or gone.", place="!".join(place))
    show(sheet)
    sheet.range(place[1]).select()
    here_too = [problem for problem in listed if (problem.sheet, problem.cell) == place]
    said = tr(
        "Problem {number} of {total}: {text}",
        number=places.index(place) + 1,
        total=len(places),
        text=" / ".join(f"[{problem.severity}] {problem.text}" for problem in here_too),
    )
    book.app.status_bar = said.render(_LANGUAGE)[:255]
    return None


def _explain(book: Any) -> Text | None:
    """Go to where the explanation of the problem at the selected cell is to be written."""
    sheet, listed = _listed(book)
    row = _row_to_explain(book, sheet, listed)
    if row is None:
        return tr("There is no problem at this cell. Select a marked cell, or the row of a problem in the list.")
    if row.severity == severity_word(Severity.ERROR).render(_LANGUAGE):
        return tr("An error cannot be explained away: correct it. (No. in the list: row {row}.)", row=row.row)
    show(sheet)
    sheet.range((row.row, _column_of(book, sheet))).select()
    book.app.status_bar = tr(
        "Write the reason with a figure, a document number or a period; “objective reasons” alone is no explanation."
    ).render(_LANGUAGE)
    return None


def _row_to_explain(book: Any, sheet: Any, listed: Sequence[Problem]) -> Problem | None:
    active = book.sheets.active
    cell = book.app.selection
    if cell is None:
        return None
    if active.name == sheet.name:
        return next((problem for problem in listed if problem.row == cell.row), None)
    finding = keys_at(active.range((cell.row, cell.column))).partition("#")[0]
    here = [problem for problem in listed if finding and problem.finding == finding]
    here += [problem for problem in listed if (problem.sheet, problem.cell) == (active.name, _selected(book))]
    return here[0] if here else None


def _column_of(book: Any, sheet: Any) -> int:
    """The column of explanations, wherever it is now."""
    title = _columns()[12].title
    used = sheet.used_range
    for row in sheet.range((1, 1), (used.row + used.shape[0], used.column + used.shape[1])).raw_value:
        if title in row:
            return int(row.index(title)) + 1
    return 1


def _columns() -> Any:
    return result_rows(WorkbookReport("", "unread"), language=_LANGUAGE).columns


def _listed(book: Any) -> tuple[Any, list[Problem]]:
    sheet = own_sheet(book, own_titles()[0])
    if sheet is None:
        raise UsageError("EXCEL_NOT_CHECKED", tr("This workbook was not checked yet."), tr("Press “Check” first."))
    return sheet, problems(sheet, _columns())


def _selected(book: Any) -> str:
    """The first cell of what is selected: ``E7``."""
    cell = book.app.selection
    return "" if cell is None else str(cell(1, 1).address).replace("$", "")


def _clear(book: Any) -> Text:
    """Take away marks and sheets; a list into which somebody wrote explanations stays."""
    kept = ""
    with quiet(book.app):
        cleared = clear(book)
        for title in own_titles():
            sheet = own_sheet(book, title)
            if sheet is None:
                continue
            if title == own_titles()[0] and explanations(book):
                kept = sheet.name
            else:
                sheet.delete()
    told = tr("{count} marks taken away; colours and notes are as they were.", count=cleared.marks)
    if kept:
        told = tr("{told} Sheet “{sheet}” stays, because it holds explanations.", told=told, sheet=kept)
    if cleared.protected:
        names = ", ".join(cleared.protected)
        told = tr(
            "{told} Protected, so their marks stay: {sheets}. Unprotect them and try again.", told=told, sheets=names
        )
    return told


def _help(book: Any) -> Text:
    return tr(
        "Check: marks what is wrong and lists it. Next problem: goes from one to the next. Explain: a warning that is "
        "right as it is gets its reason in the list; it stays with a new check. Score: recomputes the marks. Clear: "
        "takes all marks away again. Cells are never changed. "
        "Excel cannot undo what was done before a check: save first."
    )


#: By the name that the ribbon gives.
ACTIONS: Final[Mapping[str, Callable[[Any], Text | None]]] = {
    "check": _check,
    "check_sheet": _check_sheet,
    "score": _score,
    "next": _next,
    "explain": _explain,
    "clear": _clear,
    "help": _help,
}
