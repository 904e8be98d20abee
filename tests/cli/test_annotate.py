"""``checker annotate``: what it says, where it writes, how it exits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import checker
from checker.cli.main import main
from checker.readers import open_workbook
from checker.scores import check_and_score

SAMPLES = Path(__file__).parents[2] / "workbooks" / "cn-project"
WRONG = SAMPLES / "errors" / "支出计划调整不平.xlsx"
CLEAN = sorted((SAMPLES / "clean").glob("*.xlsx"))[0]


def test_one_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.xlsx"
    assert main(["annotate", str(WRONG), "-o", str(copy)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith(f"已标注 7 个单元格，副本为 {copy}。")
    assert out[-1].startswith("结论：有问题需要更正或说明。")
    assert "检查结果" in [sheet.name for sheet in open_workbook(copy).sheets]
    back = tmp_path / "back.xlsx"
    assert main(["annotate", "--clear", str(copy), "-o", str(back)]) == 0
    assert "已清除 7 处标记" in capsys.readouterr().out
    assert [s.name for s in open_workbook(back).sheets] == [s.name for s in open_workbook(WRONG).sheets]


def test_a_folder_of_copies_and_one_name_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, sample in (("a", WRONG), ("b", CLEAN)):
        (tmp_path / folder).mkdir()
        shutil.copy(sample, tmp_path / folder / "表.xlsx")
    (tmp_path / "b" / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    assert (
        main(["annotate", str(tmp_path / "a"), str(tmp_path / "b"), "-o", str(tmp_path / "out"), "--lang", "en"]) == 3
    )
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["坏-Check results.xlsx", "表-2.xlsx", "表.xlsx"]
    assert "坏.xlsx: not marked: The end of the file is missing." in capsys.readouterr().out


def test_a_copy_never_takes_the_place_of_its_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.xlsx"
    shutil.copy(WRONG, path)
    before = path.read_bytes()
    assert main(["annotate", str(path), "-o", str(tmp_path)]) == 2
    assert "OUTPUT_IS_INPUT" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["annotate", "--clear", str(path), "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "NO_MARKS" in capsys.readouterr().err


def test_several_workbooks_are_checked_and_scored_as_by_the_commands_of_that_name(tmp_path: Path) -> None:
    """Submissions, last year's workbooks and all: one reading gives what two commands give."""
    scored = next((SAMPLES.parent / "gd-project-2022" / "published").glob("*.xlsx"))
    for options in ({}, {"together": True, "prior": [CLEAN]}):
        files = [str(WRONG), str(scored), str(tmp_path / "none.xlsx")]
        both = check_and_score(files, **options)
        alone, scores = checker.check(files, **options), checker.score(files, **options)
        assert both._replace(workbooks=()) == alone._replace(workbooks=())
        for one, other, third in zip(both.workbooks, alone.workbooks, scores.workbooks, strict=True):
            assert (one.findings, one.counts, one.problems, one.status) == (
                other.findings,
                other.counts,
                other.problems,
                other.status,
            )
            assert one.scores == third.scores
        assert both.workbooks[1].scores


def test_together_reaches_the_copies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(WRONG), str(CLEAN)]
    assert main(["annotate", *files, "--together", "-o", str(tmp_path)]) == main(["check", *files, "--together"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == lines[-1]
