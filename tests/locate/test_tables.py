"""Tables found by their headings, their rows by their labels, and where they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from checker.locate.located import LocatedForm
from checker.model.form import Form

Read = Callable[[str], Form]
One = Callable[..., LocatedForm]
Column = Callable[[LocatedForm, str, str], Mapping[str, str]]

FUNDS = """
form: 自评表
titles: [自评表]
unit: 万元
tables:
  资金:
    beside: [项目资金]
    columns:
      来源: {kind: label, aliases: [资金来源]}
      预算数: {kind: amount, decimals: 2, aliases: [全年预算数]}
      执行数: {kind: amount, decimals: 2}
      执行率: {kind: percent, optional: true}
      得分: {kind: score, optional: true}
    rows:
      总额: {total: true, aliases: [合计]}
      财政拨款: {part_of: [总额], optional: true}
      地方资金: {part_of: [财政拨款, 总额], optional: true}
      省级资金: {part_of: [地方资金, 财政拨款, 总额], optional: true}
      其他资金: {part_of: [总额], optional: true, aliases: [其他]}
    extra_rows: true
fields:
  年度目标: {kind: text, optional: true}
"""
INDICATORS = """
form: 自评表
titles: [自评表]
tables:
  指标:
    beside: [绩效指标]
    columns:
      一级指标: {kind: text, fill: down, optional: true}
      三级指标: {kind: text, key: true}
      指标值: {kind: target}
      完成值: {kind: actual}
      分值: {kind: weight, optional: true}
      得分: {kind: score, optional: true}
      原因: {kind: text, optional: true}
    rows: open
    totals: {总分: {optional: true, aliases: [合计, 总计]}}
    ends: [注, 备注]
fields:
  填表人: {kind: text, optional: true}
"""
PLAN = """
form: 计划表
titles: [计划表]
unit: 万元
tables:
  计划:
    header_rows: 3
    columns:
      科目: {kind: text, key: true}
      年初小计: {kind: amount, under: [年初预算], aliases: [小计]}
      年初拨款: {kind: amount, under: [年初预算], aliases: [财政拨款]}
      支出小计: {kind: amount, under: [实际支出], aliases: [小计]}
      支出拨款: {kind: amount, under: [实际支出], aliases: [财政拨款]}
    rows: open
    totals: {合计: {optional: true}}
"""
TARGETS = """
form: 申报表
titles: [申报表]
tables:
  指标:
    columns:
      二级指标: {kind: text, fill: down, optional: true}
      三级指标: {kind: text, key: true}
      指标值: {kind: target}
    rows: open
    side_by_side: true
"""
ACROSS = """
form: 自评表
titles: [自评表]
unit: 万元
tables:
  资金:
    columns:
      中央: {kind: amount, optional: true}
      本级: {kind: amount, optional: true}
      合计: {kind: amount}
      执行数: {kind: amount}
    rows: single
"""


def codes(found: LocatedForm) -> list[str]:
    return [problem.code for problem in found.problems]


# ---- headings


def test_a_heading_of_two_lines_tells_columns_of_the_same_name_apart(form: Read, one: One, column: Column) -> None:
    text = """
    | 计划表 |
    | 科目 | 年初预算 | | 实际支出 | |
    | | 小计 | 财政拨款 | 小计 | 财政拨款 |
    | 培训费 | 1 | 2 | 3 | 4 |
    """
    for merges in (("B2:C2", "D2:E2", "A2:A3"), ()):
        found = one(form(PLAN), text, *merges)
        assert column(found, "计划", "年初小计") == {"培训费": "1@B4"}
        assert column(found, "计划", "支出小计") == {"培训费": "3@D4"}
        assert column(found, "计划", "支出拨款") == {"培训费": "4@E4"}


def test_a_heading_repeated_in_every_cell_of_its_merge_is_one(form: Read, one: One, column: Column) -> None:
    text = """
    | 计划表 |
    | 科目 | 年初预算 | 年初预算 | 实际支出 | 实际支出 |
    | 科目 | 小计 | 财政拨款 | 小计 | 财政拨款 |
    | 培训费 | 1 | 2 | 3 | 4 |
    """
    found = one(form(PLAN), text)
    assert column(found, "计划", "支出小计") == {"培训费": "3@D4"}
    assert codes(found) == []


def test_blocks_side_by_side_are_read_one_after_the_other(form: Read, one: One) -> None:
    text = """
    | 申报表 |
    | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值 |
    | 数量指标 | 展品 | ≥24套 | 数量指标 | 展品 | ≥8套 |
    | | 巡展 | ≥48场 | | 巡展 | ≥16场 |
    | 质量指标 | 合格率 | 100% | | | |
    """
    table = one(form(TARGETS), text).tables["指标"]
    read = [
        (row.block, row.name, fact.quantity.raw, fact.address)
        for row in table.rows
        if (fact := table.fact(row, "指标值"))
    ]
    assert read == [
        (0, "展品", "≥24套", "C3"),
        (0, "巡展", "≥48场", "C4"),
        (0, "合格率", "100%", "C5"),
        (1, "展品", "≥8套", "F3"),
        (1, "巡展", "≥16场", "F4"),
    ]
    assert [fact.quantity.raw for fact in table.facts("二级指标")][3:] == ["数量指标", "数量指标"]


def test_a_column_that_stands_twice_is_told_and_not_read(form: Read, one: One, column: Column) -> None:
    for text in (
        "| 自评表 |\n| 项目资金 | | 预算数 | 执行数 | 执行率 | 执行数 |\n| | 总额 | 100 | 90 | 0.9 | 80 |",
        "| 自评表 |\n| 项目资金 | | 预算数 | 执行数 | 执行数 |\n| | 总额 | 100 | 90 | 80 |",
    ):
        found = one(form(FUNDS), text)
        assert codes(found) == ["COLUMN_MISSING", "COLUMN_DOUBLED"]
        assert "执行数" in found.problems[1].message.zh
        assert found.problems[1].cell == "C2"
        assert column(found, "资金", "执行数") == {}
        assert column(found, "资金", "预算数") == {"总额": "100@C3"}


def test_a_heading_over_two_cells_of_which_one_is_filled_is_one_column(form: Read, one: One, column: Column) -> None:
    for cells in ("90 | ", " | 90", "90 | 90"):
        found = one(form(FUNDS), f"| 自评表 |\n| | | 预算数 | 执行数 | 执行数 |\n| | 总额 | 100 | {cells} |")
        assert codes(found) == []
        assert column(found, "资金", "执行数")["总额"].startswith("90@")


def test_the_better_name_wins_where_two_columns_could_be_meant(form: Read, one: One, column: Column) -> None:
    text = """
    | 自评表 |
    | | 全年预算数 | 预算数 | 执行数 |
    | 总额 | 100 | 90 | 80 |
    """
    found = one(form(FUNDS), text)
    assert column(found, "资金", "预算数") == {"总额": "90@C3"}
    assert codes(found) == []


def test_a_heading_explained_in_brackets_is_found(form: Read, one: One, column: Column) -> None:
    text = """
    | 自评表 |
    | | 预算数（A） | 执行数（B，含结转） | 得分（20分×执行率） |
    | 合计（全部） | 100 | 90 | 18 |
    """
    found = one(form(FUNDS), text)
    assert column(found, "资金", "执行数") == {"总额": "90@C3"}
    assert column(found, "资金", "得分") == {"总额": "18@D3"}


def test_a_label_beside_its_own_figure_heads_no_column(form: Read, one: One, column: Column) -> None:
    text = """
    | 自评表 |
    | 预算数 | 500 | 执行数 | 400 |
    | | 预算数 | 执行数 | |
    | 总额 | 100 | 90 | |
    """
    found = one(form(FUNDS), text)
    assert column(found, "资金", "预算数") == {"总额": "100@B4"}


# ---- rows of a closed table


def test_rows_are_told_by_their_labels_in_any_order(form: Read, one: One, column: Column) -> None:
    text = """
    | 自评表 |
    | 资金来源 | 预算数 | 执行数 |
    | 其他资金 | 20 | 10 |
    | 其中：财政拨款 | 80 | 80 |
    | 合  计 | 100 | 90 |
    """
    found = one(form(FUNDS), text)
    assert column(found, "资金", "预算数") == {"其他资金": "20@B3", "财政拨款": "80@B4", "总额": "100@B5"}
    assert [row.name for row in found.tables["资金"].parts("总额")] == ["其他资金", "财政拨款"]


def test_a_row_that_stands_twice_is_told_and_is_nobodys(form: Read, one: One) -> None:
    text = """
    | 自评表 |
    | 资金来源 | 预算数 | 执行数 |
    | 总额 | 100 | 90 |
    | 财政拨款 | 60 | 60 |
    | 其他资金 | 20 | 20 |
    | 其他 | 20 | 10 |
    """
    found = one(form(FUNDS), text)
    table = found.tables["资金"]
    assert codes(found) == ["ROW_DOUBLED"]
    assert "A5, A6" in found.problems[0].message.en.replace("B", "A")
    assert table.row("其他资金") is None
    assert [table.label(row) for row in table.rows] == ["总额", "财政拨款", "其他资金#1", "其他资金#2"]
    assert len(table.parts("总额")) == 3


def test_rows_that_the_form_does_not_know_are_kept_apart(form: Read, one: One, column: Column) -> None:
    text = """
    | 自评表 |
    | 资金来源 | 预算数 | 执行数 |
    | 总额 | 100 | 90 |
    | 村集体资金 | | |
    | 乡镇配套 | 40 | 40 |
    | 其他资金 | 60 | 50 |
    | 年度目标 | 完成任务 | |
    | 其他 | 1 | 1 |
    """
    found = one(form(FUNDS), text)
    assert column(found, "资金", "预算数") == {"总额": "100@B3", "乡镇配套": "40@B5", "其他资金": "60@B6"}
    assert [row.label for row in found.tables["资金"].extra_rows()] == ["乡镇配套"]


def test_a_parent_stands_above_its_parts_else_it_is_their_neighbour(form: Read, one: One) -> None:
    below = "| 自评表 |\n| | 预算数 | 执行数 |\n| 总额 | 9 | 9 |\n| 地方资金 | 5 | 5 |\n| 省级资金 | 5 | 5 |"
    beside = "| 自评表 |\n| | 预算数 | 执行数 |\n| 总额 | 9 | 9 |\n| 省级资金 | 4 | 4 |\n| 地方资金 | 5 | 5 |"
    assert [row.name for row in one(form(FUNDS), below).tables["资金"].parts("总额")] == ["地方资金"]
    assert [row.name for row in one(form(FUNDS), beside).tables["资金"].parts("总额")] == ["省级资金", "地方资金"]


def test_a_closed_table_ends_after_two_blank_rows(form: Read, one: One, column: Column) -> None:
    text = "| 自评表 |\n| | 预算数 | 执行数 |\n| 总额 | 9 | 9 |\n{}| 其他资金 | 5 | 5 |"
    assert len(column(one(form(FUNDS), text.format("|\n" * 2)), "资金", "预算数")) == 2
    assert len(column(one(form(FUNDS), text.format("|\n" * 3)), "资金", "预算数")) == 1


# ---- rows of an open table

HEAD = "| 自评表 |\n| 绩效指标 | 一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 原因 |\n"


@pytest.mark.parametrize("merges", [("B3:B4",), ()], ids=["merged", "blank"])
def test_a_level_holds_for_the_rows_below_it(form: Read, one: One, column: Column, merges: tuple[str, ...]) -> None:
    text = (
        HEAD
        + "| | 产出 | 场次 | 5 | 5 | 10 | 10 |\n| | | 人数 | 9 | 9 | 10 | 10 |\n| | 效益 | 知晓率 | 9 | 9 | 5 | 5 |"
    )
    found = one(form(INDICATORS), text, *merges)
    assert column(found, "指标", "一级指标") == {"场次": "产出@B3", "人数": "产出@B3", "知晓率": "效益@B5"}


@pytest.mark.parametrize("repeated", [True, False])
def test_a_figure_merged_over_rows_belongs_to_the_first(form: Read, one: One, column: Column, repeated: bool) -> None:
    again = "10" if repeated else ""
    text = HEAD + f"| | 产出 | 场次 | 5 | 5 | 10 | 8 | 下雨 |\n| | | 人数 | 9 | 9 | {again} | | |"
    found = one(form(INDICATORS), text, "F3:F4", "H3:H4", "B3:B4")
    assert column(found, "指标", "分值") == {"场次": "10@F3", "人数": "@F4"}
    assert [str(number) for number in found.tables["指标"].vector("分值")] == ["10", "NaN"]


def test_words_merged_over_rows_belong_to_each(form: Read, one: One, column: Column) -> None:
    text = HEAD + "| | 产出 | 场次 | 5 | 5 | 10 | 8 | 下雨 |\n| | | 人数 | 9 | 8 | 10 | 9 | |"
    found = one(form(INDICATORS), text, "H3:H4", "B3:B4")
    assert column(found, "指标", "原因") == {"场次": "下雨@H3", "人数": "下雨@H3"}


def test_rows_under_one_merged_key_are_all_read(form: Read, one: One) -> None:
    """With figures, and where the second row has nothing but a target and a result."""
    text = (
        HEAD + "| | 产出 | 场次 | 5 | 5 | 10 | 10 |\n| | | | 9 | 8 | 10 | 9 |\n| | | | 多次 | 多次 |\n| | 效益 | | | |"
    )
    table = one(form(INDICATORS), text, "C3:C5").tables["指标"]
    assert [row.number for row in table.rows] == [3, 4, 5]
    assert [fact.quantity.raw for fact in table.facts("三级指标")] == ["场次"] * 3


def test_a_row_of_the_template_that_nobody_filled_is_no_row(form: Read, one: One, column: Column) -> None:
    text = HEAD + "| | 产出 | 场次 | 5 | 5 | 10 | 10 |\n| | 效益 | | | | | |\n| | 满意度 | 满意度 | 9 | 9 | 5 | 5 |"
    assert list(column(one(form(INDICATORS), text), "指标", "分值")) == ["场次", "满意度"]


@pytest.mark.parametrize(
    "note",
    ["| 注：1.得分不得超过10分。 |", "| 备注 | 5 | 6 | 7 | 8 | 9 |", "| 说明文字，横贯全表。|", "| 填表人 | 张三 |"],
)
def test_notes_and_the_foot_of_the_form_are_no_rows(form: Read, one: One, column: Column, note: str) -> None:
    text = (
        HEAD
        + f"| | 产出 | 场次 | 5 | 5 | 10 | 10 |\n| 总分 | | | | | 10 | 10 |\n{note}\n| 自评总分 | | 其他 | | | 9 | 9 |"
    )
    found = one(form(INDICATORS), text, *(("A5:H5",) if note.startswith(("| 注", "| 说")) else ()))
    rows = column(found, "指标", "得分")
    assert rows["场次"] == "10@G3"
    assert rows["总分"] == "10@G4"


def test_a_heading_between_the_rows_does_not_end_the_table(form: Read, one: One, column: Column) -> None:
    text = (
        HEAD
        + """
    | | 一、产出 |
    | | 产出 | 场次 | 5 | 5 | 10 | 10 |
    | | 二、效益 |
    | | 效益 | 知晓率 | 9 | 9 | 5 | 5 |
    | | 见附表 |
    | | 王五 | | |
    """.lstrip("\n")
    )
    found = one(form(INDICATORS), text, "B3:H3", "B5:H5", "B7:H7")
    assert column(found, "指标", "分值") == {"场次": "10@F4", "知晓率": "5@F6"}


def test_a_total_called_by_its_own_name_is_the_total(form: Read, one: One, column: Column) -> None:
    text = HEAD + "| | 产出 | 场次 | 5 | 5 | 90 | 90 |\n| 合计 | | | | | 90 | 90 |\n| 总分 | | | | | 100 | 99 |"
    assert column(one(form(INDICATORS), text), "指标", "分值") == {"场次": "90@F3", "总分": "100@F5"}


def test_two_totals_of_one_name_are_told_and_neither_is_taken(form: Read, one: One) -> None:
    text = HEAD + "| | 产出 | 场次 | 5 | 5 | 90 | 90 |\n| 合计 | | | | | 90 | 90 |\n| 合计 | | | | | 100 | 99 |"
    found = one(form(INDICATORS), text)
    assert codes(found) == ["ROW_DOUBLED"]
    assert found.tables["指标"].row("总分") is None
    assert found.tables["指标"].totals == {}


def test_a_total_may_stand_first(form: Read, one: One, column: Column) -> None:
    text = """
    | 计划表 |
    | 科目 | 年初预算 | | 实际支出 | |
    | | 小计 | 财政拨款 | 小计 | 财政拨款 |
    | 合计 | 3 | 3 | 2 | 2 |
    | 培训费 | 3 | 3 | 2 | 2 |
    """
    found = one(form(PLAN), text, "B2:C2", "D2:E2")
    assert column(found, "计划", "年初小计") == {"培训费": "3@B5", "合计": "3@B4"}


# ---- one row across


def test_one_row_across_is_read(form: Read, one: One, column: Column) -> None:
    found = one(
        form(ACROSS), "| 自评表 |\n| 资金 | 中央 | 本级 | 合计 | 执行数 |\n| | 100 | 209 | 309 | 300 |\n| 5 | | | | 1 |"
    )
    assert column(found, "资金", "合计") == {"#1": "309@D3"}
    assert codes(found) == []


def test_a_figure_under_no_heading_is_read_by_its_place_and_told(form: Read, one: One, column: Column) -> None:
    found = one(form(ACROSS), "| 自评表 |\n| 资金 | | 本级 | 合计 | 执行数 |\n| | 100 | 209 | 309 | 300 |")
    assert column(found, "资金", "中央") == {"#1": "100@B3"}
    assert codes(found) == ["COLUMN_UNHEADED"]
    assert found.problems[0].cell == "B3"


def test_what_is_no_figure_of_the_row_is_not_taken_for_one(form: Read, one: One, column: Column) -> None:
    for text in (
        "| 自评表 |\n| 资金 | | 本级 | 合计 | 执行数 |\n| | 第1批 | 309 | 309 | 300 |",
        "| 自评表 |\n| 资金 | | 本级 | 合计 | 执行数 |\n| | | 309 | 309 | 300 |\n| | 7 | | | |",
    ):
        found = one(form(ACROSS), text)
        assert column(found, "资金", "中央") == {}
        assert codes(found) == []
