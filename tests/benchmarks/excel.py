"""From the button to the marked workbook, over headless LibreOffice, split into reading, checking and marking, and how
often each button asks Excel for something.

    python tests/benchmarks/excel.py

Each call goes to another process and back, as it does with Excel, but through UNO instead of COM: the split tells where
the time goes, not what an officer waits. In Excel a call takes from a fifth of a millisecond to one. Nothing is
asserted here; ``tests/excel/test_hazards.py`` holds the number of calls down.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "excel"))
SAMPLE = ROOT / "workbooks" / "gd-department-2021" / "published" / "湛江市科协2021.xlsx"
ROUNDS = 5


def timed(times: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = work()
    times.setdefault(name, []).append(time.perf_counter() - start)
    return result


def measure(application: Any, name: str) -> dict[str, list[float]]:
    import fakewin

    from checker.excel.connect import connect
    from checker.excel.entry import main
    from checker.excel.inspection import check_book
    from checker.excel.marking import apply, clear
    from checker.excel.record import Record
    from checker.excel.results import write
    from checker.excel.sheets import quiet
    from checker.excel.snapshot import read_book
    from checker.marks import marks_of, result_rows

    times: dict[str, list[float]] = {}
    argv = fakewin.command_line(name)
    with fakewin.serve(application):
        for _ in range(ROUNDS):
            book = connect(argv).book
            timed(times, "read", lambda book=book: [sheet.rows for sheet in read_book(book).workbook.sheets])
            checked = timed(times, "read and check", lambda book=book: check_book(book))
            report, blank = checked.report, Record({}, (), {})
            marks = marks_of(report.workbooks[0])
            table = result_rows(report.workbooks[0], packs=report.packs)
            with quiet(book.app):
                timed(times, f"mark {len(marks)} cells", partial(apply, book, marks, checked.read, blank))
                timed(times, f"list {len(table.rows)} rows", partial(write, book, table))
                timed(times, "clear", partial(clear, book))
            main("clear", argv)
            timed(times, "button to result", lambda: main("check", argv))
            timed(times, "and once more", lambda: main("check", argv))
            main("clear", argv)
    return times


def count() -> None:
    """Calls by button, on a workbook that was checked before."""
    import fakewin
    import openpyxl_com

    from checker.excel.actions import ACTIONS
    from checker.excel.connect import connect
    from checker.excel.entry import main

    argv = fakewin.command_line(SAMPLE.name)
    with fakewin.serve(openpyxl_com.excel(SAMPLE)):
        print("calls")
        for action in ("check", *ACTIONS):
            if action == "check_sheet":
                connect(argv).book.sheets[0].activate()
            fakewin.calls.clear()
            main(action, argv)
            print(f"  {action:<18} {fakewin.calls.total():8}")


def show(title: str, times: dict[str, list[float]]) -> None:
    """``check`` is what is left of reading and checking without the reading."""
    print(title)
    both = times.pop("read and check")
    times = {"read": times["read"], "check": [statistics.median(both) - statistics.median(times["read"])], **times}
    for name, taken in times.items():
        print(f"  {name:<18} {statistics.median(taken) * 1000:8.0f} ms")


def main() -> None:
    import fakewin
    import openpyxl_com
    import uno_com

    fakewin.windows()
    count()
    show("over openpyxl (no other process)", measure(openpyxl_com.excel(SAMPLE), SAMPLE.name))
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / SAMPLE.name
        shutil.copy(SAMPLE, copy)
        with uno_com.office(Path(name)) as desktop:
            show("over LibreOffice", measure(uno_com.excel(desktop, copy), copy.name))


if __name__ == "__main__":
    main()
