"""What a bureau adds to a run: the roster of its units, its summary, its adjustments; and the papers that come of them.

The lists are read before the first workbook is, so that a slip in them is told at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checker.audit.bureau.adjustments import Adjustment, read_adjustments
from checker.audit.bureau.expected import Roster, read_roster
from checker.audit.bureau.forms import Forms
from checker.errors import UsageError
from checker.messages import Text, tr
from checker.session import Session

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["Bureau", "Written", "read", "write"]


class Bureau(NamedTuple):
    """``summary`` is the summary workbook as it was named; it must be among the sources of the run. Empty and None
    where nothing was given."""

    forms: Forms
    roster: Roster | None = None
    summary: str = ""
    adjustments: tuple[Adjustment, ...] = ()


def read(session: Session, *, roster: str = "", summary: str = "", adjustments: str = "") -> Bureau:
    """Read the lists. Raises ``UsageError`` with file, line and column of the first mistake."""
    forms = Forms.of(session)
    if adjustments and not summary:
        message = tr("Adjustments are for the summary, and no summary was named.")
        raise UsageError("SUMMARY_MISSING", message, tr("Name it with --summary."), adjustments)
    decided = read_adjustments(adjustments, forms) if adjustments else ()
    return Bureau(forms, read_roster(roster, forms) if roster else None, summary, decided)


class Written(NamedTuple):
    """A line about each paper, and the severities of what is out in the summary: it counts as a finding does."""

    lines: tuple[Text, ...]
    out: frozenset[str] = frozenset()


def write(store: Store, bureau: Bureau, folder: str) -> Written:
    """Write the papers that were asked for, and the leads across units. Raises ``CheckerError``."""
    from checker.audit.bureau import rollup, roster, screens
    from checker.audit.bureau.sums import summary_source

    without = [summary_source(store, bureau.summary)] if bureau.summary else []
    told, out = [], frozenset[str]()
    if bureau.roster is not None:
        told.append(roster.write(store, bureau.roster, folder, without=without))
    if bureau.summary:
        decided = bureau.adjustments
        line, out = rollup.write(store, bureau.summary, bureau.forms, folder, roster=bureau.roster, adjustments=decided)
        told.append(line)
    told.append(screens.write(store, bureau.forms, folder, without=without))
    return Written(tuple(told), out)
