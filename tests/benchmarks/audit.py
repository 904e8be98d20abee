"""How fast ``checker audit`` goes over many workbooks, beside bare readers of the same files, in one run.

    python tests/benchmarks/audit.py [--files 1000] [--rounds 3] [--only throughput,linear,abort,again]

The workbooks are those of ``checking.py`` (8 sheets of 60 × 12 cells, 200 rules), each with texts and figures of its
own. Prints ratios of medians and their bars; nothing is asserted: a machine that is busy is not a defect. ``one core``
is one core for everything: the process that gives out the work, its worker, and the peer.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import openpyxl
import python_calamine
from checking import make_pack, make_workbook

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
#: openpyxl is so slow that a share of the files must do.
OPENPYXL_SHARE = 20
ABORTING = 300


class Run(NamedTuple):
    """Seconds, and the most that the parent and any worker had in memory, in MiB."""

    seconds: float
    parent: float
    worker: float


def make_files(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    base = make_workbook(folder.parent / "S.xlsx")
    with zipfile.ZipFile(base) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    numbers = random.Random(11)
    made = []
    for number in range(count):
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in entries:
                archive.writestr(name, _changed(name, content, number, numbers.randrange(1, 9)))
        place = folder / f"{number // 100:03}" / f"{number:06}.xlsx"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(target.getvalue())
        made.append(place)
    return made


def _changed(name: str, content: bytes, number: int, factor: int) -> bytes:
    """Every figure times the same number: what added up still does."""
    if name == "xl/sharedStrings.xml":
        return content.replace("项目".encode(), f"项目{number}之".encode()).replace(
            f"<t>项目{number}之<".encode(), "<t>项目<".encode()
        )
    if name.startswith("xl/worksheets/"):
        pattern = rb'(<c r="[A-Z]+\d+"(?: s="\d+")?>(?:<f>[^<]*</f>)?<v>)([^<]+)(</v>)'
        return re.sub(
            pattern, lambda cell: cell[1] + repr(round(float(cell[2]) * factor, 2)).encode() + cell[3], content
        )
    return content


def audit(source: Path, out: Path, rules: Path, jobs: int, *, cores: int = 0, poison: Path | None = None) -> Run:
    """One run of the command, without papers; ``cores`` 1 keeps everything on one core."""
    words = [sys.executable, "-m", "checker.cli.main", "audit", source, "--out", out, "--rules", rules]
    words += ["--pack", "benchmark", "--jobs", jobs, "--format", ""]
    path = os.pathsep.join(map(str, filter(None, (poison, ROOT))))
    begin = time.perf_counter()
    running = subprocess.Popen(
        [str(word) for word in words],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=(lambda: os.sched_setaffinity(0, {0})) if cores == 1 else None,
    )
    peaks: dict[int, float] = {}
    while running.poll() is None:
        for pid in _family(running.pid):
            peaks[pid] = max(peaks.get(pid, 0.0), _peak(pid))
        time.sleep(0.1)
    seconds = time.perf_counter() - begin
    assert running.stderr is not None
    told = running.stderr.read().decode()
    running.stderr.close()
    assert running.returncode in (0, 1, 3), told
    parent = peaks.pop(running.pid, 0.0)
    return Run(seconds, parent, max(peaks.values(), default=0.0))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in found:
        try:
            found += map(int, Path(f"/proc/{task}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def _peak(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def on_one_core(work: Callable[[], object]) -> float:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {0})
    try:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin
    finally:
        os.sched_setaffinity(0, before)


def calamine(files: Sequence[Path]) -> None:
    for file in files:
        book = python_calamine.CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def openpyxl_twice(files: Sequence[Path]) -> None:
    for file in files:
        for values in (True, False):
            book = openpyxl.load_workbook(file, data_only=values)
            for sheet in book.worksheets:
                for row in sheet.iter_rows(values_only=True):
                    list(row)


def show(what: str, value: float, bar: str, detail: str = "") -> None:
    print(f"{what:<58} {value:8.2f}   bar {bar:<8} {detail}", flush=True)


class Bench:
    def __init__(self, folder: Path, count: int, rounds: int) -> None:
        self.folder, self.rounds = folder, rounds
        self.source = folder / "in"
        self.files = make_files(self.source, count)
        self.rules = make_pack(folder / "packs")
        self._out = 0

    def out(self) -> Path:
        self._out += 1
        return self.folder / f"out{self._out}"

    def throughput(self) -> None:
        count = len(self.files)
        sample = self.files[:: max(1, count // (count // OPENPYXL_SHARE or 1))][: count // OPENPYXL_SHARE or 1]
        ratios: dict[str, list[float]] = {"calamine": [], "openpyxl": [], "cores": []}
        run = Run(0, 0, 0)
        for _ in range(self.rounds):
            bare = on_one_core(lambda: calamine(self.files))
            slow = on_one_core(lambda: openpyxl_twice(sample)) * count / len(sample)
            run = audit(self.source, self.out(), self.rules, 1, cores=1)
            one = audit(self.source, self.out(), self.rules, 1)
            two = audit(self.source, self.out(), self.rules, 2)
            ratios["calamine"].append(bare / run.seconds)
            ratios["openpyxl"].append(slow / run.seconds)
            ratios["cores"].append(one.seconds / two.seconds)
        median = {name: statistics.median(values) for name, values in ratios.items()}
        rate = f"{count / run.seconds:.0f} a second"
        show(f"{count} workbooks on one core, × a bare calamine read", median["calamine"], "≥ 0.2", rate)
        show("the same, × openpyxl, values and formulas", median["openpyxl"], "≥ 8")
        show("two workers, × one", median["cores"], "≥ 1.7")
        show("most that a worker has in memory, MiB", run.worker, "≤ 80", f"parent {run.parent:.0f}")

    def linear(self) -> None:
        ratios = []
        few = many = Run(0, 0, 0)
        share = self.folder / "share"
        for folder in sorted(self.source.iterdir())[: max(1, len(self.files) // 500)]:
            shutil.copytree(folder, share / folder.name)
        part = len([*share.rglob("*.xlsx")])
        for _ in range(self.rounds):
            few = audit(share, self.out(), self.rules, 2)
            many = audit(self.source, self.out(), self.rules, 2)
            ratios.append(many.seconds / few.seconds * 5 * part / len(self.files))
        show(
            f"{len(self.files)} against {part} workbooks, as for five times as many", statistics.median(ratios), "≤ 5.5"
        )
        show("more memory in the parent for them, MiB", many.parent - few.parent, "flat", f"{few.parent:.0f} before")

    def abort(self) -> None:
        from tests.audit.poison import install

        source, plugin = self.folder / "aborting", install(self.folder / "plugin")
        source.mkdir()
        for number, file in enumerate(self.files[:ABORTING]):
            shutil.copy(file, source / f"{number}.xlsx")
        middle = min(ABORTING, len(self.files)) // 2
        extra = []
        for _ in range(self.rounds):
            calm = audit(source, self.out(), self.rules, 2, poison=plugin)
            (source / f"{middle}.xlsx").rename(source / "abort.xlsx")
            extra.append(audit(source, self.out(), self.rules, 2, poison=plugin).seconds - calm.seconds)
            (source / "abort.xlsx").rename(source / f"{middle}.xlsx")
        show(f"one of {min(ABORTING, len(self.files))} aborts: seconds more", statistics.median(extra), "≤ 1")

    def again(self) -> None:
        shares = []
        for _ in range(self.rounds):
            out = self.out()
            first = audit(self.source, out, self.rules, 2).seconds
            shares.append(first / audit(self.source, out, self.rules, 2).seconds)
        show("the first run, × the next one over the same files", statistics.median(shares), "≥ 20")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="throughput,linear,abort,again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), asked.files, asked.rounds)
        for part in asked.only.split(","):
            getattr(bench, part)()


if __name__ == "__main__":
    main()
