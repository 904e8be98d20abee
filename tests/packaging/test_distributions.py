"""Two distributions of third parties (``tests/distributions``), built, installed beside the program and used: one of
rules alone, one with a kind of check, a way to give marks, a function, a report format and a command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Home, build

pytestmark = pytest.mark.slow
DISTRIBUTIONS = Path(__file__).parents[1] / "distributions"

#: A workbook of each pack: its total is 1 too much; its mean is right, one budget is no whole hundred, the claim is 5
#: where the standard gives 10.
DRAW = """
import checker
from checker.templates import draw, write_xlsx
packs = checker.load_packs().packs
register = {"资产": {"合计": {"账面原值": 31}, "房屋": {"账面原值": 20}, "设备": {"账面原值": 10}}}
costs = {"人均": {"预算数": 125}, "第一期": {"预算数": 100, "决算数": 95}, "第二期": {"预算数": 150}}
claims = [{"考核方面": "产出", "考核事项": "支出率", "满分": 10, "自打分": 5}]
for pack, form, given in (
    ("county", "资产台账汇总表", register),
    ("extras", "培训经费自评表", {"经费": costs, "指标": claims}),
):
    write_xlsx({form: draw(packs[pack].forms[form], given, year="2025")}, f"{pack}.xlsx")
untitled = packs["extras"].forms["培训经费自评表"]._replace(title=checker.Text("导出数据", "Export"))
write_xlsx({"TR-2025": draw(untitled, {"经费": costs, "指标": claims}, year="2025")}, "exported.xlsx")
"""
BROKEN = "raise RuntimeError('boom')\n"


@pytest.fixture
def installed(wheel: Path, home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory) -> Home:
    wheels = [build(DISTRIBUTIONS / name, tmp_path_factory.mktemp(name), "--wheel") for name in ("county", "extras")]
    return home(wheel, *wheels)


def test_what_third_parties_ship_is_found_named_and_used(installed: Home) -> None:
    def checker(*words: str, **environ: str) -> tuple[int, str]:
        ran = installed.run("-m", "checker.cli.main", *words, **environ)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    code, told = checker("plugins", "--lang", "en")
    assert code == 0, told
    assert "county_rules 2025.1 [installed]" in told and "checker_extras 1.0 [installed]" in told

    for pack, count in (("county", 8), ("extras", 12)):
        assert checker("rules", "lint", "--pack", pack)[0] == 0
        assert checker("rules", "test", "--pack", pack, "--lang", "en") == (0, f"Cases {count}, failed 0.\n")
    listed = json.loads(checker("rules", "list", "--format", "json")[1])
    assert {"XCA-0101", "XTR-0101"} <= {rule["id"] for rule in listed}

    drawn = installed.run("-c", DRAW)
    assert drawn.returncode == 0, drawn.stderr
    for _ in range(2):  # packs as compiled, and from the cache
        code, told = checker("check", "county.xlsx", "extras.xlsx", "--format", "markdown", "--lang", "en")
        assert code == 1, told
        assert told.startswith("# 2 × checker\n")
        found = [line.split("**")[1] for line in told.splitlines() if "**" in line]
        assert sorted(found) == ["XCA-0101", "XTR-0102", "XTR-0103"]
    assert checker("tally", "county.xlsx") == (1, "1 county.xlsx\n")
    code, told = checker("score", "extras.xlsx", "--format", "json")
    assert json.loads(told)["workbooks"][0]["scores"][0]["total"]["low"] == "10.00", told

    assert "a plugin knows the sheet" in checker("forms", "exported.xlsx", "--lang", "en")[1]
    assert "XTR-0102" in checker("check", "exported.xlsx")[1]

    # Without the plugin its workbook is not checked, and that is said.
    assert checker("check", "extras.xlsx", CHECKER_DISABLE_PLUGINS="checker-extras")[0] == 3
    assert checker("check", "county.xlsx", CHECKER_DISABLE_PLUGINS="checker-extras")[0] == 1

    # A plugin that cannot be loaded is named, and costs the others nothing.
    (installed.site / "third.py").write_text(BROKEN)
    info = installed.site / "third_party-0.1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[checker]\nthird = third\n")
    code, told = checker("check", "county.xlsx", "--lang", "en")
    assert code == 3
    assert "third (third_party 0.1)" in told and "boom" in told and "XCA-0101" in told
