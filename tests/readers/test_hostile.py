"""Every hostile file ends in a clean reading or in one error with its code: in time, and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.errors import ReadError
from checker.readers import open_workbook

from .hostile import KINDS, LARGE, READ, Kind

SECONDS = 3

#: Opens a workbook and touches all of it, as a check would at worst, in 512 MiB.
TOUCH = """
import json, sys, time
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
except ImportError:
    pass
from checker.errors import ReadError
from checker.readers import open_workbook
code = "read"
try:
    book = open_workbook(sys.argv[1])
    for sheet in book.sheets:
        for row in sheet.rows.values():
            for cell in row.values():
                assert type(cell.raw) is str
        sheet.merges, sheet.content.hidden_rows, sheet.comments
    book.number_formats, book.defined_names, book.remarks
except ReadError as error:
    code = error.code
    assert error.message.zh and error.message.en and error.hint and error.where
    error.render("zh")
print(json.dumps([code, time.process_time()]))
"""


def cases() -> list[object]:
    return [
        pytest.param(kind, id=name, marks=[pytest.mark.slow] if name in LARGE else []) for name, kind in KINDS.items()
    ]


@pytest.mark.parametrize("kind", cases())
def test_hostile_file(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    path.write_bytes(kind.make())
    done = subprocess.run(
        [sys.executable, "-c", TOUCH, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    code, seconds = json.loads(done.stdout)
    assert code == kind.expected
    assert seconds <= SECONDS


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 100
    assert len({kind.expected for kind in KINDS.values()} - {READ}) >= 50


def test_no_such_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "FILE_MISSING"


def test_directory(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "NOT_A_FILE"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refusal(tmp_path / "pipe.xlsx") == "NOT_A_FILE"


def test_zero_byte_in_the_path() -> None:
    assert refusal(Path("a\0b.xlsx")) == "FILE_UNREADABLE"


def test_no_right_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    assert refusal(path) == "FILE_UNREADABLE"


def refusal(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        open_workbook(path)
    return caught.value.code
