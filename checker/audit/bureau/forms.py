"""The forms of all packs as the papers about many units need them: found by the words that people call them, their
columns by kind, the rows that are totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from checker.checks.subject import plain_text
from checker.model.form import ColumnKind, Form
from checker.model.label import Labels
from checker.model.rule import Pack
from checker.session import Session
from checker.values.lexicon import Lexicon

__all__ = ["FormColumn", "Forms"]


class FormColumn(NamedTuple):
    """One column of a table of a form (or a field: no table). ``total`` is the row that the others add up to."""

    form: str
    table: str
    column: str
    kind: str
    total: str = ""


class Forms:
    """Every form that some pack knows. Where packs have a form of one name, the first pack's counts."""

    def __init__(self, packs: Iterable[Pack], labels: Labels, lexicon: Lexicon) -> None:
        self._labels = labels
        self.packs = tuple(packs)
        self.lexicon = lexicon
        self.by_name: dict[str, Form] = {}
        for pack in self.packs:
            for form in pack.forms.values():
                self.by_name.setdefault(form.name, form)

    @classmethod
    def of(cls, session: Session) -> Forms:
        """The forms of all packs that ``session`` has loaded."""
        return cls(session.loaded.packs.values(), session.labels, session.lexicon)

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, ...]]:
        """What forms are called, and the forms that are called so."""
        words: dict[str, tuple[str, ...]] = {}
        for form in self.by_name.values():
            names = {plain_text(form.name), self._labels.normalise(form.name), *form.titles, *form.sheets}
            for word in names:
                words[word] = (*words.get(word, ()), form.name)
        return words

    def called(self, words: str) -> str:
        """The form that goes by these words, or nothing: a name comes before a title, and a title that several forms
        share says nothing."""
        if words.strip() in self.by_name:
            return words.strip()
        for word in (plain_text(words), self._labels.normalise(words)):
            found = self._words.get(word, ())
            if len(found) == 1:
                return found[0]
        return ""

    @property
    def names(self) -> list[str]:
        """The names of the forms that units file."""
        return [form.name for form in self.by_name.values() if not form.abstract]

    def is_a(self, name: str, wanted: str) -> bool:
        """Whether the form ``name`` is the form ``wanted`` or a kind of it."""
        form = self.by_name.get(name)
        return name == wanted if form is None else form.is_a(wanted)

    def several(self, name: str) -> bool:
        """Whether a unit files this form several times: one for each project."""
        form = self.by_name.get(name)
        return form is not None and any(field.role == "project" for field in form.fields.values())

    def rounding(self, name: str) -> str:
        """How figures of different files of this form are rounded; figures moved to make a table balance are within a
        unit of the truth, as those cut off are."""
        form = self.by_name.get(name)
        return "half_up" if form is None or form.rounding == "half_up" else "truncate"

    def columns(self) -> Iterator[FormColumn]:
        """All columns and fields that hold numbers."""
        for form in self.by_name.values():
            for field in form.fields.values():
                if field.kind in ColumnKind.NUMERIC:
                    yield FormColumn(form.name, "", field.name, field.kind)
            for table in form.tables.values():
                total = next((row.name for row in (*table.rows.values(), *table.totals.values()) if row.total), "")
                total = total or next(iter(table.totals), "")
                for column in table.columns.values():
                    if column.kind in ColumnKind.NUMERIC:
                        yield FormColumn(form.name, table.name, column.name, column.kind, total)
