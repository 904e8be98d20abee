"""The real command on real files: from the prompt to the report and back."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLEAN = ROOT / "workbooks" / "cn-project" / "clean" / "年度科普项目.xlsx"
WRONG = ROOT / "workbooks" / "cn-project" / "errors" / "资金总额不等于来源合计.xlsx"
MANIFEST = json.loads((WRONG.parent / "manifest.json").read_text(encoding="utf-8"))
FORM = "项目支出绩效自评表"

#: What costs more to import than a whole check may take.
HEAVY = ("yaml", "jsonschema", "openpyxl", "xlwings", "rich", "importlib.metadata", "importlib.resources")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def run() -> Run:
    """Runs ``checker`` in a process of its own, with the cache of packs that all tests share."""

    def command(*words: str | Path, code: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        start = ["-c", code] if code else ["-m", "checker.cli.main"]
        return subprocess.run(
            [sys.executable, *start, *map(str, words)],
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
            timeout=120,
        )

    return command


def test_a_clean_workbook(run: Run) -> None:
    result = run("check", CLEAN)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stderr == ""
    assert f"表样  {FORM}" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("结论：")


def test_a_wrong_workbook_names_the_cell_first(run: Run) -> None:
    result = run("check", WRONG)
    assert result.returncode == 1, result.stdout + result.stderr
    place = f"{MANIFEST[WRONG.name]['sheet']}!{MANIFEST[WRONG.name]['cell']}"
    first = next(line for line in result.stdout.splitlines() if line.startswith("1. "))
    assert first.startswith(f"1. 错误  {place} ")
    for label in ("要求  ", "问题  ", "比较  ", "代入  ", "取数  ", "依据  ", "规则  "):
        assert f"   {label}" in result.stdout


def test_fail_on_decides_the_code_and_not_what_is_shown(run: Run) -> None:
    shown = [run("check", CLEAN, "--fail-on", level).stdout for level in ("error", "note")]
    assert shown[0].splitlines()[:-1] == shown[1].splitlines()[:-1]


def test_json_is_the_same_every_time_and_fits_its_schema(run: Run) -> None:
    import jsonschema
    import referencing

    outputs = [run("check", WRONG, CLEAN, "--format", "json", "--all").stdout for _ in range(2)]
    assert outputs[0] == outputs[1]
    schemas = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "schemas").glob("*.json")}
    registry: referencing.Registry = referencing.Registry().with_resources(
        (name, referencing.Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    validator = jsonschema.Draft202012Validator(schemas["report.schema.json"], registry=registry)
    document = json.loads(outputs[0])
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []
    wrong, clean = document["workbooks"]
    assert wrong["findings"][0]["cell"] == MANIFEST[WRONG.name]["cell"]
    for workbook in (wrong, clean):
        assert len(workbook["outcomes"]) == sum(workbook["counts"].values()) > 0
        assert not [finding for finding in clean["findings"] if finding["severity"] == "error"]


def test_html_is_one_page_that_loads_nothing(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = run("check", WRONG, "--format", "html", "--output", page)
    assert result.returncode == 1, result.stdout + result.stderr
    text = page.read_text(encoding="utf-8")
    packed = re.findall(r'<script type="text/plain" id="[^"]+">([^<]+)<', text)
    held = "".join(gzip.decompress(base64.b64decode(piece)).decode("utf-8") for piece in packed)
    assert WRONG.name in held
    assert MANIFEST[WRONG.name]["cell"] in held
    assert "default-src 'none'" in text  # the browser itself refuses to fetch anything
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)


def test_a_plain_check_imports_nothing_heavy(run: Run) -> None:
    code = (
        "import sys; from checker.cli.main import main; code = main(sys.argv[1:]); "
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    run("check", CLEAN, code=code)  # compiles the packs
    loaded = run("check", CLEAN, code=code).stderr.split()
    assert "checker.engine.run" in loaded
    assert [name for name in loaded if name in HEAVY] == []


def test_a_file_that_cannot_be_read_costs_the_others_nothing(run: Run, tmp_path: Path) -> None:
    shutil.copy(WRONG, tmp_path / "1.xlsx")
    (tmp_path / "2.xlsx").write_text("<html><body>表</body></html>", encoding="utf-8")
    (tmp_path / "~$1.xlsx").write_bytes(b"lock")
    result = run("check", tmp_path, tmp_path / "3.xlsx")
    assert result.returncode == 3
    assert "1 个" in result.stderr
    assert "1. 错误  " in result.stdout
    assert result.stdout.count("\n  未能检查  ") == 2
    assert "Traceback" not in result.stderr


def test_explain_shows_both_sides_of_passes_too(run: Run) -> None:
    alone = run("explain", "fund-total-equals-sources")
    assert alone.returncode == 0
    assert "年度资金总额等于各资金来源之和" in alone.stdout
    applied = run("explain", "fund-total-equals-sources", CLEAN)
    assert "通过  " in applied.stdout
    assert "代入  " in applied.stdout
    assert len(applied.stdout) > len(alone.stdout)


def test_explain_suggests_what_was_meant(run: Run) -> None:
    result = run("explain", "fund-total-equal-sources")
    assert result.returncode == 2
    assert "fund-total-equals-sources" in result.stderr


def test_forms_says_what_a_workbook_is_and_by_what(run: Run) -> None:
    result = run("forms", CLEAN)
    assert result.returncode == 0
    assert FORM in result.stdout
    assert "识别依据" in result.stdout


def test_forms_says_what_a_check_leaves_out(run: Run, tmp_path: Path) -> None:
    import openpyxl

    workbook = openpyxl.load_workbook(CLEAN)
    sheet = workbook.create_sheet("经费明细")
    for row in (("事项", "金额"), ("甲", 5), ("乙", 6)):
        sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    told = run("forms", tmp_path / "a.xlsx").stdout
    assert FORM in told and "未能检查" in told and "经费明细" in told
    assert "未能检查" not in run("forms", CLEAN).stdout


def test_forms_lists_what_is_known(run: Run) -> None:
    result = run("forms")
    assert result.returncode == 0
    assert f"  {FORM}" in result.stdout


def test_template_is_recognised_as_its_form_and_never_overwritten(run: Run, tmp_path: Path) -> None:
    assert run("template", FORM, cwd=tmp_path).returncode == 0
    blank = tmp_path / f"{FORM}.xlsx"
    before = blank.read_bytes()
    assert FORM in run("forms", blank).stdout
    again = run("template", FORM, cwd=tmp_path)
    assert again.returncode == 2
    assert blank.read_bytes() == before


def test_template_of_an_unknown_form_names_the_known(run: Run, tmp_path: Path) -> None:
    result = run("template", "自评", cwd=tmp_path)
    assert result.returncode == 2
    assert FORM in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_rules_are_listed_for_people_and_programs(run: Run) -> None:
    entries = json.loads(run("rules", "list", "--format", "json").stdout)
    assert len({entry["id"] for entry in entries}) == len(entries) > 0
    [entry] = [entry for entry in entries if entry["name"] == "fund-total-equals-sources"]
    assert entry["catalogue"] == ["WT-28"]
    assert entry["source"]["status"] == "sourced"
    listed = run("rules", "list").stdout
    assert all(entry["id"] in listed for entry in entries)


@pytest.mark.slow
def test_the_shipped_packs_pass_their_own_lint_and_cases(run: Run) -> None:
    lint = run("rules", "lint")
    assert lint.returncode == 0, lint.stdout
    cases = run("rules", "test")
    assert cases.returncode == 0, cases.stdout


@pytest.mark.slow
def test_a_broken_pack_is_exit_3_on_a_check_and_exit_2_on_lint(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "mine"
    pack.mkdir()
    (pack / "pack.yaml").write_text("schema: checker/pack@1\npack: [\n", encoding="utf-8")
    check = run("check", CLEAN, "--rules", tmp_path)
    assert check.returncode == 3
    assert "pack.yaml:" in check.stdout
    listed = run("rules", "list", "--rules", tmp_path)
    assert listed.returncode == 2
    assert "pack.yaml:" in listed.stderr
    assert "fund-total-equals-sources" in listed.stdout
    lint = run("rules", "lint", "--rules", tmp_path)
    assert lint.returncode == 2


@pytest.mark.slow
def test_cases_that_fail_are_exit_1(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "cn-mine"
    (pack / "cases").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "schema: checker/pack@1\npack: cn-mine\ntitle: {zh: 我的, en: mine}\nedition: '2024'\nprefix: MNE\n"
        "status: inferred\nextends: [cn-project]\n",
        encoding="utf-8",
    )
    (pack / "cases" / "funds.yaml").write_text(
        f"schema: checker/cases@1\nform: {FORM}\ncases:\n"
        "  - rule: fund-total-equals-sources\n    expect: pass\n    kind: pass\n    given:\n      资金:\n"
        "        年度资金总额: {全年预算数: 100}\n        当年财政拨款: {全年预算数: 90}\n",
        encoding="utf-8",
    )
    result = run("rules", "test", "--rules", tmp_path, "--pack", "cn-mine")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "funds.yaml:" in result.stdout
