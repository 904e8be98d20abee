"""``hierarchy`` where sheets leave levels out, print codes twice, or lack upper rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from checker.model.outcome import Outcome

from .test_tables import ACCOUNTS

Apply = Callable[..., list[Outcome]]
CHECK: dict[str, Any] = {"kind": "hierarchy", "table": "支出", "columns": ["金额"], "total": "合计"}


def given(rows: Any, total: Any) -> dict[str, Any]:
    listed: list[dict[str, Any]] = [{"编码": code, "科目": f"科目{code}", "金额": amount} for code, amount in rows]
    return {"支出": [*listed, {"total": "合计", "金额": total}]}


def found(apply: Apply, *rows: tuple[Any, Any], total: Any = 100) -> dict[str, str]:
    told = apply(CHECK, given(rows, total), form=ACCOUNTS)
    return {o.path[-2].removeprefix("科目").partition("#")[0]: o.status for o in told}


class TestLevelsLeftOut:
    ITEMS: ClassVar = (("2010101", 60), ("2010201", 10), ("2010202", 30))

    def test_only_the_last_level(self, apply: Apply) -> None:
        assert found(apply, *self.ITEMS) == {"合计": "pass"}
        assert found(apply, *self.ITEMS, total=90) == {"合计": "fail"}

    def test_only_the_first_and_the_last(self, apply: Apply) -> None:
        assert found(apply, ("201", 100), *self.ITEMS) == {"合计": "pass", "201": "pass"}
        assert found(apply, ("201", 99), *self.ITEMS) == {"合计": "fail", "201": "fail"}

    def test_only_the_first(self, apply: Apply) -> None:
        assert found(apply, ("201", 60), ("202", 40)) == {"合计": "pass"}

    def test_an_upper_row_that_is_missing_accuses_nobody(self, apply: Apply) -> None:
        rows = (("201", 100), ("20101", 60), ("2010101", 60), ("2010201", 10), ("2010202", 30))
        assert found(apply, *rows) == {"合计": "pass", "201": "pass", "20101": "pass"}
        assert found(apply, ("201", 101), *rows[1:], total=101)["201"] == "insufficient"

    def test_an_upper_row_with_a_slip_in_its_code(self, apply: Apply) -> None:
        rows = (("201", 100), ("20110", 60), ("2010101", 60), ("20102", 40))
        assert found(apply, *rows)["201"] == "pass", "its own rows belong to nobody, and are not counted twice"


class TestCodesTwice:
    def test_a_row_printed_twice_accuses_nobody(self, apply: Apply) -> None:
        rows = (("201", 60), ("20101", 60), ("201", 60), ("20101", 60), ("202", 40))
        told = found(apply, *rows)
        assert told["合计"] == "insufficient" and "fail" not in told.values()

    def test_a_line_split_in_two_adds_up(self, apply: Apply) -> None:
        assert found(apply, ("201", 100), ("20101", 60), ("20101", 40)) == {"合计": "pass", "201": "pass"}


def test_a_reason_names_the_code(apply: Apply) -> None:
    told = apply(CHECK, given((("201", 60), ("201", 60)), 60), form=ACCOUNTS)
    (outcome,) = told
    assert outcome.status == "insufficient" and outcome.reason is not None and "201" in outcome.reason.zh


@pytest.mark.parametrize("slip", [0, 1])
def test_two_thousand_rows(at: Callable[..., Any], slip: int) -> None:
    rows = [(f"{201 + n // 400}{n // 20 % 20 + 1:02d}{n % 20:02d}", 1) for n in range(2000)]
    rows += [(f"{201 + n // 20}{n % 20 + 1:02d}", 20 + slip) for n in range(100)]
    rows += [(f"{201 + n}", 400) for n in range(5)]
    place = at(CHECK, given(rows, 2000), form=ACCOUNTS)
    told = place.items()
    assert len(told) == 1 + 5 + 100
