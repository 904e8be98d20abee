"""Nobody works in a folder beside somebody who does the same; whoever is gone is in nobody's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checker.audit.execution.alone import alone
from checker.audit.execution.options import Options
from checker.errors import UsageError

from .made import SAMPLES, workbook_of
from .running import audit, environment

HOLD = (
    "import sys, time\n"
    "from checker.audit.execution.alone import alone\n"
    "from checker.audit.execution.options import Options\n"
    "with alone(Options(sys.argv[1])):\n"
    "    print('there', flush=True)\n"
    "    time.sleep(600)\n"
)


@pytest.mark.parametrize(
    ("first", "second", "beside"),
    [
        (None, None, False),
        (None, (1, 3), False),
        ((1, 3), None, False),
        ((1, 3), (1, 3), False),
        ((1, 3), (1, 2), False),  # another division would count the files of both
        ((1, 3), (2, 3), True),
    ],
)
def test_who_may_work_beside_whom(
    tmp_path: Path, first: tuple[int, int] | None, second: tuple[int, int] | None, beside: bool
) -> None:
    with alone(Options(str(tmp_path), shard=first)):
        if beside:
            with alone(Options(str(tmp_path), shard=second)):
                pass
        else:
            with pytest.raises(UsageError) as refused, alone(Options(str(tmp_path), shard=second)):
                pass
            assert refused.value.code == "OUT_IN_USE"
            assert str(os.getpid()) in refused.value.message.en
    with alone(Options(str(tmp_path), shard=second)):  # the first one has gone
        pass
    assert not [*tmp_path.glob("locks/*.lock")]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="OUT_UNWRITABLE"), alone(Options(str(tmp_path / "file" / "out"))):
        pass


@pytest.mark.slow
def test_a_run_is_refused_beside_another_until_that_is_killed(tmp_path: Path) -> None:
    book, out = tmp_path / "甲.xlsx", tmp_path / "out"
    book.write_bytes(workbook_of(SAMPLES[0], 1))
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE, env=environment())
    assert other.stdout is not None
    try:
        other.stdout.readline()
        refused = audit(book, "--out", out, "--format", "", "--lang", "en", expected=2)
        assert "OUT_IN_USE" in refused.stderr and f"process {other.pid} on" in refused.stderr
        assert not (out / "ledger.jsonl").exists()  # nothing was begun
    finally:
        other.kill()
        other.communicate()
    audit(book, "--out", out, "--format", "", expected=0)
