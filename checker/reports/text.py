"""The report as plain text, for the officer who must act on it and the auditor who must defend it.

What is wrong comes first, in the order of the report, the worst on top; then, as plainly, what could not be
decided. The last line repeats the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from checker.errors import CheckerError
from checker.messages import Text, tr
from checker.model.outcome import PRIOR, Outcome, Status
from checker.model.report import Finding, PackUsed, Report, Submission, WorkbookReport
from checker.model.rule import Rule, Severity
from checker.reports.figures import shown
from checker.reports.layout import BOLD, CYAN, RED, YELLOW, cut, pad, width
from checker.reports.page import Page
from checker.reports.summary import summary
from checker.reports.verdict import verdict_line
from checker.reports.words import patch_words, severity_word, source_remark, status_word

__all__ = ["comparison", "formulas", "operands", "render", "source_line", "verdict_line"]

_COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: CYAN}
#: How a failed comparison reads with its numbers filled in.
_DENIED = {"=": "≠", "<=": ">", "≤": ">", ">=": "<", "≥": "<", "<": "≥", ">": "≤"}
#: Words between two sides that are no signs of arithmetic say nothing that the rule's title does not.
_PLAIN_OPERATORS = {"<=": "≤", ">=": "≥", "<>": "≠", "in": "", "has": "", "once": "", "~": ""}
#: The order in which what was not decided is listed.
_OPEN = (Status.BROKEN, Status.UNDECIDED, Status.INSUFFICIENT)
_MOST_PLACES = 10
_MOST_OPERANDS = 12
_MOST_REASONS = 3
#: A report with more findings begins with a list of them.
_FEW = 5


def render(
    report: Report,
    language: str,
    *,
    verbose: bool = False,
    brief: bool = False,
    columns: int = 100,
    colour: bool = False,
) -> str:
    """``report`` in ``language`` (``zh`` or ``en``), in lines of ``columns``. ``brief`` is one page for a workbook: a
    line for each finding, nothing of how it was found. ``verbose`` leaves nothing out:
    every place, every operand, and every outcome that the report carries, passes included."""
    page = Page(language, columns, colour)
    blocks = [list(_packs(report.packs, page, brief)), list(_failures(report.failures, page))]
    blocks.append(list(_together(report.submissions, page)))
    blocks += [list(_workbook(workbook, page, verbose, brief)) for workbook in report.workbooks]
    blocks.append([verdict_line(report.verdict, page)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _packs(packs: Iterable[PackUsed], page: Page, brief: bool) -> Iterator[str]:
    for pack in packs:
        standing = source_remark(pack.status)
        marked = page.brackets(page.say(standing)) if standing else ""
        edition = tr("Rule pack {pack}, edition {edition}", pack=pack.id, edition=pack.edition)
        yield page.say(edition) + marked
        for remark in () if brief else pack.remarks:
            yield from page.lines(page.say(remark), indent=2)
        for words in patch_words(pack.patches):
            yield from page.lines(page.quote(page.say(words)), indent=2)


def _failures(failures: Iterable[CheckerError], page: Page) -> Iterator[str]:
    for failure in failures:
        yield from page.lines(_error(failure, page, ""), page.say(tr("Not loaded")) + "  ")


def _together(submissions: Iterable[Submission], page: Page) -> Iterator[str]:
    """Which workbooks saw each other, and which were last year's."""
    for submission in submissions:
        if len(submission.workbooks) < 2 and not submission.prior:
            continue
        joint = "; " if page.language == "en" else "；"
        parts = [page.say(tr("Checked together: {files}", files=_files(submission.workbooks, page)))]
        if submission.prior:
            parts.append(page.say(tr("last year: {files}", files=_files(submission.prior, page))))
        yield from page.lines(joint.join(parts))


def _files(paths: Sequence[str], page: Page) -> str:
    """The names of files, with their folders where two have one name."""
    names = [PurePath(path).name for path in paths]
    return page.joined(page.quote(p if names.count(n) > 1 else n) for p, n in zip(paths, names, strict=True))


def _error(error: CheckerError, page: Page, path: str) -> str:
    joint = " " if error.hint and page.language == "en" else ""
    line = page.say(error.message) + joint + (page.say(error.hint) if error.hint else "") + f" [{error.code}]"
    if not error.where or error.where == path:
        return line
    return page.say(tr("{where}: {what}", where=page.quote(error.where), what=line))


def _workbook(workbook: WorkbookReport, page: Page, verbose: bool, brief: bool) -> Iterator[str]:
    yield page.paint(page.quote(workbook.path), BOLD)
    if workbook.error is not None:
        label = page.say(tr("Not checked")) + "  "
        yield from page.lines(_error(workbook.error, page, workbook.path), label, indent=2)
    yield from page.fields(_heading(workbook, page), 2)
    yield from page.fields(((tr("Reading"), page.say(message)) for _, message in workbook.remarks), 2)
    wrong = [finding for finding in workbook.findings if finding.outcome.status == Status.FAIL]
    if len(wrong) > _FEW or (brief and wrong):
        yield ""
        yield from summary(wrong, page)
    for number, finding in enumerate(() if brief else wrong, 1):
        yield ""
        yield from _finding(finding, number, page, verbose)
    undecided = [*_problems(workbook, page), *_open(workbook, page, verbose)]
    if undecided:
        yield ""
        yield page.paint(page.say(tr("Not decided (this is not a pass):")), BOLD)
        yield from undecided
    if workbook.counts.get(Status.WAIVED):
        from checker.reports.explained import settled_lines

        yield ""
        yield from settled_lines(workbook.findings, page)
    tails = workbook.counts.get(Status.TAIL, 0)
    if tails:
        yield ""
        yield page.say(tr("Differences that rounding explains: {count}, nothing to do.", count=tails))
    if verbose and workbook.outcomes:
        yield ""
        yield page.paint(page.say(tr("Every check:")), BOLD)
        for outcome in workbook.outcomes:
            yield from _one_line(outcome, page)


def _heading(workbook: WorkbookReport, page: Page) -> Iterator[tuple[Text, str]]:
    forms = [
        page.quote(f"{found.form}{page.brackets(found.pack)}  {found.sheet}!{found.range}") for found in workbook.forms
    ]
    if forms:
        yield tr("Form"), "\n".join(forms)
    if workbook.unit:
        yield tr("Unit"), page.quote(workbook.unit)
    if workbook.year:
        yield tr("Year"), page.quote(workbook.year)
    total = sum(workbook.counts.values())
    if total or workbook.error is None:
        parts = [
            f"{page.say(status_word(status))} {workbook.counts[status]}"
            for status in Status.ORDER
            if workbook.counts.get(status)
        ]
        counts = tr("{total} in all: {parts}", total=total, parts=page.joined(parts))
        yield tr("Checks"), page.say(counts if parts else tr("none was run"))


def _finding(finding: Finding, number: int, page: Page, verbose: bool) -> Iterator[str]:
    outcome = finding.outcome
    severity = page.paint(page.say(severity_word(outcome.severity)), BOLD, _COLOURS.get(outcome.severity, BOLD))
    where = f"{page.place(outcome.sheet, outcome.cell)}  {page.quote(' / '.join(outcome.path))}"
    yield f"{number}. {severity}  {page.paint(where.strip(), BOLD)}"
    yield from page.fields(_finding_fields(finding, page, verbose), 3)


def _finding_fields(finding: Finding, page: Page, verbose: bool) -> Iterator[tuple[Text, str]]:
    outcome = finding.outcome
    yield tr("Must hold"), page.quote(page.say(finding.title))
    yield tr("What is wrong"), page.quote(page.say(finding.message))
    compared = comparison(outcome, page)
    if compared:
        yield tr("Compared"), compared
    if finding.explained:
        from checker.reports.explained import explained_line

        yield tr("Explanation"), page.quote(explained_line(finding.explained, page))
    if finding.cause:
        yield tr("Likely cause"), page.say(finding.cause)
    if finding.remedy:
        yield tr("What to do"), page.say(finding.remedy)
    yield from formulas(outcome, page)
    cells = operands(outcome, page, len(outcome.operands) if verbose else _MOST_OPERANDS)
    if cells:
        yield tr("Cells"), "\n".join(cells)
    if finding.places:
        yield tr("Also at"), _places(finding.places, outcome.sheet, page, verbose)
    if finding.consequences:
        yield tr("Follows"), "\n".join(_consequences(finding.consequences, outcome.sheet, page))
    yield tr("Source"), source_line(finding.rule, page)
    yield tr("Rule"), _rule_line(finding, page)


def comparison(outcome: Outcome, page: Page) -> str:
    """Both sides and how far they are apart, in one line; empty where nothing was compared."""
    left, right = outcome.left, outcome.right
    if left is None:
        return ""
    bounds = outcome.status == Status.UNDECIDED
    actual = page.say(tr("actual {value}", value=page.value(left, bounds)))
    if right is None:
        return actual
    if outcome.status == Status.FAIL and left.value == right.value and outcome.difference is None:
        return ""
    operator = "" if outcome.operator == "=" else _PLAIN_OPERATORS.get(outcome.operator, outcome.operator)
    expected = f"{operator} {page.value(right, bounds)}".strip()
    parts = [actual, page.say(tr("expected {value}", value=expected))]
    if outcome.difference is not None:
        unit = left.unit or right.unit
        decimals = left.decimals if left.decimals is not None else right.decimals
        parts.append(page.say(tr("difference {value}", value=shown(outcome.difference, unit, decimals, signed=True))))
        if outcome.at_least is not None and abs(outcome.at_least) != abs(outcome.difference):
            least = tr("beyond rounding at least {value}", value=shown(abs(outcome.at_least), unit, decimals))
            parts[-1] += page.brackets(page.say(least))
    return (", " if page.language == "en" else "，").join(parts)


def formulas(outcome: Outcome, page: Page) -> Iterator[tuple[Text, str]]:
    """The formula in labels, and with numbers filled in. Of a failed one the numbers are written as they are:
    ``0.00 ≠ 80.00 + 20.00``."""
    left, right = outcome.left, outcome.right
    if left is None or not left.formula:
        return
    operator = _PLAIN_OPERATORS.get(outcome.operator, outcome.operator)
    denied = _DENIED.get(outcome.operator, operator) if outcome.status == Status.FAIL else operator
    yield tr("Formula"), page.quote(f"{left.formula} {operator} {right.formula}" if right else left.formula)
    yield tr("Filled in"), page.quote(f"{left.filled} {denied} {right.filled}" if right else left.filled)


def operands(outcome: Outcome, page: Page, most: int) -> list[str]:
    """A line per cell that took part: address, label path, what it holds."""
    rows = [
        (
            page.place("" if operand.sheet == outcome.sheet else operand.sheet, operand.cell),
            cut(page.quote(operand.label), 48),
            page.figure(operand),
        )
        for operand in outcome.operands[:most]
    ]
    first = max((width(row[0]) for row in rows), default=0) + 2
    second = max((width(row[1]) for row in rows), default=0) + 2
    lines = [pad(cell, first) + pad(label, second) + figure for cell, label, figure in rows]
    left_out = len(outcome.operands) - len(rows)
    return [*lines, page.say(tr("and {count} more", count=left_out))] if left_out else lines


def _places(places: Sequence[Outcome], sheet: str, page: Page, verbose: bool) -> str:
    if verbose:
        return "\n".join(_brief(place, sheet, page) for place in places)
    return _some([("" if place.sheet == sheet else place.sheet, place.cell) for place in places], page)


def _brief(outcome: Outcome, sheet: str, page: Page) -> str:
    label = page.quote(" / ".join(outcome.path))
    compared = comparison(outcome, page)
    return f"{page.address(outcome, sheet)}  {label}" + (f"  {compared}" if compared else "")


def _consequences(findings: Iterable[Finding], sheet: str, page: Page, depth: int = 0) -> Iterator[str]:
    for finding in findings:
        outcome = finding.outcome
        where, more = page.address(outcome, sheet), len(finding.places)
        if more:
            where += page.brackets(page.say(tr("and {count} more", count=more)))
        what = page.say(finding.title)
        if outcome.status != Status.FAIL:
            what += page.brackets(page.say(status_word(outcome.status)))
        elif outcome.reason:
            what += page.brackets(page.say(outcome.reason))
        compared = comparison(outcome, page)
        yield "  " * depth + f"{where}  {what}" + (f"  {compared}" if compared else "")
        yield from _consequences(finding.consequences, sheet, page, depth + 1)


def source_line(rule: Rule, page: Page) -> str:
    """Document and article; a source that nobody has checked says so."""
    source = rule.source
    named = page.joined([page.quote(part) for part in (source.document, source.article) if part])
    remark = source_remark(source.status)
    return named + page.brackets(page.say(remark)) if remark else named


def _rule_line(finding: Finding, page: Page) -> str:
    rule = finding.rule
    parts = [f"{rule.id} {rule.name}"]
    if rule.catalogue:
        parts.append(page.say(tr("catalogue {ids}", ids=", ".join(rule.catalogue))))
    parts.append(page.say(tr("finding {id}", id=finding.id)))
    return page.quote("  ".join(parts))


def _problems(workbook: WorkbookReport, page: Page) -> Iterator[str]:
    """Forms and tables that were not found, each once with every place."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for problem in workbook.problems:
        message = page.quote(page.say(problem.message))
        grouped.setdefault(message, []).append((problem.sheet, problem.cell))
    for message, places in grouped.items():
        where = _some(places, page)
        yield from page.lines(message + (page.brackets(where) if where else ""), "- ", indent=2)


def _open(workbook: WorkbookReport, page: Page, verbose: bool) -> Iterator[str]:
    """What has no answer, grouped by status, rule and reason."""
    titles = {finding.rule.id: finding.title for finding in workbook.findings} | dict(workbook.titles)
    told = [outcome for finding in workbook.findings for outcome in (finding.outcome, *finding.places)]
    grouped: dict[tuple[str, str], list[Outcome]] = {}
    awaiting: dict[bool, list[Outcome]] = {}
    for outcome in (*told, *workbook.outcomes):
        if outcome.awaits and not verbose:
            awaiting.setdefault(outcome.awaits.startswith(PRIOR), []).append(outcome)
        elif outcome.status in _OPEN:
            grouped.setdefault((outcome.status, outcome.rule), []).append(outcome)
    for status, rule in sorted(grouped, key=lambda key: _OPEN.index(key[0])):
        outcomes = grouped[status, rule]
        where = _some([(outcome.sheet, outcome.cell) for outcome in outcomes], page, verbose)
        head = f"{page.say(titles[rule])} {rule}" if rule in titles else rule
        head += page.brackets(where) if where else ""
        line = page.say(tr("{where}: {what}", where=head, what=_reasons(outcomes, page, verbose)))
        yield from page.lines(line, f"- {page.say(status_word(status))}  ", indent=2)
    for outcomes in awaiting.values():
        yield from page.lines(_awaited(outcomes, page), f"- {page.say(status_word(Status.INSUFFICIENT))}  ", indent=2)


def _awaited(outcomes: Sequence[Outcome], page: Page) -> str:
    """The workbooks that were not given, once for all rules that need them."""
    forms = list(dict.fromkeys(outcome.awaits for outcome in outcomes))
    if forms[0].startswith(PRIOR):
        reasons = list(dict.fromkeys(page.say(outcome.reason) for outcome in outcomes if outcome.reason is not None))
        what = page.joined(reasons)
    else:
        named = page.joined(page.quote(page.say(tr("“{form}”", form=form))) for form in forms)
        what = page.say(tr("This time no workbook with {forms} was given", forms=named))
    rules = list(dict.fromkeys(outcome.rule for outcome in outcomes))
    listed = rules[:_MOST_PLACES]
    if len(rules) > len(listed):
        listed.append(page.say(tr("and {count} more", count=len(rules) - len(listed))))
    return what + page.brackets(page.say(tr("rules {rules}", rules=page.joined(listed))))


def _reasons(outcomes: Sequence[Outcome], page: Page, verbose: bool) -> str:
    """Why there is no answer: each reason once, the first few of many."""
    reasons = []
    for outcome in outcomes:
        reason = page.say(outcome.reason or outcome.message or status_word(outcome.status)).rstrip("。.")
        if outcome.status == Status.UNDECIDED and (compared := comparison(outcome, page)):
            reason = page.say(tr("{one}; {other}", one=reason, other=compared))
        reasons.append(page.quote(reason))
    reasons = list(dict.fromkeys(reasons))
    left_out = 0 if verbose else len(reasons) - _MOST_REASONS
    if left_out > 0:
        reasons[_MOST_REASONS:] = [page.say(tr("and {count} more", count=left_out))]
    line = reasons[0]
    for reason in reasons[1:]:
        line = page.say(tr("{one}; {other}", one=line, other=reason))
    return line


def _some(places: Iterable[tuple[str, str]], page: Page, verbose: bool = False) -> str:
    """Places, each once, the sheet named where it changes: ``表!E7、E8``."""
    named, last = [], ""
    for sheet, cell in dict.fromkeys(places):
        if sheet or cell:
            named.append(page.place("" if sheet == last and cell else sheet, cell))
            last = sheet
    left_out = 0 if verbose else len(named) - _MOST_PLACES
    if left_out > 0:
        named[_MOST_PLACES:] = [page.say(tr("and {count} more", count=left_out))]
    return page.joined(named)


def _one_line(outcome: Outcome, page: Page) -> Iterator[str]:
    filled = [body for _, body in formulas(outcome, page)][1:]
    reason = [page.say(outcome.reason)] if outcome.reason else []
    body = "  ".join([page.place(outcome.sheet, outcome.cell), outcome.rule, *filled, *reason])
    yield from page.lines(page.quote(body), pad(page.say(status_word(outcome.status)), 10), indent=2)
