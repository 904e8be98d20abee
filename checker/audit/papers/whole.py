"""What is said of a run as a whole, out of its store: the packs that it went by, and the report that plugins get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.model.outcome import Status
from checker.model.report import PackUsed, Report, Submission, Verdict, WorkbookReport
from checker.reports.json import error_document, pack_document
from checker.reports.streams import Head
from checker.session import Session

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["head_of", "packs_of", "report_of"]


def packs_of(store: Store, session: Session) -> tuple[PackUsed, ...]:
    """The packs that workbooks of the run belong to, with the patches in force."""
    names = store.connection.execute(
        "SELECT DISTINCT unnest(list_append(from_json(document -> '$.further_packs', '[\"VARCHAR\"]'), pack)) AS pack "
        "FROM workbooks ORDER BY pack"
    ).fetchall()
    return session.packs_used(WorkbookReport("", "", pack=name) for (name,) in names if name)


def head_of(store: Store, session: Session) -> Head:
    """The packs, and what could not be loaded."""
    failures = tuple(error_document(failure) for failure in session.failures)
    return Head(tuple(map(pack_document, packs_of(store, session))), failures)


def report_of(store: Store, session: Session, code: int) -> Report:
    """The run without its workbooks, of which there may be more than fit into memory. ``code`` is the exit code."""
    ask = store.connection.execute
    (graded,) = ask("SELECT sum(errors), sum(warnings), sum(notes), sum(waived) FROM workbooks").fetchall()
    open_ = (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN)
    (counts,) = ask(f"SELECT {', '.join(f'sum({status})' for status in open_)} FROM outcomes").fetchall()
    errors, warnings, notes, waived = (int(number or 0) for number in graded)
    undecided, insufficient, broken = (int(number or 0) for number in counts)
    submissions = ask("SELECT unit, year, sources, prior FROM submissions ORDER BY ALL").fetchall()
    return Report(
        packs_of(store, session),
        (),
        Verdict(errors, warnings, notes, undecided, insufficient, broken, code, waived),
        session.failures,
        tuple(Submission(unit, year, tuple(sources), tuple(prior)) for unit, year, sources, prior in submissions),
    )
