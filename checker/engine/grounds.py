"""What a verdict rests on, kept beside the finding, so that it can be derived again without the workbook.

Kept are the cells that the rule read: only those in the rows of the cells that the finding names where that is enough,
else all of them. Whether it is enough is tried out: the rule runs on what is kept and must say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from checker.checks.subject import Batch, Compiled, Subject
from checker.engine.binding import rule_version
from checker.engine.kept import FormNamed, Named, form_document, restored
from checker.engine.plan import parameters_on
from checker.engine.run import by_name, run_rule
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.label import Labels
from checker.model.outcome import Outcome
from checker.model.rule import Pack, Rule
from checker.values.lexicon import Lexicon

__all__ = ["Keeper", "Surroundings", "answers", "named_cells", "same_verdict", "subject_from"]

#: What rests on more cells than this is not kept: for that the workbook itself must be looked at.
MOST_CELLS: Final = 400
#: Where more forms stand around, only those are kept that a rule reads; more still are not even watched.
MOST_FORMS: Final = 60
MOST_WATCHED: Final = 600
#: Of a workbook with more findings than this not all can be derived again.
MOST_FINDINGS: Final = 300

#: Columns whose cells say what their row is.
_TELLING: Final = frozenset({ColumnKind.LABEL, ColumnKind.CODE, ColumnKind.TEXT})

_Rows = dict[LocatedRow, dict[str, Fact]]


class _Read(NamedTuple):
    """What was read of one form, and for which columns a rule looked."""

    tables: dict[str, _Rows]
    columns: dict[str, set[str]]
    fields: dict[str, Fact]


class Surroundings(NamedTuple):
    """What a subject has beside forms, as ``Subject`` names it."""

    lexicon: Lexicon
    parameters: Mapping[str, Decimal | str]
    beside: Collection[str] = ()


class _Choice(NamedTuple):
    """How much is kept: of rows those in which the finding names a cell, with or without the totals; of them the
    columns in which it names one; forms with such rows; or else all that was read."""

    near_columns: bool
    near_rows: bool
    near_forms: bool
    totals: bool = True


_CHOICES: Final = (
    _Choice(True, True, True, totals=False),
    _Choice(False, True, True, totals=False),
    _Choice(True, True, True),
    _Choice(True, True, False),
    _Choice(False, True, False),
    _Choice(False, False, False),
)


class _WatchedTable(LocatedTable):
    """A table that notes which of its cells are read."""

    def __init__(self, table: LocatedTable, rows: _Rows, columns: set[str]) -> None:
        self.__dict__.update(table.__dict__)
        self._table, self._read_rows, self._asked = table, rows, columns

    def has(self, column: str) -> bool:
        self._asked.add(column)
        return super().has(column)

    def fact(self, row: LocatedRow, column: str) -> Fact | None:
        fact = self._table.fact(row, column)
        if fact is not None:
            self._read_rows.setdefault(row, {})[column] = fact
        return fact

    def vector(self, column: str) -> list[Decimal]:
        """No short cuts: what is read must be seen."""
        return [Decimal("NaN")] * len(self.rows)


class _WatchedFields(dict[str, Fact]):
    """Fields that note which of them are read."""

    def __init__(self, fields: Mapping[str, Fact], read: dict[str, Fact]) -> None:
        super().__init__(fields)
        self._read = read

    def __getitem__(self, name: str) -> Fact:
        fact = self._read[name] = super().__getitem__(name)
        return fact

    def get(self, name: str, default: Any = None) -> Any:
        fact = super().get(name)
        if fact is None:
            return default
        self._read[name] = fact
        return fact

    def items(self) -> Any:
        self._read.update(self)
        return super().items()

    def values(self) -> Any:
        self._read.update(self)
        return super().values()


class Keeper:
    """Keeps what the findings of one workbook under one pack rest on. A rule is watched once on each form, however many
    findings it makes."""

    def __init__(self, pack: Pack, labels: Labels) -> None:
        self._pack = pack
        self._labels = labels
        self._seen: dict[tuple[int, str], tuple[Subject, Mapping[int, _Read]]] = {}
        self._left = MOST_FINDINGS

    def grounds(self, rule: Rule, unit: str, year: str, slices: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """All that is needed, beside its cells, to derive a finding again; ``unit`` and ``year`` make its id."""
        pack = self._pack
        return {
            "pack": pack.id,
            "edition": pack.edition,
            "digest": pack.digest,
            "rule_version": rule_version(rule),
            "unit": unit,
            "year": year,
            "slices": list(slices),
        }

    def slices(
        self, subject: Subject, compiled: Compiled, outcomes: Sequence[Outcome], year: str
    ) -> Iterator[Mapping[str, Any]]:
        """The least from which ``outcomes`` of a rule on one form come again; nothing where that would be too much."""
        if self._left <= 0:
            return
        self._left -= 1
        years = (year, subject.form.year, "")
        day = next((y for y in years if parameters_on(self._pack, y) == subject.parameters), None)
        every = list(_every(subject))
        specs = {(form.form.name, form.form.pack): form.form for form, _ in every}
        streamed = any(table.added is not None for form, _ in every for table in form.tables.values())
        if day is None or streamed or len(every) > MOST_WATCHED:
            return
        named = named_cells(outcomes)
        around = Surroundings(subject.lexicon, subject.parameters, subject.beside)
        for choice in (choice for choice in _CHOICES if choice.near_forms or len(every) <= MOST_FORMS):
            forms = list(self._forms(subject, compiled, choice, named))
            if sum(map(_size, forms)) > MOST_CELLS or len(forms) > MOST_FORMS:
                continue
            again = subject_from(forms, lambda name, pack: specs[name, pack], named, around, self._labels)
            told = answers(compiled, again)
            if all(any(same_verdict(outcome, other) for other in told) for outcome in outcomes):
                yield {"year": day, "forms": forms}
                return

    def _forms(self, subject: Subject, compiled: Compiled, choice: _Choice, named: Named) -> Iterator[dict[str, Any]]:
        key = id(subject), compiled.rule.id
        if key not in self._seen:
            self._seen[key] = (
                subject,
                _watched(compiled, subject),
            )  # with the subject, so that its identity stays its own
        read = self._seen[key][1]
        for form, prior in _every(subject):
            tables, asked, fields = read[id(form)]
            if choice.near_rows:
                tables = {name: _near(form.tables[name], rows, named, choice.totals) for name, rows in tables.items()}
            if choice.near_columns:
                tables = {name: _of_columns(rows, named) for name, rows in tables.items()}
                asked = {}
            about = form is subject.form
            if choice.near_forms and not about and not any(tables.values()):
                continue
            needed = {n: rows for n, rows in tables.items() if rows or asked.get(n) or (about and n in compiled.tables)}
            kept = form_document(form, needed, asked, fields, named, subject.lexicon)
            yield kept | ({"about": True} if about else {}) | ({"prior": True} if prior else {})


def _size(form: Mapping[str, Any]) -> int:
    """How many cells of a form are kept."""
    rows = (row for table in form.get("tables", {}).values() for row in table["rows"])
    return sum(len(row["cells"]) for row in rows) + len(form.get("fields", {}))


def named_cells(outcomes: Iterable[Outcome]) -> Named:
    """The cells that outcomes name, as they do."""
    return {(o.sheet, o.cell): (o.text, o.value, o.unit) for outcome in outcomes for o in outcome.operands}


def subject_from(
    forms: Sequence[Mapping[str, Any]],
    form_named: FormNamed,
    named: Named,
    around: Surroundings,
    labels: Labels,
) -> Subject:
    """The form that was kept with ``about`` and all that was kept with it. May raise as ``restored`` does."""
    made, workbook = restored(forms, form_named, named, labels, around.lexicon)
    here = [form for form, kept in zip(made, forms, strict=True) if not kept.get("prior")]
    prior = [form for form, kept in zip(made, forms, strict=True) if kept.get("prior")]
    about = next((form for form, kept in zip(made, forms, strict=True) if kept.get("about")), None)
    if about is None:
        raise LookupError("about")
    last_year = by_name(prior) if prior else None
    return Subject(about, by_name(here), workbook, around.lexicon, around.parameters, last_year, around.beside)


def answers(compiled: Compiled, subject: Subject) -> list[Outcome]:
    """All that a rule says, passes in full."""
    told: list[Outcome] = []
    for item in run_rule(compiled, subject):
        told.extend(item) if isinstance(item, Batch) else told.append(item)
    return told


def same_verdict(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes say the same of the same place. Likely causes and remarks need the whole workbook."""
    return _verdict(one) == _verdict(other)


def _verdict(outcome: Outcome) -> Outcome:
    return outcome._replace(suppose=(), reason=None, cause=None)


def _near(table: LocatedTable, rows: _Rows, named: Named, totals: bool) -> _Rows:
    """The rows in which a cell is named, and the totals."""
    closing = set(table.totals.values()) if totals else ()
    return {
        row: facts
        for row, facts in rows.items()
        if row in closing or any(_is_named(fact, named) for fact in facts.values())
    }


def _of_columns(rows: _Rows, named: Named) -> _Rows:
    """``rows`` with the columns in which a cell is named, if any is, and those that say what a row is."""
    columns = {column for facts in rows.values() for column, fact in facts.items() if _is_named(fact, named)}
    return {
        row: {c: fact for c, fact in facts.items() if not columns or c in columns or fact.kind in _TELLING}
        for row, facts in rows.items()
    }


def _is_named(fact: Fact, named: Named) -> bool:
    return (fact.sheet, fact.address) in named


def _every(subject: Subject) -> Iterator[tuple[LocatedForm, bool]]:
    """The form and all others around it in their order, with whether they are last year's."""
    seen: set[int] = set()
    for forms, prior in ((subject.forms, False), (subject.prior or {}, True)):
        for form in (form for several in forms.values() for form in several):
            if id(form) not in seen:
                seen.add(id(form))
                yield form, prior


def _watched(compiled: Compiled, subject: Subject) -> Mapping[int, _Read]:
    """What a rule reads of each form, by its identity."""
    read: dict[int, _Read] = {}
    twins: dict[int, LocatedForm] = {}
    for form, _ in _every(subject):
        of_form = read[id(form)] = _Read({n: {} for n in form.tables}, {n: set() for n in form.tables}, {})
        twin = twins[id(form)] = type(form).__new__(type(form))
        twin.__dict__.update(form.__dict__)
        twin.fields = _WatchedFields(form.fields, of_form.fields)
        twin.tables = {
            name: _WatchedTable(table, of_form.tables[name], of_form.columns[name])
            for name, table in form.tables.items()
        }

    def all_of(forms: Mapping[str, Sequence[LocatedForm]]) -> dict[str, list[LocatedForm]]:
        return {name: [twins[id(form)] for form in several] for name, several in forms.items()}

    answers(
        compiled,
        subject._replace(
            form=twins[id(subject.form)],
            forms=all_of(subject.forms),
            prior=None if subject.prior is None else all_of(subject.prior),
        ),
    )
    return read
