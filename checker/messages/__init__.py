"""What users read, in Chinese first and English beside it.

English source texts stand in the code and are the keys of a gettext catalogue; the Chinese
lives in ``zh_CN/LC_MESSAGES/checker.po``. Machine output carries both languages, so a text is
always a pair and the face that shows it chooses.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["LANGUAGES", "Text", "listed", "tr"]

LANGUAGES = ("zh", "en")


class Text(NamedTuple):
    """One message in both languages."""

    zh: str
    en: str

    def render(self, language: str) -> str:
        """The text in ``language`` (``zh`` or ``en``)."""
        return self.en if language == "en" else self.zh

    def fill(self, **parameters: object) -> Text:
        """Put ``parameters`` into the ``{name}`` places of both languages; a ``Text`` parameter is put in
        language by language."""
        return Text(
            self.zh.format_map({k: _in(v, "zh") for k, v in parameters.items()}),
            self.en.format_map({k: _in(v, "en") for k, v in parameters.items()}),
        )


def tr(source: str, **parameters: object) -> Text:
    """The message whose English text is ``source``, in both languages, with ``parameters`` filled in."""
    text = _text(source)
    return text.fill(**parameters) if parameters else text


@cache
def _text(source: str) -> Text:
    return Text(_chinese().gettext(source), source)


def listed(names: Iterable[str], more: bool = False) -> Text:
    """Names one behind the other, as each language parts them; with ``more``, not all of them."""
    items, end = [*names], " …" if more else ""
    return Text("、".join(items) + end, ", ".join(items) + end)


def _in(value: object, language: str) -> object:
    return value.render(language) if isinstance(value, Text) else value


@cache
def _chinese() -> gettext.NullTranslations:
    catalogue = Path(__file__).parent / "zh_CN" / "LC_MESSAGES" / "checker.mo"
    with catalogue.open("rb") as file:
        return gettext.GNUTranslations(file)
