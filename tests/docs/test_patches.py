"""The patch that ``docs/patches.md`` shows can be applied to the packs that ship."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import load_packs

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["patches.md", "patches.zh-CN.md"])
def test_the_patch_shown_does_what_it_says(page: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "patches").mkdir()
    (tmp_path / "patches" / "2026-01.yaml").write_text(example, encoding="utf-8")
    loaded = load_packs([tmp_path])
    assert loaded.failures == ()
    pack = loaded.packs["cn-project"]
    rules = {rule.id: rule for rule in pack.rules}
    assert "CNP-0108" in pack.retired and "CNP-0108" not in rules
    assert rules["CNP-0101"].severity == "warning"
    remedy = rules["CNP-0102"].remedy
    assert remedy is not None and remedy.en == "Compare with the approval and correct it."
