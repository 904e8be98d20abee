"""``checker audit`` as its users run it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "checker.cli.main", "audit", *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (more.pop("PYTHONPATH", ""), str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "CHECKER_DEBUG": "1", **more}


def audit(*words: object, expected: int | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it to the end. ``more`` goes into its environment."""
    done = subprocess.run(
        command(*words), capture_output=True, text=True, encoding="utf-8", env=environment(**more), timeout=600
    )
    assert expected is None or done.returncode == expected, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done
