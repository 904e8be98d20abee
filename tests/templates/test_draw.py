"""What a drawn form shows, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.errors import PackError
from checker.model.form import Form
from checker.model.workbook import CellKind, Range, address
from checker.templates import Drawing, Placed, Style, draw, stack

GIVEN = {
    "单位": "示例局",
    "资金": {"拨款": {"预算": "100.50", "执行": 90}, "结转": {"预算": 20, "执行": Decimal("5.25")}},
    "指标": [
        {"一级": "产出", "二级": "数量", "名称": "场次", "分值": 40},
        {"一级": "产出", "二级": "数量", "名称": "人数", "分值": 20},
        {"一级": "产出", "二级": "质量", "名称": "合格率", "分值": 20},
        {"一级": "效益", "二级": "质量", "名称": "受益", "分值": 20},
    ],
}


def shown(drawing: Drawing) -> dict[str, str]:
    """Address → text of every cell that holds something."""
    return {address(*at): cell.raw for at, cell in drawing.cells.items() if cell.kind}


def merged(drawing: Drawing) -> set[str]:
    return {str(merge) for merge in drawing.merges}


def cell(drawing: Drawing, table: str, row: str | int, column: str) -> Placed:
    return drawing.cells[drawing.place(table, row, column)]


def test_a_blank_form_prints_labels_and_formulas_and_nothing_else(small: Form) -> None:
    drawing = draw(small)
    texts = shown(drawing)
    assert (texts["A1"], texts["A2"], texts["D2"]) == ("小表", "单位", "等级")
    assert texts["A3"] == "资金（万元）"
    assert [texts[f"{letter}3"] for letter in "BCDE"] == ["来源", "预算", "执行", "执行率"]
    assert [texts[f"B{row}"] for row in (4, 5, 6)] == ["合计", "拨款", "结转"]
    assert cell(drawing, "资金", "合计", "预算").formula == "SUM(C5:C6)"
    assert cell(drawing, "资金", "合计", "预算").raw == "0"
    assert cell(drawing, "资金", "拨款", "执行率").formula == 'IFERROR(D5 / C5,"")'
    assert cell(drawing, "资金", "拨款", "执行率").raw == ""
    assert cell(drawing, "资金", "拨款", "预算").kind == ""
    assert cell(drawing, "指标", "总分", "分值").formula == "SUM(E8:E10)"
    assert {"A1:E1", "B2:C2", "A3:A6", "A7:A10", "A11:D11"} <= merged(drawing)


def test_a_case_shows_what_it_gives_and_leaves_the_rest_blank(small: Form) -> None:
    drawing = draw(small, GIVEN)
    assert all(placed.formula is None for placed in drawing.cells.values())
    assert cell(drawing, "资金", "合计", "预算").kind == ""
    assert cell(drawing, "资金", "拨款", "预算").raw == "100.5"
    assert drawing.cells[drawing.place_field("单位")].raw == "示例局"
    assert drawing.cells[drawing.place_field("等级")].kind == ""
    assert cell(drawing, "指标", "总分", "分值").kind == ""


def test_a_sample_has_the_formulas_with_what_they_show(small: Form) -> None:
    drawing = draw(small, GIVEN, printed=True)
    assert cell(drawing, "资金", "合计", "预算")[1:4] == (CellKind.NUMBER, "120.5", "SUM(C5:C6)")
    assert cell(drawing, "资金", "合计", "执行").raw == "95.25"
    assert cell(drawing, "资金", "结转", "执行率").raw == "0.2625"
    assert cell(drawing, "指标", "总分", "分值")[1:4] == (CellKind.NUMBER, "100", "SUM(E8:E11)")


def test_levels_are_merged_inside_the_level_above(small: Form) -> None:
    drawing = draw(small, GIVEN)
    assert {"B8:B10", "C8:C9"} <= merged(drawing)
    assert shown(drawing)["C10"] == shown(drawing)["C11"] == "质量"


def test_a_blank_level_repeats_the_one_above_and_an_empty_row_does_not(small: Form) -> None:
    rows = [{"一级": "产出", "名称": "场次"}, {"名称": "人数"}, {}, {"名称": "无级"}]
    drawing = draw(small, {"指标": rows})
    assert "B8:B9" in merged(drawing)
    assert not any(merge.startswith("B8:B1") for merge in merged(drawing))


def test_a_level_given_as_text_stands_in_every_row(small: Form) -> None:
    rows = [{"一级": {"text": "产出"}, "名称": name} for name in ("场次", "人数")]
    drawing = draw(small, {"指标": rows})
    assert shown(drawing)["B8"] == shown(drawing)["B9"] == "产出"


def test_rows_given_as_null_are_not_printed_and_unknown_ones_are_added(small: Form) -> None:
    drawing = draw(small, {"资金": {"结转": None, "捐赠": {"预算": 3}}}, printed=True)
    texts = shown(drawing)
    assert [texts[f"B{row}"] for row in (4, 5, 6)] == ["合计", "拨款", "捐赠"]
    assert cell(drawing, "资金", "合计", "预算")[2:4] == ("3", "SUM(C5:C6)")


def test_a_table_given_as_null_is_left_away(small: Form) -> None:
    assert "预算" not in shown(draw(small, {"资金": None})).values()


def test_a_column_that_the_layout_lacks_stands_at_the_right_when_given(small: Form) -> None:
    drawing = draw(small, {"资金": {"拨款": {"备注": "分两批"}}})
    assert (shown(drawing)["F3"], shown(drawing)["F5"]) == ("备注", "分两批")


def test_a_field_that_the_layout_lacks_stands_below_when_given(build: Callable[[str], Form]) -> None:
    form = build(
        "form: 表\nfields: {甲: {kind: text}, 日期: {kind: date}}\n"
        "layout: {widths: [9, 9, 9], lines: [{fields: {甲: [A, B:C]}}]}"
    )
    assert "日期" not in shown(draw(form)).values()
    drawing = draw(form, {"日期": "2025-03-31"})
    assert (shown(drawing)["A2"], shown(drawing)["B2"]) == ("日期", "2025-03-31")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"单位名": "x"}, "单位名"),
        ({"资金": {"拨款": {"决算": 1}}}, "决算"),
        ({"指标": [{"total": "小计"}]}, "小计"),
        ({"指标": [{"名字": "x"}]}, "名字"),
        ({"指标": {"名称": "x"}}, "指标"),
        ({"指标": [{"名称": "x", "block": 2}]}, "block 2"),
        ({"指标": [{"名称": "x", "block": "左"}]}, "block 左"),
        ({"指标": [{"total": {"小计": 1}}]}, "小计"),
    ],
)
def test_a_name_that_the_form_does_not_have_is_an_error_not_a_blank(
    small: Form, content: Mapping[str, object], name: str
) -> None:
    with pytest.raises(PackError) as raised:
        draw(small, content)
    assert name in raised.value.message.en
    assert raised.value.hint is not None


def test_a_closed_table_without_extra_rows_refuses_unknown_ones(build: Callable[[str], Form]) -> None:
    form = build("form: 表\ntables: {甲: {columns: {项: {kind: label}, 数: {kind: count}}, rows: {合计: {}}}}")
    with pytest.raises(PackError, match="小计"):
        draw(form, {"甲": {"小计": {"数": 1}}})


@pytest.mark.parametrize(
    ("value", "kind", "raw"),
    [
        ("100.00", CellKind.NUMBER, "100"),
        (-3, CellKind.NUMBER, "-3"),
        (Decimal("0.10"), CellKind.NUMBER, "0.1"),
        ("1,234.5", CellKind.TEXT, "1,234.5"),
        ("95%", CellKind.TEXT, "95%"),
        ("—", CellKind.TEXT, "—"),
        ({"text": "100"}, CellKind.TEXT, "100"),
        ({"error": "#REF!"}, CellKind.ERROR, "#REF!"),
        ({"formula": "=SUM(C5:C6)"}, CellKind.NO_CACHE, ""),
        ({"formula": "=SUM(C5:C6)", "value": 6}, CellKind.NUMBER, "6"),
        ("", "", ""),
        (None, "", ""),
        (True, CellKind.BOOLEAN, "TRUE"),
    ],
)
def test_what_a_cell_may_be_given(small: Form, value: object, kind: str, raw: str) -> None:
    placed = cell(draw(small, {"资金": {"拨款": {"预算": value}}}), "资金", "拨款", "预算")
    assert (placed.kind, placed.raw) == (kind, raw)


def test_digits_in_a_text_column_stay_text(small: Form) -> None:
    assert cell(draw(small, {"指标": [{"名称": "2080505"}]}), "指标", 0, "名称").kind == CellKind.TEXT


@pytest.mark.parametrize("value", [{"number": "x"}, {"text": "1", "number": 2}, {"numbr": 1}, [1], {}])
def test_a_value_that_no_cell_holds_is_an_error(small: Form, value: object) -> None:
    with pytest.raises(PackError, match="cell"):
        draw(small, {"资金": {"拨款": {"预算": value}}})


def test_a_number_format_of_its_own_wins(small: Form) -> None:
    given_ = {"资金": {"拨款": {"执行率": {"number": "0.978", "format": "0.0%"}, "预算": 1}}}
    drawing = draw(small, given_)
    assert cell(drawing, "资金", "拨款", "执行率").format == "0.0%"
    assert cell(drawing, "资金", "拨款", "预算").format == "#,##0.00"
    assert cell(drawing, "资金", "结转", "执行率").format == "0.00%"


def test_header_tiers(build: Callable[[str], Form]) -> None:
    form = build("""
form: 表
tables:
  甲:
    columns: {名称: {kind: text, key: true}, 小计1: {kind: amount}, 拨款1: {kind: amount}, 小计2: {kind: amount}}
    rows: open
layout:
  widths: [9, 9, 9, 9, 9]
  lines:
    - table: 甲
      columns: {名称: A, 小计1: B, 拨款1: C, 小计2: D}
      header: [[{text: 预算, span: B:D}], [{text: 年初, span: B:C}, {text: 调整, span: D}]]
      header_text: {小计1: 小计, 拨款1: 财政拨款, 小计2: 小计}
""")
    drawing = draw(form)
    texts = shown(drawing)
    assert texts == {"A1": "名称", "B1": "预算", "B2": "年初", "D2": "调整"} | {
        "B3": "小计",
        "C3": "财政拨款",
        "D3": "小计",
    }
    assert merged(drawing) == {"A1:A3", "B1:D1", "B2:C2"}


def test_a_closed_table_may_have_several_columns_of_labels(build: Callable[[str], Form]) -> None:
    form = build("""
form: 表
tables:
  甲:
    columns: {比较: {kind: label, fill: down}, 支出: {kind: label}, 数: {kind: amount}}
    rows: {预算基本: {}, 预算项目: {}, 决算基本: {}, 决算项目: {}}
layout:
  widths: [9, 9, 9]
  lines:
    - table: 甲
      columns: {比较: A, 支出: B, 数: C}
      row_text:
        预算基本: {比较: 预算金额, 支出: 基本支出}
        预算项目: {比较: 预算金额, 支出: 项目支出}
        决算基本: {比较: 决算金额, 支出: 基本支出}
        决算项目: {比较: 决算金额, 支出: 项目支出}
""")
    drawing = draw(form, {"甲": {"决算项目": {"数": 5}}})
    texts = shown(drawing)
    assert merged(drawing) == {"A2:A3", "A4:A5"}
    assert (texts["A4"], texts["B5"], texts["C5"]) == ("决算金额", "项目支出", "5")


def test_blocks_side_by_side_count_their_rows_block_by_block(build: Callable[[str], Form]) -> None:
    form = build("""
form: 表
tables: {甲: {columns: {名称: {kind: text, key: true}, 值: {kind: amount}}, rows: open}}
layout:
  widths: [9, 9, 9, 9]
  lines: [{table: 甲, columns: [{名称: A, 值: B}, {名称: C, 值: D}], rows: 6}]
""")
    assert draw(form).bottom == 4
    assert draw(form).place("甲", 3, "值") == (2, 4)
    rows = [{"block": 2, "名称": "丙", "值": 3}, {"名称": "甲", "值": 1}, {"名称": "乙", "值": 2}]
    drawing = draw(form, {"甲": rows})
    assert [cell(drawing, "甲", at, "名称").raw for at in range(3)] == ["甲", "乙", "丙"]
    assert drawing.place("甲", 2, "值") == (2, 4)
    assert drawing.bottom == 3


def test_lines_abreast_groups_words_and_signatures(build: Callable[[str], Form]) -> None:
    form = build("""
form: 表
unit: 元
fields: {甲: {kind: text}, 乙: {kind: amount}, 填表人: {kind: text}}
layout:
  widths: [9, 9, 9, 9]
  lines:
    - text: {A:B: "编制单位：", D: "单位：{unit}"}
    - blank: 1
    - beside: A
      beside_text: 合称
      lines: [{fields: {甲: [B, C:D]}}, {fields_below: {乙: B:D}}]
    - abreast: [{note: A:B, text: 左}, {note: C:D, text: 右}]
    - sign: {填表人: A:B, 负责人: C:D}
""")
    texts = shown(draw(form, {"填表人": "张三"}))
    assert (texts["A1"], texts["D1"]) == ("编制单位：", "单位：元")
    assert (texts["A3"], texts["B3"], texts["B4"]) == ("合称", "甲", "乙")
    assert (texts["A6"], texts["C6"]) == ("左", "右")
    assert (texts["A7"], texts["C7"]) == ("填表人：张三", "负责人：")
    assert "A3:A5" in merged(draw(form))
    assert draw(form).place_field("乙") == (5, 2)


def test_a_form_without_a_layout_is_drawn_all_the_same(small: Form) -> None:

    drawing = draw(small._replace(layout={}), GIVEN)
    assert cell(drawing, "资金", "拨款", "预算").raw == "100.5"
    assert cell(drawing, "指标", 3, "名称").raw == "受益"
    assert drawing.cells[drawing.place_field("单位")].raw == "示例局"


def test_without_a_layout_groups_of_rows_bear_their_label(build: Callable[[str], Form]) -> None:
    form = build(
        "form: 差异表\ntables: {差异: {columns: {比较: {kind: label, fill: down}, 项目: {kind: label}, "
        "金额: {kind: amount}}, rows: {预算支出: {}, 预算合计: {}, 决算支出: {}}}}"
    )
    table = form.tables["差异"]
    rows = {name: row._replace(beside=(name[:2],)) for name, row in table.rows.items()}
    drawing = draw(form._replace(tables={"差异": table._replace(rows=rows)}), {"差异": {"预算合计": {"金额": 5}}})
    texts = shown(drawing)
    assert [(texts.get(f"B{row}"), texts[f"C{row}"], texts.get(f"D{row}")) for row in (4, 5, 6)] == [
        ("预算", "预算支出", None),
        (None, "预算合计", "5"),
        ("决算", "决算支出", None),
    ]
    assert "B4:B5" in merged(drawing)


@pytest.mark.parametrize(
    "layout",
    [
        "{lines: []}",
        "{widths: [9], lines: [{titel: A:B}]}",
        "{widths: [9], lines: [{title: 1:2}]}",
        "{widths: [9], lines: [{title: C:A}]}",
        "{widths: [9], lines: [{table: 乙, columns: {名称: A}}]}",
        "{widths: [9], lines: [{table: 甲, columns: {无: A}}]}",
        "{widths: [9], lines: [{fields: {无: [A, B]}}]}",
        "{widths: [9, 9], lines: [{table: 甲, columns: {名称: A, 值: A}}]}",
        "{widths: [9, 9], lines: [{table: 甲, columns: {名称: A, 值: B}, formulas: {值: {'*': '[@无] + 1'}}}]}",
        "{widths: [9, 9], lines: [{table: 甲, columns: {名称: A, 值: B}, formulas: {值: {'*': '[@值] + 1'}}}]}",
        "{widths: [9, 9], lines: [{table: 甲, columns: {名称: A, 值: B}, formulas: {值: {'*': 'NOW()'}}}]}",
        "{widths: [9, 9], lines: [{table: 甲, columns: {名称: A, 值: B}, formulas: {值: {'*': '1 +'}}}]}",
    ],
)
def test_a_wrong_layout_is_told(build: Callable[[str], Form], layout: str) -> None:
    form = build(
        "form: 表\ntables: {甲: {columns: {名称: {kind: text}, 值: {kind: amount}}, rows: open}}\n"
        f"layout: {layout}"
    )
    with pytest.raises(PackError):
        draw(form)


def test_stacked_copies_keep_their_own_formulas_and_addresses(small: Form) -> None:
    one = draw(small, GIVEN, printed=True)
    pile = stack([one, one, one])
    assert len(pile.books) == 3
    third = pile.cells[pile.place("资金", "合计", "预算", copy=2)]
    assert third.formula == f"SUM(C{5 + 2 * (one.bottom + 1)}:C{6 + 2 * (one.bottom + 1)})"
    assert pile.bottom == 3 * one.bottom + 2
    assert len(pile.breaks) == 2
    for at, placed in one.cells.items():
        assert pile.cells[at[0] + one.bottom + 1, at[1]].raw == placed.raw


def test_stacking_moves_references_as_excel_does(small: Form) -> None:
    given_ = {"资金": {"拨款": {"预算": {"formula": '=C$5+LOG10(D5)+"C5"+他表!E5', "value": 1}}}}
    one = draw(small, given_)
    moved = stack([one, one]).cells[stack([one, one]).place("资金", "拨款", "预算", copy=1)].formula
    row = 5 + one.bottom + 1
    assert moved == f'C$5+LOG10(D{row})+"C5"+他表!E{row}'


amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.tuples(amounts, amounts), weights=st.lists(st.integers(0, 100), max_size=12))
def test_every_total_shows_the_exact_sum(small: Form, parts: tuple[Decimal, Decimal], weights: list[int]) -> None:
    drawing = draw(
        small,
        {
            "资金": {"拨款": {"预算": parts[0]}, "结转": {"预算": str(parts[1])}},
            "指标": [{"名称": f"指标{n}", "分值": weight} for n, weight in enumerate(weights)],
        },
        printed=True,
    )
    assert Decimal(cell(drawing, "资金", "合计", "预算").raw) == sum(parts)
    assert Decimal(cell(drawing, "指标", "总分", "分值").raw) == sum(weights)


levels = st.sampled_from(["产出", "效益", None, ""])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries({"一级": levels, "二级": levels, "名称": st.text(max_size=9)})))
def test_merged_areas_never_overlap_and_no_word_is_lost(small: Form, rows: list[dict[str, str | None]]) -> None:
    drawing = draw(small, {"指标": rows})
    for one, other in combinations(drawing.merges, 2):
        assert not _overlap(one, other)
    for at in drawing.cells:
        assert sum(_inside(at, merge) and at != (merge.top, merge.left) for merge in drawing.merges) == 0
    for index, row in enumerate(rows):
        if row["名称"]:
            assert cell(drawing, "指标", index, "名称").raw == row["名称"]


def _overlap(one: Range, other: Range) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def _inside(at: tuple[int, int], area: Range) -> bool:
    return area.top <= at[0] <= area.bottom and area.left <= at[1] <= area.right


def test_every_form_of_the_pack_draws_blank_and_unlocked_only_where_one_fills_in(
    forms: Mapping[str, Form],
) -> None:
    assert len(forms) >= 6
    for form in forms.values():
        drawing = draw(form)
        assert shown(drawing)["A1"] == form.title.zh
        assert not [placed for placed in drawing.cells.values() if placed.kind == CellKind.ERROR], form.name
        assert any(placed.style in Style.INPUT for placed in drawing.cells.values())


def test_the_self_evaluation_form_stands_where_the_official_one_does(self_evaluation: Form) -> None:
    drawing = draw(self_evaluation, year="2023")
    texts = shown(drawing)
    assert texts["A1"] == "项目支出绩效自评表"
    assert texts["A2"] == "（2023年度）"
    official = "A1:K1 A2:K2 A4:B4 C4:K4 A5:B5 C5:E5 G5:K5 A6:B10 C6:D6 I7:J7"
    assert set(official.split()) <= merged(drawing)
    assert [texts[at] for at in ("A4", "A5", "F5", "E6", "F6", "G6", "H6", "I6", "K6")] == (
        ["项目名称", "主管部门", "实施单位", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    )
    assert (texts["H7"], texts["K8"]) == ("10", "—")
    assert cell(drawing, "资金", "年度资金总额", "全年执行数").formula == "SUM(G8:G10)"
    assert texts["A11"] == "年度总体目标"
    assert [texts[at] for at in ("B13", "C13", "D13", "F13", "G13", "H13", "I13", "J13")] == (
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    )


def test_the_execution_score_of_the_self_evaluation_is_capped(self_evaluation: Form) -> None:
    funds = {"当年财政拨款": {"全年预算数": 90, "全年执行数": "99.5"}}
    rows = [{"三级指标": "甲", "分值": 90, "得分": "80.5"}]
    drawing = draw(self_evaluation, {"资金": funds, "指标": rows}, printed=True)
    assert cell(drawing, "资金", "年度资金总额", "得分").raw == "10"
    assert cell(drawing, "指标", "总分", "分值").raw == "100"
    assert cell(drawing, "指标", "总分", "得分").raw == "90.5"
