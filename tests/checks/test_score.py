"""``score``: marks recomputed; cut to a whole number they are an error that says what it costs, rounded a note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.model.outcome import Outcome

Only = Callable[..., Outcome]

CHECK = {
    "kind": "score",
    "table": "资金",
    "rows": ["合计"],
    "formula": "[@得分] = [@分值] * MIN(1, [@执行数] / [@预算数])",
}


def total(score: Any, spent: Any = "89.97", budget: Any = 90, weight: Any = 10) -> dict[str, Any]:
    return {"资金": {"合计": {"预算数": budget, "执行数": spent, "分值": weight, "得分": score}}}


@pytest.mark.parametrize(
    ("given", "status", "severity"),
    [
        (total("10.00"), "pass", "error"),
        (total(10), "pass", "error"),
        (total("9.90"), "fail", "error"),
        (total("9.78", spent="88.00"), "pass", "error"),
        (total("9.8", spent="88.00"), "fail", "note"),
        (total(10, spent="88.00"), "fail", "note"),
        (total({"number": "10", "format": "0.00"}, spent="88.00"), "fail", "note"),
        (total(9, spent="88.00"), "fail", "error"),
        (total("9.77", spent="88.00"), "fail", "error"),
        (total("9.5", spent="88.00"), "fail", "error"),
        (total(10, spent=120), "pass", "error"),
        (total(12, spent=120), "fail", "error"),
        (total(0, spent=0), "pass", "error"),
        (total(None), "not_applicable", "error"),
        (total("—"), "not_applicable", "error"),
        (total(10, weight=None), "insufficient", "error"),
        (total(10, budget=0), "undecided", "error"),
        (total(10, spent=None), "insufficient", "error"),
        (total(10, spent="近90"), "insufficient", "error"),
        (total({"error": "#VALUE!"}), "insufficient", "error"),
        (total("满分"), "insufficient", "error"),
    ],
)
def test_verdicts(only: Only, given: dict[str, Any], status: str, severity: str) -> None:
    told = only(CHECK, given)
    assert (told.status, told.severity) == (status, severity)


@pytest.mark.parametrize(
    ("score", "spent", "cause"),
    [
        (9, "89.70", "the score was cut to a whole number, to the unit's loss of 0.97"),
        ({"number": "9", "format": "0.00"}, "89.70", "the score was cut to a whole number, to the unit's loss of 0.97"),
        (9, "88.00", "the score was cut to a whole number, to the unit's loss of 0.78"),
        ("9.7", "88.00", "the score was cut off instead of rounded, to the unit's loss of 0.08"),
        ("9.8", "88.00", "the score was rounded to 1 decimals"),
        (10, "88.00", "the score was rounded to 0 decimals"),
        (0, "4.00", "the score was rounded to 0 decimals"),
        (0, "5.00", "the score was cut to a whole number, to the unit's loss of 0.56"),
    ],
)
def test_causes(only: Only, score: Any, spent: str, cause: str) -> None:
    told = only(CHECK, total(score, spent=spent))
    assert told.status == "fail" and told.cause is not None and told.cause.en == cause
    assert "{" not in told.cause.zh


@pytest.mark.parametrize("score", ["9.5", 11, 8])
def test_what_is_neither_rounded_nor_cut_off_has_no_such_cause(only: Only, score: Any) -> None:
    told = only(CHECK, total(score, spent="88.00"))
    assert (told.status, told.severity, told.cause) == ("fail", "error", None)


def test_both_sides_are_shown_as_marks(only: Only) -> None:
    told = only(CHECK, total(9, spent="88.00"), message="填{left}，应为{right}，相差{difference}")
    assert told.message is not None and told.message.zh == "填9.00，应为9.78，相差0.78"


def test_absurd_figures_break_nothing(only: Only) -> None:
    assert only(CHECK, total(10, weight="1" + "0" * 300)).status == "fail"
