"""Explanations that were written in a workbook, bound to its findings as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from checker.engine.assess import Assessed
from checker.engine.binding import bound_to
from checker.engine.waive import every, refusal
from checker.engine.wording import Wording
from checker.messages import Text, tr
from checker.model.explanation import Bound, Explanation
from checker.model.report import Finding

__all__ = ["Accepted", "accept"]


class Accepted(NamedTuple):
    """One explanation with its finding (None: there is none any more), and why it was refused (None: it was not)."""

    said: Explanation
    finding: Finding | None
    refused: Text | None


def accept(
    assessed: Assessed,
    written: Iterable[Explanation],
    kept: Sequence[Explanation],
    wording: Wording,
    *,
    by: str,
    today: str,
) -> list[Accepted]:
    """``written`` bound to the findings of a workbook, by whom and on which day; what was ``kept`` unchanged since an
    earlier time stays as it was."""
    real = {id(outcome) for _, outcome in assessed.results.told} if assessed.results else set()
    left: dict[str, list[tuple[Finding, Bound]]] = {}
    for finding in every(assessed.report.findings):
        if id(finding.outcome) in real:
            left.setdefault(finding.id, []).append((finding, bound_to(finding)))
    # Those that still fit their finding to the letter come first: two findings may have one id.
    done: dict[int, Accepted] = {}
    numbered = list(enumerate(written))
    for exactly in (True, False):
        for number, said in numbered:
            fits = [pair for pair in left.get(said.finding, ()) if not exactly or pair[1] == said.bound]
            if number not in done and fits:
                left[said.finding].remove(fits[0])
                done[number] = _accepted(said, *fits[0], kept, wording, by, today)
    gone = tr("there is no such finding any more")
    return [done.get(number) or Accepted(said, None, gone) for number, said in numbered]


def _accepted(
    said: Explanation, finding: Finding, now: Bound, kept: Sequence[Explanation], wording: Wording, by: str, today: str
) -> Accepted:
    said = said._replace(bound=now, rule=finding.rule.id, reason=said.reason or wording.reason_in(said.text))
    for before in kept:
        if before._replace(by="", on="", reason="") == said._replace(by="", on="", reason="") and by in ("", before.by):
            return Accepted(before, finding, refusal(before, finding, now, wording))
    return Accepted(said._replace(by=by, on=today), finding, refusal(said, finding, now, wording))
