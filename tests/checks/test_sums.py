"""``sum``: totals down a column and across a row, what is in the way, and rows that the form does not know."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

DOWN = {"kind": "sum", "table": "资金", "total": "合计", "columns": ["预算数"]}


def funds(total: Any, *parts: Any, column: str = "预算数") -> dict[str, Any]:
    rows = ("拨款", "结转", "其他")
    return {"资金": {"合计": {column: total}} | {row: {column: part} for row, part in zip(rows, parts, strict=False)}}


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
        (None, (80, 20), "fail"),
        ("—", (80, 20), "fail"),
    ],
)
def test_total_and_parts(only: Only, total: Any, parts: tuple[Any, ...], status: str) -> None:
    assert only(DOWN, funds(total, *parts)).status == status
