"""Explanations from the sheet of findings to the file beside the workbook, and waivers, by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import checker
from checker.cli.main import main
from checker.engine import waive
from checker.packs.load import load_packs
from checker.packs.statements import read_waivers

ROOT = Path(__file__).parents[2]
WARNS = ROOT / "workbooks" / "cn-final-accounts" / "errors" / "04年初结转大于01.xlsx"
WRONG = ROOT / "workbooks" / "cn-project" / "errors" / "支出计划调整不平.xlsx"
GOOD = "根据财预〔2022〕3号，2022年6月追加预算0.50万元"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    shutil.copy(WARNS, path)
    return path


def explain(book: Path, text: str) -> Path:
    """A marked copy in which ``text`` was written beside the first finding, saved by another program."""
    copy = book.with_name("副本.xlsx")
    main(["annotate", str(book), "-o", str(copy)])
    workbook = openpyxl.load_workbook(copy)
    sheet = workbook["检查结果"]
    titles = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in ("审核说明", "编号")}
    sheet.cell(titles["审核说明"].row + 1, titles["审核说明"].column).value = text
    workbook.save(copy)
    return copy


def change(book: Path, amount: float) -> None:
    """Another number in the cell that the warning is about."""
    workbook = openpyxl.load_workbook(book)
    workbook["财政拨款收入支出决算总表"]["B10"].value = amount
    workbook.save(book)


def told(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, int, str]:
    """Status of the finding about the carried balance, the number explained, and why the text does not count."""
    capsys.readouterr()
    main(["check", str(path), "--format", "json", *more])
    report = json.loads(capsys.readouterr().out)
    (finding,) = (f for f in report["workbooks"][0]["findings"] if f["rule"].endswith("-0414"))
    refused = (finding["explanation"] or {}).get("refused")
    return finding["status"], report["verdict"]["waived"], refused["en"] if refused else ""


def test_a_text_in_the_workbook_counts_where_it_stands(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = explain(book, GOOD)
    assert told(copy, capsys) == ("waived", 1, "")
    assert main(["check", str(copy), "--fail-on", "warning"]) == 0
    out = capsys.readouterr().out
    assert GOOD in "".join(line.strip() for line in out.splitlines()) and "已说明或豁免 1 项" in out.splitlines()[-1]


def test_the_report_tells_kind_and_limit_of_an_explanation(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = explain(book, f"追加预算：{GOOD}")
    change(copy, 26)
    capsys.readouterr()
    main(["check", str(copy), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    (said,) = (f["explanation"] for f in report["workbooks"][0]["findings"] if f["rule"].endswith("-0414"))
    assert (said["reason"], said["limit"]) == ("追加预算", "0.50 万元")
    main(["check", str(copy)])
    assert "已说明（追加预算、差额不超过0.50万元）" in "".join(capsys.readouterr().out.split())


def test_a_text_in_the_workbook_is_bound_to_what_was_seen(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = explain(book, GOOD)
    change(copy, 30)
    status, waived, refused = told(copy, capsys)
    assert (status, waived) == ("fail", 0) and "the difference grew from 0.50" in refused
    again = copy.with_name("再标.xlsx")
    main(["annotate", str(copy), "-o", str(again)])
    assert told(again, capsys)[0] == "fail"  # marking anew does not accept it


def test_marking_again_keeps_texts_and_takes_them_into_account(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = explain(book, GOOD)
    assert main(["annotate", str(book), "-o", str(copy)]) == 0
    assert "已说明或豁免 1 项" in capsys.readouterr().out
    assert told(copy, capsys) == ("waived", 1, "")


def test_boilerplate_is_refused_with_an_example(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = explain(book, "情况属实，已核实")
    assert told(copy, capsys)[0] == "fail"
    sidecar = book.with_name("说明.yaml")
    assert main(["explanations", "accept", str(copy), "-o", str(sidecar)]) == 1
    out = capsys.readouterr().out
    assert "套话不能作为说明。范例：" in out and "未采纳1条" in out
    assert "explanations: []" in sidecar.read_text(encoding="utf-8")


@pytest.mark.slow
def test_there_and_back(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, sidecar = explain(book, GOOD), Path(f"{book}.explanations.yaml")
    assert told(book, capsys) == ("fail", 0, "")
    accept = ["explanations", "accept", str(copy), "-o", str(sidecar)]
    assert main([*accept, "--by", "张三"]) == 0
    written = sidecar.read_bytes()
    assert "张三" in written.decode()
    assert main(accept) == 0  # who and when stay
    assert sidecar.read_bytes() == written
    assert told(book, capsys) == ("waived", 1, "")
    change(book, 26)
    assert told(book, capsys) == ("waived", 1, "")
    change(book, 27)
    assert "the difference grew" in told(book, capsys)[2]
    elsewhere = sidecar.rename(book.with_name("别处.yaml"))
    change(book, 26)
    assert told(book, capsys)[0] == "fail"
    assert told(book, capsys, "--explanations", str(elsewhere)) == ("waived", 1, "")
    assert told(book, capsys, "--explanations", str(copy)) == ("waived", 1, "")


def test_a_damaged_file_beside_a_workbook_is_told(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(f"{book}.explanations.yaml").write_text("schema: checker/explanations@1\n", encoding="utf-8")
    assert main(["check", str(book), "--lang", "en"]) == 3
    assert "explanations were not taken into account" in capsys.readouterr().out
    capsys.readouterr()
    assert main(["check", str(book), "--explanations", str(book.with_name("none.yaml"))]) == 2
    assert "不存在" in capsys.readouterr().err


def test_without_texts_there_is_nothing_to_accept(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explanations", "accept", str(book)]) == 2
    assert "NO_EXPLANATIONS" in capsys.readouterr().err
    assert main(["explanations", "accept", str(book), "-o", str(book)]) == 2
    assert "OUTPUT_ENDING" in capsys.readouterr().err


def every(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for finding in findings for one in (finding, *every(finding["consequences"]))]


def test_waivers_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(WRONG), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["workbooks"][0]["findings"]
    entries = [
        f"  - {{rule: {f['rule']}, finding: '{f['id']}', approver: 李四, reason: 历年口径, until: 2999-12-31}}\n"
        for f in every(findings)
        if f["severity"] == "error"
    ]
    file = tmp_path / "豁免.yaml"
    file.write_text("schema: checker/waivers@1\nwaivers:\n" + "".join(entries), encoding="utf-8")
    assert main(["check", str(WRONG), "--waivers", str(file)]) == 0
    assert "李四批准豁免，有效期至2999-12-31" in capsys.readouterr().out
    file.write_text(file.read_text(encoding="utf-8").replace("2999", "2001"), encoding="utf-8")
    assert main(["check", str(WRONG), "--waivers", str(file)]) == 1
    assert "豁免已于2001-12-31到期" in capsys.readouterr().out


WAIVER = """schema: checker/waivers@1
waivers:
- {rule: CFA-0414, finding: '%s', approver: 局长, reason: 已批, until: 2999-12-31}
"""


def test_what_is_about_no_finding_is_told_once(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept = ["explanations", "accept", str(explain(book, GOOD)), "-o", f"{book}.explanations.yaml"]
    assert main(accept) == 0
    waivers = tmp_path / "豁免.yaml"
    waivers.write_text(WAIVER % ("0" * 12), encoding="utf-8")
    other = tmp_path / "另一.xlsx"
    shutil.copy(WRONG, other)
    capsys.readouterr()
    main(["check", str(book), str(other), "--waivers", str(waivers)])
    out = capsys.readouterr().out
    assert out.count("没有对应的问题") == 1
    assert "局长对CFA-0414的豁免" in out
    assert GOOD[:10] not in out.split("没有对应的问题")[1].splitlines()[0]  # that one has its finding
    change(book, 20)  # corrected
    main(["check", str(book), str(other)])
    out = capsys.readouterr().out
    assert out.count("没有对应的问题") == 1
    assert f"说明“{GOOD[:20]}…”" in "".join(out.split())


def waivers_beside(book: Path, until: str = "2999-12-31") -> Path:
    """A file of waivers beside a workbook, one for each of its errors."""
    report = checker.check(book).workbooks[0]
    entries = [
        f"  - {{rule: {f.rule.id}, finding: '{f.id}', approver: 李四, reason: 历年口径, until: {until}}}\n"
        for f in waive.every(report.findings)
        if f.outcome.severity == "error"
    ]
    file = Path(f"{book}.waivers.yaml")
    file.write_text("schema: checker/waivers@1\nwaivers:\n" + "".join(entries), encoding="utf-8")
    return file


def test_waivers_beside_a_workbook_count_and_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "表.xlsx"
    shutil.copy(WRONG, book)
    assert main(["check", str(book)]) == 1
    file = waivers_beside(book)
    capsys.readouterr()
    for words in (["check", str(book)], ["annotate", str(book), "-o", str(tmp_path / "副本.xlsx")]):
        assert main(words) == 0
        out = capsys.readouterr().out
        assert "错误 0 项" in out and "已说明或豁免" in out
    main(["check", str(book)])
    out = capsys.readouterr().out
    assert "李四批准豁免，有效期至2999-12-31：历年口径" in "".join(out.split())
    assert f"已计入工作簿旁边的豁免文件“{file.name}”；审计时不计入" in "".join(out.split())
    texts = [str(cell) for row in openpyxl.load_workbook(tmp_path / "副本.xlsx")["检查结果"].values for cell in row]
    assert any(file.name in text for text in texts) and any("李四批准豁免" in text for text in texts)


def test_waivers_beside_a_workbook_end_and_may_fit_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "表.xlsx"
    shutil.copy(WRONG, book)
    file = waivers_beside(book, "2001-12-31")
    capsys.readouterr()
    assert main(["check", str(book)]) == 1
    assert "豁免已于2001-12-31到期" in capsys.readouterr().out
    file.write_text(WAIVER % ("0" * 12), encoding="utf-8")
    assert main(["check", str(book)]) == 1
    assert "局长对CFA-0414的豁免" in "".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("content", [None, "schema: checker/waivers@1\n豁免: []\n".encode("gbk"), b"waivers: [{"])
def test_a_damaged_file_of_waivers_beside_a_workbook_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """It costs neither the check nor the workbook beside it; ``None`` is a folder of that name."""
    book, other = tmp_path / "表.xlsx", tmp_path / "另一.xlsx"
    for path in (book, other):
        shutil.copy(WRONG, path)
    file = Path(f"{book}.waivers.yaml")
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    assert main(["check", str(book), str(other)]) == 3
    out = "".join(capsys.readouterr().out.split())
    assert out.count("豁免文件未能读取，其中的豁免未计入") == 1 and file.name in out
    assert ("这不是一个文件" in out) == (content is None)
    assert "错误6项" in out  # three each


def test_the_waiver_in_the_guide_is_one(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "excel.zh-CN.md").read_text(encoding="utf-8")
    file = tmp_path / "表.xlsx.waivers.yaml"
    file.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8-sig", newline="\r\n")  # by Notepad
    (waiver,) = read_waivers(str(file))
    assert (waiver.approver, waiver.until, len(waiver.finding)) == ("李四", "2026-12-31", 12)
    reasons = load_packs([]).lexicon["explanations"]["reasons"]
    assert "、".join(reasons) in guide


def test_explanations_of_a_list_apart_are_accepted_for_the_workbook(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = explain(book, GOOD)
    assert main(["explanations", "accept", str(book), "--explanations", str(copy)]) == 0
    copy.unlink()
    assert told(book, capsys) == ("waived", 1, "")
