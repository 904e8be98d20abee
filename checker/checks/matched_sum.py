"""``matched_sum``: row by row, what a table says is what other tables say together (their rows have the same names).

A row that one side has and the other lacks is told apart from a difference, unless it says nothing or zero. ``names``
is the column of the other tables that bears the names of our rows, where their own key is another; ``level`` takes
their rows of one class only; ``parts_of`` takes those of our rows that are parts of that row of ours; ``total`` is a
closing row of both sides; ``only`` names the rows that count, or says that it is those that we have (``ours``). Their
rows go by any name that our form has for its own. With ``row`` the columns of that row of ours stand for rows: each
goes by the code that its name begins with, or (``by: name``) by the words behind the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Final

from checker.checks.environment import NotPrinted, Scope
from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Answer, Batch, Compiled, Subject, answer, form_path, is_blank, names, plain_text
from checker.formula.obstacle import Absent, Obstacle
from checker.formula.tree import Reference, Select
from checker.locate.located import LocatedTable
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.plugin import Reference as Named
from checker.model.rule import Pack, Rule, Severity
from checker.values.numbers import CONTEXT
from checker.values.tolerance import Judgement, Verdict, judge_linear, judge_same

__all__ = ["KIND"]

_CODED: Final = re.compile(r"([0-9]+)(.*)")
_OURS: Final = "ours"
_STATUS: Final = {Verdict.EQUAL: Status.PASS, Verdict.TAIL: Status.TAIL}

#: Facts by the name of their row; several where the table prints the row more than once.
Rows = Mapping[str, Sequence[Fact]]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    table_name, row = str(check["table"]), str(check.get("row", ""))
    others = [tuple(text.split("!")) for text in names(check["with"])]
    judge = _Judge(rule, pack)

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        if table is None:
            return
        scope = Scope(subject)
        for ours, theirs in _pairs(check, table):
            try:
                mine = (
                    _columns_of(table, row, check.get("by") == "name")
                    if row
                    else _entries(scope, check, "", table_name, ours)
                )
                yours = [_entries(scope, check, form, other, theirs) for form, other in others]
            except Absent as obstacle:
                told = answer(rule, subject, Status.INSUFFICIENT, (), reason=obstacle.reason)
                yield told._replace(awaits=obstacle.awaits)
                return
            except NotPrinted as obstacle:
                path = form_path(subject, table_name, ours)
                yield answer(rule, subject, Status.NOT_APPLICABLE, (), path=path, reason=obstacle.reason)
                continue
            except Obstacle as obstacle:
                path = form_path(subject, table_name, ours)
                yield answer(rule, subject, Status.INSUFFICIENT, (), path=path, reason=obstacle.reason)
                continue
            if "level" in check and not any(yours):
                path = form_path(subject, table_name, ours)
                reason = tr("The other table has no row of the class {level}", level=check["level"])
                yield answer(rule, subject, Status.NOT_APPLICABLE, (), path=path, reason=reason)
                continue
            yield from judge.column(subject, mine, yours)

    return Compiled(rule, run, (table_name,))


def _pairs(check: Mapping[str, object], table: LocatedTable) -> list[tuple[str, str]]:
    """Our columns, each with the column of the others that it is held against."""
    columns = check.get("columns")
    if isinstance(columns, Mapping):
        return [(str(ours), str(theirs)) for ours, theirs in columns.items() if table.has(str(ours))]
    if "row" in check:
        return [(str(check["row"]), str(check["column"]))]
    amounts = [name for name, column in table.table.columns.items() if column.kind in ColumnKind.NUMERIC]
    return [(name, name) for name in names(columns) or amounts if table.has(name)]


def _entries(scope: Scope, check: Mapping[str, object], form: str, table: str, column: str) -> Rows:
    """The facts of a column by the names of their rows, closing row included. Raises ``Obstacle``."""
    level, total = str(check.get("level", "")), str(check.get("total", ""))
    select = Select.NAMED if form and level else Select.ALL

    def at(wanted: str) -> Reference:
        return Reference(0, 0, form, table, select, level if select == Select.NAMED else "", "", wanted)

    facts = scope.facts(at(column))
    called = scope.facts(at(str(check["names"]))) if form and "names" in check else ()
    rows: dict[str, list[Fact]] = {}
    own = scope.subject.form.tables[str(check["table"])]
    aliases = {label: plain_text(row.name) for row in own.table.rows.values() for label in row.labels} if form else {}
    parts = {plain_text(row.name) for row in own.parts(str(check["parts_of"]))} if "parts_of" in check else None
    for index, fact in enumerate(facts):
        name = plain_text(called[index].quantity.raw if called else fact.path[-2].partition("#")[0])
        name = aliases.get(name, name)
        if form or parts is None or name in parts:
            rows.setdefault(name, []).append(fact)
    if total:
        closing = Reference(0, 0, form, table, Select.NAMED, total, "", column)
        rows[total] = [*scope.facts(closing)]
    rows.pop("", None)
    return rows


def _columns_of(table: LocatedTable, row_name: str, by_name: bool) -> Rows:
    """The amounts of one row by the codes of their columns, or their names. Raises ``NotPrinted``."""
    row = table.row(row_name)
    if row is None:
        raise NotPrinted(tr("The sheet has no row {row}", row=row_name))
    coded = [(_CODED.fullmatch(name), name) for name in table.table.columns if table.has(name)]
    facts = ((said.group(2 if by_name else 1), table.fact(row, name)) for said, name in coded if said is not None)
    return {plain_text(name): [fact] for name, fact in facts if fact is not None}


class _Judge:
    def __init__(self, rule: Rule, pack: Pack) -> None:
        self.rule = rule
        self.operator = str(rule.check.get("operator", "="))
        self.ours_only = rule.check.get("only") == _OURS
        self.only = frozenset() if self.ours_only else frozenset(map(plain_text, names(rule.check.get("only"))))
        said = rule.check["missing"]
        spoken = said if isinstance(said, Mapping) else {"zh": str(said)}
        self.missing = Text(spoken["zh"], spoken.get("en", spoken["zh"]))
        self.rounding = pack.forms[rule.form].rounding

    def column(self, subject: Subject, mine: Rows, yours: Sequence[Rows]) -> Iterator[Answer]:
        passed: list[tuple[str, Sequence[Fact], Sequence[Fact]]] = []
        for name in dict.fromkeys([*mine, *(name for rows in yours for name in rows)]):
            if (self.only and name not in self.only) or (self.ours_only and name not in mine):
                continue
            left = mine.get(name, ())
            right = [fact for rows in yours for fact in rows.get(name, ())]
            if all(map(is_blank, (*left, *right))):
                continue
            judged = self._verdict(left, right)
            if judged is not None and judged.verdict == Verdict.EQUAL and (left and right):
                passed.append((name, left, right))
            elif not left or not right:
                yield from self._alone(subject, name, left or right, ours=bool(left))
            else:
                yield self._told(subject, name, left, right, judged)
        if passed:
            tell = lambda index: self._told(subject, *passed[index], Judgement(Verdict.EQUAL, Decimal(0)))  # noqa: E731
            yield Batch(self.rule, range(len(passed)), (), (), tell)

    def _verdict(self, left: Sequence[Fact], right: Sequence[Fact]) -> Judgement | None:
        """None where a figure cannot be read."""
        if any(fact.quantity.number is None and not is_blank(fact) for fact in (*left, *right)):
            return None
        with localcontext(CONTEXT):
            one, other = _sum(left), _sum(right)
            if (self.operator == ">=" and one >= other) or (self.operator == "<=" and one <= other):
                return Judgement(Verdict.EQUAL, one - other)
            if len(left) == len(right) == 1:
                return judge_same(one, left[0].grain, other, right[0].grain, self.rounding)
            return judge_linear(one - other, ((Decimal(1), fact.grain) for fact in (*left, *right)), self.rounding)

    def _alone(self, subject: Subject, name: str, facts: Sequence[Fact], *, ours: bool) -> Iterator[Outcome]:
        """A row that the other side does not have."""
        filled = [fact for fact in facts if fact.quantity.number or not (fact.quantity.number == 0 or is_blank(fact))]
        if not filled or self.operator == (">=" if ours else "<="):
            return
        here = Side("", "", filled[0].quantity.number, unit=filled[0].unit, decimals=filled[0].quantity.decimals)
        yield answer(
            self.rule,
            subject,
            Status.FAIL,
            filled,
            left=here,
            operator="in",
            right=Side("", "", self._where(ours)),
            message=self.missing,
            key=name,
            where=self._where(ours),
            difference=number_text(_sum(filled)),
        )

    def _where(self, ours: bool) -> str:
        tables = names(self.rule.check["with"])
        return ", ".join(text.partition("!")[0] for text in tables) if ours else self.rule.form

    def _told(
        self, subject: Subject, name: str, left: Sequence[Fact], right: Sequence[Fact], judged: Judgement | None
    ) -> Outcome:
        facts = (*left, *right)
        if judged is None:
            unread = [f for f in facts if f.quantity.number is None and not is_blank(f)]
            return answer(
                self.rule, subject, Status.INSUFFICIENT, unread, reason=tr("A figure that it rests on cannot be read")
            )
        decimals = max(fact.quantity.decimals for fact in facts)
        unit = left[0].unit
        told = answer(
            self.rule,
            subject,
            _STATUS.get(judged.verdict, Status.FAIL),
            facts,
            left=Side("", "", _sum(left), unit=unit, decimals=decimals),
            operator=self.operator,
            right=Side("", _places(right), _sum(right), unit=unit, decimals=decimals),
            severity=Severity.NOTE if judged.verdict in (Verdict.NOTE, Verdict.LARGE_TAIL) else "",
            cause=tr("two tables rounded separately") if judged.verdict == Verdict.NOTE else None,
            key=name,
            where=self._where(ours=True),
            difference=number_text(abs(judged.difference), unit, decimals),
            at_least=number_text(judged.at_least, unit, decimals),
        )
        return told._replace(difference=judged.difference, at_least=judged.at_least, tolerance=judged.tolerance)


def _places(facts: Iterable[Fact]) -> str:
    return " + ".join(f"{fact.sheet}!{fact.address}" for fact in facts)


def _sum(facts: Iterable[Fact]) -> Decimal:
    return sum((fact.quantity.number for fact in facts if fact.quantity.number is not None), Decimal(0))


def _references(check: Mapping[str, object]) -> Iterator[Named]:
    columns = check.get("columns")
    if isinstance(columns, Mapping):
        yield from references({**check, "columns": [*columns]})
    else:
        yield from references({key: value for key, value in check.items() if key != "column"})
    theirs = [*columns.values()] if isinstance(columns, Mapping) else names(columns)
    theirs += names(check.get("names")) + names(check.get("column"))
    for index, text in enumerate(names(check["with"])):
        form, _, table = text.partition("!")
        yield Named(("with", index), form=form, table=table)
        for column in theirs:
            yield Named(("with", index), form=form, table=table, column=str(column))


KIND = CheckKind(
    "matched_sum",
    schema(
        "table",
        "with",
        "missing",
        table=NAME,
        columns={"oneOf": [NAMES, {"type": "object", "minProperties": 1}]},
        row=NAME,
        column=NAME,
        names=NAME,
        level=NAME,
        parts_of=NAME,
        total=NAME,
        operator={"enum": ["=", "<=", ">="]},
        only={"oneOf": [{"const": _OURS}, NAMES]},
        by={"const": "name"},
        missing={"$ref": "common.schema.json#/$defs/text"},
        **{"with": {**NAMES, "items": {"type": "string", "pattern": "^[^!]+![^!]+$"}}},
    ),
    _compile,
    _references,
    tr("Row by row, a table says what other tables say together"),
    ("key", "where"),
)
