"""The samples that lie in ``workbooks/``: nothing is said of the clean ones, and of each other one its slip, first."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.session import Session

ROOT = Path(__file__).parents[2] / "workbooks"
PACKS = sorted(path.parent for path in ROOT.glob("*/content"))
CLEAN = [path for pack in PACKS for path in sorted((pack / "clean").glob("*.xlsx"))]
MANIFESTS: Mapping[Path, Mapping[str, Any]] = {
    pack: json.loads((pack / "errors" / "manifest.json").read_text("utf-8")) for pack in PACKS
}
WRONG = [(pack / "errors" / name) for pack, manifest in MANIFESTS.items() for name in sorted(manifest)]
#: In the quick suite every twelfth of them is looked at, which is some of each pack.
_EVERY = 12

#: What may be said of a clean sample, and why.
TOLERATED = {
    "系统导出项目": {"number-as-text"},  # budget systems export every figure as text, which the note is about
}

#: Samples whose slip is not the first thing said yet, with what has to change for it.
NOT_FIRST = {
    "自评缺少申报的指标": "the missing row has no cell; what is found is the approved indicator on the other sheet",
}


@cache
def session() -> Session:
    return Session()


@cache
def report(path: Path) -> WorkbookReport:
    return session().assess(path).report


def every(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Findings and all that hangs under them."""
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


@pytest.fixture(
    scope="module",  # so that what asks for one sample stands together, and each is checked once
    params=[pytest.param(path, marks=[pytest.mark.slow] if n % _EVERY else []) for n, path in enumerate(WRONG)],
    ids=lambda path: path.stem,
)
def wrong(request: pytest.FixtureRequest) -> Path:
    """A sample with a slip."""
    path: Path = request.param
    return path


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_nothing_is_said_of_a_clean_sample(path: Path) -> None:
    found = report(path)
    assert found.status == "checked"
    assert found.forms
    said = {finding.rule.name for finding in every(found.findings)}
    assert said == TOLERATED.get(path.stem, set())
    assert all(finding.outcome.severity == "note" for finding in every(found.findings))
    assert [found.counts[status] for status in (Status.UNDECIDED, Status.BROKEN)] == [0, 0]
    assert not [told for told in found.outcomes if not told.awaits]  # nothing that could not be answered from it


def test_the_slip_of_a_sample_is_the_first_thing_said(wrong: Path) -> None:
    entry = MANIFESTS[wrong.parents[1]][wrong.name]
    found = report(wrong)
    assert found.status == "checked"
    if wrong.stem in NOT_FIRST:
        assert not is_first(found, entry), f"it is now; take {wrong.stem} off the list"
        return
    assert is_first(found, entry), [(f.rule.name, f.outcome.sheet, f.outcome.cell) for f in found.findings]


def is_first(found: WorkbookReport, entry: Mapping[str, Any]) -> bool:
    """Whether the first finding is about the slip: by an id of the catalogue or the rule's name, sheet and cell."""
    if not found.findings:
        return False
    first = found.findings[0]
    named = {first.rule.id, first.rule.name, *first.rule.catalogue}
    return bool(named & {*entry["rules"]}) and (first.outcome.sheet, first.outcome.cell) == (
        entry["sheet"],
        entry["cell"],
    )


def test_errors_stand_only_where_the_slip_reaches(wrong: Path) -> None:
    """No error-level finding but on the sheet of the slip: the other sheets are those of a clean sample."""
    entry = MANIFESTS[wrong.parents[1]][wrong.name]
    errors = [finding for finding in every(report(wrong).findings) if finding.outcome.severity == "error"]
    assert {finding.outcome.sheet for finding in errors} <= {entry["sheet"], *entry.get("reaches", [])}


def test_the_list_of_what_is_not_first_names_samples() -> None:
    assert {*NOT_FIRST} <= {path.stem for path in WRONG}
    assert {*TOLERATED} <= {path.stem for path in CLEAN}


def test_one_slip_is_one_finding_with_what_follows_from_it() -> None:
    """A figure that neither its row nor its column nor the identity of its row agrees with is told once."""
    path = ROOT / "cn-project" / "errors" / "支出计划调整不平.xlsx"
    first = report(path).findings[0]
    below = {(finding.rule.name, finding.outcome.cell) for finding in every(first.consequences)}
    assert first.outcome.cell == "I11"
    others = {("plan-full-year-budget-sources", "I11"), ("plan-total", "I9"), ("plan-spending-over-budget", "R11")}
    assert below == others


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_making_the_samples_anew_gives_the_same_files(pack: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "generate.py")
    assert spec is not None and spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    generator.main(pack.name, tmp_path)
    folders = ("blank", "clean", "errors")
    lying = {path.relative_to(pack): path for folder in folders for path in (pack / folder).iterdir()}
    made = {path.relative_to(tmp_path): path for folder in folders for path in (tmp_path / folder).iterdir()}
    assert made.keys() == lying.keys()
    assert [name for name in made if made[name].read_bytes() != lying[name].read_bytes()] == []
