"""The way in for a caller: many files, what cannot be read, exit codes; and input files stay as they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import checker
from checker.engine.verdict import verdict
from checker.errors import ReadError, UsageError
from checker.messages import Text
from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.session import Session, unread

from .conftest import FILLED, SUM, funds, house_in

ERROR = ReadError("FILE_EMPTY", Text("空", "empty"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One of each: clean, with an error, with a warning, unreadable, unrecognised; and the folder of rules."""
    folder = tmp_path_factory.mktemp("files")
    here = house_in(folder)(SUM, FILLED | {"severity": "warning"})
    damaged = folder / "损坏.xlsx"
    damaged.write_bytes(b"PK\x03\x04 this is no archive")
    other = folder / "别的.xlsx"
    save_foreign(other)
    return {
        "rules": here.folder,
        "clean": here.save(folder / "好.xlsx", funds(合计=(100, 90, "90%"), 拨款=(100, 90, "90%"), 结转=None)),
        "error": here.save(folder / "错.xlsx", funds(合计=(100, 90, "90%"), 拨款=(90, 90, "100%"), 结转=None)),
        "warning": here.save(folder / "警.xlsx", funds(合计=(100, 90, None), 拨款=(100, 90, "90%"), 结转=None)),
        "damaged": damaged,
        "other": other,
        "absent": folder / "没有.xlsx",
    }


def save_foreign(path: Path) -> None:
    from checker.templates import Drawing, write_xlsx
    from checker.templates.drawing import Placed

    drawing = Drawing({(1, 1): Placed("plain", "text", "购物清单")}, (), (10.0,), {}, (), 1)
    write_xlsx({"清单": drawing}, path)


@pytest.mark.parametrize(
    ("names", "fail_on", "code"),
    [
        (["clean"], "error", 0),
        (["error"], "error", 1),
        (["warning"], "error", 0),
        (["warning"], "warning", 1),
        (["warning"], "note", 1),
        (["error"], "note", 1),
        (["clean", "error"], "error", 1),
        (["damaged"], "error", 3),
        (["other"], "error", 3),
        (["absent"], "error", 3),
        (["clean", "damaged", "error"], "error", 3),
        ([], "error", 3),
    ],
)
def test_exit_codes(files: dict[str, Path], names: list[str], fail_on: str, code: int) -> None:
    report = checker.check([files[name] for name in names], rules=[files["rules"]], pack="en", fail_on=fail_on)
    assert report.verdict.exit == code


def test_one_bad_file_does_not_cost_the_others_theirs(files: dict[str, Path]) -> None:
    names = ["damaged", "error", "absent", "other", "clean"]
    report = checker.check([files[name] for name in names], rules=[files["rules"]], pack="en")
    assert [workbook.status for workbook in report.workbooks] == ["unread", "checked", "unread", "unread", "checked"]
    assert [len(workbook.findings) for workbook in report.workbooks] == [0, 1, 0, 0, 0]
    codes = [workbook.error.code if workbook.error else "" for workbook in report.workbooks]
    assert codes[2:4] == ["FILE_MISSING", "FORM_UNRECOGNISED"] and codes[0] and not codes[1]


def test_a_defect_on_one_file_is_told_as_one(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session([files["rules"]])

    def broken(path: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr(session, "read", broken)
    report = session.assess(files["clean"], pack="en").report
    assert report.status == "unread" and report.error is not None and report.error.code == "INTERNAL"
    assert "RuntimeError" in report.error.render("zh") and "a defect" in report.error.render("en")


def test_what_was_not_recognised_says_what_was_seen(files: dict[str, Path]) -> None:
    (workbook,) = checker.check(files["other"], rules=[files["rules"]]).workbooks
    assert workbook.error is not None and "清单" in workbook.error.render("zh")
    assert workbook.sha256 == hashlib.sha256(files["other"].read_bytes()).hexdigest()


def test_input_files_are_never_touched(files: dict[str, Path]) -> None:
    names = [name for name in files if name not in ("rules", "absent")]
    before = {name: (files[name].read_bytes(), files[name].stat().st_mtime_ns) for name in names}
    checker.check([files[name] for name in names], rules=[files["rules"]], every_outcome=True)
    assert {name: (files[name].read_bytes(), files[name].stat().st_mtime_ns) for name in names} == before
    listed = sorted(path.name for path in files["clean"].parent.iterdir() if path.is_file())
    assert listed == sorted(files[name].name for name in names)


def test_passes_are_kept_only_when_asked_for(files: dict[str, Path]) -> None:
    (brief,) = checker.check(files["clean"], rules=[files["rules"]], pack="en").workbooks
    (full,) = checker.check(files["clean"], rules=[files["rules"]], pack="en", every_outcome=True).workbooks
    assert brief.outcomes == () and brief.counts == full.counts
    assert len(full.outcomes) == sum(full.counts.values()) > 0


def test_progress_names_each_file_and_the_end(files: dict[str, Path]) -> None:
    told: list[tuple[int, int, str]] = []
    paths = [files["clean"], files["damaged"]]
    checker.check(paths, rules=[files["rules"]], pack="en", progress=lambda *args: told.append(args))
    assert told == [(1, 2, str(paths[0])), (2, 2, str(paths[1])), (3, 2, "")]


def test_a_pack_that_is_not_there(files: dict[str, Path]) -> None:
    with pytest.raises(UsageError) as caught:
        checker.check(files["clean"], rules=[files["rules"]], pack="nobody")
    assert caught.value.code == "PACK_UNKNOWN" and "en" in caught.value.render("en")


def test_rules_that_cannot_be_read_are_a_failure_and_exit_3(files: dict[str, Path], tmp_path: Path) -> None:
    rules = copytree(files["rules"], tmp_path / "rules")
    check_file = rules / "en" / "checks" / "自评表.yaml"
    check_file.write_text(check_file.read_text(encoding="utf-8").replace("kind: sum", "kind: sums"), encoding="utf-8")
    report = checker.check(files["clean"], rules=[rules])
    assert report.failures and report.verdict.exit == 3


@pytest.mark.parametrize("severity", ["error", "warning", "note"])
def test_the_verdict_counts_by_severity(severity: str) -> None:
    workbook = WorkbookReport("甲", "checked", findings=(finding(severity),), counts={Status.UNDECIDED: 2})
    told = verdict([workbook, workbook], (), "note")
    assert (told.errors, told.warnings, told.notes) == tuple(2 * (severity == s) for s in ("error", "warning", "note"))
    assert told.undecided == 4 and told.exit == 1


@pytest.mark.parametrize("status", ["partly", "unread"])
def test_the_verdict_of_what_was_not_checked_whole_is_3_whatever_was_found(status: str) -> None:
    assert verdict([WorkbookReport("甲", status), WorkbookReport("乙", "checked")], (), "error").exit == 3
    assert verdict([unread("甲", ERROR)], (), "error").exit == 3
    assert verdict([WorkbookReport("甲", "checked")], (ERROR,), "error").exit == 3
    assert verdict([WorkbookReport("甲", "checked", findings=(finding("error"),))], (), "error").exit == 1


def finding(severity: str) -> Finding:
    from checker.model.outcome import Outcome
    from checker.model.rule import Rule, Source

    text = Text("甲", "a")
    rule = Rule("T-1", "t", "p", "f", text, severity, Source("d"), {})
    return Finding("x", rule, Outcome("T-1", "fail", severity, "表", "A1", ("表",), "表"), text, text)
