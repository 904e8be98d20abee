"""What the program says of published self-evaluation tables, against what is known to be true of them.

``../shared/domain/real`` holds facts and table rows of other units with the checks that hold and fail, and for those
with table rows a workbook. A truth row is decided by the rules of its family on the cell that its expression arrives
at; what the table rows cannot decide is listed with the reason. Run as a program this prints the whole comparison in
Markdown.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from checker.engine.assess import Assessed, assess
from checker.locate.located import LocatedForm, LocatedTable
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.workbook import Cell, Range, Sheet, SheetContent, Workbook
from checker.session import Session

REAL = Path(__file__).parents[2].parent / "shared" / "domain" / "real"
DOCUMENTS = sorted(path.stem for path in (REAL / "xlsx").glob("*.xlsx"))

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="no published documents at hand")

#: The ids of the catalogue that decide the truth rows of a family.
FAMILIES = {
    "parts_sum_to_total": {"WT-28", "WT-42", "SC-24"},
    "execution_or_completion_rate": {"RT-01", "RT-13", "RT-14"},
    "score_formula": {"SC-05"},
}


class Decider(NamedTuple):
    """Ids of the catalogue and the place (row and column by label) that decide a truth row of no arithmetic family."""

    catalogue: frozenset[str]
    place: str


def by(place: str, *catalogue: str) -> Decider:
    return Decider(frozenset(catalogue), place)


DECIDERS: Mapping[tuple[str, str], Decider] = {
    ("hb-guangshui-jtj-2021", "资金执行不计分"): by("本级", "SC-05", "SC-13", "SC-28"),
    ("jx-shangrao-sfj-2021", "得分=分值×执行率"): by("年度资金总额|分值", "SC-29"),
    ("jx-shangrao-sfj-2021", "单元格带单位"): by("年度资金总额|全年预算数", "FMT-09"),
    ("sc-daying-sifa-2023-anke", "权重合计"): by("成本控制数|权重", "SC-01"),
    ("sc-daying-sifa-2023-anke", "指标结构"): by("成本控制数|一级", "CM-07"),
    ("sc-daying-sifa-2023-anke", "完成值为量化值"): by("成本控制数|完成值", "SC-27"),
    ("sc-daying-sifa-2023-anke", "0预算行执行率写0.00%"): by("单位资金|预算执行率", "RT-17", "RT-01"),
    ("sc-suining-jingkai-2021", "指标填报"): by("不合格处置率|指标值", "CM-01"),
    ("sc-suining-jingkai-2021", "成本单位写法"): by("培训成本|完成值", "SC-27"),
    ("yn-linxiang-lcj-2023", "来源行不打分"): by("当年财政拨款|得分", "SC-05", "SC-02"),
    ("ah-guichi-tangxi-2022-weituo", "成本指标实际值=执行数"): by("项目总成本|实际完成值", "SC-07", "SC-27"),
}

IN_THE_TEXT = "figures of the text around the table; they are not among its rows"
NO_SUBTOTAL = "the table prints no subtotal that the sum could be held against"
NOT_GIVEN = "this part of the table is not among the rows given"

UNDECIDED: Mapping[tuple[str, str], str] = {
    ("ah-guichi-tangxi-2022-cunji", "目标分项之和(元)"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-cunji", "完成分项之和(元)"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-cunji", "元万元换算:申请数"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-cunji", "元万元换算:执行数"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-cunji", "产出指标分值之和"): NO_SUBTOTAL,
    ("ah-guichi-tangxi-2022-weituo", "目标分项之和"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-weituo", "完成分项之和"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-weituo", "完成情况金额=执行数(四舍五入)"): IN_THE_TEXT,
    ("ah-guichi-tangxi-2022-weituo", "产出指标分值之和"): NO_SUBTOTAL,
    ("ah-guichi-tangxi-2022-weituo", "效益指标分值之和"): NO_SUBTOTAL,
    ("ah-xuancheng-gaj-jindu-2021", "残留省略号行"): NOT_GIVEN,
    ("hb-guangshui-jtj-2021", "大类权重"): NOT_GIVEN,
    ("hb-guangshui-jtj-2021", "管理分项"): NOT_GIVEN,
    ("hb-hbust-zizhu-2021", "剩余=预算-支出"): IN_THE_TEXT,
    ("hb-hbust-zizhu-2021", "执行率"): IN_THE_TEXT,
    ("hb-hbust-zizhu-2021", "总分反推"): IN_THE_TEXT,
    ("hn-nanyue-zhongliesi-2020", "标题金额=表内金额"): IN_THE_TEXT,
    ("hn-nanyue-zhongliesi-2020", "时效指标"): NOT_GIVEN,
    ("hn-nanyue-zhongliesi-2020", "表名与内容"): "a matter of what the money was for, which no rule can read",
    ("hn-nanyue-zhongliesi-2020", "完成值带等号"): NOT_GIVEN,
    ("sc-luhuo-wjj-2021", "实际完成为结果描述"): NOT_GIVEN,
    ("sc-suining-jingkai-2021", "执行率"): NOT_GIVEN,
    ("sc-suining-jingkai-2021", "单元格带单位"): NOT_GIVEN,
    (
        "yn-linxiang-lcj-2023",
        "可见分值+执行分",
    ): "the last row is cut off and no total is printed: 90 of 100 is told as a note",
}


class Verdict(NamedTuple):
    """What became of a truth row. ``said`` is for readers, ``agrees`` None where the table cannot decide it."""

    check: str
    truth: str
    agrees: bool | None
    said: str


@cache
def session() -> Session:
    return Session()


@cache
def document(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((REAL / f"{name}.json").read_text("utf-8"))
    return found


def checked(workbook: Workbook) -> Assessed:
    using = session()
    return assess(workbook, using.plans(), using.labels, using.lexicon, every_outcome=True)


def verdicts(name: str, assessed: Assessed) -> Iterator[Verdict]:
    """Every truth row of a document beside what was said about its workbook."""
    forms = [subject.form for subject in assessed.results.subjects.values()] if assessed.results is not None else []
    for row in document(name)["truth"]:
        check, truth = row["check"], row["holds"]
        if (name, check) in UNDECIDED:
            yield Verdict(check, truth, None, UNDECIDED[name, check])
            continue
        decider = DECIDERS.get((name, check))
        catalogue = decider.catalogue if decider is not None else FAMILIES.get(row["family"], set())
        place = place_of(name, row)
        fact = next((fact for form in forms if (fact := find(form, place)) is not None), None)
        if fact is None:
            yield Verdict(check, truth, False, f"nothing was found at {place or row['expression']}")
            continue
        yield judged(check, truth, fact, catalogue, assessed)


def place_of(name: str, row: Mapping[str, str]) -> str:
    """The fact that decides: as listed, or what the equation arrives at (``总额|得分`` of ``… = 总额|得分[9]``)."""
    if (name, row["check"]) in DECIDERS:
        return DECIDERS[name, row["check"]].place
    names = re.findall(r"([^\[\]]*)\[[^\]]*\]", row["expression"])
    return re.sub(r"^.*[=+/×] -?", "", names[-1]).strip() if names else ""


def find(form: LocatedForm, place: str) -> Fact | None:
    """The fact of ``row|column``, or of a lone word: a column in the row that counts, or a total."""
    row, _, column = place.rpartition("|")
    for table in sorted(form.tables.values(), key=lambda table: table.table.layout == "open"):
        if row:
            fact = _fact(table, row, column)
        else:
            totals = [name for name, spec in table.table.rows.items() if spec.total]
            rows = totals or [each.name for each in table.rows[:1]]
            fact = _fact(table, rows[0], column) if rows else None
            amounts = [name for name, spec in table.table.columns.items() if spec.kind == ColumnKind.AMOUNT]
            fact = fact or (_fact(table, column, amounts[0]) if amounts else None)
        if fact is not None:
            return fact
    return None


def _fact(table: LocatedTable, row: str, column: str) -> Fact | None:
    normalise = session().labels.normalise
    specs = {**table.table.rows, **table.table.totals}
    names = {row, *(name for name, spec in specs.items() if normalise(row) in spec.labels)}
    columns = [
        name for name, spec in table.table.columns.items() if normalise(column) in spec.labels and table.has(name)
    ]
    found = [each for name in names for each in table.named.get(name, ())]
    return table.fact(found[0], columns[0]) if found and columns else None


def judged(check: str, truth: str, fact: Fact, catalogue: frozenset[str] | set[str], assessed: Assessed) -> Verdict:
    plan = assessed.plan
    assert plan is not None
    cell = (fact.sheet, fact.address)
    mine = {rule.id for rule in plan.rules.values() if catalogue & {*rule.catalogue}}
    found = [f for f in every(assessed.report.findings) if f.rule.id in mine and about(f, cell)]
    outcomes = [o for o in assessed.report.outcomes if o.rule in mine and cell in cells(o)]
    good = [o for o in outcomes if o.status in (Status.PASS, Status.TAIL)]
    told = "; ".join(f"{f.outcome.severity} {f.rule.name} at {f.outcome.cell}" for f in found)
    passed = ", ".join(sorted({f"{plan.rules[o.rule].name} {o.status}" for o in good}))
    if truth == "fails":
        return Verdict(check, truth, bool(found), told or passed or "nothing was said")
    accused = [f for f in found if f.outcome.severity == "error"]
    if truth == "ambiguous":
        return Verdict(check, truth, not accused, told or passed or "nothing was said")
    return Verdict(check, truth, bool(good) and not accused, told or passed or "nothing was checked")


def every(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Findings and all that hangs under them."""
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


def about(finding: Finding, cell: tuple[str, str]) -> bool:
    return any(cell in cells(outcome) for outcome in (finding.outcome, *finding.places))


def cells(outcome: Outcome) -> set[tuple[str, str]]:
    return {(outcome.sheet, outcome.cell), *((operand.sheet, operand.cell) for operand in outcome.operands)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_program_agrees_with_the_truth(name: str) -> None:
    assessed = checked(session().read(REAL / "xlsx" / f"{name}.xlsx"))
    found = list(verdicts(name, assessed))
    assert [verdict for verdict in found if verdict.agrees is False] == []
    assert any(verdict.agrees for verdict in found) or all((name, verdict.check) in UNDECIDED for verdict in found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_error_is_told_where_the_truth_knows_none(name: str) -> None:
    assert false_alarms(name, checked(session().read(REAL / "xlsx" / f"{name}.xlsx"))) == []


def false_alarms(name: str, assessed: Assessed) -> list[str]:
    """Error-level findings that touch no cell of a check known to fail."""
    assert assessed.results is not None
    forms = [subject.form for subject in assessed.results.subjects.values()]
    failing = [r for r in document(name)["truth"] if r["holds"] == "fails" and (name, r["check"]) not in UNDECIDED]
    places = [place_of(name, row) for row in failing]
    facts = [fact for place in places for form in forms if (fact := find(form, place)) is not None]
    assert len(facts) == len(failing)
    wrong = {(fact.sheet, fact.address) for fact in facts}
    errors = [finding for finding in assessed.report.findings if finding.outcome.severity == "error"]
    return [f"{e.rule.name} at {e.outcome.cell}" for e in errors if not any(about(e, cell) for cell in wrong)]


def test_what_is_listed_exists() -> None:
    known = {(name, row["check"]) for name in DOCUMENTS for row in document(name)["truth"]}
    assert {*DECIDERS, *UNDECIDED} <= known
    assert not {*DECIDERS} & {*UNDECIDED}


def test_every_document_with_table_rows_has_its_workbook() -> None:
    """So no document is left out; the others give their figures in prose only."""
    with_rows = {path.stem for path in REAL.glob("*.json") if document(path.stem)["tables"]}
    assert with_rows == {*DOCUMENTS}


# ---- the same rows laid out otherwise

LEVELS = {"产出": "产出指标", "效益": "效益指标", "满意度": "满意度指标"}
HEADINGS = {"一级": "一级指标", "二级": "二级指标", "三级(简称)": "三级指标", "指标值": "年度指标值"}
FORMATS = ("General", "0.00%", "0%")


class Layout(NamedTuple):
    typed: bool
    title: str
    sheet: str
    heading_of_sources: str
    indented: bool
    merged_levels: bool
    indicators_first: bool


LAYOUTS = [
    Layout(*choice)
    for choice in itertools.product(
        (True, False),
        ("{kind}", "项目绩效表"),
        ("Sheet1", "自评表"),
        ("", "来源"),
        (True, False),
        (True, False),
        (False, True),
    )
][::9]


def laid_out(given: Mapping[str, Any], layout: Layout) -> Workbook:
    """The rows of a document as a workbook, in one of the ways in which units lay them out."""
    rows: dict[int, dict[int, Cell]] = {}
    merges: list[Range] = []

    def put(row: int, column: int, text: str) -> None:
        if text:
            rows.setdefault(row, {})[column] = typed(text) if layout.typed else Cell("text", text)

    put(1, 1, layout.title.format(kind=given["kind"]))
    put(2, 1, f"（{given['year']}年度）")
    for column, text in ((1, "项目名称"), (6, "实施单位"), (7, given["unit_name"])):
        put(3, column, text)
    at = 4
    for table in reversed(given["tables"]) if layout.indicators_first else given["tables"]:
        columns, first = table["columns"], at
        of_indicators = "三级(简称)" in columns or "指标(简称)" in columns
        if of_indicators or columns[0] == "序号":
            left = 2 if of_indicators else 1
            put(at, 1, "绩效指标" if of_indicators else "")
            for offset, heading in enumerate(columns):
                put(at, left + offset, HEADINGS.get(heading, heading))
            above: list[str] = []
            for row in table["rows"]:
                at += 1
                for offset, text in enumerate(row):
                    same = row[: offset + 1] == above[: offset + 1] and columns[offset] in ("一级", "二级")
                    shown = LEVELS.get(text, text) if columns[offset] == "一级" else text
                    put(at, left + offset, "" if same and layout.merged_levels else shown)
                above = row
        else:
            put(at, 1, "项目资金（万元）")
            put(at, 3, layout.heading_of_sources)
            for offset, heading in enumerate(columns[1:]):
                put(at, 5 + offset, heading)
            for number, row in enumerate(table["rows"]):
                at += 1
                put(at, 3, ("  " if number == 0 else "    其中：") * layout.indented * bool(row[0]) + row[0])
                for offset, text in enumerate(row[1:]):
                    put(at, 5 + offset, text)
            merges += [Range(row, 3, row, 4) for row in range(first, at + 1)]
        if of_indicators or columns[0] != "序号":
            merges.append(Range(first, 1, at, 1 if of_indicators else 2))
        at += 2
    put(at, 1, "注：1.得分一档最高不能超过该指标分值上限。")
    merges.append(Range(at, 1, at, 11))
    content = SheetContent(rows, tuple(merges))
    sheet = Sheet(layout.sheet, lambda: content)
    return Workbook(given["id"], "", "xlsx", (sheet,), load_number_formats=lambda: FORMATS)


def typed(text: str) -> Cell:
    """A number for what is one, and a percentage as programs store it."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return Cell("number", text)
    if match := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", text):
        return Cell("number", str(Decimal(match[1]) / 100), None, 1 if "." in text else 2)
    return Cell("text", text)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_the_truth_does_not_depend_on_the_layout(layout: Layout) -> None:
    for name in DOCUMENTS:
        assessed = checked(laid_out(document(name), layout))
        assert [verdict for verdict in verdicts(name, assessed) if verdict.agrees is False] == [], name
        assert false_alarms(name, assessed) == [], name
        assert not [problem for problem in assessed.report.problems if problem.code != "TABLE_MISSING"], name


# ---- the whole comparison


def parity() -> str:
    """All documents and checks as a Markdown table, with sums."""
    lines = ["| document | check | truth | agrees | what the program says |", "|---|---|---|---|---|"]
    agreed = differed = open_ = 0
    for name in DOCUMENTS:
        for verdict in verdicts(name, checked(session().read(REAL / "xlsx" / f"{name}.xlsx"))):
            mark = {True: "yes", False: "**no**", None: "not decidable"}[verdict.agrees]
            agreed, differed = agreed + (verdict.agrees is True), differed + (verdict.agrees is False)
            open_ += verdict.agrees is None
            said = verdict.said.replace("|", " ")
            lines.append(f"| {name} | {verdict.check} | {verdict.truth} | {mark} | {said} |")
    prose = sorted(path.stem for path in REAL.glob("*.json") if path.stem not in DOCUMENTS)
    rows = sum(len(document(name)["truth"]) for name in prose)
    summary = (
        f"{agreed} truth rows agree, {differed} differ, {open_} cannot be decided from the table rows given. "
        f"{len(prose)} further documents ({rows} truth rows) give their figures in prose, without table rows."
    )
    return "\n".join([summary, "", *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(parity())
