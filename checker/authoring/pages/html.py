"""Pages as one file for a browser: it needs nothing else and fetches nothing; without script it is still all there.

Every text stands in both languages; the style shows one of them. The script only searches and switches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from checker.authoring.pages.blocks import Block, Cell, Code, Fields, Grid, Inline, Link, Page, Paragraph, plain
from checker.messages import LANGUAGES, Text, tr
from checker.reports.policy import policy
from checker.reports.words import severity_word

__all__ = ["render"]

_HERE: Final = Path(__file__).parent
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def render(pages: Sequence[Page], language: str) -> str:
    """All ``pages``, shown in ``language`` at first."""
    known = {page.key for page in pages}
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    title = tr("Handbook of rules")
    parts = [
        f'<!DOCTYPE html>\n<html lang="{_TAGS[language]}" data-language="{language}">\n<head>\n',
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy(script, style)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{escape(title.render(language))}</title>\n<style>{style}</style>\n</head>\n<body>\n",
        f'<nav><div class="top"><h1>{_both(title)}</h1>{_tools()}</div>\n{"".join(_contents(pages))}</nav>\n<main>\n',
        *(_page(page, known) for page in pages),
        f"</main>\n<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "".join(parts)


def _tools() -> str:
    words = tr("Search: words, rule id, document")
    fields = "".join(
        f'<input type="search" data-for="{language}" aria-label="{escape(words.render(language))}" '
        f'placeholder="{escape(words.render(language))}">'
        for language in LANGUAGES
    )
    own_name = tr("English")  # each language by its own name
    buttons = "".join(
        f'<button type="button" data-set="{language}" lang="{_TAGS[language]}">{own_name.render(language)}</button>'
        for language in LANGUAGES
    )
    options = "".join(
        f'<label><input type="checkbox" value="{severity}" checked> {_both(severity_word(severity))}</label>'
        for severity in ("error", "warning", "note")
    )
    count = f'<output data-words="{escape("|".join(tr("{count} found", count="#")))}"></output>'
    printing = "".join(
        f'<button type="button" data-print="{what}">{_both(text)}</button>'
        for what, text in (("one", tr("Print this page")), ("all", tr("Print all")))
    )
    return (
        f'<div class="tools">{fields}<div class="row">{options}</div>'
        f'<div class="row">{buttons}{printing}{count}</div></div>'
    )


def _contents(pages: Iterable[Page]) -> Iterator[str]:
    """The table of contents: packs, below them standards and forms with their rules."""
    for _, of_pack in groupby(pages, key=lambda page: page.pack):
        first, *rest = of_pack
        yield f'<details><summary data-page="{_id(first.key)}">{_anchor(first)}</summary>\n'
        for group, items in groupby(rest, key=lambda page: page.group):
            title = tr("Scoring standards") if group == "scoring" else plain(group)
            yield f"<h2>{_both(title)}</h2>\n<ul>\n"
            for page in items:
                yield f'<li data-page="{_id(page.key)}">{_anchor(page)}</li>\n'
            yield "</ul>\n"
        yield "</details>\n"


def _anchor(page: Page) -> str:
    dot = f'<i class="{page.severity}"></i>' if page.severity else ""
    code = "" if page.group == "scoring" or page.key == page.pack else f"<b>{escape(page.code)}</b> "
    return f'<a href="#{_id(page.key)}">{dot}{code}{_both(page.title)}</a>'


def _page(page: Page, known: Collection[str]) -> str:
    kind = "pack" if page.key == page.pack else "rule"
    badge = f'<span class="badge {page.severity}">{_both(severity_word(page.severity))}</span>' if page.severity else ""
    lead = " · ".join(_inline(item, known) for item in page.lead)
    sections = "".join(
        f"<section><h3>{_both(section.title)}</h3>{''.join(_block(one, known) for one in section.blocks)}</section>\n"
        for section in page.sections
    )
    return (
        f'<article id="{_id(page.key)}" class="{kind}" data-severity="{page.severity}">'
        f"<header><p><code>{escape(page.code)}</code> {lead} {badge}</p><h2>{_both(page.title)}</h2></header>\n"
        f"{sections}</article>\n"
    )


def _block(block: Block, known: Collection[str]) -> str:
    match block:
        case Paragraph(text, mark):
            return f'<p class="{mark}">{_inline(text, known)}</p>' if mark else f"<p>{_inline(text, known)}</p>"
        case Code(text):
            return f"<pre>{escape(text)}</pre>"
        case Fields(rows):
            return "<dl>" + "".join(_field(name, items, known) for name, items in rows) + "</dl>"
        case Grid():
            return _grid(block, known)


def _field(name: Text, items: Iterable[Inline], known: Collection[str]) -> str:
    return f"<dt>{_both(name)}</dt><dd>{' · '.join(_inline(item, known) for item in items)}</dd>"


def _grid(grid: Grid, known: Collection[str]) -> str:
    caption = f"<caption>{_both(grid.caption)}</caption>" if grid.caption is not None else ""
    head = "".join(f"<th>{_both(text)}</th>" for text in grid.head)
    rows = "".join(f"<tr>{''.join(_cell(cell, known) for cell in row)}</tr>\n" for row in grid.rows)
    start = f"<thead><tr>{head}</tr></thead>" if head else ""
    picture = ' class="picture"' if grid.picture else ""
    return f'<div class="wide"><table{picture}>{caption}{start}<tbody>{rows}</tbody></table></div>'


def _cell(cell: Cell, known: Collection[str]) -> str:
    text = _inline(cell.content, known)
    if cell.mark == "label":
        return f"<th>{text}</th>"
    mark = cell.mark or ("short" if isinstance(cell.content, Link) else "")
    return f'<td class="{mark}">{text}</td>' if mark else f"<td>{text}</td>"


def _inline(item: Inline, known: Collection[str]) -> str:
    if isinstance(item, Link):
        words = _both(item.text)
        return f'<a href="#{_id(item.page)}">{words}</a>' if item.page in known else words
    return _both(item)


def _both(text: Text) -> str:
    if text.zh == text.en:
        return escape(text.zh)
    return f'<span lang="zh-CN">{escape(text.zh)}</span><span lang="en">{escape(text.en)}</span>'


def _id(key: str) -> str:
    return key.replace("/", ".")
