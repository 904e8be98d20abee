"""``checker score``: what it prints, how it ends, what programs get; and that a plain check needs none of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import checker
from checker.cli.main import main
from checker.errors import UsageError
from checker.packs.resources import data_root

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(
    house: Any, table: Any, figures: Any, rows: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """``files(claims…)``: the arguments for one workbook in which the claims are these."""

    def make(*claims: Any, total: Any = None, grade: str = "", **data: Any) -> list[str]:
        monkeypatch.chdir(tmp_path)
        made = house()
        given = [(*row[:4], claim) for row, claim in zip(rows, claims or [row[4] for row in rows], strict=True)]
        given[3] = (*given[3], "内控手册未修订") if given[3][4] != 40 else given[3]
        (tmp_path / "甲.xlsx").unlink(missing_ok=True)
        made.save(tmp_path / "甲.xlsx", table(*given, total=total, grade=grade), figures(**data))
        return ["甲.xlsx", "--rules", str(made.folder)]

    return make


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tree_is_printed_with_the_contradiction_on_top(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str], golden: Any, language: str
) -> None:
    words = files(40, 10, 10, 40, total=100, grade="优")
    code = main(["score", *words, "--lang", language, "--what-if", "数据表!数据[支出, 决算]=8000"])
    assert code == 1
    golden(f"score.{language}.txt", capsys.readouterr().out)


def test_marks_lost_with_a_reason_and_in_agreement_end_well(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *files(30, 10, 9, 30, total=79, grade="差")]) == 0
    out = capsys.readouterr().out
    assert "内控手册未修订" in out and "支出率由75.00%变为80%，得分由30变为40" in out


def test_what_could_not_be_scored_outweighs_what_disagrees(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *files(40, 10, 9, 40, 支出=("10000.00", None))]) == 3
    assert "未核算：支出率" in capsys.readouterr().out


def test_a_wrong_total_or_grade_disagrees(files: Callable[..., list[str]]) -> None:
    assert main(["score", *files(total=90)]) == 1
    assert main(["score", *files(total=89, grade="优")]) == 1
    assert main(["score", *files(total=89, grade="良")]) == 0


def test_a_file_that_is_no_workbook_is_not_scored(
    files: Callable[..., list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, *rules = files()
    (tmp_path / "乙.xlsx").write_text("no workbook", encoding="utf-8")
    assert main(["score", "乙.xlsx", *rules]) == 3
    assert "未核算" in capsys.readouterr().out


def test_programs_get_the_same_by_the_schema(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    words = files(40, 10, 10, 40, total=100)
    assert main(["score", *words, "--format", "json", "--what-if", "数据表!数据[支出, 决算]=8000"]) == 1
    report = json.loads(capsys.readouterr().out)
    schema = json.loads((data_root("schemas") / "report.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(report)] == []
    (score,) = report["workbooks"][0]["scores"]
    assert score["headline"]["zh"].startswith("自评满分（100分）")
    assert score["total"]["claimed"] == "100" and score["total"]["high"] == "89.00"
    first = score["tree"][0]["children"][0]["children"][0]
    assert (first["claimed"], first["low"], first["agrees"]) == ("40.00", "30.00", False)
    assert {"name": "支出率", "before": "30", "after": "40 (30 / 40)"} in score["what_if"][0]["changes"]


def test_what_if_is_exact_about_what_it_needs(files: Callable[..., list[str]]) -> None:
    path, _, rules = files()
    for wrong in ("数据表!数据[支出, 决算]", "数据表!数据[没有, 决算]=1", "数据[=1", "1=2"):
        with pytest.raises(UsageError):
            checker.score(path, rules=[rules], what_if=[wrong])
    report = checker.score(path, rules=[rules], what_if=["数据表!数据[支出, 决算]=75%"])
    (tried,) = report.workbooks[0].scores[0].what_if
    assert [change.name for change in tried.changes] == ["支出率", ""]


@pytest.mark.slow
def test_a_plain_check_does_not_import_the_room() -> None:
    script = (
        "import sys; from checker.cli.main import main; main(['check', sys.argv[1]]);"
        "print(*sorted(m for m in sys.modules if m.startswith('checker.scoring') or m == 'checker.model.score'))"
    )
    sample = ROOT / "workbooks" / "cn-project" / "clean" / "年度科普项目.xlsx"
    environ = {**os.environ, "CHECKER_DISABLE_PLUGINS": "*", "PYTHONUTF8": "1"}
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", script, str(sample)],
            capture_output=True, encoding="utf-8", cwd=ROOT, env=environ, check=True, timeout=120,
        )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "checker.scoring"
