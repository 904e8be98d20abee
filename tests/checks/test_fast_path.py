"""What whole columns pass at once, the careful judge passes too: every pass of a ``Batch`` told in full is a pass with
both sides and its cells, and a row that did not pass at once is a row of its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.checks.subject import Batch
from checker.model.outcome import Status
from checker.model.workbook import Sheet, SheetContent, Workbook

FORM: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "明细表",
    "titles": ["明细表"],
    "unit": "万元",
    "fields": {},
    "tables": {
        "明细": {
            "columns": {
                "名称": {"kind": "text", "key": True},
                "甲": {"kind": "amount", "decimals": 2},
                "乙": {"kind": "amount", "decimals": 2},
                "率": {"kind": "percent", "unit": "%", "optional": True},
                "分值": {"kind": "weight", "optional": True},
                "得分": {"kind": "score", "decimals": 2, "optional": True},
            },
            "rows": "open",
            "totals": {"合计": {"optional": True}},
        }
    },
}
CHECKS: list[dict[str, Any]] = [
    {"kind": "identity", "table": "明细", "formula": "[@甲] = [@乙]"},
    {"kind": "identity", "table": "明细", "formula": "[@甲] = [@乙] + [@分值]", "blank": "zero"},
    {"kind": "rate", "table": "明细", "rate": "[@率]", "numerator": "[@甲]", "denominator": "[@乙]"},
    {"kind": "score", "table": "明细", "formula": "[@得分] = [@分值] * [@甲] / [@乙]"},
    {"kind": "score", "table": "明细", "formula": "[@得分] = [@分值] * [@率]"},
    {"kind": "sum", "table": "明细", "total": "合计", "columns": ["甲", "乙", "分值", "得分"]},
    {"kind": "sum", "table": "明细", "total_column": "甲", "part_columns": ["乙", "分值"]},
    {"kind": "identity", "formula": "明细[合计, 甲] = SUM(明细[甲])"},
]

amounts = st.one_of(
    st.integers(-3, 12).map(str),
    st.decimals("-2", "12", places=2).map(str),
    st.decimals("0", "3", places=3).map(str),
    st.sampled_from(["", "—", "约5", "5万元", "50000元", "五", "≤5", "  "]),
    st.sampled_from([{"text": "5"}, {"error": "#REF!"}, {"formula": "=1+1"}, {"formula": "=A1", "value": 5}]),
    st.sampled_from([{"number": "5", "format": "yyyy-mm-dd"}, {"number": "0.05", "format": "0.00%"}]),
)
rates = st.one_of(
    st.sampled_from(["100%", "50%", "99.97%", "", "1%", "高"]),
    st.sampled_from(["1", "0.5", "2", "0.9997", "50", "100"]).map(lambda n: {"number": n, "format": "General"}),
    st.sampled_from(["1", "0.5", "0.9997"]).map(lambda n: {"number": n, "format": "0.00%"}),
)
rows = st.fixed_dictionaries(
    {"甲": amounts, "乙": amounts, "率": rates, "分值": st.sampled_from(["10", "5", "", "7%"]), "得分": amounts}
)
same_in_two = st.sampled_from(["1", "2.5", "10.00", "0"]).flatmap(
    lambda n: st.fixed_dictionaries(
        {"甲": st.just(n), "乙": st.just(n), "率": st.just("100%"), "分值": st.just("10"), "得分": st.just("10")}
    )
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.one_of(rows, same_in_two), min_size=1, max_size=6),
    total=rows,
    check=st.sampled_from(CHECKS),
    merge=st.booleans(),
)
def test_a_pass_at_once_is_a_pass_in_full(
    at: Callable[..., Any], table: list[dict[str, Any]], total: dict[str, Any], check: dict[str, Any], merge: bool
) -> None:
    listed: list[dict[str, Any]] = [{"名称": f"第{n}项"} | cells for n, cells in enumerate(table, 1)]
    place = at(check, {"明细": [*listed, {"total": "合计"} | total]}, form=FORM, change=merged if merge else unchanged)
    places = 0
    for item in place.items():
        if not isinstance(item, Batch):
            places += 1
            continue
        places += len(item)
        told = list(item)
        assert len(told) == len(item)
        for outcome in told:
            assert outcome.status == item.status, (check, outcome)
            if outcome.status == Status.PASS:
                assert outcome.left is not None
                # A total of nothing that is blank or a dash passes too, and shows what it is.
                assert isinstance(outcome.left.value, Decimal) or outcome.left.filled in ("( )", "—")
                assert outcome.right is not None and isinstance(outcome.right.value, Decimal)
                assert outcome.operands and outcome.left.formula and outcome.left.filled
            else:
                assert outcome.reason is not None
    assert places >= 1
    if "table" in check and check["kind"] != "sum":
        assert places == len(place.subject.form.tables["明细"].rows)


def unchanged(workbook: Workbook) -> Workbook:
    return workbook


def merged(workbook: Workbook) -> Workbook:
    """The second column merged over the first two rows, its value repeated in both, as some programs export it."""
    from checker.model.workbook import Range

    content = workbook.sheets[0].content
    header = next(number for number, cells in content.rows.items() if any(c.raw == "甲" for c in cells.values()))
    column = next(c for c, cell in content.rows[header].items() if cell.raw == "甲")
    first, second = content.rows.get(header + 1, {}), content.rows.get(header + 2, {})
    if column in first and second:
        second[column] = first[column]  # type: ignore[index]
    changed = SheetContent(content.rows, (*content.merges, Range(header + 1, column, header + 2, column)))
    sheet = Sheet(workbook.sheets[0].name, lambda: changed)
    formats = workbook.number_formats
    return Workbook("", "", "xlsx", (sheet,), load_number_formats=lambda: formats)
