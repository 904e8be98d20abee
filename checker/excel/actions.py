"""What the buttons do. Each gives the sentence to show, or None where what it did can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from checker.engine.verdict import verdict
from checker.errors import UsageError
from checker.excel.hints import findings_at, hints, lines
from checker.excel.inspection import assess_book, check_book, score_book
from checker.excel.marking import Unmarked, apply, clear
from checker.excel.one_sheet import about_sheet
from checker.excel.own import is_own_open, own_sheet, own_titles
from checker.excel.record import keep, recorded
from checker.excel.results import EXPLANATION, IDENTITY, Problem, explanations, problems, write
from checker.excel.sheets import quiet, show, structure_protected
from checker.marks import Table, marks_of, result_rows, score_rows
from checker.marks.sides import walk
from checker.messages import Text, tr
from checker.model.explanation import Explanation
from checker.model.outcome import Status
from checker.model.report import Report, Verdict, WorkbookReport
from checker.model.rule import Severity
from checker.reports.words import status_word

__all__ = ["ACTIONS"]

_LANGUAGE: Final = "zh"
#: Of cells that could not be marked so many are named for each reason.
_MOST_NAMED: Final = 8


def _check(book: Any) -> Text:
    """Check the workbook, mark it, list the findings, and show the list."""
    checked = check_book(book)
    workbook = _checked(checked.report)
    with quiet(book.app):
        unmarked, sheet = _marked(book, checked.report, workbook, checked.explanations)
    show(sheet)
    return _told(workbook, sheet.name, unmarked)


def _check_sheet(book: Any) -> Text:
    """The same for what concerns the sheet in front, staying there. All is read, since rules compare sheets."""
    here = book.sheets.active
    name = here.name
    if is_own_open(here):
        return tr("This is a sheet of results. Go to the sheet that is to be checked.")
    checked = check_book(book)
    workbook = _checked(checked.report)
    mine = about_sheet(workbook, name)
    if not mine.forms and not any(problem.sheet == name for problem in mine.problems):
        return tr("On sheet {sheet} no known form was recognised, so nothing on it was checked.", sheet=name)
    others = _standing(workbook) - _standing(mine)
    line = tr(
        "Only what concerns sheet {sheet}; {count} more problems on other sheets. “Check” lists all.",
        sheet=name,
        count=others,
    )
    with quiet(book.app):
        unmarked, sheet = _marked(book, checked.report, mine, checked.explanations, [line])
    show(here)
    first = next((mark for mark in marks_of(mine) if mark.sheet == name), None)
    if first is not None:
        here.range(first.cell).select()
    return lines((tr("Sheet {sheet}: {told}", sheet=name, told=_told(mine, sheet.name, unmarked)), line))


def _checked(report: Report) -> WorkbookReport:
    """The only workbook of ``report``. Raises ``CheckerError`` if it was not read."""
    (workbook,) = report.workbooks
    if workbook.error is not None:
        raise workbook.error
    return workbook


def _standing(workbook: WorkbookReport) -> int:
    found = _counted(workbook)
    return found.errors + found.warnings + found.notes


def _counted(workbook: WorkbookReport) -> Verdict:
    return verdict([workbook], (), Severity.ERROR)


def _marked(
    book: Any, report: Report, workbook: WorkbookReport, said: Sequence[Explanation], lines: Sequence[Text] = ()
) -> tuple[tuple[Unmarked, ...], Any]:
    """Mark and list what ``workbook`` holds. What officers wrote is safe in the record before the list is touched;
    afterwards only what the list does not show stays there."""
    protected = clear(book).protected
    keep(book, recorded(book)._replace(waiting=said, seen={}))
    unmarked = apply(book, marks_of(workbook)).unmarked
    known: dict[str, list[str]] = {}
    for one in said:
        texts = known.setdefault(one.finding, [])
        if one.text not in texts:
            texts.append(one.text)
    table = result_rows(
        workbook,
        packs=report.packs,
        failures=report.failures,
        explanations={finding: "\n".join(texts) for finding, texts in known.items()},
        language=_LANGUAGE,
    )
    more = [*lines, *_remarks(unmarked, protected)]
    if structure_protected(book):
        more.append(tr("This list stands in a workbook of its own: what is written into it is not read again."))
    table = table._replace(headline=(*table.headline, *(line.render(_LANGUAGE) for line in more)))
    sheet = write(book, table)
    keep(book, recorded(book)._replace(waiting=_unlisted(said, table), seen=table.seen))
    return unmarked, sheet


def _unlisted(said: Sequence[Explanation], table: Table) -> list[Explanation]:
    """What no row of the list shows."""
    shown: dict[str, list[str]] = {}
    for row in table.rows:
        shown.setdefault(row.cells[IDENTITY], []).append(row.cells[EXPLANATION])
    return [one for one in dict.fromkeys(said) if not any(one.text in cells for cells in shown.get(one.finding, ()))]


def _remarks(unmarked: Sequence[Unmarked], protected: Sequence[str]) -> list[Text]:
    """What could not be marked, or not be cleared."""
    told = [
        tr("Not marked, because {reason}: {places}", reason=reason, places=_places([*group]))
        for reason, group in groupby(sorted(unmarked, key=lambda one: one.reason), key=lambda one: one.reason)
    ]
    return told + [tr("Old marks were left on sheet {sheet}, which is protected.", sheet=name) for name in protected]


def _places(unmarked: Sequence[Unmarked]) -> str:
    named = [f"{one.sheet}!{one.cell}" for one in unmarked[:_MOST_NAMED]]
    return ", ".join(named) + (", …" if len(unmarked) > len(named) else "")


def _told(workbook: WorkbookReport, sheet: str, unmarked: Sequence[Unmarked]) -> Text:
    found = _counted(workbook)
    told = tr(
        "errors {errors}, warnings {warnings}, notes {notes}; no answer to {open} checks. "
        "All of it is in sheet “{sheet}”.",
        errors=found.errors,
        warnings=found.warnings,
        notes=found.notes,
        open=found.undecided + found.insufficient + found.broken,
        sheet=sheet,
    )
    explained = [finding.explained for _, finding in walk(workbook.findings) if finding.explained is not None]
    refused = sum(one.refused is not None for one in explained)
    if found.waived:
        told = tr("{told} Explained or waived: {count}.", told=told, count=found.waived)
    if refused:
        told = tr("{told} {count} explanations do not count; the list says why.", told=told, count=refused)
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
    settled = {status_word(Status.WAIVED).zh, status_word(Status.WAIVED).en}
    listed = [problem for problem in _listed(book)[1] if problem.status not in settled]
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


def _explain(book: Any) -> Text:
    """Say what belongs in the selected cell (or the cell of the selected row of the list) and what is wrong there, and
    lead to where a warning is explained."""
    list_ = own_sheet(book, own_titles()[0])
    listed = [] if list_ is None else problems(list_)
    sheet, cell, row = _place(book, list_, listed)
    if sheet is None:
        return tr("Select a cell of a form, or the row of a problem in the list.")
    assessed = assess_book(book)
    said = [hints(assessed, sheet.name, cell.row, cell.column)]
    found = findings_at(assessed, sheet.name, cell.row, cell.column)
    by_severity = {
        finding.outcome.severity: finding.id
        for finding in reversed(found)
        if finding.outcome.status != Status.WAIVED and (row is None or finding.id == row.finding)
    }
    if Severity.ERROR in by_severity:
        said.append(tr("An error cannot be explained away: correct it."))
    if Severity.WARNING in by_severity:
        row = next((problem for problem in listed if problem.finding == by_severity[Severity.WARNING]), None)
        said.append(_led_to(book, list_, row))
    return lines(said)


def _led_to(book: Any, list_: Any, row: Problem | None) -> Text:
    """What to do about a warning; the cell for its explanation is selected if the list has it."""
    if row is None:
        return tr("If the figure is right, press “Check” and then this button again to explain it.")
    show(list_)
    list_.range((row.row, row.column)).select()
    advice = tr(
        "If the figure is right, write the reason into the yellow cell that is selected now, with a figure, a document "
        "number or a period; “objective reasons” alone is no explanation. Then check again."
    )
    book.app.status_bar = advice.render(_LANGUAGE)[:255]
    return advice


def _place(book: Any, list_: Any, listed: Sequence[Problem]) -> tuple[Any, Any, Problem | None]:
    """The sheet and cell that is asked about, and the row of the list that was selected for it; nothing where there is
    no such cell."""
    active, cell = book.sheets.active, book.app.selection
    if cell is None:
        return None, None, None
    if list_ is None or active.name != list_.name:
        cell = active.range((cell.row, cell.column))
        return active, cell.merge_area(1, 1) if cell.merge_cells else cell, None
    row = next((problem for problem in listed if problem.row == cell.row), None)
    sheet = next((sheet for sheet in book.sheets if row is not None and sheet.name == row.sheet), None)
    if row is None or sheet is None:
        return None, None, None
    return sheet, sheet.range(row.cell), row


def _listed(book: Any) -> tuple[Any, list[Problem]]:
    sheet = own_sheet(book, own_titles()[0])
    if sheet is None:
        raise UsageError("EXCEL_NOT_CHECKED", tr("This workbook was not checked yet."), tr("Press “Check” first."))
    return sheet, problems(sheet)


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
        record = recorded(book)
        if not kept and record.seen:
            keep(book, record._replace(seen={}))
    told = tr("{count} marks taken away; colours and notes are as they were.", count=cleared.marks)
    if kept:
        told = tr("{told} Sheet “{sheet}” stays, because it holds explanations.", told=told, sheet=kept)
    if record.waiting:
        told = tr(
            "{told} {count} explanations of problems that the list did not show stay in a hidden sheet.",
            told=told,
            count=len(record.waiting),
        )
    if cleared.protected:
        names = ", ".join(cleared.protected)
        told = tr(
            "{told} Protected, so their marks stay: {sheets}. Unprotect them and try again.", told=told, sheets=names
        )
    return told


def _help(book: Any) -> Text:
    return tr(
        "Check: marks what is wrong and lists it. Check this sheet: only what concerns the sheet in front. Next "
        "problem: goes from one to the next. Explain: says what belongs in a cell; a warning that is right as it is "
        "gets its reason in the list, and that stays with a new check. Score: recomputes the marks. Clear: takes all "
        "marks away again. Cells are never changed. "
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
