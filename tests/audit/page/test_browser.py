"""The page as its readers have it: in a browser, with a mouse or without one, on paper."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ENTER, ESCAPE, DOWN, RIGHT, TAB = "\ue007", "\ue00c", "\ue015", "\ue014", "\ue004"
MESSAGES = ".row .message"


def tiles(page: Any) -> dict[str, str]:
    return dict(reversed(text.split("\n")) for text in page.texts(".tile"))


def test_the_head_counts_the_whole_run(browser: Any, file: Path) -> None:
    page = browser.open(file)
    assert tiles(page) == {
        "单位": "3",
        "工作簿": "5",
        "已审核": "4",
        "部分审核": "0",
        "未读取": "1",
        "错误": "2",
        "警告": "1",
        "提示": "1",
        "已说明或豁免": "1",
        "新增": "1",
        "仍在": "1",
        "已解决": "1",
        "未复核": "0",
    }
    record = page.text(".record")
    assert all(word in record for word in ("20250301T080000-0001", "2025-03-01 08:03:00", "feed", "beef", "20250201T"))
    assert "未核验" in page.text(".packs") and "依据未对照" not in page.text(".packs")
    assert page.errors() == []


@pytest.mark.slow
def test_filters_narrow_the_list_and_stand_in_the_address(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=findings")
    assert len(page.texts(MESSAGES)) == 5
    page.click("#chip-error")
    assert len(page.texts(MESSAGES)) == 2
    page.click("#chip-error")
    assert len(page.texts(MESSAGES)) == 5
    for name, value, left in (
        ("status", "waived", 1),
        ("year", "2023", 1),
        ("change", "new", 1),
        ("change", "solved", 1),
    ):
        page.click(f"#choose-{name} option[value='{value}']")
        assert len(page.texts(MESSAGES)) == left, name
        assert f"{name}={value}" in page.address()
        page.click("#clear")
        assert name not in page.address()
    for box, typed, left in (("rule", "XA-0002", 2), ("unit", "乙", 2)):
        page.click(f"#type-{box}").keys(typed)
        page.wait(lambda: len(page.texts(MESSAGES)) == left)  # noqa: B023
        page.click("#clear")
    page.click("#tick-only")
    assert page.texts(MESSAGES) == []
    assert "1 个未写明单位的文件" in page.text("#answer")


def test_an_address_brings_back_what_was_seen(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=findings&sev=ew&unit=乙&open=f5")
    assert len(page.texts(MESSAGES)) == 2
    assert "相差700.00" in page.panel()
    before = page.script("return location.href")
    page.script("history.back()")
    page.wait(lambda: page.script("return location.href") != before)  # going back takes a moment
    page.open(file, "view=findings&sort=amount")
    assert [message[-6:] for message in page.texts(MESSAGES)][:3] == ["相差6.00", "相差5.00", "相差2.00"]


@pytest.mark.parametrize(
    ("sought", "found"),
    [("800.00", 1), ("甲局 相差5", 1), ("乙/资金", 2), ("xa-0004", 1), ("onerror", 1), ("丙局", 0), ("没有这个", 0)],
)
def test_search_goes_over_unit_file_rule_and_message(browser: Any, file: Path, sought: str, found: int) -> None:
    page = browser.open(file, "view=findings")
    page.keys("/").keys(sought)
    page.wait(lambda: f"q={sought}" in page.address().replace("+", " ").replace("%2F", "/"))
    assert len(page.texts(MESSAGES)) == found


def test_a_finding_shows_its_whole_proof(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=findings&unit=甲&sort=report")
    page.click(".row")
    shown = page.panel()
    for words in (
        "E7 合计填102.00，应为100.00，相差2.00",
        "102.00 万元",
        "100.00 万元",
        "≠",
        "[@合计]",
        "[@甲] + [@乙]",
        "60.00 + 40.00",
        "2.00 万元",
        "1.99 万元",
        "0.01 万元",
        "资金.xlsx",
        "资金表!E8",
        "４０",
        "40.00 万元",
        "很可能多写了一位",
        "按分项重新合计。",
        "财预〔2020〕10号、第七条",
        "未核验",
        "XA-0001",
        "WT-01",
        "000000000002",
        "新增",
    ):
        assert words in shown, words
    assert page.script("return document.querySelectorAll('td.typed')[1].textContent") == " 60 "
    assert "XA-0003" not in shown
    page.click(".consequence > summary")
    page.wait(lambda: page.count(".consequence .proof") == 1)
    page.click(".consequence .consequence > summary")
    page.wait(lambda: page.count(".consequence .consequence .proof") == 1)
    assert "XA-0004" in page.text(".consequence .consequence .told")
    assert page.errors() == []


def test_what_was_said_about_a_finding_stands_with_it(browser: Any, file: Path) -> None:
    shown = browser.open(file, "view=findings&status=waived").click(".row").panel()
    assert all(words in shown for words in ("口径不同，已报批", "张三", "财函〔2024〕1号", "2025-12-31", "已采纳"))


def test_a_citation_is_copied(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=findings&open=f0")
    page.panel()
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", allowed)
    page.click(".copy").wait(lambda: page.text(".copy") == "已复制")
    copied = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == (
        "甲局2024年度《资金.xlsx》资金表!E7（资金 / 合计）：E7 合计填102.00，应为100.00，相差2.00。"
        "依据：财预〔2020〕10号、第七条。规则 XA-0001，意见编号 000000000002，运行编号 20250301T080000-0001。"
    )


def test_the_matrix_tells_what_was_checked_and_opens_its_cells(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=matrix&columns=all&rows=name")
    cells = {
        label: kind.split()[1]
        for label, kind in page.script(
            "return [...document.querySelectorAll('.line .cell')]"
            ".map(one => [one.getAttribute('aria-label'), one.className])"
        )
    }
    assert cells["甲局 XA-0001 错误 2"] == "error"
    assert cells["甲局 XA-0002 提示 1"] == "note"
    assert cells["丙局 XA-0001 已审核，无意见"] == "code-p"
    assert cells["丙局 XA-0005 资料不足"] == "code-i"
    assert cells.get("丁/坏.xlsx XA-0001 未读取，未审核") == "at"
    assert "未读取" in page.text(".line.unread")
    assert [label for label in cells if label.startswith("丁")] == ["丁/坏.xlsx XA-0001 未读取，未审核"]
    page.click("[aria-label='甲局 XA-0004 错误 1']")
    assert "由以下问题引起" in page.panel()
    page.click("[aria-label='丙局 XA-0005 资料不足']").wait(lambda: "丙局" in page.panel())
    assert "资料不足" in page.panel() and "没有提供上年工作簿" in page.panel()
    page.click(".head[data-rule]").wait(lambda: "个单位" in page.panel())
    page.click(".line .unit[data-unit='0']").wait(lambda: "SHA-256" in page.panel())
    assert page.count("#panel .book") == 2
    assert page.texts("#panel .book .reasons") == ["没有提供上年工作簿 XA-0005"]
    assert "98" in page.panel() and "90–92" in page.panel()


def test_everything_can_be_done_from_the_keyboard(browser: Any, file: Path) -> None:
    page = browser.open(file)
    page.script("document.getElementById('view-findings').focus()")
    page.keys(ENTER).wait(lambda: page.count(".row") == 5)
    for _ in range(30):
        page.keys(TAB)
        if page.script("return document.activeElement.getAttribute('role')") == "listbox":
            break
    page.keys(DOWN, DOWN)
    page.wait(lambda: page.count(".row[aria-selected=true]") == 1 and "open=f" in page.address())
    active = page.script("return document.activeElement.getAttribute('aria-activedescendant')")
    assert page.script("return document.getElementById(arguments[0]).getAttribute('aria-posinset')", active) == "2"
    page.keys(ENTER).wait(lambda: page.script("return document.activeElement.id") == "panel")
    page.keys(ESCAPE)
    assert page.script("return document.activeElement.getAttribute('role')") == "listbox"
    assert page.script("return document.getElementById('panel').hidden")

    page.open(file, "view=matrix&rows=name").script("document.querySelector('.matrix').focus()")
    page.keys(DOWN, DOWN, RIGHT)
    label = page.script("return document.querySelector('.cell.at').getAttribute('aria-label')")
    page.keys(ENTER)
    assert label.split()[0] in page.panel() and label.split()[1] in page.panel()
    page.keys(ESCAPE)
    assert page.script("return document.activeElement.getAttribute('role')") == "grid"


def test_hostile_text_is_text(browser: Any, file: Path, documents: ModuleType) -> None:
    page = browser.open(file, "view=findings&q=onerror")
    page.click(".row")
    assert page.panel().count(documents.HOSTILE) >= 4
    assert documents.HOSTILE in page.text(".row .message")
    assert page.script("return document.title") == "审核结果"
    assert page.count("img") == 0
    assert page.errors() == []


def test_nothing_is_asked_of_the_network(browser: Any, file: Path) -> None:
    browser.requests()
    page = browser.open(file)
    for view in ("matrix", "findings", "gaps", "overview"):
        page.click(f"#view-{view}")
    page.open(file, "view=findings&open=f0").panel()
    assert {url.partition(":")[0] for url in page.requests()} <= {"file", "about", "data"}
    asked = page.driver.execute_async_script(
        "const done = arguments[0];"
        "document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));"
        "fetch('http://127.0.0.1:9/').catch(() => 0)"
    )
    assert asked == "connect-src"
    page.errors()


def test_what_was_not_checked_has_its_view(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=gaps")
    shown = page.text("main")
    assert all(words in shown for words in ("文件损坏。请重存。 [FILE_BROKEN]", "丁/坏.xlsx", "XA-0005", "4"))
    assert "没有提供上年工作簿 ×2" in shown
    page.click(".rows .row")
    assert "未读取" in page.panel()


def test_charts_have_their_figures_as_tables(browser: Any, file: Path) -> None:
    page = browser.open(file)
    assert "2 份自评得分可以比较，其中 1 份" in page.text(".chart_scores .sentence")
    assert "4 份工作簿，其中 2 份恰为100%，1 份超过100%" in page.text(".chart_rates .sentence")
    for flip in page.driver.find_elements("css selector", ".flip"):
        flip.click()
    assert "甲局\t整体评分\t100\t98\t90–92\t6" in page.text(".chart_scores table")
    assert "95–100\t1\n100\t2\n>100\t1" in page.text(".chart_rates table")
    assert "甲局\t1\t0\t1" in page.text(".chart_units table")
    assert page.count(".chart_rules tbody tr") == 4


def test_the_language_can_be_changed_and_is_passed_on(browser: Any, file: Path) -> None:
    page = browser.open(file, "view=findings&open=f0")
    page.click("#language").wait(lambda: "most likely a digit too many" in page.panel())
    assert page.script("return document.documentElement.lang") == "en"
    assert "lang=en" in page.address()
    assert "E7 is 102.00, not 100.00" in page.texts(MESSAGES)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_paper_has_the_summary_and_the_findings_of_the_filter(browser: Any, file: Path, tmp_path: Path) -> None:
    page = browser.open(file, "view=matrix&unit=甲&open=f0")
    page.panel()
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    (tmp_path / "page.pdf").write_bytes(b64decode(printed["data"]))
    told = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, check=True)
    text = "".join(told.stdout.decode("utf-8").split())
    assert all(
        words in text for words in ("20250301T080000-0001", "相差6.00", "相差2.00", "单位甲", "参与核算的单元格")
    )
    assert "相差700.00" not in text
    page.wait(lambda: page.script("return document.getElementById('print').hidden"))


@pytest.mark.slow
def test_a_store_is_shown_as_it_is(browser: Any, store_folder: Path, tmp_path: Path) -> None:
    from checker.audit.page import write
    from checker.audit.store.reading import open_store

    with open_store(store_folder) as store:
        write(store, tmp_path / "report.html")
        counted = store.connection.execute(
            "SELECT count(*), sum(errors), sum(warnings), sum(notes), count_if(status = 'unread') FROM workbooks"
        ).fetchone()
        (checked,) = store.connection.execute("SELECT count(DISTINCT rule) FROM outcomes").fetchone() or (0,)
    page = browser.open(tmp_path / "report.html")
    shown = tiles(page)
    assert counted is not None
    assert [int(shown[name]) for name in ("工作簿", "错误", "警告", "提示", "未读取")] == list(counted)
    page.open(tmp_path / "report.html", "view=matrix&columns=all")
    assert f"{checked} 条规则" in page.text(".corner")
    assert page.errors() == []


@pytest.mark.slow
def test_twenty_thousand_units_are_no_burden(
    browser: Any, synthetic_store: Callable[..., Path], tmp_path: Path
) -> None:
    from checker.audit.page import write
    from checker.audit.store.reading import open_store

    with open_store(synthetic_store(tmp_path, 20_000)) as store:
        write(store, tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 20_000_000
    page = browser.open(tmp_path / "report.html", "view=matrix&rows=name")
    assert page.text(".corner").startswith("18,462 个单位、1,538 个未写明单位的文件")
    assert page.count("*") < 4000
    page.script("document.querySelector('.matrix').scrollTop = 1e9")
    page.wait(lambda: page.count(".line[aria-rowindex='20001']") == 1)
    assert page.count("*") < 4000
    page.click("#view-findings").wait(lambda: page.count(".row") > 5)
    assert page.count(".row") < 60
    page.script("document.querySelector('.rows').scrollTop = 1e9")
    total = page.script("return document.querySelector('.row').getAttribute('aria-setsize')")
    assert int(total) > 20_000
    page.wait(lambda: page.count(f".row[aria-posinset='{total}']") == 1)
    page.keys("/").keys("（19994）").wait(lambda: page.text("#answer").startswith("1 个单位"))
    page.click(".row")
    assert "（19994）" in page.panel()
    assert page.errors() == []
