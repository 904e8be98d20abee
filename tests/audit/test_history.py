"""New, still there, solved, and what nobody looked at again; and last year's files of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from checker.audit.store import spool
from checker.audit.store.history import priors
from checker.audit.store.reading import Run, connect, open_store, seal, write_run
from checker.audit.store.tables import TABLES


class Book(NamedTuple):
    """One file of a run: the ids of its findings (rule R), and how often R was asked and could not answer."""

    source: str
    result: str
    findings: Sequence[str] = ()
    unit: str = ""
    year: str = "2024"
    passes: int = 1
    open_questions: int = 0
    forms: Sequence[str] = ("表",)
    status: str = "checked"
    content: str = ""


def rows(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    blank = {"INTEGER": 0, "VARCHAR": "", "VARCHAR[]": []}

    def row(table: str, **values: Any) -> tuple[Any, ...]:
        return tuple(values.get(c.name, None if c.optional else blank[c.type]) for c in TABLES[table].columns[1:])

    return {
        "results": [
            row(
                "results", status=book.status, unit=book.unit, unit_key=book.unit, year=book.year, forms=[*book.forms],
                errors=len(book.findings), sha256=book.content or book.result,
            )
        ],
        "findings": [
            row("findings", id=id, ordinal=n, rule="R", form="表", severity="error", status="fail", document="{}")
            for n, id in enumerate(book.findings)
        ],
        "outcomes": [
            row(
                "outcomes", rule="R", fail=len(book.findings), insufficient=book.open_questions,
                **{"pass": book.passes},
            )
        ] if book.status != "unread" else [],
    }  # fmt: skip


def audit(folder: Path, run: str, *books: Book, status: str = "complete") -> None:
    spooled = spool.write(folder, run, [(book.result, rows(book)) for book in books])
    seal(folder, [spooled], run)
    started = datetime.strptime(run, "%Y%m%d")
    files = [(run, b.source, b.result, b.content or b.result, 1, "", False) for b in books]
    write_run(folder, Run(run, started, None, "1", "d", "{}", status, len(books), 0), files, [], [])


def changes(folder: Path, run: str | None = None) -> dict[str, str]:
    with open_store(folder, run) as store:
        return dict(store.connection.execute("SELECT id, change FROM changes").fetchall())


MARCH, APRIL, MAY = "20250301", "20250401", "20250501"


def test_new_still_and_solved(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x", "y"], "甲"), Book("b.xlsx", "2", ["z"], "乙"))
    audit(tmp_path, APRIL, Book("改名.xlsx", "3", ["y", "w"], "甲"), Book("b.xlsx", "2", ["z"], "乙"))
    assert changes(tmp_path) == {"x": "solved", "y": "still", "w": "new", "z": "still"}
    with open_store(tmp_path) as store:
        rows = store.connection.execute("SELECT id, unit, source, number, rule FROM changes ORDER BY id").fetchall()
    assert rows == [
        ("w", "甲", "改名.xlsx", 1, "R"),
        ("x", "甲", "a.xlsx", None, "R"),  # where it stood in March
        ("y", "甲", "改名.xlsx", 1, "R"),
        ("z", "乙", "b.xlsx", 0, "R"),
    ]


def test_the_first_run_compares_with_nothing(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x"], "甲"))
    assert changes(tmp_path) == {}


def test_what_was_interrupted_is_not_compared_with(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x"], "甲"))
    audit(tmp_path, APRIL, Book("b.xlsx", "2", [], "乙"), status="interrupted")
    audit(tmp_path, MAY, Book("a.xlsx", "1", ["x"], "甲"))
    assert changes(tmp_path) == {"x": "still"}


def test_what_nobody_looked_at_again_is_not_solved(tmp_path: Path) -> None:
    audit(
        tmp_path, MARCH,
        Book("gone.xlsx", "1", ["gone"], "甲"),
        Book("broken.xlsx", "2", ["unread"], "乙"),
        Book("lacking.xlsx", "3", ["lacking"], "丙"),
        Book("one.xlsx", "4", ["of the first"], "丁"),
        Book("other.xlsx", "5", ["of the second"], "丁"),
        Book("retired.xlsx", "6", ["not asked"], "戊"),
    )  # fmt: skip
    audit(
        tmp_path, APRIL,
        Book("broken.xlsx", "2x", (), "", "", status="unread"),
        Book("lacking.xlsx", "3x", (), "丙", open_questions=1),
        Book("one.xlsx", "4x", (), "丁"),  # the second file of the unit is missing
        Book("retired.xlsx", "6x", (), "戊", passes=0),
    )  # fmt: skip
    assert set(changes(tmp_path).items()) == {
        ("gone", "unchecked"),
        ("unread", "unchecked"),
        ("lacking", "unchecked"),
        ("of the first", "unchecked"),
        ("of the second", "unchecked"),
        ("not asked", "unchecked"),
    }


def test_units_share_finding_ids_only_by_accident(tmp_path: Path) -> None:
    """A workbook that names no unit is known by its file; equal ids in other files are other findings."""
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x"]), Book("b.xlsx", "2", ()))
    audit(tmp_path, APRIL, Book("a.xlsx", "3", ()), Book("b.xlsx", "4", ["x"]))
    with open_store(tmp_path) as store:
        found = store.connection.execute("SELECT change, source FROM changes ORDER BY source").fetchall()
    assert found == [("solved", "a.xlsx"), ("new", "b.xlsx")]


def test_a_renamed_file_without_a_unit_is_known_by_its_bytes(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x"]), Book("b.xlsx", "2", ["y"]))
    audit(tmp_path, APRIL, Book("new name.xlsx", "1", ["x"]), Book("new and changed.xlsx", "3", ["y"]))
    with open_store(tmp_path) as store:
        found = store.connection.execute("SELECT id, change, source FROM changes ORDER BY ALL").fetchall()
    assert found == [
        ("x", "still", "new name.xlsx"),
        ("y", "new", "new and changed.xlsx"),
        ("y", "unchecked", "b.xlsx"),
    ]


def test_another_year_of_the_unit_is_another_subject(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("a.xlsx", "1", ["x"], "甲", "2023"))
    audit(tmp_path, APRIL, Book("a.xlsx", "2", ["y"], "甲", "2024"))
    assert changes(tmp_path) == {"x": "unchecked", "y": "new"}


def found(folder: Path, *wanted: tuple[str, str]) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    with connect(folder) as connection:
        return {
            pair: [(prior.source, prior.accepted) for prior in several]
            for pair, several in priors(connection, wanted).items()
        }


def test_last_years_file_is_the_newest_that_was_accepted(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("v1.xlsx", "1", (), "甲", "2023"), Book("乙.xlsx", "2", (), "乙", "2023"))
    audit(tmp_path, APRIL, Book("v2.xlsx", "3", (), "甲", "2023"))
    audit(tmp_path, MAY, Book("v3.xlsx", "4", ["x"], "甲", "2023"), Book("now.xlsx", "5", (), "甲", "2024"))
    assert found(tmp_path, ("甲", "2024"), ("乙", "2024"), ("丙", "2024"), ("甲", "2023")) == {
        ("甲", "2024"): [("v2.xlsx", True)],
        ("乙", "2024"): [("乙.xlsx", True)],
    }


def test_without_an_accepted_one_the_newest_stands_and_says_so(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("v1.xlsx", "1", ["x"], "甲", "2023"))
    audit(tmp_path, APRIL, Book("v2.xlsx", "2", (), "甲", "2023"), Book("v2b.xlsx", "3", ["x"], "甲", "2023"))
    assert found(tmp_path, ("甲", "2024")) == {("甲", "2024"): [("v2.xlsx", False), ("v2b.xlsx", False)]}


def test_nothing_stood_before_what_names_no_unit_or_year(tmp_path: Path) -> None:
    audit(tmp_path, MARCH, Book("v1.xlsx", "1", (), "", "2023"), Book("v2.xlsx", "2", (), "甲", ""))
    assert found(tmp_path, ("", "2024"), ("甲", ""), ("甲", "二〇二四"), ("甲", "2024年")) == {}
