"""Every relative link in the documents leads somewhere, and to a heading that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
_FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\]\((?!https?:|mailto:)(?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.finditer(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        target = page.parent / link["file"] if link["file"] else page
        assert target.exists(), f"{page.name}: {link[0]}"
        if link["heading"]:
            assert link["heading"] in _headings(target), f"{page.name}: {link[0]}"


def _headings(page: Path) -> set[str]:
    """The anchors that a reader of Markdown makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_is_listed() -> None:
    for suffix in ("md", "zh-CN.md"):
        listed = (ROOT / "docs" / f"README.{suffix}").read_text(encoding="utf-8")
        for page in (ROOT / "docs").glob("*.md"):
            name = page.name.removesuffix(".md").removesuffix(".zh-CN")
            assert name == "README" or f"({name}." in listed, f"docs/README.{suffix} does not list {page.name}"
