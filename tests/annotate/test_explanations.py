"""Explanations in marked copies and in workbooks of results: what they are bound to goes with them."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

import checker
from checker.cli.main import main
from checker.model.outcome import Status

ROOT = Path(__file__).parents[2]
#: Its one warning: carried over 26.24 at the beginning of the year, 0.50 more than the other form says.
WARNS = ROOT / "workbooks" / "cn-final-accounts" / "errors" / "04年初结转大于01.xlsx"
GOOD = "追加预算：根据财预〔2022〕3号，2022年6月追加0.50万元"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    shutil.copy(WARNS, path)
    return path


def explain(listed: Path, text: str) -> None:
    """``text`` written beside the first finding, saved by another program."""
    workbook = openpyxl.load_workbook(listed)
    sheet = workbook["检查结果"]
    title = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "审核说明")
    sheet.cell(title.row + 1, title.column).value = text
    workbook.save(listed)


def change(path: Path, amount: float) -> None:
    """Another number in the cell that the warning is about."""
    workbook = openpyxl.load_workbook(path)
    workbook["财政拨款收入支出决算总表"]["B10"].value = amount
    workbook.save(path)


def status(path: Path, **more: Path) -> tuple[str, str]:
    """Status of the warning, and why its explanation does not count."""
    findings = checker.check(path, **more).findings
    (found,) = [one for one in findings if one.rule.id.endswith("-0414")]
    refused = found.explained.refused if found.explained else None
    return found.outcome.status, refused.en if refused else ""


def mark(path: Path, name: str, expected: int = 0) -> Path:
    copy = path.with_name(name)
    assert main(["annotate", str(path), "-o", str(copy)]) == expected
    return copy


@pytest.mark.slow
def test_an_explanation_waits_with_its_figures_until_its_finding_is_back(book: Path) -> None:
    copy = mark(book, "一.xlsx")
    explain(copy, GOOD)
    change(copy, 25)
    gone = mark(copy, "二.xlsx", expected=1)  # another rule complains now
    change(gone, 26.24)
    assert status(gone) == (Status.WAIVED, "")
    back = mark(gone, "三.xlsx")
    assert status(back) == (Status.WAIVED, "")
    change(gone, 27)
    assert "the difference grew from 0.50" in status(gone)[1]


def test_explanations_count_where_the_workbook_itself_cannot_be_marked(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stand in the workbook of results, bound to what it showed, and may be put into the file beside the other."""
    with ZipFile(book, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", "")
    results = mark(book, "副本.xlsx").with_name("副本-检查结果.xlsx")
    explain(results, GOOD)
    assert status(book, explanations=results) == (Status.WAIVED, "")
    capsys.readouterr()
    mark(book, "副本.xlsx")  # what stands there counts for the next
    assert "已说明或豁免 1 项" in capsys.readouterr().out
    assert status(book, explanations=results) == (Status.WAIVED, "")
    assert main(["explanations", "accept", str(book), "--explanations", str(results)]) == 0
    results.unlink()
    assert status(book) == (Status.WAIVED, "")
