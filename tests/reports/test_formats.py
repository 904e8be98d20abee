"""SARIF, JUnit XML and CSV: against their published schemas, and against cells that want to be more than text."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.messages import Text, tr
from checker.model.explanation import Explained, Waiver
from checker.model.outcome import Operand
from checker.model.report import Report
from checker.model.rule import Patch
from checker.reports import FORMATS
from checker.reports.csv import guarded
from checker.reports.json import workbook_document
from checker.reports.sarif import uri
from checker.reports.streams import Document, Head

PUBLISHED = Path(__file__).with_name("published")
#: A formula, markup, a link of SARIF, what turns the terminal and the direction of writing, what XML cannot hold.
HOSTILE = '=HYPERLINK("http://x","y")<b onload=1>&amp;]]>[a](http://x){0}\x1b[2J\x00\ufffe\u202e\r\n@SUM(1)'


def rendered(name: str, report: Report, language: str = "zh") -> str:
    text: str = import_module(f"checker.reports.{name}").render(report, language)
    return text


@pytest.fixture(scope="module")
def sarif() -> jsonschema.Draft202012Validator:
    schema = json.loads((PUBLISHED / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module")
def junit() -> Any:
    return pytest.importorskip("xmlschema").XMLSchema(str(PUBLISHED / "junit-10.xsd"))


@pytest.fixture
def hostile(full: Report) -> Report:
    """The full report with a first finding made of such texts, and a file named so."""
    workbook = full.workbooks[0]
    first = workbook.findings[0]
    operand = Operand(HOSTILE, "A1", HOSTILE, HOSTILE, None, HOSTILE)
    outcome = first.outcome._replace(sheet=HOSTILE, path=(HOSTILE,), operands=(operand,), reason=Text(HOSTILE, HOSTILE))
    waiver = Waiver(first.rule.id, HOSTILE, HOSTILE, "2025-01-01")
    finding = first._replace(
        outcome=outcome._replace(status="waived"),
        message=Text(HOSTILE, HOSTILE),
        cause=Text(HOSTILE, HOSTILE),
        explained=Explained(waiver),
    )
    failing = first._replace(outcome=outcome, message=Text(HOSTILE, HOSTILE), places=(outcome,))
    path = HOSTILE + b"\xff.xlsx".decode("utf-8", "surrogateescape")
    changed = workbook._replace(path=path, unit=HOSTILE, findings=(finding, failing))
    return full._replace(workbooks=(changed, full.workbooks[1]))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_golden(name: str, language: str, full: Report, golden: Callable[[str, str], None]) -> None:
    text = rendered(name, full, language)
    if name == "sarif":  # the version of the program is no part of what is looked at
        document = json.loads(text)
        for tool in (document["runs"][0]["tool"]["driver"], *document["runs"][0]["translations"]):
            tool.pop("version", None)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    golden(f"full.{language}.{name}", text.replace("\r\n", "\n"))


@pytest.mark.parametrize("which", ["full", "clean", "hostile"])
def test_sarif_validates(which: str, request: pytest.FixtureRequest, sarif: jsonschema.Draft202012Validator) -> None:
    document = json.loads(rendered("sarif", request.getfixturevalue(which)))
    assert [error.message for error in sarif.iter_errors(document)] == []


def test_sarif_refuses_what_is_none(full: Report, sarif: jsonschema.Draft202012Validator) -> None:
    document = json.loads(rendered("sarif", full))
    document["runs"][0]["results"][0]["level"] = "grave"
    assert not sarif.is_valid(document)


def test_sarif_says_where_without_lines(full: Report) -> None:
    (run,) = json.loads(rendered("sarif", full))["runs"]
    first = run["results"][0]
    (location,) = first["locations"]
    assert {one["fullyQualifiedName"] for one in location["logicalLocations"]} >= {
        "自评表!G8",
        "资金 / 年度资金总额 / 全年执行数",
    }
    assert "region" not in location["physicalLocation"]
    assert first["partialFingerprints"] == {"checkerFinding/v1": "3f9a1c0d"}
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "CNP-0101"
    assert "财预〔2020〕10号" in run["tool"]["driver"]["rules"][0]["help"]["text"]
    assert run["translations"][0]["rules"][0]["shortDescription"]["text"].startswith("Total funds")
    codes = {note["descriptor"]["id"] for note in run["invocations"][0]["toolExecutionNotifications"]}
    assert {"HTML_IN_DISGUISE", "YAML_SYNTAX", "TABLE_MISSING", "BROKEN"} <= codes


def test_sarif_suppresses_what_was_waived(hostile: Report) -> None:
    results = json.loads(rendered("sarif", hostile))["runs"][0]["results"]
    assert results[0]["suppressions"][0]["status"] == "accepted"
    assert all("suppressions" not in result for result in results[1:])


def test_sarif_addresses() -> None:
    assert uri("甲/a b.xlsx") == "%E7%94%B2/a%20b.xlsx"
    assert uri("a:b#c%.xlsx") == "a%3Ab%23c%25.xlsx"
    assert uri("/x/y.xlsx") == "file:///x/y.xlsx"
    assert uri("C:\\x\\y.xlsx") == "file:///C:/x/y.xlsx"
    assert uri("s3://bucket/甲.xlsx") == "s3://bucket/%E7%94%B2.xlsx"


@pytest.mark.parametrize("which", ["full", "clean", "hostile"])
def test_junit_validates(which: str, request: pytest.FixtureRequest, junit: Any) -> None:
    text = rendered("junit", request.getfixturevalue(which))
    assert [str(error) for error in junit.iter_errors(text)] == []


def test_patches_in_force_are_told(full: Report, junit: Any) -> None:
    change = tr("the rule is left out")
    patch = Patch(
        "2025-01", tr("Patch"), "2025-01-01", "财函〔2025〕1号", "张三", "", (change,), ("CNP-0101",), "p.yaml"
    )
    first, *others = full.packs
    patched = full._replace(packs=(first._replace(patches=(patch,)), *others))
    text = rendered("junit", patched)
    assert [str(error) for error in junit.iter_errors(text)] == []
    told = [one.attrib["value"] for one in ElementTree.fromstring(text.split("\n", 1)[1]).iter("property")]
    assert len(told) == 1 and "2025-01" in told[0]
    rows = list(csv.DictReader(io.StringIO(rendered("csv", patched, "en").removeprefix("\ufeff"))))
    assert {row["Patches of its rules in force"] for row in rows if row["Rule id"]} == {"Patch 财函〔2025〕1号"}
    assert "财函〔2025〕1号" in rendered("sarif", patched)


def test_junit_counts_what_it_holds(full: Report) -> None:
    root = ElementTree.fromstring(rendered("junit", full).split("\n", 1)[1])
    for suite in root:
        cases = list(suite)
        kinds = [{child.tag for child in case} for case in cases]
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["errors"]) == sum("error" in kind for kind in kinds)
        assert int(suite.attrib["failures"]) == sum("failure" in kind and "error" not in kind for kind in kinds)
    unread = root[-1]
    assert unread.attrib["errors"] == "1" and "网页" in ElementTree.tostring(unread, encoding="unicode")


def test_junit_never_passes_what_has_no_answer(clean: Report) -> None:
    """Counts alone, as the report has them without --all."""
    counts = {"pass": 3, "insufficient": 2, "broken": 1}
    report = clean._replace(workbooks=(clean.workbooks[0]._replace(counts=counts),))
    text = rendered("junit", report)
    assert 'errors="1" skipped="1"' in text and 'failures="0"' in text


def test_csv_has_a_line_for_each_finding(full: Report) -> None:
    text = rendered("csv", full)
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line["序号"] for line in lines[1:4]] == ["1", "1.1", "1.1.1"]
    assert lines[1]["差额"] == "-1234.5" and lines[1]["编号"] == "3f9a1c0d"
    assert {line["状态"] for line in (lines[0], lines[-1])} == {"未能读取"}


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠"])
def test_csv_calculates_nothing(begin: str) -> None:
    assert guarded(f"{begin}1+1").startswith("'") and guarded(f"{begin}1+1").endswith("1+1")


def test_csv_leaves_numbers_alone() -> None:
    assert [guarded(text) for text in ("-1234.5", "0", "-")] == ["-1234.5", "0", "'-"]


def test_hostile_texts_are_texts(hostile: Report) -> None:
    table = list(csv.reader(io.StringIO(rendered("csv", hostile).removeprefix("\ufeff"))))
    cells = [cell for line in table for cell in line]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    root = ElementTree.fromstring(rendered("junit", hostile).split("\n", 1)[1])
    assert root.find(".//b") is None
    messages = [failure.attrib["message"] for failure in root.iter("failure")]
    assert any("<b onload=1>" in message and "\x1b" not in message for message in messages)
    results = json.loads(rendered("sarif", hostile))["runs"][0]["results"]
    assert "\\[a\\](http://x){{0}" in results[0]["message"]["text"]
    for name in FORMATS:
        text = rendered(name, hostile)
        text.encode("utf-8")
        assert not set("\x00\x1b") & set(text), name


def test_workbooks_are_written_one_by_one(full: Report) -> None:
    """A workbook is on its way before the next is asked for: nothing is kept."""
    document = workbook_document(full.workbooks[0])
    for name in ("sarif", "junit", "csv"):
        seen: list[int] = []
        stream = io.StringIO(newline="")

        def documents(stream: io.StringIO = stream, seen: list[int] = seen) -> Iterator[Document]:
            for _ in range(3):
                yield document
                seen.append(stream.tell())

        import_module(f"checker.reports.{name}").write(documents(), stream, Head(), "zh")
        assert 0 < seen[0] < seen[1] < seen[2] <= stream.tell() < seen[2] + 20_000, name
