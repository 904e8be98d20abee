"""Pages as Markdown: one file a page, links between them relative."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from checker.authoring.pages.blocks import Block, Cell, Code, Fields, Grid, Inline, Link, Page, Paragraph
from checker.messages import Text, tr

__all__ = ["file_of", "render", "table_of_contents"]

#: What Markdown would take for its own.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
#: What it would take for a list or a heading, at the beginning of a line.
_OPENING = re.compile(r"^(\s*)([#+-]|[0-9]+[.)])(?=\s)")


def file_of(key: str) -> str:
    """The file of a page, from the folder of all pages."""
    pack, _, rest = key.partition("/")
    return f"{pack}/{rest or 'index'}.md"


def render(page: Page, language: str, known: Collection[str]) -> str:
    """One page. Links lead to the pages ``known``; others are plain text."""
    writer = _Writer(page.key, language, known)
    lines = [f"# {_heading(page, language)}", ""]
    if page.lead:
        lines += [" · ".join(writer.inline(item) for item in page.lead), ""]
    for section in page.sections:
        lines += [f"## {writer.say(section.title)}", ""]
        for block in section.blocks:
            lines += [*writer.block(block), ""]
    if page.key != page.pack:
        lines += [writer.inline(Link(tr("To the rule pack"), page.pack)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def table_of_contents(pages: Iterable[Page], language: str) -> str:
    """The first page: every pack with its standards and rules."""
    lines = [f"# {tr('Handbook of rules').render(language)}", ""]
    for page in pages:
        title = _heading(page, language)
        if page.key == page.pack:
            lines += ["", f"## [{title}]({file_of(page.key)})", ""]
        else:
            lines.append(f"- [{title}]({file_of(page.key)})")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


class _Writer:
    def __init__(self, key: str, language: str, known: Collection[str]) -> None:
        self._pack = key.partition("/")[0]
        self._language = language
        self._known = known

    def say(self, text: Text) -> str:
        return _escaped(" ".join(text.render(self._language).split()))

    def inline(self, item: Inline) -> str:
        if isinstance(item, Text):
            return self.say(item)
        words = self.say(item.text)
        if item.page not in self._known:
            return words
        file = file_of(item.page)
        return (
            f"[{words}]({file.removeprefix(f'{self._pack}/') if file.startswith(f'{self._pack}/') else f'../{file}'})"
        )

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(text, mark):
                line = _OPENING.sub(r"\1\\\2", self.inline(text))
                yield {"found": f"> **✘** {line}", "fine": f"> **✔** {line}", "quiet": f"*{line}*"}.get(mark, line)
            case Code(text):
                yield from ("```yaml", text, "```")
            case Fields(rows):
                for name, items in rows:
                    yield f"- **{self.say(name)}**: " + " · ".join(map(self.inline, items))
            case Grid():
                yield from self._grid(block)

    def _grid(self, grid: Grid) -> Iterator[str]:
        if grid.caption is not None:
            yield from (f"**{self.say(grid.caption)}**", "")
        columns = max([len(grid.head), *map(len, grid.rows)])
        head = [self.say(text) for text in grid.head]
        yield f"| {' | '.join([*head, *[''] * (columns - len(head))])} |"
        yield (
            "|"
            + "|".join(
                " ---: " if grid.rows and column < len(grid.rows[0]) and _right(grid, column) else " --- "
                for column in range(columns)
            )
            + "|"
        )
        for row in grid.rows:
            yield "| " + " | ".join([self._cell(cell) for cell in row] + [""] * (columns - len(row))) + " |"

    def _cell(self, cell: Cell) -> str:
        text = self.inline(cell.content)
        if cell.mark == "wrong":
            return f"**{text or '　'} ✘**"
        return f"**{text}**" if cell.mark == "label" and text else text


def _heading(page: Page, language: str) -> str:
    """Code and title, where they are not the same."""
    title = page.title.render(language)
    return _escaped(title if page.code in title else f"{page.code} {title}")


def _right(grid: Grid, column: int) -> bool:
    """Whether a column holds figures."""
    marks = {row[column].mark for row in grid.rows if column < len(row)}
    return bool(marks & {"number"}) or (grid.picture and bool(marks & {"used", "wrong"}) and "" not in marks)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
