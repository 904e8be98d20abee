"""``sum``: totals down a column and across a row, what is in the way, and rows that the form does not know."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from checker.checks.subject import Batch
from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

DOWN = {"kind": "sum", "table": "资金", "total": "合计", "columns": ["预算数"]}
ACROSS = {"kind": "sum", "table": "构成", "total_column": "合计", "part_columns": ["中央", "地方"]}


def funds(**rows: Any) -> dict[str, Any]:
    """The budget of each row; the rows not named are blank."""
    return {"资金": {row: None if value == "absent" else {"预算数": value} for row, value in rows.items()}}


@pytest.mark.parametrize(
    ("total", "parts", "status"),
    [
        (100, (80, 15, 5), "pass"),
        ("120.35", ("40.12", "40.12", "40.12"), "tail"),
        ("120.33", ("40.12", "40.12", "40.12"), "fail"),
        (100, (80, 25), "fail"),
        (100, (80, None, 20), "pass"),
        (100, (80, "—", 20), "pass"),
        (-5, (-3, -2), "pass"),
        (0, (0, 0), "pass"),
        ({"text": "100"}, ({"text": "60.00"}, "４０"), "pass"),
        ("0.30", ("0.1", "0.2"), "pass"),
        (None, (80, 20), "fail"),
        (None, (None, None), "not_applicable"),
        (100, (None, None), "insufficient"),
        ({"error": "#REF!"}, (80, 20), "insufficient"),
        (100, ({"error": "#DIV/0!"}, 20), "insufficient"),
        (100, ({"formula": "=A1+1"}, 20), "insufficient"),
        (100, ("约80", 20), "insufficient"),
        (100, ("八十", 20), "insufficient"),
    ],
)
def test_total_and_parts(only: Only, total: Any, parts: tuple[Any, ...], status: str) -> None:
    rows = dict(zip(("拨款", "结转", "其他"), parts, strict=False))
    assert only(DOWN, funds(合计=total, **rows)).status == status


def test_a_failure_tells_both_sides_and_every_cell(only: Only) -> None:
    told = only(DOWN, funds(合计=100, 拨款=80, 结转="25.50"), message="{label}填{left}，合计{right}，相差{difference}")
    assert told.left is not None and told.right is not None and told.message is not None
    assert (told.left.value, told.right.value, told.difference) == (100, Decimal("105.5"), Decimal("-5.5"))
    assert told.left.filled == "100.00" and told.right.filled.startswith("SUM(80.00, 25.50")
    assert told.message.zh.startswith("资金 / 合计 / 预算数填100.00，合计105.50，相差5.5")
    assert [operand.value for operand in told.operands][:3] == [100, 80, Decimal("25.5")]
    assert told.path == ("自评表", "资金", "合计", "预算数")
    assert told.at_least == Decimal("5.485")  # three figures of two decimals cannot hide more than 0.015


def test_parts_of_parts_do_not_count_twice(only: Only) -> None:
    assert only(DOWN, funds(合计=100, 拨款=80, 中央=50, 地方=30, 结转=20)).status == "pass"


def test_parts_stand_for_a_part_that_is_left_blank(only: Only) -> None:
    assert only(DOWN, funds(合计=100, 拨款=None, 中央=50, 地方=30, 结转=20)).status == "pass"
    assert only(DOWN, funds(合计=100, 拨款="—", 中央=50, 地方=35, 结转=20)).status == "fail"


def test_parts_stand_for_a_part_that_is_not_printed(only: Only) -> None:
    assert only(DOWN, funds(合计=100, 拨款="absent", 中央=50, 地方=30, 结转=20)).status == "pass"


def test_a_total_without_any_part_adds_up_to_nothing_in_particular(only: Only) -> None:
    absent = dict.fromkeys(("拨款", "中央", "地方", "结转", "其他"), "absent")
    assert only(DOWN, funds(合计=100, **absent)).status == "not_applicable"


class TestUnknownRows:
    """A row with a label that the form does not know may be a part of the total, or of a part, or of nothing."""

    @pytest.mark.parametrize(
        ("total", "unknown", "status"),
        [
            (100, {"事业收入": 20}, "pass"),  # a part of its own
            (80, {"其中本级": 30}, "pass"),  # a part of a part
            (100, {"事业收入": 20, "本级安排": 30}, "pass"),  # one of each
            (100, {"本级安排": 30, "事业收入": 20, "另一项": 7}, "pass"),
            (95, {"事业收入": 20}, "fail"),  # neither
            (70, {"事业收入": 20}, "fail"),  # less than the known parts alone
            (95, {"事业收入": None}, "fail"),
            (100, {"事业收入": "二十"}, "insufficient"),  # may be the rest
            (100, {"事业收入": {"error": "#REF!"}}, "insufficient"),
            ("100.01", {"事业收入": 20}, "tail"),
        ],
    )
    def test_every_reading_must_fail(self, only: Only, total: Any, unknown: dict[str, Any], status: str) -> None:
        # What stands in another column keeps a row without a budget a row of the table.
        given = funds(合计=total, 拨款=80)
        given["资金"] |= {label: {"预算数": value, "执行数": 1} for label, value in unknown.items()}
        assert only(DOWN, given).status == status

    def test_the_nearest_reading_is_told(self, only: Only) -> None:
        told = only(DOWN, funds(合计=95, 拨款=80, 事业收入=20, 本级安排=30))
        assert told.difference == Decimal(-5)

    def test_many_unknown_rows_cost_no_time(self, only: Only) -> None:
        rows = {f"来源{letter}": 1 for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"}
        assert only(DOWN, funds(合计=102, 拨款=80, **rows)).status == "pass"
        assert only(DOWN, funds(合计=150, 拨款=80, **rows)).status == "fail"


def test_a_total_row_that_is_missing_is_said(only: Only, form: dict[str, Any]) -> None:
    given = funds(合计="absent", 拨款=80, 结转=20)
    assert only(DOWN, given).status == "insufficient"
    form["tables"]["资金"]["rows"]["合计"]["optional"] = True
    assert only(DOWN, given, form=form).status == "not_applicable"


def test_a_missing_table_is_insufficient_unless_the_form_may_lack_it(only: Only, form: dict[str, Any]) -> None:
    given: dict[str, Any] = {"资金": None, "指标": [{"三级指标": "甲", "指标值": 1, "完成值": 1, "分值": 1, "得分": 1}]}
    assert only(DOWN, given).status == "insufficient"
    form["tables"]["资金"]["optional"] = True
    assert only(DOWN, given, form=form).status == "not_applicable"


def test_a_column_that_is_not_printed_is_passed_over(apply: Apply) -> None:
    check = DOWN | {"columns": ["预算数", "执行数"]}
    outcomes = apply(check, {"资金": {"合计": {"预算数": 100, "执行数": 90}, "拨款": {"预算数": 100, "执行数": 91}}})
    assert [(o.path[-1], o.status) for o in outcomes] == [("预算数", "pass"), ("执行数", "fail")]


def test_named_parts_and_what_is_taken_off(only: Only) -> None:
    check = DOWN | {"parts": ["拨款", "结转"], "less": ["其他"]}
    assert only(check, funds(合计=90, 拨款=80, 结转=20, 其他=10)).status == "pass"
    assert only(check, funds(合计=110, 拨款=80, 结转=20, 其他=10)).status == "fail"


def test_blank_parts_can_be_made_to_matter(only: Only) -> None:
    # SUM passes blanks over whatever the policy; a total left blank is another matter.
    assert only(DOWN | {"blank": "insufficient"}, funds(合计=None, 拨款=100)).status == "insufficient"


def test_truncated_forms_allow_a_whole_unit_for_each_figure(only: Only, form: dict[str, Any]) -> None:
    given = funds(合计="120.37", 拨款="40.12", 结转="40.12", 其他="40.12")
    assert only(DOWN | {"rounding": "truncate"}, given).status == "tail"
    form["rounding"] = "truncate"
    assert only(DOWN, given, form=form).status == "tail"
    assert only(DOWN | {"rounding": "balanced"}, funds(合计="120.37", 拨款="120.36")).status == "fail"


DETAIL: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "明细表",
    "titles": ["明细表"],
    "unit": "万元",
    "fields": {},
    "tables": {
        "明细": {
            "columns": {
                "名称": {"kind": "text", "key": True},
                "金额": {"kind": "amount", "decimals": 2},
                "备注": {"kind": "text", "optional": True},
            },
            "rows": "open",
            "totals": {"合计": {"optional": True}},
        }
    },
}


class TestOpenTables:
    CHECK: ClassVar[dict[str, Any]] = {"kind": "sum", "table": "明细", "total": "合计", "columns": ["金额"]}

    def rows(self, total: Any, *amounts: Any) -> dict[str, Any]:
        rows = [{"名称": f"第{number}项", "金额": amount} for number, amount in enumerate(amounts, 1)]
        return {"明细": [*rows, {"total": "合计", "金额": total}]}

    @pytest.mark.parametrize(
        ("total", "amounts", "status"),
        [
            (6, (1, 2, 3), "pass"),
            (6, (1, 2, None, 3), "pass"),
            (7, (1, 2, 3), "fail"),
            ("6.01", (1, 2, 3), "tail"),
            (6, (1, "无", 5), "pass"),
            (6, (1, "二", 3), "insufficient"),
            (None, (1, 2), "fail"),
        ],
    )
    def test_all_rows_add_up(self, only: Only, total: Any, amounts: tuple[Any, ...], status: str) -> None:
        assert only(self.CHECK, self.rows(total, *amounts), form=DETAIL).status == status

    def test_an_exact_sum_is_a_batch_that_tells_itself_in_full(self, at: Callable[..., Any]) -> None:
        place = at(self.CHECK, self.rows("0.6", "0.1", "0.2", "0.3"), form=DETAIL)
        (batch,) = place.items()
        assert isinstance(batch, Batch) and len(batch) == 1
        (told,) = place.outcomes()
        assert told.status == "pass" and told.left.value == Decimal("0.6") == told.right.value
        assert len(told.operands) == 4


WIDE: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "构成表",
    "titles": ["构成表"],
    "unit": "万元",
    "fields": {},
    "tables": {
        "构成": {
            "columns": {
                "名称": {"kind": "text", "key": True},
                "中央": {"kind": "amount", "decimals": 2, "optional": True},
                "备注": {"kind": "text", "optional": True},
                "地方": {"kind": "amount", "decimals": 2, "optional": True},
                "合计": {"kind": "amount", "decimals": 2},
            },
            "rows": "open",
        }
    },
}


class TestAcross:
    @pytest.mark.parametrize(
        ("row", "status"),
        [
            ({"中央": 60, "地方": 40, "合计": 100}, "pass"),
            ({"中央": 60, "地方": 40, "合计": 101}, "fail"),
            ({"中央": 60, "合计": 60}, "pass"),
            ({"中央": "60.01", "地方": "40.01", "合计": "100.01"}, "tail"),
            ({"合计": 100}, "insufficient"),
            ({"中央": 60, "地方": 40}, "fail"),
            ({"中央": "六十", "地方": 40, "合计": 100}, "insufficient"),
        ],
    )
    def test_each_row(self, apply: Apply, row: dict[str, Any], status: str) -> None:
        rows = [{"名称": "甲", "中央": 1, "地方": 1, "合计": 2}, {"名称": "乙"} | row]
        assert [o.status for o in apply(ACROSS, {"构成": rows}, form=WIDE)] == ["pass", status]

    def test_without_any_part_column_there_is_nothing_to_add_up(self, only: Only) -> None:
        form = WIDE | {"tables": {"构成": {"columns": dict(WIDE["tables"]["构成"]["columns"]), "rows": "open"}}}
        printed = {"名称": "甲", "合计": 100}

        def strip(workbook: Any) -> Any:
            return without_columns(workbook, "中央", "地方", "备注")

        assert only(ACROSS, {"构成": [printed]}, form=form, change=strip).status == "not_applicable"

    def test_one_part_column_that_is_not_printed_counts_nothing(self, only: Only) -> None:
        def strip(workbook: Any) -> Any:
            return without_columns(workbook, "地方")

        row = {"名称": "甲", "中央": 100, "合计": 100}
        assert only(ACROSS, {"构成": [row]}, form=WIDE, change=strip).status == "pass"

    def test_a_part_column_that_stands_twice_is_not_guessed(self, only: Only) -> None:
        def double(workbook: Any) -> Any:
            return with_header(workbook, "中央", "地方")

        row = {"名称": "甲", "中央": 60, "地方": 40, "合计": 100}
        assert only(ACROSS, {"构成": [row]}, form=WIDE, change=double).status == "insufficient"


def without_columns(workbook: Any, *headers: str) -> Any:
    """``workbook`` with the columns under these headers emptied."""
    rows = workbook.sheets[0].rows
    gone = {column for row in rows.values() for column, cell in row.items() if cell.raw in headers}
    for row in rows.values():
        for column in gone:
            row.pop(column, None)
    return workbook


def with_header(workbook: Any, header: str, instead: str) -> Any:
    """``workbook`` with one header text put in place of another."""
    for row in workbook.sheets[0].rows.values():
        for column, cell in row.items():
            if cell.raw == instead:
                row[column] = cell._replace(raw=header)
    return workbook
