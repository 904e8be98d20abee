"""The sheet of findings: what is wrong, in the order of the report, then what could not be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.engine.verdict import verdict
from checker.engine.written import seen
from checker.errors import CheckerError
from checker.marks.categories import category
from checker.marks.sides import cell_link, reference, sides, walk
from checker.marks.table import Column, Row, Table
from checker.messages import Text, tr
from checker.model.outcome import PRIOR, Outcome, Status
from checker.model.report import Finding, PackUsed, WorkbookReport
from checker.reports.explained import explained_line
from checker.reports.page import Page
from checker.reports.text import source_line
from checker.reports.words import patch_words, severity_word, source_remark, status_word

__all__ = ["EXPLANATION", "IDENTITY", "columns", "result_rows"]

#: What has no answer, the most pressing first.
_OPEN = (Status.BROKEN, Status.UNDECIDED, Status.INSUFFICIENT)
_MOST_PLACES = 10
_MOST_REASONS = 3
#: Their numbers stand below each other in a narrow column.
_MOST_RULES = 6
#: What the cells of a row hold, column by column.
_CELLS = (
    *("number", "severity", "category", "place", "problem", "actual", "expected", "difference", "tolerance"),
    *("cause", "source", "remedy", "explanation", "status", "rule", "id"),
)
_BLANK = dict.fromkeys(_CELLS, "")
#: Places among them of what officers write, and of the id of the finding.
EXPLANATION, IDENTITY = _CELLS.index("explanation"), _CELLS.index("id")


def columns() -> tuple[tuple[Text, int, str], ...]:
    """Title, width and role of each column; the last one, the id of the finding, is hidden."""
    return (
        (tr("No."), 6, "centre"),
        (tr("Severity"), 8, "centre"),
        (tr("Category"), 9, "centre"),
        (tr("Place"), 18, "link"),
        (tr("Problem"), 40, "text"),
        (tr("Actual"), 14, "amount"),
        (tr("Expected"), 14, "amount"),
        (tr("Difference"), 14, "amount"),
        (tr("Tolerance"), 12, "amount"),
        (tr("Possible cause"), 26, "text"),
        (tr("Source"), 20, "text"),
        (tr("Suggestion"), 26, "text"),
        (tr("Explanation"), 24, "input"),
        (tr("Status"), 9, "centre"),
        (tr("Rule id"), 11, "centre"),
        (tr("Finding id"), 14, "text"),
    )


def result_rows(
    report: WorkbookReport,
    *,
    packs: Sequence[PackUsed] = (),
    failures: Sequence[CheckerError] = (),
    explanations: Mapping[str, str] | None = None,
    reasons: Sequence[str] = (),
    language: str = "zh",
) -> Table:
    """The sheet of findings. ``packs``, ``failures`` and ``reasons`` are those of the whole report; ``explanations``,
    by finding id, are what people wrote before and keep their place."""
    page = Page(language)
    known, taken = explanations or {}, _taken(report.findings)
    rows, about = [], {}
    for number, finding in walk(report.findings):
        text = _text(finding, known.get(finding.id, ""), number, taken.get(finding.id, ()))
        rows.append(_finding(number, finding, text, page))
        if token := seen(finding, text):
            about[finding.id, number] = token
    undecided = [*_problems(report, page), *_open(report, page)]
    if undecided:
        rows += [_row(kind="section", problem=page.say(tr("Not decided (this is not a pass)"))), *undecided]
    titles = columns()
    made = tuple(
        Column(page.say(title), width, role, hidden=number == len(titles))
        for number, (title, width, role) in enumerate(titles, 1)
    )
    headline = (*_headline(report, packs, failures, page), page.say(_how_to_explain(reasons, page)))
    return Table(page.say(tr("Check results")), headline, made, tuple(rows), about)


def _taken(findings: tuple[Finding, ...]) -> Mapping[str, Sequence[str]]:
    """By id, the texts that are about one finding or another."""
    taken: dict[str, list[str]] = {}
    for _, finding in walk(findings):
        if finding.explained and (said := finding.explained.explanation):
            taken.setdefault(finding.id, []).append(said.text)
    return taken


def _text(finding: Finding, known: str, number: str, taken: Sequence[str]) -> str:
    """The explanation of a finding: of several texts for one id the one that is about it, or what is about no other."""
    said = finding.explained.explanation if finding.explained else None
    if said is not None and (not known or f"\n{said.text}\n" in f"\n{known}\n"):
        return said.text
    if "." in number:
        return ""
    for text in taken:
        known = f"\n{known}\n".replace(f"\n{text}\n", "\n").strip("\n")
    return known


def _row(kind: str = "plain", link: str = "", depth: int = 0, **cells: str) -> Row:
    return Row(tuple((_BLANK | cells).values()), kind, link, depth)


def _finding(number: str, finding: Finding, explanation: str, page: Page) -> Row:
    outcome, rule = finding.outcome, finding.rule
    depth = number.count(".")
    found = sides(outcome, page)
    what = page.say(finding.message)
    if finding.places:
        what += page.brackets(_also_at(finding.places, outcome.sheet, page))
    if finding.explained:
        what += page.brackets(page.quote(explained_line(finding.explained, page, told=False)))
    status = page.say(status_word(outcome.status))
    cause = page.say(finding.cause) if finding.cause else ""
    if depth:
        cause = page.say(tr("Follows from {number}", number=reference(number.rpartition(".")[0], page.language)))
    return _row(
        outcome.severity,
        cell_link(outcome.sheet, outcome.cell),
        depth,
        number=number,
        severity=page.say(severity_word(outcome.severity)),
        category=page.say(category(rule)),
        place=page.place(outcome.sheet, outcome.cell),
        problem=what,
        actual=found.actual,
        expected=found.expected,
        difference=found.difference,
        tolerance=found.tolerance,
        cause=cause,
        source=source_line(rule, page),
        remedy=page.say(finding.remedy) if finding.remedy else "",
        explanation=explanation,
        status=status,
        rule=rule.id,
        id=finding.id,
    )


def _also_at(places: Sequence[Outcome], sheet: str, page: Page) -> str:
    cells = list(dict.fromkeys(page.address(place, sheet) for place in places))
    named = cells[:_MOST_PLACES]
    if len(cells) > len(named):
        named.append(page.say(tr("and {count} more", count=len(cells) - len(named))))
    return page.say(tr("also at {places}", places=page.joined(named)))


def _problems(report: WorkbookReport, page: Page) -> Iterator[Row]:
    """What could not be read, found or recognised."""
    broken = page.say(status_word(Status.BROKEN))
    if report.error is not None:
        yield _row("open", problem=report.error.render(page.language), status=broken)
    seen: set[tuple[str, str, str]] = set()
    for problem in report.problems:
        what = page.say(problem.message)
        if (what, problem.sheet, problem.cell) not in seen:
            seen.add((what, problem.sheet, problem.cell))
            link = cell_link(problem.sheet, problem.cell)
            place = page.place(problem.sheet, problem.cell)
            status = page.say(tr("not found"))
            yield _row("open", link, place=place, problem=what, status=status)


def _open(report: WorkbookReport, page: Page) -> Iterator[Row]:
    """What has no answer: a line for each status and rule, or for each workbook that was not given."""
    titles = dict(report.titles) | {finding.rule.id: finding.title for _, finding in walk(report.findings)}
    grouped: dict[tuple[int, str], list[Outcome]] = {}
    awaited: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        if outcome.awaits:
            awaited.setdefault(outcome.awaits, []).append(outcome)
        elif outcome.status in _OPEN:
            grouped.setdefault((_OPEN.index(outcome.status), outcome.rule), []).append(outcome)
    for (_, rule), outcomes in sorted(grouped.items(), key=lambda item: item[0][0]):
        first = outcomes[0]
        title = page.say(titles[rule]) if rule in titles else rule
        what = page.say(tr("{where}: {what}", where=title, what=_reasons(outcomes, page)))
        if len(outcomes) > 1:
            what += page.brackets(_also_at(outcomes[1:], first.sheet, page))
        found = sides(first, page)
        yield _row(
            "open",
            cell_link(first.sheet, first.cell),
            place=page.place(first.sheet, first.cell),
            problem=what,
            actual=found.actual,
            expected=found.expected,
            status=page.say(status_word(first.status)),
            rule=rule,
        )
    for form, outcomes in awaited.items():
        rules = [*dict.fromkeys(outcome.rule for outcome in outcomes)]
        if len(rules) > _MOST_RULES:
            rules[_MOST_RULES - 1 :] = [page.say(tr("and {count} more rules", count=len(rules) - _MOST_RULES + 1))]
        if form.startswith(PRIOR):
            what = _reasons(outcomes, page)
        else:
            name = page.say(tr("“{form}”", form=form))
            what = page.say(tr("This time no workbook with {forms} was given", forms=name))
        yield _row("open", problem=what, status=page.say(status_word(Status.INSUFFICIENT)), rule="\n".join(rules))


def _reasons(outcomes: Sequence[Outcome], page: Page) -> str:
    reasons = [page.say(one.reason or one.message or status_word(one.status)).rstrip("。.") for one in outcomes]
    reasons = list(dict.fromkeys(reasons))
    line = reasons[0]
    for reason in reasons[1:_MOST_REASONS]:
        line = page.say(tr("{one}; {other}", one=line, other=reason))
    return line


def _headline(
    report: WorkbookReport, packs: Sequence[PackUsed], failures: Sequence[CheckerError], page: Page
) -> Iterator[str]:
    yield page.say(tr("Check results"))
    about = [text for text in (report.unit, report.year) if text]
    if about:
        yield page.say(tr("Unit and year: {about}", about=page.quote(" ".join(about))))
    found = verdict([report], list(failures), "error")
    counts = tr(
        "Errors {errors}, warnings {warnings}, notes {notes}; undecided {undecided}, data missing {insufficient}, "
        "not run {broken}",
        errors=found.errors,
        warnings=found.warnings,
        notes=found.notes,
        undecided=found.undecided,
        insufficient=found.insufficient,
        broken=found.broken,
    )
    if report.status == "unread":
        sentence = tr("Nothing was checked.")
    elif found.exit == 3:
        sentence = tr("Something could not be checked: this is not a clean bill.")
    elif found.errors:
        sentence = tr("There is something to correct or explain.")
    elif found.warnings:
        sentence = tr("No errors; correct or explain the warnings.")
    elif found.waived and not found.notes:
        sentence = tr("What was found is explained or waived.")
    else:
        sentence = tr("Nothing that must be corrected.")
    if found.waived:
        counts = tr("{one}; {other}", one=counts, other=tr("explained or waived {count}", count=found.waived))
    yield page.say(tr("Verdict: {sentence} {counts}", sentence=sentence, counts=counts))
    for pack in packs:
        if pack.id in (report.pack, *report.further_packs):
            standing = source_remark(pack.status)
            edition = page.say(tr("Rule pack {pack}, edition {edition}", pack=pack.id, edition=pack.edition))
            yield edition + (page.brackets(page.say(standing)) if standing else "")
            yield from (page.quote(page.say(words)) for words in patch_words(pack.patches))
    for failure in failures:
        yield page.say(tr("Not loaded")) + page.brackets(page.quote(failure.render(page.language)))
    for _, remark in report.remarks:
        yield page.say(remark)


def _how_to_explain(reasons: Sequence[str], page: Page) -> Text:
    column = tr("Explanation")
    if not reasons:
        return tr("Write explanations into the column “{column}”; they stay with a new check.", column=column)
    return tr(
        "Write explanations into the column “{column}”, each beginning with its kind and a colon ({reasons}); they "
        "stay with a new check.",
        column=column,
        reasons=page.joined(reasons),
    )
