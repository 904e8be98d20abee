"""What a rule is applied to, and how its answers are put together."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.checks.show import side_text
from checker.formula.obstacle import Absent
from checker.locate.abroad import AbroadForm, cell_text, distinct
from checker.locate.located import LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.outcome import PRIOR, Operand, Outcome, Side, Status
from checker.model.rule import Rule
from checker.model.workbook import Workbook
from checker.values.lexicon import Lexicon
from checker.values.quantity import Kind

__all__ = [
    "Answer",
    "Batch",
    "Compiled",
    "Subject",
    "answer",
    "batch",
    "fill_message",
    "operand",
]


class Subject(NamedTuple):
    """One form where it was found, with what else a rule may look at.

    ``forms`` are all forms of the submission by name; ``prior`` those of last year's workbooks, by name, or None where
    none was given. Forms of other workbooks are ``AbroadForm``. ``beside`` are the names of forms that stand in
    workbooks of other packs. ``parameters`` are the pack's values on the date that the form is about. ``unread`` are
    sheets with figures of which nobody knows what they are.
    """

    form: LocatedForm
    forms: Mapping[str, Sequence[LocatedForm]]
    workbook: Workbook
    lexicon: Lexicon
    parameters: Mapping[str, Decimal | str]
    prior: Mapping[str, Sequence[LocatedForm]] | None = None
    beside: Collection[str] = ()
    known_as: str = ""
    unread: Sequence[str] = ()

    def table(self, name: str) -> LocatedTable | None:
        return self.form.tables.get(name)

    def counterparts(self, name: str) -> list[LocatedForm]:
        """The forms called ``name`` that go with this one, each copy once: for a form that is about no project all.

        A form about a project goes with those about the same project. Those that name none are taken if no other does
        and they stand in the same workbook or come from another pack: in the workbook of another project they are
        about that one. Forms that are only a kind of ``name`` stand in where there is none of that very name.
        """
        called = self.forms.get(name, ())
        forms = [form for form in called if form.form.name == name] or called
        if not self._about_projects:
            return distinct(forms)
        own = plain_text(self.form.role("project"))
        same = [form for form in forms if plain_text(form.role("project")) == own and (own or self._near(form))]
        return distinct(same or [f for f in forms if not (own and f.role("project")) and self._near(f)])

    def last_year(self) -> list[LocatedForm]:
        """This form in last year's workbooks, whichever edition of it; about the same project if about one.

        Raises ``Absent`` if no workbook with it was given.
        """
        spec = self.form.form
        editions = [
            form
            for name in (spec.name, *spec.kinds_of)
            for form in (self.prior or {}).get(name, ())
            if form.form.is_a(spec.name) or spec.is_a(form.form.name) or form.form.pack != spec.pack
        ]
        forms = list({id(form): form for form in editions}.values())
        if not forms:
            raise Absent(self.no_last_year(), f"{PRIOR}{spec.name}")
        own = plain_text(self.form.role("project"))
        same = [form for form in forms if plain_text(form.role("project")) == own]
        return distinct(same or [form for form in forms if not (own and form.role("project"))])

    def no_last_year(self) -> Text:
        """Why there is nothing to hold this form against."""
        if self.prior is None:
            return tr("Last year's workbook was not given")
        return tr("Last year's workbook has no form {form}", form=self.form.form.name)

    @property
    def _about_projects(self) -> bool:
        return any(field.role == "project" for field in self.form.form.fields.values())

    def _near(self, form: LocatedForm) -> bool:
        return not isinstance(form, AbroadForm) or form.form.pack != self.form.form.pack


class Batch:
    """Answers of one rule that nobody has to read (passes over many rows, say), told in full only when asked."""

    __slots__ = ("_tell", "indexes", "left", "right", "rule", "status")

    def __init__(
        self,
        rule: Rule,
        indexes: Sequence[int],
        left: Sequence[Decimal],
        right: Sequence[Decimal],
        tell: "Callable[[int], Answer]",
        status: str = Status.PASS,
    ) -> None:
        self.rule = rule
        self.status = status
        self.indexes = indexes
        self.left = left
        self.right = right
        self._tell = tell

    def __len__(self) -> int:
        return len(self.indexes)

    def __iter__(self) -> Iterator[Outcome]:
        for told in map(self._tell, self.indexes):
            if isinstance(told, Batch):
                yield from told
            else:
                yield told


Answer = Outcome | Batch


def batch(rule: Rule, facts: Sequence[Fact], tell: Callable[[Fact], Outcome], status: str = Status.PASS) -> Batch:
    """One answer about each of ``facts``, as ``tell`` gives it when asked."""
    return Batch(rule, range(len(facts)), (), (), lambda index: tell(facts[index]), status)


class Compiled(NamedTuple):
    """A rule ready to run. ``tables`` are the tables without which it has nothing to say.

    ``per_row`` is true if its answers for a row depend on that row alone: such a rule runs on a table of any length,
    piece by piece.
    """

    rule: Rule
    run: Callable[[Subject], Iterable[Answer]]
    tables: tuple[str, ...] = ()
    per_row: bool = False


def operand(fact: Fact) -> Operand:
    """A fact as it is shown in a finding."""
    return Operand(
        sheet=fact.sheet,
        cell=fact.address,
        label=label_text(fact.path),
        text=fact.quantity.raw,
        value=fact.quantity.number,
        unit=fact.unit,
    )


def label_text(path: Sequence[str]) -> str:
    """A label path as readers see it: without the form, and without the number of a row that is the only one."""
    return " / ".join(part for part in path[1:] if part != "#1")


def shown(fact: Fact) -> str:
    """What the cell says, for a message; blank cells say so."""
    return fact.quantity.raw.strip()


def is_blank(fact: Fact) -> bool:
    return fact.quantity.kind in (Kind.BLANK, Kind.NIL)


def plain_text(text: str) -> str:
    """``text`` as it counts when two are compared: without white space, and in one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def form_path(subject: Subject, *below: str) -> tuple[str, ...]:
    """The label path of the form itself, told apart from its namesakes in the workbook."""
    form = subject.form
    return (form.form.name, *((form.qualifier,) if form.qualifier else ()), *below)


class _Kept(dict[str, object]):
    """Leaves a place that nobody fills as it is; ``checker rules lint`` reports such a place beforehand."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def fill_message(template: Text, parameters: Mapping[str, object]) -> Text:
    """``template`` with its ``{places}`` filled, language by language."""
    values = {k: v if isinstance(v, Text) else Text(str(v), str(v)) for k, v in parameters.items()}
    return Text(
        template.zh.format_map(_Kept({k: v.zh for k, v in values.items()})),
        template.en.format_map(_Kept({k: v.en for k, v in values.items()})),
    )


def answer(
    rule: Rule,
    subject: Subject,
    status: str,
    facts: Sequence[Fact],
    *,
    path: Sequence[str] | None = None,
    left: Side | None = None,
    operator: str = "=",
    right: Side | None = None,
    message: Text | None = None,
    reason: Text | None = None,
    cause: Text | None = None,
    severity: str = "",
    suppose: Sequence[tuple[Fact, Decimal]] = (),
    awaits: str = "",
    **parameters: object,
) -> Outcome:
    """An outcome about ``facts``; the first is where a reader should look.

    ``{count}`` and ``{cells}`` of a message are left for whoever folds outcomes into one finding, unless given here.
    """
    first = facts[0] if facts else None
    operands = tuple(map(operand, facts))
    cell = operands[0].cell if operands else ""
    told = None
    if status == Status.FAIL:
        template = message or rule.message or rule.title
        told = fill_message(
            template,
            {
                "cell": cell_text(first) if first else "",
                "label": operands[0].label if operands else "",
                "value": shown(first) if first else "",
                "left": side_text(left),
                "right": side_text(right),
                **parameters,
            },
        )
    return Outcome(
        rule=rule.id,
        status=status,
        severity=severity or rule.severity,
        sheet=first.sheet if first else subject.form.sheet,
        cell=cell,
        path=tuple(path) if path is not None else (first.path if first else form_path(subject)),
        form=subject.form.form.name,
        left=left,
        operator=operator,
        right=right,
        operands=operands,
        message=told,
        reason=reason,
        cause=cause,
        suppose=tuple((fact.sheet, fact.row, fact.column, number) for fact, number in suppose),
        awaits=awaits,
    )


def selected_rows(table: LocatedTable, selection: object) -> list[LocatedRow]:
    """The rows that ``rows:`` of a check means: all data rows, or every row with the totals, or the named ones that the
    sheet prints."""
    if selection in (None, "all"):
        return list(table.rows)
    if selection == "every":
        return [*table.rows, *table.totals.values()]
    names = [selection] if isinstance(selection, str) else list(selection) if isinstance(selection, list) else []
    found = (table.row(str(name)) for name in names)
    return [row for row in found if row is not None]


def names(value: object) -> list[str]:
    """A list of names from a YAML value that is a list, one name, or nothing."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def absent_row(rule: Rule, subject: Subject, table: LocatedTable, name: str) -> Outcome:
    """The answer where the sheet does not print a row, or prints it twice: nothing amiss only if the form may
    lack it."""
    twice = len(table.named.get(name, ())) > 1
    spec = table.table.rows.get(name) or table.table.totals.get(name)
    status = Status.NOT_APPLICABLE if not twice and spec is not None and spec.optional else Status.INSUFFICIENT
    reason = tr("Row {row} stands more than once", row=name) if twice else tr("The sheet has no row {row}", row=name)
    return answer(rule, subject, status, (), path=form_path(subject, table.name, name), reason=reason)


def absent_rows(rule: Rule, subject: Subject, table: LocatedTable, selection: object) -> Iterator[Outcome]:
    """The answers for those rows that ``rows:`` of a check names and ``selected_rows`` does not find."""
    if selection not in (None, "all", "every"):
        for name in names(selection):
            if table.row(name) is None:
                yield absent_row(rule, subject, table, name)


def nothing_here(rule: Rule, subject: Subject, tables: Sequence[str]) -> Outcome | None:
    """The answer where a table that the rule needs was not found: not applicable if the form may lack it."""
    for name in tables:
        if name not in subject.form.tables:
            status = Status.NOT_APPLICABLE if subject.form.may_lack(name) else Status.INSUFFICIENT
            return answer(rule, subject, status, (), reason=tr("Table {table} was not found", table=name))
    return None
