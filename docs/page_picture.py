"""Make the picture of the page of an audit anew: the samples are audited, and the page is opened in a headless browser.

    python docs/page_picture.py

Needs the extras ``audit`` and ``test``, Chromium with its driver, and Noto CJK fonts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "audit.png"
SAMPLES = sorted(ROOT.glob("workbooks/gd-department-*/published"))
WIDTH, HEIGHT = 1440, 900


def main() -> None:
    from selenium import webdriver

    with tempfile.TemporaryDirectory() as name:
        command = [
            str(Path(sys.executable).with_name("checker")),
            "audit",
            *map(str, SAMPLES),
            "--out",
            name,
            "--format",
            "html",
        ]
        subprocess.run(command, cwd=ROOT, check=False)  # it ends with the verdict
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("headless", "no-sandbox", "disable-gpu", "hide-scrollbars", f"user-data-dir={name}/browser"):
            options.add_argument(f"--{flag}")
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(f"{(Path(name) / 'report.html').as_uri()}#view=findings&open=f0")
        driver.implicitly_wait(30)
        driver.find_element("css selector", "#panel .proof")
        driver.save_screenshot(str(PICTURE))
        driver.quit()


if __name__ == "__main__":
    main()
