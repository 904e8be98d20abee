"""What a page is made of, apart from any format. Every text stands in both languages."""

from typing import NamedTuple

from checker.messages import Text

__all__ = ["Block", "Cell", "Code", "Fields", "Grid", "Inline", "Link", "Page", "Paragraph", "Section", "plain"]


class Link(NamedTuple):
    """A text that leads to the page of that key; where there is no such page it is only a text."""

    text: Text
    page: str


Inline = Text | Link


class Cell(NamedTuple):
    """A cell of a grid. ``mark`` is ``label`` (printed words), ``number``, ``wrong`` (where a rule points at), ``used``
    (what it looked at besides), or empty."""

    content: Inline
    mark: str = ""


class Paragraph(NamedTuple):
    """``mark`` is ``found`` (what a rule says), ``fine`` (that it has nothing to say), ``quiet`` or empty."""

    text: Inline
    mark: str = ""


class Code(NamedTuple):
    """Text as it is written in a file."""

    text: str


class Fields(NamedTuple):
    """Names with what is to be said of each; several items of one name stand one after the other."""

    rows: tuple[tuple[Text, tuple[Inline, ...]], ...]


class Grid(NamedTuple):
    """A table. ``picture``: a piece of a form, not a list."""

    caption: Text | None
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    picture: bool = False


Block = Paragraph | Code | Fields | Grid


class Section(NamedTuple):
    title: Text
    blocks: tuple[Block, ...]


class Page(NamedTuple):
    """``key`` is ``PACK``, ``PACK/RULE`` or ``PACK/scoring-NUMBER``: what links lead to. ``code`` is what people know
    it by beside its title, ``group`` the heading it stands under among the pages of its pack, ``severity`` that of a
    rule."""

    key: str
    code: str
    title: Text
    lead: tuple[Inline, ...]
    sections: tuple[Section, ...]
    group: str = ""
    severity: str = ""

    @property
    def pack(self) -> str:
        return self.key.partition("/")[0]


def plain(text: str) -> Text:
    """A name or figure that is the same in every language."""
    return Text(text, text)
