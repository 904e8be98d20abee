"""The add-in as it is built here, and the releases of xlwings that can be had."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.excel.addin import Interpreters, assemble, xlwings_folder

sys.path.insert(0, str(Path(__file__).parent))  # the doubles stand beside the tests

#: The oldest that is supported, and those with which something changed for us.
XLWINGS = ("0.31.10", "0.36.17", "0.37.0")


def parts_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def as_workbook(package: bytes) -> bytes:
    """The add-in declared a macro workbook, which is what other programs open; nothing else differs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts_of(package).items():
            archive.writestr(name, content.replace(b"ms-excel.addin.macroEnabled", b"ms-excel.sheet.macroEnabled"))
    return file.getvalue()


@pytest.fixture(scope="session")
def package() -> bytes:
    """``checker.xlam`` with the installed xlwings."""
    return assemble(Interpreters())[0]


@pytest.fixture(scope="session")
def parts(package: bytes) -> dict[str, bytes]:
    return parts_of(package)


@pytest.fixture(scope="session")
def template() -> dict[str, bytes]:
    return parts_of((xlwings_folder() / "quickstart_addin_ribbon.xlam").read_bytes())


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``release(version)``: a folder with that xlwings in it, fetched with pip; skips where there is no index."""
    known: dict[str, Path] = {}

    def fetch(version: str) -> Path:
        if version not in known:
            folder = tmp_path_factory.mktemp("xlwings")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
            told = subprocess.run(
                [*command, "--dest", folder, f"xlwings=={version}"], capture_output=True, text=True, check=False
            )
            wheels = list(folder.glob("*.whl"))
            if told.returncode or not wheels:
                pytest.skip(f"xlwings {version} cannot be fetched here")
            with zipfile.ZipFile(wheels[0]) as wheel:
                wheel.extractall(folder)
            known[version] = folder
        return known[version]

    return fetch


@pytest.fixture
def desk() -> Iterator[Any]:
    """The published sample, open in the double over openpyxl."""
    from opened import PUBLISHED, opened

    with opened(PUBLISHED) as found:
        yield found
