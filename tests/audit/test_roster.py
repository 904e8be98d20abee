"""A run against the roster of units that must file: who filed is not missing, and nothing is matched by likeness."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.audit.bureau.expected import Roster, read_roster
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.lists import table_text
from checker.audit.bureau.roster import Copies, Entry, Filed, Late, State, Stray, attend, write
from checker.audit.store.reading import open_store
from checker.errors import UsageError
from checker.messages import Text
from checker.session import Session

ROOT = Path(__file__).parents[2]
WHOLE, PROJECT, FUNDS = "部门整体支出绩效自评表", "项目支出绩效自评表", "部门收支基本情况"
HEAD = "单位名称,单位代码,年度,应报报表,截止时间,曾用名\n"


@pytest.fixture(scope="module")
def forms(session: Session) -> Forms:
    return Forms.of(session)


@pytest.fixture
def listed(tmp_path: Path, forms: Forms) -> Callable[..., Roster]:
    def make(text: str, encoding: str = "utf-8") -> Roster:
        path = tmp_path / "名册.csv"
        path.write_bytes(text.encode(encoding))
        return read_roster(str(path), forms)

    return make


def file(source: str, unit: str, *names: str, **more: object) -> Filed:
    made = Filed(source, f"hash of {source}", "checked", unit, "2024", names or (WHOLE,))
    return made._replace(**more)  # type: ignore[arg-type]


def entry(roster: Roster, *files: Filed) -> Entry:
    (only,) = attend(roster, files).entries
    return only


def strays(roster: Roster, *files: Filed) -> list[Stray]:
    return list(attend(roster, files).strays)


ONE = HEAD + f"示例市水利局,101001,2024,{WHOLE},2025-03-31,示例市水务局\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_is_read_as_excel_and_wps_save_it(encoding: str, listed: Callable[..., Roster]) -> None:
    (one,) = listed(ONE, encoding).expected
    assert (one.unit.name, one.unit.code, one.year, one.form) == ("示例市水利局", "101001", "2024", WHOLE)
    assert one.due is not None and one.due.date() == date(2025, 3, 31)


def test_english_headings_several_forms_and_titles_are_understood(listed: Callable[..., Roster]) -> None:
    roster = listed(
        f"unit,year,forms,remarks\n示例市水利局,2024年,{WHOLE}；{FUNDS},\n\n示例县水利局,2024,项目绩效自评表,x\n"
    )
    assert [one.form for one in roster.expected] == [WHOLE, FUNDS, PROJECT]
    assert [one.line for one in roster.expected] == [2, 2, 4]


def test_a_roster_may_be_a_workbook(listed: Callable[..., Roster], forms: Forms, tmp_path: Path) -> None:
    """With numbers and dates as Excel keeps them; mistakes are told by row and column."""
    text = "单位名称,单位代码,年度,截止时间\n甲,101001,2024,2025-03-31\n乙,101002,2024,2025-03-31 18:00\n"
    book, asked = openpyxl.Workbook(), tmp_path / "名册.xlsx"
    sheet = book.active
    assert sheet is not None
    sheet.append(["单位名称", "单位代码", "年度", "截止时间"])
    sheet.append(["甲", 101001, 2024, datetime(2025, 3, 31)])
    sheet.append(["乙", 101002, 2024, datetime(2025, 3, 31, 18)])
    book.save(asked)
    assert read_roster(str(asked), forms).expected == listed(text).expected
    sheet["C3"] = "二〇二四"
    book.save(asked)
    with pytest.raises(UsageError) as caught:
        read_roster(str(asked), forms)
    assert (caught.value.code, caught.value.where) == ("ROSTER_YEAR", f"{asked}:3:3")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("单位名称,单位代码\n甲,1\n", "LIST_COLUMN_MISSING", ":1:1"),
        ("单位名称,年度,截至时间\n甲,2024,2025-03-31\n", "LIST_COLUMN_UNKNOWN", ":1:3"),
        ("单位名称,年度\n甲,二〇二四\n", "ROSTER_YEAR", ":2:2"),
        ("单位名称,年度\n,2024\n", "LIST_CELL_MISSING", ":2:1"),
        ("单位名称,年度,截止时间\n甲,2024,2025-02-30\n", "ROSTER_DATE", ":2:3"),
        ("单位名称,年度,应报报表\n甲,2024,部门整体自评表\n", "ROSTER_FORM", ":2:3"),
        ("单位名称,年度\n甲,2024\n甲,2024\n", "ROSTER_TWICE", ":3:1"),
        ("单位名称,年度,曾用名\n甲,2024,丙\n乙,2024,丙\n", "ROSTER_AMBIGUOUS", ":3:3"),
        ("单位名称,年度,单位代码\n甲,2024,1\n甲,2023,2\n", "ROSTER_AMBIGUOUS", ":3:3"),
        ('单位名称,年度\n"甲,2024\n', "LIST_NO_CSV", ":2:1"),
        ("", "LIST_EMPTY", ""),
        ("PK\x03\x04", "FILE_TRUNCATED", ""),
    ],
)
def test_mistakes_are_told_by_line_and_column(
    text: str, code: str, place: str, listed: Callable[..., Roster], tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        listed(text)
    assert (caught.value.code, caught.value.where) == (code, f"{tmp_path / '名册.csv'}{place}")


@pytest.mark.parametrize(
    "named",
    [
        "示例市水利局",
        "示例市 水利局",
        "示例市水务局",
        "101001",
        "101001示例市水利局",
        "[101001]示例市水利局",
        "示例市水利局（101001）",
    ],
)
def test_a_unit_is_known_by_name_former_name_and_code(named: str, listed: Callable[..., Roster]) -> None:
    assert entry(listed(ONE), file("a.xlsx", named)).state == State.FILED


@pytest.mark.parametrize("named", ["示例市水利局机关", "示例县水利局", "101002示例市水利局", "水利局"])
def test_nothing_is_matched_by_likeness(named: str, listed: Callable[..., Roster]) -> None:
    roster = listed(ONE)
    assert entry(roster, file("a.xlsx", named)).state == State.MISSING
    (stray,) = strays(roster, file("a.xlsx", named))
    assert stray.state == State.NOT_EXPECTED
    if named != "水利局":
        assert stray.near == ("示例市水利局",) and "示例市水利局" in stray.message.zh


def test_missing_wrong_year_and_wrong_form_are_told_apart(listed: Callable[..., Roster]) -> None:
    roster = listed(ONE)
    assert entry(roster).state == State.MISSING
    other_year = entry(roster, file("a.xlsx", "示例市水利局", year="2023"))
    assert other_year.state == State.WRONG_YEAR and "2023" in other_year.message.zh
    other_form = entry(roster, file("a.xlsx", "示例市水利局", PROJECT))
    assert other_form.state == State.WRONG_FORM and PROJECT in other_form.message.zh
    no_year = entry(roster, file("a.xlsx", "示例市水利局", year=""))
    assert no_year.state == State.FILED and "2024" in no_year.message.zh


def test_files_that_say_nothing_are_strays(listed: Callable[..., Roster]) -> None:
    unread = file("x.xlsx", "", status="unread", forms=())
    found = strays(
        listed(ONE),
        unread,
        file("y.xlsx", ""),
        file("z.xlsx", "示例市水利局"),
        file("p.xlsx", "示例市水利局", year="2023"),
    )
    assert [(stray.file.source, stray.state) for stray in found] == [
        ("x.xlsx", State.UNREAD),
        ("y.xlsx", State.NO_UNIT),
        ("p.xlsx", State.WRONG_YEAR),
    ]


def test_copies_are_told_from_versions(listed: Callable[..., Roster]) -> None:
    roster = listed(ONE)
    one = file("a.xlsx", "示例市水利局")
    assert entry(roster, one).copies == ""
    assert entry(roster, one, one._replace(source="b.xlsx")).copies == Copies.IDENTICAL
    assert entry(roster, one, file("b.xlsx", "示例市水利局")).copies == Copies.DIFFERING


def test_a_form_for_each_project_may_be_filed_several_times(listed: Callable[..., Roster]) -> None:
    roster = listed(HEAD + f"示例市水利局,,2024,{PROJECT},,\n")
    first, second = (file(name, "示例市水利局", PROJECT, project=name) for name in ("a.xlsx", "b.xlsx"))
    assert entry(roster, first, second).copies == ""
    assert entry(roster, first, second._replace(project="a.xlsx")).copies == Copies.DIFFERING
    assert entry(roster, first, first._replace(source="c.xlsx")).copies == Copies.IDENTICAL


@pytest.mark.parametrize(
    ("stated", "modified", "late"),
    [
        (None, datetime(2025, 3, 31, 23, 59), ""),
        (None, datetime(2025, 4, 1, 0, 1), Late.MODIFIED),
        (date(2025, 3, 31), datetime(2025, 6, 1), ""),  # the file was copied since
        (date(2025, 4, 2), datetime(2025, 3, 1), Late.STATED),
        (None, None, ""),
    ],
)
def test_late_says_by_which_evidence(
    stated: date | None, modified: datetime | None, late: str, listed: Callable[..., Roster]
) -> None:
    found = entry(listed(ONE), file("a.xlsx", "示例市水利局", stated=stated, modified=modified))
    assert found.late == late and found.state == State.FILED
    if late == Late.MODIFIED:
        assert "可能" in found.message.zh and "修改时间" in found.message.zh


@given(st.lists(st.sampled_from(["甲局", "乙局", "丙局", "丁局", ""]), max_size=12))
def test_every_file_is_accounted_for_once(units: list[str]) -> None:
    expected = ["甲局", "乙局"]
    from checker.audit.bureau.expected import Expected, Unit

    known = {name: Unit(name, "", (name,)) for name in expected}
    nothing = Forms((), None, None)  # type: ignore[arg-type]
    roster = Roster("r", tuple(Expected(known[n], "2024", "", None, 2) for n in expected), known, nothing)
    files = [file(f"{number}.xlsx", unit) for number, unit in enumerate(units)]
    found = attend(roster, files)
    named = [source for one in found.entries for source in one.sources] + [one.file.source for one in found.strays]
    assert sorted(named) == sorted(one.source for one in files)
    assert [one.state for one in found.entries] == [State.FILED if n in units else State.MISSING for n in expected]


def test_the_papers_of_a_real_store(store_folder: Path, listed: Callable[..., Roster], tmp_path: Path) -> None:
    with open_store(store_folder) as store:
        unit, year, names = store.connection.execute(
            "SELECT unit, year, forms FROM workbooks WHERE unit <> '' ORDER BY number LIMIT 1"
        ).fetchall()[0]
        roster = listed(HEAD + f"{unit},,{year},{names[0]},2020-01-01,\n=1+1,,{year},,,\n")
        text = write(store, roster, str(tmp_path))
    document = json.loads((tmp_path / "roster.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads((ROOT / "schemas/roster.schema.json").read_text(encoding="utf-8"))).validate(
        document
    )
    assert [one["state"] for one in document["entries"]] == ["filed", "missing"]
    assert document["entries"][0]["late"] and "1" in text.zh
    rows = list(csv.reader((tmp_path / "roster.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[2][1] == "'=1+1", "no text becomes a formula"


def test_amounts_stay_numbers_and_texts_never_become_formulas() -> None:
    text = table_text([Text("甲", "a")], [["-12.50"], ["=cmd|x"], ["@SUM(A1)"], ["+86 10"], ["-A1"]])
    assert text.splitlines()[1:] == ["-12.50", "'=cmd|x", "'@SUM(A1)", "'+86 10", "'-A1"]
