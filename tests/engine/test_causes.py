"""The likely slip behind a failure: told when figures speak for it, and not otherwise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

import checker
from checker.engine.causes import slip
from checker.model.report import Finding, WorkbookReport

SPENDING: dict[str, Any] = yaml.safe_load("""
schema: checker/form@1
form: 支出表
titles: [支出表]
unit: 万元
fields:
  单位: {kind: text, role: unit, optional: true}
tables:
  支出:
    columns:
      项目: {kind: label}
      基本支出: {kind: amount, decimals: 2}
      项目支出: {kind: amount, decimals: 2}
    rows:
      合计: {total: true}
      工资: {part_of: [合计], optional: true}
      商品: {part_of: [合计], optional: true}
""")


def _detail(name: str) -> dict[str, Any]:
    return {
        "schema": "checker/form@1",
        "form": name,
        "titles": [name],
        "unit": "万元",
        "optional": True,
        "fields": {},
        "tables": {
            "执行": {
                "columns": {
                    "名称": {"kind": "label"},
                    "可用数": {"kind": "amount", "decimals": 2},
                    "决算数": {"kind": "amount", "decimals": 2},
                    "差额": {"kind": "amount", "decimals": 2, "optional": True},
                },
                "rows": {
                    "合计": {"total": True},
                    "工资": {"part_of": ["合计"], "optional": True},
                    "商品": {"part_of": ["合计"], "optional": True},
                },
            }
        },
    }


FORMS = [SPENDING, _detail("基本执行表"), _detail("项目执行表")]


@pytest.fixture
def both(house: Any, rule: Any) -> Any:
    """The spending table by column against the two detailed tables by row, and each total."""
    agree = [
        rule(
            10 * n + k,
            f"{'basic' if n == 1 else 'project'}-{k}",
            {"kind": "same", "facts": [f"{form}!执行[{row}, 决算数]", f"支出[{row}, {column}]"]},
        )
        for n, (column, form) in enumerate([("基本支出", "基本执行表"), ("项目支出", "项目执行表")], 1)
        for k, row in enumerate(["合计", "工资", "商品"], 1)
    ]
    total = rule(1, "sums", {"kind": "sum", "table": "支出", "total": "合计", "columns": ["基本支出", "项目支出"]})
    rest = rule(
        2, "rest", {"kind": "identity", "table": "执行", "rows": "all", "formula": "[@差额] = [@可用数] - [@决算数]"}
    )
    return house(*agree, total, forms=FORMS, about={"基本执行表": [rest]})


def spending(basic: tuple[Any, ...], project: tuple[Any, ...]) -> dict[str, Any]:
    rows = ("合计", "工资", "商品")
    return {"支出": {row: {"基本支出": b, "项目支出": p} for row, b, p in zip(rows, basic, project, strict=True)}}


def detail(*final: Any, rest: Any = None, available: Any = None) -> dict[str, Any]:
    rows = ("合计", "工资", "商品")
    given: dict[str, Any] = {row: {"决算数": value} for row, value in zip(rows, final, strict=True)}
    given["合计"] |= {"差额": rest, "可用数": available}
    return {"执行": given}


def every(report: WorkbookReport) -> list[Finding]:
    return [found for finding in report.findings for found in every_of(finding)]


def every_of(finding: Finding) -> list[Finding]:
    found: list[Finding] = []
    queue = [finding]
    while queue:
        finding = queue.pop()
        found.append(finding)
        queue.extend(finding.consequences)
    return found


class TestMisplacedAmounts:
    def test_an_amount_in_the_wrong_column_is_one_finding(self, both: Any) -> None:
        report = both.report(
            spending(("1004.10", "431.47", "572.63"), ("64.20", "0", "64.20")),
            form="支出表",
            基本执行表=detail("593.03", "424.56", "168.47"),
            项目执行表=detail("475.27", "6.91", "468.36"),
        )
        (finding,) = report.findings
        assert finding.cause is not None
        assert "411.07" in finding.cause.zh and "基本支出" in finding.cause.zh and "很可能" in finding.cause.zh
        assert finding.outcome.difference == Decimal("411.07")
        assert len(every(report)) == 6  # the two totals and their parts, each told once

    def test_parts_rounded_for_themselves_belong_to_it(self, both: Any) -> None:
        report = both.report(
            spending(("1004.10", "431.47", "572.63"), ("64.20", "0", "64.20")),
            form="支出表",
            基本执行表=detail("593.03", "424.56", "168.47"),
            项目执行表=detail("475.27", "6.91", "468.37"),
        )
        (_finding,) = report.findings
        assert len(every(report)) == 6

    def test_differences_that_do_not_cancel_stay_apart(self, both: Any) -> None:
        report = both.report(
            spending(("700.00", None, None), ("500.00", None, None)),
            form="支出表",
            基本执行表=detail("593.03", None, None),
            项目执行表=detail("475.27", None, None),
        )
        assert len(report.findings) == 2
        assert all(f.cause is None or "放错" not in f.cause.zh for f in report.findings)

    def test_one_wrong_cell_is_no_swap(self, both: Any) -> None:
        """A total too large in one table fails twice; the two failures share the cell."""
        report = both.report(
            spending(("603.03", "424.56", "168.47"), ("475.27", "6.91", "468.36")),
            form="支出表",
            基本执行表=detail("593.03", "424.56", "168.47"),
            项目执行表=detail("475.27", "6.91", "468.36"),
        )
        assert all("wrong one" not in (f.cause.en if f.cause else "") for f in every(report))


class TestOneCell:
    def test_computed_from_the_figure_of_another_table(self, both: Any) -> None:
        """−1.40 was worked out from 591.63 in the row above, not from what stands in its own row."""
        report = both.report(
            spending(("1004.10", "1004.10", None), ("593.03", "593.03", None)),
            form="支出表",
            基本执行表=detail("1004.10", "1004.10", None, rest="-1.40", available="591.63"),
            项目执行表=detail("593.03", "593.03", None),
        )
        finding = next(f for f in every(report) if f.rule.name == "rest")
        assert finding.cause is not None and "593.03" in finding.cause.zh and "很可能" in finding.cause.zh

    def test_a_difference_that_is_another_figure(self, both: Any) -> None:
        report = both.report(
            spending(("600.37", "345.00", "255.37"), ("123.25", None, "123.25")),
            form="支出表",
            基本执行表=detail("723.62", "345.00", "378.62"),
        )
        finding = next(f for f in every(report) if f.rule.name == "basic-1")
        assert finding.cause is not None and "123.25" in finding.cause.zh and "可能" in finding.cause.zh

    def test_small_round_differences_say_nothing(self, both: Any) -> None:
        report = both.report(
            spending(("600.00", "400.00", "195.00"), ("5.00", None, "5.00")),
            form="支出表",
        )
        finding = next(f for f in every(report) if f.rule.name == "sums")
        assert finding.cause is None


CLEAN = Path(__file__).parents[2] / "workbooks" / "cn-project" / "clean" / "一表多项目.xlsx"


def with_cells(target: Path, **cells: float) -> WorkbookReport:
    """The report of the clean workbook with other numbers in it."""
    book = openpyxl.load_workbook(CLEAN)
    for cell, number in cells.items():
        book.active[cell] = number
    book.save(target)
    (report,) = checker.check(target).workbooks
    return report


class TestOneCellBehindSeveralFailures:
    def test_a_wrong_total_takes_its_rate_and_its_marks_under_it(self, tmp_path: Path) -> None:
        (finding,) = with_cells(tmp_path / "t.xlsx", G7=80).findings
        assert finding.rule.name == "fund-total-equals-sources" and finding.outcome.cell == "G7"
        assert {child.outcome.cell for child in finding.consequences} == {"G8", "I7", "K7"}
        assert finding.cause is not None
        assert finding.cause.zh == "G7填80，如改为93.57，4项不符就都对得上。很可能是这个单元格填错了。"

    def test_the_slip_of_the_hand_is_told(self, tmp_path: Path) -> None:
        (finding,) = with_cells(tmp_path / "t.xlsx", G7=93.75).findings
        assert finding.cause is not None and "93.57相邻两位颠倒就是93.75" in finding.cause.zh

    def test_a_wrong_part_takes_all_its_sums_under_it(self, house: Any, rule: Any) -> None:
        """Out by one amount, and nothing but the part is in both."""
        sums = rule(1, "sums", {"kind": "sum", "table": "执行", "total": "合计", "columns": ["决算数"]})
        rest = {"kind": "identity", "table": "执行", "rows": "all", "formula": "[@差额] = [@可用数] - [@决算数]"}
        house = house(sums, rule(2, "rest", rest), forms=[_detail("执行表")])
        rows = {
            "合计": {"可用数": "600.00", "决算数": "593.03", "差额": "6.97"},
            "工资": {"可用数": "430.00", "决算数": "500.01", "差额": "5.44"},
            "商品": {"可用数": "170.00", "决算数": "168.47", "差额": "1.53"},
        }
        (finding,) = house.report({"执行": rows}, form="执行表").findings
        assert len(every_of(finding)) == 2
        assert finding.cause is not None and "填500.01，如改为424.56，2项不符" in finding.cause.zh

    def test_two_mistakes_stay_two(self, tmp_path: Path) -> None:
        """With the total right, the marks would still be wrong: they do not follow from it."""
        found = with_cells(tmp_path / "t.xlsx", G7=80, K7=6).findings
        assert {finding.outcome.cell for finding in found} == {"G7", "K7"}

    def test_a_wrong_rate_alone_accuses_no_amount(self, tmp_path: Path) -> None:
        found = every(with_cells(tmp_path / "t.xlsx", I7=0.8))
        assert {finding.outcome.cell for finding in found} == {"I7"}
        assert all(finding.cause is None or "G7" not in finding.cause.zh for finding in found)


@pytest.mark.parametrize(
    ("typed", "meant", "words"),
    [
        ("95.69", "96.59", "颠倒"),
        ("12.34", "12.43", "颠倒"),
        ("12345.6", "123.456", "小数点"),
        ("123456.78", "12.345678", "万元"),
        ("1069.53", "10695300", "元"),
        ("-5.20", "5.20", "负号"),
        ("1004.1", "1004.11", None),
        ("33440", "3344", "小数点"),
        ("33540", "3340", "一位数字"),
        ("10.00", "100.00", None),
        ("47.6", "46.7", "颠倒"),
        ("476", "764", None),
        ("0", "12.3", None),
    ],
)
def test_slips_of_the_hand(typed: str, meant: str, words: str | None) -> None:
    found = slip(Decimal(typed), Decimal(meant))
    assert (found is None) == (words is None)
    if found is not None and words is not None:
        assert words in found.zh
