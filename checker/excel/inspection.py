"""The open workbook checked and scored by the same session as a file, from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from checker.engine.assess import Assessed
from checker.engine.written import explanations_of, waiting_of
from checker.excel.snapshot import Snapshot, name_of, read_book, read_by_asking
from checker.model.explanation import Explanation, Statements
from checker.model.report import Report, WorkbookReport
from checker.model.workbook import Workbook
from checker.scores import scored, verdict
from checker.session import Path, Session, run_together

__all__ = ["Checked", "assess_book", "check_book", "score_book"]


class Checked(NamedTuple):
    """The report, the workbook as it was read for it, and what officers wrote there about findings, listed when they
    did or waiting."""

    report: Report
    read: Workbook
    explanations: Sequence[Explanation]


class _OpenWorkbook(Session):
    """A session to which one workbook was read already."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot

    def read(self, path: Path) -> Workbook:
        return self.matched(self._snapshot.workbook)

    def said(self, path: str, workbook: Workbook) -> tuple[Statements, Mapping[str, Any]] | None:
        """What stands in our sheets as well, which ``workbook`` lacks."""
        return super().said(path, self._snapshot.whole)


def check_book(book: Any) -> Checked:
    """The report that ``checker check`` gives on the workbook as it is now. Raises ``ReadError``."""
    report, snapshot = _report(book, lambda session, assessed: assessed.report)
    if report.workbooks[0].error is not None:
        return Checked(report, snapshot.workbook, ())
    return Checked(report, snapshot.workbook, (*explanations_of(snapshot.whole), *waiting_of(snapshot.whole)))


def score_book(book: Any) -> Report:
    """The report that ``checker score`` gives on the workbook as it is now. Raises ``ReadError``."""
    report, _ = _report(book, scored)
    return report._replace(verdict=verdict(report))


def assess_book(book: Any) -> Assessed:
    """The workbook as it is now with every outcome, and what they were made from. Raises ``CheckerError``."""
    kept: list[Assessed] = []

    def told(session: Session, assessed: Assessed) -> WorkbookReport:
        kept.append(assessed)
        return assessed.report

    _report(book, told, every_outcome=True)
    error = kept[-1].report.error
    if error is not None:
        raise error
    return kept[-1]


def _report(
    book: Any, told: Callable[[Session, Assessed], WorkbookReport], *, every_outcome: bool = False
) -> tuple[Report, Snapshot]:
    snapshot = read_book(book)
    report = _run(snapshot, name_of(book), told, every_outcome)
    error = report.workbooks[0].error
    if error is not None and error.exit_code == 3 and error.code != "INTERNAL" and snapshot.limited is None:
        # A sheet of the copy turned out to be unreadable.
        snapshot = read_by_asking(book, error)
        report = _run(snapshot, name_of(book), told, every_outcome)
    return report, snapshot


def _run(
    snapshot: Snapshot, name: str, told: Callable[[Session, Assessed], WorkbookReport], every_outcome: bool
) -> Report:
    session = _OpenWorkbook(snapshot)
    report = run_together(session, name, lambda assessed: told(session, assessed), every_outcome=every_outcome)
    session.plugins.run_finished(report)
    return report
