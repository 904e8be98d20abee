"""A real browser, headless. A room whose pages are looked at in it imports the fixture ``browser``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Page", "browser"]

#: A browser that starts anew, asks nobody and fetches nothing of its own.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--window-size=1440,900", "--force-device-scale-factor=1",
)  # fmt: skip


class Page:
    """One page in the browser: what is asked of it is asked as a reader would, by looking, clicking and typing."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, file: Path, address: str = "") -> Page:
        self.driver.get("about:blank")
        self.driver.get(f"{file.as_uri()}#{address}")
        there = "document.readyState === 'complete' && location.href.startsWith(arguments[0])"
        ready = f"return {there} && !document.querySelector('[aria-busy]')"
        return self.wait(lambda: self.script(ready, file.as_uri()))

    def wait(self, condition: Callable[[], Any], seconds: float = 20) -> Page:
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.driver, seconds, poll_frequency=0.03).until(lambda _: condition())
        return self

    def script(self, text: str, *arguments: Any) -> Any:
        return self.driver.execute_script(text, *arguments)

    def text(self, selector: str) -> str:
        """What is shown, not what is in the document."""
        return str(self.script("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        return list(
            self.script("return [...document.querySelectorAll(arguments[0])].map(one => one.innerText)", selector)
        )

    def count(self, selector: str) -> int:
        return int(self.script("return document.querySelectorAll(arguments[0]).length", selector))

    def click(self, selector: str) -> Page:
        self.driver.find_element("css selector", selector).click()
        return self

    def keys(self, *keys: str) -> Page:
        self.driver.switch_to.active_element.send_keys(*keys)
        return self

    def panel(self) -> str:
        """The panel, when it has come."""
        self.wait(lambda: self.script("const p = document.querySelector('#panel'); return !p.hidden && p.children[1]"))
        return self.text("#panel")

    def address(self) -> str:
        return str(self.script("return decodeURIComponent(location.hash)"))

    def errors(self) -> list[str]:
        """What the browser complained of since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses it asked for since it was last asked."""
        told = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [one["params"]["request"]["url"] for one in told if one["method"] == "Network.requestWillBeSent"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (extra test)")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no chromium with chromedriver is installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    try:
        yield Page(driver)
    finally:
        driver.quit()
