"""The working paper: texts are texts, formulas give the recorded numbers, a full sheet goes on in another."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from checker.audit.papers import workpaper
from checker.audit.papers.recomputation import block
from checker.audit.papers.sheets import Kind, Paper
from checker.audit.papers.workpaper import Overview
from checker.reports.json import workbook_document
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
SAMPLES = ("资金总额不等于来源合计", "执行率计算错误", "资金总额为零", "金额无法识别")
FINDINGS, RECOMPUTED, OPEN = "问题底稿", "复算", "未读未核对"
HOSTILE = '=1+1<b>"\x1b\x00\u202e'

Documents = list[dict[str, Any]]


@pytest.fixture(scope="module")
def sample_documents(session: Session) -> Documents:
    paths = [WORKBOOKS / "cn-project" / "errors" / f"{name}.xlsx" for name in SAMPLES]
    return [workbook_document(session.assess(path).report) for path in paths]


def written(documents: Iterable[Any], about: Overview = Overview()) -> Any:  # noqa: B008
    stream = io.BytesIO()
    workpaper.write(documents, stream, about)
    return openpyxl.load_workbook(stream)


def recalculated(documents: Iterable[Any], folder: Path) -> Any:
    """As LibreOffice calculates it."""
    (folder / "in").mkdir()
    source = folder / "in" / "workpaper.xlsx"
    with source.open("wb") as stream:
        workpaper.write(documents, stream, Overview())
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=170)
    return openpyxl.load_workbook(folder / "workpaper.xlsx", data_only=True)


def test_every_finding_has_a_line_and_a_way_to_its_recomputation(sample_documents: Documents) -> None:
    book = written(sample_documents)
    lines = list(book[FINDINGS].iter_rows(min_row=2, values_only=True))
    assert len(lines) >= len([f for d in sample_documents for f in d["findings"]]) > 3
    first = sample_documents[0]["findings"][0]
    assert lines[0][17] == first["id"] and lines[0][15] == first["rule"]
    assert Decimal(str(lines[0][9])) == Decimal(first["difference"])
    assert lines[0][5].startswith('=HYPERLINK("') and f"#'{first['sheet']}'!{first['cell']}" in lines[0][5]
    target = lines[0][16].split('"')[1]
    assert target == f"#'{RECOMPUTED}'!A2" and book[RECOMPUTED]["A2"].value.startswith("=HYPERLINK")


def test_what_was_not_read_is_listed(sample_documents: Documents) -> None:
    error = {"code": "BAD", "message": {"zh": "坏文件", "en": "bad"}, "hint": None, "where": "x.xlsx"}
    unread = {**sample_documents[0], "status": "unread", "error": error, "findings": [], "path": "x.xlsx"}
    book = written([unread], Overview(failures=({**error, "code": "PACK"},)))
    told = [row[3] for row in book[OPEN].iter_rows(min_row=2, values_only=True)]
    assert told[:2] == ["PACK", "BAD"]


def test_hostile_texts_are_texts(sample_documents: Documents) -> None:
    document = json.loads(json.dumps(sample_documents[0]))
    finding = document["findings"][0]
    document["unit"] = document["path"] = HOSTILE
    finding["sheet"] = finding["message"]["zh"] = HOSTILE
    for operand in finding["operands"]:
        operand["text"] = operand["label"] = operand["sheet"] = HOSTILE
    book = written([document])
    ours = ("=HYPERLINK(", "=IF(", "=F", "=SUM(")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.value.startswith(ours), cell.value
                    assert "1+1" not in cell.value.replace(HOSTILE[:4], "") or '"' in cell.value
    assert book[FINDINGS]["B2"].value == '=1+1<b>"' and book[FINDINGS]["B2"].data_type == "s"


def test_a_full_sheet_goes_on_in_another() -> None:
    paper = Paper()
    table = paper.table("表", (("甲", 10),), most=3)
    for number in range(5):
        table.add((str(number), Kind.TEXT))
    assert [sheet.title for sheet in table.sheets] == ["表", "表2", "表3"]
    assert table.next == "'表3'!A3"
    paper.save(io.BytesIO())


def test_a_comparison_that_no_formula_gives_is_a_constant(sample_documents: Documents) -> None:
    finding = {**sample_documents[0]["findings"][0], "expected": "1", "difference": "5"}
    finding.pop("cells")
    made = block(finding)
    assert made is not None and not made.live and made.right == "1"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_calculates_what_was_recorded(session: Session, tmp_path: Path) -> None:
    paths = sorted(WORKBOOKS.glob("*/errors/**/*.xls*"))[::6]
    book = recalculated((workbook_document(session.assess(path).report) for path in paths), tmp_path)
    rows = list(book[RECOMPUTED].iter_rows(min_row=2, values_only=True))
    compared = [row for row in rows if row[8]]
    assert len(compared) > 80
    assert [row for row in compared if row[8] != "与记录一致"] == []
    verdicts = [row[5] for row in rows if row[1] == "结论"]
    assert len(verdicts) > 30 and set(verdicts) == {"不通过"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_corrected_figure_turns_the_verdict(sample_documents: Documents, tmp_path: Path) -> None:
    document = json.loads(json.dumps(sample_documents[0]))
    finding = document["findings"][0]
    document["findings"], total = [finding], finding["operands"][0]
    total["value"] = total["text"] = finding["expected"]
    rows = list(recalculated([document], tmp_path)[RECOMPUTED].iter_rows(min_row=2, values_only=True))
    assert next(row[5] for row in rows if row[1] == "结论") == "通过"
    assert next(row[8] for row in rows if row[1] == "实为") == "与记录不一致"
