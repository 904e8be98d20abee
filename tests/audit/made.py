"""Any number of workbooks, clean, erroneous, corrupt and hostile by turns, of which it is known what each comes to; and
what a store says, written out, so that two can be compared byte by byte."""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import checker
from checker.audit.store.parts import connect
from checker.audit.store.reading import open_store

from ..readers.hostile import KINDS, LARGE, READ

WORKBOOKS = Path(__file__).parents[2] / "workbooks" / "cn-project"
SAMPLES = (
    "clean/年度科普项目.xlsx",
    "errors/执行率计算错误.xlsx",
    "clean/上年结转项目.xlsx",
    "errors/资金总额不等于来源合计.xlsx",
    "errors/金额无法识别.xlsx",
)
#: Of so many files one is damaged, and one hostile.
DAMAGED_EVERY, HOSTILE_EVERY = 7, 11


class Expected(NamedTuple):
    """What a workbook comes to. ``code`` is empty if it can be read."""

    status: str
    errors: int
    warnings: int
    notes: int
    code: str = ""


def make_mixed(folder: Path, count: int) -> Mapping[str, Expected]:
    """``count`` workbooks below ``folder``, a unit each, in folders of fifty; by path what each comes to."""
    # What is too large for its bytes to be looked at is never known again.
    hostile = sorted(name for name in KINDS if name not in LARGE and KINDS[name].expected != "FILE_TOO_LARGE")
    expected: dict[str, Expected] = {}
    for number in range(count):
        place = folder / f"{number // 50:03}" / f"{number:05}.xlsx"
        place.parent.mkdir(parents=True, exist_ok=True)
        sample = SAMPLES[number % len(SAMPLES)]
        if number % HOSTILE_EVERY == 5:
            content, expected[str(place)] = _hostile(hostile[number // HOSTILE_EVERY % len(hostile)])
        elif number % DAMAGED_EVERY == 3:
            content = workbook_of(sample, number)[:-200]
            expected[str(place)] = Expected("unread", 0, 0, 0, "FILE_TRUNCATED")
        else:
            content = workbook_of(sample, number)
            expected[str(place)] = what_comes_of(sample)
        place.write_bytes(content)
    return expected


def workbook_of(sample: str, number: int, year: str = "2024") -> bytes:
    """The sample as another unit would have filed it, or of another year."""
    unit, entries = _entries(sample)
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in entries:
            changed = content.replace(unit, f"示例县第{number:05}单位".encode()).replace(b"2024", year.encode())
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, changed, compresslevel=1)
    return target.getvalue()


@cache
def _hostile(kind: str) -> tuple[bytes, Expected]:
    """A hostile file, and what a check of it alone says (which need not look at the part that is hostile)."""
    content = KINDS[kind].make()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / KINDS[kind].name
        place.write_bytes(content)
        (workbook,) = checker.check(place).workbooks
    assert workbook.error is not None and not workbook.findings
    assert KINDS[kind].expected in (READ, workbook.error.code) or workbook.error.code == "FORM_UNRECOGNISED"
    return content, Expected("unread", 0, 0, 0, workbook.error.code)


@cache
def _entries(sample: str) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    unit = checker.check(WORKBOOKS / sample).workbooks[0].unit
    with zipfile.ZipFile(WORKBOOKS / sample) as archive:
        return unit.encode(), tuple((name, archive.read(name)) for name in archive.namelist())


@cache
def what_comes_of(sample: str) -> Expected:
    (workbook,) = checker.check(WORKBOOKS / sample).workbooks
    by_severity = Counter(finding.outcome.severity for finding in workbook.findings)
    return Expected(workbook.status, by_severity["error"], by_severity["warning"], by_severity["note"])


def what_came_of(out: Path) -> dict[str, Expected]:
    """By source, what the last run of a store says."""
    with open_store(out) as store:
        rows = store.connection.execute(
            "SELECT source, status, errors, warnings, notes, coalesce(error_code, '') FROM workbooks"
        ).fetchall()
    return {source: Expected(*rest) for source, *rest in rows}


def dump(out: Path) -> list[str]:
    """All that the last run of a store says, and in which order: rows of every table by source, and the documents."""
    with open_store(out) as store:
        lines = [repr(document) for document in store.documents()]
        for table in ("workbooks", "findings", "outcomes", "facts", "scores", "submissions"):
            columns = "* EXCLUDE (reused)" if table == "workbooks" else "*"
            rows = store.connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
            lines += [f"{table} {row!r}" for row in rows]
    return lines


def stored_results(out: Path) -> int:
    with connect(out) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM kept.results").fetchall()
    assert isinstance(count, int)
    return count
