"""``accompanied``: a form that a submission lacks is said to be lacking; nothing is passed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from checker.model.outcome import Outcome, Status

Only = Callable[..., Outcome]
CHECK: dict[str, Any] = {"kind": "accompanied", "forms": ["评分表"]}


class TestAccompanied:
    GIVEN: ClassVar[dict[str, Any]] = {"资金": {"合计": {"预算数": 1, "执行数": 1}}}
    SCORES: ClassVar[dict[str, Any]] = {
        "schema": "checker/form@1",
        "form": "评分表",
        "titles": ["绩效评分表"],
        "unit": "万元",
        "tables": {
            "指标": {
                "columns": {
                    "指标名称": {"kind": "text", "key": True},
                    "分值": {"kind": "weight"},
                    "自评得分": {"kind": "score"},
                },
                "rows": "open",
            }
        },
    }

    def test_without_the_form_nothing_can_be_said(self, only: Only) -> None:
        told = only(CHECK, self.GIVEN)
        assert told.status == Status.INSUFFICIENT
        assert told.reason is not None and "评分表" in told.reason.en

    def test_the_form_is_there(self, only: Only) -> None:
        scores = {"指标": [{"指标名称": "公用经费控制率", "分值": 8, "自评得分": 8}]}
        assert only(CHECK, self.GIVEN, others=[(self.SCORES, scores)]).status == Status.PASS
