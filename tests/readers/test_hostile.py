"""Every hostile file ends in a clean reading or in one error with its code: in time, and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.errors import ReadError
from checker.readers import open_workbook

from .hostile import KINDS, LARGE, READ, Kind

SECONDS = 3

#: Opens workbooks and touches all of each, as a check would at worst, in 512 MiB and a process of its own, which is
#: forked where that can be: to start Python takes ten times as long as to read a file.
TOUCH = """
import gc, json, os, sys, time, traceback
try:
    import resource
except ImportError:
    resource = None
from checker.errors import ReadError
from checker.readers import comments, open_workbook, sheet, xls, xlsx

def touch(path):
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
    code = "read"
    try:
        book = open_workbook(path)
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
    print(json.dumps([code, time.process_time()]), flush=True)

def touch_forked(path):
    import signal
    child = os.fork()
    if child:
        print(os.waitpid(child, 0)[1], flush=True)
        return
    signal.alarm(60)
    try:
        touch(path)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

if len(sys.argv) > 1:
    touch(sys.argv[1])
gc.freeze()
for line in sys.stdin:
    touch_forked(json.loads(line))
"""
Touch = Callable[[Path], tuple[str, float]]


@pytest.fixture(scope="module")
def touch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Touch]:
    """``touch(path)``: how reading ended, and the seconds of the processor that it took."""
    command, root = [sys.executable, "-c", TOUCH], Path(__file__).parents[2]
    if not hasattr(os, "fork"):

        def alone(path: Path) -> tuple[str, float]:
            done = subprocess.run(
                [*command, str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, cwd=root
            )
            assert (done.returncode, done.stderr) == (0, "")
            return tuple(json.loads(done.stdout))

        yield alone
        return
    said = tmp_path_factory.mktemp("touch") / "stderr"
    with (
        said.open("wb") as errors,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=root
        ) as p,
    ):
        assert p.stdin is not None and p.stdout is not None
        asked, answers = p.stdin, p.stdout

        def forked(path: Path) -> tuple[str, float]:
            before = said.stat().st_size
            print(json.dumps(str(path)), file=asked, flush=True)
            answer = ""
            while (line := answers.readline()) and not line.strip().isdigit():
                answer += line
            assert (line, said.read_bytes()[before:]) == ("0\n", b"")
            return tuple(json.loads(answer))

        yield forked


def cases() -> list[object]:
    return [
        pytest.param(kind, id=name, marks=[pytest.mark.slow] if name in LARGE else []) for name, kind in KINDS.items()
    ]


@pytest.mark.parametrize("kind", cases())
def test_hostile_file(kind: Kind, tmp_path: Path, touch: Touch) -> None:
    path = tmp_path / kind.name
    path.write_bytes(kind.make())
    code, seconds = touch(path)
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
