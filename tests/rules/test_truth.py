"""The published workbooks, held against what is known of them, check by check.

``../shared/domain/real`` holds published forms as table rows with the checks that hold, fail or are ambiguous. Every
such check either is decided by the table rows, and then this program must say the same of the same cell, or is not,
and then the reason stands here. ``python tests/rules/test_truth.py`` prints the comparison as a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.session import Session

REAL = Path(__file__).parents[2].parent / "shared" / "domain" / "real"

#: document → check → the catalogue id and cell that decide it.
DECIDED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "ah-guichi-tangxi-2022-cunji": {
        "资金总额=各来源(年初)": ("WT-28", "E7"),
        "资金总额=各来源(全年预算)": ("WT-28", "F7"),
        "资金总额=各来源(执行)": ("WT-28", "G7"),
        "执行率(财政拨款行)": ("RT-01", "I7"),
        "执行得分": ("SC-05", "J7"),
    },
    "ah-guichi-tangxi-2022-weituo": {
        "资金总额=各来源(年初)": ("WT-28", "E6"),
        "资金总额=各来源(全年预算)": ("WT-28", "F6"),
        "资金总额=各来源(执行)": ("WT-28", "G6"),
        "执行率=执行/全年预算(财政拨款行)": ("RT-01", "I6"),
        "执行得分=分值×真实执行率": ("SC-05", "J6"),
        "成本指标实际值=执行数": ("SC-06", "G15"),
    },
    "ah-xuancheng-gaj-jindu-2021": {
        "执行率": ("RT-01", "I7"),
        "执行得分": ("SC-05", "J7"),
        "总额=来源": ("WT-28", "F7"),
        "执行=来源": ("WT-28", "G7"),
    },
    "fj-dehua-shui-2024": {"合计=四行": ("WT-42", "C10")},
    "hb-guangshui-jtj-2021": {"执行率": ("RT-01", "J6"), "合计=来源": ("WT-28", "H6")},
    "hn-nanyue-zhongliesi-2020": {"合计=来源": ("WT-28", "E6")},
    "jx-shangrao-sfj-2021": {
        "执行率": ("RT-01", "I6"),
        "总额=来源": ("WT-28", "F6"),
        "执行=来源": ("WT-28", "G6"),
        "得分=分值×执行率": ("SC-29", "H6"),
        "单元格带单位": ("FMT-09", "E6"),
    },
    "sc-daying-sifa-2023-anke": {
        "执行率": ("RT-01", "H6"),
        "执行得分": ("SC-05", "J6"),
        "总额=来源(预算)": ("WT-28", "F6"),
        "总额=来源(执行)": ("WT-28", "G6"),
        "权重合计": ("SC-01", "I12"),
        "指标结构": ("CM-07", "B12"),
        "完成值为量化值": ("SC-27", "H12"),
        "0预算行执行率写0.00%": ("RT-17", "H8"),
    },
    "sc-luhuo-wjj-2021": {
        "执行率": ("RT-01", "G6"),
        "总额=来源": ("WT-28", "E6"),
        "执行=来源": ("WT-28", "F6"),
    },
    "sc-mingshan-lyj-2024": {
        "到位率": ("RT-13", "I7"),
        "执行率": ("RT-01", "K7"),
        "总额=来源": ("WT-28", "E7"),
        "执行=来源": ("WT-28", "J7"),
    },
    "sc-suining-jingkai-2021": {"指标填报": ("CM-01", "D14"), "成本单位写法": ("SC-27", "E16")},
    "xx-shijian-chouyang-20xx": {
        "执行率": ("RT-01", "I6"),
        "执行得分": ("SC-05", "J6"),
        "总额=来源": ("WT-28", "F6"),
    },
    "yn-linxiang-lcj-2023": {
        "执行率": ("RT-01", "I7"),
        "执行得分=10×执行率": ("SC-05", "J7"),
        "总额=来源": ("WT-28", "F7"),
        "执行=来源": ("WT-28", "G7"),
        "来源行不打分": ("SC-05", "J8"),
    },
    "hb-hbust-zizhu-2021": {},
}

_TEXT = "the figures stand in the narrative, not in the table rows"
_ABSENT = "the rows it is about are not among the published table rows"
_LEVEL = "the sheet prints no full marks for the level, so there is no equation to check"

#: document → check → why the table rows do not decide it.
UNDECIDED: Mapping[str, Mapping[str, str]] = {
    "ah-guichi-tangxi-2022-cunji": {
        "目标分项之和(元)": _TEXT,
        "完成分项之和(元)": _TEXT,
        "元万元换算:申请数": _TEXT,
        "元万元换算:执行数": _TEXT,
        "产出指标分值之和": _LEVEL,
    },
    "ah-guichi-tangxi-2022-weituo": {
        "目标分项之和": _TEXT,
        "完成分项之和": _TEXT,
        "完成情况金额=执行数(四舍五入)": _TEXT,
        "产出指标分值之和": _LEVEL,
        "效益指标分值之和": _LEVEL,
    },
    "ah-xuancheng-gaj-jindu-2021": {"残留省略号行": _ABSENT},
    "hb-guangshui-jtj-2021": {
        "大类权重": _ABSENT,
        "管理分项": _ABSENT,
        "资金执行不计分": "no equation: a layout without marks",
    },
    "hb-hbust-zizhu-2021": {"剩余=预算-支出": _TEXT, "执行率": _TEXT, "总分反推": _TEXT},
    "hn-nanyue-zhongliesi-2020": {
        "标题金额=表内金额": _TEXT,
        "时效指标": _ABSENT,
        "表名与内容": "what the form is about is not said in the table rows (the project's name is blank)",
        "完成值带等号": _ABSENT,
    },
    "sc-luhuo-wjj-2021": {"实际完成为结果描述": _ABSENT},
    "sc-suining-jingkai-2021": {"执行率": _ABSENT, "单元格带单位": _ABSENT},
    "yn-linxiang-lcj-2023": {
        "可见分值+执行分": (
            "holds as an excerpt without its last row; of the sheet as it stands, a note says that 100 is not reached"
        ),
    },
}


class Row(NamedTuple):
    document: str
    check: str
    truth: str
    verdict: str
    where: str
    agrees: bool


def documents() -> list[str]:
    return sorted(path.stem for path in (REAL / "xlsx").glob("*.xlsx"))


def compare(session: Session, document: str) -> Iterator[Row]:
    """Every check that is known of one document, and what this program says of it."""
    known = json.loads((REAL / f"{document}.json").read_text("utf-8"))["truth"]
    assessed = session.assess(REAL / "xlsx" / f"{document}.xlsx", every_outcome=True)
    assert assessed.plan is not None, assessed.report.error
    rules = assessed.plan.rules
    found = [
        (finding.rule.catalogue, outcome) for finding in _all(assessed.report.findings) for outcome in _places(finding)
    ]
    for item in known:
        check, truth = item["check"], item["holds"]
        if check not in DECIDED[document]:
            reason = UNDECIDED.get(document, {}).get(check)
            yield Row(document, check, truth, reason or "nothing is said about this check", "", reason is not None)
            continue
        catalogue, cell = DECIDED[document][check]
        mine = [outcome for ids, outcome in found if catalogue in ids and outcome.cell == cell]
        statuses = {
            o.status for o in assessed.report.outcomes if catalogue in rules[o.rule].catalogue and o.cell == cell
        }
        if truth == "fails":
            agrees = bool(mine)
        elif truth == "holds":
            agrees = not mine and bool(statuses & {Status.PASS, Status.TAIL})
        else:
            agrees = all(outcome.severity != "error" for outcome in mine)
        said = ", ".join(sorted({f"finding ({outcome.severity})" for outcome in mine})) or ", ".join(sorted(statuses))
        yield Row(document, check, truth, said or "no outcome", f"{catalogue} {cell}", agrees)


def _all(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from _all(finding.consequences)


def _places(finding: Finding) -> Iterator[Outcome]:
    yield finding.outcome
    yield from finding.places


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


@pytest.mark.skipif(not REAL.exists(), reason="the published workbooks are not here")
@pytest.mark.parametrize("document", documents())
def test_every_known_check_gets_its_verdict(session: Session, document: str) -> None:
    assert [row for row in compare(session, document) if not row.agrees] == []


@pytest.mark.skipif(not REAL.exists(), reason="the published workbooks are not here")
def test_every_document_is_compared() -> None:
    assert sorted(DECIDED) == documents()


if __name__ == "__main__":
    shared = Session()
    print("| document | check | known | said here | by |\n|---|---|---|---|---|")
    for name in documents():
        for row in compare(shared, name):
            mark = "" if row.agrees else " **≠**"
            print(f"| {row.document} | {row.check} | {row.truth} | {row.verdict}{mark} | {row.where} |")
