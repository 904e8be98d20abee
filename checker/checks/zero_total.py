"""``zero_total``: a total that is 0 over parts that are not.

It supposes the total to be the sum of its parts, so that the engine can say what else follows from the slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, absent_row, answer, is_blank, names, selected_rows
from checker.checks.sums import filled_parts
from checker.messages import listed, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.tolerance import Verdict, judge_linear

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, total_name = str(rule.check["table"]), str(rule.check["total"])
    columns, part_names = names(rule.check["columns"]), names(rule.check.get("parts"))
    rounding = pack.forms[rule.form].rounding

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        total = table.row(total_name)
        if total is None:
            yield absent_row(rule, subject, table, total_name)
            return
        known = selected_rows(table, part_names) if part_names else table.parts(total_name)
        unknown = [] if part_names else table.extra_rows()
        left_out: list[_Column] = []
        for column in columns:
            fact = table.fact(total, column)
            if fact is None:
                continue
            here = _Column(
                fact, table.facts(column, list(filled_parts(table, known, column))), table.facts(column, unknown)
            )
            if unread := [f for f in (fact, *here.parts) if f.quantity.number is None and not is_blank(f)]:
                reason = tr("A figure that it rests on cannot be read")
                yield answer(rule, subject, Status.INSUFFICIENT, (fact, *unread), reason=reason)
            elif is_blank(fact):
                yield answer(rule, subject, Status.NOT_APPLICABLE, (fact,), reason=tr("The total is blank"))
            elif fact.quantity.number == 0 and here.beyond_rounding(rounding):
                left_out.append(here)
            else:
                yield answer(rule, subject, Status.PASS, (fact,), left=_side(fact))
        if left_out:
            yield _told(rule, subject, left_out, total.label)

    return Compiled(rule, run, (table_name,))


def _told(rule: Rule, subject: Subject, left_out: Sequence[_Column], label: str) -> Outcome:
    """One answer for all columns: the slip is one."""
    first = left_out[0]
    return answer(
        rule,
        subject,
        Status.FAIL,
        [*(here.total for here in left_out), *(f for here in left_out for f in here.added if f.quantity.number)],
        path=first.total.path[:-1],
        left=_side(first.total),
        right=Side("", "", first.amount, unit=first.total.unit),
        suppose=[(here.total, here.amount) for here in left_out if here.certain],
        total=label,
        sums=listed(number_text(here.amount, here.total.unit) for here in left_out),
    )


class _Column(NamedTuple):
    """A total with its parts in one column; ``others`` are rows that the form does not know."""

    total: Fact
    parts: list[Fact]
    others: list[Fact]

    @property
    def certain(self) -> bool:
        """Whether no row leaves open what the total should be."""
        return not any(fact.quantity.number for fact in self.others)

    @property
    def added(self) -> list[Fact]:
        """The parts; rows that the form does not know only where no known part is filled."""
        return self.parts if any(fact.quantity.number for fact in self.parts) else [*self.parts, *self.others]

    @property
    def amount(self) -> Decimal:
        return sum((f.quantity.number for f in self.added if f.quantity.number is not None), Decimal(0))

    def beyond_rounding(self, rounding: str) -> bool:
        terms = [(Decimal(1), fact.grain) for fact in (self.total, *self.added)]
        return judge_linear(self.amount, terms, rounding).verdict == Verdict.BEYOND


def _side(fact: Fact) -> Side:
    return Side("", "", fact.quantity.number, unit=fact.unit)


KIND = CheckKind(
    "zero_total",
    schema("table", "total", "columns", table=NAME, total=NAME, columns=NAMES, parts=NAMES),
    _compile,
    references,
    tr("A total is 0 while its parts are not"),
    ("sums", "total"),
)
