"""The rows of one workbook: what is in the report, every rule that was asked, and the figures by their labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.store.rows import KEPT_TEXT, _decimal, rows_of, rows_of_rules
from checker.audit.store.tables import BY_RESULT, TABLES
from checker.audit.store.thin import thin, whole
from checker.model.outcome import Status
from checker.reports import json as report_json
from checker.reports.score_json import document as score_document
from checker.scores import scored
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
#: A wrong rate, a wrong total with a wrong grade below it, and a score sheet.
RATE = WORKBOOKS / "cn-project/errors/执行率计算错误.xlsx"
ACCOUNTS = WORKBOOKS / "cn-final-accounts/clean/全国表样元.xlsx"
DEPARTMENT = WORKBOOKS / "gd-department-2021/errors/三公控制率错误.xlsx"

Row = Mapping[str, Any]


def named(session: Session, path: Path) -> dict[str, list[Row]]:
    assessed = session.assess(path)
    rows = rows_of(assessed, scored(session, assessed).scores)
    return {
        table: [dict(zip(TABLES[table].names[1:], row, strict=True)) for row in several]
        for table, several in rows.items()
    }


def test_every_table_of_a_result_is_there_in_the_order_of_its_columns(session: Session) -> None:
    rows = named(session, RATE)  # strict zip: as many values as columns
    assert {*rows} == {*BY_RESULT}
    for table, several in rows.items():
        for row in several:
            for column in TABLES[table].columns[1:]:
                assert row[column.name] is not None or column.optional, (table, column.name)


def test_the_result_counts_what_the_report_shows(session: Session) -> None:
    report = session.assess(RATE).report
    (result,) = named(session, RATE)["results"]
    assert (result["sha256"], result["unit"], result["year"]) == (report.sha256, report.unit, report.year)
    assert result["errors"] == sum(one.outcome.severity == "error" for one in report.findings) == 1
    assert result["forms"] == [form.form for form in report.forms]
    document = json.loads(result["document"])
    assert document["counts"] == {status: report.counts[status] for status in Status.ORDER}
    assert not {"path", "findings", "scores", *TABLES["results"].names} & document.keys() - {"forms"}


def test_a_file_that_is_no_workbook_says_why(session: Session, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_text("<html>")
    rows = named(session, broken)
    (result,) = rows["results"]
    assert result["status"] == "unread"
    assert result["error_code"]
    assert not any(rows[table] for table in BY_RESULT if table != "results")


@pytest.mark.parametrize("path", [RATE, DEPARTMENT], ids=["project", "department"])
def test_findings_nest_as_in_the_report(session: Session, path: Path) -> None:
    below: dict[int | None, list[Any]] = {}
    every: list[Any] = []
    for row in named(session, path)["findings"]:
        assert row["ordinal"] == len(every)
        finding = {**json.loads(row["document"]), "consequences": []}
        (every[row["parent"]]["consequences"] if row["parent"] is not None else below.setdefault(None, [])).append(
            finding
        )
        every.append(finding)
    expected = json.loads(report_json.render(_report(session, path)))["workbooks"][0]["findings"]
    assert below.get(None, []) == expected
    assert expected


def _report(session: Session, path: Path) -> Any:
    import checker

    return checker.check(path)


@pytest.mark.parametrize("path", [RATE, DEPARTMENT], ids=["project", "department"])
def test_outcomes_add_up_to_the_counts_of_the_report(session: Session, path: Path) -> None:
    assessed = session.assess(path, every_outcome=True)
    outcomes = named(session, path)["outcomes"]
    for status in Status.ORDER:
        assert sum(row[status] for row in outcomes) == assessed.report.counts[status]
    assert {row["rule"] for row in outcomes} == {outcome.rule for outcome in assessed.report.outcomes}
    assert sum(row["fail"] for row in outcomes) > 0


def test_facts_stand_under_their_labels_with_the_numbers_of_the_sheet(session: Session) -> None:
    facts = named(session, RATE)["facts"]
    places = [(f["form"], f["qualifier"], f["table"], f["row"], f["column"]) for f in facts]
    assert len(set(places)) == len(places)
    by_place = {(f["table"], f["row"], f["column"]): f for f in facts}
    total = by_place["资金", "年度资金总额", "全年执行数"]
    budget = by_place["资金", "年度资金总额", "全年预算数"]
    rate = by_place["资金", "年度资金总额", "执行率"]
    (finding,) = (row for row in named(session, RATE)["findings"] if row["cell"] == rate["cell"])
    document = json.loads(finding["document"])
    figures = {operand["cell"]: operand["value"] for operand in document["operands"]}
    for fact in (total, budget, rate):  # the report and the store show one number, rates in per cent
        assert Decimal(figures[fact["cell"]]) == Decimal(fact["value"])
    assert rate["measure"] == "%"
    assert total["measure"] == "万元"


def test_long_texts_leave_a_hash_and_their_beginning(session: Session) -> None:
    texts = [fact for fact in named(session, DEPARTMENT)["facts"] if fact["text_hash"] is not None]
    assert texts
    assert all(fact["value"] is None and len(fact["text"]) <= KEPT_TEXT for fact in texts)
    by_hash: dict[int, set[str]] = {}
    for fact in texts:
        by_hash.setdefault(fact["text_hash"], set()).add("".join(fact["text"].split())[:20])
    assert all(len(starts) == 1 for starts in by_hash.values())


def test_scores_keep_every_indicator_and_the_whole(session: Session) -> None:
    assessed = session.assess(DEPARTMENT)
    (score,) = scored(session, assessed).scores
    total, *indicators = named(session, DEPARTMENT)["scores"]
    assert [row["indicator"] for row in indicators] == [one.name for one in score.indicators()]
    assert [row["ordinal"] for row in indicators] == [*range(1, len(indicators) + 1)]
    assert (total["ordinal"], total["indicator"]) == (0, "")
    assert Decimal(total["claimed"]) == score.total.claimed
    assert json.loads(total["document"])["scheme"] == score.scheme


@pytest.mark.parametrize(
    "name",
    [
        "cn-project/clean/系统导出项目.xlsx",
        "gd-department-2022/published/海珠区科协2022.xlsx",
        "hn-department/errors/预算控制率得分偏高.xlsx",
    ],
)
def test_a_score_that_was_kept_shortened_comes_back_as_it_was(session: Session, name: str) -> None:
    scores = scored(session, session.assess(WORKBOOKS / name)).scores
    assert scores
    for score in scores:
        expected = json.loads(json.dumps(score_document(score)))
        kept = json.dumps(thin(score_document(score)))
        assert len(kept) < len(json.dumps(expected))
        assert whole(json.loads(kept)) == expected


def test_the_same_workbook_under_another_name_gives_the_same_rows(session: Session, tmp_path: Path) -> None:
    copy = tmp_path / "另存.xlsx"
    copy.write_bytes(RATE.read_bytes())
    assert named(session, copy) == named(session, RATE)


def test_every_rule_is_told_once_with_its_authority(session: Session) -> None:
    rows = rows_of_rules("digest", session.loaded.packs.values())
    ids = [row[1] for row in rows]
    assert len(set(ids)) == len(ids)
    assert {*ids} == {rule.id for pack in session.loaded.packs.values() for rule in pack.rules}
    columns = TABLES["rules"].names
    assert all(dict(zip(columns, row, strict=True))["document"] for row in rows)


def test_of_a_long_table_only_rows_that_the_form_names_are_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {fact["row"] for fact in named(session, ACCOUNTS)["facts"] if fact["table"] == "科目"}
    monkeypatch.setattr("checker.audit.store.rows.MOST_UNNAMED", 2)
    kept = {fact["row"] for fact in named(session, ACCOUNTS)["facts"] if fact["table"] == "科目"}
    assert kept < every
    assert "合计" in kept


def test_a_document_that_is_too_long_loses_places_before_it_loses_the_finding(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads(named(session, RATE)["findings"][0]["document"])
    monkeypatch.setattr("checker.audit.store.rows.MOST_CHARACTERS", 100)
    after = json.loads(named(session, RATE)["findings"][0]["document"])
    assert before["operands"]
    assert after == {**before, "operands": [], "places": []}


def test_the_name_of_the_project_is_known_however_short(session: Session) -> None:
    facts = named(session, RATE)["facts"]
    (project,) = (fact for fact in facts if fact["column"] == "项目名称" and not fact["table"])
    assert project["text_hash"] is not None
    assert project["text"]


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_a_decimal_is_kept_to_six_places_or_not_at_all(value: Decimal) -> None:
    kept = _decimal(value, "")
    if kept is None:
        assert not value.is_finite() or abs(value) >= Decimal(10) ** 22 - 1
    else:
        assert abs(Decimal(kept) - value) <= Decimal("0.0000005")
        assert "E" not in kept
        assert kept != "-0.000000"
        assert len(kept.lstrip("-").replace(".", "")) <= 28
