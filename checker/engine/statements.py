"""What was said about the findings of a workbook, gathered: in a file beside it, in its own sheet of findings, and in
files that were given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from os import PathLike, fspath
from os.path import basename, exists

from checker.engine.traces import SIDECAR, WAIVERS
from checker.engine.waive import unmatched
from checker.engine.written import explanations_of, waiting_of
from checker.errors import CheckerError
from checker.messages import Text, tr
from checker.model.explanation import Explanation, Statements, Waiver
from checker.model.fact import Problem
from checker.model.report import Report
from checker.model.workbook import Workbook

__all__ = ["SIDECAR", "WAIVERS", "about", "given", "told_unmatched"]

Path = str | PathLike[str]


def about(
    path: str,
    workbook: Workbook,
    explanations: Sequence[Explanation],
    waivers: Sequence[Waiver],
    *,
    waivers_beside: bool = True,
) -> Statements:
    """All that was said about one workbook; what was given comes first. Waivers in the file beside it count only with
    ``waivers_beside``. A file beside it that cannot be read is a problem of this workbook alone."""
    problems: list[Problem] = []
    remarks: list[tuple[str, Text]] = []
    beside: tuple[Explanation, ...] = ()
    let_pass: tuple[Waiver, ...] = ()
    file = basename(path + WAIVERS)  # noqa: PTH119 - start-up time
    if exists(path + SIDECAR):  # noqa: PTH110
        from checker.packs.statements import read_explanations

        try:
            beside = read_explanations(path + SIDECAR)
        except CheckerError as error:
            message = tr("Its explanations were not taken into account: {error}", error=_words(error))
            problems.append(Problem("EXPLANATIONS_UNREADABLE", message))
    if exists(path + WAIVERS) and not waivers_beside:  # noqa: PTH110
        told = tr("The waivers beside it ({file}) do not count here: an audit goes by --waivers alone.", file=file)
        remarks.append(("WAIVERS_PASSED_OVER", told))
    elif exists(path + WAIVERS):  # noqa: PTH110
        from checker.packs.statements import read_waivers

        try:
            let_pass = read_waivers(path + WAIVERS)
            told = tr("The waivers beside it ({file}) count here; in an audit they do not.", file=file)
            remarks.append(("WAIVERS_BESIDE", told))
        except CheckerError as error:
            message = tr("Its waivers were not taken into account: {error}", error=_words(error))
            problems.append(Problem("WAIVERS_UNREADABLE", message))
    own = (*beside, *explanations_of(workbook))
    everything = (*explanations, *own, *waiting_of(workbook))
    today = date.today().isoformat()
    return Statements(everything, (*waivers, *let_pass), today, problems, (*own, *let_pass), remarks)


def given(
    explanations: Sequence[Path], waivers: Sequence[Path], read: Callable[[Path], Workbook]
) -> tuple[Sequence[Explanation], Sequence[Waiver]]:
    """What stands in files. Explanations are in YAML or in workbooks with a sheet of findings, which ``read`` opens.
    Raises ``PackError``, ``ReadError``."""
    from checker.packs.statements import read_explanations, read_waivers

    found: list[Explanation] = []
    for path in [fspath(each) for each in explanations]:
        found += read_explanations(path) if path.lower().endswith((".yaml", ".yml")) else explanations_of(read(path))
    return found, [waiver for path in waivers for waiver in read_waivers(fspath(path))]


def told_unmatched(report: Report, explanations: Sequence[Explanation], waivers: Sequence[Waiver]) -> Report:
    """``report``, its first workbook saying what of all that was given is about no finding of any of them."""
    findings = [finding for workbook in report.workbooks for finding in workbook.findings]
    remarks = unmatched(findings, (*explanations, *waivers))
    if not remarks or not report.workbooks:
        return report
    first, *others = report.workbooks
    return report._replace(workbooks=(first._replace(remarks=(*first.remarks, *remarks)), *others))


def _words(error: CheckerError) -> Text:
    return Text(error.render("zh"), error.render("en"))
