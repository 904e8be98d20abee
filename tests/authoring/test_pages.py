"""Pages about rule packs: what a reader finds on them, in both languages, the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.cli.main import main

from .town import write


def made(rules: Path, folder: Path, kind: str) -> Path:
    """The folder of the pages of the example pack."""
    words = ["rules", "docs", "--rules", str(rules), "--pack", "town-meals", "--format", kind, "-o", str(folder)]
    assert main(words) == 0
    return folder


@pytest.fixture(scope="module")
def markdown(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(town, tmp_path_factory.mktemp("md"), "md")


@pytest.fixture(scope="module")
def page(town: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return (made(town, tmp_path_factory.mktemp("html"), "html") / "rules.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_markdown_is_as_it_should_be(markdown: Path, language: str, golden: Callable[[str, str], None]) -> None:
    folder = markdown / language
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.md"))
    assert files == [
        "index.md",
        "town-meals/TWN-0001.md",
        "town-meals/TWN-0002.md",
        "town-meals/index.md",
        "town-meals/scoring-1.md",
    ]
    golden(
        f"pages.{language}.md",
        "\n".join(f"<!-- {name} -->\n{(folder / name).read_text(encoding='utf-8')}" for name in files),
    )


def test_links_lead_to_files_that_are_there(markdown: Path) -> None:
    links = 0
    for file in markdown.rglob("*.md"):
        for target in re.findall(r"(?<!\\)\]\(([^)]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).is_file(), (file, target)
            links += 1
    assert links > 10


def test_the_html_is_as_it_should_be(page: str, golden: Callable[[str, str], None]) -> None:
    golden("pages.html", page[page.index("<nav>") : page.index("<script>")])


def test_the_html_fetches_nothing_and_every_link_in_it_leads_somewhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=\"(?!#)", page)
    assert "http" not in page.replace("http-equiv", "")
    names = set(re.findall(r' id="([^"]+)"', page))
    assert names >= set(re.findall(r'href="#([^"]+)"', page))


def test_words_of_a_pack_are_shown_as_words(page: str, markdown: Path) -> None:
    assert "&lt;b&gt;不&lt;/b&gt;" in page and "<b>不" not in page
    rule = (markdown / "zh" / "town-meals" / "TWN-0001.md").read_text(encoding="utf-8")
    assert r"\<b\>不\</b\>以\[明细\](x)" in rule


def test_a_rule_that_a_pack_does_without_says_so(markdown: Path) -> None:
    assert "村里没有中学" in (markdown / "zh" / "town-meals" / "TWN-0001.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_same_packs_give_the_same_bytes_wherever_they_lie(page: str, tmp_path: Path) -> None:
    other = made(write(tmp_path / "elsewhere"), tmp_path / "pages", "html") / "rules.html"
    assert other.read_text(encoding="utf-8") == page


def test_a_folder_that_cannot_be_written_is_told(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    words = ["rules", "docs", "--rules", str(town), "--pack", "town-meals", "-o", str(file / "pages")]
    assert main(words) == 2
    assert "OUTPUT_UNWRITABLE" in capsys.readouterr().err
