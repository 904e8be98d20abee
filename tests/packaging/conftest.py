"""Wheels, and clean environments to install them in."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Home:
    """An environment in which nothing is installed but what a test puts there."""

    python: Path
    site: Path
    folder: Path

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """``python`` with ``words``, in the empty folder of the test."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "CHECKER_RULES")}
        cache = str(self.folder / "cache")
        return subprocess.run(
            [self.python, *words], capture_output=True, cwd=self.folder, timeout=120, encoding="utf-8",
            env={**kept, "CHECKER_CACHE": cache, "PYTHONUTF8": "1", **environ},
        )  # fmt: skip


def build(source: Path, out: Path, *options: str) -> Path:
    """The wheel of a project."""
    pytest.importorskip("build")
    isolation = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "build", *isolation, *options, "--outdir", str(out), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's own, made by way of the sdist."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture
def home(tmp_path: Path) -> Callable[..., Home]:
    """``home(*wheels)``: a new environment with these wheels, and the dependencies of the one that runs the tests."""

    def make(*wheels: Path) -> Home:
        place = tmp_path / "venv"
        venv.create(place, with_pip=False)
        python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
        subprocess.run([*install, *map(str, wheels)], check=True, timeout=120)
        folder = tmp_path / "empty"
        folder.mkdir()
        return Home(python, site, folder)

    return make
