"""Explanations in the open workbook: typed into the list, judged by the next check, bound to what was seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uno_com
from com_model import Area
from opened import PUBLISHED, ROOT, Desk, opened, opened_in_office, texts

import checker
from checker.engine.waive import every
from checker.excel.own import RECORD, own_titles
from checker.excel.record import recorded
from checker.excel.results import EXPLANATION, IDENTITY
from checker.marks.results import columns
from checker.packs.load import load_packs

RESULTS = own_titles()[0]
#: Its one warning: carried over 26.24 at the beginning of the year, 0.50 more than the other form says.
WARNS = ROOT / "workbooks" / "cn-final-accounts" / "errors" / "04年初结转大于01.xlsx"
WRONG = ROOT / "workbooks" / "cn-project" / "errors" / "支出计划调整不平.xlsx"
SHEET, CELL = "财政拨款收入支出决算总表", (10, 2)
GOOD = "根据财预〔2022〕3号，2022年6月追加预算0.50万元"
PROBLEM, STATUS, RULE = 4, 13, 14


@pytest.fixture
def desk() -> Iterator[Desk]:
    with opened(WARNS) as found:
        yield found


def rows(desk: Desk, rule: str = "") -> list[tuple[int, list[str]]]:
    """The rows of findings (of one rule) with their numbers in the sheet."""
    listed = enumerate(texts(desk.store, RESULTS), 1)
    texts_ = [(number, [str(cell or "") for cell in row]) for number, row in listed]
    return [(n, row) for n, row in texts_ if len(row[IDENTITY]) > 4 and rule in row[RULE]]


def warned(desk: Desk) -> tuple[int, list[str]]:
    (row,) = rows(desk, "-0414")
    return row


def explain(desk: Desk, text: str, row: int = 0) -> None:
    number = row or warned(desk)[0]
    desk.store.write(RESULTS, Area(number, EXPLANATION + 1, number, EXPLANATION + 1), [[text]])


def amount(desk: Desk, number: float) -> None:
    """Another number in the cell that the warning is about."""
    desk.store.write(SHEET, Area(*CELL, *CELL), [[number]])


def check(desk: Desk) -> tuple[str, str, str, str]:
    """What was shown, and status, problem and explanation of the warning then."""
    code, told = desk.press("check")
    assert code == 0, told
    row = warned(desk)[1]
    return told, row[STATUS], row[PROBLEM], row[EXPLANATION]


def way_of_an_explanation(desk: Desk) -> None:
    """Accepted, kept through unchanged and smaller figures, re-opened by larger ones, accepted anew when reworded."""
    told, before, *_ = check(desk)
    assert "警告1" in told
    explain(desk, GOOD)
    for _ in range(2):
        told, status, problem, text = check(desk)
        assert ("警告0" in told, "已说明或豁免1项" in told) == (True, True)
        assert (status, text) == ("已说明/豁免", GOOD) != (before, "")
        assert "已说明" in problem
    amount(desk, 26)
    assert check(desk)[1::2] == ("已说明/豁免", GOOD)
    amount(desk, 26.24)  # no more than was explained
    assert check(desk)[1::2] == ("已说明/豁免", GOOD)
    amount(desk, 30)
    for _ in range(2):  # a new check does not accept it
        told, status, problem, text = check(desk)
        assert "警告1" in told
        assert "1条说明未被采纳" in told
        assert (status, text) == (before, GOOD)
        assert "差额扩大" in problem
    explain(desk, GOOD.replace("0.50", "4.26"))
    assert check(desk)[1] == "已说明/豁免"


def test_an_explanation_goes_its_way(desk: Desk) -> None:
    way_of_an_explanation(desk)


@pytest.mark.slow
@pytest.mark.skipif(not uno_com.available(), reason="LibreOffice and its Python module are not installed")
def test_it_does_so_in_libreoffice(tmp_path: Path) -> None:
    with uno_com.office(tmp_path) as desktop, opened_in_office(desktop, tmp_path, WARNS) as office:
        way_of_an_explanation(office)


def test_boilerplate_is_refused_with_an_example(desk: Desk) -> None:
    check(desk)
    explain(desk, "情况属实，已核实")
    told, status, problem, text = check(desk)
    assert "警告1" in told and "1条说明未被采纳" in told
    assert "说明未采纳" in problem and "范例：" in problem
    assert (status != "已说明/豁免", text) == (True, "情况属实，已核实")


def test_an_error_cannot_be_explained_away() -> None:
    with opened(WRONG) as desk:
        desk.press("check")
        number, row = rows(desk)[0]
        assert row[1] == "错误"
        explain(desk, GOOD, number)
        told = desk.press("check")[1]
        after = rows(desk)[0][1]
        assert "1条说明未被采纳" in told
        assert "错误不能以说明代替更正" in after[PROBLEM]
        assert (after[STATUS], after[EXPLANATION]) == (row[STATUS], GOOD)


@pytest.mark.slow
def test_it_re_opens_for_a_rule_that_was_changed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.engine import binding

    check(desk)
    explain(desk, GOOD)
    version = binding.rule_version
    with monkeypatch.context() as changed:  # what a new edition of the pack comes to
        changed.setattr(binding, "rule_version", lambda rule: version(rule)[::-1])
        told, _, problem, _ = check(desk)
        assert "警告1" in told and "规则有修改" in problem
    assert check(desk)[1] == "已说明/豁免"


@pytest.mark.slow
def test_the_command_says_the_same_of_the_saved_workbook(desk: Desk, tmp_path: Path) -> None:
    check(desk)
    explain(desk, GOOD)
    for name in ("typed.xlsx", "checked.xlsx"):
        desk.store.save_copy(str(tmp_path / name))
        report = checker.check(tmp_path / name)
        assert (report.verdict.warnings, report.verdict.waived) == (0, 1)
        check(desk)


@pytest.mark.slow
def test_a_file_beside_the_workbook_counts_here_too(tmp_path: Path) -> None:
    from checker.cli.main import main

    book = tmp_path / WARNS.name
    shutil.copy(WARNS, book)
    with opened(book) as desk:
        check(desk)
        explain(desk, GOOD)
        desk.store.save_copy(str(tmp_path / "marked.xlsx"))
    sidecar = Path(f"{book}.explanations.yaml")
    assert main(["explanations", "accept", str(tmp_path / "marked.xlsx"), "-o", str(sidecar)]) == 0
    with opened(book) as desk:
        told, status, _, text = check(desk)
        assert ("已说明或豁免1项" in told, status, text) == (True, "已说明/豁免", GOOD)
    sidecar.write_text("schema: nothing\n", encoding="utf-8")
    with opened(book) as desk:
        assert check(desk)[1] != "已说明/豁免"
        assert any("explanations.yaml" in str(row) for row in texts(desk.store, RESULTS))


@pytest.mark.slow
def test_waivers_beside_the_workbook_count_here_as_for_the_command(tmp_path: Path) -> None:
    book = tmp_path / WRONG.name
    shutil.copy(WRONG, book)
    errors = [one for one in every(checker.check(book).findings) if one.outcome.severity == "error"]
    entry = "{{rule: {rule}, finding: '{id}', approver: 李四, reason: 历年口径, until: {until}}}"
    waivers = Path(f"{book}.waivers.yaml")
    for until, counted in (("2999-12-31", True), ("2001-12-31", False)):
        entries = (entry.format(rule=one.rule.id, id=one.id, until=until) for one in errors)
        waivers.write_text(f"schema: checker/waivers@1\nwaivers: [{', '.join(entries)}]\n", encoding="utf-8")
        by_command = checker.check(book).verdict
        with opened(book) as desk:
            told = desk.press("check")[1]
            listed = str(texts(desk.store, RESULTS))
        assert (by_command.errors == 0) == counted == ("错误0" in told)
        assert f"错误{by_command.errors}、" in told
        assert waivers.name in listed and f"李四批准豁免，有效期至{until}：历年口径" in listed
        assert ("豁免已于2001-12-31到期" in listed) != counted
    waivers.write_text("waivers: [", encoding="utf-8")
    with opened(book) as desk:
        assert "错误0" not in desk.press("check")[1]
        assert "豁免文件未能读取" in str(texts(desk.store, RESULTS))


def test_the_kinds_of_reasons_are_told_and_taken_from_the_text(desk: Desk) -> None:
    check(desk)
    lexicon = load_packs([]).lexicon["explanations"]
    line = next(str(row[0]) for row in texts(desk.store, RESULTS) if "审核说明" in str(row[0]))
    assert all(reason in line for reason in lexicon["reasons"])
    explain(desk, "口径差异：年初数含上年收回的存量资金0.50万元，并非追加预算")
    assert "已说明（口径差异" in check(desk)[2]


def test_words_beside_a_row_that_needs_none_are_told_and_kept(desk: Desk) -> None:
    check(desk)
    number = next(n for n, row in enumerate(texts(desk.store, RESULTS), 1) if row[STATUS] == "资料不足")
    explain(desk, "上年表在档案室，2022年12月调取", number)
    check(desk)
    assert any(
        "没有对应的问题" in str(row[0]) and "上年表在档案室" in str(row[0]) for row in texts(desk.store, RESULTS)
    )
    assert [one.text for one in recorded(desk.xlwings).waiting] == ["上年表在档案室，2022年12月调取"]


@pytest.mark.slow
def test_an_explanation_outlives_the_problem_and_counts_when_it_is_back(desk: Desk) -> None:
    check(desk)
    explain(desk, GOOD)
    amount(desk, 25)
    desk.press("check")
    assert rows(desk, "-0414") == []
    said = [str(row[0]) for row in texts(desk.store, RESULTS)]
    assert sum("没有对应的问题" in line and GOOD[:10] in line for line in said) == 1
    (waiting,) = recorded(desk.xlwings).waiting
    assert waiting.text == GOOD and waiting.bound is not None
    desk.press("check")
    assert not any("没有对应的问题" in str(row[0]) for row in texts(desk.store, RESULTS))  # it was said once
    assert "1条说明" in desk.press("clear")[1]
    assert RESULTS not in desk.store.names() and RECORD in desk.store.names()
    amount(desk, 26.24)
    assert check(desk)[1::2] == ("已说明/豁免", GOOD)
    assert recorded(desk.xlwings).waiting == []


def test_clearing_marks_keeps_what_texts_are_bound_to(desk: Desk) -> None:
    check(desk)
    explain(desk, GOOD)
    assert "审核说明" in desk.press("clear")[1] or RESULTS in desk.store.names()
    amount(desk, 30)
    assert "差额扩大" in check(desk)[2]


@pytest.mark.slow
def test_a_check_that_breaks_off_loses_no_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.excel import results

    check(desk)
    explain(desk, GOOD)

    def broken(*given: Any) -> None:
        raise RuntimeError("no memory")

    with monkeypatch.context() as failing:
        failing.setattr(results, "write_texts", broken)  # the old list is gone, the new one not written
        assert desk.press("check")[0] == 1
    desk.press("check")
    assert GOOD in [row[EXPLANATION] for _, row in rows(desk)]
    assert check(desk)[1] == "已说明/豁免"


@pytest.mark.slow
def test_checking_one_sheet_keeps_what_was_said_about_the_others(desk: Desk) -> None:
    check(desk)
    explain(desk, GOOD)
    other = next(form.sheet for form in checker.check(WARNS).workbooks[0].forms if not touched(form.sheet))
    desk.xlwings.sheets[other].activate()
    desk.press("check_sheet")
    assert rows(desk, "-0414") == []
    assert check(desk)[1::2] == ("已说明/豁免", GOOD)


def touched(sheet: str) -> bool:
    (finding,) = [one for one in checker.check(WARNS).workbooks[0].findings if one.rule.id.endswith("-0414")]
    return sheet in {finding.outcome.sheet, *(operand.sheet for operand in finding.outcome.operands)}


def test_next_passes_over_what_is_explained(desk: Desk) -> None:
    check(desk)
    before = len({(row[3]) for _, row in rows(desk)})
    explain(desk, GOOD)
    check(desk)
    told = desk.press("next")[1] or desk.application.StatusBar
    assert f"共{before - 1}处" in told or (before == 1 and "没有问题" in told)


@pytest.mark.slow
def test_an_explanation_of_several_lines_stays_whole() -> None:
    with opened(PUBLISHED) as desk:
        desk.press("check")
        number = next(n for n, row in rows(desk) if row[1] == "警告")
        explain(desk, "第一行\n第二行", number)
        desk.press("check")
        assert [row[EXPLANATION] for _, row in rows(desk) if row[EXPLANATION]] == ["第一行\n第二行"]


def test_the_column_of_explanations_is_the_one_that_officers_write_in() -> None:
    assert [columns()[index][0].zh for index in (EXPLANATION, IDENTITY)] == ["审核说明", "编号"]
