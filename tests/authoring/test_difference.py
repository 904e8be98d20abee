"""Two editions of rules held against each other, by themselves and on workbooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.authoring.editions import load_edition
from checker.cli.main import main
from checker.templates import draw, write_xlsx

from .town import write


@pytest.fixture(scope="module")
def editions(town: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return str(town), str(write(tmp_path_factory.mktemp("2025"), later=True))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory, editions: tuple[str, str]) -> str:
    """A workbook whose totals are out in both columns."""
    form = load_edition(editions[0]).session.loaded.packs["town-meals"].forms["学生餐补助表"]
    rows = {
        "补助合计": {"预算数": 100, "决算数": 13},
        "小学补助": {"预算数": 60, "决算数": 6},
        "中学补助": {"预算数": 30, "决算数": 5},
        "学生人数": {"决算数": 105},
    }
    file = tmp_path_factory.mktemp("workbook") / "甲镇.xlsx"
    write_xlsx({"学生餐补助表": draw(form, {"填报单位": "甲镇", "补助": rows}, year="2025")}, file)
    return str(file)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_differs_is_told_part_by_part(
    editions: tuple[str, str],
    workbook: str,
    language: str,
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rules", "diff", *editions, workbook, "--lang", language]) == 1
    golden(f"diff.{language}.txt", capsys.readouterr().out.replace(workbook, "甲镇.xlsx"))


def test_programs_are_told_the_same(
    editions: tuple[str, str], workbook: str, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "diff", *editions, workbook, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out.replace(workbook, "甲镇.xlsx"))
    for pack in document["packs"]:
        for side in ("before", "after"):
            assert len(pack[side].pop("digest")) == 64
    golden("diff.json", json.dumps(document, ensure_ascii=False, indent=2) + "\n")


PATCH = """\
schema: checker/patch@1
id: "2026-01"
title: 试填报调整
published: 2026-01-20
document: 某财绩〔2026〕3号
approver: 李某某
regrade:
  - {rule: TWN-0001, severity: note, reason: 试填报}
parameters:
  - pack: town-meals
    name: 满分
    values: [{value: "120", source: {document: 某财绩〔2026〕3号, status: sourced}}]
    reason: 改为120分
"""


def _patched(town: Path, folder: Path) -> str:
    shutil.copytree(town, folder, dirs_exist_ok=True)
    (folder / "patches").mkdir()
    (folder / "patches" / "2026-01.yaml").write_text(PATCH, encoding="utf-8")
    return str(folder)


def test_what_a_patch_changes_is_a_difference(
    town: Path, tmp_path: Path, workbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    after = _patched(town, tmp_path / "after")
    assert main(["rules", "diff", str(town), after, workbook, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    packs = {pack["after"]["pack"]: pack for pack in document["packs"]}
    (rule,) = packs["town-meals"]["rules"]
    assert (rule["name"], rule["regraded"]) == ("TWN-0001", True)
    assert [(one["part"], one["after"]) for one in rule["changes"]] == [("severity", "note")]
    assert [one["name"] for one in packs["town-meals"]["parameters"]] == ["满分"]
    changed = {(one["before"], one["after"]) for one in document["verdicts"] if one["rule"] == "TWN-0001"}
    assert changed == {("fail/error", "fail/note")}, "the finding stays, milder"
    main(["rules", "diff", after, str(town), workbook, "--format", "json"])
    back = json.loads(capsys.readouterr().out)["verdicts"]
    assert {(one["before"], one["after"]) for one in back if one["rule"] == "TWN-0001"} == {("fail/note", "fail/error")}


def test_a_folder_of_patches_alone_is_an_edition_of_what_they_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "patches" / "a.yaml"
    file.parent.mkdir()
    retire = PATCH.partition("regrade:")[0] + "deactivate:\n  - {rule: CFA-0101, reason: 表样改版}\n"
    file.write_text(retire, encoding="utf-8")
    assert main(["rules", "diff", "cn-final-accounts", str(tmp_path), "--format", "json"]) == 1
    (pack,) = json.loads(capsys.readouterr().out)["packs"]
    assert [(one["change"], one["name"]) for one in pack["rules"]] == [("removed", "CFA-0101")]
    assert "表样改版" in pack["rules"][0]["changes"][0]["after"]
    file.write_text(retire.replace("CFA-0101", "CFA-9999"), encoding="utf-8")
    assert main(["rules", "diff", "cn-final-accounts", str(tmp_path)]) == 2, "a patch that is not applied is no edition"
    assert "RULE_UNKNOWN" in capsys.readouterr().err


def test_a_pack_does_not_differ_from_itself(editions: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "diff", editions[0], editions[0]]) == 0
    assert main(["rules", "diff", "cn-project", "cn-project"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_packs_that_ship_may_be_named_by_their_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "diff", str(Path(__file__).parents[2] / "rules"), "cn-project"]) == 0
    assert capsys.readouterr().err == ""


def test_of_the_later_edition_seen_from_before_all_is_the_other_way_round(
    editions: tuple[str, str], workbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def verdicts(*words: str) -> list[tuple[str, str, str]]:
        main(["rules", "diff", *words, workbook, "--format", "json"])
        found = json.loads(capsys.readouterr().out)["verdicts"]
        return [(one["cell"], one["before"], one["after"]) for one in found]

    there, back = verdicts(*editions), verdicts(*reversed(editions))
    assert there and sorted(there) == sorted((cell, after, before) for cell, before, after in back)


@pytest.mark.slow
def test_a_pack_with_mistakes_is_never_called_the_same_or_removed(
    editions: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(write(tmp_path), "town-meals", "checks", "meals.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("kind: sum", "kind: sun"), encoding="utf-8")
    assert main(["rules", "diff", editions[0], str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "meals.yaml:13" in told.err


@pytest.mark.parametrize(("name", "code"), [("nowhere", "EDITION_UNKNOWN"), ("", "PACK_NONE")])
def test_what_is_no_edition_is_refused(
    tmp_path: Path, name: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = name or str(tmp_path)
    assert main(["rules", "diff", "cn-project", other]) == 2
    assert code in capsys.readouterr().err


def test_a_workbook_that_cannot_be_read_is_told(
    editions: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(b"PK\x03\x04")
    assert main(["rules", "diff", editions[0], editions[0], str(file), "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["unread"][0]["path"] == str(file)
