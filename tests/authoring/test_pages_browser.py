"""The handbook of rules as a rule author reads it: in a browser, on one page, from the packs that ship."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main

from ..browser import browser

__all__ = ["browser"]

pytestmark = pytest.mark.slow

ITEMS = "nav li:not([hidden]) a"
SHOWN = "article:not([hidden])"


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handbook")
    assert main(["rules", "docs", "--pack", "cn-project", "--format", "html", "-o", str(folder)]) == 0
    return folder / "rules.html"


def test_a_rule_is_found_by_a_word_and_read_in_either_language(browser: Any, handbook: Path) -> None:
    page = browser.open(handbook)
    page.errors(), page.requests()
    everything = page.count(ITEMS)
    assert everything > 140 and page.count(SHOWN) == 1
    page.click('input[data-for="zh"]').keys("cnp-5001")
    page.wait(lambda: page.count(ITEMS) < everything)
    assert "CNP-5001" in page.texts(ITEMS)[0]
    page.keys("\ue007")
    page.wait(lambda: page.address() == "#cn-project.CNP-5001")
    assert page.count(SHOWN) == 1
    chinese = page.text(SHOWN)
    assert "分配合计等于各单位金额之和" in chinese and "The total equals" not in chinese
    page.click('button[data-set="en"]')
    assert "The total equals the sum of what was handed down" in page.text(SHOWN)
    assert "分配合计等于各单位金额之和" not in page.text(f"{SHOWN} h1, {SHOWN} h2")
    assert page.errors() == []
    assert [url for url in page.requests() if not url.startswith(("file:", "data:"))] == []


def test_severities_and_addresses_narrow_what_is_shown(browser: Any, handbook: Path) -> None:
    page = browser.open(handbook, "cn-project.CNP-5003")
    assert "CNP-5003" in page.text(SHOWN)
    everything = page.count(ITEMS)
    for severity in ("warning", "note"):
        page.click(f'input[value="{severity}"]')
    errors = page.count(ITEMS)
    assert 0 < errors < everything
    assert str(errors) in page.text("output")
    assert page.count("nav li:not([hidden]) i.error") == errors
