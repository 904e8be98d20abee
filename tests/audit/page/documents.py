"""Workbooks of a report made by hand, small enough that everything in them can be counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from checker.audit.page.around import Around, Rate

#: What a cell may hold: it must be seen as it was typed, and do nothing.
HOSTILE = "</script><script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">=1+1&amp;<!--"

#: Why a rule gave no answer.
MISSING = ("没有提供上年工作簿", "last year's workbook was not given")


def text(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def finding(number: int, rule: str = "XA-0001", **given: Any) -> dict[str, Any]:
    document = {
        "id": f"{number:012x}",
        "rule": rule,
        "name": rule.lower(),
        "pack": "xa",
        "catalogue": ["WT-01"],
        "title": text(f"{rule}合计等于分项之和", f"{rule} the total is the sum"),
        "message": text(
            f"E7 合计填{number + 100}.00，应为100.00，相差{number}.00", f"E7 is {number + 100}.00, not 100.00"
        ),
        "severity": "error",
        "status": "fail",
        "sheet": "资金表",
        "cell": "E7",
        "form": "资金表",
        "label": "资金 / 合计",
        "actual": f"{number + 100}.00",
        "operator": "=",
        "expected": "100.00",
        "unit": "万元",
        "difference": f"{number}.00",
        "at_least": f"{number - 1}.99",
        "tolerance": "0.01",
        "formula": "[@合计] = [@甲] + [@乙]",
        "values": f"{number + 100}.00 = 60.00 + 40.00",
        "operands": [
            {
                "sheet": "资金表",
                "cell": "E7",
                "label": "合计",
                "text": f"{number + 100}",
                "value": f"{number + 100}.00",
                "unit": "万元",
            },
            {"sheet": "资金表", "cell": "E8", "label": "甲", "text": " 60 ", "value": "60.00", "unit": "万元"},
            {"sheet": "资金表", "cell": "E9", "label": "乙", "text": "４０", "value": "40.00", "unit": "万元"},
        ],
        "cause": text("很可能多写了一位", "most likely a digit too many"),
        "reason": None,
        "source": {"document": "财预〔2020〕10号", "article": "第七条", "status": "unverified"},
        "remedy": text("按分项重新合计。", "Add up again."),
        "explanation": None,
        "places": [],
        "consequences": [],
    }
    return document | given


def workbook(path: str, unit: str, findings: Sequence[dict[str, Any]] = (), **given: Any) -> dict[str, Any]:
    document = {
        "path": path,
        "sha256": "ab" * 32,
        "pack": "xa",
        "further_packs": [],
        "unit": unit,
        "year": "2024",
        "status": "checked",
        "error": None,
        "forms": [{"form": "资金表", "pack": "xa", "sheet": "资金表", "range": "A1:K9"}],
        "counts": {"pass": 5, "fail": len(findings)},
        "remarks": [],
        "findings": list(findings),
        "problems": [],
        "scores": [],
    }
    return document | given


def score(claimed: str, low: str, high: str) -> dict[str, Any]:
    total = {"full": "100", "claimed": claimed, "low": low, "high": high}
    return {
        "scheme": "s",
        "title": text("整体评分", "whole"),
        "form": "评分表",
        "sheet": "评分表",
        "headline": None,
        "total": total,
        "grade": None,
    }


def run() -> tuple[list[dict[str, Any]], Around]:
    """Four units in five workbooks: a cause with two consequences, a waiver, a warning, hostile text, a file unread."""
    below = finding(3, "XA-0003", cell="F3", consequences=[finding(4, "XA-0004", cell="F4")])
    said = {
        "kind": "waiver",
        "accepted": True,
        "refused": None,
        "by": "张三",
        "text": "口径不同，已报批",
        "document": "财函〔2024〕1号",
        "until": "2025-12-31",
    }
    hostile = finding(
        9,
        "XA-0002",
        severity="warning",
        cell="B2",
        label=HOSTILE,
        message=text(f"填“{HOSTILE}”", f"is “{HOSTILE}”"),
        actual=HOSTILE,
        expected="有",
        unit="",
        difference=None,
        at_least=None,
        tolerance=None,
        formula="",
        values="",
        operands=[{"sheet": HOSTILE, "cell": "B2", "label": HOSTILE, "text": HOSTILE, "value": None, "unit": ""}],
    )
    error = {
        "code": "FILE_BROKEN",
        "message": text("文件损坏。", "Broken."),
        "hint": text("请重存。", "Save it."),
        "where": "",
    }
    documents = [
        workbook("甲/资金.xlsx", "甲局", [finding(2, consequences=[below]), finding(5, "XA-0002", severity="note")]),
        workbook(
            "甲/评分.xlsx",
            "甲 局",
            [finding(6, status="waived", explanation=said)],
            year="2023",
            scores=[score("98", "90", "92")],
        ),
        workbook("乙/资金.xlsx", "乙局", [finding(700, unit="元"), hostile], scores=[score("95", "95", "95")]),
        workbook("丙/资金.xlsx", "丙局"),
        workbook("丁/坏.xlsx", "", status="unread", pack="", year="", error=error, sha256=""),
    ]
    rule = {
        "pack": "xa",
        "name": "name",
        "severity": "error",
        "source": {"document": "表样", "article": ""},
        "remedy": None,
    }
    rules = {
        f"XA-000{n}": {**rule, "title": text(f"XA-000{n}合计等于分项之和"), "catalogue": []} for n in (1, 2, 3, 4, 5)
    }
    profile = "XA-0001p XA-0002p XA-0003p XA-0004p XA-0005i"
    around = Around(
        {
            "run": "20250301T080000-0001",
            "started": "2025-03-01T08:00:00",
            "finished": "2025-03-01T08:03:00",
            "engine": "0.1.0",
            "rules": "feed",
            "status": "complete",
            "reused": 3,
            "ledger": "beef",
            "before": "20250201T080000-0001",
        },
        [{"id": "xa", "edition": "2024", "status": "unverified", "remarks": [["依据未核对", "not compared"]]}],
        {"万元": ("money", "10000"), "元": ("money", "1")},
        rules,
        {0: profile, 1: profile, 2: profile, 3: profile},
        True,
        {(0, f"{2:012x}"): "new", (2, f"{700:012x}"): "still"},
        [
            {
                "change": "solved",
                "id": "f" * 12,
                "rule": "XA-0001",
                "severity": "error",
                "unit": "丙局",
                "year": "2024",
                "source": "丙/资金.xlsx",
                "sheet": "资金表",
                "cell": "E7",
                "label": "资金 / 合计",
            }
        ],
        [Rate("资金表", "执行率", {0: "100.000000", 1: "97.300000", 2: "101.000000", 3: "100.000000"})],
        reasons={n: json.dumps({"XA-0005": [MISSING]}) for n in (0, 3)},
    )
    return documents, around
