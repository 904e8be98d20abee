"""The written file: what Excel, openpyxl and calamine find in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from checker.errors import UsageError
from checker.model.form import Form
from checker.templates import draw, stack, write_xlsx
from checker.templates import xlsx as writer

GIVEN = {
    "单位": "=1+1",
    "等级": "优",
    "资金": {"拨款": {"预算": "100.50", "执行": 90}, "结转": {"预算": "20", "执行": "5.25"}},
    "指标": [{"一级": "产出", "名称": "场次", "分值": 60}, {"一级": "产出", "名称": "人数", "分值": 40}],
}


@pytest.fixture
def written(small: Form, tmp_path: Path) -> Path:
    path = tmp_path / "样表.xlsx"
    write_xlsx({"甲": draw(small, GIVEN, printed=True), "乙": draw(small)}, path)
    return path


def test_formulas_and_what_they_show(written: Path) -> None:
    formulas = openpyxl.load_workbook(written)["甲"]
    values = openpyxl.load_workbook(written, data_only=True)["甲"]
    assert (formulas["C4"].value, values["C4"].value) == ("=SUM(C5:C6)", 120.5)
    assert (formulas["E6"].value, values["E6"].value) == ('=IFERROR(D6 / C6,"")', 0.2625)
    assert values["E10"].value == 100
    blank = python_calamine.CalamineWorkbook.from_path(written).get_sheet_by_name("乙").to_python()
    assert (blank[3][2], blank[3][4]) == (0.0, "")


def test_text_that_looks_like_a_formula_stays_text(written: Path) -> None:
    cell = openpyxl.load_workbook(written)["甲"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    sheet = python_calamine.CalamineWorkbook.from_path(written).get_sheet_by_index(0)
    assert sheet.to_python()[1][1] == "=1+1"


def test_an_uncalculated_formula_and_an_error_stay_what_they_are(small: Form, tmp_path: Path) -> None:
    funds = {
        "拨款": {
            "预算": {"formula": "=1+1"},
            "执行": {"formula": "=1/0", "error": "#DIV/0!"},
            "执行率": {"error": "#REF!"},
        }
    }
    write_xlsx({"甲": draw(small, {"资金": funds})}, tmp_path / "a.xlsx")
    values = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["甲"]
    assert [values[at].value for at in ("C5", "D5", "E5")] == [None, "#DIV/0!", "#REF!"]


def test_inputs_are_open_and_labels_locked_but_nothing_is_protected(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["甲"]
    assert not sheet.protection.sheet
    assert not sheet["C5"].protection.locked
    assert not sheet["B2"].protection.locked
    assert sheet["C4"].protection.locked  # a formula
    assert sheet["A1"].protection.locked


def test_the_page_and_the_look(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["甲"]
    page = sheet.page_setup
    assert (page.paperSize, page.fitToWidth, page.fitToHeight) == (9, 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_options.horizontalCentered
    assert sheet.freeze_panes is None
    title = sheet["A1"]
    assert (title.font.b, title.font.sz, title.alignment.horizontal) == (True, 16, "center")
    assert title.border.left.style is None
    assert sheet["A3"].border.left.style == "thin"
    assert sheet["C2"].border.right.style == "thin"  # the far edge of a merged cell
    assert (sheet["C5"].number_format, sheet["E5"].number_format) == ("#,##0.00", "0.00%")


def test_what_may_be_typed(written: Path) -> None:
    rules = openpyxl.load_workbook(written)["甲"].data_validations.dataValidation
    by_cell = {at: rule for rule in rules for at in str(rule.sqref).split()}
    assert by_cell["E2"].formula1 == '"优,良"'
    weight = next(rule for at, rule in by_cell.items() if at.startswith("E8"))
    assert (weight.formula1, weight.formula2) == ("0", "100")
    assert all(rule.errorStyle == "warning" for rule in rules)  # a nil mark may still be typed


def test_the_same_drawings_give_the_same_bytes(small: Form, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx({"甲": stack([draw(small, GIVEN), draw(small)])}, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_existing_file_is_left_alone_unless_said_otherwise(small: Form, written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(UsageError, match="exists"):
        write_xlsx({"丙": draw(small)}, written)
    assert written.read_bytes() == before
    write_xlsx({"丙": draw(small)}, written, overwrite=True)
    assert openpyxl.load_workbook(written).sheetnames == ["丙"]


def test_a_failed_write_leaves_nothing_behind(small: Form, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "finish", fail)
    with pytest.raises(UsageError, match="No space left"):
        write_xlsx({"丙": draw(small)}, written, overwrite=True)
    assert written.read_bytes() == before
    assert list(written.parent.iterdir()) == [written]


def test_a_folder_that_is_not_there_is_one_clear_error(small: Form, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_xlsx({"甲": draw(small)}, tmp_path / "none" / "a.xlsx")


@pytest.mark.parametrize("name", ["", "a/b", "一" * 32, "[x]"])
def test_a_name_that_excel_does_not_take(small: Form, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="name of a sheet"):
        write_xlsx({name: draw(small)}, tmp_path / "a.xlsx")


def test_control_characters_do_not_spoil_the_file(small: Form, tmp_path: Path) -> None:
    write_xlsx({"甲": draw(small, {"单位": "甲\x07乙"})}, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["甲"]["B2"].value == "甲乙"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_calculates_the_same(forms: Mapping[str, Form], tmp_path: Path) -> None:
    form = forms["项目支出绩效自评表"]
    given = {
        "资金": {
            "当年财政拨款": {"年初预算数": 80, "全年预算数": "85.5", "全年执行数": "82.36"},
            "上年结转资金": {"全年预算数": "6.5", "全年执行数": "6.5"},
        },
        "指标": [{"三级指标": "甲", "分值": 90, "得分": "88.76"}],
    }
    write_xlsx({"自评表": draw(form, given, printed=True), "空表": draw(form)}, tmp_path / "a.xlsx")
    (tmp_path / "out").mkdir()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", tmp_path / "out", tmp_path / "a.xlsx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    ours = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    theirs = python_calamine.CalamineWorkbook.from_path(tmp_path / "out" / "a.ods")
    for name in ("自评表", "空表"):
        for row, other in zip(
            ours.get_sheet_by_name(name).to_python(), theirs.get_sheet_by_name(name).to_python(), strict=False
        ):
            for one, two in zip(row, other, strict=False):
                assert one == (pytest.approx(two, abs=1e-12) if isinstance(one, float) else two)
