"""Explanations and waivers that are about no finding are told of in an audit, with where to read them."""

from __future__ import annotations

import csv
from pathlib import Path
from zipfile import ZipFile

import pytest

import checker
from checker.engine.waive import every

from .made import SAMPLES, workbook_of
from .running import audit

pytestmark = pytest.mark.slow

EXPLANATION = (
    "  - finding: {id}\n    rule: GD-0101\n    version: '0123456789ab'\n    difference: ''\n    unit: ''\n"
    "    operands: []\n"
    "    reason: other\n    text: {text}\n    by: 甲\n    'on': '2025-01-01'\n"
)


def explanations(file: Path, *entries: tuple[str, str]) -> Path:
    told = "".join(EXPLANATION.format(id=name, text=text) for name, text in entries)
    file.write_text(f"schema: checker/explanations@1\nworkbook: ''\nexplanations:\n{told}", encoding="utf-8")
    return file


def test_what_fits_no_finding_is_listed(tmp_path: Path) -> None:
    book, other, out = tmp_path / "in" / "甲.xlsx", tmp_path / "in" / "乙.xlsx", tmp_path / "out"
    book.parent.mkdir()
    book.write_bytes(workbook_of(SAMPLES[1], 1))
    other.write_bytes(workbook_of(SAMPLES[0], 2))
    finding = checker.check(book).findings[0]
    given = explanations(tmp_path / "given.yaml", (finding.id, "有此问题"), ("0123456789ab", "没有这个问题"))
    waivers = tmp_path / "waivers.yaml"
    waived = "{{rule: {rule}, finding: {id}, approver: {who}, reason: 已批, until: 2099-01-01}}"
    entries = [
        waived.format(rule=finding.rule.id, id=finding.id, who="有"),
        waived.format(rule=finding.rule.id, id="ba9876543210", who="无"),
    ]
    waivers.write_text(f"schema: checker/waivers@1\nwaivers: [{', '.join(entries)}]\n", encoding="utf-8")
    explanations(other.with_name(f"{other.name}.explanations.yaml"), ("aaaaaaaaaaaa", "写给别的文件"))
    words = (book.parent, "--out", out, "--format", "", "--lang", "en", "--explanations", given, "--waivers", waivers)
    told = audit(*words).stderr
    assert f"2 of those given, and some of their own in 1 workbooks; see {out / 'unmatched.csv'}" in told
    with (out / "unmatched.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    assert [(row[0], row[1], row[7]) for row in rows[:2]] == [("", "0123456789ab", "甲"), ("", "ba9876543210", "无")]
    assert rows[2][0] == str(other) and "写给别的文件" in rows[2][6]
    assert "unmatched.csv" in audit(*words).stderr  # also when nothing else has changed
    audit(book, "--out", out, "--format", "", expected=1)
    assert not (out / "unmatched.csv").exists()


@pytest.mark.parametrize("packed", [False, True])
def test_waivers_beside_workbooks_do_not_count_here_and_are_told(tmp_path: Path, packed: bool) -> None:
    """Or those who are audited could let their own errors pass."""
    book, out = tmp_path / "in" / "甲.xlsx", tmp_path / "out"
    book.parent.mkdir()
    book.write_bytes(workbook_of(SAMPLES[1], 1))
    findings = [one for one in every(checker.check(book).findings) if one.outcome.severity == "error"]
    assert findings
    entries = [
        f"{{rule: {one.rule.id}, finding: '{one.id}', approver: 甲, reason: 已批, until: 2099-01-01}}"
        for one in findings
    ]
    waivers = Path(f"{book}.waivers.yaml")

    def told(*more: object, expected: int) -> str:
        source: Path = book.parent
        if packed:
            source = tmp_path / "in.zip"
            with ZipFile(source, "w") as archive:
                for file in sorted(book.parent.iterdir()):
                    archive.write(file, file.name)
        audit(source, "--out", out, "--format", "json", *more, expected=expected)
        return (out / "findings.json").read_text(encoding="utf-8")

    assert waivers.name not in told(expected=1)
    waivers.write_text(f"schema: checker/waivers@1\nwaivers: [{', '.join(entries)}]\n", encoding="utf-8")
    text = told(expected=1)
    assert "WAIVERS_PASSED_OVER" in text and waivers.name in text and '"waiver"' not in text
    text = told("--waivers", waivers, expected=0)
    assert text.count('"waiver"') == len(findings) and "2099-01-01" in text
