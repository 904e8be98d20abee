"""The hooks. Arguments are by name, and a plugin takes only those that it wants.

Every hook is called while packs are made ready or around a run, never once per cell. Results are plain data from
``checker.model``. Names (of kinds, functions, formats, commands) are unique: a second one is an error.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from checker.model.plugin import CheckKind, Command, Function, PackSource, ReportFormat, ScoreKind
from checker.model.report import Report
from checker.model.workbook import Sheet, Workbook

hookspec = pluggy.HookspecMarker("checker")


@hookspec
def checker_rule_packs() -> Iterable[PackSource]:  # type: ignore[empty-body]
    """Rule packs: folders of YAML."""


@hookspec
def checker_check_kinds() -> Iterable[CheckKind]:  # type: ignore[empty-body]
    """Kinds of checks that rules can name."""


@hookspec
def checker_score_kinds() -> Iterable[ScoreKind]:  # type: ignore[empty-body]
    """Ways to give marks that scoring standards can name."""


@hookspec
def checker_functions() -> Iterable[Function]:  # type: ignore[empty-body]
    """Functions that formulas may call. Their names are words in capitals, as formulas are read."""


@hookspec(firstresult=True)
def checker_open_workbook(path: str) -> Workbook | None:
    """Read the file at ``path`` if it is of a kind that this plugin reads; None if not. Raises ``ReadError`` for
    a file of its kind that cannot be read. The program's own readers are asked last."""


@hookspec(firstresult=True)
def checker_match_form(workbook: Workbook, sheet: Sheet) -> str | None:
    """The name of the form that ``sheet`` is, if this plugin knows; None if not. It counts as much as a title on the
    sheet: the tables of the form must be there all the same. A sheet may be very long: its name costs nothing,
    ``sheet.stream`` keeps nothing, ``sheet.rows`` reads it whole."""


@hookspec
def checker_report_formats() -> Iterable[ReportFormat]:  # type: ignore[empty-body]
    """Ways to write a report."""


@hookspec
def checker_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """Further commands for the command line."""


@hookspec
def checker_run_finished(report: Report, out: str) -> None:
    """A run is over. ``report`` is as it will be shown, and cannot be changed.

    That of ``checker audit`` has no workbooks, which need not fit into memory: they stand in the store below the folder
    ``out``, to be read with ``checker.audit.store.reading.open_store``. Elsewhere ``out`` is empty.
    """
