"""How long it takes to mark 60 findings in a workbook, beside a bare calamine read of it, in one run.

    python tests/benchmarks/annotating.py

The time is that of the annotation itself, its second reading of the copy included, without the check. Prints ratios of
medians; the bar is 2.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from checking import calamine, median_ratio, show
from files import ROWS, SHEETS, make_small

from checker.annotate import annotate
from checker.messages import Text
from checker.model.outcome import Outcome
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Rule, Source
from checker.model.workbook import address

FINDINGS = 60


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


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        source, target = make_small(Path(name) / "S.xlsx"), Path(name) / "copy.xlsx"
        peer = calamine(source)
        for sheets in (1, 3, SHEETS):
            report = findings(sheets)

            def mark(report: WorkbookReport = report) -> None:
                target.unlink(missing_ok=True)
                done = annotate(source, report, (), target)
                assert done.refused is None and done.cells == FINDINGS

            show(f"marking {FINDINGS} findings on {sheets} of {SHEETS} sheets", median_ratio(mark, peer), "2")


if __name__ == "__main__":
    main()
