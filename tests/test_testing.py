"""``checker.testing``: what a pack's author tests it with, in a repository of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checker import check, load_packs
from checker.templates import draw, write_xlsx
from checker.testing import assert_clean, assert_finds

RULES = Path(__file__).parent / "distributions" / "county" / "county_rules" / "rules"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A register whose total is 1 more than its kinds."""
    form = load_packs([RULES]).packs["county"].forms["资产台账汇总表"]
    kinds = {"合计": {"账面原值": 31}, "房屋": {"账面原值": 20}, "设备": {"账面原值": 10}}
    write_xlsx({form.name: draw(form, {"资产": kinds}, year="2025")}, tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_what_is_expected_of_a_workbook(workbook: Path) -> None:
    (finding,) = check(workbook, rules=[RULES]).findings
    cell = finding.outcome.cell
    assert_finds(workbook, "assets-total", rules=[RULES])
    assert_finds(workbook, "XCA-0101", f"资产台账汇总表!{cell}", rules=[RULES])
    for rule, place in (("XCA-0102", ""), ("XCA-0101", "Z99")):
        with pytest.raises(AssertionError, match=rule):
            assert_finds(workbook, rule, place, rules=[RULES])
    with pytest.raises(AssertionError, match="XCA-0101"):
        assert_clean(workbook, rules=[RULES])


def test_a_workbook_that_was_not_checked_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(AssertionError):
        assert_clean(tmp_path / "b.xlsx")


def outcome_of(folder: Path) -> str:
    """What pytest says in the author's repository, where something fails."""
    test = 'from checker.testing import pack_tests\ntest_pack = pack_tests("rules")\n'
    (folder / "test_rules.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist", "."]
    environ = {**os.environ, "PYTHONUTF8": "1"}
    ran = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, env=environ)
    assert ran.returncode == 1, ran.stdout
    assert "Traceback" not in ran.stdout
    return ran.stdout


@pytest.mark.slow
def test_a_pack_is_tested_case_by_case(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules" / "county")
    cases = tmp_path / "rules" / "county" / "cases" / "register.yaml"
    text = cases.read_text("utf-8").replace("kind: fail, expect: fail", "kind: fail, expect: pass", 1)
    cases.write_text(text, "utf-8")
    told = outcome_of(tmp_path)
    assert "1 failed, 10 passed" in told
    assert "PASSED test_rules.py::test_pack[county-lint]" in told
    assert "FAILED test_rules.py::test_pack[county-register.yaml:5-XCA-0101-fail]" in told


@pytest.mark.slow
@pytest.mark.parametrize(("file", "fault"), [("pack.yaml", "loads"), ("cases/register.yaml", "county-cases")])
def test_what_cannot_be_read_is_a_failed_test(tmp_path: Path, file: str, fault: str) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / file).write_text("schema: [", "utf-8")
    told = outcome_of(tmp_path)
    assert f"FAILED test_rules.py::test_pack[{fault}]" in told
    assert "YAML_SYNTAX" in told


#: As where the program is installed, whether or not this tree was since its entry point came to be.
PLUGIN = ["-p", "checker.pytest_packs", "-p", "no:cacheprovider", "-p", "no:xdist"]


def run_pytest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", *PLUGIN, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, env=environ)


def test_each_case_is_an_item_without_a_line_of_python(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules" / "county")
    passed = run_pytest(tmp_path, "-q", "--checker-pack", "rules", "-rA")
    assert passed.returncode == 0, passed.stdout
    assert "11 passed" in passed.stdout and "PASSED checker-pack::county-lint" in passed.stdout
    cases = tmp_path / "rules" / "county" / "cases" / "register.yaml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("expect: pass", "expect: fail", 1), encoding="utf-8")
    failed = run_pytest(tmp_path, "-q", "--checker-pack", "rules")
    assert failed.returncode == 1 and "1 failed, 10 passed" in failed.stdout
    line = text[: text.index("expect: pass")].count("\n") + 1
    assert f"register.yaml:{line}:" in failed.stdout and "Traceback" not in failed.stdout
    chosen = run_pytest(tmp_path, "-q", "--checker-pack", "rules", "-k", "lint")
    assert "1 passed, 10 deselected" in chosen.stdout
    none = run_pytest(tmp_path, "-q", "--checker-pack", "nowhere")
    assert none.returncode == 1 and "nowhere" in none.stdout


def test_other_projects_pay_nothing_for_it(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import sys\n\ndef test_a():\n    loaded = {name for name in sys.modules if name.startswith('checker')}\n"
        "    assert loaded == {'checker', 'checker.pytest_packs'}\n",
        encoding="utf-8",
    )
    ran = run_pytest(tmp_path, "-q")
    assert ran.returncode == 0, ran.stdout
