"""What all tests share: golden files, kept with ``pytest --update-golden``, and one cache of rule packs."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; read the diff")
    parser.addoption(
        "--all-samples", action="store_true", help="slow tests over samples take all of them, not every third"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The packs that ship are compiled once for the whole run, by whichever process needs them first; the cache of
    whoever runs the tests is left alone."""
    if not hasattr(config, "workerinput"):  # processes of xdist inherit the variable
        folder = os.environ["CHECKER_CACHE"] = tempfile.mkdtemp(prefix="checker-tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """What has been made by now stays, and is not looked through for garbage again and again, which took every sixth
    second; with the program's own threshold (``cli/main.py``), and seldom through packs and workbooks, kept long."""
    gc.set_threshold(100_000, 10, 50)
    gc.freeze()


def pytest_sessionfinish() -> None:
    """pytest looks for what nobody closed among the garbage."""
    gc.unfreeze()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)``: the text must be that of ``tests/golden/name``."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8", newline="\n")
        expected = file.read_text(encoding="utf-8") if file.exists() else ""
        assert text == expected, f"{file} differs; if it should, run pytest --update-golden"

    return compare


@pytest.fixture(scope="session")
def stride(request: pytest.FixtureRequest) -> int:
    """Which samples the longest tests look at: every so many of them, beginning with the first."""
    return 1 if request.config.getoption("--all-samples") else 3
