"""Which answers about workbooks differ between two editions of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from checker.authoring.difference import rule_pairs
from checker.authoring.editions import Edition, Pair, paired
from checker.errors import CheckerError
from checker.messages import Text
from checker.model.outcome import Outcome, Status

__all__ = ["Unread", "Verdict", "verdicts"]

#: Of a rule that stands on one side only, answers that nobody needs to be told of.
_SILENT: Final = frozenset({Status.PASS, Status.TAIL, Status.NOT_APPLICABLE})


class Verdict(NamedTuple):
    """What became of one rule in one place. ``before`` and ``after`` are a status, for a failure with its severity
    (``fail/warning``), or empty where the edition has no such rule or place."""

    path: str
    rule: str
    title: Text
    sheet: str
    cell: str
    label: str
    before: str
    after: str


class Unread(NamedTuple):
    """A workbook about which neither edition, or only one, can say anything."""

    path: str
    before: CheckerError | None
    after: CheckerError | None


class _Answer(NamedTuple):
    verdict: str
    outcome: Outcome


_Key = tuple[str, str, str, tuple[str, ...]]


def verdicts(
    files: Iterable[str], before: Edition, after: Edition, told: Callable[[str], None]
) -> Iterator[Verdict | Unread]:
    """What differs in each of ``files``, in their order; ``told(path)`` before each."""
    pairs = paired(before, after)[0]
    for path in files:
        told(path)
        yield from _of(path, before, after, pairs)


def _of(path: str, before: Edition, after: Edition, pairs: Sequence[Pair]) -> Iterator[Verdict | Unread]:
    """One workbook by the packs that it belongs to; by a pair of different packs whatever it belongs to."""
    errors: list[CheckerError | None] = []
    answers: list[dict[_Key, _Answer]] = []
    alone = len(pairs) == 1
    names = {new.id: old.id for pair in pairs for old, new in rule_pairs(pair) if old is not None and new is not None}
    titles = {rule.id: rule.title for pair in pairs for pack in pair for rule in pack.rules}
    for side, edition in enumerate((before, after)):
        compared = {pair[side].id for pair in pairs}
        assessed = edition.session.assess(path, pack=next(iter(compared)) if alone else None, every_outcome=True)
        report = assessed.report
        errors.append(report.error)
        known = report.error is None and compared & {report.pack, *report.further_packs}
        answers.append(_answers(report.outcomes, names if side else {}) if known else {})
    if any(error is not None for error in errors):
        yield Unread(path, *errors)
    old, new = answers
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        one = now or was
        assert one is not None
        if (was and was.verdict) == (now and now.verdict) or (
            (was is None or now is None) and one.outcome.status in _SILENT
        ):
            continue
        rule = one.outcome.rule
        yield Verdict(
            path,
            rule,
            titles.get(rule, Text(rule, rule)),
            one.outcome.sheet,
            one.outcome.cell,
            " / ".join(one.outcome.path),
            was.verdict if was else "",
            now.verdict if now else "",
        )


def _answers(outcomes: Iterable[Outcome], names: dict[str, str]) -> dict[_Key, _Answer]:
    """By rule (as the edition before calls it) and place."""
    found: dict[_Key, _Answer] = {}
    for outcome in outcomes:
        verdict = f"{outcome.status}/{outcome.severity}" if outcome.status == Status.FAIL else outcome.status
        key = (names.get(outcome.rule, outcome.rule), outcome.sheet, outcome.cell, outcome.path)
        other = found.get(key)
        if other is None or Status.ORDER.index(outcome.status) > Status.ORDER.index(other.outcome.status):
            found[key] = _Answer(verdict, outcome)
    return found
