"""Parity with the reports that were studied: what the rules say of a published workbook is what is known of it.

``parity/<seed>.yaml`` lists every identity of one report with the answer that a rule gives at a cell of the published
workbook. ``tail`` is an answer that rounding explains: a tail, or a finding that was only noted for that reason
(design §6.3, §6.6). ``also`` are further cells of the same identity (a second column, a second copy of the table).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.model.outcome import Outcome, Status
from checker.model.report import Finding
from checker.model.rule import Rule, Severity
from checker.session import Session

ROOT = Path(__file__).parents[2]
SEEDS = sorted((Path(__file__).parent / "parity").glob("*.yaml"))
FINDINGS = ROOT.parent / "shared" / "domain" / "seed_findings.json"
#: Of several outcomes of a rule at one cell the gravest is its answer there.
GRAVITY = ("fail", "tail", "pass", "undecided", "insufficient", "not_applicable", "broken", "waived")

each_seed = pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)


class Answers:
    """What the rules say of one workbook: by the rule's name and the cell that an answer stands at."""

    def __init__(self, path: Path) -> None:
        assessed = session().assess(path, every_outcome=True)
        report = assessed.report
        assert report.error is None, report.error and report.error.render("en")
        assert assessed.plan is not None
        self.rules: dict[str, Rule] = {rule.id: rule for rule in assessed.plan.pack.rules}
        self.names = {rule.name: rule.id for rule in self.rules.values()}
        self.outcomes = report.outcomes
        self.findings = [outcome for finding in report.findings for outcome in all_outcomes(finding)]

    def at(self, rule: str, place: str) -> str:
        """The answer of a rule at a cell: where it points there, or else where it looked at the cell."""
        mine = [outcome for outcome in self.outcomes if outcome.rule == self.names[rule]]
        pointing = [outcome for outcome in mine if f"{outcome.sheet}!{outcome.cell}" == place]
        looking = [o for o in mine if any(f"{part.sheet}!{part.cell}" == place for part in o.operands)]
        said = [self.answer(outcome) for outcome in pointing or looking]
        return min(said, key=GRAVITY.index, default="nothing")

    def answer(self, outcome: Outcome) -> str:
        """pass, tail or fail; any other status by its own name."""
        own = self.rules[outcome.rule].severity
        if outcome.status == Status.FAIL and outcome.severity == Severity.NOTE and own != Severity.NOTE:
            return "tail"
        return str(outcome.status)


def all_outcomes(finding: Finding) -> Iterator[Outcome]:
    yield finding.outcome
    yield from finding.places
    for below in finding.consequences:
        yield from all_outcomes(below)


def places_of(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["at"], *row.get("also", ()))


@cache
def session() -> Session:
    return Session()


@cache
def parity(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def answers(path: Path) -> Answers:
    return Answers(ROOT / "workbooks" / parity(path)["workbook"])


@each_seed
def test_every_identity_gets_its_answer_at_its_cell(path: Path) -> None:
    found = answers(path)
    wrong = []
    for number, row in enumerate(parity(path)["rows"], 1):
        if "not_decidable" in row:
            print(f"{number:>4} —    {row['check']}：{row['not_decidable']}")
            continue
        for place in places_of(row):
            said = found.at(row["rule"], place) if row["rule"] in found.names else "no such rule"
            mark = "" if said == row["answer"] else f"  ← {said}"
            print(f"{number:>4} {row['answer']:<4} {row['check']} | {row['rule']} {place}{mark}")
            if mark:
                wrong.append((number, row["check"], row["rule"], place, row["answer"], said))
    assert wrong == []


@each_seed
def test_no_error_stands_where_nothing_is_known_to_be_wrong(path: Path) -> None:
    found = answers(path)
    known = {place for row in parity(path)["rows"] if row.get("answer") == "fail" for place in places_of(row)}
    beyond = {(entry["rule"], entry["at"]) for entry in parity(path).get("beyond") or ()}
    errors = {
        (found.rules[outcome.rule].name, f"{outcome.sheet}!{outcome.cell}")
        for outcome in found.findings
        if outcome.severity == Severity.ERROR
    }
    assert {(rule, place) for rule, place in errors if place not in known} == beyond


@each_seed
def test_each_row_says_why_or_what(path: Path) -> None:
    for row in parity(path)["rows"]:
        assert ("not_decidable" in row) != ({"answer", "rule", "at"} <= row.keys()), row["check"]
        assert row.get("not_decidable", "?").strip()
    for entry in parity(path).get("beyond") or ():
        assert entry["reason"].strip()


@pytest.mark.skipif(not FINDINGS.exists(), reason="needs the studied reports in ../shared")
@each_seed
def test_the_rows_are_the_identities_of_the_report_and_the_answers_the_truth(path: Path) -> None:
    rows = parity(path)["rows"]
    known = [
        item
        for item in json.loads(FINDINGS.read_text(encoding="utf-8"))
        if item["doc"].startswith(parity(path)["seed"]) and item["kind"] == "identity"
    ]
    assert [row["check"] for row in rows] == [item["check"] for item in known]
    untrue = [
        (item["check"], truth(item), row["answer"])
        for row, item in zip(rows, known, strict=True)
        if "not_decidable" not in row and row["answer"] not in truth(item) and not row.get("note")
    ]
    assert untrue == []


def truth(item: dict[str, Any]) -> tuple[str, ...]:
    """The answers that are right for an identity: rounding may be seen as such or not at all."""
    if item["holds"]:
        return ("pass",)
    return ("tail", "pass") if item["within_tolerance"] else ("fail",)
