"""The open workbook is read as the command reads its file, and is not touched."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from opened import FEW, NO_COPIES, PUBLISHED, ROOT, SAMPLES, Desk, opened

import checker
from checker.excel.inspection import check_book, score_book
from checker.model.report import WorkbookReport


def same(one: WorkbookReport, other: WorkbookReport) -> bool:
    """Errors are compared by their code: they are no tuples."""
    codes = [report.error.code if report.error else None for report in (one, other)]
    return codes[0] == codes[1] and one._replace(error=None) == other._replace(error=None)


def check_open(path: Path) -> WorkbookReport:
    with opened(path) as desk:
        return check_book(desk.xlwings).report.workbooks[0]


@pytest.mark.parametrize("path", FEW, ids=lambda path: path.parent.parent.name)
def test_the_open_workbook_gives_the_report_of_its_file(path: Path) -> None:
    assert same(check_open(path), checker.check(path).workbooks[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in SAMPLES}), ids=lambda path: path.parent.name + path.name
)
def test_so_does_every_sample(folder: Path, stride: int) -> None:
    files = [path for path in SAMPLES if path.parent == folder][::stride]
    assert files
    assert [path.name for path in files if not same(check_open(path), checker.check(path).workbooks[0])] == []


def test_scores_are_those_of_the_command() -> None:
    with opened(PUBLISHED) as desk:
        report = score_book(desk.xlwings)
    command = checker.score(PUBLISHED)
    assert report.workbooks[0].scores == command.workbooks[0].scores
    assert report.verdict == command.verdict
    assert report.packs == command.packs


@pytest.mark.slow
def test_unsaved_edits_are_seen() -> None:
    finding = checker.check(PUBLISHED).workbooks[0].findings[0].outcome
    right = finding.right
    assert right is not None

    def mend(store: object) -> None:
        for book in store._both():  # type: ignore[attr-defined]
            book[finding.sheet][finding.cell] = float(right.value)  # type: ignore[arg-type]

    with opened(PUBLISHED, mend) as desk:
        report = check_book(desk.xlwings).report.workbooks[0]
    assert finding.rule not in [one.rule.id for one in report.findings if one.outcome.cell == finding.cell]
    assert report.findings


def test_nothing_is_left_behind(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = PUBLISHED.read_bytes()
    check_book(desk.xlwings)
    assert [*tmp_path.iterdir()] == []
    assert PUBLISHED.read_bytes() == before
    assert not desk.store.touched


def test_a_workbook_in_a_cloud_folder_is_checked_by_its_copy(desk: Desk) -> None:
    desk.store.full_name = "https://example.sharepoint.com/决算.xlsx"
    report = check_book(desk.xlwings).report.workbooks[0]
    assert report.path == "https://example.sharepoint.com/决算.xlsx"
    assert report.findings == checker.check(PUBLISHED).workbooks[0].findings


@pytest.mark.slow
def test_where_no_copy_is_made_the_report_says_how_it_was_read(desk: Desk) -> None:
    desk.book.no_copies = NO_COPIES
    report = check_book(desk.xlwings).report.workbooks[0]
    assert [code for code, _ in report.remarks] == ["LIVE_READING"]
    assert report.remarks[0][1].zh.startswith("受限读取")
    assert report.findings


@pytest.mark.slow
def test_so_it_does_where_the_copy_is_cipher_text(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As agents of offices have it, which encrypt what any other program than Excel reads."""
    monkeypatch.setattr(desk.store, "save_copy", lambda path: Path(path).write_bytes(bytes(range(1, 256)) * 40))
    report = check_book(desk.xlwings).report.workbooks[0]
    assert [code for code, _ in report.remarks] == ["LIVE_READING"]


@pytest.mark.slow
def test_so_it_does_where_a_sheet_of_the_copy_is_damaged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import zipfile

    def damage(path: str) -> None:
        with zipfile.ZipFile(PUBLISHED) as old, zipfile.ZipFile(path, "w") as new:
            for item in old.infolist():
                data = old.read(item)
                new.writestr(item, data[: len(data) // 2] if item.filename.endswith("sheet2.xml") else data)

    monkeypatch.setattr(desk.store, "save_copy", damage)
    report = check_book(desk.xlwings).report.workbooks[0]
    assert report.error is None
    assert [code for code, _ in report.remarks] == ["LIVE_READING"]


@pytest.mark.parametrize(("macro", "saved", "read"), [(True, False, "copy"), (False, True, "file"), (False, False, "")])
def test_on_macos_the_macro_of_the_add_in_saves_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, macro: bool, saved: bool, read: str
) -> None:
    """A file that is older than what is on the screen is never read. (No macOS was at hand: see the guide.)"""
    from types import SimpleNamespace

    from checker.errors import ReadError
    from checker.excel import snapshot

    def save_copy(name: str, path: str) -> None:
        assert name == "book.xlsx"
        if not macro:
            raise RuntimeError("no such macro")
        Path(path).write_bytes(FEW[1].read_bytes())

    (tmp_path / "book.xlsx").write_bytes(PUBLISHED.read_bytes())
    bas = (ROOT / "checker" / "excel" / "CheckerRibbon.bas").read_text(encoding="ascii")
    called = []
    app = SimpleNamespace(macro=lambda name: called.append(name) or save_copy)
    api = SimpleNamespace(saved=SimpleNamespace(get=lambda: saved))
    book = SimpleNamespace(app=app, api=api, name="book.xlsx", fullname=str(tmp_path / "book.xlsx"))
    monkeypatch.setattr(snapshot.sys, "platform", "darwin")
    if not read:
        with pytest.raises(ReadError, match="EXCEL_NO_COPY") as told:
            snapshot.read_book(book)
        assert told.value.hint is not None and "保存" in told.value.hint.zh
        return
    found = snapshot.read_book(book).workbook
    expected = checker.forms(FEW[1] if read == "copy" else PUBLISHED)
    assert {form.sheet for form in expected.candidates} <= {sheet.name for sheet in found.sheets}
    (name,) = called
    assert name.rpartition(".")[2] in bas and f'"{name.partition("!")[2].partition(".")[0]}"' in bas


def test_importing_the_checker_does_not_import_xlwings() -> None:
    import subprocess
    import sys

    code = (
        "import sys, checker, checker.excel, checker.cli.excel; checker.check;"
        "from checker.excel import entry, connect, actions, marking, results, live;"
        "print('xlwings' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
