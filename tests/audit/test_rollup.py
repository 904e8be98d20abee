"""Five units and their bureau's summary: one that agrees, one that leaves a unit out and takes another in yuan."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from checker.audit.bureau import command as bureau
from checker.audit.bureau.adjustments import read_adjustments
from checker.audit.bureau.expected import Roster, read_roster
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.gap import Slip
from checker.audit.bureau.reconcile import RollUp, roll_up
from checker.audit.bureau.rollup import document, write
from checker.audit.store.reading import Store, open_store
from checker.errors import CheckerError, UsageError
from checker.model.outcome import Status
from checker.session import Session
from checker.templates import draw, write_xlsx

from .made import workbook_of
from .running import audit

ROOT = Path(__file__).parents[2]
FORM = "部门收支基本情况"
BUREAU = "示例市教育局（汇总）"
#: Income by source and spending, in 万元: no figure is a small sum of others.
UNITS = {
    "示例市第一中学": ("1250.31", "87.02", "1180.55", "31"),
    "示例市第二中学": ("963.47", "12.66", "940.08", "27"),
    "示例市实验小学": ("588.19", "3.45", "577.76", "19"),
    "示例市幼儿园": ("214.83", "0", "209.40", "8"),
    "示例市教研室": ("77.95", "41.21", "102.37", "5"),
}
PLACES = (
    ("收入", "财政拨款收入", "收入决算数"),
    ("收入", "其他收入", "收入决算数"),
    ("支出", "本年支出合计", "支出决算数"),
)


def given(unit: str, figures: Sequence[str | Decimal]) -> dict[str, Any]:
    content: dict[str, Any] = {"部门名称": unit}
    for (table, row, column), figure in zip(PLACES, figures, strict=False):
        content.setdefault(table, {}).setdefault(row, {})[column] = figure if figure == "约十万" else Decimal(figure)
    content["人员"] = {"编制人数": {"人数": int(figures[3])}}
    return content


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, session: Session) -> Callable[..., Path]:
    """A workbook of one unit with these figures."""
    folder, form = tmp_path_factory.mktemp("units"), session.loaded.packs["cn-department"].forms[FORM]

    def make(unit: str, figures: Sequence[str | Decimal], name: str = "") -> Path:
        path = folder / f"{name or unit}.xlsx"
        write_xlsx({FORM: draw(form, given(unit, figures), year="2024", printed=True)}, path, overwrite=True)
        return path

    return make


@pytest.fixture(scope="module")
def forms(session: Session) -> Forms:
    return Forms.of(session)


def total(units: Mapping[str, Sequence[str]]) -> list[Decimal]:
    return [sum((Decimal(figures[at]) for figures in units.values()), Decimal(0)) for at in range(4)]


Keep = Callable[..., Path]


@pytest.fixture(scope="module")
def keep(
    tmp_path_factory: pytest.TempPathFactory, session: Session, filling: ModuleType, made: Callable[..., Path]
) -> Keep:
    """A store of units, further files and summaries by name; gives the folder."""

    def keep(
        units: Mapping[str, Sequence[str]], summaries: Mapping[str, Sequence[Decimal]], more: Sequence[Path] = ()
    ) -> Path:
        folder = tmp_path_factory.mktemp("out")
        paths = [made(unit, figures) for unit, figures in units.items()]
        paths += [made(BUREAU, figures, name) for name, figures in summaries.items()]
        filling.add_run(session, folder, [*paths, *more])
        return folder

    return keep


@pytest.fixture(scope="module")
def kept(keep: Keep) -> Path:
    """The store of the five units with one summary for each test that needs one."""
    right = total(UNITS)
    rounded, eliminated, late = list(right), list(right), list(right)
    rounded[0] += Decimal("0.02")
    rounded[2] += Decimal("0.04")
    eliminated[0] -= Decimal("50.00")
    late[0] += 300
    without = {unit: figures for unit, figures in UNITS.items() if unit != "示例市教研室"}
    summaries = {"right": right, "rounded": rounded, "wrong": wrong_summary(), "eliminated": eliminated, "late": late}
    return keep(UNITS, {**summaries, "without": total(without)})


@pytest.fixture(scope="module")
def rolled(kept: Path, forms: Forms, listed: Callable[..., Roster]) -> Callable[..., RollUp]:
    """The roll-up of one of the summaries, by the roster of the five units."""

    def roll(name: str, folder: Path = kept, **options: Any) -> RollUp:
        with open_store(folder) as store:
            return roll_up(store, summary_file(store, name), forms, **{"roster": listed(), **options})

    return roll


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> Callable[..., Roster]:
    def make(*more: str) -> Roster:
        path = tmp_path_factory.mktemp("roster") / "roster.csv"
        lines = "".join(f"{unit},2024,{FORM}\n" for unit in [*UNITS, *more])
        path.write_text(f"单位名称,年度,应报报表\n{lines}", encoding="utf-8")
        return read_roster(str(path), forms)

    return make


def summary_file(store: Store, name: str) -> str:
    given = {"name": f"%/{name}.xlsx"}
    ((path,),) = store.connection.execute("SELECT source FROM workbooks WHERE source LIKE $name", given).fetchall()
    return str(path)


def out(found: RollUp) -> dict[str, Any]:
    """The lines of spending and income as they came out, by row."""
    return {line.place.row: line for line in found.lines if "决算" in line.place.column}


def test_a_summary_that_is_the_sum_agrees(rolled: Callable[..., RollUp]) -> None:
    found = rolled("right")
    assert len(found.lines) >= 4 and found.count(Status.PASS) == len(found.lines)
    assert found.causes == ()
    assert {member.unit for member in found.members.counted} == set(UNITS)


def test_rounding_of_the_units_is_no_gap(rolled: Callable[..., RollUp]) -> None:
    """Six rounded figures explain three hundredths, and not four."""
    by_row = out(rolled("rounded"))
    assert by_row["财政拨款收入"].status == Status.TAIL
    assert by_row["本年支出合计"].status == Status.FAIL
    assert by_row["本年支出合计"].judgement.tolerance == Decimal("0.03")


def wrong_summary() -> list[Decimal]:
    """The research office is left out, and the kindergarten entered in yuan."""
    summary = total(UNITS)
    for at in range(4):
        summary[at] -= Decimal(UNITS["示例市教研室"][at])
    for at in range(3):
        summary[at] += Decimal(UNITS["示例市幼儿园"][at]) * 9999
    return summary


def test_the_unit_left_out_and_the_one_in_yuan_are_named(
    rolled: Callable[..., RollUp], kept: Path, forms: Forms, listed: Callable[..., Roster], tmp_path: Path
) -> None:
    found = rolled("wrong")
    rows = {line.place.row for line in found.lines if line.status == Status.FAIL}
    assert {"财政拨款收入", "其他收入", "本年支出合计", "编制人数"} <= rows
    first = found.causes[0]
    assert {(one.unit, one.slip, one.factor) for one in first.slips} == {
        ("示例市教研室", Slip.OMITTED, 1),
        ("示例市幼儿园", Slip.SCALED, 10_000),
    }
    money = [line.place for line in found.lines if line.status == Status.FAIL and line.measure == "万元"]
    assert set(first.places) >= {place for place in money if place.row != "其他收入"}
    line = next(line for line in found.lines if line.place.row == "财政拨款收入")
    assert [unit for unit, _ in line.parts] == [member.unit for member in found.members.counted]
    told = document(found)
    Draft202012Validator(json.loads((ROOT / "schemas/rollup.schema.json").read_text(encoding="utf-8"))).validate(told)
    shown = next(one for one in told["lines"] if one["place"]["row"] == "财政拨款收入")
    assert Decimal(shown["actual"]) - Decimal(shown["expected"]) == Decimal(shown["difference"])
    assert sum(Decimal(part["value"]) for part in shown["operands"][1:]) == Decimal(shown["expected"])
    assert all(part["cell"] and "xlsx]" in part["sheet"] for part in shown["operands"])

    with open_store(kept) as store:
        text, out = write(store, summary_file(store, "wrong"), forms, str(tmp_path), roster=listed())
    assert out == {"error"}
    assert "示例市教研室" in text.zh and "4" in text.zh
    assert json.loads((tmp_path / "rollup.json").read_text(encoding="utf-8")) == told
    rows = list(csv.reader((tmp_path / "rollup.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len({len(row) for row in rows}) == 1
    assert any("示例市教研室" in row[-1] for row in rows)


def test_adjustments_are_added_with_who_and_why(rolled: Callable[..., RollUp], forms: Forms, tmp_path: Path) -> None:
    path = tmp_path / "冲抵.csv"
    path.write_text(
        "调整方式,单位,报表,表,行,列,调整金额,决定人,理由\n"
        f"计入合计,示例市教研室,{FORM},收入,财政拨款收入,收入决算数,-50.00,张敏,一中拨付教研室的往来款\n"
        f"计入合计,示例市教研室,{FORM},收入,收入合计,收入决算数,-50.00,张敏,一中拨付教研室的往来款\n",
        encoding="gb18030",
    )
    assert rolled("eliminated").count(Status.FAIL) == 2, "the source, and the total that has it"
    found = rolled("eliminated", adjustments=read_adjustments(str(path), forms))
    assert found.count(Status.FAIL) == 0
    line = next(line for line in found.lines if line.place.row == "财政拨款收入" and line.adjustments)
    assert line.adjustments[0].reason == "一中拨付教研室的往来款" and line.adjusted == total(UNITS)[0] - 50


def test_adjustments_may_be_a_workbook(forms: Forms, tmp_path: Path) -> None:
    rows = [
        ["kind", "unit", "form", "table", "row", "column", "amount", "decided_by", "reason"],
        ["added", "示例市教研室", FORM, "收入", "财政拨款收入", "收入决算数", -50.1, "张敏", "往来款"],
        ["left_out", "示例市教研室", None, None, None, None, None, "张敏", "已并入市教育局本级"],
    ]
    plain, book = tmp_path / "a.csv", openpyxl.Workbook()
    plain.write_text("\n".join(",".join(map(str, (cell or "" for cell in row))) for row in rows), encoding="utf-8")
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_adjustments(str(tmp_path / "a.xlsx"), forms) == read_adjustments(str(plain), forms)
    book.worksheets[0]["G2"] = "=-50.1"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match="LIST_CELL_MISSING"):
        read_adjustments(str(tmp_path / "a.xlsx"), forms)


@pytest.mark.slow
def test_a_gap_counts_as_an_error(tmp_path: Path) -> None:
    sample = "clean/年度科普项目.xlsx"
    (tmp_path / "in").mkdir()
    for place, number in (("in/1.xlsx", 1), ("in/2.xlsx", 2), ("summary.xlsx", 3)):
        (tmp_path / place).write_bytes(workbook_of(sample, number))
    words = (tmp_path / "in", "--out", tmp_path / "out", "--format", "")
    audit(*words, "--summary", tmp_path / "summary.xlsx", expected=1)
    audit(*words, expected=0)


def test_a_unit_left_out_by_decision_is_not_added(rolled: Callable[..., RollUp], forms: Forms, tmp_path: Path) -> None:
    path = tmp_path / "adjustments.csv"
    path.write_text("kind,unit,decided_by,reason\nleft_out,示例市教研室,张敏,已并入市教育局本级\n", encoding="utf-8")
    adjustments = read_adjustments(str(path), forms)
    found = rolled("without", adjustments=adjustments)
    assert found.count(Status.FAIL) == 0 and found.members.left_out == ("示例市教研室",)


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("left_out,示例市教研室,,,,,,,", "LIST_CELL_MISSING", 8),
        ("forget,示例市教研室,,,,,,张敏,理由", "ADJUSTMENT_KIND", 1),
        ("left_out,,,,,,,张敏,理由", "ADJUSTMENT_UNIT", 2),
        (f"added,示例市教研室,{FORM},收入,财政拨款收入,收入决算,-5,张敏,理由", "ADJUSTMENT_PLACE", 6),
        (f"added,示例市教研室,{FORM},收入,财政拨款收入,收入决算数,五十,张敏,理由", "ADJUSTMENT_AMOUNT", 7),
        ("added,示例市教研室,部门收支情况表格,收入,财政拨款收入,收入决算数,-5,张敏,理由", "ADJUSTMENT_FORM", 3),
    ],
)
def test_mistakes_in_adjustments_are_told_by_line_and_column(
    line: str, code: str, column: int, forms: Forms, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"kind,unit,form,table,row,column,amount,decided_by,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_adjustments(str(path), forms)
    assert (caught.value.code, caught.value.where) == (code, f"{path}:2:{column}")


def test_a_unit_that_has_not_filed_leaves_the_gap_open(
    rolled: Callable[..., RollUp], listed: Callable[..., Roster]
) -> None:
    found = rolled("late", roster=listed("示例市特殊学校"))
    assert found.members.missing == (("示例市特殊学校", FORM),)
    line = out(found)["财政拨款收入"]
    assert line.status == Status.INSUFFICIENT and "示例市特殊学校" in line.reason.zh


@pytest.mark.slow
def test_what_cannot_be_read_or_chosen_is_not_judged(
    keep: Keep, rolled: Callable[..., RollUp], made: Callable[..., Path], tmp_path: Path
) -> None:
    """A figure that is no number is never nothing; copies count once; of versions that differ none is chosen. Without
    a roster every unit of the run is added up."""
    units = {**UNITS, "示例市幼儿园": ("约十万", "0", "209.40", "8")}
    copy = tmp_path / "copy.xlsx"
    shutil.copy(made("示例市第一中学", UNITS["示例市第一中学"]), copy)
    other = list(UNITS["示例市教研室"])
    other[2] = "112.37"
    folder = keep(units, {"summary": total(UNITS)}, [copy, made("示例市教研室", other, "教研室修改")])
    found = rolled("summary", folder, roster=None)
    by_row = out(found)
    assert by_row["其他收入"].status == Status.PASS
    assert by_row["财政拨款收入"].status == Status.INSUFFICIENT
    assert "示例市幼儿园" in by_row["财政拨款收入"].reason.zh
    assert by_row["本年支出合计"].status == Status.UNDECIDED
    assert "示例市教研室" in by_row["本年支出合计"].reason.zh


def test_a_summary_that_is_not_in_the_run_is_an_error(kept: Path, forms: Forms) -> None:
    with open_store(kept) as store, pytest.raises(CheckerError, match="SUMMARY_NOT_FOUND"):
        roll_up(store, "elsewhere.xlsx", forms)


def test_a_bureau_has_its_lists_read_first_and_all_papers_written(kept: Path, session: Session, tmp_path: Path) -> None:
    """The lists are those of the documentation."""
    text = (ROOT / "docs/bureau.md").read_text(encoding="utf-8")
    lists = [part.partition("```")[0] for part in text.split("```csv\n")[1:]]
    paths = {"roster": tmp_path / "roster.csv", "adjustments": tmp_path / "adjustments.csv"}
    for path, content in zip(paths.values(), lists, strict=True):
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="SUMMARY_MISSING"):
        bureau.read(session, adjustments=str(paths["adjustments"]))
    given = bureau.read(session, **{name: str(path) for name, path in paths.items()}, summary="right.xlsx")
    assert given.roster is not None and len(given.roster.expected) == 3 and len(given.adjustments) == 2
    with open_store(kept) as store:
        asked = bureau.Bureau(given.forms, given.roster, summary_file(store, "right"))
        written = bureau.write(store, asked, str(tmp_path))
    assert len(written.lines) == 3
    papers = {"roster.csv", "roster.json", "rollup.csv", "rollup.json", "leads.csv", "leads.json"}
    assert papers <= {path.name for path in tmp_path.iterdir()}
    strays = json.loads((tmp_path / "roster.json").read_text(encoding="utf-8"))["strays"]
    assert not any(stray["source"].endswith("right.xlsx") for stray in strays), "the summary is nobody's filing"
