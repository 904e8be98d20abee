"""What the buttons do. Each gives the sentence to show, or None where what it did can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from checker.engine.verdict import verdict
from checker.errors import UsageError
from checker.excel.hints import findings_at, hints, lines
from checker.excel.inspection import Checked, assess_book, check_book, score_book
from checker.excel.marking import Unmarked, apply, clear, take_away
from checker.excel.one_sheet import about_sheet
from checker.excel.own import is_own_open, own_sheet, own_titles
from checker.excel.record import Record, keep, recorded
from checker.excel.results import Problem, elsewhere, explanations, filtered, problems, write
from checker.excel.sheets import can_be_seen, quiet, remove_sheet, reveal, show, structure_protected
from checker.marks import Table, marks_of, result_rows, score_rows, texts_of, unlisted
from checker.marks.sides import walk
from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.model.report import Report, Verdict, WorkbookReport
from checker.model.rule import Severity
from checker.reports.page import Page
from checker.reports.words import status_word

__all__ = ["ACTIONS"]

_LANGUAGE: Final = "zh"
#: Of cells that could not be marked so many are named for each reason.
_MOST_NAMED: Final = 8
#: So many characters the status bar takes.
_STATUS_BAR: Final = 255


def _check(book: Any) -> Text:
    """Check the workbook, mark it, list the findings, and show the list."""
    checked = check_book(book)
    workbook = _checked(checked.report)
    _writable(book, own_titles()[0])
    with quiet(book.app):
        unmarked, sheet = _marked(book, checked, workbook)
    show(sheet)
    return _told(book, workbook, sheet, unmarked)


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
    if not others:
        line = tr("Only what concerns sheet {sheet}; no problems beside that on other sheets.", sheet=name)
    _writable(book, own_titles()[0])
    with quiet(book.app):
        unmarked, sheet = _marked(book, checked, mine, [line])
    show(here)
    first = next((mark for mark in marks_of(mine) if mark.sheet == name), None)
    if first is not None:
        here.range(first.cell).select()
    return lines((tr("Sheet {sheet}: {told}", sheet=name, told=_told(book, mine, sheet, unmarked)), line))


def _checked(report: Report) -> WorkbookReport:
    """The only workbook of ``report``. Raises ``CheckerError`` if it was not read."""
    (workbook,) = report.workbooks
    if workbook.error is not None:
        raise workbook.error
    return workbook


def _writable(book: Any, title: str) -> None:
    """Raises ``UsageError`` where the sheet of ours called ``title`` cannot be written anew: before anything is."""
    sheet = own_sheet(book, title)
    if sheet is not None and sheet.api.ProtectContents:
        raise UsageError(
            "EXCEL_LIST_PROTECTED",
            tr("Sheet “{sheet}” is protected, so no results can be written into it.", sheet=sheet.name),
            tr("Unprotect that sheet and try again."),
        )


def _standing(workbook: WorkbookReport) -> int:
    found = _counted(workbook)
    return found.errors + found.warnings + found.notes


def _counted(workbook: WorkbookReport) -> Verdict:
    return verdict([workbook], (), Severity.ERROR)


def _marked(
    book: Any, checked: Checked, workbook: WorkbookReport, lines: Sequence[Text] = ()
) -> tuple[tuple[Unmarked, ...], Any]:
    """Mark and list what ``workbook``, of all that was checked, holds. What officers wrote is safe in the record before
    the list is touched; afterwards only what the list does not show stays there."""
    report, said = checked.report, checked.explanations
    cleared = take_away(book, recorded(book))
    _, unmarked, record = apply(book, marks_of(workbook), checked.read, Record(cleared.left, said, {}))
    table = result_rows(
        workbook,
        packs=report.packs,
        failures=report.failures,
        explanations=texts_of(said),
        reasons=report.reasons,
        language=_LANGUAGE,
    )
    more = [*lines, *_remarks(unmarked, cleared.protected)]
    if structure_protected(book):
        more.append(_apart(book))
    sheet = write(book, _headed(table, more))
    keep(book, record._replace(waiting=unlisted(said, table), seen=table.seen))
    return unmarked, sheet


def _headed(table: Table, more: Sequence[Text]) -> Table:
    return table._replace(headline=(*table.headline, *(line.render(_LANGUAGE) for line in more)))


def _apart(book: Any) -> Text:
    return tr(
        "This is about workbook “{book}” and stands in one of its own: what is written into it is not read again.",
        book=book.name,
    )


def _remarks(unmarked: Sequence[Unmarked], protected: Sequence[str]) -> list[Text]:
    """What could not be marked, or not be cleared."""
    told = [
        tr("Not marked, because {reason}: {places}", reason=reason, places=_places([*group]))
        for reason, group in groupby(sorted(unmarked, key=lambda one: one.reason), key=lambda one: one.reason)
    ]
    return told + [tr("Old marks were left on sheet {sheet}, which is protected.", sheet=name) for name in protected]


def _places(unmarked: Sequence[Unmarked]) -> str:
    page = Page(_LANGUAGE)
    named = [f"{one.sheet}!{one.cell}" for one in unmarked[:_MOST_NAMED]]
    if len(unmarked) > len(named):
        named.append(page.say(tr("and {count} more", count=len(unmarked) - len(named))))
    return page.joined(named)


def _told(book: Any, workbook: WorkbookReport, sheet: Any, unmarked: Sequence[Unmarked]) -> Text:
    found = _counted(workbook)
    counts = {"errors": found.errors, "warnings": found.warnings, "notes": found.notes}
    told = tr("errors {errors}, warnings {warnings}, notes {notes}", **counts)
    without_answer = found.undecided + found.insufficient + found.broken
    if without_answer:
        told = tr("{told}; no answer to {open} checks", told=told, open=without_answer)
    told = tr("{told}. All of it is in {place}.", told=told, place=_where(book, sheet))
    explained = [finding.explained for _, finding in walk(workbook.findings) if finding.explained is not None]
    refused = sum(one.refused is not None for one in explained)
    if found.waived:
        told = tr("{told} Explained or waived: {count}.", told=told, count=found.waived)
    if refused:
        told = tr("{told} {count} explanations do not count; the list says why.", told=told, count=refused)
    if unmarked:
        return tr("{told} {count} cells could not be marked; the sheet says why.", told=told, count=len(unmarked))
    return told


def _where(book: Any, sheet: Any) -> Text:
    """The sheet of results as it is called in a sentence."""
    if sheet.book.name == book.name:
        return tr("sheet “{sheet}”", sheet=sheet.name)
    return tr("sheet “{sheet}” of the new workbook “{book}”", sheet=sheet.name, book=sheet.book.name)


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
    _writable(book, own_titles()[1])
    with quiet(book.app):
        table = score_rows(workbook.scores, _LANGUAGE)
        sheet = write(book, _headed(table, [_apart(book)]) if structure_protected(book) else table)
    show(sheet)
    return tr(
        "Scores recomputed: {errors} claims do not agree. They are in {place}.",
        errors=report.verdict.errors,
        place=_where(book, sheet),
    )


def _next(book: Any) -> Text | None:
    """Go to the next cell that has a problem, in the order of the list, and say what it is in the status bar. Rows that
    are filtered out are passed over; so are cells that cannot be gone to, which are counted."""
    settled = {status_word(Status.WAIVED).zh, status_word(Status.WAIVED).en}
    list_, every_row = _listed(book)
    passed = filtered(list_)
    listed = [row for row in every_row if row.status not in settled and row.row not in passed]
    every = dict.fromkeys((problem.sheet, problem.cell) for problem in listed)
    if not every:
        return tr("The filter of the list hides all problems.") if passed else tr("There are no problems in the list.")
    sheets = {sheet.name: sheet for sheet in book.sheets if can_be_seen(sheet)}
    places = [place for place in every if place[0] in sheets]
    hidden = len(every) - len(places)
    if not places:
        return tr("{place} is on a sheet that is hidden or gone.", place="!".join(next(iter(every))))
    here = book.sheets.active.name, _selected(book)
    place = places[(places.index(here) + 1) % len(places) if here in places else 0]
    show(sheets[place[0]])
    sheets[place[0]].range(place[1]).select()
    here_too = [problem for problem in listed if (problem.sheet, problem.cell) == place]
    where = tr("Problem {number} of {total}", number=places.index(place) + 1, total=len(places))
    if hidden:
        where = tr("{where}, {hidden} more on sheets that are hidden or gone", where=where, hidden=hidden)
    text = " ".join(_said(problem).render(_LANGUAGE) for problem in here_too)
    _say_below(book, tr("{where}: {text}", where=where, text=text))
    return None


def _said(problem: Problem) -> Text:
    """What has no answer has no severity either."""
    return tr("[{severity}] {what}", severity=problem.severity or problem.status, what=problem.text)


def _say_below(book: Any, text: Text) -> None:
    """Say it in the status bar."""
    words = text.render(_LANGUAGE)
    book.app.status_bar = words if len(words) <= _STATUS_BAR else f"{words[: _STATUS_BAR - 1]}…"


def _explain(book: Any) -> Text:
    """Say what belongs in the selected cell (or the cell of the selected row of the list) and what is wrong there, and
    lead to where a warning is explained."""
    list_ = own_sheet(book, own_titles()[0])
    listed = [] if list_ is None else problems(list_)
    sheet, cell, row = _place(book, list_, listed)
    if sheet is None:
        return tr("Select a cell of a form, or a row of the list that leads to a cell.")
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
    reveal(list_)
    show(list_)
    list_.range((row.row, row.column)).select()
    advice = tr(
        "If the figure is right, write the reason into the yellow cell that is selected now, with a figure, a document "
        "number or a period; “objective reasons” alone is no explanation. Then check again."
    )
    _say_below(book, advice)
    return advice


def _place(book: Any, list_: Any, listed: Sequence[Problem]) -> tuple[Any, Any, Problem | None]:
    """The sheet and cell that is asked about, and the row of the list that was selected for it; nothing where there is
    no such cell."""
    active, cell = book.sheets.active, book.app.selection
    if cell is None:
        return None, None, None
    if list_ is None or active.name != list_.name:
        if is_own_open(active):
            return None, None, None
        cell = active.range((cell.row, cell.column))
        return active, cell.merge_area(1, 1) if cell.merge_cells else cell, None
    row = next((problem for problem in listed if problem.row == cell.row), None)
    sheet = next((sheet for sheet in book.sheets if row is not None and sheet.name == row.sheet), None)
    if row is None or sheet is None:
        return None, None, None
    return sheet, sheet.range(row.cell), row


def _listed(book: Any) -> tuple[Any, list[Problem]]:
    sheet = own_sheet(book, own_titles()[0])
    if sheet is None and structure_protected(book):
        sheet = elsewhere(book, own_titles()[0], _apart(book).render(_LANGUAGE))
    if sheet is None:
        raise UsageError("EXCEL_NOT_CHECKED", tr("This workbook was not checked yet."), tr("Press “Check” first."))
    return sheet, problems(sheet)


def _selected(book: Any) -> str:
    """The first cell of what is selected: ``E7``."""
    cell = book.app.selection
    return "" if cell is None else str(cell(1, 1).address).replace("$", "")


def _clear(book: Any) -> Text:
    """Take away marks and sheets; a list into which somebody wrote explanations stays."""
    kept, fixed, gone = "", "", False
    with quiet(book.app):
        cleared = clear(book)
        for title in own_titles():
            sheet = own_sheet(book, title)
            if sheet is None:
                continue
            if title == own_titles()[0] and explanations(book):
                kept = sheet.name
            elif structure_protected(book):
                fixed = sheet.name
            else:
                remove_sheet(sheet)
                gone = True
        record = recorded(book)
        if not kept and record.seen:
            keep(book, record._replace(seen={}))
    told = tr("{count} marks taken away; colours and notes are as they were.", count=cleared.marks)
    if not cleared.marks and not cleared.protected:
        told = tr("There were no marks; the results are taken away.") if gone else tr("There are no marks.")
    if fixed:
        told = tr(
            "{told} Sheet “{sheet}” stays, because the structure of the workbook is protected.", told=told, sheet=fixed
        )
    if kept:
        told = tr("{told} Sheet “{sheet}” stays, because it holds explanations.", told=told, sheet=kept)
    if record.waiting:
        told = tr(
            "{told} {count} explanations of problems that the list did not show stay in a hidden sheet.",
            told=told,
            count=len(record.waiting),
        )
    if cleared.protected:
        names = Page(_LANGUAGE).joined(cleared.protected)
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
