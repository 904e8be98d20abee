"""The papers of a run, out of its store: they say what the store says, and the same bytes each time."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.audit.papers.writing import NAMES, documents, write_papers
from checker.audit.store.reading import Store, open_store
from checker.cli.replay import findings_in

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture(scope="module")
def store(store_folder: Path) -> Iterator[Store]:
    with open_store(store_folder) as store:
        yield store


@pytest.fixture(scope="module")
def papers(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    written = write_papers(store, folder, ["json", "sarif", "junit", "csv", "html"])
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in written)
    return folder


def count(store: Store, query: str) -> Any:
    (row,) = store.connection.execute(query).fetchall()
    return row[0]


def test_findings_json_has_its_shape_and_all_findings(papers: Path, store: Store) -> None:
    import referencing

    text = (papers / NAMES["json"]).read_text(encoding="utf-8")
    document = json.loads(text)
    loaded = {name: json.loads((SCHEMAS / name).read_text(encoding="utf-8")) for name in
              ("findings.schema.json", "report.schema.json", "common.schema.json")}  # fmt: skip
    made = [(n, referencing.Resource.from_contents(d, referencing.jsonschema.DRAFT202012)) for n, d in loaded.items()]
    registry: Any = referencing.Registry().with_resources(made)
    validator = jsonschema.Draft202012Validator(loaded["findings.schema.json"], registry=registry)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert len(document["workbooks"]) == count(store, "SELECT count(*) FROM workbooks")
    assert text.count('"catalogue": ') >= count(store, "SELECT count(*) FROM findings")
    assert len(text.splitlines()) == len(document["workbooks"]) + 2


def test_the_same_store_gives_the_same_bytes(papers: Path, store: Store, tmp_path: Path) -> None:
    for path in write_papers(store, tmp_path, ["json", "sarif", "junit", "csv"]):
        assert path.read_bytes() == (papers / path.name).read_bytes()


def test_findings_are_found_by_id_line_by_line(papers: Path, store: Store) -> None:
    wanted = count(store, "SELECT min(id) FROM findings WHERE parent IS NOT NULL") or count(
        store, "SELECT min(id) FROM findings"
    )
    with (papers / NAMES["json"]).open(encoding="utf-8") as lines:
        found = list(findings_in(lines, "findings.json", wanted))
    assert found and {finding["id"] for finding in found} == {wanted}


def test_csv_and_sarif_tell_every_finding(papers: Path, store: Store) -> None:
    findings = count(store, "SELECT count(*) FROM findings")
    unread = count(store, "SELECT count(*) FROM workbooks WHERE status = 'unread'")
    with (papers / NAMES["csv"]).open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == findings + unread
    (run,) = json.loads((papers / NAMES["sarif"]).read_text(encoding="utf-8"))["runs"]
    assert len(run["results"]) == findings
    assert len(run["artifacts"]) == count(store, "SELECT count(*) FROM workbooks")


def test_junit_has_a_case_for_every_rule_that_was_asked(papers: Path, store: Store) -> None:
    root = ElementTree.parse(papers / NAMES["junit"]).getroot()
    for suite, document in zip(root, documents(store), strict=True):
        names = {case.attrib["name"].split(" ")[0] for case in suite}
        assert set(document["x-rules"]) <= names
        if document["status"] == "checked" and not document["findings"]:
            assert suite.attrib["failures"] == "0"


def test_a_paper_that_fails_leaves_the_old_one(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAMES["csv"]).write_text("before", encoding="utf-8")

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("checker.reports.csv.write", broken)
    with pytest.raises(OSError, match="full"):
        write_papers(store, tmp_path, ["csv"])
    assert [path.name for path in tmp_path.iterdir()] == [NAMES["csv"]]
    assert (tmp_path / NAMES["csv"]).read_text(encoding="utf-8") == "before"
