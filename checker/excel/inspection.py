"""The open workbook checked and scored by the same session as a file, from one snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.engine.assess import Assessed
from checker.excel.snapshot import Snapshot, name_of, read_book, read_by_asking
from checker.model.report import Report, WorkbookReport
from checker.model.workbook import Workbook
from checker.scores import scored, verdict
from checker.session import Path, Session, run_together

__all__ = ["check_book", "score_book"]


class _OpenWorkbook(Session):
    """A session to which one workbook was read already."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__()
        self._workbook = workbook

    def read(self, path: Path) -> Workbook:
        return self._workbook


def check_book(book: Any) -> Report:
    """The report that ``checker check`` gives on the workbook as it is now. Raises ``ReadError``."""
    return _report(book, lambda session, assessed: assessed.report)


def score_book(book: Any) -> Report:
    """The report that ``checker score`` gives on the workbook as it is now. Raises ``ReadError``."""
    report = _report(book, scored)
    return report._replace(verdict=verdict(report))


def _report(book: Any, told: Callable[[Session, Assessed], WorkbookReport]) -> Report:
    snapshot = read_book(book)
    report = _run(snapshot, name_of(book), told)
    error = report.workbooks[0].error
    if error is None or error.exit_code != 3 or error.code == "INTERNAL" or snapshot.limited is not None:
        return report
    # A sheet of the copy turned out to be unreadable.
    return _run(read_by_asking(book, error), name_of(book), told)


def _run(snapshot: Snapshot, name: str, told: Callable[[Session, Assessed], WorkbookReport]) -> Report:
    session = _OpenWorkbook(snapshot.workbook)
    report = run_together(session, name, lambda assessed: told(session, assessed))
    session.plugins.run_finished(report)
    return report
