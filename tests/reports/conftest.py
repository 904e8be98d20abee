"""Reports made by hand, with everything in them that a report can hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checker.errors import PackError, ReadError
from checker.messages import Text
from checker.model.fact import Problem
from checker.model.outcome import Operand, Outcome, Side
from checker.model.report import Finding, FormFound, PackUsed, Report, Submission, Verdict, WorkbookReport
from checker.model.rule import Rule, Source
from checker.model.score import IndicatorScore, LevelScore, SchemeScore, TotalScore

FORM = "项目支出绩效自评表"
SHEET = "自评表"


def rule(number: str, name: str, zh: str, en: str, **changes: object) -> Rule:
    made = Rule(
        id=f"CNP-{number}",
        name=name,
        pack="cn-project",
        form=FORM,
        title=Text(zh, en),
        severity="error",
        source=Source("财预〔2020〕10号附件《项目支出绩效自评表》", "", "sourced"),
        check={"kind": "sum"},
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def outcome(rule: Rule, cell: str, *path: str, status: str = "fail", **changes: object) -> Outcome:
    made = Outcome(rule=rule.id, status=status, severity=rule.severity, sheet=SHEET, cell=cell, path=path, form=FORM)
    return made._replace(**changes)  # type: ignore[arg-type]


SUM = rule(
    "0101",
    "fund-total-equals-sources",
    "年度资金总额等于各资金来源之和",
    "Total funds equal the sum of their sources",
    catalogue=("WT-28", "PL-13"),
)
RATE = rule(
    "0201",
    "execution-rate",
    "执行率等于全年执行数除以全年预算数",
    "Execution rate is spending over budget",
    catalogue=("RT-01",),
    source=Source("省级系统通用算法", "第三条", "inferred"),
)
SCORE = rule(
    "0301",
    "execution-score",
    "执行率得分等于分值乘以执行率",
    "Execution score is full marks × execution rate",
    severity="warning",
    source=Source("财预〔2020〕10号", "", "unverified"),
)
REASON = rule("0401", "reason-for-deduction", "扣分须说明原因", "A deduction needs a reason", severity="note")


def awaiting() -> tuple[Outcome, ...]:
    """What cannot be told without workbooks that were not given."""
    beside = Text("本次没有《收入支出决算总表》所在的工作簿", "No workbook with the form 收入支出决算总表 was given")
    last = Text("没有提供上年工作簿", "Last year's workbook was not given")
    return (
        outcome(SUM, "G8", "资金", status="insufficient", reason=beside, awaits="收入支出决算总表"),
        outcome(RATE, "I8", "资金", status="insufficient", reason=beside, awaits="收入支出决算总表"),
        outcome(SCORE, "", "资金", status="insufficient", reason=last, awaits=f"prior!{FORM}"),
    )


def zero_total() -> Finding:
    """A total left at zero over filled sources, with a rate that follows from it."""
    total = outcome(
        SUM,
        "G8",
        "资金",
        "年度资金总额",
        "全年执行数",
        left=Side("年度资金总额", "0.00", Decimal("0.00"), unit="万元", decimals=2),
        right=Side(
            "当年财政拨款 + 上年结转资金",
            "1180.00 + 54.5",
            Decimal("1234.5"),
            Decimal("1234.49"),
            Decimal("1234.51"),
            "万元",
            2,
        ),
        difference=Decimal("-1234.5"),
        at_least=Decimal("-1234.49"),
        tolerance=Decimal("0.01"),
        operands=(
            Operand(SHEET, "G8", "资金 / 年度资金总额 / 全年执行数", "0", Decimal(0), "万元"),
            Operand(SHEET, "G9", "资金 / 当年财政拨款 / 全年执行数", "1,180.00万", Decimal("1180.00"), "万元"),
            Operand("附表", "C3", "资金 / 上年结转资金 / 全年执行数", "54.5", Decimal("54.5"), "万元"),
            Operand(SHEET, "G11", "资金 / 其他资金 / 全年执行数", "", None, "万元"),
        ),
    )
    rate = outcome(
        RATE,
        "I8",
        "资金",
        "年度资金总额",
        "执行率",
        left=Side("[@执行率]", "0.00%", Decimal(0), unit="%", decimals=2),
        right=Side(
            "[@全年执行数] / [@全年预算数]",
            "1234.50 / 1300.00",
            Decimal("1234.5") / Decimal(1300),
            unit="%",
            decimals=2,
        ),
        difference=-Decimal("1234.5") / Decimal(1300),
    )
    score = outcome(SCORE, "K8", "资金", "年度资金总额", "得分", status="undecided")
    return Finding(
        id="3f9a1c0d",
        rule=SUM,
        outcome=total,
        title=SUM.title,
        message=Text("G8 年度资金总额填 0.00，各资金来源合计 1,234.50", "G8 total is 0.00, its sources are 1,234.50"),
        cause=Text("总额行漏填，来源行已填。", "The total was left out; its sources are filled in."),
        remedy=Text("核对各来源的金额，更正总额。", "Check each source; correct the total."),
        places=tuple(total._replace(cell=cell) for cell in ("E8", "F8")),
        consequences=(
            Finding(
                "77aa0102",
                RATE,
                rate,
                RATE.title,
                RATE.title,
                consequences=(Finding("77aa0103", SCORE, score, SCORE.title, SCORE.title),),
            ),
        ),
    )


def others() -> tuple[Finding, ...]:
    hostile = "\x1b[2J\x1b]0;title\x07进度\u202e滞后\r\n第二行"
    threshold = outcome(
        SCORE,
        "K14",
        "指标",
        "合格率",
        "得分",
        status="undecided",
        left=Side("合格率", "46.15%", Decimal("0.4615"), Decimal("0.42"), Decimal("0.51"), "%", 2),
        operator=">=",
        right=Side("50%", "50%", Decimal("0.5"), unit="%"),
        reason=Text("数值的精度不足以判断是否达到界限", "too coarse to tell on which side of the threshold it is"),
    )
    missing = outcome(
        RATE,
        "I9",
        "资金",
        "当年财政拨款",
        "执行率",
        status="insufficient",
        reason=Text("预算数空白", "the budget is blank"),
    )
    return (
        Finding(
            "90ab12cd",
            SCORE,
            outcome(
                SCORE,
                "J13",
                "指标",
                hostile,
                "得分",
                left=Side("得分", "12", Decimal(12), unit="分", decimals=0),
                operator="<=",
                right=Side("分值", "10", Decimal(10), unit="分", decimals=0),
                difference=Decimal(2),
                at_least=Decimal(2),
            ),
            SCORE.title,
            Text(f"得分超过分值：{hostile}", f"Score above full marks: {hostile}"),
        ),
        Finding(
            "90ab12ce",
            REASON,
            outcome(REASON, "K15", "指标", "满意度", "偏差原因分析及改进措施"),
            REASON.title,
            Text("满意度扣分而未写原因", "Marks were deducted without a reason"),
        ),
        Finding("1", SCORE, threshold, SCORE.title, SCORE.title),
        Finding(
            "2",
            RATE,
            missing,
            RATE.title,
            RATE.title,
            places=tuple(missing._replace(cell=f"I{row}") for row in range(10, 24)),
        ),
        Finding(
            "3",
            SUM,
            outcome(SUM, "", "资金", status="broken", reason=Text("规则本身出错", "the rule itself failed")),
            SUM.title,
            SUM.title,
        ),
    )


def scored() -> SchemeScore:
    """One indicator that claims 10 where 9.90 is right."""
    indicator = IndicatorScore(
        name="合格率",
        path=("产出指标", "合格率"),
        kind="indicator",
        standing="computed",
        full=Decimal(10),
        full_own=True,
        claimed=Decimal("10.00"),
        low=Decimal("9.90"),
        high=Decimal("9.90"),
        central=Decimal("9.90"),
        options=((Decimal("9.90"), Decimal("9.90")),),
        agrees=False,
        sheet=SHEET,
        cell="K14",
        cells=(Operand(SHEET, "F14", "指标 / 合格率 / 实际完成值", "99%", Decimal("0.99"), "%"),),
    )
    level = LevelScore("产出指标", Decimal(10), Decimal("10.00"), Decimal("9.90"), Decimal("9.90"), None, (indicator,))
    total = TotalScore(Decimal(100), Decimal("98.50"), Decimal("98.50"), Decimal("98.40"), Decimal("98.40"))
    source = Source("公开式样", "", "unverified")
    return SchemeScore("计分", Text("计分标准", "Standard"), source, "自评表", SHEET, "甲局", (level,), total)


@pytest.fixture
def full() -> Report:
    """A report with a finding of every kind, a workbook that could not be read and a pack that failed."""
    findings = (zero_total(), *others())
    checked = WorkbookReport(
        path="上报/科协.xlsx",
        status="partly",
        sha256="ab" * 32,
        pack="cn-project",
        unit="示例市科学技术协会",
        year="2023",
        forms=(FormFound(FORM, "cn-project", SHEET, "A1:K29"),),
        counts={"pass": 27, "tail": 2, "fail": 7, "undecided": 2, "insufficient": 15, "broken": 1},
        findings=findings,
        problems=(
            Problem(
                "TABLE_MISSING",
                Text("没有找到表“指标”；最接近的是 B12“绩效目标”", "Table 指标 was not found; nearest: B12"),
                SHEET,
                "B12",
                ("CM-06",),
                {"score": Decimal("0.5"), "seen": ("绩效目标",)},
            ),
        ),
        outcomes=(
            findings[0].outcome,
            outcome(REASON, "K14", "指标", "合格率", status="pass", left=Side("得分", "9.90", Decimal("9.90"))),
            *awaiting(),
        ),
        scores=(scored(),),
    )
    unread = WorkbookReport(
        path="上报/网页.xls",
        status="unread",
        error=ReadError(
            "HTML_IN_DISGUISE",
            Text("这是网页，不是工作簿。", "This is a web page, not a workbook."),
            Text("请用 Excel 打开后另存为 .xlsx。", "Open it in Excel and save it as .xlsx."),
            "上报/网页.xls",
        ),
    )
    return Report(
        packs=(
            PackUsed(
                "cn-project",
                "2020",
                "cd" * 32,
                "unverified",
                (Text("权重按公开转载整理，可由参数文件改写。", "Weights follow published copies."),),
            ),
        ),
        workbooks=(checked, unread),
        submissions=(
            Submission("示例市科学技术协会", "2023", ("上报/科协.xlsx", "公开/决算.xlsx"), ("2022/科协.xlsx",)),
            Submission("别的单位", "2023", ("上报/别的.xlsx",)),
        ),
        verdict=Verdict(errors=1, warnings=1, notes=1, undecided=1, insufficient=15, broken=1, exit=3),
        failures=(
            PackError("YAML_SYNTAX", Text("缩进有误。", "Bad indentation."), None, "我的规则/checks/a.yaml:3:1"),
        ),
    )


@pytest.fixture
def clean() -> Report:
    """A report with nothing to say."""
    return Report(
        packs=(PackUsed("cn-project", "2020", "cd" * 32, "sourced"),),
        workbooks=(WorkbookReport("a.xlsx", "checked", counts={"pass": 12, "not_applicable": 3}),),
        verdict=Verdict(0, 0, 0, 0, 0, 0, 0),
    )
