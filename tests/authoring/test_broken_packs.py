"""A hundred broken packs: each is told in so many words, at its place, soon, and costs no other pack anything."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from .broken import BROKEN, UNBROKEN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")

#: What is wrong with a file as a whole, or with a folder.
WHOLE = {"PACK_FILE_UNKNOWN", "PACK_LINK", "PACK_NONE", "PACK_UNREADABLE"}
FEW = ["tab", "utf-16", "billion-laughs", "hostile-nesting", "formula-of-100000-brackets", "message-attribute",
       "packs-extend-each-other", "pipe", "carriage-returns"]  # fmt: skip


def judged(folder: Path, names: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """What is told of each broken pack. The process that judges them dies of a crash, and of one that takes long."""
    command = [sys.executable, str(Path(__file__).with_name("broken.py")), "packs", *names]
    done = subprocess.run(command, capture_output=True, cwd=folder, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    return {answer["name"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def amiss(name: str, answer: dict[str, Any]) -> Iterable[str]:
    """What is wrong with what is told of one pack."""
    told = answer["told"]
    if "sound" not in answer["loaded"]:
        yield f"{name}: the pack beside it is lost"
    if bool(told) != (name in BROKEN):
        yield f"{name}: {len(told)} remarks"
    for remark in told:
        if not re.search(r"[一-鿿]", remark["zh"]):
            yield f"{name}: no Chinese: {remark}"
        if len(remark["zh"] + remark["hint"]) > 400:
            yield f"{name}: too long to be read"
        if not re.fullmatch(r"[^:]+" if remark["code"] in WHOLE else r"[^:]+:[0-9]+:[0-9]+", remark["where"]):
            yield f"{name}: no place: {remark['where']}"


def test_a_few_broken_packs(tmp_path: Path) -> None:
    answers = judged(tmp_path, FEW)
    assert [*answers] == FEW
    assert [line for name, answer in answers.items() for line in amiss(name, answer)] == []


@pytest.mark.slow
def test_a_hundred_broken_packs(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    answers = judged(tmp_path)
    assert [*answers] == [*BROKEN, *UNBROKEN]
    assert len(BROKEN) > 100
    assert [line for name, answer in answers.items() for line in amiss(name, answer)] == []
    golden("broken.zh.txt", "".join(page(name, answer) for name, answer in answers.items()))


def page(name: str, answer: dict[str, Any]) -> str:
    """What a reader is shown of one pack."""
    lines = [f"{one['where']}: {one['zh']}{one['hint']} [{one['code']}]" for one in answer["told"]]
    more = [f"… {len(lines) - 4}"] if len(lines) > 4 else []
    return "\n".join([f"# {name}", *lines[:4], *more]) + "\n"
