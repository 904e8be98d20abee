"""Which cells rules guard, and which slips nobody notices: measured on a pack small enough to know the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from checker.authoring.mutation import changed, failures, located, mutated, raised, typed_figures
from checker.cli.main import main
from checker.model.workbook import Cell
from checker.session import Session
from checker.templates import draw, to_workbook, write_xlsx

ROWS = {
    "补助合计": {"预算数": 100, "决算数": 11},
    "小学补助": {"预算数": 60, "决算数": 6},
    "中学补助": {"预算数": 40, "决算数": 5},
    "学生人数": {"决算数": 105},
}


@pytest.fixture(scope="module")
def rules(town: Path) -> str:
    return str(town)


@pytest.fixture(scope="module")
def session(rules: str) -> Session:
    return Session([rules])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_cases_of_a_pack_are_measured(
    rules: str, language: str, golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    words = ["rules", "coverage", "--rules", rules, "--pack", "town-meals", "--lang", language]
    assert main(words) == 0
    golden(f"coverage.{language}.txt", capsys.readouterr().out)


def test_programs_are_told_cell_by_cell(
    rules: str, session: Session, tmp_path: Path, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    form = session.loaded.packs["town-meals"].forms["学生餐补助表"]
    file = tmp_path / "甲镇.xlsx"
    write_xlsx({"学生餐补助表": draw(form, {"补助": ROWS}, year="2025")}, file)
    words = ["rules", "coverage", str(file), "--rules", rules, "--pack", "town-meals"]
    assert main([*words, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["packs"][0].pop("digest")) == 64
    golden("coverage.json", json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    assert main([*words, "--format", "json", "--most", "3"]) == 0
    (pack,) = json.loads(capsys.readouterr().out)["packs"]
    assert (pack["figures"], pack["typed"]) == (3, 7)


def test_a_slip_changes_the_figure_it_is_about_and_nothing_else(session: Session) -> None:
    form = session.loaded.packs["town-meals"].forms["学生餐补助表"]
    workbook = to_workbook({"学生餐补助表": draw(form, {"补助": ROWS})})
    figures = [*typed_figures(located(session, "town-meals", workbook))]
    assert len(figures) == 7
    assert failures(session, "town-meals", workbook) == set()
    seen = set()
    for fact, slip, wrong in mutated(workbook, figures, 100):
        before, after = (
            {(number, column): cell.raw for number, row in one.sheets[0].rows.items() for column, cell in row.items()}
            for one in (workbook, wrong)
        )
        differing = {place for place in before if before[place] != after.get(place)}
        assert (fact.row, fact.column) in differing, slip
        assert len(differing) == (2 if slip == "swap" else 1), slip
        seen.add(slip)
    assert seen == {"last_place", "hundred_places", "swap", "tenfold", "ten_thousandfold", "sign", "blank"}


@pytest.mark.parametrize(
    ("raw", "step", "expected"),
    [("1,234.50万元", "0.01", "1234.51万元"), ("97.8%", "0.0001", "97.8100%"), ("约12人", "1", "约13人")],
)
def test_a_figure_typed_as_text_is_moved_in_its_place(raw: str, step: str, expected: str) -> None:
    assert raised(Cell("text", raw), Decimal(step)).raw == expected


def test_an_emptied_cell_is_gone() -> None:
    session = Session()
    form = session.loaded.packs["cn-project"].forms["资金分配表"]
    workbook = to_workbook({"a": draw(form, {"分配": [{"单位": "甲", "补助金额": 5}]})})
    place = next((n, c) for n, row in workbook.sheets[0].rows.items() for c, cell in row.items() if cell.raw == "5")
    empty = changed(workbook, {("a", *place): None})
    assert place[1] not in empty.sheets[0].rows[place[0]]
    assert workbook.sheets[0].rows[place[0]][place[1]].raw == "5"


def test_a_workbook_of_no_known_form_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "x"  # type: ignore[index]
    book.save(tmp_path / "x.xlsx")
    assert main(["rules", "coverage", str(tmp_path / "x.xlsx")]) == 2
    assert "FORM_UNRECOGNISED" in capsys.readouterr().err
