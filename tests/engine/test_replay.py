"""A finding derived again from its document: the same, not the same, or it cannot be."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.engine.replay import Answer, Replayed, Replayer
from checker.errors import UsageError
from checker.reports.json import finding_document
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
SAMPLES = (
    "cn-project/errors/资金总额不等于来源合计.xlsx",
    "cn-project/errors/执行率计算错误.xlsx",
    "cn-project/errors/资金总额为零.xlsx",
    "gd-department-2021/errors/三公控制率错误.xlsx",
)

Document = dict[str, Any]


@pytest.fixture(scope="module")
def session() -> Session:
    session = Session()
    session.grounds = True
    return session


@pytest.fixture(scope="module")
def replayer(session: Session) -> Replayer:
    return Replayer(session.plans(), session.labels, session.lexicon)


def documents_of(session: Session, path: Path) -> list[Document]:
    """As they come out of a file."""
    report = session.assess(path).report
    return [json.loads(json.dumps(finding_document(finding), ensure_ascii=False)) for finding in report.findings]


@pytest.fixture(scope="module")
def documents(session: Session) -> list[Document]:
    return [document for name in SAMPLES for document in documents_of(session, WORKBOOKS / name)]


def every(replayed: Replayed) -> Iterator[Replayed]:
    yield replayed
    for below in replayed.consequences:
        yield from every(below)


def test_findings_come_again(documents: list[Document], replayer: Replayer) -> None:
    told = [one for document in documents for one in every(replayer.replay(document))]
    assert len(told) > 8
    assert [(one.rule, one.reasons) for one in told if one.answer != Answer.SAME] == []


@pytest.mark.slow
def test_findings_come_again_however_many_forms_stand_around(replayer: Replayer, tmp_path: Path) -> None:
    """A unit files dozens of forms; a rule about one table needs that one."""
    import checker

    wrong = WORKBOOKS / "cn-final-accounts" / "errors" / "07三公合计错误.xlsx"
    clean = sorted((WORKBOOKS / "cn-final-accounts" / "clean").glob("*.xlsx"))
    clean += sorted((WORKBOOKS / "cn-final-accounts-internal" / "clean").glob("*.xlsx"))
    report = checker.check([wrong, *clean], together=True, grounds=True)
    assert sum(len(workbook.forms) for workbook in report.workbooks) > 60
    (finding,) = (f for workbook in report.workbooks for f in workbook.findings if f.outcome.rule == "CFA-0701")
    document = json.loads(json.dumps(finding_document(finding), ensure_ascii=False))
    assert replayer.replay(document).answer == Answer.SAME


def amount_changed(text: str) -> str:
    return str(Decimal(text) + 1)


def paths_to(value: Any, key: str, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a document says ``key`` and means something by it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        if name == key and isinstance(item, str) and item:
            yield (*path, name)
        elif name != "consequences":
            yield from paths_to(item, key, (*path, name))


@pytest.mark.parametrize(
    "key",
    ["actual", "expected", "difference", "at_least", "tolerance", "value", "text", "grain", "cell", "label", "id"],
)
def test_one_thing_changed_is_told(key: str, documents: list[Document], replayer: Replayer) -> None:
    tried = 0
    for document in documents:
        for path in paths_to(document, key):
            tampered = copy.deepcopy(document)
            at: Any = tampered
            for step in path[:-1]:
                at = at[step]
            try:
                at[path[-1]] = amount_changed(at[path[-1]])
            except ArithmeticError:
                at[path[-1]] += "1"
            try:
                answer = replayer.replay(tampered).answer
            except UsageError:
                answer = "refused"
            beside = path[0] == "grounds"  # what the rule read there and what decided nothing may say anything
            assert answer != Answer.SAME or beside, (document["rule"], path)
            tried += answer != Answer.SAME
    assert tried > 2


def test_a_figure_changed_with_all_that_shows_it_is_told(documents: list[Document], replayer: Replayer) -> None:
    document = copy.deepcopy(next(d for d in documents if d["difference"] is not None))
    operand = document["operands"][0]
    operand["text"] = operand["value"] = amount_changed(operand["value"])
    told = replayer.replay(document)
    assert told.answer == Answer.DIFFERENT and told.reasons


def test_severity_source_and_words_are_compared(documents: list[Document], replayer: Replayer) -> None:
    for key, value in (("severity", "note"), ("status", "pass"), ("message", {"zh": "无", "en": "none"})):
        assert replayer.replay({**documents[0], key: value}).answer == Answer.DIFFERENT
    source = {**documents[0]["source"], "document": "别的文件"}
    assert replayer.replay({**documents[0], "source": source}).answer == Answer.DIFFERENT


def test_a_waived_finding_is_the_same_finding(documents: list[Document], replayer: Replayer) -> None:
    told = replayer.replay({**documents[0], "status": "waived"})
    assert told.answer == Answer.SAME and told.remarks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pack": "zz-nowhere"}, "没有安装规则包"),
        ({"rule_version": "000000000000"}, "改过"),
        ({"slices": []}, "用工作簿重新审核"),
    ],
)
def test_what_cannot_be_derived_says_why(
    change: dict[str, Any], words: str, documents: list[Document], replayer: Replayer
) -> None:
    told = replayer.replay({**documents[0], "grounds": {**documents[0]["grounds"], **change}})
    assert told.answer == Answer.CANNOT and words in told.reasons[0].zh


def test_without_grounds_nothing_is_said(documents: list[Document], replayer: Replayer) -> None:
    document = {key: value for key, value in documents[0].items() if key != "grounds"}
    assert replayer.replay(document).answer == Answer.CANNOT


def test_another_pack_is_told_and_accuses_no_document(documents: list[Document], replayer: Replayer) -> None:
    grounds = {**documents[0]["grounds"], "digest": "0" * 64}
    told = replayer.replay({**documents[0], "grounds": grounds})
    assert told.answer == Answer.SAME and "不同" in told.remarks[0].zh
    assert replayer.replay({**documents[0], "grounds": grounds, "actual": "1"}).answer == Answer.CANNOT


def test_what_is_no_finding_is_refused(replayer: Replayer) -> None:
    for junk in ({}, {"id": "1"}, {"id": "1", "rule": "x", "title": "t", "consequences": []}):
        with pytest.raises(UsageError, match="NO_FINDING"):
            replayer.replay(junk)


def test_the_command(documents: list[Document], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "finding.json"

    def run(document: object, *words: str) -> tuple[int, str]:
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        code = main(["replay", str(file), *words])
        return code, "".join(capsys.readouterr())

    code, said = run(documents[0])
    assert code == 0 and "复算一致" in said and documents[0]["id"] in said
    code, said = run({**documents[0], "actual": "1"})
    assert code == 1 and "不一致" in said and "实际" in said
    code, said = run({**documents[0], "grounds": None})
    assert code == 3 and "无法复算" in said
    report = {"schema": "checker/report@1", "workbooks": [{"findings": documents[:2]}]}
    assert run(report, "--id", documents[1]["id"])[0] == 0
    assert run(report, "--id", "nothing")[0] == 2
    assert run({"workbooks": 1})[0] == 3


def test_the_report_of_the_command_can_be_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.json"
    main(["check", str(WORKBOOKS / SAMPLES[0]), "--format", "json", "--output", str(out)])
    assert main(["replay", str(out)]) == 0


@pytest.mark.slow
def test_nearly_every_finding_of_the_samples_comes_again(session: Session, replayer: Replayer, stride: int) -> None:
    counts: Counter[str] = Counter()
    for path in sorted(WORKBOOKS.glob("*/errors/**/*.xls*"))[::stride]:
        for document in documents_of(session, path):
            counts.update(one.answer for one in every(replayer.replay(document)))
    assert counts[Answer.DIFFERENT] == 0
    assert counts[Answer.SAME] >= 0.98 * sum(counts.values()), counts


def test_without_being_asked_nothing_is_kept(tmp_path: Path) -> None:
    session = Session()
    findings = session.assess(WORKBOOKS / SAMPLES[0]).report.findings
    assert findings and all(finding.grounds is None for finding in findings)
