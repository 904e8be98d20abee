from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing

from checker.messages import Text
from checker.model.explanation import Bound, Explained, Explanation
from checker.model.fact import Problem
from checker.model.report import Report
from checker.reports.json import render

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    documents = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in SCHEMAS.glob("*.json")}
    resources = [
        (name, referencing.Resource.from_contents(document, referencing.jsonschema.DRAFT202012))
        for name, document in documents.items()
    ]
    registry: Any = referencing.Registry().with_resources(resources)
    return jsonschema.Draft202012Validator(documents["report.schema.json"], registry=registry)


def test_golden(full: Report, golden: Callable[[str, str], None]) -> None:
    golden("full.json", render(full))


def test_validates(full: Report, clean: Report, schema: jsonschema.Draft202012Validator) -> None:
    for report in (full, clean):
        assert [error.message for error in schema.iter_errors(json.loads(render(report)))] == []


@pytest.mark.parametrize("bound", [None, Bound("0" * 12, "-0.50", "万元", ()), Bound("0" * 12, "", "", ())])
def test_what_was_said_of_a_finding_validates(
    full: Report, schema: jsonschema.Draft202012Validator, bound: Bound | None
) -> None:
    workbook = full.workbooks[0]
    first, *others = workbook.findings
    said = Explanation(first.id, first.rule.id, bound, "2022年6月追加", "追加预算", "张三", "2022-07-01")
    findings = (first._replace(explained=Explained(said)), *others)
    document = json.loads(render(full._replace(workbooks=(workbook._replace(findings=findings),))))
    assert [error.message for error in schema.iter_errors(document)] == []
    told = document["workbooks"][0]["findings"][0]["explanation"]
    assert told["limit"] == ("0.50 万元" if bound and bound.difference else "")
    assert (told["reason"], told["by"], told["on"]) == ("追加预算", "张三", "2022-07-01")


def test_the_schema_refuses_what_is_not_a_report(full: Report, schema: jsonschema.Draft202012Validator) -> None:
    document = json.loads(render(full))
    document["workbooks"][0]["findings"][0]["difference"] = -1234.5
    assert not schema.is_valid(document)


def test_both_languages_whatever_was_asked(full: Report) -> None:
    assert render(full, "zh") == render(full, "en")
    finding = json.loads(render(full))["workbooks"][0]["findings"][0]
    assert set(finding["title"]) == {"zh", "en"}


def test_amounts_are_text_in_their_unit(full: Report) -> None:
    finding = json.loads(render(full))["workbooks"][0]["findings"][0]
    assert (finding["actual"], finding["expected"], finding["difference"]) == ("0.00", "1234.5", "-1234.5")
    assert finding["at_least"] == "-1234.49"
    assert finding["unit"] == "万元"
    rate = finding["consequences"][0]
    assert rate["unit"] == "%"
    assert rate["expected"].startswith("94.96")
    assert not [value for value in scalars(json.loads(render(full))) if isinstance(value, float)]


def test_label_counts_and_catalogue(full: Report) -> None:
    workbook = json.loads(render(full))["workbooks"][0]
    assert workbook["findings"][0]["label"] == "资金 / 年度资金总额 / 全年执行数"
    assert workbook["findings"][0]["catalogue"] == ["WT-28", "PL-13"]
    assert list(workbook["counts"]) == [
        "pass",
        "tail",
        "fail",
        "undecided",
        "insufficient",
        "not_applicable",
        "waived",
        "broken",
    ]


def test_outcomes_only_when_the_report_has_them(full: Report, clean: Report) -> None:
    assert len(json.loads(render(full))["workbooks"][0]["outcomes"]) == 5
    assert "outcomes" not in json.loads(render(clean))["workbooks"][0]


def test_a_file_name_that_is_no_text_can_still_be_written(clean: Report) -> None:
    path = b"\xff.xlsx".decode("utf-8", "surrogateescape")
    rendered = render(clean._replace(workbooks=(clean.workbooks[0]._replace(path=path),)))
    assert json.loads(rendered.encode("utf-8"))["workbooks"][0]["path"] == path


def test_scores_are_a_tree_of_plain_digits(full: Report) -> None:
    (score,) = json.loads(render(full))["workbooks"][0]["scores"]
    (level,) = score["tree"]
    (indicator,) = level["children"]
    assert (level["claimed"], indicator["claimed"], indicator["central"]) == ("10.00", "10.00", "9.90")
    assert indicator["agrees"] is False and indicator["cells"][0]["value"] == "99"
    assert score["grade"] is None and score["headline"] is None


def test_a_float_in_the_details_of_a_problem_is_refused(clean: Report) -> None:
    problem = Problem("ODD", Text("怪", "Odd"), details={"score": 9.9})
    bad = clean.workbooks[0]._replace(problems=(problem,))
    with pytest.raises(TypeError, match=r"9\.9"):
        render(clean._replace(workbooks=(bad,)))


def scalars(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for item in value.values():
            yield from scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from scalars(item)
    else:
        yield value
