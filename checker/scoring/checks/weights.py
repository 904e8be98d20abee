"""``weights``: full marks as the standard has them, and as the levels of the table add up.

``criteria``: the full marks printed for an indicator are the standard's. ``levels``: the marks that a label states in
brackets, or that a sub-total prints, are what lies below it. ``total``: all of them are the full total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from checker.checks.show import number_text
from checker.checks.subject import Answer, Compiled, Subject
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Status
from checker.model.rule import Pack, Rule
from checker.scoring.checks.standard import compiled, equation, not_judged
from checker.scoring.claims import number_of, stated_marks
from checker.scoring.levels import groups
from checker.scoring.recompute import Entry, Recomputed
from checker.values.numbers import ZERO

__all__ = ["compile_rule"]


def compile_rule(rule: Rule, pack: Pack) -> Compiled:
    aspect = rule.check.get("aspect")
    aspects = [_ASPECTS[str(aspect)]] if aspect is not None else list(_ASPECTS.values())

    def judge(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
        for one in aspects:
            yield from one(rule, subject, result)

    return compiled(rule, pack, judge)


def _criteria(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    for entry in result.entries:
        if entry.standard is None:
            continue
        facts = _full_facts(entry)
        if entry.printed is None:
            reason = tr("No full marks are printed for {name}", name=entry.name)
            yield not_judged(rule, subject, Status.INSUFFICIENT, reason, *facts)
        else:
            yield equation(rule, subject, entry.printed, entry.standard, facts, name=entry.name)


def _levels(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    for group in groups(result):
        added = _added(group.entries)
        if group.stated is not None and added is not None:
            facts = (group.cell, *(fact for entry in group.entries for fact in _full_facts(entry)))
            yield equation(rule, subject, group.stated, added, facts, _sum(group.entries), name=group.path[-1])
    for row in result.rows:
        printed, stated = number_of(row.full), stated_marks(row.name, subject)
        if not row.subtotal and printed is not None and stated is not None:
            yield equation(rule, subject, stated, printed, (row.cells[-1], row.full), name=row.name)
        if row.subtotal and printed is not None:
            below = tuple(
                entry
                for entry in result.entries
                if entry.row is not None and entry.row is not row and entry.row.labels[: len(row.labels)] == row.labels
            )
            added = _added(below)
            if below and added is not None:
                yield equation(rule, subject, printed, added, (row.full,), _sum(below), name=row.name)


def _total(rule: Rule, subject: Subject, result: Recomputed) -> Iterator[Answer]:
    added = _added(result.entries)
    facts = tuple(fact for entry in result.entries for fact in _full_facts(entry))
    if result.total is None or added is None or not facts:
        reason = tr("The full marks of some indicators are not printed")
        yield not_judged(rule, subject, Status.INSUFFICIENT, reason, *facts)
    else:
        yield equation(rule, subject, added, result.total, facts, _sum(result.entries), name=result.scheme.title)


def _full_facts(entry: Entry) -> tuple[Fact, ...]:
    row = entry.row
    if row is None:
        return ()
    return (row.full,) if row.full is not None and number_of(row.full) is not None else (row.cells[-1],)


def _added(entries: tuple[Entry, ...]) -> Decimal | None:
    """The full marks printed, added up; None if some are not printed."""
    total = ZERO
    for entry in entries:
        if entry.row is None and entry.printed is None:
            continue
        if entry.printed is None:
            return None
        total += entry.printed
    return total


def _sum(entries: tuple[Entry, ...]) -> str:
    return " + ".join(number_text(entry.printed) for entry in entries if entry.printed is not None)


_ASPECTS: Final[Mapping[str, Callable[[Rule, Subject, Recomputed], Iterator[Answer]]]] = {
    "criteria": _criteria,
    "levels": _levels,
    "total": _total,
}
