"""The files of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from checker.authoring.pages import html, markdown
from checker.authoring.pages.blocks import Page
from checker.messages import LANGUAGES

__all__ = ["html_file", "markdown_files"]


def markdown_files(pages: Sequence[Page]) -> Iterator[tuple[PurePosixPath, str]]:
    """Every page in both languages, each language in a folder of its own, with a first page."""
    known = {page.key for page in pages}
    for language in LANGUAGES:
        yield PurePosixPath(language, "index.md"), markdown.table_of_contents(pages, language)
        for page in pages:
            yield PurePosixPath(language, markdown.file_of(page.key)), markdown.render(page, language, known)


def html_file(pages: Sequence[Page], language: str) -> tuple[PurePosixPath, str]:
    """All pages in one file."""
    return PurePosixPath("rules.html"), html.render(pages, language)
