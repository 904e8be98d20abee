"""How long the command takes from start to report, beside ``python -c pass``, in one run.

    python tests/benchmarks/starting.py [WORKBOOK…]

Without arguments the clean samples that ship with the program are checked. Rule packs are in the cache and bytecode is
compiled, as after the first run of an installed program. Prints medians of processes started in turn and the ratio,
which is held to 10. Nothing is asserted: a machine that is busy is not a defect.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SAMPLES = Path(__file__).parents[2] / "workbooks" / "cn-project" / "clean"
#: As the console script does it; ``-m`` would import ``runpy`` first.
CHECK = ("-c", "import sys; from checker.cli.main import main; sys.exit(main())", "check")
ROUNDS = 21


class Start(NamedTuple):
    """Medians in milliseconds, and the median of the ratios of neighbouring runs."""

    ours: float
    python: float
    ratio: float


def start(workbook: Path, rounds: int = ROUNDS) -> Start:
    """Time a check of ``workbook`` and ``python -c pass``, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode", "CHECKER_CACHE": f"{folder}/packs"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        commands = ((sys.executable, *CHECK, str(workbook)), (sys.executable, "-c", "pass"))
        for command in commands:
            _milliseconds(command, environ)
        pairs = [[_milliseconds(command, environ) for command in commands] for _ in range(rounds)]
    ours, python = zip(*pairs, strict=True)
    ratios = [mine / theirs for mine, theirs in pairs]
    return Start(statistics.median(ours), statistics.median(python), statistics.median(ratios))


def _milliseconds(command: Sequence[str], environ: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ, check=False)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    for workbook in [Path(name) for name in sys.argv[1:]] or sorted(SAMPLES.glob("*.xlsx")):
        found = start(workbook)
        figures = f"{found.ours:7.1f} ms  python -c pass {found.python:5.1f} ms  ratio {found.ratio:5.2f}"
        print(f"{workbook.name:<24} {figures}   bar 10")


if __name__ == "__main__":
    main()
