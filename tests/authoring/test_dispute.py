"""A finding held to be wrong goes to the rule's owner with a proof that replays, and names nobody if so asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker import check, to_dict
from checker.cli.main import main

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
