"""The words by which headings, totals and fields are recognised: ``rules/proposals.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from checker.locate.grid import bare
from checker.model.form import ColumnKind
from checker.model.label import Labels
from checker.values.lexicon import Lexicon

__all__ = ["FIGURES", "Words", "read_words"]

#: Kinds of column that tell a heading from other labels.
FIGURES: Final = ColumnKind.NUMERIC | {ColumnKind.TARGET, ColumnKind.ACTUAL}


class Words:
    """The words, and how labels and cells are read. ``labels`` normalises, ``lexicon`` knows units and nil marks."""

    def __init__(self, data: Mapping[str, Any], labels: Labels, lexicon: Lexicon) -> None:
        self.data = data
        self.labels = labels
        self.lexicon = lexicon

    @cached_property
    def _endings(self) -> list[tuple[str, str]]:
        pairs = [(self.labels.normalise(word), kind) for kind, words in self.data["columns"].items() for word in words]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def kind_of(self, label: str) -> tuple[str, str]:
        """What a column with this heading holds, and the ending that says so; both empty where nothing does."""
        said = bare(label) or label
        for ending, kind in self._endings:
            if said.endswith(ending):
                return kind, ending
        return "", ""

    def is_total(self, label: str) -> bool:
        """Whether a row or a column of this name is what others add up to."""
        return any(label.endswith(word) for word in self.data["totals"])

    def is_grand_total(self, label: str) -> bool:
        return any(label.endswith(word) for word in self.data["grand"])

    def is_signed(self, label: str) -> bool:
        """Whether a column of this name may go below zero."""
        return any(label.endswith(word) for word in self.data["signed"])

    def is_note(self, text: str) -> bool:
        """Whether a line says that what follows is no part of a table."""
        said = text.strip()
        return any(said.startswith((f"{word}:", f"{word}：")) for word in self.data["ends"])

    def is_nothing(self, text: str) -> bool:
        """A nil mark, or the number of a column or line: no label."""
        return self.lexicon.is_nil(text.strip(), True) or not text.strip().strip("0123456789.%")

    def field(self, label: str) -> tuple[str, Mapping[str, Any]]:
        """The known field that a label names, and what is known of it."""
        for name, known in self.data["fields"].items():
            if label in known["words"]:
                return name, known
        return "", {}

    def levels_of(self, label: str) -> dict[str, int]:
        """The lengths of the codes in a column of this heading, level by level; none where it holds no such codes."""
        return next((dict(known["lengths"]) for known in self.data["levels"] if label in known["words"]), {})

    def same_as(self, label: str) -> Sequence[str]:
        """What else a column of codes of this heading is called."""
        return next((known["words"] for known in self.data["levels"] if label in known["words"]), ())

    def any_of(self, label: str, words: Sequence[str]) -> bool:
        return any(label.startswith(word) or label.endswith(word) for word in words)


def read_words(labels: Labels, lexicon: Lexicon) -> Words:
    """The words that ship with the program. Raises ``PackError`` where the file is wrong."""
    from pathlib import Path

    from checker.packs.resources import data_root
    from checker.packs.strict_yaml import load_yaml

    path = Path(data_root("rules"), "proposals.yaml")
    return Words(load_yaml(path.read_bytes(), str(path)).data, labels, lexicon)
