"""Which standard is about a form, and what came of it, worked out once for all rules that ask."""

from __future__ import annotations

from typing import NamedTuple

from checker.checks.subject import Subject
from checker.model.rule import Pack
from checker.model.scheme import Scheme
from checker.scoring import score_kinds
from checker.scoring.claims import claim_rows, match, number_of
from checker.scoring.recompute import Recomputed, recompute

__all__ = ["recomputed", "schemes_about"]


class _Last(NamedTuple):
    scheme: Scheme
    subject: Subject
    result: Recomputed


_last: list[_Last] = []


def schemes_about(pack: Pack, subject: Subject, name: str = "") -> list[Scheme]:
    """The standards of ``pack`` about the form at hand, the best fitting first: those about the form itself, or else
    about a form that it is a kind of. ``name`` is the one that is wanted, if one is."""
    spec = subject.form.form
    if name:
        scheme = pack.schemes.get(name)
        return [scheme] if scheme is not None and spec.is_a(scheme.form) else []
    for form in (spec.name, *spec.kinds_of):
        found = [scheme for scheme in pack.schemes.values() if scheme.form == form]
        if found:
            return sorted(found, key=lambda scheme: -_fit(scheme, subject)) if len(found) > 1 else found
    return []


def _fit(scheme: Scheme, subject: Subject) -> int:
    """How well a standard fits the table: criteria that it has and their full marks, against those that it lacks."""
    table = subject.table(scheme.claims.table)
    if table is None:
        return 0
    rows = claim_rows(scheme, table, subject)
    found = match(scheme, rows, subject)
    printed = {(row.row.number, row.row.block): number_of(row.full) for row in rows}
    same = sum(criterion.full == printed[key] for key, criterion in found.by_row.items() if criterion.full is not None)
    return 2 * len(found.by_row) + same - 2 * len(found.absent)


def recomputed(scheme: Scheme, subject: Subject) -> Recomputed:
    """What comes of ``scheme`` on ``subject``. Several rules ask in a row, so the last answer is kept."""
    if _last and _last[0].scheme is scheme and _last[0].subject is subject:
        return _last[0].result
    result = recompute(scheme, subject, score_kinds())
    _last[:] = [_Last(scheme, subject, result)]
    return result
