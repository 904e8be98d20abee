"""How fast workbooks are read, as ratios to other readers in the same run.

    python tests/benchmarks/reading.py [ROUNDS]

``S`` is read by all readers in turn, round by round; the figures are medians. ``L`` is streamed in fresh
processes, for time and for the peak of memory. Exit code 1 if a goal is missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import openpyxl
import python_calamine
from files import make_long, make_small

from checker.readers import open_workbook

#: Figure → the most that it may be.
GOALS = {
    "S, times calamine": 3.5,
    "S, share of openpyxl twice": 1 / 8,
    "L streamed, times calamine": 2.5,
    "L streamed, MiB at most": 64.0,
}
LONG_ROUNDS = 3


def by_checker(path: Path) -> int:
    """Values, formulas, errors, merged ranges, hidden rows and columns of all sheets."""
    return sum(len(row) for sheet in open_workbook(path).sheets for row in sheet.rows.values())


def by_calamine(path: Path) -> int:
    """Values of all sheets."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def by_openpyxl(path: Path) -> int:
    """Formulas of all sheets, then their values: openpyxl gives one or the other."""
    return sum(len(openpyxl.load_workbook(path, data_only=values).worksheets) for values in (False, True))


def alternating(path: Path, rounds: int, *readers: Callable[[Path], int]) -> list[float]:
    """Median seconds of each reader."""
    times: list[list[float]] = [[] for _ in readers]
    for _ in range(rounds + 1):
        for reader, spent in zip(readers, times, strict=True):
            start = perf_counter()
            reader(path)
            spent.append(perf_counter() - start)
    return [median(spent[1:]) for spent in times]


#: Reads the file in argv[1] and prints the seconds and the peak of memory in MiB.
_FRESH = """
import json, resource, sys, time
sys.path.insert(0, {root!r})
{imports}
start = time.perf_counter()
{read}
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
_STREAM = ("from checker.readers import open_workbook", "open_workbook(sys.argv[1]).sheets[0].stream(len_of)")
_CALAMINE = (
    "import python_calamine",
    "python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()",
)


def fresh(path: Path, imports: str, read: str) -> tuple[float, float]:
    """Seconds and MiB of one reading in a process of its own, without its start."""
    root = str(Path(__file__).resolve().parents[2])
    imports += "\ndef len_of(number, row): return len(row)"
    code = _FRESH.format(root=root, imports=imports, read=read)
    # Through a small process, for a child's peak begins with that of its parent.
    command = ["sh", "-c", '"$@"', "sh", sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, mebibytes = json.loads(done.stdout)
    return seconds, mebibytes


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        small, long = make_small(Path(folder) / "S.xlsx"), make_long(Path(folder) / "L.xlsx")
        ours, calamine, full = alternating(small, max(rounds, 7), by_checker, by_calamine, by_openpyxl)
        streamed, whole = [], []
        for _ in range(LONG_ROUNDS):
            streamed.append(fresh(long, *_STREAM))
            whole.append(fresh(long, *_CALAMINE))
    figures = {
        "S, times calamine": ours / calamine,
        "S, share of openpyxl twice": ours / full,
        "L streamed, times calamine": median(s for s, _ in streamed) / median(s for s, _ in whole),
        "L streamed, MiB at most": max(mebibytes for _, mebibytes in streamed),
    }
    print(f"S: {ours * 1e3:.1f} ms, calamine {calamine * 1e3:.1f} ms, openpyxl twice {full * 1e3:.1f} ms")
    for name, figure in figures.items():
        verdict = "ok" if figure <= GOALS[name] else "MISSED"
        print(f"{name:30} {figure:8.3f}   goal {GOALS[name]:8.3f}   {verdict}")
    return int(any(figure > GOALS[name] for name, figure in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
