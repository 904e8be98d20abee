"""The report: what was read, what was found, what could not be decided. The same for every face."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.errors import CheckerError
from checker.messages import Text
from checker.model.fact import Problem
from checker.model.outcome import Outcome
from checker.model.rule import Patch, Rule

if TYPE_CHECKING:
    from checker.model.explanation import Explained
    from checker.model.score import SchemeScore

__all__ = ["Finding", "FormFound", "PackUsed", "Report", "Submission", "Verdict", "WorkbookReport"]


class Finding(NamedTuple):
    """An outcome that needs a reader. ``id`` hashes rule, unit, year and label path: no address, no amount.

    ``places`` are further outcomes of the same rule and cause, folded in; ``consequences`` are findings that this
    one explains.
    """

    id: str
    rule: Rule
    outcome: Outcome
    title: Text
    message: Text
    cause: Text | None = None
    remedy: Text | None = None
    places: tuple[Outcome, ...] = ()
    consequences: tuple["Finding", ...] = ()
    #: What somebody said about it; where that counts, the status of its outcomes is ``waived``.
    explained: "Explained | None" = None
    #: What it can be derived from again without the workbook, as ``engine.grounds`` keeps it; None: not asked for.
    grounds: Mapping[str, Any] | None = None


class FormFound(NamedTuple):
    form: str
    pack: str
    sheet: str
    range: str


class PackUsed(NamedTuple):
    id: str
    edition: str
    digest: str
    status: str
    remarks: tuple[Text, ...] = ()
    #: What was changed in its rules after they were written, and on what grounds.
    patches: tuple["Patch", ...] = ()


class WorkbookReport(NamedTuple):
    """One workbook. ``status`` is ``checked``, ``partly`` (something could not be checked) or ``unread``."""

    path: str
    status: str
    sha256: str = ""
    pack: str = ""
    unit: str = ""
    year: str = ""
    error: CheckerError | None = None
    forms: tuple[FormFound, ...] = ()
    counts: Mapping[str, int] = {}
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: What the claimed scores come to, one per standard and form; only where that was asked for.
    scores: tuple["SchemeScore", ...] = ()
    #: Every outcome when asked for (``--all``), passes included; otherwise what could not be decided.
    outcomes: tuple[Outcome, ...] = ()
    #: What the rules in ``outcomes`` ask for, by their ids.
    titles: Mapping[str, Text] = {}
    #: Oddities of the file that were smoothed over in reading: code and words.
    remarks: tuple[tuple[str, Text], ...] = ()
    #: Further packs, by id, to which some of its sheets belong.
    further_packs: tuple[str, ...] = ()


class Submission(NamedTuple):
    """Workbooks that were checked together, and those of last year beside them, by path."""

    unit: str
    year: str
    workbooks: tuple[str, ...]
    prior: tuple[str, ...] = ()


class Verdict(NamedTuple):
    errors: int
    warnings: int
    notes: int
    undecided: int
    insufficient: int
    broken: int
    exit: int
    #: Findings that are explained or waived: not among the errors, warnings and notes.
    waived: int = 0


class Report(NamedTuple):
    packs: tuple[PackUsed, ...]
    workbooks: tuple[WorkbookReport, ...]
    verdict: Verdict
    #: Plugins that failed to load, rule folders that could not be read: shown, and exit 3.
    failures: tuple[CheckerError, ...] = ()
    #: Which workbooks were checked together. One that was not read is in none.
    submissions: tuple[Submission, ...] = ()
    #: With what an explanation of a warning may begin: the reason codes of the lexicon.
    reasons: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of every workbook, in the order of the report."""
        return tuple(finding for workbook in self.workbooks for finding in workbook.findings)
