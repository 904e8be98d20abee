"""A finding held to be wrong goes to the rule's owner with a proof that replays, and names nobody if so asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker import check, to_dict
from checker.authoring.dispute import dispute
from checker.cli.main import main
from checker.engine.replay import Replayer
from checker.session import Session

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbooks" / "cn-project" / "errors" / "资金总额不等于来源合计.xlsx"


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return to_dict(check(SAMPLE, grounds=True))


def written(path: Path, document: Any) -> str:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("more", [[], ["--anonymous"]])
def test_a_dispute_holds_the_rule_and_replays(
    report: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    finding = report["workbooks"][0]["findings"][0]
    file, out = written(tmp_path / "report.json", report), tmp_path / "dispute.json"
    words = ["rules", "dispute", file, "--id", finding["id"], "--reason", "含上年结转", "-o", str(out), *more]
    assert main(words) == 0
    text = out.read_text(encoding="utf-8")
    disputed = json.loads(text)
    about = disputed["x-dispute"]
    assert (about["reason"], about["rule"]["id"], about["pack"]["id"]) == ("含上年结转", "CNP-0101", "cn-project")
    assert about["rule"]["check"]["kind"] == "sum"
    assert (disputed["operands"], disputed["difference"]) == (finding["operands"], finding["difference"])
    assert ("示例县科普服务中心" in text) is not bool(more)
    assert (disputed["id"] == finding["id"]) is not bool(more)
    capsys.readouterr()
    assert main(["replay", str(out)]) == 0
    assert "一致" in capsys.readouterr().out


def _every(findings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        yield finding
        yield from _every(finding["consequences"])


def _texts(finding: dict[str, Any]) -> set[str]:
    """The texts of cells in what a finding rests on, figures left out."""
    found = {cell["text"] for place in (finding, *finding["places"]) for cell in place["operands"]}
    for form in (form for kept in finding["grounds"]["slices"] for form in kept["forms"]):
        found |= {cell.get("text", "") for cell in form.get("fields", {}).values()}
        rows = [row for table in form.get("tables", {}).values() for row in table["rows"]]
        found |= {cell.get("text", "") for row in rows for cell in row["cells"].values()}
    return {text.strip() for text in found if any(letter.isalpha() for letter in text) and len(text.strip()) > 1}


@pytest.mark.parametrize(
    "sample",
    ["gd-project-2022/errors/执行率得分偏高.xlsx", "hn-department/errors/单位名称不一致.xlsx"],
)
def test_no_name_is_left_but_those_that_decide(sample: str) -> None:
    session = Session()
    (workbook,) = to_dict(check(ROOT / "workbooks" / sample, grounds=True))["workbooks"]
    hidden, stayed = 0, 0
    for finding in _every(workbook["findings"]):
        disputed = dispute(finding, f"{workbook['unit']}的数是对的", session, anonymous=True)
        kept, text = disputed["x-dispute"]["texts_kept"], json.dumps(disputed, ensure_ascii=False)
        assert workbook["unit"] not in text
        outside = {**disputed, "x-dispute": {**disputed["x-dispute"], "rule": None}}  # a rule may name what it is about
        for one in _texts(finding) - {*kept}:
            assert f'"{one}"' not in json.dumps(outside, ensure_ascii=False)
            hidden += 1
        stayed += len(kept)
        replayed = Replayer(session.plans(), session.labels, session.lexicon).replay(disputed)
        assert replayed.answer == "same" and disputed["difference"] == finding["difference"]
        again = dispute(finding, f"{workbook['unit']}的数是对的", session, anonymous=True)
        assert again == disputed, "the same words for the same finding"
    assert hidden and stayed


def test_what_stays_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = to_dict(check(ROOT / "workbooks/cn-project/errors/完成值超目标未说明.xlsx", grounds=True))
    finding = next(one for one in _every(report["workbooks"][0]["findings"]) if one["rule"] == "CNP-0419")
    file = written(tmp_path / "finding.json", finding)
    assert main(["rules", "dispute", file, "--reason", "有误", "--anonymous"]) == 0
    assert "≥60场" in capsys.readouterr().err


def test_what_cannot_be_derived_again_is_no_proof(
    report: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = dict(report["workbooks"][0]["findings"][0])
    changed = written(tmp_path / "a.json", {**finding, "difference": "2.0"})
    bare = written(tmp_path / "b.json", {key: value for key, value in finding.items() if key != "grounds"})
    none = written(tmp_path / "c.json", [])
    for file, code in ((changed, "DISPUTE_UNPROVEN"), (bare, "DISPUTE_UNPROVEN"), (none, "DISPUTE_WHICH")):
        assert main(["rules", "dispute", file, "--reason", "有误"]) == 2
        assert code in capsys.readouterr().err
    assert main(["rules", "dispute", changed, "--reason", " "]) == 2
    assert "DISPUTE_REASON" in capsys.readouterr().err
