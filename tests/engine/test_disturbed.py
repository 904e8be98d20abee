"""What people do to a form beside filling it in accuses nobody: notes, signatures, blank rows, stray words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.engine.assess import assess
from checker.model.outcome import Status
from checker.model.rule import Severity
from checker.model.workbook import Cell, CellKind, Range, Sheet, Workbook
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
CLEAN = sorted(WORKBOOKS.glob("*/clean/*.xlsx"))
WRONG = sorted(WORKBOOKS.glob("*/errors/*.xlsx"))

Rows = dict[int, dict[int, Cell]]
Laid = tuple[Rows, list[Range]]


def text(words: str) -> Cell:
    return Cell(CellKind.TEXT, words)


def with_row(rows: Rows, merges: list[Range], at: int, new: dict[int, Cell]) -> Laid:
    moved = {number + (number >= at): row for number, row in rows.items()}
    if new:
        moved[at] = new
    grown = [m._replace(top=m.top + (m.top >= at), bottom=m.bottom + (m.bottom >= at)) for m in merges]
    return dict(sorted(moved.items())), grown


def blank_row(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    return with_row(rows, merges, chance.randint(2, max(rows)), {})


def note_between(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    return with_row(rows, merges, chance.randint(2, max(rows)), {1: text("注：以上数据口径与上年一致。")})


def notes_below(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    last = max(rows)
    below = {
        last + 2: {1: text("说明"), 2: text("本表由财务处填报，2024年数据。")},
        last + 3: {1: text("1"), 2: text("甲")},
    }
    return rows | below, merges


def signature(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    cells = {1: text("填表人：张三"), 4: text("联系电话："), 5: Cell(CellKind.NUMBER, "13800000000")}
    return rows | {max(rows) + 1: cells}, merges


def signature_in_cells(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    cells = {1: text("填表人"), 2: text("张三"), 4: text("联系电话"), 5: Cell(CellKind.NUMBER, "13800000000")}
    return rows | {max(rows) + 1: cells}, merges


def blank_column(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    at = chance.randint(1, max(column for row in rows.values() for column in row))
    moved = {number: {c + (c >= at): cell for c, cell in row.items()} for number, row in rows.items()}
    return moved, [m._replace(left=m.left + (m.left >= at), right=m.right + (m.right >= at)) for m in merges]


def nothing_merged(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    return rows, []


def spaced_words(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    def spaced(cell: Cell) -> Cell:
        usual = cell.kind != CellKind.TEXT or len(cell.raw) > 7 or any(map(str.isdigit, cell.raw))
        return cell if usual or chance.random() > 0.3 else cell._replace(raw="  ".join(cell.raw))

    return {number: {c: spaced(cell) for c, cell in row.items()} for number, row in rows.items()}, merges


def words_beside(rows: Rows, merges: list[Range], chance: random.Random) -> Laid:
    right = max(column for row in rows.values() for column in row) + 1
    return {n: row | ({right: text("已核")} if chance.random() < 0.3 else {}) for n, row in rows.items()}, merges


Disturb = Callable[[Rows, list[Range], random.Random], Laid]
KINDS: list[Disturb] = [
    blank_row, note_between, notes_below, signature, signature_in_cells, blank_column, nothing_merged, spaced_words,
    words_beside,
]  # fmt: skip


def disturbed(workbook: Workbook, kind: Disturb, seed: str) -> Workbook:
    chance = random.Random(seed)

    def sheet(old: Sheet) -> Sheet:
        content = old.content
        if not content.rows:
            return old
        rows, merges = kind({number: dict(row) for number, row in content.rows.items()}, list(content.merges), chance)
        content = content._replace(rows=rows, merges=tuple(merges), hidden_rows=frozenset(), hidden_columns=frozenset())
        return Sheet(old.name, lambda: content, state=old.state)

    return Workbook(
        workbook.path,
        workbook.sha256,
        workbook.source,
        tuple(map(sheet, workbook.sheets)),
        date1904=workbook.date1904,
        load_number_formats=lambda: tuple(map(workbook.number_format, range(500))),
    )


def errors(session: Session, workbook: Workbook) -> Counter[str]:
    report = assess(workbook, session.plans(), session.labels, session.lexicon).report
    return Counter(
        finding.outcome.rule
        for finding in report.findings
        if finding.outcome.severity == Severity.ERROR and finding.outcome.status == Status.FAIL
    )


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def check(session: Session, path: Path, kind: Disturb, seed: int) -> None:
    workbook = session.read(path)
    after = errors(session, disturbed(workbook, kind, f"{kind.__name__} {seed}"))
    assert after - errors(session, workbook) == Counter(), path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", ["cn-final-accounts/clean/全国表样元.xlsx", "cn-project/clean/全套项目表.xlsx"])
def test_nobody_is_accused(session: Session, name: str, kind: Disturb) -> None:
    check(session, WORKBOOKS / name, kind, 1)


@pytest.mark.parametrize(
    "name", ["cn-final-accounts-internal/clean/教育局财决表.xlsx", "cn-final-accounts/clean/广东九张表.xlsx"]
)
def test_an_old_copy_with_other_figures_accuses_no_sheet_but_itself(session: Session, name: str) -> None:
    workbook = session.read(WORKBOOKS / name)

    def old(sheet: Sheet) -> Sheet:
        rows = {number: dict(row) for number, row in sheet.rows.items()}
        number, column = next((n, c) for n, row in rows.items() for c, cell in row.items() if "." in cell.raw[1:-1])
        rows[number][column] = rows[number][column]._replace(raw="77.77")
        content = sheet.content._replace(rows=rows)
        return Sheet(f"{sheet.name[:25]}(旧)", lambda: content)

    both = disturbed(workbook, lambda rows, merges, _: (rows, merges), "")
    both.sheets = (*both.sheets, *map(old, workbook.sheets))  # type: ignore[misc]
    report = assess(both, session.plans(), session.labels, session.lexicon).report
    wrong = [finding.outcome for finding in report.findings if finding.outcome.severity == Severity.ERROR]
    assert wrong and all(outcome.sheet.endswith("(旧)") for outcome in wrong)
    told = [outcome.reason.zh for outcome in report.outcomes if "出现不止一次" in outcome.reason.zh]
    assert told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nobody_is_accused_in_any_sample(session: Session, kind: Disturb, request: pytest.FixtureRequest) -> None:
    everything = request.config.getoption("--all-samples")
    for path in CLEAN if everything else CLEAN[KINDS.index(kind) % 3 :: 3]:
        for seed in range(3 if everything else 1):
            check(session, path, kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [notes_below, signature, spaced_words, words_beside], ids=lambda kind: kind.__name__)
def test_what_is_wrong_is_still_found(session: Session, kind: Disturb, request: pytest.FixtureRequest) -> None:
    for path in WRONG[:: 9 if request.config.getoption("--all-samples") else 40]:
        workbook = session.read(path)
        found = errors(session, workbook)
        assert found - errors(session, disturbed(workbook, kind, kind.__name__)) == Counter(), path
