from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.readers.discovery import find_workbooks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.XLSX", "a.xls", "二/c.et", "二/d.xlsm", "二/~$d.xlsm", "._a.xls", "readme.txt", "e.docx"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"")
    return tmp_path


def names(paths: list[str], root: Path) -> list[str]:
    return [Path(path).relative_to(root).as_posix() for path in paths]


def test_folders_are_walked_in_order_and_what_is_passed_over_is_counted(folder: Path) -> None:
    found = find_workbooks([str(folder)])
    assert names(found.files, folder) == ["a.xls", "b.XLSX", "二/c.et", "二/d.xlsm"]
    remark = found.remark()
    assert remark is not None
    assert "2 files that are not workbooks" in remark.en
    assert "2 lock files" in remark.en


def test_nothing_passed_over_nothing_said(folder: Path) -> None:
    assert find_workbooks([str(folder / "a.xls")]).remark() is None


def test_a_named_file_is_checked_whatever_its_name(folder: Path) -> None:
    named = [str(folder / "readme.txt"), str(folder / "._a.xls"), str(folder / "missing.xlsx")]
    assert find_workbooks(named).files == named


def test_a_file_named_twice_is_checked_once(folder: Path) -> None:
    found = find_workbooks([str(folder / "b.XLSX"), str(folder), str(folder / "." / "a.xls")])
    assert names(found.files, folder) == ["b.XLSX", "a.xls", "二/c.et", "二/d.xlsm"]


def test_wildcards_that_the_shell_left_alone(folder: Path) -> None:
    found = find_workbooks([str(folder / "*" / "*.xlsm")])
    assert "二/d.xlsm" in names(found.files, folder)
    unmatched = str(folder / "*.ods")
    assert find_workbooks([unmatched]).files == [unmatched]


def test_a_name_with_brackets_is_a_name(folder: Path) -> None:
    book = folder / "报表[1].xlsx"
    book.write_bytes(b"")
    assert find_workbooks([str(book)]).files == [str(book)]


def test_a_folder_without_workbooks_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_bytes(b"")
    with pytest.raises(UsageError) as caught:
        find_workbooks([str(tmp_path)])
    assert caught.value.code == "NO_WORKBOOKS"
    assert caught.value.where == str(tmp_path)


def test_a_folder_that_may_not_be_entered_is_not_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = str(folder / "二")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert closed in find_workbooks([str(folder)]).files


def test_links_that_go_round_end(folder: Path) -> None:
    try:
        (folder / "二" / "round").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    assert len(find_workbooks([str(folder)]).files) == 4
