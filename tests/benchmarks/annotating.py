"""How long it takes to mark 60 findings in a workbook, beside a bare calamine read of it, in one run.

    python tests/benchmarks/annotating.py

Measured is the annotation itself, the findings being given: the workbook opened, what is said of each cell and in each
row of the sheet of findings put into words, cells coloured and given notes, the sheet of findings (60 rows of 16
columns) and the record made, the copy packed, read again and compared, and written to disk. The check is not in it.
Prints ratios of medians, for findings on 1, 3 and 8 sheets, and the shares of the work; the bar is 2.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checking import calamine, median_ratio, show
from files import ROWS, SHEETS, make_small

from checker.annotate import annotate, copying, draft, mark
from checker.messages import Text
from checker.model.outcome import Outcome
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Rule, Source
from checker.model.workbook import address

FINDINGS = 60
TIMES = 30
#: What the work consists of: the functions that do it, none of which calls another.
SHARES = {
    "opening": ((copying, "_opened"), (copying, "_patchable"), (mark._Marking, "__init__")),
    "words": ((copying, "marks_of"), (copying, "result_rows")),
    "cells and notes": ((mark._Marking, "mark_sheet"),),
    "own sheets": ((mark._Marking, "finish"),),
    "packing": ((draft.Draft, "write"),),
    "reading again": ((mark, "verify"),),
    "to disk": ((copying, "_write"),),
}


def findings(sheets: int) -> WorkbookReport:
    """A report of 60 findings on cells of so many sheets."""
    said = Text("合计填1,234.50，各项合计1,233.27，相差1.23", "the total is wrong by 1.23")
    made = []
    for number in range(FINDINGS):
        rule = Rule(f"B-{number:04}", f"rule-{number}", "p", "f", said, "error", Source("文", "", "sourced"), {})
        cell = address(3 + number * 7 % (ROWS - 5), 4 + number // (ROWS - 5) + number % 5)
        sheet = f"自评表{number % sheets + 1}"
        outcome = Outcome(rule.id, "fail", "error", sheet, cell, (sheet, cell), "f")
        made.append(Finding(f"{number:012x}", rule, outcome, said, said, remedy=said))
    return WorkbookReport("", "checked", findings=tuple(made))


@contextmanager
def shares() -> Iterator[dict[str, float]]:
    """Seconds spent in each part of the work while the context lasts."""
    spent: dict[str, float] = defaultdict(float)
    before = []

    def timed(label: str, function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent[label] += time.perf_counter() - start

        return call

    for label, places in SHARES.items():
        for owner, name in places:
            before.append((owner, name, getattr(owner, name)))
            setattr(owner, name, timed(label, before[-1][2]))
    try:
        yield spent
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        source, target = make_small(Path(name) / "S.xlsx"), Path(name) / "copy.xlsx"
        peer = calamine(source)
        for sheets in (1, 3, SHEETS):
            report = findings(sheets)

            def annotated(report: WorkbookReport = report) -> None:
                target.unlink(missing_ok=True)
                done = annotate(source, report, (), target)
                assert done.refused is None and done.cells == FINDINGS

            show(f"marking {FINDINGS} findings on {sheets} of {SHEETS} sheets", median_ratio(annotated, peer), "2")
            with shares() as spent:
                start = time.perf_counter()
                for _ in range(TIMES):
                    annotated()
                every = time.perf_counter() - start
            spent["the rest"] = every - sum(spent.values())
            print("    " + ", ".join(f"{label} {100 * seconds / every:.0f} %" for label, seconds in spent.items()))


if __name__ == "__main__":
    main()
