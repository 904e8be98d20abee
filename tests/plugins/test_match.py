"""A plugin that knows by other signs which form a sheet is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker import Text, hookimpl
from checker.model.workbook import Sheet, Workbook
from checker.plugins.manager import PluginInfo
from checker.session import Session, run_together
from checker.templates import draw, write_xlsx

from ..packs.conftest import CHECKS, FORM, PACK

INFO = PluginInfo("matcher", "third", "1.0", "installed", ())
#: Its headings say too little for it to be known by them.
SHORT = (
    FORM.replace("预算数", "甲")
    .replace("决算数", "乙")
    .replace("（万元）", "")
    .replace("aliases: [年初甲]", "optional: true")
)
FIRST = CHECKS.replace("total: 合计}", "total: 合计, columns: [乙]}")


class Matcher:
    @hookimpl
    def checker_match_form(self, sheet: Sheet) -> str | None:
        return "收支表" if sheet.name == "A01" else None


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for path, text in (("pack.yaml", PACK), ("forms/a.yaml", SHORT), ("checks/a.yaml", FIRST)):
        file = tmp_path / "rules" / "demo" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "rules"


@pytest.fixture
def workbook(rules: Path, tmp_path: Path) -> Path:
    form = Session([rules]).loaded.packs["demo"].forms["收支表"]._replace(title=Text("导出数据", "Export"))
    rows = {"合计": {"乙": 7}, "基本支出": {"乙": 4}, "项目支出": {"乙": 2}}
    file = tmp_path / "导出.xlsx"
    write_xlsx({"A01": draw(form, {"收支": rows}, year="2025")}, file)
    return file


def checked(rules: Path, workbook: Path, plugin: object | None) -> Any:
    session = Session([rules])
    if plugin is not None:
        session.plugins.register(plugin, INFO)
    return run_together(session, [workbook], lambda assessed: assessed.report)


def test_what_a_plugin_says_counts_as_a_title(rules: Path, workbook: Path) -> None:
    assert checked(rules, workbook, None).workbooks[0].forms == (), "nothing else tells"
    report = checked(rules, workbook, Matcher()).workbooks[0]
    assert [(form.form, form.sheet) for form in report.forms] == [("收支表", "A01")]
    assert [finding.rule.id for finding in report.findings] == ["DM-0101"]


def test_a_form_that_there_is_not_or_whose_tables_are_not_there_matches_nothing(rules: Path, workbook: Path) -> None:
    class Wrong:
        @hookimpl
        def checker_match_form(self) -> str:
            return "项目支出绩效自评表"

    class Unknown:
        @hookimpl
        def checker_match_form(self) -> str:
            return "无此表"

    for plugin in (Wrong(), Unknown()):
        assert checked(rules, workbook, plugin).workbooks[0].findings == ()


def test_a_plugin_that_fails_is_told_once(rules: Path, workbook: Path) -> None:
    class Broken:
        @hookimpl
        def checker_match_form(self, workbook: Workbook, sheet: Sheet) -> str:
            raise RuntimeError("boom")

    session = Session([rules])
    session.plugins.register(Broken(), INFO)
    report = run_together(session, [workbook, workbook], lambda assessed: assessed.report)
    (failure,) = report.failures
    assert "matcher" in str(failure) and "boom" in failure.message.en
    assert report.verdict.exit == 3


def test_without_such_a_plugin_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, rules: Path, workbook: Path) -> None:
    session = Session([rules])
    monkeypatch.setattr(session.plugins, "_first", lambda *a, **k: pytest.fail("asked"))
    assert session.plugins.match_forms(session.matched(Workbook("", "", "xlsx", ()))) == {}
