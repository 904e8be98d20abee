"""The releases of xlwings that there are for the Pythons that offices have."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from opened import PUBLISHED, ROOT

HERE = Path(__file__).parent
#: The oldest supported, the last for Python 3.9 and 3.10, and one between.
RELEASES = ("0.31.10", "0.36.17", "0.37.0")

SCENARIO = """
import sys
from pathlib import Path
from opened import PUBLISHED, opened, state
import xlwings

with opened(PUBLISHED) as desk:
    before = state(desk.store)
    done = [desk.press(action)[0] for action in ("check", "next", "explain", "score", "check")]
    once = state(desk.store)
    done.append(desk.press("check")[0])
    assert state(desk.store) == once
    done += [desk.press(action)[0] for action in ("help", "clear")]
    assert state(desk.store) == before
    print(xlwings.__version__, *done)
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", RELEASES)
def test_the_buttons_work_with(version: str, release: Callable[[str], Path]) -> None:
    path = os.pathsep.join(map(str, (release(version), HERE, ROOT)))
    told = subprocess.run(
        [sys.executable, "-c", SCENARIO],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.split() == [version, *"00000000"], told.stderr
    assert PUBLISHED.exists()
