"""Forms recognised by title, by sheet name, by the words of their tables; once or many times; or not, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checker.locate.forms import Found
from checker.locate.located import LocatedForm
from checker.model.form import Form
from checker.model.workbook import Sheet

Read = Callable[[str], Form]
Find = Callable[..., Found]
Draw = Callable[..., Sheet]

EVALUATION = """
form: 绩效自评表
titles: [绩效自评表, 绩效评价表]
sheets: [绩效自评表]
unit: 万元
fields:
  项目名称: {kind: text, role: project, optional: true}
tables:
  资金:
    columns:
      来源: {kind: label}
      全年预算数: {kind: amount}
      全年执行数: {kind: amount}
    rows: {年度资金总额: {total: true}, 其他资金: {part_of: [年度资金总额], optional: true}}
  指标:
    columns: {三级指标: {kind: text, key: true}, 年度指标值: {kind: target}, 实际完成值: {kind: actual}}
    rows: open
"""
ALLOCATION = """
form: 资金分配表
titles: [资金分配表]
unit: 万元
tables:
  分配:
    columns: {单位: {kind: text, key: true}, 金额: {kind: amount, aliases: [补助金额]}}
    rows: open
    totals: {合计: {optional: true}}
"""
LONG = """
form: 中央对地方专项转移支付区域绩效目标完成情况自评汇总表
titles: [中央对地方专项转移支付区域绩效目标完成情况自评汇总表]
sheets: [中央对地方专项转移支付区域绩效目标完成情况自评汇总表（二〇二四年度各县市区）]
tables:
  表: {columns: {名称: {kind: text, key: true}, 数额: {kind: number}}, rows: open}
"""

FUNDS = "| | 全年预算数 | 全年执行数 |\n| 年度资金总额 | 100 | 90 |\n"
INDICATORS = "| 三级指标 | 年度指标值 | 实际完成值 |\n| 场次 | ≥5场 | 6场 |\n"
WHOLE = FUNDS + INDICATORS


def names(found: Found) -> list[str]:
    return [form.form.name for form in found.forms]


def codes(found: LocatedForm) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    "title",
    ["绩效自评表", "某县2024年度项目支出绩效自评表", "（绩 效 自 评 表）", "附件2：绩效自评表（2024年度）"],
)
def test_a_form_is_known_by_its_title(form: Read, find: Find, sheet: Draw, title: str) -> None:
    found = find([form(EVALUATION)], sheet(f"| {title} |\n{WHOLE}"))
    assert names(found) == ["绩效自评表"]
    assert [item.code for item in found.forms[0].evidence] == ["title", "table", "table"]
    assert codes(found.forms[0]) == []


def test_a_form_is_known_by_the_name_of_its_sheet(form: Read, find: Find, sheet: Draw) -> None:
    found = find([form(EVALUATION)], sheet(WHOLE, name="1.绩效自评表（定稿）"))
    assert found.forms[0].evidence[0].code == "sheet"


def test_excel_cuts_the_names_of_sheets(form: Read, find: Find, sheet: Draw) -> None:
    name = "中央对地方专项转移支付区域绩效目标完成情况自评汇总表（二〇二四年度各县市区）"[:31]
    assert names(find([form(LONG)], sheet("| 名称 | 数额 |\n| 甲 | 1 |", name=name))) == [form(LONG).name]


def test_a_form_without_title_is_known_by_telling_headings_only(form: Read, find: Find, sheet: Draw) -> None:
    """Any sheet has a column "unit" and one "amount"."""
    forms = [form(EVALUATION), form(ALLOCATION)]
    assert names(find(forms, sheet(WHOLE))) == ["绩效自评表"]
    assert names(find(forms, sheet("| 单位 | 金额 |\n| 甲县 | 10 |\n| 合计 | 11 |"))) == []
    assert names(find(forms, sheet("| 资金分配表 |\n| 单位 | 金额 |\n| 甲县 | 10 |\n| 合计 | 11 |"))) == ["资金分配表"]


def test_the_title_decides_before_the_name_of_the_sheet(form: Read, find: Find, sheet: Draw) -> None:
    drawn = sheet("| 资金分配表 |\n| 单位 | 补助金额 |\n| 甲县 | 10 |", name="绩效自评表")
    assert names(find([form(EVALUATION), form(ALLOCATION)], drawn)) == ["资金分配表"]


def test_a_missing_table_is_told_with_what_came_nearest(form: Read, find: Find, sheet: Draw) -> None:
    text = f"| 绩效自评表 |\n{FUNDS}|\n| 三级指标 | 目标 | 完成 |\n| 场次 | 5 | 6 |"
    (found,) = find([form(EVALUATION)], sheet(text)).forms
    assert codes(found) == ["TABLE_MISSING"]
    (problem,) = found.problems
    assert problem.cell == "A5"
    assert "年度指标值、实际完成值" in problem.message.zh


def test_a_missing_column_is_told_with_what_the_heading_reads(form: Read, find: Find, sheet: Draw) -> None:
    text = f"| 绩效自评表 |\n{FUNDS}| 三级指标 | 年度指标值 | 结果 |\n| 场次 | 5 | 6 |"
    (found,) = find([form(EVALUATION)], sheet(text)).forms
    assert codes(found) == ["COLUMN_MISSING"]
    assert "三级指标、年度指标值、结果" in found.problems[0].message.zh


def test_a_table_that_lacks_a_demanded_column_is_read_as_far_as_it_goes(form: Read, find: Find, sheet: Draw) -> None:
    """Two columns of money tell which table it is; the one that is missing is told."""
    plan = form(
        EVALUATION.replace(
            "columns:\n      来源", "columns:\n      年初预算数: {kind: amount, optional: true}\n      来源"
        )
    )
    text = f"| 绩效自评表 |\n| | 年初预算数 | 全年预算数 |\n| 年度资金总额 | 100 | 90 |\n{INDICATORS}"
    (found,) = find([plan], sheet(text)).forms
    assert codes(found) == ["COLUMN_MISSING"]
    assert [row.name for row in found.tables["资金"].rows] == ["年度资金总额"]


def test_what_is_not_recognised_is_named_nearest_first(form: Read, find: Find, sheet: Draw) -> None:
    drawn = (
        sheet("| 单位 | 金额 |\n| 甲 | 1 |"),
        sheet("| 绩效自评表 |\n| 三级指标 | 完成 |\n| 场次 | 5 |", name="乙"),
    )
    found = find([form(EVALUATION), form(ALLOCATION)], *drawn)
    assert names(found) == []
    assert [near.form.name for near in found.nearest] == ["绩效自评表", "资金分配表"]


def test_nothing_is_found_on_nothing(form: Read, find: Find, sheet: Draw) -> None:
    assert find([form(EVALUATION)], sheet("")) == Found((), ())
    assert find([form(EVALUATION)], sheet("| 会议通知 |\n| 请各单位于三月底前报送。 |")).forms == ()


def test_forms_below_one_another_are_told_apart_by_their_projects(form: Read, find: Find, sheet: Draw) -> None:
    each = "| 绩效自评表 |\n| 项目名称 | {} |\n" + WHOLE
    text = "|\n".join(each.format(name) for name in ("甲项目", "乙项目", "乙项目"))
    found = find([form(EVALUATION)], sheet(text)).forms
    assert [each.qualifier for each in found] == ["甲项目", "乙项目", "乙项目#2"]
    assert [str(each.range) for each in found] == ["A1:C7", "A8:C14", "A15:C20"]
    fact = found[1].tables["资金"].fact(found[1].tables["资金"].rows[0], "全年执行数")
    assert fact is not None
    assert fact.path == ("绩效自评表", "乙项目", "资金", "年度资金总额", "全年执行数")
    assert found[1].fields["项目名称"].path == ("绩效自评表", "乙项目", "项目名称")


def test_forms_below_one_another_need_no_title_of_their_own(form: Read, find: Find, sheet: Draw) -> None:
    each = "| 项目名称 | {} |\n" + WHOLE
    found = find(
        [form(EVALUATION)], sheet("| 绩效自评表 |\n" + "".join(each.format(n) for n in ("甲", "乙", "丙")))
    ).forms
    assert [each.qualifier for each in found] == ["甲", "乙", "丙"]
    assert [each.tables["资金"].header.top for each in found] == [3, 8, 13]


def test_forms_on_many_sheets_are_told_apart(form: Read, find: Find, sheet: Draw) -> None:
    drawn = [sheet(f"| 绩效自评表 |\n{WHOLE}", name=name) for name in ("甲", "乙")]
    assert [each.qualifier for each in find([form(EVALUATION)], *drawn).forms] == ["甲", "乙"]


def test_different_forms_may_share_a_sheet(form: Read, find: Find, sheet: Draw) -> None:
    text = f"| 绩效自评表 |\n{WHOLE}|\n| 资金分配表 |\n| 单位 | 金额 |\n| 甲县 | 90 |"
    found = find([form(EVALUATION), form(ALLOCATION)], sheet(text))
    assert names(found) == ["绩效自评表", "资金分配表"]
    assert found.forms[0].tables["指标"].bottom == 5


@pytest.mark.parametrize("blank", [0, 5])
def test_the_year_is_that_of_the_first_lines_filled(form: Read, find: Find, sheet: Draw, blank: int) -> None:
    text = "|\n" * blank + f"| 绩效自评表 |\n| （2023年度） |\n| 项目名称 | 2025年展会 |\n{WHOLE}"
    (found,) = find([form(EVALUATION)], sheet(f" {text}" if not blank else "| 附件 |\n" + text)).forms
    assert found.year == ("2023" if not blank else "")
    (found,) = find([form(EVALUATION)], sheet(text.replace("绩效自评表", "2023年绩效自评表", 1))).forms
    assert found.year == "2023"


def test_hidden_rows_are_read(form: Read, find: Find, sheet: Draw) -> None:
    (found,) = find([form(EVALUATION)], sheet(f"| 绩效自评表 |\n{WHOLE}", hidden=(3,))).forms
    assert [row.name for row in found.tables["资金"].rows] == ["年度资金总额"]
    assert found.grid.sheet.content.hidden_rows == {3}


def test_a_title_that_is_most_of_what_stands_there_says_more(form: Read, find: Find, sheet: Draw) -> None:
    """A few words of another form's longer title are weaker evidence than that title itself."""
    unit = form(EVALUATION.replace("titles: [绩效自评表, 绩效评价表]", "titles: [部门整体支出绩效自评表]"))
    drawn = sheet(f"| 部门整体支出绩效自评表 |\n{WHOLE}")
    (own,), (other,) = find([unit], drawn).forms, find([form(EVALUATION)], drawn).forms
    assert own.score > other.score


def test_words_that_a_column_may_hold_speak_for_the_form(form: Read, find: Find, sheet: Draw) -> None:
    """Two standards with one table are told apart by what their indicators are called."""
    key = "三级指标: {kind: text, key: true"
    one, other = (form(EVALUATION.replace(key, f"{key}, values: [{words}]")) for words in ("场次, 人次", "场次, 户数"))
    rows = "| 场次（5分） | ≥5场 | 6场 |\n| 人次 | ≥5人次 | 6人次 |"
    drawn = sheet(f"| 绩效自评表 |\n{FUNDS}| 三级指标 | 年度指标值 | 实际完成值 |\n{rows}")
    assert find([one], drawn).forms[0].score == find([other], drawn).forms[0].score + 2
